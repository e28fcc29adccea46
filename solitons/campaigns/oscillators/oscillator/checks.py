"""Checks of an oscillator's runs, before anything runs: as one moment they have to oscillate, and to be seen to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.oscillators.signals import FEWEST_PERIODS
from geometries.quantities import format_quantity
from runs import RunSpec
from solitons.campaigns.oscillators.oscillator.further_runs import signal_on
from solitons.campaigns.oscillators.oscillator.one_moment import (
    axis_of,
    current_of,
    expected_record,
    moment_of,
    start_of,
)
from solitons.campaigns.oscillators.oscillator.roles import Signal
from solitons.campaigns.oscillators.oscillator.settings import HeatSettings, InjectionSettings, OscillatorFitSettings
from solitons.junctions import Macrospin
from solitons.oscillators import rest_direction, threshold
from solitons.oscillators.threshold import Threshold

__all__ = ["check_heat", "check_injection", "check_runs", "estimated_threshold"]

_CUT_PERIODS = 6
"""Periods that are cut off a record, at both ends together."""
_TRIED = 40
"""Periods for which one moment is followed at least, however short a run is."""
_SLACK = 0.8
"""Share of a moment's threshold at which micromagnetics may begin to oscillate."""


def estimated_threshold(spec: RunSpec, largest: float) -> Threshold | None:
    """Threshold of the pillar as one moment, up to a current in A/m2 with its sign."""
    return threshold(moment_of(spec), start_of(spec), largest)


def check_runs(specs: Sequence[RunSpec], fit: OscillatorFitSettings) -> None:
    """Refuse runs of one pillar under several currents that could show no oscillation."""
    currents = [current_of(each) for each in specs]
    if min(currents) * max(currents) < 0:
        raise ValueError("sweep: the currents have both signs, and one of them makes a pillar oscillate; give one sign")
    strongest = specs[int(np.argmax(np.abs(currents)))]
    if any(each.in_time.temperature for each in specs):
        raise ValueError(
            "base.protocol.temperature is not 0: the fit is of runs without heat, and the line with heat follows from "
            "`heat`; leave the temperature out"
        )
    spin = moment_of(strongest)
    _check_held(strongest, fit.begin)
    _check_start(strongest, spin)
    axis = axis_of(strongest, fit.axis)
    largest = currents[int(np.argmax(np.abs(currents)))]
    _check_threshold(strongest, largest)
    _check_seen(specs, axis)


def _check_held(spec: RunSpec, begin: float) -> None:
    """Refuse a current or a field that changes while the oscillation is looked at."""
    times = begin + np.linspace(0.001, 0.999, 997) * (spec.in_time.duration - begin)
    waves = {"current": spec.in_time.current("junction" if len(spec.device.terminals) > 1 else None)}
    waves |= {f"field along {axis}": wave for axis, wave in zip("xyz", spec.in_time.field_waveforms(), strict=True)}
    for name, wave in waves.items():
        held = np.asarray(wave(times))
        if np.ptp(held) > 1e-9 * max(wave.peak, 1e-300):
            raise ValueError(
                f"base.protocol.steps: the {name} changes after fit.begin = {format_quantity(begin, 's')}, and an "
                "oscillation under constant ones is looked at; let it end before, or give another fit.begin"
            )


def _check_start(spec: RunSpec, spin: Macrospin) -> None:
    start = rest_direction(spin, start_of(spec)) if spec.in_time.relaxes else start_of(spec)
    pulsed = any(wave.peak for wave in spec.in_time.field_waveforms())
    field = spin.field - spin.anisotropy_matrix @ start
    torque = np.linalg.norm(np.cross(start, field)) / max(float(np.linalg.norm(field)), 1e-300)
    turned = np.linalg.norm(np.cross(start, spin.polariser_direction))
    if not pulsed and torque < 1e-6 and turned < 1e-6:
        raise ValueError(
            "base: the moment begins along the polariser and along the field in which it rests: there is no torque on "
            'it and nothing moves; give base.device start_tilt: "5 deg" and no relaxation, or a short field pulse'
        )


