"""Runs that are chosen, beside optimal designs that are known in closed form."""

import numpy as np
import pytest

from solitons.fits.chosen_runs import most_telling, predicted_interval, spread_out


def chosen(slopes, first, count):
    """A design of `count` runs, which may be repeated, from the places of the first on."""
    places = list(first)
    while len(places) < count:
        places.append(most_telling([slopes[each] for each in places], dict(enumerate(slopes))))
    return places


def test_a_straight_line_is_measured_at_its_two_ends():
    # D-optimal for a + b x on an interval: half of the runs at each end (Fedorov 1972, chapter 2).
    x = np.linspace(-1, 1, 21)
    places = chosen([np.array([[1.0, each]]) for each in x], first=(9, 10), count=12)
    assert sorted(x[places[2:]].tolist()) == [-1.0] * 5 + [1.0] * 5


def test_a_parabola_is_measured_at_its_ends_and_in_the_middle():
    # D-optimal of degree two: a third of the runs at each of -1, 0, 1 (P. G. Guest, Ann. Math. Stat. 29, 294 (1958)).
    x = np.linspace(-1, 1, 21)
    places = chosen([np.array([[1.0, each, each**2]]) for each in x], first=(0, 10, 20), count=30)
    assert np.unique(x[places], return_counts=True)[1].tolist() == [10, 10, 10]
    assert np.unique(x[places]).tolist() == [-1.0, 0.0, 1.0]


@pytest.mark.parametrize("tau", [0.4, 1.0, 2.2])
def test_a_decay_is_measured_at_its_time_constant(tau):
    # d exp(-t / tau) / d tau is largest at t = tau (G. E. P. Box and H. L. Lucas, Biometrika 46, 77 (1959)).
    t = np.linspace(0.1, 5, 50)
    slopes = [np.array([[each / tau**2 * np.exp(-each / tau)]]) for each in t]
    assert t[most_telling([slopes[0]], dict(enumerate(slopes)))] == pytest.approx(tau)


def test_an_amplitude_and_a_decay_are_measured_at_the_start_and_a_time_constant_later():
    # The two-point optimum of A exp(-k t) has t2 - t1 = 1 / k (Box and Lucas 1959).
    rate, t = 2.0, np.linspace(0, 3, 61)
    slopes = [np.array([[np.exp(-rate * each), -3 * each * np.exp(-rate * each)]]) for each in t]
    places = chosen(slopes, first=(0, 60), count=22)
    assert np.unique(t[places[2:]].round(9)).tolist() == [0.0, 0.5]


def test_the_units_of_parameters_choose_nothing():
    draw = np.random.default_rng(3)
    slopes = [draw.normal(size=(4, 3)) for _ in range(12)]
    units = np.array([1e-11, 1.0, 1e9])
    assert chosen(slopes, (0,), 9) == chosen([each * units for each in slopes], (0,), 9)


def test_a_single_number_is_asked_for_where_its_prediction_is_worst():
    # Kiefer and Wolfowitz 1960.
    draw = np.random.default_rng(5)
    made, others = draw.normal(size=(4, 3)), draw.normal(size=(30, 3))
    variance = np.einsum("ij,jk,ik->i", others, np.linalg.inv(made.T @ made), others)
    assert most_telling([made], {at: each[None] for at, each in enumerate(others)}) == variance.argmax()


def test_the_interval_of_a_line_is_least_squares_own():
    # At x the mean of n runs at -1 and 1 each is known to s sqrt((1 + x^2) / 2 n).
    x = np.linspace(-1, 1, 5)
    line = np.stack([np.ones_like(x), x], axis=1)
    covariance = np.linalg.inv(4 * np.diag([2.0, 2.0]))
    found = predicted_interval(line, covariance)
    assert found == pytest.approx(1.96 * np.sqrt(np.mean((1 + x**2) / 8)), rel=1e-4)


def test_parameters_that_trade_places_leave_a_prediction_narrow():
    # Only the sum of two is measured, to 0.1.
    covariance = np.array([[1.0, -0.995], [-0.995, 1.0]])
    assert predicted_interval(np.array([[1.0, 1.0]]), covariance, quantile=1.0) == pytest.approx(0.1)
    assert np.isnan(predicted_interval(np.array([[1.0, 1.0]]), np.nan * covariance))


def test_first_runs_lie_at_the_corners_and_in_the_middle():
    grid = [(a, w) for a in (1e12, 2e12, 3e12) for w in (1e-10, 2e-10, 3e-10)]
    assert set(spread_out(grid, 4)) == {0, 2, 6, 8}
    assert spread_out(grid, 5)[-1] == 4
    assert len(set(spread_out(grid, 9))) == 9
