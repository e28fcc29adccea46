"""Fronts on made wires: when each magnet settles, how fast, and which fails first."""

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy import stats

from analysis import delay
from analysis.magnet_logic.fronts import first_failure, front_speed, settling_times

PITCH = 76e-9


def made_wire(count, speed, interval=1e-11, wrong=(), undecided=()):
    """A wire whose magnet i turns from 0 to (-1)^i at i PITCH / speed; wrong ones to the other."""
    names = [f"m{i}" for i in range(count)]
    at = np.arange(count) * PITCH / speed
    t = np.arange(0, at[-1] + 5e-10, interval)
    signs = (-1.0) ** np.arange(count)
    value = np.where(t[:, None] >= at, signs, 0)
    for i in wrong:
        value[:, i] *= -1
    for i in undecided:
        value[t >= at[i] + 2e-10, i] = 0
    made = xr.Dataset({"value": (("t", "magnet"), value.astype(np.int8))}, coords={"t": t, "magnet": names})
    return made, dict(zip(names, signs.astype(int).tolist(), strict=True)), at


def test_the_speed_of_a_made_front_is_found():
    made, expected, at = made_wire(12, 211.0)
    times = settling_times(made, expected)
    assert np.all(times.values >= at - 1e-15)
    assert np.all(times.values < at + 1.01e-11)
    fit = front_speed(times, np.arange(12) * PITCH)
    assert abs(float(fit.speed) - 211.0) < 3 * float(fit.speed_error)
    assert float(fit.speed_error) < 1.0
    assert float(fit.delay_per_magnet) == pytest.approx(PITCH / 211.0, rel=0.01)
    assert delay(made, {"m11": -1}, since=1e-10) == pytest.approx(at[11] - 1e-10, abs=1.01e-11)


def test_errors_of_a_line_through_few_magnets_are_those_of_a_regression():
    x = np.arange(4) * PITCH
    at = x / 211.0 + 1e-11 * np.array([1.0, -0.5, 0.3, -0.2])
    fit, known = front_speed(xr.DataArray(at, dims="magnet"), x), stats.linregress(x, at)
    assert float(fit.speed) == pytest.approx(1 / known.slope)
    assert float(fit.speed_error) == pytest.approx(known.stderr / known.slope**2)
    assert float(fit.delay_error) == pytest.approx(known.stderr * PITCH)


def test_magnets_that_never_settle_have_no_time_and_do_not_move_the_fit():
    made, expected, _ = made_wire(12, 211.0, wrong=[11], undecided=[7])
    times = settling_times(made, expected)
    assert np.flatnonzero(np.isnan(times)).tolist() == [7, 11]
    fit = front_speed(times, np.arange(12) * PITCH)
    assert int(fit.magnets) == 10
    assert float(fit.speed) == pytest.approx(211.0, rel=0.01)
    assert np.isnan(delay(made, {"m11": -1}))


def test_all_at_once_is_no_front():
    made, expected, _ = made_wire(5, 1e9)
    assert np.isinf(front_speed(settling_times(made, expected)[1:], np.arange(1, 5) * PITCH).speed)


def test_the_first_failure_is_the_earliest_and_not_the_first_of_the_chain():
    made, expected, _ = made_wire(8, 211.0)
    assert first_failure(made, expected) is None
    # The far end falls at once, and what follows on its way back is wrong too: 5 at 0.2 ns.
    value = made.value.values.copy()
    value[:, 7] = np.where(made.t >= 1e-10, -expected["m7"], 0)
    value[:, 6] = np.where(made.t >= 2e-10, -expected["m6"], 0)
    found = first_failure(made.assign(value=(("t", "magnet"), value)), expected)
    assert (found.magnet, found.place, found.value) == ("m7", 7, -1)
    assert found.time == pytest.approx(1e-10, abs=1.01e-11)


def test_an_undecided_magnet_is_a_failure():
    made, expected, at = made_wire(6, 211.0, undecided=[3])
    found = first_failure(made, expected)
    assert (found.magnet, found.value) == ("m3", 0)
    assert found.time == pytest.approx(at[3] + 2e-10, abs=1.01e-11)


def test_steps_are_counted():
    made = xr.Dataset({"value": (("step", "magnet"), [[0], [0], [1], [1]])}, coords={"step": range(4), "magnet": ["a"]})
    assert settling_times(made, {"a": 1}).values.tolist() == [2]
    assert first_failure(made, {"a": -1}).time == 2


@rows(
    ("expected", "words"),
    [
        ({"x": 1}, "expected names 'x', which is no magnet of the run; there are m0, m1, m2"),
        ({}, "expected names no magnet"),
        ({"m0": 0}, "values other than 1 and -1"),
    ],
)
def test_what_is_no_chain_is_refused(expected, words):
    made, _, _ = made_wire(3, 100.0)
    for function in (settling_times, first_failure):
        with pytest.raises(ValueError, match=words):
            function(made, expected)


def test_what_is_no_line_is_refused():
    made, expected, _ = made_wire(4, 100.0, wrong=[1, 2])
    times = settling_times(made, expected)
    with pytest.raises(ValueError, match="2 magnets settled"):
        front_speed(times, np.arange(4) * PITCH)
    with pytest.raises(ValueError, match=r"\(4,\) times and \(3,\) positions"):
        front_speed(times, np.arange(3))
    several = made.expand_dims(member=2)
    with pytest.raises(ValueError, match="choose one run"):
        settling_times(several, expected)
