"""The ways that a track takes: straight, curved, a fork, a row of chambers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Count, Description, PositiveLength, told_apart_by
from geometries.outlines.notches import PeriodicNotches
from geometries.quantities import Angle, format_quantity

__all__ = ["AnyPath", "ChamberPath", "CurvedPath", "ForkedPath", "Piece", "StraightPath", "along_piece", "corners"]

FloatArray = npt.NDArray[np.float64]


class Piece(NamedTuple):
    """A straight line or an arc of a path's middle.

    `start` is in m, `angle` the direction there in rad from +x, `length` in m, `curvature` one over the radius in 1/m,
    positive where it turns left and 0 of a straight line, and `before` the length in m of the pieces before it.
    """

    start: tuple[float, float]
    angle: float
    length: float
    curvature: float = 0.0
    before: float = 0.0

    def point(self, along: float, aside: float) -> tuple[float, float]:
        """Give the place at a length along it and a distance to its left, in m."""
        if not self.curvature:
            x = self.start[0] + along * math.cos(self.angle) - aside * math.sin(self.angle)
            y = self.start[1] + along * math.sin(self.angle) + aside * math.cos(self.angle)
            return x, y
        turned = self.angle + along * self.curvature
        radius = 1 / self.curvature
        centre = self.start[0] - radius * math.sin(self.angle), self.start[1] + radius * math.cos(self.angle)
        return (
            centre[0] + (radius - aside) * math.sin(turned),
            centre[1] - (radius - aside) * math.cos(turned),
        )


def along_piece(piece: Piece, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give how far along a piece, and how far to its left, places are, in m."""
    if not piece.curvature:
        right, up = x - piece.start[0], y - piece.start[1]
        cosine, sine = math.cos(piece.angle), math.sin(piece.angle)
        return right * cosine + up * sine, up * cosine - right * sine
    radius = 1 / piece.curvature
    from_x = x - (piece.start[0] - radius * math.sin(piece.angle))
    from_y = y - (piece.start[1] + radius * math.cos(piece.angle))
    sign = math.copysign(1.0, piece.curvature)
    # The angle by which the radius has turned since the start; halfway round on the far side it jumps.
    middle = piece.angle + piece.length * piece.curvature / 2
    turned = np.angle(np.exp(1j * (np.arctan2(sign * from_x, -sign * from_y) - middle)))
    along: FloatArray = (turned + piece.length * piece.curvature / 2) * radius
    aside: FloatArray = radius - sign * np.hypot(from_x, from_y)
    return along, aside


def corners(pieces: Sequence[Piece], width: float) -> tuple[FloatArray, FloatArray]:
    """Give the corners of the box, in m, around a track of a width along pieces."""
    points = []
    for piece in pieces:
        ways = np.linspace(0, piece.length, 2 if not piece.curvature else _SAMPLES)
        points += [piece.point(float(way), side * width / 2) for way in ways for side in (-1, 1)]
    return np.min(points, axis=0), np.max(points, axis=0)


# Samples of an arc for its box: an error of a millionth of the radius.
_SAMPLES = 2001


class StraightPath(Description):
    """A straight track along x.

    Parameters
    ----------
    length : float
        In m.

    Examples
    --------
    >>> StraightPath(length="500 nm").describe()
    'straight, 500 nm'
    """

    kind: Literal["straight"] = "straight"
    length: PositiveLength

    def chains(self) -> tuple[tuple[Piece, ...], ...]:
        """Give the pieces of its middle, those that follow each other together."""
        return ((Piece((0.0, 0.0), 0.0, self.length),),)

    def describe(self) -> str:
        """Say in a few words what it is."""
        return f"straight, {format_quantity(self.length, 'm')}"


