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
