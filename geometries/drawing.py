"""Shared parts of the drawings of devices: a figure, cells in colours, tables in a notebook.

Figures are made without pyplot, so that no window system is touched and no figure stays
open behind the user's back.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, get_args, get_origin

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from geometries.parts import alike
from geometries.quantities import format_quantity
from geometries.wires import AbstractWire

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geometries.parts import Part
    from geometries.terminals import AnyTerminal

__all__ = ["LEAST_HEIGHT", "MAGNET", "draw_cells", "draw_legend", "draw_parts", "draw_terminals", "field_rows",
           "figure_for", "page", "size_text"]  # fmt: skip

MAGNET = "#b8c4d6"
"""Colour of the magnet."""

LEAST_HEIGHT = 0.5
"""Height of a drawing, in inches; it is 7 long."""

_PARTS = ("#7c3aed", "#0e7490", "#be185d", "#4d7c0f", "#b45309", "#1d4ed8")
_TERMINAL = "#a16207"
_NAME = "#713f12"


def size_text(*lengths: float) -> str:
    """Write lengths in m with their units, such as "4 nm x 2 nm"."""
    return " x ".join(format_quantity(length, "m") for length in lengths)


def field_rows(description: BaseModel, names: Sequence[str]) -> list[tuple[str, str]]:
    """List the named fields of a description that are numbers, quantities or texts: ("inner radius", "60 nm").

    What is left out there (None or an empty text) or has parts of its own gives no row.
    """
    rows = []
    for name in names:
        value, unit = getattr(description, name), _unit_of(type(description).model_fields[name])
        if isinstance(value, bool):
            text = "yes" if value else "no"
        elif isinstance(value, (int, float)):
            text = format_quantity(value, unit) if unit else format(value, ".6g" if isinstance(value, float) else "d")
        else:
            text = value if isinstance(value, str) else ""
        if text:
            rows.append((name.replace("_", " "), text))
    return rows


def _unit_of(field: FieldInfo) -> str | None:
    """The unit of a quantity, also of one that may be left out: `Length | None` has it in a member."""
    if isinstance(field.json_schema_extra, dict) and "unit" in field.json_schema_extra:
        return str(field.json_schema_extra["unit"])
    members = [member for member in get_args(field.annotation) if get_origin(member) is Annotated]
    return next(filter(None, (_unit_of(FieldInfo.from_annotation(member)) for member in members)), None)


def figure_for(extent: Sequence[float]) -> tuple[Figure, Axes]:
    """Make a figure as high as a drawing of this extent (m) along x and y, with room for labels and legend."""
    from matplotlib.figure import Figure

    height = float(np.clip(7.0 * extent[1] / extent[0], LEAST_HEIGHT, 9.0))
    figure = Figure(figsize=(8.0, height + 1.1), layout="constrained")
    return figure, figure.add_subplot()


def draw_cells(
    ax: Axes, classes: npt.NDArray[np.int64], colours: Mapping[str, str], extent: Sequence[float]
) -> list[Artist]:
    """Draw cells from above, in nm, each in the colour of its class; give entries for the legend.

    A plan that is more than 20 times as long as wide is stretched along y, and the label of the axis states it: as thin
    as a hair it shows nothing to scale. `classes` (nx, ny) has 0 for no magnet and i + 1 for the i-th of `colours`,
    which go by the names of the classes; `extent` is the size of the box along x and y in m.
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    length, width = extent[0] * 1e9, extent[1] * 1e9
    stretch = max(1.0, round(LEAST_HEIGHT / 7.0 * length / width))
    ax.imshow(
        np.ma.masked_equal(classes, 0).T,
        origin="lower",
        extent=(0.0, length, 0.0, width),
        cmap=ListedColormap(list(colours.values())),
        vmin=1,
        vmax=max(len(colours), 2),
        interpolation="nearest",
        aspect=stretch,
    )
    ax.set(
        xlabel="x (nm)",
        ylabel="y (nm)" if stretch == 1 else f"y (nm)\nx {stretch:g}",
        xlim=(0, length),
        ylim=(0, width),
    )
    present = set(np.unique(classes).tolist())
    return [Patch(color=colour, label=name) for place, (name, colour) in enumerate(colours.items(), 1)
            if place in present]  # fmt: skip


