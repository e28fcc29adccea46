"""Runs that follow from a fitted oscillator: at the borders of what a signal locks, and with heat."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.oscillators.signals import axes_across
from geometries.quantities import format_quantity
from runs import AlternatingCurrent, AlternatingField, AtOnce, ConstantCurrent, Ensemble, Protocol, Rest, RunSpec
from solitons.campaigns.oscillators.oscillator.one_moment import current_of, moment_of, tilted
from solitons.campaigns.oscillators.oscillator.roles import SIDES, HeatedRun, InjectionCheck, Signal
from solitons.campaigns.oscillators.oscillator.settings import HeatSettings, InjectionSettings
from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.capture import capture_range, locked_from
from solitons.oscillators.injection import InjectedSignal, LockingRange, locking_range, signal_of_current

__all__ = ["Pair", "heated_runs", "locking_checks", "predicted_pair", "signal_on"]

Floats = npt.NDArray[np.float64]

_BEATS = 3.0
"""Beats at the margin for which a frequency is held at least: a slip is seen then."""
_APART, _BISECTED = 4, 0.1
"""Margins, and half widths, between the borders of release and capture from which both are checked: bisection finds a
border of capture to 0.03 half widths."""
_LONGEST = 1e-6
"""Time in s for which a frequency is held at most."""


@dataclass(frozen=True)
class Pair:
    """A direct current (A/m2) and an injected signal with the ranges that the model predicts, None where it has none.

    `own` is the frequency of the run under that current, in Hz: how far the borders are from it is what is predicted.
    `acting` is the part of the signal that turns with the moment; `missing` states why there is no range, or no run at
    a border.
    """

    current: float
    signal: Signal
    acting: InjectedSignal
    own: float
    release: LockingRange | None = None
    capture: LockingRange | None = None
    missing: str = ""

    @property
    def middle(self) -> float:
        """Frequency in Hz in the middle of what is captured, or of what stays locked where nothing is."""
        assert self.release is not None
        return sum(self.capture or self.release) / 2


def signal_on(spec: RunSpec, axis: Floats, signal: Signal) -> InjectedSignal:
    """Give the part of a signal that turns with the moment of a pillar."""
    if signal.unit == "A/m^2":
        return signal_of_current(moment_of(spec), axis, signal.amplitude)
    # A field along a line is two that turn, and the other one does nothing; its own damping is a torque.
    return InjectedSignal(signal.amplitude / 2, float(moment_of(spec).damping) * signal.amplitude / 2)


def predicted_pair(oscillator: AutoOscillator, pair: Pair) -> Pair:
    """Predict what a signal locks: the model's ranges, moved to the frequency of the run.

    Half a per cent of that is a quarter of a narrow range.
    """
    field, torque = pair.acting
    try:
        release = locking_range(oscillator, pair.current, field, torque=torque)
    except ValueError as error:
        return replace(pair, missing=str(error))
    moved = pair.own - oscillator.frequency_at(pair.current)
    pair = replace(pair, release=LockingRange(*(each + moved for each in release)))
    capture = capture_range(oscillator, pair.current, field, torque=torque)
    if math.isnan(capture.low):
        return replace(pair, missing="not even its own frequency takes the oscillator whatever its phase is")
    return replace(pair, capture=LockingRange(*(each + moved for each in capture)))


def locking_checks(
    oscillator: AutoOscillator, spec: RunSpec, axis: Floats, pair: Pair, settings: InjectionSettings
) -> tuple[Pair, list[tuple[RunSpec, InjectionCheck]]]:
    """Runs a little inside and a little outside of a pair's borders, with what the model predicts of them."""
    if pair.release is None:
        return pair, []
    half = (pair.release.high - pair.release.low) / 2
    hold = max(settings.hold, _BEATS / (half * math.sqrt((1 + settings.margin) ** 2 - 1)))
    if hold > _LONGEST:
        needed = f"{format_quantity(hold, 's', 2)} would be needed to see a slip beside so narrow a range"
        return replace(pair, missing=needed), []
    interval = spec.in_time.sampling_interval
    # The whole run is a multiple of the interval, and its pieces need not be.
    whole = math.ceil((2 * settings.sweep + hold) / interval - 1e-6) * interval
    hold = float(f"{whole - 2 * settings.sweep:.12g}")
    found, missing = [], pair.missing
    for side, released, captured in zip(SIDES, pair.release, pair.capture or pair.release, strict=True):
        outwards = math.copysign(settings.margin * half, released - pair.own)
        for locks in (True, False):
            frequency = _rounded(released - outwards if locks else released + outwards)
            check = InjectionCheck(pair.current, pair.signal, side, frequency, locks)
            found.append((_swept(oscillator, spec, axis, pair.own, check, settings.sweep, hold), check))
        if abs(released - captured) < half * max(_APART * settings.margin, _BISECTED):
            continue
        for locks, frequency in ((True, captured - outwards), (False, (captured + released) / 2)):
            phase = _phase(oscillator, spec, axis, pair, frequency, locks)
            if phase is None:
                missing = f"no phase at which the model {'locks' if locks else 'slips'} at {frequency:.5g} Hz"
                continue
            check = InjectionCheck(pair.current, pair.signal, side, _rounded(frequency), locks, switched_on=True)
            leg = (2 * settings.sweep + hold, check.frequency, None, phase)
            found.append((_run(oscillator, spec, axis, pair.current, pair.signal, [leg]), check))
    return replace(pair, missing=missing), found


