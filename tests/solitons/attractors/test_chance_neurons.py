"""Neurons by chance: Boltzmann's distribution beside enumeration, and the mean field of one pattern."""

import numpy as np
import pytest

from solitons.attractors.chance_neurons import follow_by_chance
from solitons.attractors.patterns import hebbian_matrix, random_patterns
from solitons.junctions import PBit, SwitchingRates, exact_distribution, sample_states


def odds(fields):
    return (1 + np.tanh(fields)) / 2


def test_the_distribution_of_twelve_neurons_is_that_of_enumeration():
    """2e6 states of 100,000 networks; total variation of as many independent samples is 0.01."""
    couplings = hebbian_matrix(random_patterns(2, 12, np.random.default_rng(3)).astype(float))
    bit = PBit(SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10))
    share = sample_states(bit, couplings, np.zeros(12), 20, seed=1, strength=1.5, chains=100_000)
    exact = exact_distribution(couplings, np.zeros(12), strength=1.5)
    assert np.abs(share - exact).sum() / 2 < 0.02
    # At another temperature the distribution is another.
    assert np.abs(share - exact_distribution(couplings, np.zeros(12), strength=1.3)).sum() / 2 > 0.05


@pytest.mark.parametrize("strength", [0.7, 1.2, 2.0])
def test_one_pattern_in_many_neurons_is_recalled_as_the_mean_field_has_it(strength):
    """m = tanh(beta m): no recall below beta = 1."""
    size, generator = 1000, np.random.default_rng(6)
    stored = random_patterns(1, size, generator).astype(float)
    overlaps = []
    follow_by_chance(
        strength * hebbian_matrix(stored), np.zeros(size), np.repeat(stored, 20, axis=0), odds, 60, generator,
        watch=lambda now: overlaps.append(np.mean(now * stored, axis=1)),
    )  # fmt: skip
    expected = 1.0
    for _ in range(1000):
        expected = np.tanh(strength * expected)
    found = np.abs(np.mean(overlaps[20:], axis=0)).mean()
    assert found == pytest.approx(expected, abs=0.02)


def test_held_neurons_stay():
    found = follow_by_chance(
        np.zeros((3, 3)), np.full(3, -9.0), np.ones((5, 3)), odds, 2, np.random.default_rng(0), held=[1]
    )
    assert found.tolist() == [[-1.0, 1.0, -1.0]] * 5
