"""How a stripe shows itself: what its table has, and its walls and its window in the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geometries.domain_walls.lanes import Lanes
from geometries.domain_walls.pinning import PinnedEnds
from geometries.domain_walls.readout import ReadoutWindow
from geometries.domain_walls.walls import Wall
from geometries.drawing import MAGNET, size_text
from geometries.quantities import format_quantity

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["COLOURS", "draw_walls", "draw_window", "lanes_row", "pinned_ends_row", "wall_rows", "window_row"]

COLOURS = {"magnet": MAGNET, "pinned end": "#5b7083"}
"""Colours of the plan, by what they show."""

_WALL = "#c2410c"
_WINDOW = "#15803d"
Rows = list[tuple[str, str]]

_FAMILIES = {"z": "up-down", "x": "head-to-head"}


def _describe_wall(wall: Wall) -> str:
    return f"{wall.kind} wall at {format_quantity(wall.position, 'm')}"


def wall_rows(walls: Sequence[Wall], domain_axis: str, first_domain: int) -> Rows:
    """Describe the domains along `domain_axis`, the first of sign `first_domain`, and the walls."""
    rows = [("domains", _FAMILIES[domain_axis] + f", {'+' if first_domain > 0 else '-'} first")]
    if walls:
        rows.append(("walls", "; ".join(map(_describe_wall, walls))))
    return rows


def lanes_row(lanes: Lanes) -> tuple[str, str]:
    """Describe the lanes."""
    signs = ", ".join("+" if sign > 0 else "-" for sign in lanes.first_domains)
    return "lanes", f"{lanes.count} up to {size_text(lanes.end)}, {size_text(lanes.gap)} apart, first domains {signs}"


def pinned_ends_row(ends: PinnedEnds) -> tuple[str, str]:
    """Describe the pinned ends."""
    return "pinned ends", f"{size_text(ends.length)} each, {format_quantity(ends.field, 'A/m')}"


def window_row(window: ReadoutWindow) -> tuple[str, str]:
    """Describe the read-out window."""
    intervals = [f"x {size_text(window.x[0])} to {size_text(window.x[1])}"]
    if window.y is not None:
        intervals.append(f"y {size_text(window.y[0])} to {size_text(window.y[1])}")
    return "read-out window", ", ".join(intervals)


def draw_walls(ax: Axes, walls: Sequence[Wall], width: float) -> list[Artist]:
    """Draw walls across a stripe of `width` (m), from above, in nm.

    Gives an entry for the legend, if there are walls.
    """
    lines: list[Artist] = []
    for wall in walls:
        place = [wall.position * 1e9] * 2
        lines += ax.plot(place, [0, width * 1e9], color=_WALL, linestyle="--", linewidth=1.5, label="wall")
    return lines[:1]


def draw_window(ax: Axes, window: ReadoutWindow, width: float) -> list[Artist]:
    """Draw the read-out window of a stripe of `width` (m), from above, in nm; give entries for the legend."""
    from matplotlib.patches import Rectangle

    begin_x, end_x = (edge * 1e9 for edge in window.x)
    begin_y, end_y = (edge * 1e9 for edge in window.y or (0.0, width))
    rectangle = Rectangle(
        (begin_x, begin_y),
        end_x - begin_x,
        end_y - begin_y,
        facecolor="none",
        edgecolor=_WINDOW,
        hatch="///",
        linewidth=1.5,
        label="read-out window",
    )
    return [ax.add_patch(rectangle)]
