"""One magnet of an array: its name, place, outline and role."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from geometries.description import Description, PositiveLength
from geometries.outlines.convex import Outlines
from geometries.quantities import Angle, FieldStrength, Length, format_quantity

__all__ = ["Magnet", "Role", "outlines"]

Role = Literal["magnet", "input", "output", "block"]


class Magnet(Description):
    """A nanomagnet whose bit is the sign of its magnetisation along its axis.

    Parameters
    ----------
    name : str
        By which it is found; no two magnets share one.
    x, y : float
        Centre in m, from any origin: the box of the array follows from all of them.
    length, width : float
        Extent along the axis and across, in m.
    angle : float
        Of the axis from x, in rad; along y if left out.
    shape : {"ellipse", "stadium", "rectangle"}
        A disc is an ellipse as wide as long.
    role : {"magnet", "input", "output", "block"}
        An input is held by a bias, an output is read; a block is a helper that holds the end of a wire and has no bit.
    state : {1, -1}
        The bit to start from: 1 along the axis.
    field : float, optional
        Bias in A/m that holds an input in its state; only an input has one.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0, the width is more than the length, an input has no field or another has one.

    Examples
    --------
    >>> Magnet(name="a", x=0, y=0, length="90 nm", width="60 nm").axis
    (0.0, 1.0)
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
    x: Length
    y: Length
    length: PositiveLength
    width: PositiveLength
    angle: Angle = math.pi / 2
    shape: Literal["ellipse", "stadium", "rectangle"] = "ellipse"
    role: Role = "magnet"
    state: Literal[1, -1] = 1
    field: Annotated[FieldStrength, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _can_be_made(self) -> Magnet:
        if self.width > self.length * (1 + 1e-9):
            raise ValueError(
                f"magnet {self.name!r}: width = {format_quantity(self.width, 'm')} is more than length = "
                f"{format_quantity(self.length, 'm')}; give the longer size as length and turn the magnet by its angle"
            )
        if (self.role == "input") != (self.field is not None):
            remedy = "give the field that holds it" if self.role == "input" else "leave it out, or make it an input"
            raise ValueError(
                f"magnet {self.name!r}: role = {self.role!r} with field = {self.field}; a bias field holds inputs and "
                f"nothing else: {remedy}"
            )
        return self

    @property
    def axis(self) -> tuple[float, float]:
        """Unit vector along the magnet."""
        return round(math.cos(self.angle), 15), round(math.sin(self.angle), 15)


def outlines(magnets: Sequence[Magnet]) -> Outlines:
    """The outlines of magnets, in arrays."""
    return Outlines(
        x=np.array([each.x for each in magnets]),
        y=np.array([each.y for each in magnets]),
        angle=np.array([each.angle for each in magnets]),
        length=np.array([each.length for each in magnets]),
        width=np.array([each.width for each in magnets]),
        roundness=np.array([1.0 if each.shape == "stadium" else 0.0 for each in magnets]),
        elliptical=np.array([each.shape == "ellipse" for each in magnets]),
    )
