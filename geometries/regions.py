"""Regions of a device: the cells whose centres are in intervals of x, y and z."""

from __future__ import annotations

import math
import re
from typing import Annotated, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator

from geometries.description import Description
from geometries.fixed_layer import FixedLayer
from geometries.quantities import Coordinate, format_quantity

__all__ = ["Box", "Interval", "Meshed", "Name", "Region", "RegionOfMagnet", "interval_text"]

BoolArray = npt.NDArray[np.bool_]

Box = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
"""First cell and the one after the last along x, y and z."""

# Share of a cell: a border on a cell's centre is on it, whichever way it rounds.
_SLACK = 1e-6


def interval_text(interval: tuple[float, float]) -> str:
    """Write an interval of lengths in m, such as "0 m to 20 nm"."""
    return " to ".join(format_quantity(edge, "m") for edge in interval)


def _ordered(interval: tuple[float, float]) -> tuple[float, float]:
    if interval[1] <= interval[0]:
        raise ValueError(f"{interval_text(interval)} does not end after it begins; give the smaller value first")
    return interval


Interval = Annotated[tuple[Coordinate, Coordinate], AfterValidator(_ordered)]
"""Begin and end along an axis, in m."""


def _speakable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise ValueError(
            f"{name!r} cannot be a name; use letters, digits and underscores, a letter first, such as 'free_layer'"
        )
    return name


Name = Annotated[str, AfterValidator(_speakable)]
"""Name of a part or a terminal of a device."""


class Meshed(Protocol):
    """Data of a device needed to find the cells of a region."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Distance of cell centres along x, y and z, in m."""

    @property
    def extent(self) -> tuple[float, float, float]:
        """Size of the box along x, y and z, in m."""

    def mask(self) -> BoolArray:
        """Tell which cells are magnet, shape (nx, ny, nz)."""

    def cell_centres(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Give the places of cell centres along x, y and z, in m."""

    def current_paths(self) -> npt.NDArray[np.float64] | None:
        """Give the way of a current that follows the device, shape (nx, ny, 2)."""

    def polarising_layer(self) -> FixedLayer | None:
        """Give the fixed layer that polarises a current through the plane."""

    def ellipse_axes(self) -> tuple[float, float] | None:
        """Give the axes along x and y of an outline that is an ellipse, in m."""


class Region(Description):
    """A named box in a device: an interval along each axis.

    A cell belongs to the region if its centre c does: begin <= c < end, so that regions
    which share a border share no cell.

    Parameters
    ----------
    name : str
        Letters, digits and underscores.
    x, y, z : tuple of two floats, optional
        Begin and end of the region, in m; everywhere if left out.

    Raises
    ------
    pydantic.ValidationError
        If the name has other characters, or an interval does not end after it begins.

    Examples
    --------
    >>> from geometries import Stripe
    >>> stripe = Stripe(length="400 nm", width="40 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"))
    >>> output = Region(name="output", x=("300 nm", "400 nm"))
    >>> int(output.magnet_cells(stripe).sum())  # 100 nm x 40 nm in cells of 4 nm
    250
    """

    name: Name
    x: Interval | None = None
    y: Interval | None = None
    z: Interval | None = None

    @property
    def everywhere(self) -> bool:
        """Whether the region is the whole device."""
        return self.x is None and self.y is None and self.z is None

    def place_text(self) -> str:
        """Say where the region is, such as " at x 0 m to 20 nm"; nothing where it is everywhere."""
        given = [f"{axis} {interval_text(each)}" for axis in "xyz" if (each := getattr(self, axis)) is not None]
        return f" at {', '.join(given)}" if given else ""

    def check_inside(self, device: Meshed, where: str) -> None:
        """Refuse intervals that reach out of the box of a device.

        Parameters
        ----------
        device : Meshed
            The device.
        where : str
            Name of the region in the message: "parts[0]".

        Raises
        ------
        ValueError
            Naming the interval, and what is allowed.
        """
        for axis, size, step in zip("xyz", device.extent, device.spacing, strict=True):
            interval: tuple[float, float] | None = getattr(self, axis)
            if interval is not None and (interval[0] < -_SLACK * step or interval[1] > size + _SLACK * step):
                raise ValueError(
                    f"{where}.{axis} = {interval_text(interval)} of {self.name!r} reaches outside the device; keep it "
                    f"between 0 and {format_quantity(size, 'm', 12)}"
                )

    def box(self, device: Meshed) -> Box:
        """Give the bounds of the region in whole cells, magnet or not.

        Parameters
        ----------
        device : Meshed
            The device.

        Returns
        -------
        tuple of three (int, int)
            First cell and the one after the last along x, y and z.
        """
        bounds = []
        for interval, number, step in zip((self.x, self.y, self.z), device.shape, device.spacing, strict=True):
            if interval is None:
                bounds.append((0, number))
                continue
            first, after = (min(max(math.ceil(edge / step - 0.5 - _SLACK), 0), number) for edge in interval)
            bounds.append((first, after))
        return bounds[0], bounds[1], bounds[2]

    def magnet_cells(self, device: Meshed, mask: BoolArray | None = None) -> BoolArray:
        """Tell which cells of the region are magnet.

        Parameters
        ----------
        device : Meshed
            The device.
        mask : numpy.ndarray of bool, shape (nx, ny, nz), optional
            Its mask, where it is known already.

        Returns
        -------
        numpy.ndarray of bool, shape (nx, ny, nz)

        Raises
        ------
        ValueError
            If there is none.
        """
        mask = device.mask() if mask is None else mask
        chosen = np.zeros(mask.shape, dtype=bool)
        window = tuple(slice(*bounds) for bounds in self.box(device))
        chosen[window] = mask[window]
        if not chosen.any():
            raise ValueError(
                f"{self.name!r}{self.place_text()} covers no magnet: no cell centre in it is magnet; make it larger "
                "than a cell and put it onto the magnet"
            )
        return chosen


class RegionOfMagnet(Region):
    """A region that acts on the magnet in it, and is refused where there is none."""

    def cells(self, device: Meshed) -> BoolArray:
        """The cells of the magnet (nx, ny, nz) in the region; a ValueError if there are none."""
        return self.magnet_cells(device)

    def check(self, device: Meshed, where: str) -> None:
        """Refuse a region that reaches out of the device or covers no magnet; `where` is what the error calls it."""
        if not self.everywhere:
            self.check_inside(device, where)
            self.magnet_cells(device)
