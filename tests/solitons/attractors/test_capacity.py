"""Half-points of recalled shares, and their limit for many neurons."""

import numpy as np
import pytest

from solitons.attractors.capacity import HalfPoint, half_point, limit_of_sizes, recalled_shares
from solitons.attractors.patterns import WRONG_ALLOWED
from solitons.attractors.threshold_neurons import overlaps_after_falling


def test_intervals_of_half_points_and_of_their_limit_hold_what_was_put_in():
    """Thresholds of draws are normal about a known one; a draw's starts share half of their variance."""
    generator, loads, covered = np.random.default_rng(6), np.linspace(0.03, 0.07, 17), []
    for _ in range(25):
        points = []
        for size in (1000, 2000, 4000):
            threshold = 0.042 + 4 / size
            width = 0.2 / np.sqrt(size) / np.sqrt(2)
            draws = threshold + width * (generator.standard_normal((30, 1)) + generator.standard_normal((30, 4)))
            points.append(half_point(loads, np.mean(loads < draws[..., None], axis=1)))
            covered.append(points[-1].low <= threshold <= points[-1].high)
        limit = limit_of_sizes([1000, 2000, 4000], points)
        covered.append(limit.low <= 0.042 <= limit.high)
    # 95 of 100 are expected; below 85 once in 10,000 times.
    assert sum(covered) >= 85
    shares = np.tile([1.0, 0.9, 0.8], (5, 1))
    assert np.isnan(half_point([1.0, 2.0, 3.0], shares).value)
    with pytest.raises(ValueError, match="widen the loads where none was found"):
        limit_of_sizes([1000, 2000], [half_point([1.0, 2.0, 3.0], shares)] * 2)
    assert half_point([1.0, 2.0, 3.0, 4.0], np.array([[1.0, 0.5, 0.5, 0.0]] * 2)).value == 2.5
    line = [HalfPoint(0.04 + 16 * size**-0.8, 0.0, 1.0, np.array([0.0, 1e-3])) for size in (1e3, 4e3, 8e3)]
    assert limit_of_sizes([1e3, 4e3, 8e3], line, power=0.8).value == pytest.approx(0.04)


def test_fewer_patterns_than_starts_are_refused():
    with pytest.raises(ValueError, match=r"0\.001 of 1000 neurons are 1 patterns, and 4 are recalled"):
        recalled_shares(1000, [0.001, 0.1], 1, 4, 0, overlaps_after_falling, 0.97)


@pytest.mark.slow
def test_the_capacity_of_threshold_neurons_is_the_published_one():
    """0.138 N with 1.5 % of the bits wrong: D. J. Amit, H. Gutfreund and H. Sompolinsky, Phys. Rev. Lett. 55, 1530
    (1985)."""
    sizes, loads = (1000, 2000, 4000), [0.12, 0.13, 0.14, 0.145, 0.15, 0.155, 0.16, 0.17]
    least = 1 - 2 * WRONG_ALLOWED
    found = [
        half_point(loads, recalled_shares(size, loads, 20, 8, 11, overlaps_after_falling, least)) for size in sizes
    ]
    assert limit_of_sizes(sizes, found).value == pytest.approx(0.138, abs=0.01)
