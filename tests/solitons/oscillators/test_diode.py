"""The rectified voltage beside moments that are followed in time, and beside Kittel's frequency."""

import math

import numpy as np
import pytest
from rows import rows
from scipy import constants

from geometries import Material, Pillar
from solitons.junctions import follow_macrospins, pillar_junction
from solitons.junctions.ensemble import AlternatingDrive
from solitons.oscillators import diode_voltage

FILM = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.03)


def disc(**changes):
    content = {
        "length": "60 nm",
        "thickness": "2 nm",
        "cell": ("4 nm", "4 nm", "2 nm"),
        "start": "right",
        "fixed_layer": (0.5, 1, 0.2),
        "barrier": {"resistance_area": "5 ohm um^2", "tmr": "80 %", "polarisation": 0.5},
    }
    return Pillar(**content | changes)


def voltage_in_time(spin, pillar, amplitude, frequency, direct, start):
    """Mean of current times resistance over 20 periods, after the transient."""
    settle, periods = 20e-9, 20
    samples = 2000
    duration = settle + periods / frequency
    drive = AlternatingDrive(frequency, current_density=amplitude)
    first = follow_macrospins(spin, start[None], settle, seed=0, current_density=direct, alternating=drive)
    late = AlternatingDrive(
        frequency, current_density=amplitude, phase=math.remainder(2 * math.pi * frequency * settle, 2 * math.pi)
    )
    run = follow_macrospins(
        spin, first["m"].values[:, -1], duration - settle, seed=0, current_density=direct, alternating=late,
        samples=samples,
    )  # fmt: skip
    t = settle + run["t"].values
    current = direct + amplitude * np.cos(2 * math.pi * frequency * t)
    fixed = np.array(pillar.fixed_layer) / np.linalg.norm(pillar.fixed_layer)
    cosine = run["m"].values[0] @ fixed
    conductance = pillar.area / pillar.barrier.resistance_area * ((1 + cosine) / 2 + (1 - cosine) / 2 / 1.8)
    return float(np.mean(pillar.area * current / conductance)), float(np.mean(1 / conductance)) * pillar.area * direct


@rows("share", [0.7, 0.95, 1.0, 1.1])
def test_it_is_that_of_a_moment_followed_in_time(share):
    field = (60e-3 / constants.mu_0, 0.0, 0.0)
    pillar = disc()
    spin = pillar_junction(pillar, FILM, temperature=0.0, field=field)
    frequencies = np.linspace(3e9, 15e9, 2000)
    peak = frequencies[np.abs(diode_voltage(spin, pillar, 1e9, frequencies)).argmax()]
    frequency, amplitude = share * peak, 2e9
    found = diode_voltage(spin, pillar, amplitude, frequency)
    followed, _ = voltage_in_time(spin, pillar, amplitude, frequency, 0.0, np.array([1.0, 0.0, 0.0]))
    largest = np.abs(diode_voltage(spin, pillar, amplitude, frequencies)).max()
    assert float(found) == pytest.approx(followed, abs=0.02 * largest)


def test_its_resonance_is_kittels_and_it_goes_as_the_square_of_the_amplitude():
    field = 60e-3 / constants.mu_0
    pillar = disc(fixed_layer=(0, 1, 0))
    spin = pillar_junction(pillar, FILM, temperature=0.0, field=(field, 0.0, 0.0))
    factors = spin.demagnetisation
    h, shape = field, float(factors[2] - factors[0]) * FILM.Ms
    kittel = FILM.gamma0 * math.sqrt(h * (h + shape)) / (2 * math.pi)
    frequencies = np.linspace(0.5 * kittel, 1.5 * kittel, 4001)
    voltage = diode_voltage(spin, pillar, 1e9, frequencies)
    # With the polariser across the rest, in the plane, the torque and the resistance are in step at the resonance.
    assert frequencies[np.abs(voltage).argmax()] == pytest.approx(kittel, rel=0.01)
    assert diode_voltage(spin, pillar, 2e9, 7e9) == pytest.approx(4 * diode_voltage(spin, pillar, 1e9, 7e9))


def test_what_is_refused():
    pillar = disc(fixed_layer="left")
    spin = pillar_junction(pillar, FILM, temperature=0.0, field=(6e4, 0.0, 0.0))
    with pytest.raises(ValueError, match="amplitude = 0"):
        diode_voltage(spin, pillar, 0.0, 5e9)
    with pytest.raises(ValueError, match="oscillates by itself"):
        diode_voltage(spin, pillar, 1e9, 5e9, current_density=3e11)
