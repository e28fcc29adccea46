"""Films with skyrmions that are known, to test an extraction before real data."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.artificial_runs import cell_centres, complete_run
from geometries.skyrmions.profiles import PlacedTexture, superpose

__all__ = ["skyrmions"]

_VORTICITIES = {"skyrmion": 1, "antiskyrmion": -1, "skyrmionium": 1, "bubble": 0}


def skyrmions(
    positions: npt.ArrayLike,
    *,
    t: npt.ArrayLike | None = None,
    extent: tuple[float, float] = (256e-9, 128e-9),
    thickness: float = 1e-9,
    cell: tuple[float, float, float] = (2e-9, 2e-9, 1e-9),
    radius: npt.ArrayLike = 12e-9,
    wall_width: npt.ArrayLike = 4e-9,
    helicity: npt.ArrayLike = 0.0,
    kind: str | tuple[str, ...] = "skyrmion",
    background: int = 1,
    mask: npt.ArrayLike | None = None,
    dtype: npt.DTypeLike = np.float32,
) -> xr.Dataset:
    """Make a run of a film whose skyrmions are known.

    The texture is as in `geometries.skyrmions.profiles.superpose`: m_z = 0 at the radius of a lone one.

    Parameters
    ----------
    positions : array_like of float
        Centres in m, (t, skyrmion, 2) or (skyrmion, 2) for one frame; NaN where there is none. A
        skyrmion outside the film has left it or is not yet in.
    t : array_like of float, optional
        Times in s, as many as positions has frames; 0, 0.1 ns, 0.2 ns, ... if absent.
    extent : tuple of two floats
        Length and width of the film in m.
    thickness : float
        In m.
    cell : tuple of three floats
        The cell in m; the film is a whole number of cells.
    radius, wall_width : array_like of float
        R and Delta in m; broadcast against (t, skyrmion).
    helicity : array_like of float
        In rad: 0 and pi of Neel, +-pi/2 of Bloch skyrmions; broadcasts against (t, skyrmion).
    kind : {"skyrmion", "antiskyrmion", "skyrmionium", "bubble"} or a tuple of them
        Kind of all, or of each. The inner wall of a skyrmionium has a third of its radius; a bubble's
        moments do not turn around it, so that it has no charge.
    background : {1, -1}
        Sign of m_z between them.
    mask : array_like of bool, optional
        (nx, ny), True where there is magnet; all if absent.
    dtype : dtype
        Type of `m`.

    Returns
    -------
    xarray.Dataset
        A complete run (see `analysis.check_run`); its energy is NaN, its current 0. The truth is
        in `true_position` (t, skyrmion, component) in m.

    Raises
    ------
    ValueError
        If shapes do not fit, a size is not a whole number of cells, or a kind is another.

    Examples
    --------
    >>> run = skyrmions([[[60e-9, 64e-9]], [[70e-9, 64e-9]]])
    >>> dict(run.m.sizes)
    {'t': 2, 'x': 128, 'y': 64, 'z': 1, 'vdims': 3}
    """
    truth = np.asarray(positions, dtype=np.float64)
    truth = truth[np.newaxis] if truth.ndim == 2 else truth
    if truth.ndim != 3 or truth.shape[2] != 2:
        raise ValueError(f"positions has the shape {truth.shape}; give (t, skyrmion, 2) or (skyrmion, 2)")
    frames, count = truth.shape[:2]
    times = np.asarray(np.arange(frames) * 1e-10 if t is None else t, dtype=np.float64)
    if times.shape != (frames,):
        raise ValueError(f"t has the shape {times.shape}; positions need ({frames},)")
    kinds = (kind,) * count if isinstance(kind, str) else tuple(kind)
    if len(kinds) != count or not set(kinds) <= set(_VORTICITIES):
        raise ValueError(f"kind is {kind!r}; give one of {', '.join(_VORTICITIES)}, or one for each of {count}")
    x, y, z = (
        cell_centres(*each)
        for each in zip(("extent[0]", "extent[1]", "thickness"), (*extent, thickness), cell, strict=True)
    )
    radii, widths, helicities = (
        np.broadcast_to(np.asarray(each, dtype=np.float64), (frames, count)) for each in (radius, wall_width, helicity)
    )
    magnet = np.ones((x.size, y.size), dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
    if magnet.shape != (x.size, y.size):
        raise ValueError(f"mask has the shape {magnet.shape}; the film has {(x.size, y.size)} cells")
    m = np.empty((frames, x.size, y.size, z.size, 3), dtype=dtype)
    for frame in range(frames):
        there = np.flatnonzero(np.isfinite(truth[frame]).all(axis=1))
        textures = [
            PlacedTexture(
                x=float(truth[frame, each, 0]),
                y=float(truth[frame, each, 1]),
                radius=float(radii[frame, each]),
                width=float(widths[frame, each]),
                helicity=float(helicities[frame, each]),
                vorticity=_VORTICITIES[kinds[each]],
                inner_radius=float(radii[frame, each]) / 3 if kinds[each] == "skyrmionium" else 0.0,
            )
            for each in there.tolist()
        ]
        m[frame] = superpose(x, y, textures, background)[:, :, np.newaxis]
    m[:, ~magnet] = np.nan
    return complete_run(
        m,
        times,
        (x, y, z),
        {"component": ["x", "y"], "true_position": (("t", "skyrmion", "component"), truth, {"units": "m"})},
        kind="artificial skyrmions",
    )
