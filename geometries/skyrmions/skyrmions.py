"""Skyrmions that a track starts with: one, a train, or as many as a density asks for."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from geometries.description import Count, Description, PositiveLength
from geometries.directions import InPlaneDirection
from geometries.materials import Material
from geometries.quantities import Angle, Length, NumberDensity, format_quantity
from geometries.regions import Interval
from geometries.skyrmions.profiles import PlacedTexture, wall_parameters

__all__ = ["AnySkyrmions", "PackedSkyrmions", "Skyrmion", "SkyrmionTrain"]

_VORTICITIES = {"skyrmion": 1, "antiskyrmion": -1, "skyrmionium": 1, "bubble": 0}


class _Texture(Description):
    """Common fields of all textures."""

    kind: Literal["skyrmion", "antiskyrmion", "skyrmionium", "bubble"] = "skyrmion"
    radius: PositiveLength
    inner_radius: PositiveLength | None = None
    width: PositiveLength | None = None
    helicity: Angle | None = None
    polarity: Literal[1, -1] | None = None

    @model_validator(mode="after")
    def _rings(self) -> Self:
        if self.inner_radius is not None and self.kind != "skyrmionium":
            raise ValueError(
                f"inner_radius is that of a skyrmionium's inner wall, and a {self.kind} has none; leave it out, or "
                "give kind 'skyrmionium'"
            )
        if self.inner_radius is not None and self.inner_radius >= self.radius:
            raise ValueError(
                f"inner_radius = {format_quantity(self.inner_radius, 'm')} is not less than the radius of "
                f"{format_quantity(self.radius, 'm')}; give a smaller one, such as half of it"
            )
        return self

    @property
    def core(self) -> int:
        """Sign of m_z in the centre over the background's: 1 in a skyrmionium, else -1."""
        return 1 if self.kind == "skyrmionium" else -1

    def texture_in(self, material: Material, place: tuple[float, float], background: int) -> PlacedTexture:
        """Give the texture at a place (m) with what the material decides; `background` is 1 or -1.

        The material's Dzyaloshinskii-Moriya interaction sets the helicity that is left open, its wall width the width.
        A ValueError if the width is left to a material that magnetises in its plane, or the walls of a skyrmionium are
        too near each other.
        """
        width = material.wall_width if self.width is None else self.width
        inner = 0.0
        if self.kind == "skyrmionium":
            inner = self.radius / 2 if self.inner_radius is None else self.inner_radius
            wall_parameters(self.radius, inner, width)
        return PlacedTexture(
            *place,
            self.radius,
            width,
            self._helicity_in(material, background) if self.helicity is None else self.helicity,
            _VORTICITIES[self.kind],
            inner,
        )

    def _helicity_in(self, material: Material, background: int) -> float:
        """The angle that lowers the Dzyaloshinskii-Moriya energy; a Bloch wall without one, which has no charges.

        Interfacial: m points outwards where the core is up and D > 0. Bulk: clockwise there.
        """
        if not material.D:
            return math.pi / 2
        # The outer wall goes from -background inside to background.
        sign = -background * math.copysign(1.0, material.D)
        if material.dmi == "interfacial":
            return 0.0 if sign > 0 else math.pi
        return -sign * math.pi / 2

    def describe(self, count: int) -> str:
        """Say in a few words what it is and how many there are."""
        number = f"{count} {self.kind}s" if count != 1 else f"a {self.kind}"
        return f"{number} of radius {format_quantity(self.radius, 'm')}"


class Skyrmion(_Texture):
    """A skyrmion, or another round texture, at a place.

    Parameters
    ----------
    position : tuple of two floats
        Centre along x and y, in m.
    kind : {"skyrmion", "antiskyrmion", "skyrmionium", "bubble"}
        Kind of texture. A magnetic bubble whose wall turns once around is a skyrmion with a radius
        well above its width; "bubble" is one without topological charge, with moments that
        point the same way all around.
    radius : float
        Radius at which m_z = 0, in m; for a skyrmionium at the outer wall.
    inner_radius : float, optional
        Radius of a skyrmionium's inner wall, in m; half of the radius if left out.
    width : float, optional
        Width parameter Delta of the wall, in m; sqrt(A / K_eff) of the material if left out.
    helicity : float, optional
        Angle of the moments in the wall to the radius, in rad: 0 outwards, pi inwards, +-pi/2
        around it; by default from the material's Dzyaloshinskii-Moriya interaction, pi/2
        without one. For an antiskyrmion it is the angle at its right.
    polarity : {1, -1}, optional
        Sign of m_z in the centre. It follows from the track's background; one that does not
        agree with it is refused.

    Examples
    --------
    >>> Skyrmion(position=("100 nm", "40 nm"), radius="12 nm").kind
    'skyrmion'
    """

    position: tuple[Length, Length]

    def places(self) -> list[tuple[float, float]]:
        """List the centres, in m: its own."""
        return [self.position]


