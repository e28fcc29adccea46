"""What is counted in the runs of a switching campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import switching
from analysis.junctions.held_current import reversal_coherence, switching_in_time
from runs import RunSpec
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.mtj_switching.checks import drive_of
from solitons.campaigns.junctions.mtj_switching.one_moment import pillar_in, pillar_of, start_state
from solitons.campaigns.junctions.mtj_switching.roles import OtherJunction, PulseCheck
from solitons.campaigns.junctions.mtj_switching.settings import SwitchingFitSettings

__all__ = ["Counted", "CountedPulse", "Observed", "observe"]

Floats = npt.NDArray[np.float64]

_SHOWN = 12
"""Members whose way a figure draws."""

_FEWEST_TRIALS = 8
"""Members that must be left for an interval to be used: who is left over at the end tells little and costs digits."""


@dataclass(frozen=True, eq=False)
class Counted:
    """A run under one current (A/m2).

    `counts` are from `analysis.junctions.held_current.switching_in_time`; `traces` the mean magnetisation of a few
    members along the easy axis, over member and t (s). Members begin in the state `start`, 1 along the easy axis of
    the macrospin, -1 against it; the fit does not see what is `held_out`.
    """

    spec: RunSpec
    current: float
    counts: xr.Dataset
    held_out: bool
    traces: xr.DataArray
    start: int

    @property
    def widths(self) -> Floats:
        """In s."""
        return np.asarray(self.counts["width"].values)

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """Intervals at whose begin enough members are still in the first state."""
        return np.asarray(self.counts["began"].values >= _FEWEST_TRIALS)


@dataclass(frozen=True, eq=False)
class CountedPulse:
    """A run of a pulse (A/m2, width in s) with edges and a rest.

    Counts are after the rest; `low` and `high` are the interval of the probability.
    """

    current: float
    width: float
    switched: int
    members: int
    undecided: int
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Observed:
    """All that was counted.

    Runs are in the order of the size of the current; `coherence`, from
    `analysis.junctions.held_current.reversal_coherence`, covers all. `others` are junctions with another anisotropy,
    by how many standard deviations; no fit sees them.
    """

    runs: tuple[Counted, ...]
    pulse: CountedPulse | None
    coherence: xr.Dataset
    others: tuple[tuple[float, Counted], ...] = ()


def observe(
    runs: ComputedRuns[Any], stages: Stages, settings: SwitchingFitSettings, held_out: Sequence[str]
) -> Observed:
    """Count in all runs of one pillar."""
    moment = pillar_of(runs.labelled[0].spec)
    axis = moment.axis
    counted, pulse, opened, others = [], None, [], []
    for run in stages.over("Count", runs.labelled):
        if isinstance(run.role, PulseCheck):
            pulse = _pulse(runs.open(run), run, axis)
            continue
        ensemble = runs.open(run)[["mx", "my", "mz"]].load()
        drive = drive_of(run.spec)
        widths = settings.interval * np.arange(1, round(drive.duration / settings.interval) + 1)
        few = ensemble.isel(member=slice(0, _SHOWN))
        found = Counted(
            run.spec,
            drive.current,
            switching_in_time(ensemble, axis=axis.tolist(), onset=drive.onset, widths=widths),
            run.spec.run_id in held_out,
            sum(part * few[name] for part, name in zip(axis, ("mx", "my", "mz"), strict=True)),
            start_state(moment, pillar_in(run.spec).start),
        )
        if isinstance(run.role, OtherJunction):
            others.append((run.role.deviation, found))
        else:
            opened.append(ensemble)
            counted.append(found)
    counted.sort(key=lambda each: abs(each.current))
    return Observed(tuple(counted), pulse, reversal_coherence(opened, axis=axis.tolist()), tuple(others))


def _pulse(ensemble: xr.Dataset, run: LabelledRun[Any], axis: Floats) -> CountedPulse:
    found = switching(ensemble, axis=axis.tolist(), terminal="junction").isel(drive=0)
    return CountedPulse(
        current=run.role.current,
        width=run.role.width,
        switched=int(found["switched"]),
        members=int(found["members"]),
        undecided=int(found["undecided"]),
        low=float(found["low"]),
        high=float(found["high"]),
    )
