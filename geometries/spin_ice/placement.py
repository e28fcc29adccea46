"""Islands on the sites of a lattice: sizes, disorder, and the box around them."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import told_apart_by
from geometries.outlines.convex import Outlines
from geometries.spin_ice.disorder import Disorder, MissingIslands
from geometries.spin_ice.island_table import IslandTable
from geometries.spin_ice.islands import Island, IslandOfKind
from geometries.spin_ice.lattices import BrickworkLattice, KagomeLattice, PinwheelLattice, SquareLattice, TridentLattice

__all__ = ["AnyLattice", "Layout", "PlacedIslands", "place_islands"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

AnyLattice = Annotated[
    SquareLattice | PinwheelLattice | KagomeLattice | BrickworkLattice | TridentLattice | IslandTable,
    Field(discriminator="kind"),
    told_apart_by("kind"),
]
"""Any lattice, distinguished by its ``kind``."""


class Layout(NamedTuple):
    """What decides where the islands of a spin ice are, and how large.

    `island` is None with a table, which has the sizes; `margin` is the empty space around the ideal lattice in m, half
    of the widest island's width if None; `bridge_width` is in m, None without bridges.
    """

    lattice: AnyLattice
    island: Island | None
    other_islands: tuple[IslandOfKind, ...]
    margin: float | None
    bridge_width: float | None
    disorder: Disorder | None
    missing: MissingIslands | None


class PlacedIslands(NamedTuple):
    """The n islands of a spin ice, the corner of the box at the origin.

    `outlines` are of the islands that are there, disorder included; `site`, `kind` and `magnetisation` (n,) the
    site of the lattice that each is on, its kind and its saturation magnetisation over the material's; `island_vertex`
    (n, 2) the vertices at tail and head, -1 where there is none; `vertex_position` (v, 2) in m; `box` the extent along
    x and y in m, before it is rounded up to whole cells; `site_position` (m, 2) and `site_kind` (m,) the ideal centres
    in m and the kinds of all m sites.
    """

    outlines: Outlines
    site: IntArray
    kind: npt.NDArray[np.str_]
    magnetisation: FloatArray
    island_vertex: IntArray
    vertex_position: FloatArray
    box: tuple[float, float]
    site_position: FloatArray
    site_kind: npt.NDArray[np.str_]

    @property
    def site_count(self) -> int:
        """How many sites the lattice has."""
        return len(self.site_kind)

    @property
    def position(self) -> FloatArray:
        """Centres of the islands, shape (n, 2), in m."""
        return np.stack([self.outlines.x, self.outlines.y], axis=1)

    @property
    def axis(self) -> FloatArray:
        """Unit vectors along the easy axes from tail to head, shape (n, 2)."""
        return np.stack([np.cos(self.outlines.angle), np.sin(self.outlines.angle)], axis=1)


@lru_cache(maxsize=4)
def place_islands(layout: Layout) -> PlacedIslands:
    """Put islands on the sites of a lattice.

    The box holds the complete lattice of ideal islands with a margin around it, so that it does not change with
    disorder or missing islands. A ValueError if a kind of island is unknown, a gap leaves no island, or a missing site
    is not on the lattice.
    """
    sites = layout.lattice.sites()
    number = len(sites.angle)
    length, width, roundness, elliptical = _sizes(layout, sites.kind, sites.distance)
    ideal = Outlines(sites.position[:, 0], sites.position[:, 1], sites.angle, length, width, roundness, elliptical)

    lower, upper = _corners(layout, ideal, sites.vertex_position)
    margin = width.max() / 2 if layout.margin is None else layout.margin
    shift = margin - lower
    disorder = layout.disorder or Disorder(seed=0)
    real = Outlines(
        x=ideal.x + shift[0] + disorder.draw("x", number),
        y=ideal.y + shift[1] + disorder.draw("y", number),
        angle=ideal.angle + disorder.draw("angle", number),
        length=length * (1 + disorder.draw("length", number)),
        width=width * (1 + disorder.draw("width", number)),
        roundness=roundness,
        elliptical=elliptical,
    )
    magnetisation = 1 + disorder.draw("saturation_magnetisation", number)
    kept = np.ones(number, dtype=bool)
    if layout.missing is not None:
        kept[layout.missing.choose(number)] = False
    placed = PlacedIslands(
        outlines=real.take(kept),
        site=np.flatnonzero(kept),
        kind=sites.kind[kept],
        magnetisation=magnetisation[kept],
        island_vertex=sites.island_vertex[kept],
        vertex_position=sites.vertex_position + shift,
        box=(float(upper[0] + shift[0] + margin), float(upper[1] + shift[1] + margin)),
        site_position=sites.position + shift,
        site_kind=sites.kind,
    )
    for each in (*placed, *placed.outlines):
        if isinstance(each, np.ndarray):
            each.flags.writeable = False  # whoever asks for the same layout gets the same arrays
    return placed


def _sizes(
    layout: Layout, kind: npt.NDArray[np.str_], distance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    number = len(kind)
    if isinstance(layout.lattice, IslandTable):
        length, width = layout.lattice.sizes()
        shape = layout.lattice.shape
        return length, width, np.full(number, float(shape == "stadium")), np.full(number, shape == "ellipse")
    assert layout.island is not None  # checked before
    length, width, roundness = (np.empty(number) for _ in range(3))
    elliptical = np.empty(number, dtype=bool)
    described = [(np.ones(number, dtype=bool), layout.island)]
    described += [(kind == other.of, other) for other in layout.other_islands]
    for chosen, island in described:
        length[chosen] = island.length if island.length is not None else distance[chosen] - (island.gap or 0.0)
        width[chosen] = island.width
        roundness[chosen] = island.roundness
        elliptical[chosen] = island.shape == "ellipse"
    return length, width, roundness, elliptical


def _corners(layout: Layout, ideal: Outlines, vertices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lower left and upper right corner of what is drawn, without the margin."""
    if isinstance(layout.lattice, IslandTable) and layout.lattice.box is not None:
        lower, upper = np.array(layout.lattice.box)
        return lower, upper
    reach = np.stack([ideal.reach(0.0), ideal.reach(np.pi / 2)])
    centre = np.stack([ideal.x, ideal.y])
    lower, upper = (centre - reach).min(axis=1), (centre + reach).max(axis=1)
    if layout.bridge_width is not None and len(vertices):
        lower = np.minimum(lower, vertices.min(axis=0) - layout.bridge_width / 2)
        upper = np.maximum(upper, vertices.max(axis=0) + layout.bridge_width / 2)
    return lower, upper
