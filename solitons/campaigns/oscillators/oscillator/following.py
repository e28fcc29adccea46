"""From the runs of an oscillator to its records, its fit, and the runs that follow from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import xarray as xr

from runs import RunSpec
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.oscillator.further_runs import (
    Pair,
    heated_runs,
    locking_checks,
    predicted_pair,
    signal_on,
)
from solitons.campaigns.oscillators.oscillator.one_moment import axis_of, current_of, moment_of
from solitons.campaigns.oscillators.oscillator.roles import HeatedRun, InjectionCheck, Signal
from solitons.campaigns.oscillators.oscillator.settings import HeatSettings, InjectionSettings, OscillatorFitSettings
from solitons.oscillators.auto_oscillator import diffusion_of
from solitons.oscillators.oscillator_fit import OscillatorFit, OscillatorRecord, fit_oscillator, record_of

__all__ = ["ROUND", "FollowedOscillator", "follow"]

Floats = npt.NDArray[np.float64]

ROUND = 0.1
"""Part of an orbit that turns backwards, over the other, beyond which half of a signal is not what acts on it."""


@dataclass(frozen=True, eq=False)
class FollowedOscillator:
    """The runs of a sweep: their records by run id, those that could not be followed, the fit, and what follows.

    `axis` is the direction about which the moment turns, and `turned` (rad) how far the axes of the orbits at the end
    of the runs are from it at most. `heated` are runs on an orbit, at whose currents the line with heat is looked at.
    """

    axis: Floats
    turned: float
    records: dict[str, OscillatorRecord]
    lost: dict[str, str]
    fit: OscillatorFit | None
    heated: tuple[RunSpec, ...]
    pairs: tuple[Pair, ...]
    further: tuple[tuple[RunSpec, InjectionCheck | HeatedRun], ...]

    def oscillates(self, run_id: str) -> bool:
        """Whether a run ends on an orbit above the threshold: below it a slow decay changes as little."""
        record = self.records.get(run_id)
        if record is None or not record.oscillates:
            return False
        return self.fit is None or record.current_density / self.fit.oscillator.threshold > 1


def follow(
    runs: ComputedRuns[object],
    stages: Stages,
    settings: OscillatorFitSettings,
    heat: HeatSettings | None,
    injection: InjectionSettings | None,
) -> FollowedOscillator:
    """Follow the precession in every run of the sweep, fit it, and prepare the runs that check it further."""
    swept = [run for run in runs.labelled if not isinstance(run.role, InjectionCheck | HeatedRun)]
    axis = axis_of(swept[0].spec, settings.axis)
    records: dict[str, OscillatorRecord] = {}
    lost: dict[str, str] = {}
    turned = 0.0
    for run in stages.over("Orbits", swept):
        opened = runs.open(run)
        try:
            found = record_of(opened, current_of(run.spec), axis, begin=settings.begin)
        except ValueError as error:
            lost[run.spec.run_id] = str(error)
            continue
        records[run.spec.run_id] = replace(found, run_id=run.spec.run_id)
        if found.oscillates:
            turned = max(turned, _turned(opened, axis))
    with stages("Fit"):
        held_out = _held_out([each for each in records.values() if each.oscillates], settings.held_out, settings.seed)
        fit = fit_oscillator(list(records.values()), held_out)
        if fit is not None:
            # Heat acts on the layer as on one moment of its volume.
            diffusion = np.asarray(diffusion_of(moment_of(swept[0].spec)))
            fit = replace(fit, oscillator=replace(fit.oscillator, diffusion=diffusion))
    followed = FollowedOscillator(axis, turned, records, lost, fit, (), (), ())
    if fit is None:
        return followed
    oscillator = fit.oscillator
    further: list[tuple[RunSpec, InjectionCheck | HeatedRun]] = []
    orbits = sorted(
        (
            run.spec
            for run in swept
            if followed.oscillates(run.spec.run_id) and oscillator.power(current_of(run.spec)) > 0
        ),
        key=lambda spec: abs(current_of(spec)),
    )
    wanted = min(len(orbits), heat.currents) if heat is not None else 0
    heated = [orbits[round(each)] for each in np.linspace(0, len(orbits) - 1, wanted)]
    pairs: list[Pair] = []
    with stages("Locking"):
        for current, signal in _signals(injection):
            near = [records[each.run_id] for each in orbits if abs(current_of(each) / current - 1) < 1e-6]
            pair = Pair(current, signal, signal_on(swept[0].spec, axis, signal), math.nan)
            if not near:
                pair = replace(pair, missing="the run under that current ends on no orbit")
            elif near[0].end_frequency < 0 or near[0].ellipticity > ROUND:
                pair = replace(pair, missing="its orbit is not round, or turns backwards")
            else:
                assert injection is not None
                pair = predicted_pair(oscillator, replace(pair, own=near[0].end_frequency))
                pair, checks = locking_checks(oscillator, swept[0].spec, axis, pair, injection)
                further += checks
            pairs.append(pair)
    if heat is not None and heat.runs and heated:
        further += heated_runs(oscillator, axis, heated, pairs, heat)
    return replace(followed, heated=tuple(heated), pairs=tuple(pairs), further=tuple(further))


def _signals(injection: InjectionSettings | None) -> list[tuple[float, Signal]]:
    if injection is None:
        return []
    signals = [Signal(each, "A/m") for each in injection.fields]
    signals += [Signal(each, "A/m^2") for each in injection.alternating_currents]
    return [(current, signal) for current in injection.currents for signal in signals]


def _held_out(oscillating: Sequence[OscillatorRecord], count: int, seed: int) -> set[str]:
    """Ids of runs that oscillate and that the fit does not see: one drawn from each of so many parts of the currents.

    The weakest and the strongest are never among them.
    """
    order = sorted(oscillating, key=lambda each: abs(each.current_density))
    parts = np.array_split(np.array([each.run_id for each in order[1:-1]]), count)
    random = np.random.default_rng(seed)
    return {str(random.choice(part)) for part in parts if len(part)}


def _turned(run: xr.Dataset, axis: Floats) -> float:
    """Angle in rad between an axis and that about which the mean moment turns at the end, up to its sense."""
    m = np.stack([run[f"m{name}"].values for name in "xyz"], axis=-1).astype(np.float64)
    late = m[int(0.8 * len(m)) :]
    area = np.cross(late[:-1] - late.mean(axis=0), np.diff(late, axis=0)).sum(axis=0)
    size = float(np.linalg.norm(area))
    return math.acos(min(1.0, abs(float(area @ axis)) / size)) if size > 0 else 0.0
