"""Rows of walls against a lone wall, a pair that another method follows, and equipartition."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import constants

from geometries import Material
from runs import PiecewiseLinear
from solitons.domain_walls import follow_wall, follow_wall_pair, wall_from_material
from solitons.domain_walls.pinning import HarmonicPinning, PeriodicPinning
from solitons.domain_walls.wall_pair import pair_interaction
from solitons.domain_walls.wall_rows import follow_wall_rows, random_words, shift_outcomes
from solitons.fits.provenance import FittedRange, OutsideFittedRange, Provenance

FILM = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.3, D=5e-4, spin_hall_angle=0.2)
SIZE = {"thickness": 2e-9, "stripe_width": 80e-9}
PULSE = PiecewiseLinear((0.0, 0.1e-9, 0.4e-9, 0.5e-9), (0.0, 3e11, 3e11, 0.0))
TIMES = np.array([0.0, 0.5e-9, 1e-9])


def wall(pinning=None):
    return wall_from_material(FILM, polarity=-1, torques=("spin-orbit",), pinning=pinning, **SIZE)


# Long, so that its ends are far.
PAIR = pair_interaction(FILM, width=float(wall().width), length=3e-6, **SIZE)


def test_two_walls_go_as_a_pair_and_one_far_away_as_a_lone_wall():
    starts = [1.45e-6, 1.50e-6, 2.4e-6]
    found = follow_wall_rows(wall(), PAIR, TIMES, PULSE, positions=[starts], angle=0.0)[0]
    pair = follow_wall_pair(wall(), PAIR, TIMES, PULSE, position=tuple(starts[:2]), angle=(0.0, np.pi))
    np.testing.assert_allclose(found[:2], pair.position, atol=0.1e-9)
    lone = follow_wall(wall(), TIMES, PULSE, position=starts[2], angle=0.0)
    np.testing.assert_allclose(found[2], lone.position, atol=0.5e-9)
    # Two of one chirality part, and both go with the current.
    assert np.diff(found[:2, -1])[0] > 55e-9
    assert found[2, -1] - starts[2] > 20e-9


def test_walls_that_meet_or_leave_are_lost_and_absent_ones_stay_so():
    low, high = (1.5e-6, -1e-6)
    towards = HarmonicPinning(stiffness=2e12, centre=low)
    beyond = HarmonicPinning(stiffness=2e11, centre=high)
    starts = [[1.4e-6, 1.6e-6, np.nan], [0.1e-6, 2.0e-6, 2.2e-6]]
    met = follow_wall_rows(wall(towards), PAIR, TIMES, PULSE, positions=starts, angle=0.0)
    assert np.isnan(met[0, :, -1]).all()
    left = follow_wall_rows(wall(beyond), PAIR, TIMES, PULSE, positions=starts, angle=0.0)
    assert np.isnan(left[1, 0, -1])
    assert np.isfinite(left[1, 1:, -1]).all()


def test_heat_spreads_every_wall_of_a_row_by_equipartition():
    """A well for each wall, so strong that neighbours 300 nm away do not matter: k T = 2 mu0 Ms S k <x^2>."""
    strength, period = 2e4, 300e-9
    held = wall(PeriodicPinning(strength=strength, period=period, site=0.0))
    starts = np.tile(period * np.arange(4, 7), (400, 1))
    still = PiecewiseLinear((0.0,), (0.0,))
    path = follow_wall_rows(held, PAIR, [0.0, 2e-9], still, positions=starts, angle=0.0, temperature=30.0, seed=1)
    stiffness = 2 * np.pi * strength / period
    moment = 2 * constants.mu_0 * float(held.moment_per_length)
    expected = constants.k * 30.0 / (moment * stiffness)
    assert np.var(path[..., -1], axis=0) == pytest.approx(expected, rel=0.15)


def test_what_has_no_answer_is_refused_and_what_is_outside_the_fit_warns():
    still = PiecewiseLinear((0.0,), (0.0,))
    given = {"positions": [[1.4e-6, 1.6e-6]], "angle": 0.0}
    with pytest.raises(ValueError, match=r"follow_wall_rows: temperature = -300 K"):
        follow_wall_rows(wall(), PAIR, TIMES, still, temperature=-300, **given)
    with pytest.raises(ValueError, match=r"follow_wall_rows: dynamics.moment_per_length = 0.0"):
        follow_wall_rows(replace(wall(), moment_per_length=0.0), PAIR, TIMES, still, **given)
    seen = FittedRange(amplitude=(1e12, 2e12), width=(2e-10, 6e-10), position=(0.0, 3e-6))
    fitted = replace(wall(), provenance=Provenance(trained_on=("0123456789abcdef",), fitted_range=seen))
    with pytest.warns(OutsideFittedRange, match="pulse amplitude 3e"):
        follow_wall_rows(fitted, PAIR, TIMES, PULSE, **given)


def test_outcomes_are_counted_in_the_direction_of_the_pulses():
    places = np.array([[[2, 3, 3, 5], [6, 5, -1, -1], [-1, -1, -1, -1]]])
    assert shift_outcomes(places, 1).tolist() == [1, 1, 1, 1, 1]
    assert shift_outcomes(places, -1).tolist() == [1, 1, 0, 2, 1]
    words = random_words(2, 500, seed=1)
    assert words.any(axis=1).all()
    assert words.sum(axis=1).mean() == pytest.approx(5 / 4, abs=0.06)  # a quarter was empty, and got one
