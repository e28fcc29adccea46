"""Arrays of named nanomagnets, coupled by their stray fields."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, final

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries import drawing
from geometries.description import PositiveLength
from geometries.device import AbstractDevice
from geometries.magnet_logic.checks import (
    check_apart,
    check_driven,
    check_each,
    check_signals,
    near_pairs,
    pattern_states,
)
from geometries.magnet_logic.magnets import Magnet, beyond_slant, outlines
from geometries.magnet_logic.responses import response
from geometries.materials import Material
from geometries.outlines.checks import check_cell
from geometries.outlines.convex import Outlines, paint
from geometries.quantities import Coordinate, Length
from geometries.responses import Response
from geometries.sizes import check_mesh

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["MagnetArray"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

_COLOURS = {
    "magnet": drawing.MAGNET,
    "input": "#c2410c",
    "fixed": "#f0a36b",
    "output": "#15803d",
    "block": "#dfe5ee",
}
_INK = "#1f2937"


@final
class MagnetArray(AbstractDevice):
    """Nanomagnets in a plane that compute by their stray fields.

    The box around them has its corner at the origin and a margin on all sides. `geometries.magnet_logic` has functions
    that build wires, gates, adders and shift registers on a grid.

    Parameters
    ----------
    magnets : tuple of Magnet
        Magnets, by name.
    thickness : float
        Thickness of the film in m.
    cell : tuple of three floats
        Size of a cell along x, y and z, in m; the last divides the thickness.
    perpendicular : bool
        Whether bits are along the film's normal, 1 for up, and not along the magnets' long axes. The material decides
        whether magnets stay so; all neighbours then couple antiferromagnetically.
    margin : float
        Empty space around the magnets in m; the box is rounded up to whole cells.
    reach : float, optional
        Gap in m up to which two magnets count as neighbours in the coupling graph; the longest magnet's length if left
        out.
    input_pattern : int, optional
        Row of the truth table: the values of `signals` as a binary number with a digit 1 for +1, the first signal's the
        highest. It sets the states of all inputs, and is None afterwards, so that a run has one id however its inputs
        were given; a sweep over rows is an axis "device.input_pattern".
    parts, terminals
        As in `AbstractDevice`.

    Raises
    ------
    pydantic.ValidationError
        If two magnets share a name or are less than a cell apart, one is thinner than two cells, no input leads to an
        output through neighbours, inputs of one signal differ, there is no such row, or the cell does not divide the
        thickness.

    Examples
    --------
    >>> from geometries.magnet_logic import majority_gate
    >>> gate = majority_gate((1, -1, 1))
    >>> [magnet.name for magnet in gate.magnets], gate.neighbours("centre")
    (['a', 'b', 'c', 'centre', 'out'], ('a', 'b', 'c', 'out'))
    """

    kind: Literal["magnet_array"] = "magnet_array"
    magnets: Annotated[tuple[Magnet, ...], Field(min_length=1, max_length=2000)]
    thickness: PositiveLength
    perpendicular: bool = False
    margin: Annotated[Length, Field(ge=0)] = 20e-9
    reach: Annotated[Coordinate, Field(gt=0)] | None = None
    input_pattern: Annotated[int, Field(ge=0)] | None = None

    @classmethod
    def example(cls) -> MagnetArray:
        """Give a short wire whose input is held, with a block at its end."""
        size = {"length": 60e-9, "width": 40e-9}
        return cls(
            magnets=(
                Magnet(name="in", x=0.0, y=0.0, role="input", field=2e5, **size),
                Magnet(name="middle", x=60e-9, y=0.0, state=-1, **size),
                Magnet(name="out", x=120e-9, y=0.0, role="output", **size),
                Magnet(name="end", x=190e-9, y=0.0, role="block", angle=0.0, shape="stadium", **size),
            ),
            thickness=10e-9,
            cell=(5e-9, 5e-9, 10e-9),
        )

    @model_validator(mode="after")
    def _take_pattern(self) -> MagnetArray:
        if self.input_pattern is not None:
            states = pattern_states(self.signals, self.input_pattern)
            magnets = tuple(
                each.model_copy(update={"state": states[each.signal or each.name]}) if each.role == "input" else each
                for each in self.magnets
            )
            self.__dict__.update(magnets=magnets, input_pattern=None)
        check_signals(self.magnets)
        return self

    def check(self) -> None:
        """Refuse magnets that cannot be distinguished, touch, or cannot be meshed, and outputs that nothing drives."""
        blocks = [each.name for each in self.magnets if each.role == "block"]
        if self.perpendicular and blocks:
            raise ValueError(
                f"magnet {blocks[0]!r} is a block, which holds the end of a wire by its moment in the plane, and bits "
                "of this array are along the normal; leave it out"
            )
        check_each(self.magnets, self.cell[:2])
        check_cell((self.cell[0], self.cell[1], self.thickness), self.cell)
        check_mesh(self.shape, self.cell)
        near = near_pairs(self.magnets, max(*self.cell[:2], self.coupling_reach))
        check_apart(self.magnets, near, self.cell[:2])
        check_driven(self.magnets, near, self.coupling_reach)

    @property
    def coupling_reach(self) -> float:
        """Gap in m up to which two magnets count as neighbours."""
        return max(magnet.length for magnet in self.magnets) if self.reach is None else self.reach

    def neighbours(self, name: str) -> tuple[str, ...]:
        """Names of the magnets that are no farther from one than `reach`: the coupling graph."""
        place = self.index(name)
        pairs, _ = near_pairs(self.magnets, self.coupling_reach)
        near = pairs[(pairs == place).any(axis=1)].sum(axis=1) - place
        return tuple(self.magnets[i].name for i in sorted(near.tolist()))

    @property
    def signals(self) -> tuple[str, ...]:
        """The variables: names of the inputs, or of their signals, each once, in order."""
        return tuple(dict.fromkeys(each.signal or each.name for each in self.magnets if each.role == "input"))

    @property
    def axes(self) -> FloatArray:
        """Unit vectors along which each magnet's bit is 1, (magnets, 3)."""
        if self.perpendicular:
            return np.tile([0.0, 0.0, 1.0], (len(self.magnets), 1))
        return np.array([(*magnet.axis, 0.0) for magnet in self.magnets])

    @property
    def states(self) -> IntArray:
        """The bit that each magnet starts from, 1 or -1, (magnets,)."""
        return np.array([magnet.state for magnet in self.magnets])

    def zones(self) -> tuple[tuple[str, ...], ...]:
        """Names of the magnets of each zone of the clock, in the order in which zones are released."""
        clocked = [each for each in self.magnets if each.clocked]
        return tuple(
            tuple(each.name for each in clocked if each.zone == zone)
            for zone in sorted({each.zone for each in clocked})
        )

    def index(self, name: str) -> int:
        """Place of a magnet in `magnets`.

        Raises
        ------
        ValueError
            If there is none of this name.
        """
        names = [magnet.name for magnet in self.magnets]
        if name not in names:
            raise ValueError(f"no magnet is named {name!r}; there are {', '.join(names)}")
        return names.index(name)

    def placed_outlines(self) -> Outlines:
        """Give the outlines in the coordinates of the box, whose corner is at the origin."""
        every = outlines(self.magnets)
        x = every.x - np.min(every.x - every.reach(0.0)) + self.margin
        y = every.y - np.min(every.y - every.reach(np.pi / 2)) + self.margin
        return every._replace(x=x, y=y)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        placed = self.placed_outlines()
        box = (
            np.max(placed.x + placed.reach(0.0)) + self.margin,
            np.max(placed.y + placed.reach(np.pi / 2)) + self.margin,
        )
        nx, ny = (max(1, math.ceil(size / cell - 1e-6)) for size, cell in zip(box, self.cell[:2], strict=True))
        return nx, ny, max(1, round(self.thickness / self.cell[2]))

    def cell_labels(self) -> IntArray:
        """Number the magnets.

        Returns
        -------
        numpy.ndarray of int, shape (nx, ny, nz)
            0 outside, i + 1 in magnet i.
        """
        plane = np.zeros(self.shape[:2], dtype=np.int64)
        placed = self.placed_outlines()
        paint(plane, placed, np.arange(1, len(self.magnets) + 1), self.cell[:2])
        for i, magnet in enumerate(self.magnets):
            if magnet.slant:
                x, y = ((np.arange(count) + 0.5) * size for count, size in zip(plane.shape, self.cell, strict=False))
                plane[(plane == i + 1) & beyond_slant(magnet, x[:, None] - placed.x[i], y - placed.y[i])] = 0
        return np.repeat(plane[:, :, None], self.shape[2], axis=2)

    def mask(self) -> BoolArray:
        """Tell which cells are magnet.

        Returns
        -------
        numpy.ndarray of bool, shape (nx, ny, nz)
        """
        magnet: BoolArray = self.cell_labels() > 0
        return magnet

    def initial_magnetisation(self, material: Material) -> FloatArray:  # noqa: ARG002 - every device takes it
        """Build the magnetisation that a simulation starts from: each magnet along its axis, or the normal.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3)
            Unit vectors; NaN outside the magnets.
        """
        directions = np.full((len(self.magnets) + 1, 3), np.nan)
        directions[1:] = self.states[:, None] * self.axes
        return directions[self.cell_labels()]

    def held_fields(self) -> FloatArray:
        """Give the bias of each magnet in A/m, (magnets, 3): along an input's state, 0 in the others."""
        fields = np.array([magnet.field or 0.0 for magnet in self.magnets])
        return (fields * self.states)[:, None] * self.axes

    def bias_field(self) -> FloatArray | None:
        """Give the static field that holds the inputs.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3), or None
            In A/m; None without inputs.
        """
        held = np.concatenate([np.zeros((1, 3)), self.held_fields()])
        return held[self.cell_labels()] if held.any() else None

    def response(self, material: Material) -> Response | None:
        """Give the largest anisotropy field and the slowest response of the magnets that a clock acts on.

        Each counts as alone and as an ellipse, and of the material, whatever parts there are; None without any that
        has a state along its axis.
        """
        alone = {(each.length, each.width, each.angle): each for each in self.magnets if each.clocked}
        each = [response(magnet, self.thickness, material) for magnet in alone.values()]
        each = [one for one in each if one.anisotropy_field > 1e-3 * material.Ms]
        if not each:
            return None
        cells = None
        if any(terminal.kind == "heavy_metal" for terminal in self.terminals):
            numbers = np.cumsum([each.clocked for each in self.magnets]) * [each.clocked for each in self.magnets]
            cells = np.concatenate([[0], numbers])[self.cell_labels()]
        return Response(max(one.anisotropy_field for one in each), max(one.time for one in each), cells)

    def family_rows(self) -> list[tuple[str, str]]:
        """List what there is to report about the array; see `AbstractDevice`."""
        rows = [("size", drawing.size_text(*self.extent)), ("mesh", self.mesh_text)]
        normal = ", bits along the film's normal" if self.perpendicular else ""
        rows.append(("magnets", f"{len(self.magnets)} magnets{normal}"))
        sizes = {
            drawing.size_text(magnet.length, magnet.width, self.thickness): magnet.shape for magnet in self.magnets
        }
        rows.append(("outlines", "; ".join(f"{shape} {size}" for size, shape in sizes.items())))
        for role, title in (("input", "inputs"), ("fixed", "fixed"), ("output", "outputs"), ("block", "blocks")):
            named = [magnet.name for magnet in self.magnets if magnet.role == role]
            if named:
                rows.append((title, ", ".join(named)))
        if len(self.zones()) > 1:
            rows.append(("zones of the clock", "; ".join(", ".join(zone) for zone in self.zones())))
        return rows

    def draw(self, ax: Axes) -> list[Artist]:
        """Draw the magnets by role, with names and the start's direction; see `AbstractDevice`."""
        roles = list(_COLOURS)
        table = np.array([0, *(roles.index(magnet.role) + 1 for magnet in self.magnets)])
        handles = drawing.draw_cells(ax, table[self.cell_labels()[:, :, 0]], _COLOURS, self.extent)
        placed = self.placed_outlines()
        for i, magnet in enumerate(self.magnets):
            x, y = float(placed.x[i]) * 1e9, float(placed.y[i]) * 1e9
            if self.perpendicular:
                label = f"{magnet.name} {'up' if magnet.state > 0 else 'down'}"
                ax.annotate(label, (x, y), fontsize=7, color=_INK, ha="center", va="center")
                continue
            half = 0.35e9 * magnet.length * magnet.state
            east, north = half * magnet.axis[0], half * magnet.axis[1]
            arrow = {"arrowstyle": "->", "color": _INK}
            ax.annotate("", (x + east, y + north), (x - east, y - north), arrowprops=arrow)
            # Beside the arrow, which goes through the middle.
            lies = abs(magnet.axis[0]) > abs(magnet.axis[1])
            ax.annotate(
                magnet.name,
                (x, y),
                (0, 3) if lies else (3, 0),
                textcoords="offset points",
                fontsize=7,
                color=_INK,
                ha="center" if lies else "left",
                va="bottom" if lies else "center",
            )
        return handles
