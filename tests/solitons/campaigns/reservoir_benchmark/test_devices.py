"""Fitted models as driven devices, against the closed forms of their families."""

import numpy as np
import pytest

from solitons.campaigns.reservoir_benchmark.devices import driven_device
from solitons.devices.driven_nodes import read_slots, time_constant
from solitons.devices.stability_of_motion import largest_exponent
from solitons.devices.synapse import example_synapse
from solitons.junctions import SwitchingRates
from solitons.models.loading import load_model
from solitons.oscillators import AutoOscillator

OSCILLATOR = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3, diffusion=1e5)
RATES = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)


def test_an_oscillators_power_returns_with_twice_its_restoring_rate():
    for current in (2.6e11, 3e11):
        device = driven_device(OSCILLATOR, current)
        read = read_slots(device, np.full((1, 400), current), 1e-10)[0]
        assert read[-1] == pytest.approx(OSCILLATOR.power(current), rel=0.01)
        expected = 1 / (2 * OSCILLATOR.restoring_rate(current))
        assert time_constant(device, current, device.longest_step) == pytest.approx(expected, rel=0.01)


def test_heat_gives_the_power_its_variance():
    current, temperature = 4e11, 2.0
    device = driven_device(OSCILLATOR, current, temperature=temperature)
    read = read_slots(device, np.full((8, 6000), current), 1e-9, seed=3)[:, 100:]
    p, rate = OSCILLATOR.power(current), OSCILLATOR.restoring_rate(current)
    # D_0 T p (1 - p) / Gamma_p for small noise (`AutoOscillator.linewidth`).
    assert read.var() == pytest.approx(1e5 * temperature * p * (1 - p) / rate, rel=0.1)


def test_heat_holds_the_power_above_0_below_the_threshold():
    # <p> = D_0 T / (Gamma_0 - sigma J) for small powers, whatever the number of copies.
    device = driven_device(OSCILLATOR, 1e11, temperature=20.0, copies=10_000)
    read = read_slots(device, np.full((4, 3000), 1e11), 1e-9, seed=5)[:, 100:]
    assert read.mean() == pytest.approx(1e5 * 20.0 / (4e8 - 2e-3 * 1e11), rel=0.06)


def test_junctions_follow_their_rates_and_a_few_flip_by_chance():
    many = driven_device(RATES, 5e9, copies=10**9)
    read = read_slots(many, np.full((1, 3), 2e9), 2e-7)[0]
    assert read == pytest.approx(RATES.probability(2e9, 2e-7 * np.arange(1, 4)), abs=1e-3)
    few = read_slots(driven_device(RATES, 5e9, copies=50), np.full((4, 4000), 5e8), 1e-6, seed=1)
    share = float(RATES.equilibrium(5e8))
    assert few.mean() == pytest.approx(share, abs=0.01)
    assert few.var() == pytest.approx(share * (1 - share) / 50, rel=0.1)
    up, down = RATES.rates(0.0)
    assert time_constant(many, 0.0, 1e-7) == pytest.approx(1 / (up + down))


def test_a_wall_in_a_well_returns_and_one_in_a_smooth_stripe_does_not():
    wells = load_model("wall-wells")
    held = driven_device(wells, 1e12, start=float(wells.wells()[8]))
    assert 0.02e-9 < time_constant(held, 0.0, 1e-11) < 1e-9
    # A wall of a model without tilt has a part of its state that nothing moves.
    grains = driven_device(load_model("wall-grains"), 1e12, start=240e-9)
    constant = time_constant(grains, 0.0, 1e-11)
    assert 0.02e-9 < constant < 10e-9
    assert largest_exponent(grains, np.zeros((1, 12_000)), 1e-11, skipped=2000)[0] == pytest.approx(
        -1 / constant, rel=0.02
    )
    # The ends of a smooth stripe push the wall to its middle, slowly.
    assert time_constant(driven_device(load_model("wall"), 1e12, start=160e-9), 0.0, 1e-11) > 50e-9


def test_what_no_current_moves_is_refused():
    with pytest.raises(ValueError, match=r"device.model holds a Junction, which no current moves in time"):
        driven_device(example_synapse().junction, 1e12)
