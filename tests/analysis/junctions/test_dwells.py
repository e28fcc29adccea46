"""Dwell times and rates of telegraph noise whose rates are known."""

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy import stats

from analysis import dwell_rates, dwell_times, exponential_dwells
from analysis.artificial import telegraph_noise
from analysis.traces import digitise

UP, DOWN = 2e6, 5e6
NANO = 1e-9


def trace_of(values, interval=NANO):
    return xr.DataArray(values, coords={"t": interval * np.arange(len(values))}, dims="t")


def test_dwells_are_found_where_they_were_put_and_the_outer_ones_are_censored():
    dwells = dwell_times(trace_of([-1.0] * 4 + [1.0] * 3 + [-1.0] * 2 + [1.0] * 5))
    assert dwells["state"].values.tolist() == [0, 1, 0, 1]
    assert dwells["censored"].values.tolist() == [True, False, False, True]
    np.testing.assert_allclose(dwells["start"], np.array([0, 3.5, 6.5, 8.5]) * NANO)
    np.testing.assert_allclose(dwells["duration"], np.array([3.5, 3, 2, 4.5]) * NANO)


def test_swings_about_one_threshold_are_no_flips():
    # Noise of two fifths of a level crosses 0 often, and both thresholds almost only in true flips.
    noisy = telegraph_noise(UP, DOWN, 2e-4, 5 * NANO, seed=3, noise=0.4)
    clean = telegraph_noise(UP, DOWN, 2e-4, 5 * NANO, seed=3)
    naive = int(np.sum(np.diff(noisy.values > 0)))
    found, true = (dwell_times(one, low=-0.7, high=0.7).sizes["dwell"] for one in (noisy, clean))
    assert abs(found - true) <= 0.03 * true
    assert naive > 1.5 * true
    with pytest.raises(ValueError, match=r"low = 0.5 must be below high = -0.5"):
        digitise([0.0], 0.5, -0.5)


# From traces of some 140 flips, sampled fifty times and four times in the shorter dwell.
@pytest.mark.parametrize("interval", [4 * NANO, 50 * NANO])
def test_intervals_of_rates_hold_the_truth_as_often_as_they_say(interval):
    holds, estimates = np.zeros((200, 2), dtype=bool), np.zeros((200, 2))
    for seed in range(200):
        rates = dwell_rates(dwell_times(telegraph_noise(UP, DOWN, 5e-5, interval, seed=seed)))
        estimates[seed] = rates["rate"]
        holds[seed] = (rates["low"].values <= (UP, DOWN)) & (rates["high"].values >= (UP, DOWN))
    # By chance fewer than the bound hold it once in a thousand; an interval of no use would hold it always.
    assert (holds.sum(axis=0) >= stats.binom.ppf(1e-3, 200, 0.95)).all()
    assert (holds.sum(axis=0) < 200).all()
    error = estimates.std(axis=0) / np.sqrt(200)
    assert (np.abs(estimates.mean(axis=0) - (UP, DOWN)) < 4 * error + 0.02 * np.array([UP, DOWN])).all()


def test_censored_dwells_count_as_time_and_not_as_flips():
    # Of many short traces most dwells are censored; without them the rates would come out far too high.
    members = [telegraph_noise(UP, DOWN, 4e-7, 4 * NANO, seed=10_000 + seed) for seed in range(400)]
    trace = xr.concat(members, dim="member").assign_coords(member=np.arange(400))
    dwells = dwell_times(trace)
    rates = dwell_rates(dwells)
    assert (rates["low"].values < (UP, DOWN)).all()
    assert (rates["high"].values > (UP, DOWN)).all()
    complete = dwells["duration"].values[~dwells["censored"].values & (dwells["state"].values == 0)]
    assert 1 / complete.mean() > 2 * UP
    assert int(dwells["censored"].sum()) >= 400


def test_a_trace_without_a_flip_has_an_upper_bound():
    rates = dwell_rates(dwell_times(trace_of(np.full(101, -1.0))))
    assert rates["flips"].values.tolist() == [0, 0]
    assert float(rates["rate"][0]) == float(rates["low"][0]) == 0
    # P(no flip) = exp(-rate T) is 2.5 % at the upper end.
    assert float(rates["high"][0]) == pytest.approx(-np.log(0.025) / (100 * NANO))


def test_dwells_of_one_rate_pass_and_those_of_another_law_do_not():
    found = [
        exponential_dwells(dwell_times(telegraph_noise(UP, DOWN, 5e-5, 20 * NANO, seed=seed))) for seed in range(20)
    ]
    p_values = np.concatenate([one["p_value"].values for one in found])
    # Uniform where the law holds: as many below 0.1 as a binomial allows, and not all high.
    assert stats.kstest(p_values, "uniform").pvalue > 1e-3
    random = np.random.default_rng(1)
    lengths = np.rint(random.gamma(3, 20, size=200)).astype(int) + 1
    regular = np.repeat(np.tile([-1.0, 1.0], 100), lengths)
    assert (exponential_dwells(dwell_times(trace_of(regular)))["p_value"] < 0.01).all()
    few = exponential_dwells(dwell_times(trace_of([-1.0, 1.0, -1.0])))
    assert np.isnan(few["p_value"]).all()


@rows(
    ("act", "message"),
    [
        (lambda: dwell_times([1.0, 2.0]), "trace is a list; give an xarray.DataArray over t"),
        (lambda: dwell_times(trace_of([1.0])), "trace has 1 samples"),
        (lambda: dwell_times(trace_of([1.0, np.nan])), "not finite"),
        (lambda: dwell_times(trace_of([0.1, 0.2])), "lies between low = -0.5 and high = 0.5 throughout, from 0.1 to"),
        (lambda: dwell_times(trace_of([1.0, -1.0]).expand_dims("x")), r"dimensions \('x', 't'\)"),
        (
            lambda: dwell_times(xr.DataArray([1.0, 1.0, 1.0], coords={"t": [0, 1.0, 3.0]}, dims="t")),
            "sample it evenly",
        ),
        (lambda: dwell_rates(xr.Dataset()), "dwells lacks state, start, duration, censored"),
        (lambda: dwell_rates(dwell_times(trace_of([-1.0, 1.0] * 50))), "flips about as fast as it is sampled"),
        (lambda: dwell_rates(dwell_times(trace_of([-1.0, 1.0])), confidence=95), "confidence = 95 must be between"),
        (lambda: telegraph_noise(0, 1, 1, 1, seed=1), "up_rate = 0 must be above 0"),
    ],
)
def test_what_has_no_dwells_is_refused(act, message):
    with pytest.raises((TypeError, ValueError), match=message):
        act()
