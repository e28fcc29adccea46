"""Levels against their definition, and their interval against what was drawn."""

import numpy as np
import pytest
from rows import rows

from solitons.devices.level_count import count_levels


def errors(rms, runs=1):
    return [np.array([rms, -rms, rms])] * runs


@rows(
    ("rms", "reach", "count"),
    [(2e-9, 90e-9, 16), (2e-9, 89.9e-9, 15), (10e-9, 29e-9, 1), (0.1e-9, 0.3e-9, 2), (0.1e-9, 2.1e-9, 8)],
)
def test_levels_are_three_sigma_apart_over_the_reach(rms, reach, count):
    found = count_levels(errors(rms), reach)
    assert found.number == count
    assert found.ci95[0] <= count <= found.ci95[1]
    assert found.spread == pytest.approx(rms)


def test_heat_adds_in_squares():
    found = count_levels(errors(3e-9), 90e-9, heat=4e-9)
    assert (found.spread, found.model, found.heat) == pytest.approx((5e-9, 3e-9, 4e-9))
    assert found.number == 7


@pytest.mark.parametrize("runs", [1, 2, 4, 12])
@pytest.mark.parametrize("together", [False, True])
def test_the_interval_holds_the_truth_in_nineteen_of_twenty(runs, together):
    rng, held = np.random.default_rng(7), 0
    truth = int(np.floor(90e-9 / (3 * 2e-9))) + 1
    for _ in range(300):
        # The errors of one run hang together: at worst they are one error.
        drawn = rng.standard_normal((runs, 1 if together else 5)) * np.ones((1, 5))
        low, high = count_levels(list(2e-9 * drawn), 90e-9).ci95
        held += low <= truth <= high
    assert held >= 0.92 * 300


@rows("gone", [[], [np.array([])], [np.array([np.nan])]])
def test_without_an_error_there_are_no_levels(gone):
    with pytest.raises(ValueError, match="no held-out run has a rest at which its wall is there"):
        count_levels(gone, 1e-7)


def test_a_perfect_model_and_a_reach_of_nothing():
    with pytest.raises(ValueError, match="any number of levels stay apart"):
        count_levels(errors(0.0), 1e-7)
    for bad in (0.0, -1e-9, np.nan):
        with pytest.raises(ValueError, match=f"reach = {bad} m must be positive"):
            count_levels(errors(1e-9), bad)
