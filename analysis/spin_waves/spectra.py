"""Spectra of spin waves over wavenumber and frequency, and the branches in them."""

from __future__ import annotations

import numpy as np
import scipy
import xarray as xr

from analysis.schema import cell_size
from analysis.traces import sampling_interval

__all__ = ["wave_branch", "wave_spectrum"]

_PADDED = 4
"""Length of the transform in time over the record's."""
_TAPER = 0.5
"""Share of x under the taper: a wider one shifts k where a pulse has not all k alike."""
_FEWEST = 16
_SMOOTH = 15
"""Wavenumbers through which the cubic goes whose slope is the group velocity: about four that are independent."""


def wave_spectrum(traces: xr.DataArray) -> xr.DataArray:
    r"""Give the power of waves :math:`\cos (k x - 2 \pi f t)` over k and f.

    The traces are transformed under Hann's window in time, and under one along x that is even in the middle half, so
    that neither begins nor ends with a jump.

    Parameters
    ----------
    traces : xarray.DataArray
        What `wave_traces` gives, over t and x, evenly spaced.

    Returns
    -------
    xarray.DataArray
        Over `k` (rad/m, rising, from minus to plus a half of the cells' 2 pi / h) and `frequency` (Hz, from 0 on); a
        k below 0 is a wave whose phase goes along -x. The largest value is 1.

    Raises
    ------
    ValueError
        If there are fewer than 16 frames or places, they are not evenly spaced, or nothing moves.

    Examples
    --------
    >>> t, x = np.arange(256) * 1e-11, np.arange(128) * 1e-8
    >>> wave = np.cos(2e7 * x[None] - 2 * np.pi * 5e9 * t[:, None])
    >>> found = wave_spectrum(xr.DataArray(wave, {"t": t, "x": x}, ("t", "x")))
    >>> peak = found.where(found == 1, drop=True)
    >>> float(peak.k.round(-6)[0]), float(peak.frequency.round(-8)[0])
    (20000000.0, 5000000000.0)
    """
    frames, places = traces.sizes["t"], traces.sizes["x"]
    if min(frames, places) < _FEWEST:
        raise ValueError(
            f"wave_spectrum: {frames} frames and {places} places, and {_FEWEST} of each are needed; cut less away"
        )
    interval = sampling_interval(traces.isel(x=0, drop=True))
    step = cell_size(traces.to_dataset(name="m"), "x")
    if np.ptp(np.diff(traces["x"].values)) > 1e-3 * step:
        raise ValueError("wave_spectrum: traces.x is not evenly spaced; take cells one after the other")
    windows = np.hanning(frames)[:, None] * scipy.signal.windows.tukey(places, _TAPER)
    values = traces.transpose("t", "x").values * windows
    lengths = (_PADDED * frames, _PADDED * places)
    # NumPy has e^{-i (k x + omega t)}: with f from 0 on, k changes its sign.
    power = np.abs(np.fft.fft(np.fft.rfft(values, lengths[0], axis=0), lengths[1], axis=1)) ** 2
    if not power.max() > 0:
        raise ValueError("wave_spectrum: nothing moves in these traces; drive an antenna, or choose another component")
    k, frequency = -2 * np.pi * np.fft.fftfreq(lengths[1], step), np.fft.rfftfreq(lengths[0], interval)
    order = np.argsort(k)
    coords = {"k": ("k", k[order], {"units": "rad/m"}), "frequency": ("frequency", frequency, {"units": "Hz"})}
    return xr.DataArray(power.T[order] / power.max(), coords, ("k", "frequency"), attrs={"units": "1"}, name="power")


def wave_branch(spectrum: xr.DataArray, *, least: float = 1e-4) -> xr.Dataset:
    """Follow the strongest branch of a spectrum from wavenumber to wavenumber.

    Parameters
    ----------
    spectrum : xarray.DataArray
        What `wave_spectrum` gives; cut in k and frequency to one branch, such as ``spectrum.sel(k=slice(5e6, 5e7))``.
    least : float
        Power below which there is no branch, over the largest in what is given.

    Returns
    -------
    xarray.Dataset
        Over `k`: `frequency` (Hz) of the largest power, refined by a parabola through three logarithms; `power`; and
        `group_velocity` (m/s), the slope of a cubic through fifteen neighbours. NaN where there is no branch; the
        velocity also where a neighbour has none.

    Raises
    ------
    ValueError
        If there are fewer than fifteen wavenumbers, or fewer than three frequencies.

    Examples
    --------
    >>> k, f = np.linspace(1e7, 2e7, 21), np.linspace(0, 2e10, 401)
    >>> power = np.exp(-(((f[None] - 500.0 * k[:, None]) / 1e8) ** 2))
    >>> found = wave_branch(xr.DataArray(power, {"k": k, "frequency": f}, ("k", "frequency")))
    >>> round(float(found.frequency[10]) * 1e-9, 3), round(float(found.group_velocity[10]))  # 2 pi 500 m/s
    (7.5, 3142)
    """
    values = spectrum.transpose("k", "frequency").values
    k, frequency = (spectrum[name].values.astype(np.float64) for name in ("k", "frequency"))
    if k.size < _SMOOTH or frequency.size < 3:
        raise ValueError(
            f"wave_branch: {k.size} wavenumbers and {frequency.size} frequencies, and {_SMOOTH} and 3 are needed; cut "
            "less away, or give longer traces"
        )
    peak = values.argmax(axis=1)
    rows, inner = np.arange(k.size), np.clip(peak, 1, frequency.size - 2)
    left, middle, right = (np.log(values[rows, inner + side] + 1e-300) for side in (-1, 0, 1))
    bend = left - 2 * middle + right
    offset = np.where(bend < 0, 0.5 * (left - right) / np.where(bend < 0, bend, -1.0), 0.0)
    height = values[rows, peak]
    there = (height >= least * values.max()) & (peak == inner)
    found = np.where(there, frequency[inner] + offset * (frequency[1] - frequency[0]), np.nan)
    weights = scipy.signal.savgol_coeffs(_SMOOTH, 3, deriv=1, delta=k[1] - k[0])
    slope = np.full(k.size, np.nan)
    slope[_SMOOTH // 2 : -(_SMOOTH // 2)] = np.convolve(2 * np.pi * found, weights, mode="valid")
    quantities = {"frequency": (found, "Hz"), "power": (height, "1"), "group_velocity": (slope, "m/s")}
    return xr.Dataset(
        {name: ("k", each, {"units": unit}) for name, (each, unit) in quantities.items()},
        coords={"k": ("k", k, {"units": "rad/m"})},
    )
