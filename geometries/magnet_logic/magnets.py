"""One magnet of an array: its name, place, outline and role."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Description, PositiveLength
from geometries.outlines.convex import Outlines
from geometries.quantities import Angle, Coordinate, FieldStrength, Length, format_quantity

__all__ = ["Magnet", "Role", "beyond_slant", "outlines"]

Role = Literal["magnet", "input", "fixed", "output", "block"]

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]


class Magnet(Description):
    """A nanomagnet whose bit is the sign of its magnetisation along its axis.

    Parameters
    ----------
    name : str
        Unique name of the magnet.
    x, y : float
        Centre in m, from any origin: the box of the array follows from all of them.
    length, width : float
        Extent along the axis and across, in m.
    angle : float
        Angle of the axis from x, in rad; along y if left out.
    shape : {"ellipse", "stadium", "rectangle"}
        A disc is an ellipse as wide as long.
    role : {"magnet", "input", "fixed", "output", "block"}
        An input is held by a bias; a fixed magnet is too, but is no variable: it makes a majority gate an AND or an
        OR. An output is read; a block is a helper that holds the end of a wire and has no bit.
    state : {1, -1}
        The bit to start from: 1 along the axis.
    field : float, optional
        Bias in A/m that holds an input or a fixed magnet in its state; no other has one.
    signal : str, optional
        Variable whose value an input has, if several inputs have the same; its name if left out.
    zone : int
        Zone of the clock: zones are cleared together, and released one after the other, 0 first.
    slant : float
        Amount in m by which a rectangle's left long side, seen along the axis, is shorter at the end that the axis
        points to: the end is a slanted edge, and the easy axis turns. The right one if negative.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0, the width is more than the length, a magnet that is held has no field or another has
        one, what is no input has a signal, or what is no rectangle, or one that is shorter, has a slant.

    Examples
    --------
    >>> Magnet(name="a", x=0, y=0, length="90 nm", width="60 nm").axis
    (0.0, 1.0)
    """

    name: Name
    x: Coordinate
    y: Coordinate
    length: PositiveLength
    width: PositiveLength
    angle: Angle = math.pi / 2
    shape: Literal["ellipse", "stadium", "rectangle"] = "ellipse"
    role: Role = "magnet"
    state: Literal[1, -1] = 1
    field: Annotated[FieldStrength, Field(gt=0)] | None = None
    signal: Name | None = None
    zone: Annotated[int, Field(ge=0, le=2000)] = 0
    slant: Length = 0.0

    @model_validator(mode="after")
    def _can_be_made(self) -> Magnet:
        if self.width > self.length * (1 + 1e-9):
            raise ValueError(
                f"magnet {self.name!r}: width = {format_quantity(self.width, 'm')} is more than length = "
                f"{format_quantity(self.length, 'm')}; give the longer size as length and turn the magnet by its angle"
            )
        if self.held != (self.field is not None):
            remedy = "give the field that holds it" if self.held else "leave it out, or make it an input"
            raise ValueError(
                f"magnet {self.name!r}: role = {self.role!r} with field = {self.field}; a bias field holds inputs and "
                f"fixed magnets and nothing else: {remedy}"
            )
        if self.signal is not None and self.role != "input":
            raise ValueError(
                f"magnet {self.name!r}: signal = {self.signal!r} with role = {self.role!r}; only inputs have a signal: "
                "leave it out"
            )
        if self.slant and (self.shape != "rectangle" or abs(self.slant) >= self.length):
            raise ValueError(
                f"magnet {self.name!r}: slant = {format_quantity(self.slant, 'm')} of a {self.shape} "
                f"{format_quantity(self.length, 'm')} long; only a rectangle has a slanted edge, and its shorter side "
                "is more than 0: choose a smaller slant, or shape 'rectangle'"
            )
        return self

    @property
    def held(self) -> bool:
        """Whether a bias holds it."""
        return self.role in ("input", "fixed")

    @property
    def clocked(self) -> bool:
        """Whether a clock acts on it: neither held nor a block."""
        return self.role in ("magnet", "output")

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


def beyond_slant(
    magnet: Magnet, east: npt.NDArray[np.float64], north: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Tell which points, in m from its centre, a magnet's slanted edge cuts off."""
    cosine, sine = math.cos(magnet.angle), math.sin(magnet.angle)
    along, left = east * cosine + north * sine, north * cosine - east * sine
    # 0 on the side that stays, 1 on the one that is shorter.
    share = 0.5 + np.sign(magnet.slant) * left / magnet.width
    beyond: npt.NDArray[np.bool_] = along > magnet.length / 2 - abs(magnet.slant) * share
    return beyond
