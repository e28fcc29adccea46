"""Signals in time and their read-out: what lines of delayed inputs get, published and in closed form."""

import numpy as np
import pytest

from solitons.reservoirs.delay_taps import delay_taps, quadratic_taps, taps_of_weights
from solitons.reservoirs.signal_read_out import read_signal
from solitons.reservoirs.signal_tasks import movement, narma, sine_or_square


def errors(task, features, times=3800, series=10):
    return np.array([
        read_signal({"": features(each.inputs)}, each.targets, train=1900, washout=100).error
        for each in (task(times, seed) for seed in range(series))
    ])  # fmt: skip


def test_narma_has_the_errors_of_lines_of_taps():
    # The figures that the benchmark has to be measured against, on 1,900 and 1,900 steps and ten seeds.
    assert errors(narma, lambda u: delay_taps(u, 50)).mean() == pytest.approx(0.389, abs=0.014)
    assert errors(narma, lambda u: quadratic_taps(u, 50, 11)).mean() == pytest.approx(0.207, abs=0.014)


def test_narma_follows_its_own_recursion():
    task = narma(300, seed=3)
    v, y = (task.inputs + 1) / 4, task.targets
    for t in range(20, 299):
        wanted = 0.3 * y[t] + 0.05 * y[t] * y[t - 9 : t + 1].sum() + 1.5 * v[t - 8] * v[t + 1] + 0.1
        assert y[t + 1] == pytest.approx(wanted)


def test_a_movement_is_a_filter_as_long_as_itself():
    # One pulse is answered by the same speeds, so that as many taps as the movement lasts are exact and fewer are not.
    assert errors(movement, lambda u: delay_taps(u, 20), series=2).max() < 1e-9
    assert errors(movement, lambda u: delay_taps(u, 10), series=2).min() > 0.3
    assert movement(400, seed=0).targets.sum() == pytest.approx(
        20 * (movement(400, seed=0).inputs == 1).sum(), rel=0.01
    )


def test_no_line_of_one_tap_tells_a_sine_from_a_square_and_a_square_of_it_does():
    # Both shapes are odd: each value of the input is as often negative.
    assert errors(sine_or_square, lambda u: u[:, None], series=3) == pytest.approx(1.0, abs=0.02)
    # Its square is 1 in a square, and 0, 1/2, 1 in 2, 4, 2 of a sine's samples: covariance 1/4, variance 1/8.
    squared = errors(sine_or_square, lambda u: quadratic_taps(u, *taps_of_weights(1)[0]))
    assert squared.mean() == pytest.approx(np.sqrt(0.5), abs=0.01)
    task = sine_or_square(3800, seed=0)
    plain = np.abs(task.inputs) == 1
    assert set(task.targets[~plain]) == {-1.0}
    assert set(task.targets[plain]) == {-1.0, 1.0}


def test_chance_is_worth_a_constant_and_more_weights_than_samples_are_refused():
    generator = np.random.default_rng(0)
    noise, targets = generator.standard_normal((600, 20)), generator.standard_normal(600)
    assert 0.97 < read_signal({"noise": noise}, targets, train=400, washout=0).error < 1.1
    with pytest.raises(ValueError, match=r"'wide' for 240 samples to fit them; give fewer nodes"):
        read_signal({"wide": generator.standard_normal((600, 240))}, targets, train=400, washout=100)
    with pytest.raises(ValueError, match="are not all finite: a device is lost"):
        read_signal({"lost": np.full((600, 2), np.nan)}, targets, train=400, washout=0)
    with pytest.raises(ValueError, match="times to test beyond train"):
        read_signal({"noise": noise}, targets, train=600, washout=0)


@pytest.mark.parametrize("weights", [1, 5, 12, 24, 116])
def test_taps_take_no_more_weights_than_they_may(weights):
    for linear, quadratic in taps_of_weights(weights):
        assert quadratic_taps(np.zeros(200), linear, quadratic).shape[1] <= weights
