"""Figures of the reports of gates and of netlists: the array, its rows at 0 K, and errors with heat."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geometries import MagnetArray
from solitons.campaigns.magnet_logic.logic_results import LogicResults, LogicRow, row_label
from solitons.figures import MEASURED, PREDICTED, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ArrayAtRest", "array_figure", "error_figure", "rows_figure"]

Floats = npt.NDArray[np.float64]

_NANO = 1e9
_UP, _DOWN, _NONE = "#0B5C8A", "#D55E00", "#8A8F94"
_WIDTH, _MOST_ROWS = 7.4, 16


@dataclass(frozen=True, eq=False)
class ArrayAtRest:
    """An array at the end of the clock at 0 K.

    `projections` (magnets,) are the mean m of each magnet along its axis; `moments` (magnets, 3), where they are known,
    are drawn as arrows.
    """

    array: MagnetArray
    projections: Floats
    moments: Floats | None = None


def array_figure(array: MagnetArray) -> Figure:
    """The array with its names and roles."""
    x, y, _ = array.extent
    width = _WIDTH if y < 0.7 * x and len(array.magnets) > 3 else 4.6
    figure = new_figure(width, min(6.0, max(2.4, width * y / x + 1.2)))
    array.plot(ax=figure.subplots())
    return figure


def _draw(ax: Axes, seen: ArrayAtRest) -> None:
    """Magnets as ellipses in the colour of their bit."""
    from matplotlib.patches import Ellipse

    for place, (magnet, along) in enumerate(zip(seen.array.magnets, seen.projections, strict=True)):
        x, y = magnet.x * _NANO, magnet.y * _NANO
        ax.add_patch(
            Ellipse(
                (x, y),
                magnet.length * _NANO,
                magnet.width * _NANO,
                angle=float(np.degrees(magnet.angle)),
                facecolor=_NONE if abs(along) <= 0.5 else (_UP if along > 0 else _DOWN),
                alpha=0.35 if magnet.held or magnet.role == "block" else 0.9,
                edgecolor="black",
                linewidth=1.6 if magnet.role == "output" else 0.6,
            )
        )
        if seen.moments is not None:
            dx, dy = 0.32 * magnet.length * _NANO * seen.moments[place, :2]
            arrow = {"arrowstyle": "-|>", "color": "black" if magnet.held else "white", "linewidth": 1.4}
            ax.annotate("", (x + dx, y + dy), (x - dx, y - dy), arrowprops=arrow)
    ax.autoscale_view()
    ax.set_aspect("equal")
    ax.set_axis_off()


def rows_figure(shown: Sequence[ArrayAtRest], rows: Sequence[LogicRow]) -> Figure:
    """The array at the end of the clock, at 0 K, in the first rows."""
    count = min(len(rows), _MOST_ROWS)
    x, y, _ = shown[0].array.extent
    columns = min(count, 4 if x < 2 * y else 2)
    lines = math.ceil(count / columns)
    figure = new_figure(_WIDTH, lines * (_WIDTH / columns * y / x + 0.4))
    axes = np.atleast_1d(figure.subplots(lines, columns, squeeze=False)).ravel()
    for ax in axes[count:]:
        ax.set_axis_off()
    for ax, seen, row in zip(axes, shown, rows, strict=False):
        _draw(ax, seen)
        ax.set_title(
            f"{row_label(row.row)}{'' if row.right else '  wrong'}",
            fontsize="medium",
            color="black" if row.right else "red",
        )
    return figure


def error_figure(results: LogicResults[Any]) -> Figure:
    """Error rate of each row with exact intervals, and the micromagnetic error rate of one row."""
    figure = new_figure(_WIDTH, 3.6)
    ax = figure.subplots()
    rows, hot = zip(*results.hot_rows, strict=True)
    places = np.arange(len(hot))
    rates, lows, highs = np.array([(each.rate, each.low, each.high) for each in hot]).T
    seen = rates > 0
    # One error of n may be less than the bound of none.
    floor = 10.0 ** np.floor(np.log10(min(highs.min(), rates[seen].min(initial=1e-3))) - 0.3)
    if seen.any():
        ax.errorbar(
            places[seen],
            rates[seen],
            [(rates - np.maximum(lows, floor))[seen], (highs - rates)[seen]],
            fmt="o",
            color=PREDICTED,
            capsize=3,
            label=f"macrospins, {hot[0].trials:,} a row",
        )
    if not seen.all():
        none = f"no error, 95 % below the line ({highs[~seen].max():.2g})"
        ax.errorbar(
            places[~seen],
            highs[~seen],
            highs[~seen] * 0.5,
            uplims=True,
            fmt="_",
            color=PREDICTED,
            alpha=0.6,
            label=none,
        )
    if results.ensemble is not None:
        trials = results.ensemble.thermal
        place = [each.row for each in rows].index(results.ensemble.row)
        rate = max(trials.rate, floor)
        ax.errorbar(
            [place + 0.15],
            [rate],
            [[rate - max(trials.low, floor)], [trials.high - rate]],
            fmt="s",
            color=MEASURED,
            capsize=3,
            label=f"micromagnetics, {trials.trials} runs",
        )
    ax.set(
        yscale="log",
        ylim=(floor, 1),
        xticks=places,
        xticklabels=[row_label(each.row) for each in rows],
        xlabel=f"inputs {', '.join(results.signals)}",
        ylabel=f"error rate at {results.temperature:g} K",
    )
    if len(hot) > 8:
        ax.tick_params(axis="x", labelrotation=90)
    ax.grid(axis="y", color="0.9")
    ax.legend(frameon=False, fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return figure
