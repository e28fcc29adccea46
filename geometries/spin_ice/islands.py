"""One island of a spin ice: its outline, described once and computed for many."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Description, PositiveLength
from geometries.quantities import Length, format_quantity

__all__ = ["Island", "IslandOfKind", "Outlines"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


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


class Outlines(NamedTuple):
    """The outlines of many islands: convex figures, in arrays of one shape.

    A stadium and a rectangle are the points within the corner radius r of a smaller
    rectangle; an ellipse is an ellipse.

    Attributes
    ----------
    x, y : numpy.ndarray
        Centre, in m.
    angle : numpy.ndarray
        Of the long axis from x, in rad.
    length, width : numpy.ndarray
        In m.
    roundness : numpy.ndarray
        Radius of the corners over half of the width.
    elliptical : numpy.ndarray of bool
        Whether the island is an ellipse.
    """

    x: FloatArray
    y: FloatArray
    angle: FloatArray
    length: FloatArray
    width: FloatArray
    roundness: FloatArray
    elliptical: BoolArray

    def take(self, index: npt.NDArray[np.integer] | BoolArray | tuple[slice | None, ...]) -> Outlines:
        """Give the outlines at `index`."""
        return Outlines(
            x=self.x[index],
            y=self.y[index],
            angle=self.angle[index],
            length=self.length[index],
            width=self.width[index],
            roundness=self.roundness[index],
            elliptical=self.elliptical[index],
        )

    @property
    def area(self) -> FloatArray:
        """Area of each outline, in m2."""
        radius = self.roundness * self.width / 2
        return np.where(
            self.elliptical, np.pi / 4 * self.length * self.width, self.length * self.width - (4 - np.pi) * radius**2
        )

    def reach(self, angle: FloatArray | float) -> FloatArray:
        """Measure how far each outline reaches from its centre in a direction.

        The support function h(d) = max over the outline of d . (r - centre): for a
        rectangle of corner radius r it is r + (L/2 - r) |d_along| + (W/2 - r) |d_across|,
        for an ellipse sqrt((L/2 d_along)^2 + (W/2 d_across)^2).

        Parameters
        ----------
        angle : float or numpy.ndarray
            Direction d from x, in rad; broadcast against the outlines.

        Returns
        -------
        numpy.ndarray
            In m.
        """
        along, across = np.abs(np.cos(angle - self.angle)), np.abs(np.sin(angle - self.angle))
        radius = self.roundness * self.width / 2
        rounded = radius + (self.length / 2 - radius) * along + (self.width / 2 - radius) * across
        return np.where(self.elliptical, np.hypot(self.length / 2 * along, self.width / 2 * across), rounded)

    def contain(self, x: FloatArray, y: FloatArray, slack: float) -> BoolArray:
        """Tell which points are inside the outlines.

        Parameters
        ----------
        x, y : numpy.ndarray
            Points in m; broadcast against the outlines.
        slack : float
            How far outside, in m, a point still counts as on the border, which is inside.

        Returns
        -------
        numpy.ndarray of bool
        """
        east, north = x - self.x, y - self.y
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        along, across = np.abs(east * cosine + north * sine), np.abs(north * cosine - east * sine)
        radius = self.roundness * self.width / 2
        beyond_length = np.maximum(along - (self.length / 2 - radius), 0)
        beyond_width = np.maximum(across - (self.width / 2 - radius), 0)
        inside = beyond_length**2 + beyond_width**2 <= (radius + slack) ** 2
        if self.elliptical.any():
            half_length, half_width = self.length / 2 + slack, self.width / 2 + slack
            inside = np.where(self.elliptical, (along / half_length) ** 2 + (across / half_width) ** 2 <= 1, inside)
        return np.asarray(inside, dtype=bool)
