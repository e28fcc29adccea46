"""Spectra of telegraph noise against Machlup's Lorentzian, and of an ensemble."""

import numpy as np
import pytest
import xarray as xr

from analysis import dwell_rates, dwell_times, plot_dwell_times, plot_spectrum, spectrum
from analysis.artificial import telegraph_noise
from analysis.junctions.spectra import telegraph_spectrum

UP, DOWN = 2e6, 5e6


def test_telegraph_noise_has_machlups_spectrum():
    trace = telegraph_noise(UP, DOWN, 4e-3, 1e-8, seed=2)
    found = spectrum(trace, segments=64)
    frequency = found["frequency"].values
    # From below the corner at 1.1 MHz to where the sampling folds a few per cent back.
    chosen = (frequency > 5e4) & (frequency < 8e6)
    ratio = found.values[chosen] / telegraph_spectrum(frequency[chosen], UP, DOWN)
    # 127 segments that overlap: each frequency is known to about 10 %, the mean over hundreds to about one.
    assert ratio.mean() == pytest.approx(1, abs=0.03)
    assert ratio.std() < 0.15
    assert found.attrs["units"] == "1/Hz"


def test_the_lorentzian_has_the_variance_of_two_levels():
    share = UP / (UP + DOWN)
    x = np.linspace(0, 2e9, 2_000_001)
    assert np.trapezoid(telegraph_spectrum(x, UP, DOWN, 3.0), x) == pytest.approx(9 * share * (1 - share), rel=1e-3)


def test_white_noise_has_a_flat_spectrum_whose_integral_is_the_variance():
    values = np.random.default_rng(1).normal(size=2**15)
    trace = xr.DataArray(values, coords={"t": 1e-9 * np.arange(values.size)}, dims="t", attrs={"units": "S"})
    found = spectrum(trace)
    assert float(found.integrate("frequency")) == pytest.approx(values.var(), rel=0.03)
    assert found.attrs["units"] == "(S)^2/Hz"
    both = spectrum(xr.concat([trace, 2 * trace], dim="member").assign_coords(member=[0, 1]))
    np.testing.assert_allclose(both.isel(member=1), 4 * both.isel(member=0))
    with pytest.raises(ValueError, match="choose one junction"):
        plot_spectrum(both)


def test_too_short_segments_are_refused():
    with pytest.raises(ValueError, match=r"segments = 16 of 51 samples leaves 3 in each, and 8 are needed"):
        spectrum(telegraph_noise(UP, DOWN, 5e-7, 1e-8, seed=1))


def test_pictures_have_units_and_the_closed_form_beside_the_trace():
    trace = telegraph_noise(UP, DOWN, 1e-4, 1e-8, seed=1)
    dwells = dwell_times(trace)
    ax = plot_spectrum(spectrum(trace), rates=dwell_rates(dwells))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("frequency (Hz)", "power spectral density (1/Hz)")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["trace", "Machlup"]
    ax = plot_dwell_times(dwells)
    assert ax.get_xlabel() == "dwell time (ns)"
    assert [text.get_text().split(":")[0] for text in ax.get_legend().get_texts()] == ["low state", "high state"]
