"""Wires beside the magnet: terminals whose current makes a field, and no torque."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import Description, PositiveLength
from geometries.quantities import Coordinate, Length, format_quantity
from geometries.regions import Interval, Meshed, Name, interval_text

__all__ = ["AbstractWire", "Grounds", "StripLine"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Span = tuple[tuple[float, float] | None, tuple[float, float] | None]


class AbstractWire(Description):
    """A wire whose current makes a field in the magnet: what a kind of wire defines.

    A kind adds a literal field ``kind`` and what describes the wire. Another package announces its kinds in the group
    ``geometries.terminals`` of entry points. Strip-line steps of a protocol drive it, in A.

    Parameters
    ----------
    name : str
        Letters, digits and underscores.

    Examples
    --------
    >>> StripLine(name="line", centre="1 um", width="200 nm", height="100 nm").unit
    'A'
    """

    unit: ClassVar[str] = "A"

    name: Name

    @abstractmethod
    def field_in(self, device: Meshed) -> FloatArray:
        """Give the field of 1 A in every cell's centre: A/m per A, shape (nx, ny, nz, 3), outside the magnet too."""

    @abstractmethod
    def describe(self) -> str:
        """Say in a few words what it is."""

    @property
    def span(self) -> Span:
        """Extent along x and y in m, for the drawing; None where it goes on."""
        return None, None

    def cells(self, device: Meshed) -> BoolArray:
        """Tell which cells feel the field: all that are magnet, shape (nx, ny, nz)."""
        return device.mask()

    def check(self, device: Meshed, where: str) -> None:
        """Refuse a wire that has no place on a device; `where` is what the error calls it."""
        del device, where


class Grounds(Description):
    """Ground lines at both sides of a strip line, at its height, which carry half of its current back each.

    Parameters
    ----------
    gap : float
        Distance from an edge of the line to the next ground, in m.
    width : float
        Width of each ground, in m.

    Examples
    --------
    >>> Grounds(gap="50 nm", width="200 nm").width
    2e-07
    """

    gap: PositiveLength
    width: PositiveLength


