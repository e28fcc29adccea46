"""Places of a track's skyrmions, and a check that there is room for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from geometries.edge_distance import edge_distance
from geometries.quantities import format_quantity
from geometries.sizes import refuse_more
from geometries.skyrmions.profiles import PlacedTexture
from geometries.skyrmions.skyrmions import AnySkyrmions, PackedSkyrmions, SkyrmionTrain

__all__ = ["Place", "Room", "check_apart", "check_places", "places_of"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_MOST = 100_000


class Place(NamedTuple):
    """One texture: what an error calls it, what it is, and its centre in m."""

    name: str
    described: AnySkyrmions
    centre: tuple[float, float]


class Room:
    """How far places in a track are from its edges; `magnet` is (nx, ny) and `cell` in m."""

    def __init__(self, magnet: BoolArray, cell: tuple[float, float]) -> None:
        # With a rim that is no magnet, so that it falls through 0 at the end of the mesh.
        self._to_edge = edge_distance(np.pad(magnet, 1), cell)
        self._cell = np.array(cell)

    def to_edge(self, places: Sequence[tuple[float, float]]) -> FloatArray:
        """Give the distance in m of places from the nearest edge; below 0 outside."""
        index = np.reshape(places, (-1, 2)) / self._cell + 0.5
        distance: FloatArray = scipy.ndimage.map_coordinates(
            self._to_edge, index.T, order=1, mode="constant", cval=-float(self._cell.min()) / 2
        )
        return distance


def places_of(described: Sequence[AnySkyrmions], room: Room, extent: tuple[float, float]) -> list[Place]:
    """List all textures one by one; of a packed lattice those for which there is room."""
    places: list[Place] = []
    for index, each in enumerate(described):
        name = f"skyrmions[{index}]"
        if isinstance(each, PackedSkyrmions):
            refuse_more(f"{name}.density = {each.density:g} 1/m^2", extent[0] * extent[1] * each.density, _MOST,
                        "skyrmions", "give a lower density, or a smaller interval of x and y")  # fmt: skip
            lattice = each.lattice(extent)
            inside = room.to_edge(lattice) >= each.radius
            places += [Place(name, each, centre) for centre, fits in zip(lattice, inside, strict=True) if fits]
        elif isinstance(each, SkyrmionTrain):
            refuse_more(f"{name}.count = {each.count}", each.count, _MOST, "skyrmions", "give fewer")
            places += [Place(f"{name} ({k})", each, centre) for k, centre in enumerate(each.places())]
        else:
            places += [Place(name, each, centre) for centre in each.places()]
    return places


def check_places(described: Sequence[AnySkyrmions], places: Sequence[Place], room: Room, background: int,
                 cell: float) -> None:  # fmt: skip
    """Refuse skyrmions outside the track, on each other, too small, or of another polarity than the track's."""
    for index, each in enumerate(described):
        name = f"skyrmions[{index}]"
        if each.polarity is not None and each.polarity != each.core * background:
            raise ValueError(
                f"{name}.polarity = {each.polarity}, but in a track with background {background} a {each.kind} has "
                f"{each.core * background} in its centre; leave polarity out, or give background {-background}"
            )
        smallest = each.radius if each.inner_radius is None else each.inner_radius
        if smallest < cell:
            raise ValueError(
                f"{name}: a radius of {_nm(smallest)} is less than a cell of {_nm(cell)}, so that no mesh shows it; "
                "give a larger radius or finer cells"
            )
        if isinstance(each, PackedSkyrmions) and not any(place.described is each for place in places):
            raise ValueError(
                f"{name}.density = {each.density:g} 1/m^2: no place of the lattice, {_nm(each.spacing)} from one to "
                f"the next, has room for a radius of {_nm(each.radius)}; give a higher density, a smaller radius, "
                "a wider track or other intervals of x and y"
            )
    distances = room.to_edge([place.centre for place in places])
    for place, distance in zip(places, distances, strict=True):
        # A circle that touches an edge is inside, whichever way it rounds.
        if distance < place.described.radius - 1e-6 * cell:
            at = f"{place.name} at ({_nm(place.centre[0])}, {_nm(place.centre[1])})"
            if distance <= 0:
                raise ValueError(f"{at} is outside the track; put it on the magnet")
            raise ValueError(
                f"{at} with radius {_nm(place.described.radius)} reaches over an edge, which is {_nm(float(distance))} "
                "from its centre; move it inwards or make it smaller"
            )
    _check_distances([(place.name, *place.centre, place.described.radius) for place in places])


def check_apart(places: Sequence[Place], textures: Sequence[PlacedTexture]) -> None:
    """Refuse skyrmions whose walls overlap, once a material has given them their widths.

    The outlines of two may not be closer than the sum of their width parameters.
    """
    _check_distances(
        [(place.name, each.x, each.y, each.radius + each.width) for place, each in zip(places, textures, strict=True)]
    )


def _check_distances(circles: Sequence[tuple[str, float, float, float]]) -> None:
    if len(circles) < 2:
        return
    centre = np.array([circle[1:3] for circle in circles])
    radius = np.array([circle[3] for circle in circles])
    pairs = scipy.spatial.cKDTree(centre).query_pairs(2 * radius.max(), output_type="ndarray")
    apart = np.hypot(*(centre[pairs[:, 0]] - centre[pairs[:, 1]]).T)
    needed = radius[pairs[:, 0]] + radius[pairs[:, 1]]
    overlap = np.flatnonzero(apart < needed * (1 - 1e-9))
    if overlap.size:
        first = overlap[0]
        one, other = (circles[each][0] for each in pairs[first])
        raise ValueError(
            f"{one} and {other} overlap: their centres are {_nm(float(apart[first]))} apart; put them at least "
            f"{_nm(float(needed[first]))} apart, or make them smaller"
        )


def _nm(value: float) -> str:
    return format_quantity(value, "m")
