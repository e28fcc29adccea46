"""Locate skyrmions, frame by frame: NumPy arrays in, a table out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy

from analysis.skyrmions.nesting import families_of, gaps_between, owners_of, region_inside, regions_of
from analysis.skyrmions.outlines import Outline, find_outlines
from analysis.skyrmions.solid_angles import charge_of_edges, charge_on_cells
from geometries.edge_distance import edge_distance

__all__ = ["FOUND", "KINDS", "OPEN", "WHOLE", "find"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

KINDS = ("skyrmion", "antiskyrmion", "skyrmionium", "bubble", "stripe domain", "cluster")
"""Kinds of closed textures, by their number in a table."""
OPEN, WHOLE = -1, -2
"""Numbers of the rows that are no closed texture: a line m_z = 0 that ends at an edge, and the whole frame."""

_NUMBERS = ("x", "y", "charge_x", "charge_y", "radius", "width", "helicity", "polarity", "charge", "edge_distance",
            "gap", "edge_charge", "length", "m_z", "m_z_squared")  # fmt: skip
FOUND = np.dtype([("frame", "i8"), ("kind", "i1"), *((name, "f8") for name in _NUMBERS)])
"""A row for each closed texture and each open line, and one for each frame.

All lengths are in m. For an open line `x`, `y` are the middle and `radius` the half of the longer side
of its box. For a frame `charge` is the sum over the plaquettes, `edge_charge` what closes it,
`length` is of all lines m_z = 0, `m_z` and `m_z_squared` means.
"""

_LENGTH = 2 + _NUMBERS.index("length")
# Below this roundness a closed domain is long.
_ROUND = 0.5
# Cells: smaller lines around which the moments do not turn are due to heat.
_SEEN = 1.5
# Share of the threshold: where the moments turn around a line, m_z inside must reach less.
_WOUND = 0.5
# A line around two has a waist, and is less round than this.
_ALONE = 0.95
# Charge farther from a texture's wall than this many widths is not its own.
_OWN = 4.0


def find(
    m: npt.NDArray[np.floating],
    x: FloatArray,
    y: FloatArray,
    *,
    background: int,
    threshold: float,
    goes_on: bool = False,
) -> npt.NDArray[np.void]:
    """Find every closed texture of some frames, and measure it: rows of dtype `FOUND`.

    In the mean of m over the thickness each closed line m_z = 0 is an outline (`find_outlines`), but those in which m_z
    turns over only cell by cell, those without vorticity that are smaller than 1.5 cells in radius, and open ones
    shorter than three, as heat makes them. The outermost are textures, what is inside belongs to them. Each line
    carries the charge v p, v the vorticity of the moments along it and p the sign of m_z inside; where the line is not
    round and the charge density of the cells around adds up to more, that is taken, and the texture is a cluster. Where
    a round one's density does not add up to its charge, its charge centre is the density's after the same average
    over neighbours. From the area A inside the outermost line follows the radius R = sqrt(A / pi), from the mean slope
    of artanh m_z on it, which of the profile tan(theta / 2) = sinh(R / Delta) / sinh(r / Delta) is coth(R / Delta) /
    Delta, the width Delta.

    `m` (t, x, y, z, 3) is NaN outside the magnet, `x` and `y` are cell centres in m, and `background` (1 or -1) is the
    sign of m_z outside the textures; beyond an edge it closes the charge. `threshold` is the size that m_z, averaged
    over a cell and its neighbours, has to reach inside a line; half of it where the line has a vorticity. `goes_on` is
    whether the magnet goes on beyond the ends of the cells along x, so that they are no edges.
    """
    cell = (float(x[1] - x[0]) if x.size > 1 else 1.0, float(y[1] - y[0]) if y.size > 1 else 1.0)
    with np.errstate(invalid="ignore"):
        plane = np.asarray(m, dtype=np.float64).mean(axis=3)
    layers = np.moveaxis(np.asarray(m), 3, 1)
    density = charge_on_cells(layers).mean(axis=1)
    closing = charge_of_edges(layers, background).mean(axis=1)
    magnet = np.isfinite(plane[0, ..., 0])
    # As many cells more as no edge across the track is away.
    beyond = round(y.size * cell[1] / cell[0]) if goes_on else 0
    to_edge = edge_distance(np.pad(magnet, ((beyond, beyond), (0, 0)), mode="edge"), cell)[beyond : beyond + x.size]
    rows: list[tuple[float, ...]] = []
    for frame, moments in enumerate(plane):
        textures = _rows_of_frame(frame, moments, density[frame], magnet, to_edge, (x, y), cell, threshold)
        m_z = moments[magnet][:, 2]
        whole = {"charge": density[frame].sum(), "edge_charge": closing[frame]}
        whole |= {"m_z": m_z.mean(), "m_z_squared": (m_z**2).mean(), "length": sum(row[_LENGTH] for row in textures)}
        rows += [*textures, _row(frame, WHOLE, **whole)]
    return np.array(rows, dtype=FOUND)


def _row(frame: int, kind: int, **numbers: float) -> tuple[float, ...]:
    return (frame, kind, *(numbers.get(name, np.nan) for name in _NUMBERS))


def _rows_of_frame(
    frame: int,
    m: FloatArray,
    density: FloatArray,
    magnet: npt.NDArray[np.bool_],
    to_edge: FloatArray,
    centres: tuple[FloatArray, FloatArray],
    cell: tuple[float, float],
    threshold: float,
) -> list[tuple[float, ...]]:
    outlines = find_outlines(m, cell)
    mean = _over_neighbours(m)
    regions, reach = regions_of(m[..., 2], mean[..., 2])
    closed = [
        each
        for each in outlines
        if each.closed
        and (each.vorticity or each.area > np.pi * _SEEN**2)
        and reach[region_inside(each, regions, m)] >= (_WOUND if each.vorticity else 1) * threshold
    ]
    families = sorted(families_of(closed), key=lambda family: tuple(family[0].centre))
    origin, size = np.array([centres[0][0], centres[1][0]]), np.array(cell)
    rows = []
    for line in outlines:
        if not line.closed:
            low, high = line.points.min(axis=0), line.points.max(axis=0)
            if (high - low).max() < 2 * _SEEN:
                continue
            middle = origin + (low + high) / 2 * size
            half = float(((high - low) * size).max()) / 2
            rows.append(_row(frame, OPEN, x=middle[0], y=middle[1], radius=half, length=_length(line, size)))
    if not families:
        return rows
    owner = owners_of([[region_inside(line, regions, m) for line in family] for family in families], regions)
    inner = _inner(magnet)
    steady: FloatArray | None = None
    distance, nearest = scipy.ndimage.distance_transform_edt(owner == 0, sampling=cell, return_indices=True)
    gaps = gaps_between([family[0] for family in families], size)
    for index, family in enumerate(families):
        outer = family[0]
        x, y = origin + outer.centre * size
        radius = float(np.sqrt(outer.area * size.prod() / np.pi))
        # The slope is over the edge of a square as large as a cell.
        width = _width(radius, outer.slope / float(np.sqrt(size.prod())))
        charge = sum(line.vorticity * line.inside for line in family)
        mine = (owner[tuple(nearest)] == index + 1) & (distance <= max(_OWN * width, 2 * max(cell)))
        weight = np.where(mine & inner, density, 0.0)
        total = weight.sum()
        if abs(total) > abs(charge) + 0.5 and outer.roundness < _ALONE:
            # Where two touch, what is between them may be smaller than a cell.
            charge = round(float(total))
        elif abs(total - charge) > 0.5:
            # A cell that heat has turned over carries a charge of its own.
            steady = charge_on_cells(mean) if steady is None else steady
            weight = np.where(mine & inner, steady, 0.0)
            total = weight.sum()
        charge_x, charge_y = (np.nan, np.nan)
        if charge and total * charge > 0:
            charge_x, charge_y = weight.sum(axis=1) @ centres[0] / total, weight.sum(axis=0) @ centres[1] / total
        rows.append(
            _row(
                frame,
                _kind(family, charge),
                x=x,
                y=y,
                charge_x=charge_x,
                charge_y=charge_y,
                radius=radius,
                width=width,
                helicity=outer.helicity,
                polarity=family[1].inside if len(family) == 2 else outer.inside,
                charge=charge,
                edge_distance=_bilinear(to_edge, outer.centre),
                gap=gaps[index],
                length=sum(_length(line, size) for line in family),
            )
        )
    return rows


def _kind(family: list[Outline], charge: int) -> int:
    outer = family[0]
    if len(family) == 2 and charge == 0:
        return KINDS.index("skyrmionium")
    if len(family) > 1 or abs(charge) > 1:
        return KINDS.index("cluster")
    if outer.roundness < _ROUND:
        return KINDS.index("stripe domain")
    return KINDS.index({1: "skyrmion", -1: "antiskyrmion", 0: "bubble"}[outer.vorticity])


def _width(radius: float, slope: float) -> float:
    """Solve coth(R / Delta) / Delta = slope; at its least, 1 / R, the texture has no wall of its own."""
    if not slope * radius > 1:
        return np.inf
    inverse = scipy.optimize.brentq(lambda k: k / np.tanh(k * radius) - slope, 1e-9 / radius, slope)
    return float(1 / inverse)


def _length(line: Outline, size: FloatArray) -> float:
    points = np.concatenate([line.points, line.points[:1]]) if line.closed else line.points
    return float(np.hypot(*(np.diff(points, axis=0) * size).T).sum())


def _over_neighbours(m: FloatArray) -> FloatArray:
    """The direction of each moment's mean with its neighbours, in weights of 1, 2, 1 along x and y."""
    mean = np.nan_to_num(m)
    for axis in (0, 1):
        mean = scipy.ndimage.convolve1d(mean, [1.0, 2.0, 1.0], axis=axis, mode="constant")
    with np.errstate(invalid="ignore", divide="ignore"):
        unit: FloatArray = np.where(np.isfinite(m), mean / np.linalg.norm(mean, axis=-1, keepdims=True), np.nan)
    return unit


def _inner(magnet: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Cells without a neighbour that is no magnet: at an edge the moments tilt, which is no texture's charge."""
    inner: npt.NDArray[np.bool_] = scipy.ndimage.binary_erosion(magnet, np.ones((3, 3)))
    return inner


def _bilinear(values: FloatArray, point: FloatArray) -> float:
    return float(scipy.ndimage.map_coordinates(values, point[:, None], order=1, mode="nearest")[0])
