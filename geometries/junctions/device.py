"""Pillars: a free layer that a current reaches through a barrier, from a fixed layer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, final

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, Discriminator, Field, Tag

from geometries.description import PositiveLength
from geometries.device import AbstractDevice
from geometries.directions import Direction, direction_text
from geometries.drawing import size_text
from geometries.fixed_layer import FixedLayer
from geometries.junctions.barrier import Barrier
from geometries.junctions.vortex import Vortex
from geometries.materials import Material
from geometries.outlines.checks import check_cell
from geometries.quantities import Angle, format_quantity
from geometries.terminals import AnyTerminal, ThroughPlane

__all__ = ["Pillar"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_NAMED = {"up": (0.0, 0.0, 1.0), "down": (0.0, 0.0, -1.0), "right": (1.0, 0.0, 0.0), "left": (-1.0, 0.0, 0.0)}
# With fewer cells across it an ellipse is a polygon of its own.
_FEWEST_CELLS = 4
# Slack of a squared distance from the middle: a centre on the outline is inside, whichever way it rounds.
_SLACK = 1e-6


def _from_name(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in _NAMED:
        raise ValueError(
            f"{value!r} is no direction; give one of {', '.join(map(repr, _NAMED))}, or three numbers such as [0, 0, 1]"
        )
    return _NAMED[value]


def _vortex_by_name(value: Any) -> Any:
    return Vortex() if value == "vortex" else value


NamedDirection = Annotated[Direction, BeforeValidator(_from_name)]
"""A direction in space, or "up", "down", "right" or "left"."""

Start = Annotated[
    Annotated[NamedDirection, Tag("direction")] | Annotated[Vortex, Tag("vortex")],
    Discriminator(lambda value: "vortex" if isinstance(value, Mapping | Vortex) else "direction"),
    BeforeValidator(_vortex_by_name),
]
"""A direction, or a vortex: "vortex", or its fields."""


@final
class Pillar(AbstractDevice):
    """The free layer of a tunnel junction whose current flows through its plane.

    A disc, or an ellipse with its long axis along x, whose box has its corner at the origin; the
    barrier and the fixed layer lie under it and are no cells. Whether it magnetises in its plane or
    out of it follows from the material.

    Parameters
    ----------
    length, width : float
        Axes of the ellipse along x and y, in m; a disc if `width` is left out. The width is at
        most the length.
    thickness : float
        Thickness of the free layer, in m.
    cell : tuple of three floats
        Size of a cell along x, y and z, in m; each divides the box around the pillar.
    start : three floats, {"up", "down", "right", "left", "vortex"} or Vortex
        Direction of the initial magnetisation (+z, -z, +x or -x), or a vortex: "vortex" has its core up in the
        middle and turns counterclockwise; `Vortex` has the others.
    start_tilt : float
        Angle by which it is turned away from there, in rad, less than 90 degrees: a torque along the
        polariser is 0 where m lies exactly along it.
    start_seed : int
        Seed of the side to which it is turned.
    fixed_layer : three floats or {"up", "down", "right", "left"}
        Magnetisation of the fixed layer.
    barrier : Barrier
        Resistance and magnetoresistance; its spin polarisation is the current's.
    parts : tuple of Part
        As in `AbstractDevice`.
    terminals : tuple of terminals
        As in `AbstractDevice`; a current through the plane of everything, named "junction" and polarised
        by the fixed layer through the barrier, if left out.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0, the width is more than the length, a cell does not divide the pillar, there
        are fewer than four cells across it, a direction is zero, the barrier is out of range, or a
        key is unknown.

    Examples
    --------
    >>> pillar = Pillar(
    ...     length="40 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"), start="down", fixed_layer="up",
    ...     barrier={"resistance_area": "10 ohm um^2", "tmr": "100 %"},
    ... )
    >>> pillar.shape, int(pillar.mask().sum())
    ((10, 10, 1), 80)
    >>> print(pillar)
    pillar 40 nm x 40 nm x 1 nm, 10 x 10 x 1 cells of 4 nm x 4 nm x 1 nm, outline: disc, start: -z,
    fixed layer: +z, barrier: RA 10 Ω µm², TMR 100 %, spin polarisation: 0.577
    """

    kind: Literal["pillar"] = "pillar"
    length: PositiveLength
    width: PositiveLength | None = None
    thickness: PositiveLength
    start: Start = (0.0, 0.0, 1.0)
    start_tilt: Annotated[Angle, Field(ge=0, lt=math.pi / 2)] = 0.0
    start_seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    fixed_layer: NamedDirection
    barrier: Barrier
    terminals: tuple[AnyTerminal, ...] = (ThroughPlane(name="junction"),)

    @classmethod
    def example(cls) -> Pillar:
        """Give a small ellipse that starts against its fixed layer, with a tilt and a barrier that bias wears down."""
        return cls(
            length=60e-9,
            width=32e-9,
            thickness=2e-9,
            cell=(4e-9, 4e-9, 2e-9),
            start=(-1.0, 0.0, 0.0),
            start_tilt=0.02,
            start_seed=1,
            fixed_layer=(1.0, 0.0, 0.0),
            barrier=Barrier(resistance_area=1e-11, tmr=1.0, half_bias=0.5),
        )

    def check(self) -> None:
        """Refuse an outline that cannot be meshed."""
        length, width = self.axes
        if width > length * (1 + 1e-9):
            raise ValueError(
                f"width = {format_quantity(width, 'm')} is more than length = {format_quantity(length, 'm')}: the long "
                "axis of a pillar is x; exchange them"
            )
        check_cell((length, width, self.thickness), self.cell)
        if isinstance(self.start, Vortex):
            self.start.check(self.axes)
            if self.start_tilt:
                raise ValueError(
                    f"start_tilt = {self.start_tilt:g} rad turns a uniform start, and start is a vortex; leave "
                    "start_tilt out, and give the vortex an offset where its core may not begin in the middle"
                )
        for axis, name, number in zip("xy", ("length", "width"), self.shape, strict=False):
            if number < _FEWEST_CELLS:
                size = format_quantity(self.cell["xy".index(axis)], "m")
                raise ValueError(
                    f"cell = {size} along {axis} leaves {number} across the pillar's {name}, and an ellipse needs "
                    f"{_FEWEST_CELLS} or more; choose smaller cells"
                )

    @property
    def axes(self) -> tuple[float, float]:
        """Axes of the ellipse along x and y, in m."""
        return self.length, self.length if self.width is None else self.width

    @property
    def area(self) -> float:
        """Area of the ellipse in m2, of the outline, not of the cells."""
        length, width = self.axes
        return math.pi * length * width / 4

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        x, y, z = (round(size / cell) for size, cell in zip((*self.axes, self.thickness), self.cell, strict=True))
        return x, y, z

    def mask(self) -> BoolArray:
        """Tell which cells are magnet.

        Returns
        -------
        numpy.ndarray of bool, shape (nx, ny, nz)
            True where the centre of the cell is inside the ellipse.
        """
        x, y, _ = self.cell_centres()
        length, width = self.axes
        square = ((2 * x / length - 1) ** 2)[:, None] + ((2 * y / width - 1) ** 2)[None, :]
        return np.repeat((square <= 1 + _SLACK)[:, :, None], self.shape[2], axis=2)

    @property
    def start_direction(self) -> tuple[float, float, float]:
        """Direction of a uniform start.

        Raises
        ------
        ValueError
            If the pillar starts from a vortex.
        """
        if isinstance(self.start, Vortex):
            raise ValueError(
                "device.start is a vortex, and what is asked for needs a uniform start; give a direction, such as 'up'"
            )
        return self.start

    def initial_magnetisation(self, material: Material) -> FloatArray:
        """Build the magnetisation that a simulation starts from.

        Uniform, along `start` turned by `start_tilt`, or a vortex whose core has the size that the material gives it.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3)
            Unit vectors; NaN outside the magnet.
        """
        if isinstance(self.start, Vortex):
            x, y, _ = self.cell_centres()
            length, width = self.axes
            plane = self.start.magnetisation(x - length / 2, y - width / 2, self.axes, material.exchange_length)
            return np.where(self.mask()[..., None], plane[:, :, None], np.nan)
        direction = np.array(self.start)
        if self.start_tilt:
            side = np.random.default_rng(self.start_seed).normal(size=3)
            side -= side @ direction * direction
            side /= np.linalg.norm(side)
            direction = math.cos(self.start_tilt) * direction + math.sin(self.start_tilt) * side
        return np.where(self.mask()[..., None], direction, np.nan)

    def window_mask(self) -> BoolArray:
        """Tell which cells are under the junction: all of the pillar, shape (nx, ny)."""
        return self.mask()[:, :, 0]

    def polarising_layer(self) -> FixedLayer:
        """Give the fixed layer with the spin polarisation of the barrier."""
        return FixedLayer(self.fixed_layer, self.barrier.spin_polarisation)

    def ellipse_axes(self) -> tuple[float, float]:
        """Give the axes of the ellipse: `axes`."""
        return self.axes

    def family_rows(self) -> list[tuple[str, str]]:
        """List what there is to report about the pillar; see `AbstractDevice`."""
        length, width = self.axes
        rows = [("size", size_text(*self.extent)), ("mesh", self.mesh_text)]
        rows.append(("outline", "disc" if length == width else f"ellipse of {size_text(length, width)}"))
        tilt = f", tilted by {math.degrees(self.start_tilt):.3g} degrees" if self.start_tilt else ""
        start = self.start.describe() if isinstance(self.start, Vortex) else direction_text(self.start) + tilt
        rows.append(("start", start))
        rows.append(("fixed layer", direction_text(self.fixed_layer)))
        rows.append(("barrier", self.barrier.describe()))
        rows.append(("spin polarisation", f"{self.barrier.spin_polarisation:.3g}"))
        return rows
