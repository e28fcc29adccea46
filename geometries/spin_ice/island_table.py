"""A lattice from a table: one row for each island."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, model_validator

from geometries.description import Description, PositiveLength
from geometries.quantities import Angle, Coordinate, format_quantity
from geometries.sizes import refuse_more
from geometries.spin_ice.lattices import Sites

__all__ = ["IslandTable", "TabulatedIsland"]


class TabulatedIsland(Description):
    """A row of a table of islands.

    Parameters
    ----------
    x, y : float
        Centre of the island, in m.
    angle : float
        Angle of its easy axis from x, in rad.
    length, width : float
        Its extent along and across the easy axis, in m.

    Examples
    --------
    >>> TabulatedIsland(x=0, y="90 nm", angle="90 deg", length="120 nm", width="40 nm").y
    9e-08
    """

    x: Coordinate
    y: Coordinate
    angle: Angle
    length: PositiveLength
    width: PositiveLength


def _some(islands: tuple[TabulatedIsland, ...]) -> tuple[TabulatedIsland, ...]:
    if not islands:
        raise ValueError("the table has no islands; give at least one row with x, y, angle, length and width")
    return islands


class IslandTable(Description):
    """Any lattice, island by island.

    Parameters
    ----------
    islands : tuple of TabulatedIsland
        The islands.
    vertex_distance : float, optional
        Ends of islands that are at most this far apart, in m, meet in a vertex, and so
        do ends that are joined by others; the vertex is at their mean. Without it there
        are no vertices.
    shape : {"stadium", "ellipse", "rectangle"}
        Shape of every island.
    box : pair of (x, y), optional
        Lower left and upper right corner, in m, of the box to which the margin is added; that around the islands
        if left out. With it an island can be drawn on the cells that it has in a larger lattice.

    Raises
    ------
    pydantic.ValidationError
        If there are no rows, one lacks a column or has no finite number in it, or the box is empty.

    Examples
    --------
    >>> row = {"x": 0, "y": 0, "angle": 0, "length": "120 nm", "width": "40 nm"}
    >>> len(IslandTable(islands=[row, row | {"x": "200 nm"}]).sites().position)
    2
    """

    kind: Literal["table"] = "table"
    islands: Annotated[tuple[TabulatedIsland, ...], AfterValidator(_some)]
    vertex_distance: PositiveLength | None = None
    shape: Literal["stadium", "ellipse", "rectangle"] = "stadium"
    box: tuple[tuple[Coordinate, Coordinate], tuple[Coordinate, Coordinate]] | None = None

    @model_validator(mode="after")
    def _has_an_inside(self) -> IslandTable:
        if self.box is not None and not all(low < high for low, high in zip(*self.box, strict=True)):
            raise ValueError(f"box = {self.box} m has nothing inside; give the lower left and the upper right corner")
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of islands: one."""
        return ("island",)

    def sizes(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Give length and width of every island, in m."""
        return (
            np.array([island.length for island in self.islands]),
            np.array([island.width for island in self.islands]),
        )

    def sites(self) -> Sites:
        """Lay out the lattice, where the table has it."""
        position = np.array([(island.x, island.y) for island in self.islands])
        angle = np.array([island.angle for island in self.islands])
        length, _ = self.sizes()
        half = np.stack([np.cos(angle), np.sin(angle)], axis=1) * length[:, None] / 2
        island_vertex, vertex_position = self._vertices(np.concatenate([position - half, position + half]))
        return Sites(
            position=position,
            angle=angle,
            distance=length,
            kind=np.full(len(length), "island"),
            island_vertex=island_vertex,
            vertex_position=vertex_position,
        )

    def _vertices(self, ends: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components
        from scipy.spatial import cKDTree

        if self.vertex_distance is None:
            return np.full((len(ends) // 2, 2), -1), np.empty((0, 2))
        # A distance that was written in decimals is reached, whichever way it rounds.
        tree, reach = cKDTree(ends), self.vertex_distance * (1 + 1e-9)
        refuse_more(
            f"lattice.vertex_distance = {format_quantity(self.vertex_distance, 'm')}",
            tree.count_neighbors(tree, reach) / 2,
            _MOST_JOINS,
            "ends that meet",
            "give the largest distance of two ends in one vertex",
        )
        pairs = tree.query_pairs(reach, output_type="ndarray")
        joined = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(ends), len(ends)))
        _, cluster = connected_components(joined, directed=False)
        meeting = np.bincount(cluster)
        # Vertices are numbered as their first ends come in the table.
        order = np.full(len(meeting), -1)
        number = np.where(meeting[cluster] > 1, cluster, -1).reshape(2, -1).T.ravel()
        shared, first = np.unique(number[number >= 0], return_index=True)
        order[shared[np.argsort(first)]] = np.arange(len(shared))
        vertex = np.where(number >= 0, order[number], -1).reshape(-1, 2)
        flat, points = vertex.T.ravel(), ends
        sums = [np.bincount(flat[flat >= 0], points[flat >= 0, axis], len(shared)) for axis in (0, 1)]
        members = np.bincount(flat[flat >= 0], minlength=len(shared))
        return vertex, np.stack(sums, axis=1) / members[:, None]


_MOST_JOINS = 20_000_000
