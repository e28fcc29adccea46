"""Lanes: a stripe that is cut along its length, so that its left side is several stripes of their own."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import Description, PositiveLength
from geometries.quantities import format_quantity

__all__ = ["Lanes", "check_lanes"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Lanes(Description):
    """Cuts along a stripe from its left end on, between lanes of one width.

    Parameters
    ----------
    end : float
        How far the cuts reach, in m; beyond it the stripe is whole.
    gap : float
        Width of a cut in m.
    first_domains : tuple of 1 and -1
        Sign of the magnetisation at the left end of each lane, from the bottom up; as many as there are lanes. A lane
        of the other sign than the stripe's `first_domain` lacks the stripe's first wall.

    Raises
    ------
    pydantic.ValidationError
        If there are fewer than two lanes, a length is not above 0, or a key is unknown.

    Examples
    --------
    >>> Lanes(end="100 nm", gap="8 nm", first_domains=(1, -1)).count
    2
    """

    end: PositiveLength
    gap: PositiveLength
    first_domains: Annotated[tuple[Literal[1, -1], ...], Field(min_length=2, max_length=100)]

    @property
    def count(self) -> int:
        """How many lanes there are."""
        return len(self.first_domains)

    def borders(self, width: float) -> list[tuple[float, float]]:
        """Ends of each lane across a stripe of a given width, in m, from the bottom up."""
        lane = (width - (self.count - 1) * self.gap) / self.count
        return [(number * (lane + self.gap), number * (lane + self.gap) + lane) for number in range(self.count)]

    def rows(self, y: FloatArray, width: float) -> list[BoolArray]:
        """Tell which of the places y (m) across the stripe lie in each lane."""
        # A centre on the border is inside, whichever way it rounds.
        slack = 1e-9 * width
        return [(y > begin - slack) & (y < end + slack) for begin, end in self.borders(width)]

    def cut(self, x: FloatArray, y: FloatArray, width: float) -> BoolArray:
        """Tell which cells, by their centres in m, the cuts remove: (nx, ny)."""
        between = ~np.any(self.rows(y, width), axis=0)
        cells: BoolArray = (x < self.end)[:, None] & between
        return cells


def check_lanes(
    lanes: Lanes | None,
    walls: tuple[float, ...],
    domain_axis: str,
    first_domain: int,
    size: tuple[float, float],
    y: FloatArray,
) -> None:
    """Refuse lanes that do not fit into a stripe.

    `walls` are places along it in m, from left to right; `size` is its length and width in m, and `y` are the cell
    centres across it in m.
    """
    if lanes is None:
        return
    length, width = size
    if lanes.end >= length or (lanes.count - 1) * lanes.gap >= width:
        raise ValueError(
            f"lanes with end = {format_quantity(lanes.end, 'm')} and gap = {format_quantity(lanes.gap, 'm')} leave "
            f"nothing of a stripe of {format_quantity(length, 'm')} x {format_quantity(width, 'm')}; choose a smaller "
            "end or gap"
        )
    rows = lanes.rows(y, width)
    if not all(each.any() for each in rows) or np.sum(~np.any(rows, axis=0)) < lanes.count - 1:
        raise ValueError(
            f"lanes: a lane or a cut has no cell across the stripe, with a gap of {format_quantity(lanes.gap, 'm')}; "
            "choose smaller cells, or a wider gap or stripe"
        )
    removed, asked = np.sum(~np.any(rows, axis=0)) * np.ptp(y) / (y.size - 1), (lanes.count - 1) * lanes.gap
    if abs(removed - asked) > 0.501 * (lanes.count - 1) * np.ptp(y) / (y.size - 1):
        raise ValueError(
            f"lanes: of cuts of {format_quantity(lanes.gap, 'm')} the cells of the mesh leave "
            f"{format_quantity(float(removed) / (lanes.count - 1), 'm')}, since borders of lanes are inside of cells; "
            "choose a width and a gap with which each lane and each cut are a whole number of cells"
        )
    lacking = [number for number, sign in enumerate(lanes.first_domains) if sign != first_domain]
    if not lacking:
        return
    if domain_axis != "z" or not walls or walls[0] >= lanes.end:
        raise ValueError(
            f"lanes.first_domains[{lacking[0]}] = {-first_domain}, and the stripe's first_domain is {first_domain}: "
            "such a lane lacks the stripe's first wall, which has to part up from down domains and lie before "
            f"lanes.end = {format_quantity(lanes.end, 'm')}; put a wall there, or make all signs alike"
        )
