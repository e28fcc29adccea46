import numpy as np
import pytest
from rows import rows
from scipy import stats

from solitons.junctions import SuperparamagneticNeuron, SwitchingRates, best_read_out, learn_read_out, population
from solitons.junctions.population import counting_statistics

ONE = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
ANGLE = np.linspace(-np.pi, np.pi, 73)
CURRENT = ANGLE / np.pi * 4e9
TWELVE = population(ONE, -4.5e9, 4.5e9, 12)
FALSE_ALARM = 1e-3


def error_of(count, time):
    return best_read_out(population(ONE, -4.5e9, 4.5e9, count), CURRENT, np.sin(ANGLE), time).error


def test_counts_have_the_mean_and_the_variance_of_renewals():
    mean, fano = counting_statistics(TWELVE, CURRENT[[20]])
    time = 200 / mean.max()
    found = TWELVE.counts(np.repeat(CURRENT[[20]], 3000)[:, None] * np.ones(12), time, seed=1)
    for counts, rate, share in zip(found.T, mean[0], fano[0], strict=True):
        if rate * time > 50:
            assert abs(counts.mean() - rate * time) < 4 * np.sqrt(share * rate * time / 3000)
            assert counts.var() == pytest.approx(share * rate * time, rel=0.12)
    assert fano.min() == pytest.approx(0.5, abs=0.05)
    assert fano.max() == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("time", [1e-5, 1e-4])
def test_a_read_out_that_learns_comes_near_the_least_error(time):
    best = best_read_out(TWELVE, CURRENT, np.sin(ANGLE), time)
    learned = learn_read_out(TWELVE, CURRENT, np.sin(ANGLE), time, trials=4000, seed=3)
    # 2000 tests know the error to some per cent; short counts are not yet as many as the variance supposes.
    assert 0.93 * best.error < learned.error < 1.1 * best.error
    # With nothing learned it would be that of the sine itself.
    assert learned.error < 0.25 * np.sqrt(0.5)


def test_the_expected_error_is_that_of_tests():
    best = best_read_out(TWELVE, CURRENT, np.sin(ANGLE), 1e-4)
    chosen = np.random.default_rng(4).integers(0, len(CURRENT), 4000)
    counts = TWELVE.counts(CURRENT[chosen][:, None] * np.ones(12), 1e-4, seed=5)
    squared = (best.read(counts / 1e-4)[:, 0] - np.sin(ANGLE[chosen])) ** 2
    assert stats.ttest_1samp(squared, best.error**2).pvalue > FALSE_ALARM


def test_errors_fall_with_time_and_with_junctions():
    # By counting noise as the inverse root of the time, where the curves themselves are good enough.
    assert error_of(12, 1e-4) / error_of(12, 1e-3) == pytest.approx(np.sqrt(10), rel=0.05)
    # And not below what few curves can make.
    assert error_of(4, 1e-1) == pytest.approx(error_of(4, np.inf), rel=0.05)
    errors = [error_of(count, 1e-4) for count in (4, 6, 8, 12, 24)]
    assert np.all(np.diff(errors) < 0)
    # Twice the junctions are as good as twice the time.
    assert error_of(24, 1e-4) == pytest.approx(error_of(12, 2e-4), rel=0.05)


def test_two_populations_read_where_an_arm_of_two_links_ends():
    # Each is shown the angle of a link; where the arm ends is a sum of functions of the two.
    first, second = (each.ravel() for each in np.meshgrid(ANGLE[::6], ANGLE[::6]))
    end = np.stack([np.cos(first) + np.cos(second) / 2, np.sin(first) + np.sin(second) / 2], axis=1)
    offsets = np.tile(np.asarray(TWELVE.rates.offset), 2)
    both = SuperparamagneticNeuron(SwitchingRates(1e9, 6.0, 1e10, offset=offsets))
    shown = np.repeat(np.stack([first, second], axis=1) / np.pi * 4e9, 12, axis=1)
    best = best_read_out(both, shown, end, 1e-4)
    learned = learn_read_out(both, shown, end, 1e-4, trials=6000, seed=6)
    assert best.error < 0.08
    assert learned.error < 1.25 * best.error


@rows(
    ("made", "said"),
    [
        (lambda: population(ONE, 1.0, 0.0, 3), "low = 1.0 below high = 0.0"),
        (lambda: population(ONE, 0.0, 1.0, 1), "count = 1 must be 2 or more"),
        (lambda: best_read_out(TWELVE, CURRENT, [1.0], 1e-4), "1 targets for 73 inputs"),
        (lambda: best_read_out(TWELVE, CURRENT, ANGLE, 0.0), "time = 0.0 s"),
        (lambda: learn_read_out(TWELVE, CURRENT, ANGLE, 1e-4, trials=1, seed=1), "trials = 1"),
    ],
)
def test_what_cannot_be_read_is_refused(made, said):
    with pytest.raises(ValueError, match=said):
        made()
