"""Threshold neurons: where they come to rest, what a diagonal does, and readings that are expected."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from solitons.attractors.patterns import hebbian_matrix, random_patterns
from solitons.attractors.threshold_neurons import fall_to_rest, overlaps_after_falling, wrong_shares


def test_spins_remember_as_well_as_theory_has_it():
    """D. J. Amit, H. Gutfreund and H. Sompolinsky (1985) at no temperature: m = erf(x), x sqrt(2 alpha) = erf(x) -
    2 x exp(-x^2) / sqrt(pi), whose solution ends at alpha = 0.138."""
    x = np.linspace(0.5, 4, 40_001)
    loads = ((special.erf(x) - 2 * x * np.exp(-(x**2)) / np.sqrt(np.pi)) / x) ** 2 / 2
    assert loads.max() == pytest.approx(0.138, abs=5e-4)
    generator = np.random.default_rng(7)
    for load, wrong in ((0.1, 1.0e-3), (0.12, 3.39e-3)):
        expected = (1 - special.erf(np.interp(-load, -loads[loads.argmax() :], x[loads.argmax() :]))) / 2
        assert expected == pytest.approx(wrong, rel=0.01)
        several = [random_patterns(round(2000 * load), 2000, generator) for _ in range(8)]
        overlaps = np.concatenate([overlaps_after_falling(stored, 8, generator) for stored in several])
        # Standard error 12 % of the wrong bits.
        assert (1 - overlaps[overlaps > 0.6].mean()) / 2 == pytest.approx(expected, rel=0.3)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), size=st.integers(2, 40), diagonal=st.floats(0, 2))
def test_symmetric_couplings_come_to_rest_at_a_lower_energy(seed, size, diagonal):
    generator = np.random.default_rng(seed)
    couplings = generator.standard_normal((size, size))
    couplings += couplings.T
    np.fill_diagonal(couplings, diagonal)
    starts = random_patterns(5, size, generator).astype(float)
    energies = []
    found = fall_to_rest(
        couplings, starts, generator, watch=lambda now: energies.append(-np.einsum("si,ij,sj->s", now, couplings, now))
    )
    assert found.at_rest.all()
    assert np.all((found.states @ couplings) * found.states >= 0)
    assert np.all(np.diff(energies, axis=0) <= 1e-9)


def test_couplings_that_are_not_symmetric_may_go_on_for_ever():
    """Two neurons, of which one wants to be alike and the other to differ."""
    found = fall_to_rest(np.array([[0.0, 1.0], [-1.0, 0.0]]), np.ones((3, 2)), np.random.default_rng(0))
    assert not found.at_rest.any()


def test_readings_are_those_of_neurons_that_are_drawn_one_by_one():
    """The plain simulation: any of N neurons is read, whether it wants to change or not."""
    generator = np.random.default_rng(4)
    stored = random_patterns(3, 60, generator).astype(float)
    couplings, wrong = hebbian_matrix(stored), generator.random((400, 60)) < 0.2
    starts = np.where(wrong, -stored[0], stored[0])
    found = fall_to_rest(couplings, starts, generator)
    counted = []
    for start in starts:
        state, readings = start.copy(), 0
        while np.any((state @ couplings) * state < 0):
            neuron = generator.integers(60)
            state[neuron] = np.sign(state @ couplings[:, neuron]) or state[neuron]
            readings += 1
        counted.append(readings)
    error = np.hypot(np.std(counted), found.readings.std()) / 20
    assert found.readings.mean() == pytest.approx(np.mean(counted), abs=3 * error)


def test_a_diagonal_holds_more_patterns_and_corrects_less():
    """Each neuron stays what it is: stored patterns are at rest at loads where others would leave them, and wrong bits
    are kept as well. With 512 neurons every sum is exact, so that ties do not hang on how a machine adds."""
    generator = np.random.default_rng(5)
    stored = random_patterns(102, 512, generator).astype(float)
    free, held = hebbian_matrix(stored), stored.T @ stored / 512
    left = [wrong_shares(fall_to_rest(each, stored, generator).states, stored).mean() for each in (free, held)]
    assert left[0] > 0.1
    assert left[1] < 0.02
    few = random_patterns(31, 512, generator).astype(float)
    starts = np.where(generator.random(few.shape) < 0.3, -few, few)
    free, held = hebbian_matrix(few), few.T @ few / 512 + 0.5 * np.eye(512)
    left = [wrong_shares(fall_to_rest(each, starts, generator).states, few).mean() for each in (free, held)]
    assert left[0] < 0.01
    assert left[1] > 0.05


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"give \(N, N\) and \(starts, N\)"):
        fall_to_rest(np.eye(3), np.ones((2, 4)), np.random.default_rng(0))
