"""From the runs of an oscillator to its records, its fit, and the runs that check what an injected field locks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import injection_locking, oscillation, precession
from analysis.oscillators.injection import InjectionLocking
from analysis.oscillators.signals import axes_across
from runs import AlternatingField, AtOnce, ConstantCurrent, Protocol, Rest, RunSpec
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.oscillator.one_moment import axis_of, current_of, moment_of, tilted
from solitons.campaigns.oscillators.oscillator.roles import InjectionCheck
from solitons.campaigns.oscillators.oscillator.settings import InjectionSettings, OscillatorFitSettings
from solitons.oscillators.auto_oscillator import diffusion_of
from solitons.oscillators.injection import LockingRange, locking_range
from solitons.oscillators.oscillator_fit import OscillatorFit, OscillatorRecord, fit_oscillator, record_of

__all__ = ["ROUND", "FollowedOscillator", "Pair", "follow", "locking_of"]

Floats = npt.NDArray[np.float64]

ROUND = 0.1
"""Part of an orbit that turns backwards, over the other, beyond which half of a field is not what acts on it."""
_BEATS = 3.0
"""Beats at the margin for which a frequency is held at least: a slip is seen then."""


@dataclass(frozen=True)
class Pair:
    """A direct current (A/m2) and an injected field (A/m) with the range of locking that the model predicts.

    `own` is the frequency of the run under that current, in Hz: how far the borders are from it is what is predicted.
    """

    current: float
    field: float
    own: float
    range: LockingRange | None


@dataclass(frozen=True, eq=False)
class FollowedOscillator:
    """The runs of a sweep: their records by run id, those that could not be followed, the fit, and checks of locking.

    `axis` is the direction about which the moment turns, and `turned` (rad) how far the axes of the orbits at the end
    of the runs are from it at most.
    """

    axis: Floats
    turned: float
    records: dict[str, OscillatorRecord]
    lost: dict[str, str]
    fit: OscillatorFit | None
    pairs: tuple[Pair, ...]
    checks: tuple[tuple[RunSpec, InjectionCheck], ...]


def follow(
    runs: ComputedRuns[object], stages: Stages, settings: OscillatorFitSettings, injection: InjectionSettings | None
) -> FollowedOscillator:
    """Follow the precession in every run of the sweep, fit it, and prepare the checks of locking."""
    swept = [run for run in runs.labelled if not isinstance(run.role, InjectionCheck)]
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
            heat = diffusion_of(moment_of(swept[0].spec))
            fit = replace(fit, oscillator=replace(fit.oscillator, diffusion=np.asarray(heat)))
    pairs: list[Pair] = []
    checks: list[tuple[RunSpec, InjectionCheck]] = []
    if injection is not None and fit is not None:
        for current in injection.currents:
            near = [
                each for each in records.values() if abs(each.current_density / current - 1) < 1e-6 and each.oscillates
            ]
            if not near or near[0].end_frequency < 0 or near[0].ellipticity > ROUND:
                pairs += [Pair(current, field, math.nan, None) for field in injection.fields]
                continue
            (record,) = near
            for field in injection.fields:
                pair = Pair(current, field, abs(record.end_frequency), _range(fit, record, field))
                pairs.append(pair)
                checks += _checks(swept, fit, axis, pair, injection)
    return FollowedOscillator(axis, turned, records, lost, fit, tuple(pairs), tuple(checks))


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


def _range(fit: OscillatorFit, record: OscillatorRecord, field: float) -> LockingRange | None:
    """The model's range, moved to the frequency of the run: half a per cent of that is a quarter of a narrow range."""
    try:
        # A field along a line is two that turn; the one that turns the other way does nothing.
        low, high = locking_range(fit.oscillator, record.current_density, field / 2)
    except ValueError:
        return None
    moved = abs(record.end_frequency) - fit.oscillator.frequency_at(record.current_density)
    return LockingRange(low + moved, high + moved)


def _checks(
    swept: Sequence[LabelledRun[object]],
    fit: OscillatorFit,
    axis: Floats,
    pair: Pair,
    settings: InjectionSettings,
) -> list[tuple[RunSpec, InjectionCheck]]:
    if pair.range is None:
        return []
    own = pair.own
    angle = 2 * math.asin(math.sqrt(fit.oscillator.power(pair.current)))
    half = (pair.range.high - pair.range.low) / 2
    interval = swept[0].spec.in_time.sampling_interval
    hold = max(settings.hold, _BEATS / (half * math.sqrt((1 + settings.margin) ** 2 - 1)))
    settings = settings.model_copy(update={"hold": float(f"{math.ceil(hold / interval - 1e-6) * interval:.12g}")})
    found = []
    for side, border, outwards in (("low", pair.range.low, -1), ("high", pair.range.high, 1)):
        for locks in (True, False):
            # Six digits: the last ones of a fit differ from machine to machine, and the runs' ids must not.
            frequency = float(f"{border + outwards * (-1 if locks else 1) * settings.margin * half:.6g}")
            check = InjectionCheck(pair.current, pair.field, side, frequency, border, locks)  # type: ignore[arg-type]
            begin = float(f"{own:.6g}")
            found.append((_injected(swept[0].spec, axis, float(f"{angle:.3g}"), begin, check, settings), check))
    return found


def _injected(
    spec: RunSpec, axis: Floats, angle: float, own: float, check: InjectionCheck, settings: InjectionSettings
) -> RunSpec:
    """The run of a check: on its orbit, with a field that locks it and then changes its frequency."""
    start = tilted(axis, angle)
    amplitude = tuple(float(f"{part:.6g}") for part in check.field * axes_across(axis)[0])
    turned = math.remainder(math.pi * (own + check.frequency) * settings.sweep, 2 * math.pi) % (2 * math.pi)
    steps = AtOnce(
        branches=(
            (
                ConstantCurrent(
                    amplitude=check.current, duration=2 * settings.sweep + settings.hold, terminal="junction"
                ),
            ),
            (
                Rest(duration=settings.sweep),
                AlternatingField(
                    amplitude=amplitude, frequency=own, final_frequency=check.frequency, duration=settings.sweep
                ),
                AlternatingField(
                    amplitude=amplitude, frequency=check.frequency, duration=settings.hold, phase=float(f"{turned:.6g}")
                ),
            ),
        )
    )
    protocol = Protocol(
        steps=(steps,), sampling_interval=spec.in_time.sampling_interval, static_field=spec.in_time.static_field
    )
    device = spec.device.model_dump(mode="json") | {
        "start": [float(f"{part:.6g}") for part in start],
        "start_tilt": 0.0,
    }
    content = spec.model_dump(mode="json") | {"device": device, "protocol": protocol.model_dump(mode="json")}
    return RunSpec.model_validate(content)


def locking_of(
    runs: ComputedRuns[object], run: LabelledRun[object], axis: Floats, settings: InjectionSettings
) -> InjectionLocking:
    """Whether the oscillator of a check keeps the phase of the field at the end."""
    assert isinstance(run.role, InjectionCheck)
    c = precession(runs.open(run), axis)
    held = c.isel(t=c["t"].values >= 2 * settings.sweep)
    return injection_locking(oscillation(held, frequency=run.role.frequency)["phase"], run.role.frequency)
