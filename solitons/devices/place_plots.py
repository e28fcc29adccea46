"""Picture and table of a device's places: where they are, and the hills between them, as arcs in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import constants

from solitons.devices.places import Passage, Place
from solitons.figures import MEASURED, PREDICTED, bare, long_time, new_figure, number_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["places_figure", "places_table"]

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
    bare(ax)
    ax.text(
        0.995, 0.97, "to the right", transform=ax.transAxes, ha="right", va="top", color=PREDICTED, fontsize="small"
    )
    ax.text(
        0.995, 0.03, "to the left", transform=ax.transAxes, ha="right", va="bottom", color=MEASURED, fontsize="small"
    )
    return drawn


def places_table(
    places: Sequence[Place], label: str, scale: float, temperature: float
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Head and rows of a table of places, as `places_figure` shows them, of what is known of any; drives in A/m2."""
    kt, mt = 1 / (constants.k * temperature), 1e3 * constants.mu_0
    both = {"left": [each.left for each in places], "right": [each.right for each in places]}.items()
    columns = {
        label: [number_label(each.position * scale, ".4g") for each in places],
        "conductance (µS)": [_times(each.conductance, 1e6, ".4g") for each in places],
        **{f"barrier, {side} (kT)": [_barrier(way, kt) for way in ways] for side, ways in both},
        f"lasts at {temperature:g} K": [_lasts(each) for each in places],
        **{f"current, {side} (10¹² A/m²)": [_drive(way, places, scale) for way in ways] for side, ways in both},
        **{
            f"field, {side} (mT)": [_times(way.field if way else None, mt, ".3g") for way in ways]
            for side, ways in both
        },
    }
    known = {name: cells for name, cells in columns.items() if not {"–", "none"}.issuperset(cells)}
    return list(known), list(zip(*known.values(), strict=True))


def _times(value: float | None, factor: float, form: str) -> str:
    return number_label(value if value is None else value * factor, form)


def _barrier(way: Passage | None, per_joule: float) -> str:
    return "–" if way is None else f"{'≤ ' if way.at_most else ''}{way.barrier * per_joule:.1f}"


def _lasts(place: Place) -> str:
    if place.lasts is None:
        return "–"
    interval = "" if place.lasts_ci95 is None else f" [{', '.join(map(long_time, place.lasts_ci95))}]"
    return f"{long_time(place.lasts)}{interval}"


def _drive(way: Passage | None, places: Sequence[Place], scale: float) -> str:
    if way is None or way.drive is None:
        return "–" if way is None else "none"
    where = "no place" if way.arrives is None else number_label(places[way.arrives].position * scale, ".4g")
    return f"{number_label(way.drive / 1e12, '.3g')} → {where}"


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