def _phase(
    oscillator: AutoOscillator, spec: RunSpec, axis: Floats, pair: Pair, frequency: float, locks: bool
) -> float | None:
    """Phase in rad at which a signal is switched on: the middle of those of which the model predicts what is asked."""
    field, torque = pair.acting
    model = frequency - pair.own + oscillator.frequency_at(pair.current)
    found = locked_from(oscillator, pair.current, field, model, torque=torque)
    asked = [each.locked == locks for each in found]
    if not any(asked):
        return None
    # The phase that is farthest from those of the other outcome, round the circle.
    count = len(asked)
    others = [at for at in range(count) if not asked[at]]
    away = [min((min((at - one) % count, (one - at) % count) for one in others), default=count) for at in range(count)]
    turned = 2 * math.pi * int(np.argmax(away)) / count
    # A sine along a line at an angle from the first direction across the axis is a cosine a quarter earlier.
    if pair.signal.unit == "A/m^2":
        first, second = axes_across(axis)
        across = moment_of(spec).polariser_direction
        turned -= math.atan2(float(across @ second), float(across @ first))
    return _rounded(turned + math.pi / 2)


def heated_runs(
    oscillator: AutoOscillator,
    axis: Floats,
    free: Sequence[RunSpec],
    pairs: Sequence[Pair],
    heat: HeatSettings,
) -> list[tuple[RunSpec, HeatedRun]]:
    """Runs with heat under the currents of `free`, and with the signals of pairs in the middle of what they lock."""
    roles = [HeatedRun(current_of(spec)) for spec in free]
    roles += [HeatedRun(each.current, each.signal, _rounded(each.middle)) for each in pairs if each.release]
    found = []
    for role in roles:
        leg = (heat.run_duration, role.frequency or None, None, 0.0)
        found.append((_run(oscillator, free[0], axis, role.current, role.signal, [leg], heat), role))
    return found


def _swept(
    oscillator: AutoOscillator,
    spec: RunSpec,
    axis: Floats,
    own: float,
    check: InjectionCheck,
    sweep: float,
    hold: float,
) -> RunSpec:
    """A signal at the oscillator's own frequency, that locks it, then changes its frequency and stays there."""
    own = _rounded(own)
    turned = math.remainder(math.pi * (own + check.frequency) * sweep, 2 * math.pi) % (2 * math.pi)
    legs = [
        (sweep, None, None, 0.0),
        (sweep, own, check.frequency, 0.0),
        (hold, check.frequency, None, _rounded(turned)),
    ]
    return _run(oscillator, spec, axis, check.current, check.signal, legs)


_Leg = tuple[float, float | None, float | None, float]
"""Duration in s, frequency in Hz or none, final frequency, and phase in rad of a piece of a signal."""


def _run(
    oscillator: AutoOscillator,
    spec: RunSpec,
    axis: Floats,
    current: float,
    signal: Signal | None,
    legs: Sequence[_Leg],
    heat: HeatSettings | None = None,
) -> RunSpec:
    """A run that begins on its orbit, at the phase 0 of `analysis.precession`, under a signal in pieces."""
    start = tilted(axis, float(f"{2 * math.asin(math.sqrt(oscillator.power(current))):.3g}"))
    protocol = Protocol(
        steps=_steps(current, signal, axis, legs),
        sampling_interval=spec.in_time.sampling_interval,
        static_field=spec.in_time.static_field,
        temperature=heat.temperature if heat else 0.0,
        seed=heat.seed if heat else 0,
    )
    changed = {
        "device": spec.device.model_dump(mode="json")
        | {"start": [_rounded(part) for part in start], "start_tilt": 0.0},
        "protocol": protocol.model_dump(mode="json"),
        "ensemble": Ensemble(members=heat.runs).model_dump(mode="json") if heat and heat.runs else None,
        "engine": "native",
    }
    return RunSpec.model_validate(spec.model_dump(mode="json") | changed)


def _steps(current: float, signal: Signal | None, axis: Floats, legs: Sequence[_Leg]) -> tuple[Any, ...]:
    direct = ConstantCurrent(amplitude=current, duration=sum(leg[0] for leg in legs), terminal="junction")
    if signal is None:
        return (direct,)
    pieces: list[Any] = []
    by_field = signal.unit == "A/m"
    along = tuple(_rounded(signal.amplitude * part) for part in axes_across(axis)[0])
    for duration, frequency, final, phase in legs:
        drive = {"frequency": frequency, "final_frequency": final, "duration": duration, "phase": phase}
        if frequency is None:
            pieces.append(Rest(duration=duration) if by_field else direct.model_copy(update={"duration": duration}))
        elif by_field:
            pieces.append(AlternatingField(amplitude=along, **drive))
        else:
            pieces.append(AlternatingCurrent(amplitude=signal.amplitude, direct=current, terminal="junction", **drive))
    return (AtOnce(branches=((direct,), tuple(pieces))),) if by_field else tuple(pieces)


def _rounded(value: float) -> float:
    """Six digits: the last ones of a fit differ from machine to machine, and the ids of runs must not."""
    return float(f"{value:.6g}")
