"""Whether work and damping term agree: a test that is right with few members too."""

import numpy as np
import pytest

from solitons.magnet_logic.mean_heats import MeanHeat, damping_p_value, found_difference


@pytest.mark.slow
@pytest.mark.parametrize("members", [20, 500])
def test_heats_that_agree_are_refused_as_often_as_the_test_says(members):
    generator, refused = np.random.default_rng(1), 0
    for _ in range(4000):
        off = generator.normal(size=(12, members))
        errors = off.std(axis=1, ddof=1) / np.sqrt(members)
        points = [
            MeanHeat(members, 5.0, 1.0, 5.0 + mean, error) for mean, error in zip(off.mean(axis=1), errors, strict=True)
        ]
        refused += damping_p_value(points) < 1e-3
    # 4 are expected, and 12 or more come by chance once in a thousand; a normal test has 40 with 20 members.
    assert refused < 12


def test_heats_that_differ_are_refused():
    assert damping_p_value([MeanHeat(20, 5.0, 1.0, 7.0, 0.2), MeanHeat(100, 5.0, 1.0, 5.1, 0.2)]) < 1e-6


def test_a_difference_is_found_as_often_as_it_is_said():
    generator, errors, refused = np.random.default_rng(2), np.array([0.6, 0.9, 1.4, 2.1]), 0
    differ = found_difference([MeanHeat(4000, 0.7, 0.01, 0.7, error) for error in errors])
    for _ in range(2000):
        heats = 0.7 + differ + errors * generator.normal(size=4)
        points = [MeanHeat(4000, 0.7, 0.01, heat, error) for heat, error in zip(heats, errors, strict=True)]
        refused += damping_p_value(points) < 1e-3
    assert refused / 2000 == pytest.approx(0.9, abs=3 * np.sqrt(0.9 * 0.1 / 2000))
