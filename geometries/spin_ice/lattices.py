"""The lattices of spin ices: where the islands are, which ends meet in a vertex.

A lattice is a list of bonds between vertices on a grid of whole numbers. Every
lattice here is made of whole arrays, so that a million islands take a second.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from geometries.description import Count, Description, PositiveLength
from geometries.quantities import Angle, format_quantity, parse_quantity
from geometries.sizes import check_islands

__all__ = ["BrickworkLattice", "KagomeLattice", "PinwheelLattice", "Sites", "SquareLattice", "TridentLattice"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Sites(NamedTuple):
    """The n sites of a lattice, each with an island on it, and its v vertices.

    `position` (n, 2) are centres in m, `angle` the easy axis from x in rad, which goes from tail to head, `distance`
    the way in m from the vertex at the tail to the one at the head, `kind` which kind of island it is, `island_vertex`
    (n, 2) the vertices at tail and head, -1 where no other end is, and `vertex_position` (v, 2) is in m.
    """

    position: FloatArray
    angle: FloatArray
    distance: FloatArray
    kind: npt.NDArray[np.str_]
    island_vertex: IntArray
    vertex_position: FloatArray


def join_ends(tail: IntArray, head: IntArray) -> tuple[IntArray, IntArray]:
    """Number the points of a grid where two or more of the bonds' ends (n, 2) meet.

    Gives the vertices' points (v, 2), by row from the lower left, and the vertices of each bond (n, 2), -1 at a loose
    end.
    """
    ends = np.concatenate([tail, head])
    lowest = ends.min(axis=0)
    columns = int(np.ptp(ends[:, 0])) + 1
    keys = (ends[:, 1] - lowest[1]) * columns + (ends[:, 0] - lowest[0])
    points, number, meeting = np.unique(keys, return_inverse=True, return_counts=True)
    vertex = np.where(meeting > 1, np.cumsum(meeting > 1) - 1, -1)
    points = points[meeting > 1]
    grid = np.stack([points % columns, points // columns], axis=1) + lowest
    return grid, vertex[number].reshape(2, -1).T


def _from_bonds(tail: IntArray, head: IntArray, scale: tuple[float, float], kind: npt.NDArray[np.str_]) -> Sites:
    vertices, island_vertex = join_ends(tail, head)
    along = (head - tail) * np.array(scale)
    return Sites(
        position=(tail + head) * np.array(scale) / 2,
        angle=np.arctan2(along[:, 1], along[:, 0]),
        distance=np.hypot(along[:, 0], along[:, 1]),
        kind=kind,
        island_vertex=island_vertex,
        vertex_position=vertices * np.array(scale),
    )


def _closed_square(columns: int, rows: int) -> tuple[IntArray, IntArray, npt.NDArray[np.str_]]:
    """Bonds along the sides of columns x rows squares, row by row, those along x first."""
    across, up = np.meshgrid(np.arange(columns + 1), np.arange(rows + 1))
    points = np.stack([across, up], axis=-1)
    along_x, along_y = points[:, :-1].reshape(-1, 2), points[:-1].reshape(-1, 2)
    # By height of the centre, then from left to right.
    tail = np.concatenate([along_x, along_y])
    head = np.concatenate([along_x + np.array([1, 0]), along_y + np.array([0, 1])])
    kind = np.repeat(["horizontal", "vertical"], [len(along_x), len(along_y)])
    order = np.lexsort((tail[:, 0] + head[:, 0], tail[:, 1] + head[:, 1]))
    return tail[order], head[order], kind[order]


def _places(columns: int, rows: int) -> tuple[IntArray, IntArray]:
    """Number columns x rows places along x and y, row by row."""
    across, up = np.meshgrid(np.arange(columns), np.arange(rows))
    return across.ravel(), up.ravel()


def _open_square(columns: int, rows: int) -> tuple[IntArray, IntArray, npt.NDArray[np.str_]]:
    """Bonds at +-45 degrees, one in each of columns x rows fields, row by row."""
    across, up = _places(columns, rows)
    rising = (across + up) % 2 == 0
    tail = np.stack([np.where(rising, across, across + 1), up], axis=1)
    head = np.stack([np.where(rising, across + 1, across), up + 1], axis=1)
    return tail, head, np.where(rising, "rising", "falling")


class _RegularLattice(Description):
    """Equal places in columns and rows."""

    islands_a_place: ClassVar[float] = 2.0

    columns: Count
    rows: Count
    lattice_constant: PositiveLength

    @model_validator(mode="after")
    def _can_be_held(self) -> _RegularLattice:
        check_islands(self.columns, self.rows, self.islands_a_place)
        return self


class SquareLattice(_RegularLattice):
    """Square ice: islands along the sides of squares, four meet in a vertex [1]_.

    Parameters
    ----------
    columns, rows : int
        With closed edges the number of squares, with open edges of islands,
        along x and y.
    lattice_constant : float
        Distance between neighbouring vertices, in m.
    edges : {"closed", "open"}
        "closed": the array is cut along the sides of squares, islands along x and y,
        2 columns rows + columns + rows of them. "open": it is cut along their
        diagonals, islands at 45 and 135 degrees on a rectangle of columns x rows
        places; its outer ends meet in pairs, or are loose [2]_.

    Raises
    ------
    pydantic.ValidationError
        If a number is below 1 or a length not above 0.

    References
    ----------
    .. [1] R. F. Wang et al., Nature 439, 303 (2006).
    .. [2] Z. Budrikis, P. Politi and R. L. Stamps, Phys. Rev. Lett. 105, 017201 (2010).

    Examples
    --------
    >>> lattice = SquareLattice(columns=3, rows=3, lattice_constant="180 nm")
    >>> len(lattice.sites().position)
    24
    """

    kind: Literal["square"] = "square"
    edges: Literal["closed", "open"] = "closed"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of islands."""
        return ("horizontal", "vertical") if self.edges == "closed" else ("rising", "falling")

    def sites(self) -> Sites:
        """Lay out the lattice, its lower left vertex at the origin."""
        if self.edges == "closed":
            tail, head, kind = _closed_square(self.columns, self.rows)
            scale = self.lattice_constant
        else:
            tail, head, kind = _open_square(self.columns, self.rows)
            scale = self.lattice_constant / math.sqrt(2)
        return _from_bonds(tail, head, (scale, scale), kind)


