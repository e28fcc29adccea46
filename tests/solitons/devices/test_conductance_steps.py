"""Steps of a conductance against trains that are written down here."""

import numpy as np
import pytest

from solitons.devices.conductance_steps import Train, asymmetry, resting_conductances, steps_from, trains_of


def test_an_ideal_synapse_has_none():
    up = np.linspace(0.0, 8.0, 9)
    first, second = trains_of(np.concatenate([up, up[-2::-1]])[None], np.repeat([1, -1], 8))
    assert (first.sign, second.sign) == (1, -1)
    assert first.nonlinearity == pytest.approx(0.0)
    assert asymmetry(first, second) == pytest.approx(0.0)
    assert (first.mean_step, second.mean_step, first.spread) == pytest.approx((1.0, -1.0, 0.0))


def test_a_saturating_train_is_off_the_line_by_what_calculus_says():
    # G = 1 - exp(-n / N k): its distance from the chord over the chord is largest where the slopes agree.
    count, k = 400, 0.5
    n = np.arange(count + 1) / count
    rise = 1 - np.exp(-n / k)
    slope = rise[-1]
    at = -k * np.log(k * slope)
    expected = ((1 - np.exp(-at / k)) - slope * at) / slope
    assert Train(1, rise[None]).nonlinearity == pytest.approx(expected, rel=1e-4)
    # Up along a saturating curve and down along another: furthest apart in the middle of the way.
    assert asymmetry(Train(1, rise[None]), Train(-1, rise[::-1][None])) == pytest.approx(0.0)
    back = Train(-1, (rise[-1] - rise)[None])
    assert asymmetry(Train(1, rise[None]), back) > 0.3


def test_the_spread_is_of_steps_and_not_of_what_they_add_up_to():
    rng = np.random.default_rng(0)
    steps = 1.0 + 0.2 * rng.standard_normal((4000, 10))
    train = Train(1, np.concatenate([np.zeros((4000, 1)), np.cumsum(steps, axis=1)], axis=1))
    assert train.spread == pytest.approx(0.2, rel=0.02)
    assert train.mean_step == pytest.approx(1.0, rel=0.01)


def test_a_train_that_changes_nothing_has_no_nonlinearity():
    there_and_back = Train(1, np.array([[0.0, 1.0, 0.0]]))
    assert there_and_back.nonlinearity is None
    assert asymmetry(there_and_back, there_and_back) is None
    assert Train(1, np.zeros((1, 3))).nonlinearity is None
    # One pulse is a straight line whatever the device.
    assert Train(1, np.array([[0.0, 1.0]])).nonlinearity is None
    assert asymmetry(Train(1, np.array([[0.0, 1.0]])), Train(-1, np.array([[1.0, 0.5, 0.0]]))) is None


def test_a_pulse_that_moves_nothing_adds_no_resting_conductance():
    run = np.array([[1.0, 2.0, 2.02, 3.0, 4.0, 3.0, 2.0]])
    assert resting_conductances(run, np.array([1, 1, 1, 1, -1, -1])).tolist() == pytest.approx([1.0, 2.01, 3.0, 4.0])
    falling = resting_conductances(run[:, ::-1], np.array([1, 1, -1, -1, -1, -1]))
    assert falling.tolist() == [2.0, 3.0, 4.0]


def test_a_pulse_counts_for_the_nearest_conductance_and_the_ones_of_its_sign():
    run = np.array([[0.0, 1.0, 2.0, 1.2, 0.0], [0.1, 0.1, 1.1, 0.9, 0.9]])
    low, high = steps_from(run, np.array([True, True, False, False]), np.array([0.0, 1.0]))
    assert low.tolist() == pytest.approx([2 / 3, np.std([1.0, 0.0, 1.0], ddof=1), 3])
    assert high.tolist() == pytest.approx([1.0, np.nan, 1], nan_ok=True)
    assert steps_from(run, np.zeros(4, bool), np.array([0.0])).tolist() == [
        pytest.approx([np.nan, np.nan, 0], nan_ok=True)
    ]
