"""Picture of a device's places: where they are, and the hills between them as arcs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import constants

from solitons.devices.places import Passage, Place
from solitons.figures import MEASURED, PREDICTED, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["places_figure"]

_ARC = np.linspace(0, np.pi, 61)


def places_figure(places: Sequence[Place], label: str, scale: float, temperature: float) -> Figure:
    """Places along their coordinate times `scale`, named by `label`; arcs are as high as the barriers over k T.

    Above the line are the ways to larger coordinates, below it those back; ways out of the device end in the open.
    """
    drawn = new_figure(7.6, 2.8)
    ax = drawn.subplots()
    ax.axhline(0, color="0.7", linewidth=0.8)
    for place in places:
        for way, side in ((place.right, 1), (place.left, -1)):
            if way is not None:
                _draw_arc(ax, place, way, places, side, scale, temperature)
        ax.plot(place.position * scale, 0, "o", color="black", markersize=5, zorder=3)
    reach = max((each.barrier for place in places for each in place.passages), default=0.0)
    high = 1.15 * reach / (constants.k * temperature) or 1.0
    ax.set_ylim(-high, high)
    ticks = [each for each in ax.get_yticks() if abs(each) <= high]
    ax.set_yticks(ticks, [f"{abs(each):g}" for each in ticks])
    ax.set_xlabel(label)
    ax.set_ylabel(f"barrier (kT at {temperature:g} K)")
    ax.spines[["top", "right"]].set_visible(False)
    ax.text(
        0.995, 0.97, "to the right", transform=ax.transAxes, ha="right", va="top", color=PREDICTED, fontsize="small"
    )
    ax.text(
        0.995, 0.03, "to the left", transform=ax.transAxes, ha="right", va="bottom", color=MEASURED, fontsize="small"
    )
    return drawn


def _draw_arc(
    ax: Axes, place: Place, way: Passage, places: Sequence[Place], side: int, scale: float, temperature: float
) -> None:
    end = places[way.to].position if way.to is not None else 2 * way.border - place.position
    middle, half = (place.position + end) / 2, (end - place.position) / 2
    shown = _ARC if way.to is not None else _ARC[: _ARC.size // 2 + 1]
    height = side * way.barrier / (constants.k * temperature)
    ax.plot(
        (middle - half * np.cos(shown)) * scale,
        height * np.sin(shown),
        color=PREDICTED if side > 0 else MEASURED,
        linewidth=1.2,
    )
