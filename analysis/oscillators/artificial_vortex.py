"""Discs with a vortex whose core is known, to test an extraction before real data."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.artificial_runs import cell_centres, complete_run
from geometries import Vortex

__all__ = ["gyrating_vortex", "vortex_disc"]


def vortex_disc(
    positions: npt.ArrayLike,
    t: npt.ArrayLike,
    *,
    diameter: float = 200e-9,
    thickness: float = 8e-9,
    cell: float = 4e-9,
    core_length: float = 6e-9,
    polarity: npt.ArrayLike = 1,
    circulation: int = 1,
) -> xr.Dataset:
    """Make a run of a disc whose core is at known places.

    Parameters
    ----------
    positions : array_like, shape (t, 2)
        Places of the core from the middle in m; NaN where m is along +x everywhere.
    t : array_like, shape (t,)
        Times in s.
    diameter, thickness, cell, core_length : float
        In m; the core is as in `geometries.Vortex`, with `core_length` as its l.
    polarity : array_like of {1, -1}
        Of each frame.
    circulation : {1, -1}
        Of all.

    Returns
    -------
    xarray.Dataset
        A complete run.

    Examples
    --------
    >>> vortex_disc([[0, 0], [10e-9, 0]], [0, 1e-9]).m.shape
    (2, 50, 50, 1, 3)
    """
    times, places = np.asarray(t, dtype=np.float64), np.asarray(positions, dtype=np.float64)
    x = cell_centres("diameter", diameter, cell)
    from_middle = x - diameter / 2
    inside = from_middle[:, None] ** 2 + from_middle[None, :] ** 2 <= (diameter / 2) ** 2
    m = np.full((times.size, x.size, x.size, 1, 3), np.nan, dtype=np.float32)
    for frame, (place, sign) in enumerate(zip(places, np.broadcast_to(polarity, times.shape), strict=True)):
        texture = np.broadcast_to([1.0, 0.0, 0.0], (x.size, x.size, 3))
        if np.isfinite(place).all():
            vortex = Vortex(polarity=int(sign), circulation=circulation, offset=(float(place[0]), float(place[1])))
            texture = vortex.magnetisation(from_middle, from_middle, (diameter, diameter), core_length)
        m[frame, :, :, 0][inside] = texture[inside]
    return complete_run(m, times, (x, x.copy(), np.array([thickness / 2])), {}, kind="artificial vortex")


def gyrating_vortex(
    radius: float,
    frequency: float,
    duration: float,
    *,
    sampling_interval: float = 0.1e-9,
    growth: float = 0.0,
    **disc: float,
) -> xr.Dataset:
    """Make a run of a disc whose core gyrates: its radius in m times exp(growth t).

    `frequency` in Hz is below 0 for a clockwise core; the duration and the sampling interval are in s, `growth` in 1/s,
    and `disc` is as in `vortex_disc`.

    Examples
    --------
    >>> gyrating_vortex(radius=20e-9, frequency=0.5e9, duration=1e-9).sizes["t"]
    11
    """
    t = np.arange(round(duration / sampling_interval) + 1) * sampling_interval
    place = radius * np.exp((growth + 2j * np.pi * frequency) * t)
    return vortex_disc(np.stack([place.real, place.imag], axis=1), t, **disc)  # type: ignore[arg-type]
