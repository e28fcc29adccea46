"""How a skyrmion track shows itself: what its table says, and its grains and skyrmions in the plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geometries.drawing import size_text
from geometries.skyrmion_track.anisotropy import AnisotropyGradient, Grains
from geometries.skyrmion_track.placement import Place
from geometries.skyrmion_track.skyrmions import AnySkyrmions

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["anisotropy_rows", "draw_grains", "draw_skyrmions", "skyrmion_rows"]

_SKYRMION = "#c2410c"
_GRAIN = "#ffffff"
Rows = list[tuple[str, str]]


def anisotropy_rows(gradient: AnisotropyGradient | None, grains: Grains | None) -> Rows:
    """Describe how the anisotropy varies."""
    rows = []
    if gradient is not None:
        said = f"Ku from {gradient.first:g} to {gradient.last:g} of the material's along {gradient.along}"
        rows.append(("anisotropy gradient", said))
    if grains is not None:
        said = f"{size_text(grains.size)}, Ku +- {grains.anisotropy_spread:.3g}"
        said += f", axes +- {math.degrees(grains.axis_spread):.3g} degrees, seed {grains.seed}"
        rows.append(("grains", said))
    return rows


def skyrmion_rows(described: Sequence[AnySkyrmions], places: Sequence[Place], background: int) -> Rows:
    """Describe the skyrmions and what is between them."""
    said = [each.describe(sum(place.described is each for place in places)) for each in described]
    rows = [("skyrmions", "; ".join(said))] if said else []
    return [*rows, ("background", "up" if background > 0 else "down")]


def draw_grains(ax: Axes, numbers: npt.NDArray[np.int64], magnet: npt.NDArray[np.bool_], cell: Sequence[float]) -> None:
    """Draw the borders between grains, from above, in nm."""
    from matplotlib.collections import LineCollection

    lines = []
    for axis in (0, 1):
        step = [cell[0] * 1e9, cell[1] * 1e9]
        other = np.diff(numbers, axis=axis) != 0
        inside = magnet[1:] & magnet[:-1] if axis == 0 else magnet[:, 1:] & magnet[:, :-1]
        for i, j in np.argwhere(other & inside):
            x, y = (i + (axis == 0)) * step[0], (j + (axis == 1)) * step[1]
            lines.append([(x, y), (x + (axis == 1) * step[0], y + (axis == 0) * step[1])])
    ax.add_collection(LineCollection(lines, colors=_GRAIN, linewidths=0.6))


def draw_skyrmions(ax: Axes, places: Sequence[Place]) -> list[Artist]:
    """Draw the lines m_z = 0 of skyrmions, from above, in nm.

    Returns
    -------
    list of matplotlib.artist.Artist
        One for the legend, if there are skyrmions.
    """
    from matplotlib.patches import Circle

    circles: list[Artist] = []
    for place in places:
        centre = (place.centre[0] * 1e9, place.centre[1] * 1e9)
        circle = Circle(centre, place.described.radius * 1e9, fill=False, edgecolor=_SKYRMION, linewidth=1.5)
        circle.set_label("skyrmion")
        circles.append(ax.add_patch(circle))
    return circles[:1]
