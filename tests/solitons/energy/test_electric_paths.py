"""A pulse's heat against an integral of the current's square."""

import numpy as np
import pytest
from rows import rows

from solitons.devices.pulse_shape import trapezoid
from solitons.energy import JunctionPath, MetalPath
from solitons.energy.electric_paths import capacitor_energy, ohmic_energy


@rows("rise", [1e-12, 50e-12, 150e-12])
def test_a_pulse_heats_by_the_square_of_its_current(rise):
    path = MetalPath(resistivity=2e-7, length=320e-9, width=32e-9, thickness=5e-9)
    time = np.linspace(0, 3e-10, 300_001)
    current = 0.25e12 * np.asarray(trapezoid(time, 3e-10, rise, 1e-12)) * 32e-9 * 5e-9
    joule = np.trapezoid(2e-7 * 320e-9 / (32e-9 * 5e-9) * current**2, time)
    assert path.heat(0.25e12, 3e-10, rise) == pytest.approx(joule, rel=1e-3 if rise == 1e-12 else 1e-4)


def test_a_volume_heats_whatever_way_it_is_cut():
    one = MetalPath(2e-7, 300e-9, 30e-9, 5e-9)
    assert one.heat(1e11, 1e-9) == pytest.approx(2e-7 * 1e22 * 300e-9 * 30e-9 * 5e-9 * 1e-9)
    assert MetalPath(2e-7, 150e-9, 60e-9, 5e-9).heat(1e11, 1e-9) == pytest.approx(one.heat(1e11, 1e-9))


def test_junctions_in_parallel_take_as_many_times_the_energy():
    one, eight = JunctionPath(3e-16, 5e-5), JunctionPath(3e-16, 5e-5, count=8)
    assert eight.heat(1e11, 3e-9) == pytest.approx(8 * one.heat(1e11, 3e-9))
    assert eight.resistance == pytest.approx(one.resistance / 8)
    # The energy is that of voltage and current.
    assert one.heat(1e11, 3e-9) == pytest.approx((1e11 * 3e-16 / 5e-5) * (1e11 * 3e-16) * 3e-9)


def test_a_line_takes_twice_what_is_stored_in_it():
    assert capacitor_energy(2e-15, 0.5) == pytest.approx(2 * (2e-15 * 0.5**2 / 2))


@rows("name", ["resistivity", "length", "width", "thickness"])
def test_a_path_without_a_size_is_refused(name):
    sizes = {"resistivity": 2e-7, "length": 3e-7, "width": 3e-8, "thickness": 5e-9}
    with pytest.raises(ValueError, match=f"MetalPath.{name} = 0.0"):
        MetalPath(**sizes | {name: 0.0})


@rows(
    ("make", "words"),
    [
        (lambda: ohmic_energy(-5.0, 1e-4, 1e-9), "resistance = -5.0 ohm"),
        (lambda: ohmic_energy(1e3, float("nan"), 1e-9), "current = nan A"),
        (lambda: capacitor_energy(-1e-15, 1.0), "capacitance = -1e-15 F"),
        (lambda: JunctionPath(3e-16, 5e-5, count=2.5), "whole number of junctions"),
    ],
)
def test_what_would_give_no_energy_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