class CurvedPath(Description):
    """A track that goes round a bend: straight along x, an arc, straight again.

    Parameters
    ----------
    lead : float
        Length of the straight part before and after the arc, in m.
    radius : float
        Radius of the middle of the track in the arc, in m; more than half of the width.
    angle : float
        Angle by which it turns, in rad or "90 deg"; positive to the left.

    Examples
    --------
    >>> CurvedPath(lead="200 nm", radius="150 nm", angle="90 deg").describe()
    '200 nm, a bend of 90 degrees with radius 150 nm, 200 nm'
    """

    kind: Literal["curved"] = "curved"
    lead: PositiveLength
    radius: PositiveLength
    angle: Angle

    @model_validator(mode="after")
    def _turns(self) -> CurvedPath:
        if not 0 < abs(self.angle) <= math.pi * (1 + 1e-9):
            raise ValueError(
                f"angle = {math.degrees(self.angle):g} degrees is no bend; give one between -180 and 180 degrees, not 0"
            )
        return self

    def chains(self) -> tuple[tuple[Piece, ...], ...]:
        """Give the pieces of its middle, those that follow each other together."""
        first = Piece((0.0, 0.0), 0.0, self.lead)
        arc_length = self.radius * abs(self.angle)
        arc = Piece((self.lead, 0.0), 0.0, arc_length, math.copysign(1 / self.radius, self.angle), self.lead)
        last = Piece(arc.point(arc_length, 0.0), self.angle, self.lead, 0.0, self.lead + arc_length)
        return ((first, arc, last),)

    def describe(self) -> str:
        """Say in a few words what it is."""
        lead = format_quantity(self.lead, "m")
        radius = format_quantity(self.radius, "m")
        return f"{lead}, a bend of {math.degrees(self.angle):.4g} degrees with radius {radius}, {lead}"


class ForkedPath(Description):
    """A Y: a stem along x that parts into two branches.

    Parameters
    ----------
    stem, branch : float
        Their lengths, in m; branches are measured along their middles.
    angle : float
        Angle of each branch to the stem, in rad or "30 deg".

    Examples
    --------
    >>> ForkedPath(stem="200 nm", branch="200 nm", angle="30 deg").describe()
    'a Y: stem 200 nm, branches 200 nm at 30 degrees'
    """

    kind: Literal["fork"] = "fork"
    stem: PositiveLength
    branch: PositiveLength
    angle: Annotated[Angle, Field(gt=0, lt=math.pi / 2)]

    def chains(self) -> tuple[tuple[Piece, ...], ...]:
        """Give the pieces of its middle, those that follow each other together."""
        end = (self.stem, 0.0)
        return (
            (Piece((0.0, 0.0), 0.0, self.stem),),
            (Piece(end, self.angle, self.branch),),
            (Piece(end, -self.angle, self.branch),),
        )

    def describe(self) -> str:
        """Say in a few words what it is."""
        stem, branch = format_quantity(self.stem, "m"), format_quantity(self.branch, "m")
        return f"a Y: stem {stem}, branches {branch} at {math.degrees(self.angle):.4g} degrees"


class ChamberPath(Description):
    """A row of chambers along x, with narrower channels between them.

    Parameters
    ----------
    count : int
        Number of chambers.
    chamber_length, channel_length : float
        In m; a chamber is as wide as the track.
    channel_width : float
        In m; less than the track's.

    Examples
    --------
    >>> chambers = ChamberPath(count=3, chamber_length="100 nm", channel_length="40 nm", channel_width="30 nm")
    >>> round(chambers.length * 1e9)
    380
    """

    kind: Literal["chambers"] = "chambers"
    count: Count
    chamber_length: PositiveLength
    channel_length: PositiveLength
    channel_width: PositiveLength

    @property
    def length(self) -> float:
        """Total length, in m."""
        return self.count * self.chamber_length + (self.count - 1) * self.channel_length

    def chains(self) -> tuple[tuple[Piece, ...], ...]:
        """Give the pieces of its middle, those that follow each other together."""
        return ((Piece((0.0, 0.0), 0.0, self.length),),)

    def walls(self, width: float) -> tuple[PeriodicNotches, ...]:
        """Give what is cut from a track of a width to leave the channels."""
        if self.count == 1:
            return ()
        return (
            PeriodicNotches(
                first=self.chamber_length + self.channel_length / 2,
                period=self.chamber_length + self.channel_length,
                count=self.count - 1,
                depth=(width - self.channel_width) / 2,
                width=self.channel_length,
                shape="rectangular",
            ),
        )

    def describe(self) -> str:
        """Say in a few words what it is."""
        sizes = [format_quantity(each, "m") for each in (self.chamber_length, self.channel_length, self.channel_width)]
        return f"{self.count} chambers of {sizes[0]}, channels {sizes[1]} long and {sizes[2]} wide between them"


AnyPath = Annotated[
    StraightPath | CurvedPath | ForkedPath | ChamberPath, Field(discriminator="kind"), told_apart_by("kind")
]
"""Any of the paths, distinguished by ``kind``."""
