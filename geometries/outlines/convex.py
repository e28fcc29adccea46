"""Convex outlines in the plane, computed for many at once: where they are, how far apart, and which cells they have."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Outlines", "gaps_along", "paint", "separations"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

# Cells that are looked at together: their coordinates stay in the processor's cache.
_CHUNK = 1 << 16


class Outlines(NamedTuple):
    """The outlines of many islands: convex figures, in arrays of one shape.

    A stadium and a rectangle are the points within the corner radius r of a smaller rectangle; an ellipse is an ellipse
    (`elliptical`). `x` and `y` are centres and `length` and `width` sizes in m, `angle` is the long axis from x in rad,
    and `roundness` the radius of the corners over half of the width.
    """

    x: FloatArray
    y: FloatArray
    angle: FloatArray
    length: FloatArray
    width: FloatArray
    roundness: FloatArray
    elliptical: BoolArray

    def take(self, index: npt.NDArray[np.integer] | BoolArray | tuple[slice | None, ...]) -> Outlines:
        """Give the outlines at `index`."""
        return Outlines(
            x=self.x[index],
            y=self.y[index],
            angle=self.angle[index],
            length=self.length[index],
            width=self.width[index],
            roundness=self.roundness[index],
            elliptical=self.elliptical[index],
        )

    @property
    def area(self) -> FloatArray:
        """Area of each outline, in m2."""
        radius = self.roundness * self.width / 2
        return np.where(
            self.elliptical, np.pi / 4 * self.length * self.width, self.length * self.width - (4 - np.pi) * radius**2
        )

    def reach(self, angle: FloatArray | float) -> FloatArray:
        """How far in m each outline reaches from its centre in a direction, `angle` in rad from x, which is broadcast.

        The support function h(d) = max over the outline of d . (r - centre): for a rectangle of corner radius r it is r
        + (L/2 - r) |d_along| + (W/2 - r) |d_across|, for an ellipse sqrt((L/2 d_along)^2 + (W/2 d_across)^2).
        """
        along, across = np.abs(np.cos(angle - self.angle)), np.abs(np.sin(angle - self.angle))
        radius = self.roundness * self.width / 2
        rounded = radius + (self.length / 2 - radius) * along + (self.width / 2 - radius) * across
        return np.where(self.elliptical, np.hypot(self.length / 2 * along, self.width / 2 * across), rounded)

    def contain(self, x: FloatArray, y: FloatArray, slack: float) -> BoolArray:
        """Mask of points (m, broadcast against the outlines) inside the outlines, or at most `slack` (m) outside."""
        east, north = x - self.x, y - self.y
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        along, across = np.abs(east * cosine + north * sine), np.abs(north * cosine - east * sine)
        radius = self.roundness * self.width / 2
        beyond_length = np.maximum(along - (self.length / 2 - radius), 0)
        beyond_width = np.maximum(across - (self.width / 2 - radius), 0)
        inside = beyond_length**2 + beyond_width**2 <= (radius + slack) ** 2
        if self.elliptical.any():
            half_length, half_width = self.length / 2 + slack, self.width / 2 + slack
            inside = np.where(self.elliptical, (along / half_length) ** 2 + (across / half_width) ** 2 <= 1, inside)
        return np.asarray(inside, dtype=bool)


def separations(first: Outlines, second: Outlines) -> FloatArray:
    """Distances in m of n pairs of convex outlines, negative where they overlap.

    Too small by less than 1e-4 of the sizes. The distance of two convex bodies is the largest, over directions d, of d
    . (r2 - r1) - h1(d) - h2(-d), with h the support function; it is sought on a grid of directions that is refined
    around the best.
    """
    first, second = (outlines.take((slice(None), None)) for outlines in (first, second))
    step = 2 * np.pi / 64
    # The normals of the sides and the line of centres are looked at exactly.
    sides = np.concatenate([each.angle + np.arange(4) * np.pi / 2 for each in (first, second)], axis=1)
    towards = np.arctan2(second.y - first.y, second.x - first.x)
    grid = np.broadcast_to(np.arange(64) * step, (len(towards), 64))
    directions = np.concatenate([sides, towards, grid], axis=1)
    best = gaps_along(first, second, directions)
    largest: FloatArray = best.max(axis=1)
    for _ in range(3):
        centre = np.take_along_axis(directions, best.argmax(axis=1)[:, None], axis=1)
        directions = centre + np.linspace(-step, step, 33)
        best = gaps_along(first, second, directions)
        largest = np.maximum(largest, best.max(axis=1))
        step /= 16
    return largest


def gaps_along(first: Outlines, second: Outlines, direction: FloatArray) -> FloatArray:
    """Measure the gap of outlines along a direction (rad from x): no more than their distance, in m."""
    apart = (second.x - first.x) * np.cos(direction) + (second.y - first.y) * np.sin(direction)
    gaps: FloatArray = apart - first.reach(direction) - second.reach(direction)
    return gaps


def paint(canvas: IntArray, outlines: Outlines, values: IntArray, cell: tuple[float, float]) -> None:
    """Write a value into every cell of `canvas` (nx, ny) whose centre is inside an outline.

    Each outline is looked at in a window around it; outlines with windows of one size are computed together. Where
    outlines overlap, the last one is on top. The corner of the first cell is at the origin, and `cell` is in m.
    """
    # A centre on the border is inside, whichever way it rounds.
    slack = 1e-6
    first, size = [], []
    for centre, angle, step in ((outlines.x, 0.0, cell[0]), (outlines.y, np.pi / 2, cell[1])):
        reach = outlines.reach(angle)
        begin = np.ceil((centre - reach) / step - 0.5 - slack).astype(np.int64)
        first.append(begin)
        size.append(np.floor((centre + reach) / step - 0.5 + slack).astype(np.int64) - begin + 1)
    windows, group = np.unique(np.stack(size, axis=1), axis=0, return_inverse=True)
    for number, (wide, high) in enumerate(windows.tolist()):
        if wide < 1 or high < 1:
            continue
        members = np.flatnonzero(group.ravel() == number)
        for chunk in np.array_split(members, -(-members.size * wide * high // _CHUNK)):
            column = first[0][chunk, None, None] + np.arange(wide)[:, None]
            row = first[1][chunk, None, None] + np.arange(high)
            x = np.asarray((column + 0.5) * cell[0], dtype=np.float64)
            y = np.asarray((row + 0.5) * cell[1], dtype=np.float64)
            part = outlines.take(chunk).take((slice(None), None, None))
            inside = part.contain(x, y, slack * min(cell))
            inside &= (column >= 0) & (column < canvas.shape[0]) & (row >= 0) & (row < canvas.shape[1])
            which, across, up = np.nonzero(inside)
            canvas[column[which, across, 0], row[which, 0, up]] = values[chunk][which]
