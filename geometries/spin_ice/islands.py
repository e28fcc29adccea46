"""One island of a spin ice: its outline, described once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from geometries.description import Description, PositiveLength
from geometries.quantities import Length, format_quantity

__all__ = ["Island", "IslandOfKind"]


class Island(Description):
    """The outline of an island, seen from above.

    Parameters
    ----------
    length : float, optional
        Extent along the easy axis, in m.
    gap : float, optional
        In place of `length`: what the island is shorter than the distance between the
        two vertices that it joins, in m. Each end is half a gap away from its vertex.
    width : float
        Extent across, in m, at most the length.
    shape : {"stadium", "ellipse", "rectangle"}
        A stadium is a rectangle that ends in half circles.
    corner_radius : float
        Radius of a rectangle's corners, in m, at most half of its width.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0, both or neither of `length` and `gap` are given, the
        island is wider than long, a radius is given to another shape or does not fit,
        or a key is unknown.

    Examples
    --------
    >>> Island(length="120 nm", width="40 nm").shape
    'stadium'
    """

    length: PositiveLength | None = None
    gap: PositiveLength | None = None
    width: PositiveLength
    shape: Literal["stadium", "ellipse", "rectangle"] = "stadium"
    corner_radius: Annotated[Length, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Island:
        if (self.length is None) == (self.gap is None):
            given = "both are" if self.length is not None else "neither is"
            raise ValueError(f"an island has either a length or a gap, but {given} given; give one of them")
        if self.length is not None and self.width > self.length * (1 + 1e-9):
            raise ValueError(
                f"width = {format_quantity(self.width, 'm')} is more than length = "
                f"{format_quantity(self.length, 'm')}, so that the easy axis would be across the island; "
                "give the longer size as length and turn the island"
            )
        if self.corner_radius and self.shape != "rectangle":
            raise ValueError(
                f"corner_radius = {format_quantity(self.corner_radius, 'm')} is given to an island of shape "
                f"{self.shape!r}; only a rectangle has corners: leave it out or choose shape = 'rectangle'"
            )
        if self.corner_radius > self.width / 2 * (1 + 1e-9):
            raise ValueError(
                f"corner_radius = {format_quantity(self.corner_radius, 'm')} is more than half of the width of "
                f"{format_quantity(self.width, 'm')}; make it smaller, or choose shape = 'stadium'"
            )
        return self

    @property
    def roundness(self) -> float:
        """Radius of the corners over half of the width: 0 for a rectangle, 1 for a stadium."""
        return 1.0 if self.shape == "stadium" else min(1.0, 2 * self.corner_radius / self.width)


class IslandOfKind(Island):
    """The outline of those islands of a lattice that are of one kind.

    Parameters
    ----------
    of : str
        The kind, one of the lattice's `kinds`.
    length, gap, width, shape, corner_radius
        As in `Island`.

    Examples
    --------
    >>> IslandOfKind(of="outer", length="160 nm", width="40 nm").of
    'outer'
    """

    of: str