class StripLine(AbstractWire):
    """A long flat wire along y over or under the magnet: a field by Biot and Savart.

    A current I along +y is spread evenly over the width w of a strip of no thickness at
    x = c and the height h over the middle of the film. With u = x - c, v = z - h,

        H_x = I / (2 pi w) [arctan((u + w/2) / v) - arctan((u - w/2) / v)],
        H_z = -I / (4 pi w) ln[((u + w/2)^2 + v^2) / ((u - w/2)^2 + v^2)],

    which is the sum of I' / (2 pi r) over wires; far away it is I / (2 pi r). Under the
    strip (v < 0) H_x is against, over it along +x.

    A line that is clad on its other sides by an ideal soft magnet has the whole of its field on its open side: Ampere's
    law gives H_x = I / w over the strip and nothing beside it, along the same direction.

    A strip that is near the film between y = a and b only, and is fed from above there, sends waves as a small source.
    The sheet of current of this length has, with Y = y - a and y - b at its ends, X = u + w/2 and u - w/2 at its sides,
    R^2 = X^2 + Y^2 + v^2, and the difference taken over both,

        H_x = I / (4 pi w) [[arctan(X Y / (v R))]],      H_z = I / (4 pi w) [[arsinh(Y / sqrt(X^2 + v^2))]]:

    the integrals of Biot's and Savart's law over the strip. The field of the wires that feed it is not counted.

    A coplanar line (ground, signal, ground) is three such strips: with `grounds`, I / 2 flows back along -y in each of
    two strips, g wide, with their middles at a distance D = w / 2 + gap + g / 2. Far away its field is
    I [D^2 + (g^2 - w^2) / 12] / (2 pi r^3). Over x, H_x at the height v has the Fourier transform

        I / 2 e^(-|k v|) [sinc(k w / 2) - cos(k D) sinc(k g / 2)],      sinc(a) = sin(a) / a,

    with the sign of v: 0 at k = 0, where a line alone has its largest, and large about pi / D.

    Parameters
    ----------
    name : str
        Letters, digits and underscores.
    centre : float
        Centre of the strip along x, in m.
    width : float
        In m.
    height : float
        Height of the strip over the middle of the film, in m; negative for one under the film.
        Outside the magnet.
    clad : bool
        Whether it is clad but for the side of the film. Real claddings are not ideal: their fields end less sharply.
    y : tuple of two floats, optional
        Where it is near the film along y, in m; everywhere if left out.
    grounds : Grounds, optional
        Gap and width of ground lines at both sides; they are clad, and near the film, where the line is.

    Examples
    --------
    >>> line = StripLine(name="line", centre="1 um", width="200 nm", height="100 nm")
    >>> h_x, h_z = line.field(1e-6, 0.0)
    >>> round(float(h_x) * 1e-3)  # A/m for 1 mA
    -1250
    """

    kind: Literal["strip_line"] = "strip_line"
    centre: Coordinate
    width: Annotated[Coordinate, Field(gt=0)]
    height: Length
    clad: bool = False
    y: Interval | None = None
    grounds: Grounds | None = None

    @property
    def strips(self) -> tuple[StripLine, ...]:
        """The line without its grounds, and then those, which carry -1/2 of its current each."""
        if self.grounds is None:
            return (self,)
        line, ground = self.model_copy(update={"grounds": None}), self.grounds
        apart = self.width / 2 + ground.gap + ground.width / 2
        places = [{"centre": self.centre + side * apart, "width": ground.width} for side in (-1, 1)]
        return (line, *(line.model_copy(update=place) for place in places))

    @property
    def edges(self) -> tuple[float, float]:
        """First and last x in m of the line with its grounds."""
        found = [each.centre + side * each.width / 2 for each in self.strips for side in (-1, 1)]
        return min(found), max(found)

    def field(self, x: npt.ArrayLike, z: npt.ArrayLike, y: npt.ArrayLike = 0.0) -> tuple[FloatArray, FloatArray]:
        """Give the field of 1 A along +y.

        Parameters
        ----------
        x : array_like
            In the device, in m.
        z : array_like
            Height over the middle of the film, in m; not over the strip.
        y : array_like, optional
            In the device, in m; without effect for a line that goes on along y.

        Returns
        -------
        tuple of two numpy.ndarray
            H_x and H_z in A/m per A; H_y is 0.
        """
        if self.grounds is not None:
            line, *grounds = (np.stack(each.field(x, z, y)) for each in self.strips)
            total = line - np.mean(grounds, axis=0)
            return total[0], total[1]
        u = np.asarray(x, dtype=np.float64) - self.centre
        v = np.asarray(z, dtype=np.float64) - self.height
        left, right = u + self.width / 2, u - self.width / 2
        ends = [np.asarray(y, dtype=np.float64) - each for each in self.y or (-np.inf, np.inf)]
        if self.clad:
            inside = (left > 0) & (right < 0) & (ends[0] > 0) & (ends[1] < 0)
            over: FloatArray = np.where(inside, np.sign(v) / self.width, 0.0)
            return over, np.zeros_like(over)
        if self.y is not None:
            angle = slope = np.zeros(())
            for sign, a, b in ((1, left, ends[0]), (-1, left, ends[1]), (-1, right, ends[0]), (1, right, ends[1])):
                # At the strip's own height H_x is 0 beside it, and H_z finite in line with its sides: no 0 / 0.
                angle = angle + sign * np.arctan2(np.sign(v) * a * b, np.abs(v) * np.sqrt(a**2 + b**2 + v**2))
                slope = slope + sign * np.arcsinh(b / np.maximum(np.hypot(a, v), 1e-30))
            return angle / (4 * np.pi * self.width), slope / (4 * np.pi * self.width)
        # Beside the strip, at its height, both angles are +-pi/2.
        with np.errstate(divide="ignore"):
            h_x: FloatArray = (np.arctan(left / v) - np.arctan(right / v)) / (2 * np.pi * self.width)
        h_z: FloatArray = -np.log((left**2 + v**2) / (right**2 + v**2)) / (4 * np.pi * self.width)
        return h_x, h_z

    def field_in(self, device: Meshed) -> FloatArray:
        """Give the field of 1 A along +y in every cell's centre.

        Parameters
        ----------
        device : Meshed
            The device.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3)
            In A/m per A, inside and outside the magnet.
        """
        x, y, z = ((np.arange(number) + 0.5) * step for number, step in zip(device.shape, device.spacing, strict=True))
        field = np.zeros((*device.shape, 3))
        h_x, h_z = self.field(x[:, None, None], z - device.extent[2] / 2, y[:, None])
        field[..., 0], field[..., 2] = h_x, h_z
        return field

    @property
    def span(self) -> Span:
        """Extent along x, and along y where it does not go on."""
        return self.edges, self.y

    def check(self, device: Meshed, where: str) -> None:
        """Refuse a strip inside the magnet, and one with a `y` that is beside it or would need images along y.

        Raises
        ------
        ValueError
            Naming it; `where` is what the message calls it.
        """
        half = device.extent[2] / 2
        if abs(self.height) < half * (1 - 1e-9):
            raise ValueError(
                f"{where}.height = {format_quantity(self.height, 'm')} of {self.name!r} puts the strip into the film; "
                f"choose more than {format_quantity(half, 'm')}, half its thickness, or less than minus that"
            )
        sides = zip(self.span, device.extent[:2], strict=True)
        beside = any(each and (each[1] <= 0 or each[0] >= size) for each, size in sides)
        if self.y is not None and (beside or "y" in getattr(device, "periodic_axes", str)()):
            raise ValueError(
                f"{where}.y = {interval_text(self.y)} of {self.name!r}: a strip with a y must be over or under the "
                "film, which must not repeat along y (the field of the strip would not); move it, or leave y out"
            )

    def describe(self) -> str:
        """Say in a few words what it is."""
        side, clad = "over" if self.height > 0 else "under", "clad " if self.clad else ""
        along = f"x {format_quantity(self.centre, 'm')}" + (f", y {interval_text(self.y)}" if self.y else "")
        between = ""
        if self.grounds is not None:
            gap, width = (format_quantity(each, "m") for each in (self.grounds.gap, self.grounds.width))
            between = f", between grounds {width} wide, {gap} away"
        return (
            f"{clad}strip line {format_quantity(self.width, 'm')} wide at {along}, "
            f"{format_quantity(abs(self.height), 'm')} {side} the middle of the film{between}"
        )
