"""The lines m_z = 0 of a frame: closed ones around textures, and open ones that end at an edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["Outline", "find_outlines", "rapidity_of"]

FloatArray = npt.NDArray[np.float64]


# Points of a line over which its moments are averaged, or a sixth of a short one: a cell that heat has turned over
# is beside up to four of them.
_TOGETHER = 7


@dataclass(frozen=True)
class Outline:
    """A line m_z = 0, in cells: (0, 0) is the centre of the first one.

    `points` (n, 2) lie along it, each between two neighbouring cells; anticlockwise if closed, and the first is not
    repeated. `centre` is the centre of the area inside; if open the mean of its points. `area` is in cells.
    `roundness` is 4 pi area / perimeter^2 of the line smoothed over twice the domain's width, 1 of a circle: so it is
    the domain's, without what heat does to its line from cell to cell. `inside` is the sign of m_z there.
    `vorticity` is how often the moments, averaged over seven points, turn anticlockwise on an anticlockwise way along
    it, and `helicity` the mean over the line of the moment's angle less vorticity times the polar angle, in rad.
    `slope` is the mean over the line of the gradient of artanh m_z, over the edge of a square as large as a cell. For
    an open one `area`, `roundness` and `helicity` are NaN, `inside` and `vorticity` 0.
    """

    points: FloatArray
    closed: bool
    centre: FloatArray
    area: float
    roundness: float
    inside: int
    vorticity: int
    helicity: float
    slope: float


def rapidity_of(m: FloatArray) -> FloatArray:
    """Give artanh m_z, which is linear across a wall of Walker's profile.

    As arsinh(m_z / |m_perp|) it keeps its digits where m_z is near 1.
    """
    across = np.maximum(np.hypot(m[..., 0], m[..., 1]), 1e-9)
    rapidity: FloatArray = np.arcsinh(m[..., 2] / across)
    return rapidity


def find_outlines(m: FloatArray, cell: tuple[float, float] = (1.0, 1.0)) -> list[Outline]:
    """Lines m_z = 0 of a film m (x, y, 3), to a fraction of a cell, from the largest area down, then the open ones.

    Between two neighbouring cells artanh m_z is taken as linear, as it is across a wall. m is NaN outside the magnet,
    and `cell` is the size of a cell along x and y in any unit.
    """
    from contourpy import LineType, contour_generator

    rapidity = rapidity_of(m)
    generator = contour_generator(
        z=np.ma.masked_invalid(rapidity.T), name="serial", line_type=LineType.Separate, corner_mask=True
    )
    with np.errstate(invalid="ignore"):
        # One-sided next to an edge.
        fields = np.stack([*_gradient(rapidity), m[..., 0], m[..., 1]])
    shape = np.asarray(cell) / np.sqrt(np.prod(cell))
    found = [_measured(np.asarray(line), fields, shape) for line in generator.lines(0.0)]
    return sorted((each for each in found if each is not None), key=lambda each: (not each.closed, -each.area))


def _gradient(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    both = []
    for axis in (0, 1):
        if values.shape[axis] == 1:
            both.append(np.zeros_like(values))
            continue
        step = np.diff(values, axis=axis)
        absent = np.full_like(np.take(values, [0], axis=axis), np.nan)
        sides = np.stack([np.concatenate([absent, step], axis), np.concatenate([step, absent], axis)])
        there = np.isfinite(sides)
        both.append(np.where(there, sides, 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1))
    return both[0], both[1]


def _measured(line: FloatArray, fields: FloatArray, shape: FloatArray) -> Outline | None:
    """Measure a line; `shape` has the edges of a cell over the edge of a square of its area."""
    closed = len(line) > 3 and bool((line[0] == line[-1]).all())
    points = line[:-1] if closed else line
    if len(points) < 2:
        return None
    gradient_x, gradient_y, m_x, m_y = _at(fields, points)
    slope = float(np.hypot(gradient_x / shape[0], gradient_y / shape[1]).mean())
    if not closed:
        return Outline(points, False, points.mean(axis=0), np.nan, np.nan, 0, 0, np.nan, slope)
    twice, centre = _area_and_centre(points)
    if twice == 0:
        return None
    if twice < 0:
        points, gradient_x, gradient_y, m_x, m_y = (each[::-1] for each in (points, gradient_x, gradient_y, m_x, m_y))
    along = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    outwards = float((gradient_x * along[:, 1] - gradient_y * along[:, 0]).sum())
    azimuth = np.arctan2(m_y, m_x)
    vorticity = _turns(m_x, m_y)
    away = (points - centre) * shape
    polar = np.arctan2(away[:, 1], away[:, 0])
    helicity = float(np.angle(np.exp(1j * (azimuth - vorticity * polar)).mean()))
    inside = -1 if outwards > 0 else 1
    return Outline(points, True, centre, abs(twice) / 2, _roundness(points * shape), inside, vorticity, helicity, slope)


def _turns(m_x: FloatArray, m_y: FloatArray) -> int:
    together = min(m_x.size // 6, _TOGETHER) | 1
    around = scipy.ndimage.uniform_filter1d(m_x + 1j * m_y, together, mode="wrap")
    return round(float(np.angle(np.roll(around, -1) * around.conj()).sum() / (2 * np.pi)))


def _roundness(points: FloatArray) -> float:
    twice, _ = _area_and_centre(points)
    # The area over the perimeter is half of the width.
    over = max(round(2 * abs(twice) / _perimeter(points) ** 2 * len(points)), 1)
    smooth = scipy.ndimage.uniform_filter1d(points, over, axis=0, mode="wrap")
    return float(2 * np.pi * abs(_area_and_centre(smooth)[0]) / _perimeter(smooth) ** 2)


def _perimeter(points: FloatArray) -> float:
    return float(np.hypot(*(np.roll(points, -1, axis=0) - points).T).sum())


def _area_and_centre(points: FloatArray) -> tuple[float, FloatArray]:
    """Twice the signed area of a polygon, and the centre of the area."""
    origin = points.mean(axis=0)
    here = points - origin
    after = np.roll(here, -1, axis=0)
    cross = here[:, 0] * after[:, 1] - after[:, 0] * here[:, 1]
    twice = float(cross.sum())
    if twice == 0:
        return 0.0, origin
    return twice, origin + ((here + after) * cross[:, None]).sum(axis=0) / (3 * twice)


def _at(fields: FloatArray, points: FloatArray) -> FloatArray:
    """Fields (n, x, y) at points between cells, linear between them."""
    last = np.array(fields.shape[1:]) - 1
    low = np.clip(np.floor(points).astype(np.int64), 0, last)
    high = np.minimum(low + 1, last)
    x, y = np.clip(points - low, 0, 1).T
    # A neighbour beyond an edge has weight 0 where it is no magnet.
    corners = [
        (fields[:, low[:, 0], low[:, 1]], (1 - x) * (1 - y)),
        (fields[:, high[:, 0], low[:, 1]], x * (1 - y)),
        (fields[:, low[:, 0], high[:, 1]], (1 - x) * y),
        (fields[:, high[:, 0], high[:, 1]], x * y),
    ]
    values: FloatArray = np.sum([np.where(weight > 0, value, 0) * weight for value, weight in corners], axis=0)
    return values
