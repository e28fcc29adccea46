"""Counts in the runs of a switching campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import stats

from analysis import switching
from analysis.junctions.held_current import reversal_coherence, switching_in_time
from runs import RunSpec
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.mtj_switching.checks import drive_of
from solitons.campaigns.junctions.mtj_switching.one_moment import pillar_in, pillar_of, start_state
from solitons.campaigns.junctions.mtj_switching.results import PulseResult
from solitons.campaigns.junctions.mtj_switching.roles import JunctionRole, OtherJunction, PulseCheck
from solitons.campaigns.junctions.mtj_switching.settings import SwitchingFitSettings

__all__ = ["Counted", "Observed", "observe"]

Floats = npt.NDArray[np.float64]

_SHOWN = 12
"""Members whose way a figure draws."""

_FEWEST_TRIALS = 8
"""Members that must be left for an interval to be used: the last ones add little and cost digits."""


@dataclass(frozen=True, eq=False)
class Counted:
    """A run under one current (A/m2).

    `counts` are from `analysis.junctions.held_current.switching_in_time`; `traces` the mean magnetisation of a few
    members along the easy axis, over member and t (s). Members begin in a state that is 1 along the easy axis of the
    macrospin and -1 against it (`start`), and the same beside the fixed layer (`state`).
    """

    spec: RunSpec
    current: float
    counts: xr.Dataset
    held_out: bool
    traces: xr.DataArray
    start: int
    state: int

    @property
    def widths(self) -> Floats:
        """In s."""
        return np.asarray(self.counts["width"].values)

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """Intervals at whose begin enough members are still in the first state."""
        return np.asarray(self.counts["began"].values >= _FEWEST_TRIALS)

    def switches(
        self, probabilities: npt.ArrayLike, shortest: float = 0.0, longest: float = np.inf
    ) -> tuple[int, float]:
        """Switches that were counted between two widths, and those that are expected of the members that were there.

        `probabilities` (widths,) are to have switched by each width.
        """
        stays = 1 - np.concatenate([[0.0], probabilities])
        hazard = 1 - stays[1:] / np.maximum(stays[:-1], 1e-300)
        seen = self.usable & (self.widths > shortest * (1 - 1e-9)) & (self.widths < longest * (1 + 1e-9))
        return int(self.counts["left"].values[seen].sum()), float((self.counts["began"].values * hazard)[seen].sum())


@dataclass(frozen=True, eq=False)
class Observed:
    """All that was counted.

    Runs are in the order of the size of the current; `coherence`, from
    `analysis.junctions.held_current.reversal_coherence`, covers all. `others` are junctions with another anisotropy,
    by how many standard deviations; no fit sees them.
    """

    runs: tuple[Counted, ...]
    pulse: PulseResult | None
    coherence: xr.Dataset
    others: tuple[tuple[float, Counted], ...] = ()


def observe(
    runs: ComputedRuns[JunctionRole], stages: Stages, settings: SwitchingFitSettings, held_out: Sequence[str]
) -> Observed:
    """Count in all runs of one pillar."""
    moment = pillar_of(runs.labelled[0].spec)
    axis = moment.axis
    towards = 1 if float(moment.polariser_direction @ axis) > 0 else -1
    counted, pulsed, opened, others = [], None, [], []
    for run in stages.over("Count", runs.labelled):
        if isinstance(run.role, PulseCheck):
            pulsed = runs.open(run), run.role
            continue
        ensemble = runs.open(run)[["mx", "my", "mz"]].load()
        drive = drive_of(run.spec)
        widths = settings.interval * np.arange(1, round(drive.duration / settings.interval) + 1)
        few = ensemble.isel(member=slice(0, _SHOWN))
        start = start_state(moment, pillar_in(run.spec).start_direction)
        found = Counted(
            run.spec,
            drive.current,
            switching_in_time(ensemble, axis=axis.tolist(), onset=drive.onset, widths=widths),
            run.spec.run_id in held_out,
            sum(part * few[name] for part, name in zip(axis, ("mx", "my", "mz"), strict=True)),
            start,
            start * towards,
        )
        if isinstance(run.role, OtherJunction):
            others.append((run.role.deviation, found))
        else:
            opened.append(ensemble)
            counted.append(found)
    counted.sort(key=lambda each: abs(each.current))
    pulse = None if pulsed is None else _pulse(*pulsed, axis, counted)
    return Observed(tuple(counted), pulse, reversal_coherence(opened, axis=axis.tolist()), tuple(others))


def _pulse(ensemble: xr.Dataset, check: PulseCheck, axis: Floats, counted: Sequence[Counted]) -> PulseResult:
    """Probability after a pulse with edges and a rest, beside the count under its current at its width."""
    found = switching(ensemble, axis=axis.tolist(), terminal="junction").isel(drive=0)
    held = next(each for each in counted if each.current == check.current)
    index = int(np.abs(held.widths - check.width).argmin())
    pairs = [
        (int(found["switched"]), int(found["members"])),
        (int(held.counts["switched"][index]), int(held.counts.attrs["members"])),
    ]
    table = [[switched, members - switched] for switched, members in pairs]
    return PulseResult(
        current=check.current,
        width=check.width,
        switched=pairs[0][0],
        members=pairs[0][1],
        undecided=int(found["undecided"]),
        low=float(found["low"]),
        high=float(found["high"]),
        under_current=pairs[1][0] / pairs[1][1],
        chance=float(stats.fisher_exact(table).pvalue),
    )
