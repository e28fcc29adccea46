"""Phase locking on traces whose flips are known."""

import math

import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import phase_locking
from analysis.artificial import telegraph_noise

FREQUENCY = 5e6
INTERVAL = 2e-9
TIMES = INTERVAL * np.arange(100_001)


def square(frequency=FREQUENCY, lag=0.0, times=TIMES):
    values = np.where(np.sin(2 * np.pi * frequency * times - lag + 1e-9) >= 0, 1.0, -1.0)
    return xr.DataArray(values, coords={"t": times}, dims="t")


@rows(("phase", "lag"), [(0.0, 0.4), (1.0, -0.8), (-2.0, 2.9)])
def test_a_junction_that_follows_is_locked_with_its_lag(phase, lag):
    found = phase_locking(square(lag=lag - phase), FREQUENCY, phase=phase)
    assert float(found["phase_locking_value"]) > 0.9999
    assert float(found["fraction_locked"]) == 1
    # A flip is placed half a sample early on average.
    assert float(found["lag"]) == pytest.approx(lag, abs=2 * np.pi * FREQUENCY * INTERVAL)
    assert float(found["mean_frequency"]) == pytest.approx(FREQUENCY, rel=1e-3)


def test_a_few_periods_have_the_frequency_of_the_drive():
    # 9 flips of 5 periods are 4 periods apart.
    found = phase_locking(square(lag=0.4, times=TIMES[:501]), FREQUENCY)
    assert float(found["mean_frequency"]) == pytest.approx(FREQUENCY, rel=0.01)


def test_a_junction_that_flips_by_itself_is_locked_by_chance_only():
    # The twofold mean dwell is the drive's period: one flip in a half period on average.
    free = telegraph_noise(2 * FREQUENCY, 2 * FREQUENCY, float(TIMES[-1]), INTERVAL, seed=4)
    found = phase_locking(free, FREQUENCY)
    assert float(found["phase_locking_value"]) < 0.1
    # mu exp(-mu) / 2 with mu = 1, from 2000 half periods.
    assert float(found["fraction_locked"]) == pytest.approx(math.exp(-1) / 2, abs=4 * math.sqrt(0.18 * 0.82 / 2000))


def test_a_junction_with_a_frequency_of_its_own_is_not_locked():
    found = phase_locking(square(0.9 * FREQUENCY), FREQUENCY)
    assert float(found["phase_locking_value"]) < 0.01
    assert float(found["mean_frequency"]) == pytest.approx(0.9 * FREQUENCY, rel=1e-3)


def test_the_fraction_of_time_locked_is_the_part_that_was():
    trace = square(lag=0.5)
    # Three tenths of the time it stays where it was.
    trace.values[50_000:80_000] = 1.0
    found = phase_locking(trace, FREQUENCY)
    assert float(found["fraction_locked"]) == pytest.approx(0.7, abs=0.003)
    # A flip that is missed once, and its way back, leave the junction in phase.
    shifted = square(lag=0.5)
    shifted.values[50_000:] *= -1
    assert float(phase_locking(shifted, FREQUENCY)["phase_locking_value"]) < 0.01


def test_jitter_lowers_the_value_as_a_mean_over_phases_does():
    random = np.random.default_rng(2)
    flips = (np.arange(2000) + 0.5) / (2 * FREQUENCY) + random.normal(scale=0.05 / FREQUENCY, size=2000)
    values = 2.0 * (np.searchsorted(np.sort(flips), TIMES) % 2) - 1
    found = phase_locking(xr.DataArray(values, coords={"t": TIMES}, dims="t"), FREQUENCY)
    # <exp(i psi)> of normal phases is exp(-sigma^2 / 2) at the flips; between two of them, on a line, the phase is
    # their weighted mean, of a variance of sigma^2 (1 - 2 s + 2 s^2).
    s = np.linspace(0, 1, 1001)
    expected = np.exp(-((0.1 * np.pi) ** 2) * (1 - 2 * s + 2 * s**2) / 2).mean()
    assert float(found["phase_locking_value"]) == pytest.approx(expected, abs=0.01)


def test_a_junction_that_does_not_flip_has_no_phase():
    found = phase_locking(square() * 0 + 1, FREQUENCY)
    assert int(found["flips"]) == 0
    assert math.isnan(float(found["phase_locking_value"]))
    assert float(found["fraction_locked"]) == 0


@rows(
    ("act", "message"),
    [
        (lambda: phase_locking(square(), 1e8), r"frequency = 1e\+08 Hz has 5 samples in a period.*8 are needed"),
        (lambda: phase_locking(square(), 0.0), "frequency = 0.0 Hz must be above 0"),
        (lambda: phase_locking(square(times=TIMES[:50]), FREQUENCY), "less than a period of 2e-07 s"),
        (lambda: phase_locking(square().expand_dims("member"), FREQUENCY), "trace is that of an ensemble"),
    ],
)
def test_what_cannot_be_compared_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
