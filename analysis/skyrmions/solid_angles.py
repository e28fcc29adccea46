"""Solid angles of the magnetisation by Berg and Luescher: NumPy arrays in and out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["charge_of_edges", "charge_on_cells", "solid_angle"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# A plaquette's corners, anticlockwise from the lower left.
_CORNERS = ((0, 0), (1, 0), (1, 1), (0, 1))


def solid_angle(one: FloatArray, two: FloatArray, three: FloatArray) -> FloatArray:
    r"""Give the signed solid angle of spherical triangles of unit vectors (..., 3), in sr, from -2 pi to 2 pi.

    .. math:: \tan\frac{\Omega}{2} = \frac{\mathbf{a}\cdot(\mathbf{b}\times\mathbf{c})}
              {1 + \mathbf{a}\cdot\mathbf{b} + \mathbf{b}\cdot\mathbf{c} + \mathbf{c}\cdot\mathbf{a}}

    It is positive where the corners follow anticlockwise, seen from outside. A. Van Oosterom and J. Strackee, IEEE
    Trans. Biomed. Eng. BME-30, 125 (1983).
    """
    triple = (
        one[..., 0] * (two[..., 1] * three[..., 2] - two[..., 2] * three[..., 1])
        + one[..., 1] * (two[..., 2] * three[..., 0] - two[..., 0] * three[..., 2])
        + one[..., 2] * (two[..., 0] * three[..., 1] - two[..., 1] * three[..., 0])
    )
    cosines = 1 + (one * two).sum(axis=-1) + (two * three).sum(axis=-1) + (three * one).sum(axis=-1)
    angle: FloatArray = 2 * np.arctan2(triple, cosines)
    return angle


def charge_on_cells(m: npt.NDArray[np.floating]) -> FloatArray:
    """Topological charge (..., x, y) that belongs to each cell of m (..., x, y, 3), which is NaN outside the magnet.

    Four neighbouring cell centres make a plaquette, which two triangles cover; where one of the four is no magnet the
    other three are a triangle. The charge of a plaquette is the sum of the solid angles over 4 pi, in equal parts that
    of its cells. Each triangle between magnetic cells counts once, and nothing beyond the centres of the outermost.
    Outside the magnet it is 0. B. Berg and M. Luescher, Nucl. Phys. B 190, 412 (1981).
    """
    unit = _unit(m)
    here, right, across, up = (unit[..., i : i - 1 or None, j : j - 1 or None, :] for i, j in _CORNERS)
    whole = np.nan_to_num(solid_angle(here, right, across) + solid_angle(here, across, up)) / (4 * np.pi)
    charge = np.zeros(unit.shape[:-1])
    for i, j in _CORNERS:
        charge[..., i : i - 1 or None, j : j - 1 or None] += whole / 4
    magnet = np.isfinite(unit[..., 0])
    three = _plaquettes_with_three_cells(magnet.reshape(-1, *magnet.shape[-2:])[0])
    if three.size:
        corners = [unit[..., i, j, :] for i, j in three]
        third = solid_angle(*corners) / (12 * np.pi)
        flat = charge.reshape(-1, *charge.shape[-2:])
        for frame, thirds in zip(flat, third.reshape(len(flat), -1), strict=True):
            for i, j in three:
                np.add.at(frame, (i, j), thirds)
    return charge


def charge_of_edges(m: npt.NDArray[np.floating], pole: int) -> FloatArray:
    """Give the charge (...) that closes a magnet m (..., x, y, 3) with open edges; m is NaN outside the magnet.

    At an edge, or around a hole, the moments along the border make a closed curve on the unit sphere. The solid angles
    between it and the pole (1 or -1, the sign of m_z beyond the edge), over 4 pi, added to the charge of the inside,
    make a whole number: the charge of the same texture in a film that goes on with m along the pole beyond the edge.
    """
    unit = _unit(m)
    magnet = np.isfinite(unit[..., 0])
    begin, end = _border(magnet.reshape(-1, *magnet.shape[-2:])[0].tobytes(), magnet.shape[-2:])
    flat = unit.reshape(*unit.shape[:-3], -1, 3)
    beyond = np.array([0.0, 0.0, float(pole)])
    # Seen from outside the triangles have the border's edge the other way round.
    angles = solid_angle(np.broadcast_to(beyond, flat[..., begin, :].shape), flat[..., end, :], flat[..., begin, :])
    charge: FloatArray = angles.sum(axis=-1) / (4 * np.pi)
    return charge


def _unit(m: npt.NDArray[np.floating]) -> FloatArray:
    double = np.asarray(m, dtype=np.float64)
    length = np.sqrt((double**2).sum(axis=-1, keepdims=True))
    with np.errstate(invalid="ignore"):
        unit: FloatArray = double / length
    return unit


def _plaquettes_with_three_cells(magnet: BoolArray) -> IntArray:
    """Corners of the triangles, anticlockwise: (3, 2, n) of corner, axis and triangle."""
    inside = np.stack([magnet[i : i - 1 or None, j : j - 1 or None] for i, j in _CORNERS])
    found = []
    for missing in range(4):
        chosen = np.stack(np.nonzero((inside.sum(axis=0) == 3) & ~inside[missing]))
        others = [_CORNERS[(missing + step) % 4] for step in (1, 2, 3)]
        found.append([[chosen[0] + i, chosen[1] + j] for i, j in others])
    return np.concatenate([np.array(each, dtype=np.int64) for each in found], axis=2)


@lru_cache(maxsize=16)
def _border(magnet: bytes, shape: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """Edges of the triangulated magnet that belong to one triangle, anticlockwise, as flat indices of cells."""
    inside = np.frombuffer(magnet, dtype=np.bool_).reshape(shape)
    flat = np.arange(inside.size).reshape(shape)
    whole = np.logical_and.reduce([inside[i : i - 1 or None, j : j - 1 or None] for i, j in _CORNERS])
    corners = np.stack([flat[i : i - 1 or None, j : j - 1 or None][whole] for i, j in _CORNERS])
    loops = [corners] if corners.size else []
    three = _plaquettes_with_three_cells(inside)
    if three.size:
        loops.append(np.stack([flat[i, j] for i, j in three]))
    if not loops:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    begin = np.concatenate([loop.ravel() for loop in loops])
    end = np.concatenate([np.roll(loop, -1, axis=0).ravel() for loop in loops])
    # An edge inside is there twice, once each way.
    outer = ~np.isin(begin * inside.size + end, end * inside.size + begin)
    return begin[outer], end[outer]
