"""Tails of sums beside laws that are known, quadrature, and a convolution, which keeps its digits."""

import numpy as np
import pytest
from rows import rows
from scipy.special import ndtr

from solitons.numerics.sum_tails import NORMAL_NODES, upper_tail


@pytest.mark.parametrize("z", [-2.0, 0.1, 3.0, 6.5, 9.0])
def test_a_sum_of_normal_numbers_is_a_normal_number(z):
    found = upper_tail([NORMAL_NODES, 2 * NORMAL_NODES], [5, 1], z * 5.0, noise=4.0)
    assert found == pytest.approx(ndtr(-z), rel=1e-9)


def twice_by_quadrature(spread, threshold):
    z = np.linspace(-14, 14, 100_001)
    left = threshold - np.exp(spread * z)
    above = np.where(left > 0, ndtr(-np.log(np.maximum(left, 1e-300)) / spread), 1.0)
    return float((np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)) @ above * (z[1] - z[0]))


@rows("spread, threshold", [(0.04, 2.5), (0.1, 2.6), (0.1, 3.2), (0.2, 3.0), (0.3, 1.1), (0.3, 5.0)])
def test_two_lognormal_numbers_are_above_a_threshold_as_quadrature_has_it(spread, threshold):
    found = upper_tail([np.exp(spread * NORMAL_NODES)], [2], threshold)
    assert found == pytest.approx(twice_by_quadrature(spread, threshold), rel=1e-6)


@pytest.mark.parametrize("spread", [0.04, 0.1])
def test_both_tails_of_eight_lognormal_numbers_are_those_of_a_convolution(spread):
    step = spread / 24
    x = np.arange(step, np.exp(14 * spread), step)
    law = np.exp(-((np.log(x) / spread) ** 2) / 2) / (x * spread * np.sqrt(2 * np.pi)) * step
    for _ in range(3):
        law = np.convolve(law, law)
    at = 8 * step + step * np.arange(law.size)
    for share in (1e-13, 1e-10, 1e-5):
        above = np.cumsum(law[::-1])[::-1]
        edge = np.searchsorted(-above, -share)
        # A sum over points is an integral from half a step before the first.
        found = upper_tail([np.exp(spread * NORMAL_NODES)], [8], at[edge] - step / 2)
        assert found == pytest.approx(above[edge], rel=3e-3)
        below = np.cumsum(law)
        edge = np.searchsorted(below, share)
        found = upper_tail([-np.exp(spread * NORMAL_NODES)], [8], -(at[edge] + step / 2))
        assert found == pytest.approx(below[edge], rel=3e-3)


@rows("threshold, error", [(8.0, 1e-4), (12.0, 0.1)])
def test_a_tail_of_one_large_number_loses_digits_to_rounding(threshold, error):
    found = upper_tail([np.exp(0.3 * NORMAL_NODES)], [2], threshold)
    assert found == pytest.approx(twice_by_quadrature(0.3, threshold), rel=error)


def test_a_tail_beyond_rounding_is_next_to_nothing():
    assert 0 < upper_tail([np.exp(0.3 * NORMAL_NODES)], [2], 20.0) < 1e-16


def test_what_does_not_vary_is_above_or_not():
    ones = np.ones_like(NORMAL_NODES)
    assert (upper_tail([ones], [3], 2.9), upper_tail([ones], [3], 3.1)) == (1.0, 0.0)