def _span(interval: tuple[float, float] | None, size: float) -> tuple[float, float]:
    begin, end = interval or (0.0, size)
    return begin * 1e9, end * 1e9


def draw_parts(ax: Axes, parts: Sequence[Part], extent: Sequence[float]) -> list[Artist]:
    """Draw the borders of parts in nm, a colour and an entry of the legend for those that are alike.

    `extent` is in m.
    """
    from matplotlib.patches import Rectangle

    handles: list[Artist] = []
    for index, (what, several) in enumerate(alike(parts).items()):
        colour = _PARTS[index % len(_PARTS)]
        for part in several:
            (x0, x1), (y0, y1) = _span(part.x, extent[0]), _span(part.y, extent[1])
            box = Rectangle((x0, y0), x1 - x0, y1 - y0, facecolor=f"{colour}33", edgecolor=colour, linewidth=1.5)
            ax.add_patch(box)
        several_alike = f"{len(several)} parts: {what}".replace("^2", "²").replace("^3", "³")
        box.set_label(f"part {part.name}" if len(several) == 1 else several_alike)
        handles.append(box)
    return handles


def draw_terminals(ax: Axes, terminals: Sequence[AnyTerminal], extent: Sequence[float]) -> list[Artist]:
    """Draw where terminals are, in nm, each with its name and, of a current in the plane, an arrow.

    `extent` is in m.
    """
    from matplotlib.patches import Rectangle

    handles: list[Artist] = []
    for terminal in terminals:
        x: tuple[float, float] | None
        y: tuple[float, float] | None
        arrow: tuple[float, float] | None
        if isinstance(terminal, AbstractWire):
            (x, y), arrow = terminal.span, (0.0, 1.0)
        else:
            x, y = terminal.x, terminal.y
            arrow = None
            if terminal.kind == "in_plane" or terminal.kind == "heavy_metal":
                arrow = (terminal.direction[0], terminal.direction[1])
        (x0, x1), (y0, y1) = _span(x, extent[0]), _span(y, extent[1])
        box = Rectangle((x0, y0), x1 - x0, y1 - y0, edgecolor=_TERMINAL, linestyle=":", linewidth=1.5, label="terminal")
        box.set_facecolor("none" if x is None and y is None else f"{_TERMINAL}22")
        handles.append(ax.add_patch(box))
        middle = ((max(x0, 0) + min(x1, extent[0] * 1e9)) / 2, (y0 + y1) / 2)
        foot = (middle[0], y0)
        # What lies under it, such as the hatching of a read-out window, would cross the letters.
        plate = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0}
        ax.annotate(
            terminal.name, foot, (0, 4), textcoords="offset points", ha="center", fontsize=8, color=_NAME, bbox=plate
        )
        if arrow is None:
            ax.plot(*middle, marker="o", markersize=7, markerfacecolor="none", markeredgecolor=_TERMINAL)
            ax.plot(*middle, marker=".", markersize=3, color=_TERMINAL)
        else:
            style = {"arrowstyle": "->", "color": _TERMINAL, "linewidth": 1.8}
            tail = (-22 * arrow[0], -22 * arrow[1])
            ax.annotate("", middle, tail, textcoords="offset points", arrowprops=style)
    return handles[:1]


def draw_legend(ax: Axes, handles: Sequence[Artist]) -> None:
    """Put the legend above the drawing."""
    ax.legend(
        handles=list(handles), loc="lower left", bbox_to_anchor=(0, 1.02), ncols=4, frameon=False, borderaxespad=0
    )


def page(title: str, rows: Sequence[tuple[str, str]], figure: Figure, caption: str) -> str:
    """Put a table of names and texts and a figure (as a PNG) into HTML that needs no other file.

    The caption is what the figure shows, for those who cannot see it.
    """
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=100)
    encoded = base64.b64encode(picture.getvalue()).decode("ascii")
    cells = "".join(
        f'<tr><th style="text-align:left">{html.escape(name)}</th>'
        f'<td style="text-align:left">{html.escape(text)}</td></tr>'
        for name, text in rows
    )
    return (
        f"<div><strong>{html.escape(title)}</strong><table>{cells}</table>"
        f'<img alt="{html.escape(caption)}" style="max-width:100%" src="data:image/png;base64,{encoded}"></div>'
    )
