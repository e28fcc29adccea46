"""How a skyrmion track shows itself: what its table has of its skyrmions, and they in the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geometries.skyrmions.placement import Place
from geometries.skyrmions.skyrmions import AnySkyrmions

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["draw_skyrmions", "skyrmion_rows"]

_SKYRMION = "#c2410c"
Rows = list[tuple[str, str]]


def skyrmion_rows(described: Sequence[AnySkyrmions], places: Sequence[Place], background: int) -> Rows:
    """Describe the skyrmions and what is between them."""
    texts = [each.describe(sum(place.described is each for place in places)) for each in described]
    rows = [("skyrmions", "; ".join(texts))] if texts else []
    return [*rows, ("background", "up" if background > 0 else "down")]


def draw_skyrmions(ax: Axes, places: Sequence[Place]) -> list[Artist]:
    """Draw the lines m_z = 0 of skyrmions, from above, in nm; give an entry for the legend, if there are skyrmions."""
    from matplotlib.patches import Circle

    circles: list[Artist] = []
    for place in places:
        centre = (place.centre[0] * 1e9, place.centre[1] * 1e9)
        circle = Circle(centre, place.described.radius * 1e9, fill=False, edgecolor=_SKYRMION, linewidth=1.5)
        circle.set_label("skyrmion")
        circles.append(ax.add_patch(circle))
    return circles[:1]
