"""Figures and a table of the reports of gates and of netlists: the array, its rows at 0 K, and errors with heat."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from geometries import MagnetArray
from solitons.campaigns.framework.page import table
from solitons.campaigns.magnet_logic.logic_results import AbstractLogicRow, row_label
from solitons.campaigns.magnet_logic.wrong_trials import WrongTrials
from solitons.figures import MEASURED, PREDICTED, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SIGNS", "ArrayAtRest", "Shown", "array_figure", "error_figure", "rates_table", "rows_figure"]

SIGNS = {1: "+", -1: "−", 0: "undecided"}
"""A logic value in a table."""

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


Shown = tuple[ArrayAtRest, ...]
"""What the reports draw from, by row."""


def array_figure(array: MagnetArray, size: tuple[float, float] | None = None) -> Figure:
    """The array with its names and roles; `size` is in inches, and follows from the array if left out."""
    if size is None:
        x, y, _ = array.extent
        width = _WIDTH if y < 0.7 * x and len(array.magnets) > 3 else 4.6
        size = width, min(6.0, max(2.4, width * y / x + 1.2))
    figure = new_figure(*size)
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


def rows_figure(
    shown: Sequence[ArrayAtRest], rows: Sequence[AbstractLogicRow], line_height: float | None = None
) -> Figure:
    """The array at the end of the clock, at 0 K, in the first rows; `line_height` (inches) follows if left out."""
    count = min(len(rows), _MOST_ROWS)
    x, y, _ = shown[0].array.extent
    columns = min(count, 4 if x < 2 * y else 2)
    lines = math.ceil(count / columns)
    figure = new_figure(_WIDTH, lines * (line_height or _WIDTH / columns * y / x + 0.4))
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


def error_figure(
    rows: Sequence[AbstractLogicRow],
    signals: Sequence[str],
    temperature: float,
    *,
    beside: tuple[int, WrongTrials] | None = None,
    height: float = 3.6,
) -> Figure:
    """Error rate of each row with exact intervals; `beside` is a row's place, and its trials in micromagnetics."""
    figure = new_figure(_WIDTH, height)
    ax = figure.subplots()
    hot = [each.thermal for each in rows if each.thermal is not None]
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
    if beside is not None:
        place, trials = beside
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
        xlabel=f"inputs {', '.join(signals)}",
        ylabel=f"error rate at {temperature:g} K",
    )
    if len(hot) > 8:
        ax.tick_params(axis="x", labelrotation=90)
    ax.grid(axis="y", color="0.9")
    ax.legend(frameon=False, fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return figure


def rates_table(
    rows: Sequence[AbstractLogicRow],
    signals: Sequence[str],
    *,
    digits: int,
    further: Mapping[str, Sequence[int]] | None = None,
) -> Markup:
    """How often each row that was followed with heat is wrong, and rates of so many digits.

    `further` are counts by the head of their column.
    """
    further = further or {}
    hot = [(each.row, each.thermal) for each in rows if each.thermal is not None]
    cells = [
        [
            row_label(row),
            f"{trials.wrong:,}",
            f"{trials.undecided:,}",
            *(f"{counts[place]:,}" for counts in further.values()),
            f"{trials.trials:,}",
            f"{trials.rate:.{digits}%}",
            f"{trials.low:.3%} to {trials.high:.3%}",
        ]
        for place, (row, trials) in enumerate(hot)
    ]
    head = [f"inputs {' '.join(signals)}", "wrong", "undecided", *further, "of", "error rate", "95 % interval"]
    return table(head, cells)