class PinwheelLattice(_RegularLattice):
    """Pinwheel ice: square ice with each island turned about its midpoint [1]_.

    The vertices are inherited from the square ice that it is made from, and an island's
    tail and head stay with theirs.

    Parameters
    ----------
    columns, rows : int
        As in `SquareLattice`.
    lattice_constant : float
        Lattice constant of the square ice, in m; the midpoints of neighbours are 1/sqrt(2) of it apart.
    edges : {"diamond", "lucky-knot"}
        "diamond": from square ice with closed edges, islands at 45 degrees.
        "lucky-knot": from square ice with open edges, islands along x and y, a
        rectangle woven of columns x rows.
    rotation : float
        Angle by which islands are turned anticlockwise, in rad; -45 degrees if left out.

    Raises
    ------
    pydantic.ValidationError
        If a number is below 1 or a length not above 0.

    References
    ----------
    .. [1] R. Macedo, G. M. Macauley, F. S. Nascimento and R. L. Stamps,
       Phys. Rev. B 98, 014437 (2018).

    Examples
    --------
    >>> lattice = PinwheelLattice(columns=5, rows=4, lattice_constant="200 nm", edges="lucky-knot")
    >>> len(lattice.sites().position)
    20
    """

    kind: Literal["pinwheel"] = "pinwheel"
    edges: Literal["diamond", "lucky-knot"] = "diamond"
    rotation: Angle = -math.pi / 4

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of islands: of the square ice, before they are turned."""
        return self._square().kinds

    def _square(self) -> SquareLattice:
        return SquareLattice(
            columns=self.columns,
            rows=self.rows,
            lattice_constant=self.lattice_constant,
            edges="closed" if self.edges == "diamond" else "open",
        )

    def sites(self) -> Sites:
        """Lay out the lattice, the lower left vertex of the square ice at the origin."""
        square = self._square().sites()
        return square._replace(angle=square.angle + self.rotation)


class KagomeLattice(_RegularLattice):
    """Kagome ice: islands along the sides of hexagons, three meet in a vertex [1]_.

    The centres of the islands form a kagome lattice, the vertices a honeycomb. Every
    second row of hexagons is half a lattice constant further right.

    Parameters
    ----------
    columns, rows : int
        Number of hexagons along x and y.
    lattice_constant : float
        Distance between the centres of neighbouring hexagons, in m: sqrt(3) = 1.732 times
        that between neighbouring vertices (`vertex_distance`), which papers often give as
        the period. Vertices that are 290 nm apart are written as "502.3 nm".

    Raises
    ------
    pydantic.ValidationError
        If a number is below 1 or a length not above 0.

    References
    ----------
    .. [1] Y. Qi, T. Brintlinger and J. Cumings, Phys. Rev. B 77, 094418 (2008).

    Examples
    --------
    >>> lattice = KagomeLattice(columns=1, rows=1, lattice_constant="500 nm")
    >>> len(lattice.sites().position), round(lattice.vertex_distance * 1e9, 1)
    (6, 288.7)
    """

    islands_a_place: ClassVar[float] = 3.0

    kind: Literal["kagome"] = "kagome"

    @model_validator(mode="before")
    @classmethod
    def _no_vertex_distance(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "vertex_distance" in data and "lattice_constant" not in data:
            given, meant = data["vertex_distance"], "sqrt(3) times as much"
            with suppress(ValueError):  # what is no length is not worked out
                meant = f'"{format_quantity(math.sqrt(3) * parse_quantity(given, "m"), "m", 6)}"'
            raise ValueError(
                "vertex_distance is no key of a kagome lattice: its lattice_constant is the distance between the "
                f"centres of hexagons, sqrt(3) times that between vertices; give lattice_constant: {meant}"
            )
        return data

    @property
    def vertex_distance(self) -> float:
        """Distance between neighbouring vertices, the length of a hexagon's side, in m."""
        return self.lattice_constant / math.sqrt(3)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of islands: upright, rising and falling to the right."""
        return ("upright", "rising", "falling")

    def sites(self) -> Sites:
        """Lay out the lattice, the centre of the first hexagon at the origin."""
        # Whole numbers count half lattice constants along x and half sides along y.
        column, row = _places(self.columns, self.rows)
        centre = np.stack([2 * column + row % 2, 3 * row], axis=1)[:, None]
        corner = np.array([(0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1)])
        # Sides from tail to head, to the right or upwards; the midpoint distinguishes them.
        tail = (centre + corner[[5, 0, 1, 3, 4, 5]]).reshape(-1, 2)
        head = (centre + corner[[0, 1, 2, 2, 3, 4]]).reshape(-1, 2)
        midpoint = tail + head
        _, first = np.unique(midpoint[:, 1] * (4 * self.columns + 8) + midpoint[:, 0], return_index=True)
        tail, head = tail[first], head[first]
        rise = (head - tail)[:, 1]
        kind = np.select([rise == 2, rise == 1], ["upright", "rising"], "falling")
        return _from_bonds(tail, head, (self.lattice_constant / 2, self.lattice_constant / math.sqrt(12)), kind)


class BrickworkLattice(_RegularLattice):
    """Brickwork ice: square ice without every second upright island [1]_.

    Bonded like kagome ice, three islands to a vertex, with the right angles of square ice.

    Parameters
    ----------
    columns, rows : int
        Number of squares of the square ice along x and y; a brick is two squares long.
    lattice_constant : float
        Distance between neighbouring vertices, in m.

    Raises
    ------
    pydantic.ValidationError
        If a number is below 1 or a length not above 0.

    References
    ----------
    .. [1] J. Park et al., Phys. Rev. B 96, 024436 (2017).

    Examples
    --------
    >>> len(BrickworkLattice(columns=2, rows=1, lattice_constant="200 nm").sites().position)
    6
    """

    islands_a_place: ClassVar[float] = 1.5

    kind: Literal["brickwork"] = "brickwork"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of islands."""
        return ("horizontal", "vertical")

    def sites(self) -> Sites:
        """Lay out the lattice, its lower left vertex at the origin."""
        tail, head, kind = _closed_square(self.columns, self.rows)
        kept = (kind == "horizontal") | (tail.sum(axis=1) % 2 == 0)
        return _from_bonds(tail[kept], head[kept], (self.lattice_constant, self.lattice_constant), kind[kept])


