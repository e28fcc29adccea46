"""Settings of a spin ice's campaign beside its lattice: the runs of the fit, and the large lattices."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from geometries.description import Count, Description
from geometries.quantities import Angle, Coordinate, FieldStrength, format_quantity
from geometries.sizes import MOST_FRAMES, MOST_PAIRS, check_islands, refuse_more

__all__ = ["FieldRange", "LargeLattices", "LatticeField", "LatticeFitSettings", "Seed", "between_the_axes"]

Positive = Annotated[FieldStrength, Field(gt=0)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]

# The smallest angle in rad to an axis that counts as different from 0.
_SMALLEST_ANGLE = 1e-6


def between_the_axes(angle: float) -> bool:
    """Whether a field at an angle (rad) to an island is off its easy and its hard axis."""
    return _SMALLEST_ANGLE < angle < math.pi / 2 - _SMALLEST_ANGLE


class FieldRange(Description):
    """Fields of a ramp: one jump to the first, then steps to the last.

    Parameters
    ----------
    start, end : float or str
        First and last field in A/m.
    field_steps : int
        How many steps there are between them.
    """

    start: Positive
    end: Positive
    field_steps: Annotated[int, Field(ge=1, lt=MOST_FRAMES)]

    @model_validator(mode="after")
    def _rises(self) -> FieldRange:
        if self.end <= self.start:
            raise ValueError(f"end = {self.end:g} A/m must be above start = {self.start:g} A/m; exchange them")
        return self


def _none_if_auto(value: object) -> object:
    return None if value == "auto" else value


AutoRange = Annotated[FieldRange | None, BeforeValidator(_none_if_auto)]


class LatticeField(Description):
    """The field that reverses the lattice, where the campaign finds its ramp.

    Parameters
    ----------
    angle : float or str
        Its direction from x towards y in rad.
    field_steps : int
        Steps of the ramp from before the first flip to behind the last.
    """

    angle: Angle
    field_steps: Annotated[int, Field(ge=10, lt=MOST_FRAMES)] = 60


class LatticeFitSettings(Description):
    """The runs of one and two islands that the fit sees.

    Parameters
    ----------
    angles : sequence of float or str
        Between the field and an island's axis in rad, at least five between 0 and 90 degrees.
    angle_ramp : FieldRange, optional
        The ramp over which the island switches at each of them. If it is left out, or "auto", coarse runs find
        where each island turns, and it gets a fine ramp of its own there.
    ramp : FieldRange, optional
        A finer one, along the lattice's own field, for islands of other sizes and for pairs; found like the other.
    deviations : sequence of float
        Relative deviations of each quantity that the lattice's disorder changes.
    reach : float or str
        Largest distance of the centres of a measured pair in m; further ones have a closed form.
    pair_seeds : sequence of int
        Seeds of the disorder of pairs, one run each for every kind: in Ms, about as much as the lattice's islands
        differ in their switching fields.
    """

    angles: Annotated[tuple[Angle, ...], Field(min_length=5)]
    angle_ramp: AutoRange = None
    ramp: AutoRange = None
    deviations: tuple[Annotated[float, Field(gt=-1, lt=1)], ...] = (-0.1, -0.05, 0.05, 0.1)
    reach: Annotated[Coordinate, Field(gt=0)]
    pair_seeds: tuple[Seed, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> LatticeFitSettings:
        for angle in self.angles:
            if not between_the_axes(angle):
                raise ValueError(
                    f"angles has {math.degrees(angle):g} degrees; the field must be between the easy and the hard "
                    "axis, 0 and 90 degrees, along which an island is stuck by symmetry"
                )
        if 0 in self.deviations:
            raise ValueError(f"deviations = {self.deviations} has 0; the island without is always there")
        return self


class LargeLattices(Description):
    """Large lattices of the fitted islands, whose avalanches are counted; reduced model only.

    Parameters
    ----------
    columns, rows : int
        Size of the lattice.
    seeds : sequence of int
        Seeds of its disorder, a lattice each.
    cut_off : float or str
        Cut-off of the couplings, in m.
    field_steps : int
        Steps of the ramp over the lattice's fields.
    """

    columns: Count
    rows: Count
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)]
    cut_off: Annotated[Coordinate, Field(gt=0)]
    field_steps: Annotated[int, Field(ge=1, lt=MOST_FRAMES)]

    @model_validator(mode="after")
    def _can_be_held(self) -> LargeLattices:
        check_islands(self.columns, self.rows, 3)
        return self

    def check_couplings(self, lattice_constant: float) -> None:
        """Refuse a cut-off within which there are more pairs of islands than could be held."""
        islands = 3.0 * self.columns * self.rows
        around = min(islands, 3 * math.pi * (self.cut_off / lattice_constant) ** 2)
        refuse_more(
            f"large.cut_off = {format_quantity(self.cut_off, 'm')}, columns = {self.columns}, rows = {self.rows}",
            islands * around,
            MOST_PAIRS,
            "pairs of islands",
            "choose a shorter cut-off or a smaller lattice",
        )
