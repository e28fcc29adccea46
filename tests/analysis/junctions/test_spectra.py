"""Spectra of telegraph noise against Machlup's Lorentzian, and of an ensemble."""

import numpy as np
import pytest
import xarray as xr

from analysis import dwell_times, plot_dwell_times, spectrum
from analysis.artificial import telegraph_noise

UP, DOWN = 2e6, 5e6


def test_telegraph_noise_has_machlups_spectrum():
    trace = telegraph_noise(UP, DOWN, 4e-3, 1e-8, seed=2)
    found = spectrum(trace, segments=64)
    frequency = found["frequency"].values
    # From below the corner at 1.1 MHz to where the sampling folds a few per cent back.
    chosen = (frequency > 5e4) & (frequency < 8e6)
    # S. Machlup, J. Appl. Phys. 25, 341 (1954), for levels of -1 and 1.
    total = UP + DOWN
    lorentzian = 16 * UP * DOWN / total / (total**2 + (2 * np.pi * frequency[chosen]) ** 2)
    ratio = found.values[chosen] / lorentzian
    # 127 segments that overlap: each frequency is known to about 10 %, the mean over hundreds to about one.
    assert ratio.mean() == pytest.approx(1, abs=0.03)
    assert ratio.std() < 0.15
    assert found.attrs["units"] == "1/Hz"


def test_white_noise_has_a_flat_spectrum_whose_integral_is_the_variance():
    values = np.random.default_rng(1).normal(size=2**15)
    trace = xr.DataArray(values, coords={"t": 1e-9 * np.arange(values.size)}, dims="t", attrs={"units": "S"})
    found = spectrum(trace)
    assert float(found.integrate("frequency")) == pytest.approx(values.var(), rel=0.03)
    assert found.attrs["units"] == "(S)^2/Hz"
    both = spectrum(xr.concat([trace, 2 * trace], dim="member").assign_coords(member=[0, 1]))
    np.testing.assert_allclose(both.isel(member=1), 4 * both.isel(member=0))


def test_too_short_segments_are_refused():
    with pytest.raises(ValueError, match=r"segments = 16 of 51 samples leaves 3 in each, and 8 are needed"):
        spectrum(telegraph_noise(UP, DOWN, 5e-7, 1e-8, seed=1))


def test_dwell_times_are_drawn_in_nanoseconds():
    trace = telegraph_noise(UP, DOWN, 1e-4, 1e-8, seed=1)
    ax = plot_dwell_times(dwell_times(trace))
    assert ax.get_xlabel() == "dwell time (ns)"
    assert [text.get_text().split(":")[0] for text in ax.get_legend().get_texts()] == ["low state", "high state"]