class TridentLattice(_RegularLattice):
    """Trident ice: three parallel islands to a trident, the tridents along x and y in turn [1]_.

    The ends of the outer islands of four tridents meet in a vertex between them; those
    of the middle islands meet none. The outer islands may have a size of their own.

    Parameters
    ----------
    columns, rows : int
        Number of tridents along x and y.
    lattice_constant : float
        Distance between the centres of neighbouring tridents, in m.
    separation : float
        Distance between the axes of neighbouring islands of a trident, in m.

    Raises
    ------
    pydantic.ValidationError
        If a number is below 1 or a length not above 0.

    References
    ----------
    .. [1] A. Farhan et al., Nat. Commun. 8, 995 (2017).

    Examples
    --------
    >>> lattice = TridentLattice(columns=2, rows=2, lattice_constant="400 nm", separation="60 nm")
    >>> len(lattice.sites().position)
    12
    """

    islands_a_place: ClassVar[float] = 3.0

    kind: Literal["trident"] = "trident"
    separation: PositiveLength

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of islands."""
        return ("middle", "outer")

    def sites(self) -> Sites:
        """Lay out the lattice, the centre of the first trident at the origin."""
        column, row = _places(self.columns, self.rows)
        along_x = ((column + row) % 2 == 0)[:, None]
        side = np.array([-1, 0, 1])
        sideways = np.stack(np.broadcast_arrays(np.where(along_x, 0, side), np.where(along_x, side, 0)), axis=-1)
        forward = np.stack(np.broadcast_arrays(np.where(along_x, 1, 0), np.where(along_x, 0, 1)), axis=-1)
        trident = np.stack([column, row], axis=1)[:, None]

        # Half lattice constants: vertices are at the corners of the field around each trident.
        outer = np.tile(side != 0, len(column))
        tail, head = ((2 * trident + sideways + sense * forward).reshape(-1, 2)[outer] for sense in (-1, 1))
        vertices, ends = join_ends(tail, head)
        island_vertex = np.full((len(outer), 2), -1)
        island_vertex[outer] = ends
        return Sites(
            position=(trident * self.lattice_constant + sideways * self.separation).reshape(-1, 2),
            angle=np.repeat(np.where(along_x[:, 0], 0.0, math.pi / 2), 3),
            distance=np.full(len(outer), self.lattice_constant),
            kind=np.where(outer, "outer", "middle"),
            island_vertex=island_vertex,
            vertex_position=np.asarray(vertices * (self.lattice_constant / 2), dtype=np.float64),
        )
