"""Held constants that are wrong move fitted parameters as the closed form says."""

import numpy as np
import pytest

from solitons.fits.consider_parameters import Considered, shifts_by_held

TIMES = np.linspace(0.0, 1.0, 12)
SLOPES = np.stack([TIMES, TIMES**2], axis=-1)  # of what is fitted
HELD = np.cos(3 * TIMES)[:, None]  # of what is held
NOISE, UNCERTAINTY = 0.1, 0.3


def consider_covariance(held, uncertainty=UNCERTAINTY, slopes=SLOPES):
    shifts = shifts_by_held(slopes, slopes / NOISE**2, uncertainty * held)
    return NOISE**2 * np.linalg.inv(slopes.T @ slopes) + shifts.T @ shifts


def freed_under_a_prior(held, uncertainty=UNCERTAINTY):
    every = np.concatenate([SLOPES, held], axis=-1)
    information = every.T @ every / NOISE**2 + np.diag([0.0, 0.0, uncertainty**-2])
    return np.linalg.inv(information)[:2, :2]


def test_it_is_the_spread_of_fits_whose_constant_is_wrong():
    generator = np.random.default_rng(1)
    wrong = UNCERTAINTY * generator.normal(size=(20_000, 1))
    data = NOISE * generator.normal(size=(20_000, TIMES.size)) + wrong @ HELD.T
    found = np.linalg.lstsq(SLOPES, data.T)[0]
    np.testing.assert_allclose(np.cov(found), consider_covariance(HELD), rtol=0.04)
    # Noise alone makes a fraction of it.
    assert np.cov(found)[0, 0] > 5 * consider_covariance(0 * HELD)[0, 0]


def test_the_sign_is_that_of_a_larger_constant():
    (shift,) = shifts_by_held(SLOPES, SLOPES, UNCERTAINTY * HELD)
    data = 2 * TIMES + 1.5 * HELD[:, 0]
    more, given = (np.linalg.lstsq(SLOPES, data - value * HELD[:, 0])[0] for value in (1 + UNCERTAINTY, 1.0))
    np.testing.assert_allclose(shift, more - given, rtol=1e-9)


def test_a_constant_that_the_data_do_not_tell_counts_as_if_it_were_fitted_under_its_prior():
    # It does what the fitted parameters do together: nothing in the data is of it alone.
    like_them = SLOPES @ np.array([[0.7], [-0.4]])
    np.testing.assert_allclose(consider_covariance(like_them), freed_under_a_prior(like_them), rtol=1e-9)


def test_of_others_it_is_the_limit_of_a_narrow_prior_and_never_less():
    added = [
        [cov(HELD, size) - consider_covariance(0 * HELD) for cov in (consider_covariance, freed_under_a_prior)]
        for size in (1e-4, UNCERTAINTY)
    ]
    np.testing.assert_allclose(*added[0], rtol=1e-4)
    # Freed, a poorly known one is told by the data.
    assert added[1][0][0, 0] > 2 * added[1][1][0, 0]
    assert np.linalg.eigvalsh(added[1][0] - added[1][1]).min() > -1e-12


def test_units_and_weights_do_not_matter_to_what_it_says():
    units = np.array([1e-12, 1e9])
    weights = 1 + TIMES[:, None]
    plain = shifts_by_held(SLOPES, weights * SLOPES, HELD)
    np.testing.assert_allclose(shifts_by_held(SLOPES * units, weights * SLOPES * units, HELD) * units, plain, rtol=1e-9)
    expected = -np.linalg.solve(SLOPES.T @ (weights * SLOPES), (weights * SLOPES).T @ HELD).T
    np.testing.assert_allclose(plain, expected, rtol=1e-9)


def test_the_slope_of_a_constant_is_a_secant_over_both_sides():
    assert Considered(-1.0, 3.0).slope(lambda value: np.array([value**2])) == pytest.approx(4.0)
    assert Considered(-0.5, 0.5, apart=1.0).slope(lambda value: np.array([3 * value])) == pytest.approx(3.0)
