"""Batches of oscillators beside moments and closed forms."""

import numpy as np
import pytest
from made_oscillators import MU0, axial
from rows import rows
from scipy import constants

from solitons.junctions import follow_macrospins
from solitons.junctions.ensemble import AlternatingDrive
from solitons.oscillators import AutoOscillator, follow_oscillators, of_macrospin

ONE = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3, diffusion=1e3)


@pytest.mark.parametrize("field", [0.0, 800.0])
def test_a_moment_is_followed_with_and_without_a_field(field):
    spin = axial(0.01, 1.0, -0.5)
    model = of_macrospin(spin)
    current = 1.2 * model.threshold
    frequency = model.frequency_at(current) + 50e6
    drive = AlternatingDrive(frequency, field=(field, 0, 0), quadrature=(0, field, 0))
    begin, duration = 0.15, 6e-9
    start = [[np.sin(2 * np.arcsin(begin)), 0, np.cos(2 * np.arcsin(begin))]]
    run = follow_macrospins(spin, start, duration, seed=0, current_density=current, samples=60, alternating=drive)
    m = run["m"].values[0]
    c = (m[:, 0] + 1j * m[:, 1]) / np.sqrt(2 * (1 + m[:, 2]))
    found = follow_oscillators(
        model, [begin + 0j], current, duration, samples=60, field=field, field_frequency=frequency
    )
    # What damping makes of the field itself, a share alpha of it, is left out; the phase has turned 600 rad.
    assert np.abs(np.abs(found.values[0]) / np.abs(c) - 1).max() < (2e-3 if field else 1e-4)
    assert np.abs(found.values[0] - c).max() < (1.5e-2 if field else 4e-3)


def test_below_threshold_heat_leaves_a_power_of_diffusion_over_decay():
    current, temperature = 0.5 * ONE.threshold, 400.0
    run = follow_oscillators(ONE, np.zeros(4000, complex), current, 40e-9, temperature=temperature, samples=4, seed=2)
    power = np.abs(run.values[:, -1]) ** 2
    decay = float(ONE.decay(0.0, current))
    # Exponentially distributed: the mean of n has the relative error 1 / sqrt(n).
    assert power.mean() == pytest.approx(1e3 * temperature / decay, rel=4 / np.sqrt(4000))
    assert power.std() == pytest.approx(power.mean(), rel=0.1)


def test_numbers_do_not_depend_on_threads_or_neighbours():
    arguments = {"temperature": 300.0, "seed": 5, "samples": 3, "time_step": 5e-11}
    start = np.full(7, 0.3 + 0j)
    one = follow_oscillators(ONE, start, 3e11, 5e-9, threads=1, **arguments)
    two = follow_oscillators(ONE, start, 3e11, 5e-9, threads=2, **arguments)
    few = follow_oscillators(ONE, start[:3], 3e11, 5e-9, **arguments)
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one[:3], few)


def test_devices_that_differ_turn_at_their_own_frequencies():
    detuning = np.array([-20e6, 0.0, 35e6])
    run = follow_oscillators(ONE, np.full(3, np.sqrt(ONE.power(3e11)) + 0j), 3e11, 10e-9, detuning=detuning)
    turned = np.angle(run.values[:, 0] / run.values[1, 0])
    np.testing.assert_allclose(turned, 2 * np.pi * detuning * 10e-9, atol=1e-6)


REFUSED = {
    "start": ({"start": [2.0 + 0j]}, "amplitude of 1 or less"),
    "number": ({"oscillators": [ONE, ONE]}, "2 oscillators for 1 amplitudes"),
    "duration": ({"duration": -1.0}, "duration = -1"),
    "shape": ({"detuning": [1.0, 2.0, 3.0]}, r"detuning has the shape \(3,\)"),
    "orders": (
        {"oscillators": AutoOscillator(frequency=[1e10] * 5, damping=[1e8], pump=1e-3)},
        "5 coefficients of frequency",
    ),
    "samples": ({"samples": 10**9}, "keep fewer samples"),
}


@rows("changes, message", REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused(changes, message):
    content = {"oscillators": ONE, "start": [0.1 + 0j], "current_density": 3e11, "duration": 1e-9}
    with pytest.raises(ValueError, match=message):
        follow_oscillators(**content | changes)


@pytest.mark.parametrize("field", [3e3, 4e5])
def test_at_rest_heat_leaves_boltzmanns_power(field):
    """A moment in a field along its axis, with moment energy mu0 Ms V: <m> = coth(x) - 1 / x, x = mu0 Ms V H / kT."""
    spin = axial(0.1, field * MU0, 0.0, volume=2e-24)
    model = of_macrospin(spin)
    x = spin.moment_energy * field / (constants.k * 300.0)
    rate = float(model.damping[0])
    run = follow_oscillators(
        model, np.full(4000, 0.1 + 0j), 0.0, 12 / rate, temperature=300.0, samples=4, seed=3
    )  # fmt: skip
    power = np.abs(run.values[:, -1]) ** 2
    exact = (1 - (1 / np.tanh(x) - 1 / x)) / 2
    assert power.mean() == pytest.approx(exact, abs=4 * power.std() / np.sqrt(power.size))
