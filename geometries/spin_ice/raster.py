"""Islands and bridges on a mesh: which cells belong to which."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geometries.spin_ice.islands import Outlines
from geometries.spin_ice.placement import PlacedIslands

__all__ = ["BRIDGE", "bridge_arms", "paint"]

IntArray = npt.NDArray[np.int64]

BRIDGE = -1
"""Label of the cells of bridges."""

# Cells that are looked at together: their coordinates stay in the processor's cache.
_CHUNK = 1 << 16


def paint(canvas: IntArray, outlines: Outlines, values: IntArray, cell: tuple[float, float]) -> None:
    """Write a value into every cell whose centre is inside an outline.

    Each outline is looked at in a window around it; outlines with windows of one size
    are computed together. Where outlines overlap, the last one is on top.

    Parameters
    ----------
    canvas : numpy.ndarray of int, shape (nx, ny)
        Is written to; the corner of the first cell is at the origin.
    outlines : Outlines
        What is painted, n of them.
    values : numpy.ndarray of int, shape (n,)
        With what.
    cell : tuple of two floats
        Size of a cell along x and y, in m.
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


def bridge_arms(placed: PlacedIslands, width: float) -> tuple[Outlines, IntArray]:
    """Draw the arms that reach from the islands' ends to their vertices.

    Parameters
    ----------
    placed : PlacedIslands
        The islands.
    width : float
        Of the arms, in m.

    Returns
    -------
    tuple of Outlines and numpy.ndarray of int
        The arms, stadia from inside the island to the vertex, and the island of each.
    """
    island, end = np.nonzero(placed.island_vertex >= 0)
    vertex = placed.vertex_position[placed.island_vertex[island, end]]
    # Half an island's width from its tip there is magnet all across, whatever its shape.
    inset = (placed.outlines.length - placed.outlines.width)[island, None] / 2
    start = placed.position[island] + np.where(end == 1, 1, -1)[:, None] * inset * placed.axis[island]
    along = vertex - start
    centre, length = (start + vertex) / 2, np.hypot(along[:, 0], along[:, 1]) + width
    arms = Outlines(
        x=centre[:, 0],
        y=centre[:, 1],
        angle=np.arctan2(along[:, 1], along[:, 0]),
        length=length,
        width=np.full(len(island), width),
        roundness=np.ones(len(island)),
        elliptical=np.zeros(len(island), dtype=bool),
    )
    return arms, island
