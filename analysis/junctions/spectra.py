r"""Spectra of junctions, and that of telegraph noise in closed form."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.junctions.traces import sampling_interval

__all__ = ["spectrum", "telegraph_spectrum"]

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


def telegraph_spectrum(frequency: npt.ArrayLike, up_rate: float, down_rate: float, swing: float = 2.0) -> FloatArray:
    r"""Give the power spectral density of telegraph noise: a Lorentzian.

    .. math:: S(f) = \frac{4 (\Delta x)^2}{\tau_0 + \tau_1} \,
        \frac{1}{(1 / \tau_0 + 1 / \tau_1)^2 + (2 \pi f)^2}, \qquad
        \int_0^\infty S \, df = (\Delta x)^2 \frac{\tau_0 \tau_1}{(\tau_0 + \tau_1)^2}

    Parameters
    ----------
    frequency : array_like
        In Hz.
    up_rate, down_rate : float
        Rates 1 / tau_0 and 1 / tau_1 in 1/s out of the lower and the upper state.
    swing : float
        Delta x, from one state to the other.

    Returns
    -------
    numpy.ndarray
        One-sided, in the unit of `swing` squared per Hz.

    References
    ----------
    S. Machlup, J. Appl. Phys. 25, 341 (1954).

    Examples
    --------
    >>> float(telegraph_spectrum(0.0, 1.0, 1.0))
    2.0
    """
    if not (up_rate > 0 and down_rate > 0):
        raise ValueError(f"up_rate = {up_rate!r} and down_rate = {down_rate!r} must be above 0")
    omega = 2 * np.pi * np.asarray(frequency, dtype=np.float64)
    total = up_rate + down_rate
    return np.asarray(4 * swing**2 * up_rate * down_rate / total / (total**2 + omega**2))
