"""Lines of oscillations whose frequency walks or wanders in a known way."""

import math

import numpy as np
import pytest
import xarray as xr

from analysis import artificial, spectral_line


def members(draw, count):
    return xr.concat([draw(seed) for seed in range(count)], dim="member")


@pytest.mark.parametrize("width", [8e6, 100e6])
def test_a_phase_that_walks_has_a_lorentz_line(width):
    records = members(lambda seed: artificial.noisy_oscillation(3e9, width, 1e-6, 5e-11, seed=seed, noise=0.3), 4)
    found = spectral_line(records)
    assert found.shape == "Lorentz"
    assert found.lower < width < found.upper < 2 * found.lower
    # The middle of N independent frequencies in the line is known to about width / sqrt(N).
    assert found.frequency == pytest.approx(3e9, abs=width / 3)


def test_a_frequency_that_differs_from_record_to_record_has_a_gauss_line():
    def drawn(seed):
        own = 3e9 + 40e6 * np.random.default_rng([seed, 7]).normal()
        return artificial.noisy_oscillation(own, 4e6, 4e-7, 5e-11, seed=seed)

    found = spectral_line(members(drawn, 200))
    # With a little of Lorentz's line it is up to the half of that wider.
    assert found.shape == "Gauss"
    assert found.lower < 40e6 * math.sqrt(8 * math.log(2)) + 2e6 < found.upper < 1.5 * found.lower


@pytest.mark.parametrize(("memory", "width"), [(0.42e-9, 0.82e9), (1.0e-9, None), (4e-9, None)])
def test_a_frequency_that_forgets_has_kubos_line(memory, width):
    """A frequency of deviation s and memory tau: Fourier transform of exp(-s^2 tau^2 [t/tau - 1 + e^(-t/tau)]).

    R. Kubo, in Fluctuation, Relaxation and Resonance in Magnetic Systems (1962).
    """
    deviation, interval, count = 3.03e9, 1.5e-11, 8000
    random = np.random.default_rng(5)
    keep = np.exp(-interval / memory)
    drawn = np.empty((32, count))
    drawn[:, 0] = random.normal(size=32)
    for at in range(1, count):
        drawn[:, at] = keep * drawn[:, at - 1] + np.sqrt(1 - keep**2) * random.normal(size=32)
    t = np.arange(count) * interval
    phase = 2 * np.pi * 9e9 * t + np.cumsum(deviation * drawn, axis=1) * interval
    records = xr.DataArray(np.exp(1j * phase), coords={"t": t}, dims=("member", "t"))
    found = spectral_line(records)
    late = np.linspace(0, 40 / deviation + 10 / (deviation**2 * memory), 20001)
    kept = np.exp(-((deviation * memory) ** 2) * (late / memory - 1 + np.exp(-late / memory)))
    away = np.linspace(0, 2e9, 2001)
    height = np.array([np.trapezoid(kept * np.cos(2 * np.pi * each * late), late) for each in away])
    exact = 2 * away[np.argmax(height < height[0] / 2)]
    assert width is None or exact == pytest.approx(width, rel=0.02)
    assert found.width == pytest.approx(exact, rel=0.12)
    assert found.frequency == pytest.approx(9e9, rel=5e-3)


def test_a_line_without_noise_is_as_narrow_as_the_record_resolves():
    found = spectral_line(artificial.noisy_oscillation(3e9, 0.0, 1e-6, 2e-11, seed=1))
    assert math.isnan(found.width)
    assert found.upper == pytest.approx(3e6)
    assert found.shape == "either"


def test_what_has_no_line_is_refused():
    t = np.arange(1000) * 1e-11
    slow = xr.DataArray(np.sin(2 * np.pi * 3e8 * t), coords={"t": t}, dims="t")
    with pytest.raises(ValueError, match=r"2\.6 periods in all: that is no line"):
        spectral_line(slow)
