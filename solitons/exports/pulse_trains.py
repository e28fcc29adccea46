"""Pulses sent to any synapse of this workbench, so that it is described as a measured device is."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from solitons.devices.programming import after_pulse
from solitons.devices.pulse_following import follow_pulses
from solitons.devices.pulse_response import MOST_PULSES
from solitons.devices.pulse_shape import ProgrammingPulse
from solitons.devices.synapse import AbstractSynapse
from solitons.devices.tabulated_synapse import TabulatedSynapse
from solitons.exports.pulse_data import PulseData, PulseSequence
from solitons.figures import value_label
from solitons.fits.provenance import Provenance

__all__ = ["pulse_trains"]


def pulse_trains(
    synapse: AbstractSynapse | TabulatedSynapse,
    pulse: ProgrammingPulse | None = None,
    *,
    count: int,
    cycles: int = 5,
    devices: int = 1,
    seed: int = 0,
) -> PulseData:
    """Send trains of equal pulses up and then down, cycle after cycle, and read the conductance after each.

    Devices differ, and pulses miss, as the synapse's spreads have it; heat shakes it in every step where it has noise.
    The first cycle begins with the lowest conductance. All but a `TabulatedSynapse` need a `pulse`, whose longest width
    all pulses have; `count` pulses make a train, 4 or more. `OutsideFittedRange` warns where the pulses leave the range
    of a fitted model.
    """
    if count < 4 or cycles < 1 or devices < 1 or 2 * count * cycles > MOST_PULSES:
        raise ValueError(
            f"pulse_trains: count = {count}, cycles = {cycles} and devices = {devices}; give trains of 4 pulses or "
            f"more, 1 cycle and 1 device or more, and {MOST_PULSES} pulses or fewer for a device"
        )
    signs = np.repeat([1, -1], count)
    if isinstance(synapse, TabulatedSynapse):
        paths, what = _tabulated(synapse, signs, cycles, devices, seed), "as fitted"
    else:
        if pulse is None:
            raise ValueError("pulse_trains: a pulse is needed, such as ProgrammingPulse(amplitude=1e12, ...)")
        if isinstance(synapse.provenance, Provenance):
            synapse.provenance.check_range(pulse.amplitude, pulse.longest, stacklevel=2)
        paths = _followed(synapse, pulse, signs, cycles, devices, seed)
        what = f"{value_label(pulse.amplitude, 'A/m^2', digits=4)}, {value_label(pulse.longest, 's', digits=4)}"
    found = []
    for device in range(devices):
        for cycle in range(cycles):
            first = cycle * signs.size
            path = paths[device, first : first + signs.size + 1]
            found.append(PulseSequence(str(device + 1), str(cycle + 1), signs, path))
    origin = "" if synapse.provenance is None else synapse.provenance.model_dump_json()
    return PulseData(tuple(found), type(synapse).__name__, what, origin=origin)


def _tabulated(synapse: TabulatedSynapse, signs: np.ndarray, cycles: int, devices: int, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    gains = synapse.gains((devices,), generator)
    paths = synapse.train(np.full(devices, float(synapse.lowest)), np.tile(signs, cycles), generator, gains)
    read = paths + float(synapse.read_noise) * generator.standard_normal(paths.shape)
    return np.maximum(read, 1e-3 * float(synapse.lowest))


def _followed(
    synapse: AbstractSynapse, pulse: ProgrammingPulse, signs: np.ndarray, cycles: int, devices: int, seed: int
) -> np.ndarray:
    with jax.enable_x64(True):
        key = jax.random.key(seed)
        sign = _raising_sign(synapse, pulse, key)
    amplitudes = sign * pulse.amplitude * np.tile(signs, cycles)
    return follow_pulses(synapse, amplitudes, pulse.longest, pulse.rise, pulse.period, devices=devices, seed=seed)[0]


def _raising_sign(synapse: AbstractSynapse, pulse: ProgrammingPulse, key: Any) -> int:
    """Sign of the current whose pulse raises the conductance of devices in the middle of their window."""
    many = 64  # a device that switches by chance shows its sign in the mean
    middle = float(np.mean([float(end) for end in synapse.window]))
    start = synapse.at(synapse.repeated(synapse.reset(), (many,)), np.full(many, middle))
    before = float(np.mean(synapse.conductance(start)))
    hot = synapse.noise(key, (1,)) is not None
    raised = {}
    for sign in (1, -1):
        after = after_pulse(synapse, start, np.full(many, sign * pulse.amplitude), pulse, key if hot else None)
        raised[sign] = float(np.mean(synapse.conductance(after))) - before
    best = max(raised, key=lambda each: raised[each])
    if not raised[best] > 0:
        raise ValueError(
            f"pulse_trains: a pulse of {pulse.amplitude:.3g} A/m2 and {pulse.longest:.3g} s raises the conductance "
            "with neither sign; use a stronger or longer pulse"
        )
    return best
