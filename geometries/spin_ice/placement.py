"""Islands on the sites of a lattice: sizes, disorder, and the box around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from geometries.spin_ice.disorder import Disorder
from geometries.spin_ice.island_table import IslandTable
from geometries.spin_ice.islands import Outlines

if TYPE_CHECKING:
    from geometries.spin_ice.device import SpinIce

__all__ = ["PlacedIslands", "place_islands"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class PlacedIslands(NamedTuple):
    """The islands of a spin ice, the corner of the box at the origin.

    Attributes
    ----------
    outlines : Outlines
        Of the n islands that are there, disorder included.
    site : numpy.ndarray of int, shape (n,)
        The site of the lattice that each is on.
    kind : numpy.ndarray of str, shape (n,)
        Which kind of island it is.
    magnetisation : numpy.ndarray, shape (n,)
        Saturation magnetisation over the material's.
    island_vertex : numpy.ndarray of int, shape (n, 2)
        Vertices at tail and head, -1 where there is none.
    vertex_position : numpy.ndarray, shape (v, 2)
        In m.
    box : tuple of two floats
        Extent of the box along x and y, in m, before it is rounded up to whole cells.
    site_count : int
        How many sites the lattice has.
    """

    outlines: Outlines
    site: IntArray
    kind: npt.NDArray[np.str_]
    magnetisation: FloatArray
    island_vertex: IntArray
    vertex_position: FloatArray
    box: tuple[float, float]
    site_count: int

    @property
    def position(self) -> FloatArray:
        """Centres of the islands, shape (n, 2), in m."""
        return np.stack([self.outlines.x, self.outlines.y], axis=1)

    @property
    def axis(self) -> FloatArray:
        """Unit vectors along the easy axes from tail to head, shape (n, 2)."""
        return np.stack([np.cos(self.outlines.angle), np.sin(self.outlines.angle)], axis=1)


def place_islands(ice: SpinIce) -> PlacedIslands:
    """Put islands on the sites of a lattice.

    The box is that of the complete lattice of ideal islands with a margin around it,
    so that it does not change with disorder or missing islands.

    Parameters
    ----------
    ice : SpinIce
        The device.

    Returns
    -------
    PlacedIslands

    Raises
    ------
    ValueError
        If a kind of island is unknown, a gap leaves no island, or a missing site is not
        on the lattice.
    """
    sites = ice.lattice.sites()
    number = len(sites.angle)
    length, width, roundness, elliptical = _sizes(ice, sites.kind, sites.distance)
    ideal = Outlines(sites.position[:, 0], sites.position[:, 1], sites.angle, length, width, roundness, elliptical)

    lower, upper = _corners(ice, ideal, sites.vertex_position)
    margin = width.max() / 2 if ice.margin is None else ice.margin
    shift = margin - lower
    disorder = ice.disorder or Disorder(seed=0)
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
    if ice.missing is not None:
        kept[ice.missing.choose(number)] = False
    return PlacedIslands(
        outlines=real.take(kept),
        site=np.flatnonzero(kept),
        kind=sites.kind[kept],
        magnetisation=magnetisation[kept],
        island_vertex=sites.island_vertex[kept],
        vertex_position=sites.vertex_position + shift,
        box=(float(upper[0] + shift[0] + margin), float(upper[1] + shift[1] + margin)),
        site_count=number,
    )


def _sizes(
    ice: SpinIce, kind: npt.NDArray[np.str_], distance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    number = len(kind)
    if isinstance(ice.lattice, IslandTable):
        length, width = ice.lattice.sizes()
        shape = ice.lattice.shape
        return length, width, np.full(number, float(shape == "stadium")), np.full(number, shape == "ellipse")
    assert ice.island is not None  # checked before
    length, width, roundness = (np.empty(number) for _ in range(3))
    elliptical = np.empty(number, dtype=bool)
    described = [(np.ones(number, dtype=bool), ice.island)]
    described += [(kind == other.of, other) for other in ice.other_islands]
    for chosen, island in described:
        length[chosen] = island.length if island.length is not None else distance[chosen] - (island.gap or 0.0)
        width[chosen] = island.width
        roundness[chosen] = island.roundness
        elliptical[chosen] = island.shape == "ellipse"
    return length, width, roundness, elliptical


def _corners(ice: SpinIce, ideal: Outlines, vertices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lower left and upper right corner of what is drawn, without the margin."""
    reach = np.stack([ideal.reach(0.0), ideal.reach(np.pi / 2)])
    centre = np.stack([ideal.x, ideal.y])
    lower, upper = (centre - reach).min(axis=1), (centre + reach).max(axis=1)
    if ice.bridge is not None and len(vertices):
        lower = np.minimum(lower, vertices.min(axis=0) - ice.bridge.width / 2)
        upper = np.maximum(upper, vertices.max(axis=0) + ice.bridge.width / 2)
    return lower, upper