class SkyrmionTrain(_Texture):
    """Equal skyrmions in a row.

    Number k is at first + k * spacing * direction, k = 0 ... count - 1.

    Parameters
    ----------
    first : tuple of two floats
        Centre of the first, in m.
    spacing : float
        From centre to centre, in m.
    count : int
        How many there are.
    direction : tuple of three floats
        In the plane; normalised.
    kind, radius, inner_radius, width, helicity, polarity
        As of `Skyrmion`.

    Examples
    --------
    >>> train = SkyrmionTrain(first=("50 nm", "40 nm"), spacing="60 nm", count=3, radius="12 nm")
    >>> [round(x * 1e9) for x, y in train.places()]
    [50, 110, 170]
    """

    first: tuple[Length, Length]
    spacing: PositiveLength
    count: Count
    direction: InPlaneDirection = (1.0, 0.0, 0.0)

    def places(self) -> list[tuple[float, float]]:
        """List the centres, in m."""
        return [
            (
                self.first[0] + k * self.spacing * self.direction[0],
                self.first[1] + k * self.spacing * self.direction[1],
            )
            for k in range(self.count)
        ]


class PackedSkyrmions(_Texture):
    """Skyrmions in a triangular lattice, wherever one fits into the track.

    Parameters
    ----------
    density : float
        Density of the full lattice, in 1/m2: 2 / (sqrt(3) a^2) with a from centre to centre.
    x, y : tuple of two floats, optional
        Intervals in which they are put, in m; everywhere if left out.
    kind, radius, inner_radius, width, helicity, polarity
        As of `Skyrmion`.

    Examples
    --------
    >>> packed = PackedSkyrmions(density="400 um^-2", radius="10 nm")
    >>> round(packed.spacing * 1e9, 1)  # nm from centre to centre
    53.7
    >>> len(packed.lattice((500e-9, 200e-9)))
    47
    """

    density: Annotated[NumberDensity, Field(gt=0)]
    x: Interval | None = None
    y: Interval | None = None

    @property
    def spacing(self) -> float:
        """From centre to centre, in m."""
        return math.sqrt(2 / (math.sqrt(3) * self.density))

    def lattice(self, extent: tuple[float, float]) -> list[tuple[float, float]]:
        """List the places of the full lattice in a box of a size in m, whether one fits there or not."""
        (begin_x, end_x), (begin_y, end_y) = (
            (max(begin, 0.0), min(end, size))
            for (begin, end), size in zip((self.x or (0.0, extent[0]), self.y or (0.0, extent[1])), extent, strict=True)
        )
        if begin_x >= end_x or begin_y >= end_y:
            return []
        across = self.spacing * math.sqrt(3) / 2
        # The lattice is centred in the intervals.
        rows = int((end_y - begin_y) / (2 * across)) + 1
        columns = int((end_x - begin_x) / (2 * self.spacing)) + 1
        middle = (begin_x + end_x) / 2, (begin_y + end_y) / 2
        places = [
            (middle[0] + (column + 0.5 * (row % 2)) * self.spacing, middle[1] + row * across)
            for row in range(-rows, rows + 1)
            for column in range(-columns - 1, columns + 1)
        ]
        return [(x, y) for x, y in places if begin_x <= x <= end_x and begin_y <= y <= end_y]


def _which(value: Any) -> str:
    # One branch of the union is tried, so that an error speaks of what was meant.
    for kind, name in ((PackedSkyrmions, "packed"), (SkyrmionTrain, "train"), (Skyrmion, "single")):
        if isinstance(value, kind):
            return name
    keys = value.keys() if isinstance(value, dict) else set()
    if "density" in keys:
        return "packed"
    return "single" if keys.isdisjoint({"first", "spacing", "count"}) else "train"


AnySkyrmions = Annotated[
    Annotated[Skyrmion, Tag("single")]
    | Annotated[SkyrmionTrain, Tag("train")]
    | Annotated[PackedSkyrmions, Tag("packed")],
    Discriminator(_which),
]
"""A `Skyrmion`, a `SkyrmionTrain` with "first", "spacing" or "count", `PackedSkyrmions` with "density"."""
