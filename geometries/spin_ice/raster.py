"""Bridges between islands, as outlines that are painted on a mesh."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geometries.outlines.convex import Outlines
from geometries.spin_ice.placement import PlacedIslands

__all__ = ["BRIDGE", "bridge_arms"]

IntArray = npt.NDArray[np.int64]

BRIDGE = -1
"""Label of the cells of bridges."""


def bridge_arms(placed: PlacedIslands, width: float) -> tuple[Outlines, IntArray]:
    """Draw the arms of this width (m) that reach from the islands' ends to their vertices.

    Gives the arms, stadia from inside the island to the vertex, and the island of each.
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
