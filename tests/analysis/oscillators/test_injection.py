"""Locking and slips of Adler's equation, whose beats are known."""

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy.integrate import solve_ivp

from analysis import injection_locking
from analysis.oscillators.injection import phase_slips

T = np.linspace(0, 200e-9, 20001)
SIGNAL, STRENGTH = 5e9, 2 * np.pi * 30e6


def adler(detuning, start=2.0):
    """Phase of an oscillator that is `detuning` times the locking range's half off the signal."""
    found = solve_ivp(
        lambda _, psi: STRENGTH * (detuning - np.sin(psi)), T[[0, -1]], [start], t_eval=T, rtol=1e-9, atol=1e-9
    )
    return xr.DataArray(2 * np.pi * SIGNAL * T + found.y[0], coords={"t": T}, dims="t")


@rows("detuning", [-0.98, -0.5, 0.0, 0.5, 0.98])
def test_inside_the_range_it_is_locked_with_adlers_lag(detuning):
    found = injection_locking(adler(detuning), SIGNAL)
    assert found.locked
    assert found.slips == 0
    assert found.lag == pytest.approx(np.arcsin(detuning), abs=2e-3)


@rows("detuning", [-1.02, 1.1, 2.0])
def test_outside_it_slips_at_adlers_beat(detuning):
    found = injection_locking(adler(detuning), SIGNAL)
    beat = np.sign(detuning) * STRENGTH * np.sqrt(detuning**2 - 1) / (2 * np.pi)
    assert not found.locked
    assert abs(found.slips - abs(beat) * 100e-9) <= 1
    # Part of a slow beat's turn is in the half that is looked at.
    assert found.beat == pytest.approx(beat, abs=0.5 / 100e-9)
    assert np.isnan(found.lag)


def test_the_time_to_lock_is_that_of_the_closed_form():
    # At no detuning tan(psi / 2) falls as exp(-STRENGTH t).
    found = injection_locking(adler(0.0, start=2.0), SIGNAL)
    expected = np.log(np.tan(1.0) / np.tan(0.05)) / STRENGTH
    assert found.time_to_lock == pytest.approx(expected, abs=2 * (T[1] - T[0]))


def test_what_is_refused():
    phase = adler(0.5)
    with pytest.raises(ValueError, match=r"has 2 periods in the record, and 10 are needed"):
        injection_locking(phase, 1e7)
    with pytest.raises(ValueError, match="choose one with"):
        injection_locking(phase.expand_dims(member=2), SIGNAL)


@pytest.mark.parametrize(
    ("turns", "slips"),
    [([0, 0.6, 0, 0.9, 0], 0), ([0, 1.1, 0.9, 1.1, 1], 1), ([0, -1, -2.2, -1, -1], 3), ([0.3, 0.4, 2.4, 2.3, 2.35], 2)],
)
def test_a_slip_is_the_way_to_the_next_turn_and_not_half_of_it(turns, slips):
    t = np.arange(500) * 1e-10
    lag = 2 * np.pi * np.repeat(turns, 100)
    phase = xr.DataArray(2 * np.pi * 5e9 * t + lag, coords={"t": t}, dims="t")
    assert phase_slips(phase, 5e9) == slips