def _check_threshold(spec: RunSpec, largest: float) -> None:
    found = estimated_threshold(spec, 4 * largest)
    if found is not None and abs(largest) < _SLACK * abs(found.current_density):
        raise ValueError(
            f"sweep: currents up to {format_quantity(largest, 'A/m^2')} are below the threshold, which is estimated at "
            f"{format_quantity(found.current_density, 'A/m^2', 3)} for the layer as one moment: nothing "
            "would oscillate; give stronger currents"
        )
    other = estimated_threshold(spec, -4 * largest)
    if found is None and other is not None:
        raise ValueError(
            f"sweep: currents of this sign hold the layer at rest; with the other sign the threshold is estimated at "
            f"{format_quantity(other.current_density, 'A/m^2', 3)}; change the sign"
        )


def _check_seen(specs: Sequence[RunSpec], axis: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    """Refuse sampling and durations that do not show the slowest or the fastest expected oscillation."""
    found = []
    for spec in specs:
        try:
            found.append(abs(expected_record(spec, axis, periods=_TRIED).end_frequency))
        except ValueError:  # a moment that does not turn under this current
            continue
    if not found:
        raise ValueError(
            "sweep: under none of the currents does the layer as one moment turn ten times: it comes to rest or flips; "
            "give other currents, or fit.axis where it turns about another direction than its rest"
        )
    interval, duration = specs[0].in_time.sampling_interval, specs[0].in_time.duration
    if max(found) * interval * 4 > 1:
        raise ValueError(
            f"base.protocol.sampling_interval = {format_quantity(interval, 's')}: at about "
            f"{format_quantity(max(found), 'Hz', 3)} a period has {1 / (max(found) * interval):.2g} "
            f"samples, and 4 are needed; give {format_quantity(0.1 / max(found), 's', 1)}"
        )
    if duration * min(found) < FEWEST_PERIODS + _CUT_PERIODS:
        raise ValueError(
            f"base.protocol lasts {duration * min(found):.3g} periods at about "
            f"{format_quantity(min(found), 'Hz', 3)}, and {FEWEST_PERIODS + _CUT_PERIODS} are needed: a "
            "phase from too few periods is noise; give longer runs"
        )


def check_heat(specs: Sequence[RunSpec], heat: HeatSettings) -> None:
    """Refuse a duration of the runs with heat that frames do not divide."""
    if heat.runs:
        _check_frames(specs[0], heat.run_duration, "heat.run_duration is")


def _check_frames(spec: RunSpec, duration: float, words: str) -> None:
    interval = spec.in_time.sampling_interval
    if abs(duration / interval - round(duration / interval)) > 1e-6:
        raise ValueError(
            f"{words} {format_quantity(duration, 's')}, no multiple of base.protocol.sampling_interval = "
            f"{format_quantity(interval, 's')}; change one"
        )


def check_injection(specs: Sequence[RunSpec], fit: OscillatorFitSettings, injection: InjectionSettings) -> None:
    """Refuse direct currents that are not swept, signals that do not act, and times that frames do not divide."""
    for each in injection.alternating_currents[:1]:  # how strong it is does not matter
        _ = signal_on(specs[0], axis_of(specs[0], fit.axis), Signal(each, "A/m^2"))
    currents = [current_of(each) for each in specs]
    for each in injection.currents:
        if not each or min(abs(each - one) for one in currents) > 1e-6 * abs(each):
            raise ValueError(
                f"injection.currents has {format_quantity(each, 'A/m^2')}, which is none of the sweep; give currents "
                "of the sweep above its threshold: the frequency of the run without a signal is needed"
            )
    _check_frames(specs[0], 2 * injection.sweep + injection.hold, "injection: twice the sweep and the hold are")
