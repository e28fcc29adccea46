r"""A steady wave over the plane of a film: complex amplitude of the precession about z at one frequency.

Moments along z turn about it, anticlockwise seen from +z where they point there, and on an ellipse where the
stray field of the wave acts. Of :math:`m_x = \mathrm{Re}\, a_x e^{-i \omega t}` and likewise :math:`m_y` the part that
turns with them is

.. math:: \psi = (a_x - i s a_y) / 2, \qquad s = \mathrm{sign}\, m_z.

It is the same for waves along all directions but for a phase of the source, which :math:`m_x` alone is not.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from analysis.moving_windows import refuse_moving_window
from analysis.schema import check_run
from analysis.spin_waves.steady_waves import wave_at

__all__ = ["precession_map"]

_ALONG_Z = 0.9


def precession_map(run: xr.Dataset, frequency: float, *, begin: float, end: float) -> xr.DataArray:
    """Give the complex amplitude of the precession at every place of a film, the mean through its thickness.

    Parameters
    ----------
    run : xarray.Dataset
        In time, of a film without a hole that is magnetised along z in these times.
    frequency, begin, end : float
        Frequency of the drive in Hz, and the times in s between which the wave is steady.

    Returns
    -------
    xarray.DataArray
        Complex, over x and y (m).

    Raises
    ------
    ValueError
        If the run is no run in time, the film is not magnetised along z, or there is less than a period.

    Examples
    --------
    >>> from analysis.artificial_runs import complete_run
    >>> t = np.arange(101) * 2e-11
    >>> m = np.zeros((101, 2, 2, 1, 3)) + [0.0, 0.0, 1.0]
    >>> for axis, wave in enumerate((0.03 * np.cos(3e10 * t), 0.01 * np.sin(3e10 * t))):
    ...     m[..., axis] = wave[:, None, None, None]
    >>> run = complete_run(m, t, (np.arange(2.0), np.arange(2.0), np.ones(1)), {}, kind="film")
    >>> complex(np.round(precession_map(run, 3e10 / (2 * np.pi), begin=0, end=2e-9)[0, 0], 3))
    (0.02+0j)
    """
    check_run(run, in_time=True)
    refuse_moving_window(run, "precession_map")
    seen = run["m"].sel(t=slice(begin * (1 + 1e-9), end * (1 + 1e-9))).astype(np.float64).mean("z").load()
    means = seen[..., 2].mean(("x", "y")).values
    up = means[np.abs(means).argmin()] if means.size else 1.0
    if abs(up) < _ALONG_Z:
        raise ValueError(
            f"precession_map: the mean m_z in a frame from {begin:.4g} to {end:.4g} s is {up:.3g}, and {_ALONG_Z} or "
            "more is needed; magnetise the film along z, or take wave_traces"
        )
    parts = []
    for index in (0, 1):
        flat = seen[..., index].values.reshape(seen.sizes["t"], -1)
        traces = xr.DataArray(flat, {"t": seen["t"], "place": np.arange(flat.shape[1])}, ("t", "place"))
        parts.append(wave_at(traces, frequency).values)
    psi = ((parts[0] - 1j * np.sign(up) * parts[1]) / 2).reshape(seen.sizes["x"], seen.sizes["y"])
    attributes = {"units": "1", "frequency": frequency}
    return xr.DataArray(psi, {"x": seen["x"], "y": seen["y"]}, ("x", "y"), name="precession", attrs=attributes)
