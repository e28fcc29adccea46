"""Textures with known answers, to test an extraction before real data.

The ground truth comes first and the magnetisation is made from it, sampled at
cell centres, so that every wall's position is known to machine precision.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.artificial_runs import cell_centres, complete_run

__all__ = ["domain_walls"]

FloatArray = npt.NDArray[np.float64]


def domain_walls(
    positions: npt.ArrayLike,
    *,
    t: npt.ArrayLike | None = None,
    length: float = 512e-9,
    magnet_width: float = 64e-9,
    thickness: float = 1e-9,
    cell: tuple[float, float, float] = (4e-9, 4e-9, 1e-9),
    wall_width: npt.ArrayLike = 8e-9,
    angle: npt.ArrayLike = np.pi / 2,
    tilt: npt.ArrayLike = 0.0,
    component: str = "z",
    left: int = 1,
    mask: npt.ArrayLike | None = None,
    current_density: npt.ArrayLike = 0.0,
    dtype: npt.DTypeLike = np.float64,
) -> xr.Dataset:
    r"""Make a run of a stripe whose domain walls are known.

    Every wall has Walker's profile across its normal. With one wall

    .. math:: m_c = \pm\tanh\frac{(x - q - (y - y_0)\tan\tau)\cos\tau}{\Delta}

    where c is z (perpendicular) or x (head-to-head), q the position, tau the
    tilt, y0 the stripe's middle; several walls multiply, so that each still
    crosses zero exactly at its q. The transverse part, of length 1/cosh, has the
    angle of the nearest wall.

    Parameters
    ----------
    positions : array_like of float
        Positions q in m: one number, (t,) for one wall, or (t, wall). A wall
        outside the stripe has left it or is not yet in. Two neighbouring walls
        that are NaN together do not exist at that time: a pair before its
        nucleation or after its annihilation.
    t : array_like of float, optional
        Times in s, as many as positions has rows; 0, 0.1 ns, 0.2 ns, ... if absent.
    length, magnet_width, thickness : float
        The stripe in m.
    cell : tuple of float
        The cell in m; the stripe is a whole number of cells.
    wall_width : array_like of float
        Bloch parameter Delta in m; broadcasts against `positions`.
    angle : array_like of float
        In rad. For `component` "z" the in-plane angle from +x (0 and pi: Neel,
        +-pi/2: Bloch); for "x" the angle around the stripe's axis from +y.
    tilt : array_like of float
        Angle in rad by which the wall's line is turned from y: dq/dy = tan(tilt).
    component : {"z", "x"}
        The component that changes sign.
    left : {1, -1}
        Sign of this component at the left of all walls.
    mask : array_like of bool, optional
        (nx, ny) or (nx, ny, nz), True where there is magnet; all if absent.
    current_density : array_like of float
        Over t, in A/m2.
    dtype : dtype
        Type of `m`.

    Returns
    -------
    xarray.Dataset
        A complete run (see `analysis.check_run`); its energy is NaN. The ground
        truth is in `true_position` (m) over (t, wall).

    Raises
    ------
    ValueError
        If shapes do not fit, a size is not a whole number of cells, `component`
        or `left` is another, or a single wall is NaN.

    Examples
    --------
    >>> run = domain_walls([[100e-9], [110e-9]])
    >>> dict(run.m.sizes)
    {'t': 2, 'x': 128, 'y': 16, 'z': 1, 'vdims': 3}
    """
    truth = _over_time_and_walls(positions)
    times = np.asarray(np.arange(len(truth)) * 1e-10 if t is None else t, dtype=np.float64)
    if times.shape != (len(truth),):
        raise ValueError(f"t has the shape {times.shape}; positions need ({len(truth)},)")
    if component not in ("x", "z"):
        raise ValueError(f"component is {component!r}; it must be 'x' (head-to-head) or 'z' (perpendicular)")
    if left not in (1, -1):
        raise ValueError(f"left is {left!r}; it must be 1 or -1")
    x, y, z = (
        cell_centres(name, size, step)
        for name, size, step in zip(
            ("length", "magnet_width", "thickness"), (length, magnet_width, thickness), cell, strict=True
        )
    )
    wall_widths, angles, tilts = (
        np.broadcast_to(np.asarray(value, dtype=np.float64), truth.shape) for value in (wall_width, angle, tilt)
    )
    along, transverse, wall_angle = _texture(x, y, truth, wall_widths, angles, tilts, left)
    second, third = transverse * np.cos(wall_angle), transverse * np.sin(wall_angle)
    vectors = (second, third, along) if component == "z" else (along, second, third)
    m = np.repeat(np.stack(vectors, axis=-1)[:, :, :, np.newaxis], z.size, axis=3)
    m[:, ~_whole_mask(mask, (x.size, y.size, z.size))] = np.nan
    return complete_run(
        m.astype(dtype),
        times,
        (x, y, z),
        {"true_position": (("t", "wall"), truth, {"units": "m"})},
        kind="artificial domain walls",
        current_density=current_density,
    )


def _texture(
    x: FloatArray,
    y: FloatArray,
    positions: FloatArray,
    wall_widths: FloatArray,
    angles: FloatArray,
    tilts: FloatArray,
    left: int,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Component along the domains, length of the rest, and its angle; each over (t, x, y)."""
    shape = (len(positions), x.size, y.size)
    along = np.full(shape, float(left))
    # sech of the nearest wall, kept apart from 1 - tanh^2, which rounds to 0 in the domains.
    transverse = np.zeros(shape)
    wall_angle = np.zeros(shape)
    nearest = np.full(shape, np.inf)
    for wall in range(positions.shape[1]):
        q, delta, phi, tau = (
            values[:, wall, np.newaxis, np.newaxis] for values in (positions, wall_widths, angles, tilts)
        )
        distance = (x[:, np.newaxis] - q - (y - y.mean()) * np.tan(tau)) * np.cos(tau) / delta
        absent = np.isnan(distance)
        along *= np.where(absent, 1.0, -np.tanh(distance))
        closer = np.where(absent, np.inf, np.abs(distance)) < nearest
        nearest = np.where(closer, np.abs(distance), nearest)
        wall_angle = np.where(closer, phi, wall_angle)
        decay = np.exp(-np.abs(np.where(absent, np.inf, distance)))
        transverse = np.hypot(transverse, 2.0 * decay / (1.0 + decay**2))
    # Exact for one wall; for several the products must be brought back to unit length.
    norm = np.hypot(along, transverse)
    return along / norm, transverse / norm, wall_angle


def _over_time_and_walls(positions: npt.ArrayLike) -> FloatArray:
    given = np.asarray(positions, dtype=np.float64)
    if given.ndim > 2:
        raise ValueError(f"positions has {given.ndim} dimensions; give one number, (t,) or (t, wall)")
    truth = given if given.ndim == 2 else given.reshape(-1, 1)
    odd = np.flatnonzero(np.isnan(truth).sum(axis=1) % 2)
    if odd.size:
        raise ValueError(
            f"positions has an odd number of NaN in row {odd[0]}; walls are born and annihilate in pairs: "
            "let a single wall leave by giving a position outside the stripe"
        )
    return truth


def _whole_mask(mask: npt.ArrayLike | None, shape: tuple[int, int, int]) -> npt.NDArray[np.bool_]:
    if mask is None:
        return np.ones(shape, dtype=bool)
    array = np.asarray(mask, dtype=bool)
    if array.shape == shape[:2]:
        array = np.repeat(array[:, :, np.newaxis], shape[2], axis=2)
    if array.shape != shape:
        raise ValueError(f"mask has the shape {array.shape}; the stripe has {shape} cells")
    return array
