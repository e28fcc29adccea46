r"""Resonances of a magnet from its ring-down: the spectrum of all cells, and where each mode is.

After a short pulse every mode rings at its frequency. Of every cell's magnetisation the mean over the frames is taken
away and the rest transformed; the spectrum is the mean of the cells' powers, so that modes whose mean moment is 0 are
in it too. The map of a mode is the transform at its frequency, cell by cell: its size says where it is, its phase what
moves together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.schema import check_run

__all__ = ["mode_map", "resonances"]

Floats = npt.NDArray[np.float64]

_PADDED = 4
_FEWEST = 64
_TURNS = 3.0
"""Periods of a mode that the record has at least."""


def resonances(run: xr.Dataset, *, begin: float = 0.0, least: float = 0.01) -> xr.Dataset:
    """Find the resonances of a run that rings.

    Parameters
    ----------
    run : xarray.Dataset
        In time, evenly sampled, with the frames m; at rest but for what rings.
    begin, least : float
        Time in s before which nothing is looked at, such as the pulse, and height of the lowest peak that is listed,
        over the highest.

    Returns
    -------
    xarray.Dataset
        `power (frequency)` in 1/Hz, the mean over the cells and components; `peak (mode)` in Hz and `height (mode)`,
        the highest first. Attribute `resolution` in Hz: peaks that are closer are one.

    Raises
    ------
    ValueError
        If there are fewer than 64 frames, they are not evenly spaced, or nothing rings.

    Examples
    --------
    >>> t = np.arange(400) * 1e-11
    >>> m = np.zeros((400, 2, 1, 1, 3))
    >>> m[:, :, 0, 0, 0] = (0.1 * np.exp(-t / 2e-9) * np.cos(2 * np.pi * 5e9 * t))[:, None]
    >>> run = xr.Dataset({"m": (("t", "x", "y", "z", "vdims"), m)}, {"t": t, "vdims": list("xyz")})
    >>> round(float(resonances(run).peak[0]) * 1e-9, 1)
    5.0
    """
    t, cells, interval = _ringing(run, begin)
    length = _PADDED * len(t)
    transform = np.fft.rfft(cells * np.hanning(2 * len(t))[len(t) :, None], length, axis=0)
    power = (np.abs(transform) ** 2).mean(axis=1) * interval / len(t)
    frequency = np.fft.rfftfreq(length, interval)
    power[frequency < _TURNS / (t[-1] - t[0])] = 0.0
    if not power.max() > 0:
        raise ValueError("resonances: nothing rings in this run; give a pulse first, and begin after it")
    peaks, _ = scipy.signal.find_peaks(power, height=least * power.max(), prominence=least * power.max() / 2)
    peaks = peaks[np.argsort(power[peaks])[::-1]]
    return xr.Dataset(
        {
            "power": ("frequency", power, {"units": "1/Hz"}),
            "peak": ("mode", frequency[peaks], {"units": "Hz"}),
            "height": ("mode", power[peaks], {"units": "1/Hz"}),
        },
        coords={"frequency": ("frequency", frequency, {"units": "Hz"})},
        attrs={"resolution": 1 / (len(t) * interval)},
    )


def mode_map(run: xr.Dataset, frequency: float, *, begin: float = 0.0) -> xr.DataArray:
    """Give the complex amplitude of every cell at a frequency in Hz, from a run and a `begin` as for `resonances`.

    Returns
    -------
    xarray.DataArray
        Complex, over x, y, z and vdims; NaN outside the magnet. Over the largest component in size.

    Raises
    ------
    ValueError
        As `resonances`, or if the record has fewer than three periods of the frequency.

    Examples
    --------
    >>> t = np.arange(400) * 1e-11
    >>> m = np.zeros((400, 2, 1, 1, 3))
    >>> m[:, 0, 0, 0, 0] = 0.1 * np.cos(2 * np.pi * 5e9 * t)  # the other cell stands still
    >>> run = xr.Dataset({"m": (("t", "x", "y", "z", "vdims"), m)}, {"t": t, "vdims": list("xyz")})
    >>> abs(mode_map(run, 5e9)).sel(vdims="x").values.ravel().round(2).tolist()
    [1.0, 0.0]
    """
    t, cells, interval = _ringing(run, begin)
    if frequency * len(t) * interval < _TURNS:
        raise ValueError(
            f"mode_map: frequency = {frequency:.4g} Hz has {frequency * len(t) * interval:.2g} periods in the record; "
            f"give {_TURNS / (len(t) * interval):.3g} Hz or more"
        )
    wave = np.exp(-2j * np.pi * frequency * (t - t[0])) * np.hanning(len(t))
    first = run["m"].transpose("t", ...).isel(t=0, drop=True)
    amplitude = (wave @ cells).reshape(first.shape)
    mode = first.copy(data=np.where(np.isfinite(first), amplitude / np.abs(amplitude).max(), np.nan))
    return mode.rename("mode").assign_attrs(units="1", frequency=frequency)


def _ringing(run: xr.Dataset, begin: float) -> tuple[Floats, Floats, float]:
    """Times, each component of every cell without its mean (time, cell), and the time between two frames."""
    if "spec" in run.attrs:
        check_run(run, in_time=True)
    t = run["t"].values.astype(np.float64)
    late = t >= begin
    steps = np.diff(t[late])
    if steps.size + 1 < _FEWEST or np.ptp(steps) > 1e-3 * steps.mean():
        raise ValueError(
            f"resonances: {steps.size + 1} frames from {begin:.3g} s on; {_FEWEST} are needed, evenly spaced: give a "
            "longer run or a shorter sampling_interval"
        )
    frames = run["m"].transpose("t", ...).values[late].astype(np.float64)
    cells = np.nan_to_num(frames.reshape(len(frames), -1))
    return t[late], cells - cells.mean(axis=0), float(steps.mean())
