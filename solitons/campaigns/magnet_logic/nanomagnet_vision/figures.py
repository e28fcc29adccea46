"""Figures of the report of a recognition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import Mapped
from solitons.campaigns.magnet_logic.nanomagnet_vision.results import ImageResults, SmallResults
from solitons.figures import new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["image_figure", "small_figure"]

_SALIENT, _OTHER, _UNDECIDED = "#D55E00", "#56B4E9", "#8A8F94"
_UNKNOWN = "#F0E442"
_HALF = 5.0
"""Pixels: half of a segment as it is drawn."""


def image_figure(image: ImageResults, mapped: Mapped) -> Figure:
    """The image, the segments, marked where in the exact minimum, and the magnets with their states."""
    problem, segments = mapped.problem, mapped.problem.segments
    if problem.picture is None or segments is None:
        raise ValueError(f"image_figure: {problem.name!r} is no image")
    seen = [reading for reading in image.readings if reading.name.startswith(("discs", "ellipses"))]
    figure = new_figure(10.4, 2.9 * (1 + (len(seen) + 1) // 2))
    axes = figure.subplots(1 + (len(seen) + 1) // 2, 2, squeeze=False)
    exact = image.readings[0].salient
    for ax, title in zip(axes[0], ("image and its segments", "exact minimum"), strict=True):
        _picture(ax, problem.picture, title)
    _segments(axes[0][0], mapped, problem.truth if problem.truth is not None else [None] * len(exact))
    _segments(axes[0][1], mapped, exact)
    for ax, reading in zip(axes[1:].flat, seen, strict=False):
        _magnets(ax, mapped, reading.name.startswith("discs"), [1 if each else -1 for each in reading.salient])
        ax.set_title(f"{reading.name}: salient in orange", fontsize=9)
    for ax in axes[1:].flat[len(seen) :]:
        _picture(ax, problem.picture, f"what {seen[0].name} found" if seen else "")
        _segments(ax, mapped, seen[0].salient if seen else exact)
    return figure


def _picture(ax: Axes, picture: Any, title: str) -> None:
    ax.imshow(picture, cmap="gray", interpolation="nearest")
    ax.set_title(title, fontsize=9)
    ax.set_xticks([])
    ax.set_yticks([])


def _segments(ax: Axes, mapped: Mapped, salient: Sequence[bool | None] | Any) -> None:
    segments = mapped.problem.segments
    if segments is None:
        return
    for number, ((x, y), angle, mark) in enumerate(zip(segments.places, segments.angles, salient, strict=True)):
        east, north = _HALF * np.cos(angle), _HALF * np.sin(angle)
        colour = _UNKNOWN if mark is None else _SALIENT if mark else _OTHER
        ax.plot([x - east, x + east], [y - north, y + north], color=colour, linewidth=2)
        ax.annotate(str(number), (x, y), (3, 3), textcoords="offset points", fontsize=6, color=colour)


def _magnets(ax: Axes, mapped: Mapped, round_ones: bool, values: Sequence[int]) -> None:
    """The array in its box, each magnet with its number, coloured by its value."""
    from matplotlib.patches import Ellipse

    array = mapped.discs if round_ones else mapped.ellipses
    placed = array.placed_outlines()
    for i, (magnet, value) in enumerate(zip(array.magnets, values, strict=True)):
        x, y = placed.x[i] * 1e9, placed.y[i] * 1e9
        colour = {1: _SALIENT, -1: _OTHER, 0: _UNDECIDED}[value]
        shape = Ellipse((x, y), magnet.length * 1e9, magnet.width * 1e9, angle=float(np.degrees(magnet.angle)))
        shape.set(facecolor=colour, edgecolor="none", alpha=0.85)
        ax.add_patch(shape)
        if not round_ones and value:
            east, north = (40 * value * part for part in magnet.axis)
            arrow = {"arrowstyle": "->", "color": "black", "linewidth": 1}
            ax.annotate("", (x + east, y + north), (x - east, y - north), arrowprops=arrow)
        ax.annotate(str(i), (x, y), fontsize=7, ha="center", va="bottom" if not round_ones else "center")
    ax.set_xlim(0, array.extent[0] * 1e9)
    ax.set_ylim(0, array.extent[1] * 1e9)
    ax.set_aspect("equal")
    ax.set_xlabel("x (nm)", fontsize=8)
    ax.set_ylabel("y (nm)", fontsize=8)
    ax.tick_params(labelsize=7)


def small_figure(small: Sequence[SmallResults], shown: dict[str, Mapped]) -> Figure:
    """The arrays of the small problems, with the states in which their ellipses end."""
    figure = new_figure(3.5 * len(small), 3.6)
    axes = figure.subplots(1, len(small), squeeze=False)[0]
    for ax, each in zip(axes, small, strict=True):
        reading = each.readings[-1]
        _magnets(ax, shown[each.name], False, reading.spins)
        ax.set_title(f"{each.name}: {reading.score:g} of {each.best:g}", fontsize=9)
    return figure
