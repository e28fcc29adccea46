"""Spectra of junctions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.traces import sampling_interval

__all__ = ["spectrum"]

FloatArray = npt.NDArray[np.float64]


def spectrum(trace: xr.DataArray, *, segments: int = 16) -> xr.DataArray:
    """Give the power spectral density of a trace by Welch's method.

    Segments that overlap by half, each without its mean and under a Hann window, are averaged.

    Parameters
    ----------
    trace : xarray.DataArray
        Over t in s, evenly sampled; of an ensemble each member has its spectrum.
    segments : int
        How many lengths of a segment the trace has: more make it smoother and its lowest frequency higher.

    Returns
    -------
    xarray.DataArray
        One-sided, over `frequency` (Hz), in the trace's unit squared per Hz: its integral is the variance.

    Raises
    ------
    TypeError, ValueError
        If `trace` is no trace, or has fewer than 8 samples in a segment.

    References
    ----------
    P. D. Welch, IEEE Trans. Audio Electroacoust. 15, 70 (1967).

    Examples
    --------
    >>> from analysis import artificial
    >>> spectrum(artificial.telegraph_noise(1e6, 1e6, 1e-3, 1e-7, seed=1)).attrs["units"]
    '1/Hz'
    """
    interval = sampling_interval(trace)
    length = trace.sizes["t"] // segments if segments >= 1 else 0
    if length < 8:
        raise ValueError(
            f"segments = {segments!r} of {trace.sizes['t']} samples leaves {length} in each, and 8 are needed; give "
            "fewer segments, at least one, or a longer trace"
        )
    frequency, density = scipy.signal.welch(trace.values, 1 / interval, nperseg=length, axis=trace.get_axis_num("t"))
    unit = trace.attrs.get("units", "1")
    square = "1" if unit == "1" else f"({unit})^2"
    dims = tuple("frequency" if dim == "t" else dim for dim in trace.dims)
    coords = {"frequency": ("frequency", frequency, {"units": "Hz"})}
    others = {"member": trace["member"]} if "member" in trace.dims else {}
    return xr.DataArray(density, coords=coords | others, dims=dims, attrs={"units": f"{square}/Hz"}, name="spectrum")
