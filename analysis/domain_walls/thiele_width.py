r"""Thiele's width of a wall: the one that sets how fast it moves.

A wall of the stripe's cross-section S that is shifted rigidly meets the friction of all its moments, so that its
mobility follows from a width

.. math:: \frac{1}{\Delta_T} = \frac{1}{2 S} \int \left(\frac{\partial\mathbf m}{\partial x}\right)^2 dV.

It is the Bloch parameter Delta of a wall with Walker's profile, m_z = tanh((x - q) / Delta). Others differ: in cells of
four fifths of a width the slope at the wall's middle, from which `walls` takes its width, is a tenth too steep.

The friction alpha D_xx v with D_xx = 2 S / Delta_T is due to A. A. Thiele, Phys. Rev. Lett. 30, 230 (1973); the name to
A. Thiaville and Y. Nakatani in Spin Dynamics in Confined Magnetic Structures III (Springer, 2006).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.moving_windows import window_positions

__all__ = ["thiele_width"]

FloatArray = npt.NDArray[np.float64]

# Widths on both sides of the wall; there m differs from a domain's by exp(-8).
_REACH = 8.0


def thiele_width(run: xr.Dataset, walls: xr.Dataset, *, wall: int = 0, frames: int = 9) -> xr.DataArray:
    """Measure Thiele's width of a wall along its normal.

    Parameters
    ----------
    run : xarray.Dataset
        The run.
    walls : xarray.Dataset
        `analysis.walls` of it.
    wall : int
        Index of the wall.
    frames : int
        In how many frames, evenly chosen; only these are read.

    Returns
    -------
    xarray.DataArray
        Over t, in m; NaN where the wall is not there, or nearer to an end of the magnet or to another wall than it
        reaches.

    Raises
    ------
    ValueError
        If there is no such wall.

    Examples
    --------
    >>> from analysis import artificial, walls
    >>> run = artificial.domain_walls([100e-9], wall_width=6e-9)
    >>> bool(abs(float(thiele_width(run, walls(run))[0]) / 6e-9 - 1) < 1e-3)
    True
    """
    count = walls.sizes.get("wall", 0)
    if not -count <= wall < count:
        raise ValueError(f"thiele_width: there are {count} walls, so none has index {wall}; choose another one")
    chosen = np.unique(np.linspace(0, run.sizes["t"] - 1, min(frames, run.sizes["t"])).round().astype(int))
    some = walls.isel(t=chosen)
    place, reach, tilt = (some[name].isel(wall=wall).values for name in ("position", "width", "tilt"))
    others = np.delete(some["position"].values, wall % count, axis=1)
    window = window_positions(run)[chosen]
    x = run["x"].values.astype(np.float64)
    axis = "xyz".index(walls.attrs["component"])
    half = float(np.ptp(run["y"].values)) / 2
    found = np.full(chosen.size, np.nan)
    for index, frame in enumerate(chosen):
        if np.isfinite(place[index]) and np.isfinite(reach[index]):
            m = run["m"].isel(t=int(frame)).values.astype(np.float64)
            # A line that is tilted is further along x at its ends than in its middle.
            far = _REACH * reach[index] / np.cos(tilt[index]) + half * np.abs(np.tan(tilt[index]))
            if not np.any(np.abs(others[index] - place[index]) < 2 * far):
                along_x = _width_along_x(
                    m.reshape(x.size, -1, 3), x, np.abs(x + window[index] - place[index]) <= far, axis
                )
                found[index] = along_x * np.cos(tilt[index])
    return xr.DataArray(
        found, coords={"t": run["t"].isel(t=chosen)}, dims="t", attrs={"units": "m", "long_name": "Thiele's wall width"}
    )


def _width_along_x(rows: FloatArray, x: FloatArray, near: npt.NDArray[np.bool_], axis: int) -> float:
    """Width of the wall among the cells that are near, in moments (x, rows, 3); NaN where it cannot be measured."""
    inside = np.flatnonzero(near)
    if inside[0] < 1 or inside[-1] + 1 >= x.size:
        return float("nan")
    seen = rows[inside[0] - 1 : inside[-1] + 2]
    # Where the outline changes, rows that are whole stand for the others.
    seen = seen[:, np.isfinite(seen[..., 0]).all(axis=0)]
    if not seen.shape[1]:
        return float("nan")
    # With u = artanh(m_c), (dm/dx)^2 = ((du/dx)^2 + (dphi/dx)^2) / cosh^2 u; in Walker's profile u is linear in x, so
    # that its differences are exact in cells of any size.
    transverse = seen[..., (axis + 1) % 3] + 1j * seen[..., (axis + 2) % 3]
    length = np.maximum(np.abs(transverse), np.finfo(np.float64).tiny ** 0.5)
    rapidity = np.arcsinh(seen[..., axis] / length)
    rise = (rapidity[2:] - rapidity[:-2]) / 2
    turn = np.angle(transverse[2:] * transverse[:-2].conj()) / 2
    square = length[1:-1] ** 2 * (rise**2 + turn**2)
    return 2 * float(x[1] - x[0]) / float(square.sum(axis=0).mean())
