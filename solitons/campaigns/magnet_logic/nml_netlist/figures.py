"""Figures of the report of a netlist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geometries import MagnetArray
from solitons.campaigns.magnet_logic.nml_netlist.analysis import Shown
from solitons.campaigns.magnet_logic.nml_netlist.results import NetlistResults, row_label
from solitons.figures import PREDICTED, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["array_figure", "error_figure", "rows_figure"]

_NANO = 1e9
_UP, _DOWN, _NONE = "#0B5C8A", "#D55E00", "#8A8F94"
_MOST_ROWS = 16


def array_figure(array: MagnetArray) -> Figure:
    """The array with its names and roles."""
    x, y, _ = array.extent
    width = 7.4 if y < 0.7 * x and len(array.magnets) > 3 else 4.6
    figure = new_figure(width, min(6.0, max(2.4, width * y / x + 1.2)))
    array.plot(ax=figure.subplots())
    return figure


def _draw(ax: Axes, array: MagnetArray, projections: np.ndarray) -> None:
    """Magnets as ellipses in the colour of their bit."""
    from matplotlib.patches import Ellipse

    for magnet, along in zip(array.magnets, projections, strict=True):
        ax.add_patch(
            Ellipse(
                (magnet.x * _NANO, magnet.y * _NANO),
                magnet.length * _NANO,
                magnet.width * _NANO,
                angle=float(np.degrees(magnet.angle)),
                facecolor=_NONE if abs(along) <= 0.5 else (_UP if along > 0 else _DOWN),
                alpha=0.35 if magnet.held or magnet.role == "block" else 0.9,
                edgecolor="black",
                linewidth=1.6 if magnet.role == "output" else 0.6,
            )
        )
    ax.autoscale_view()
    ax.set_aspect("equal")
    ax.set_axis_off()


def rows_figure(shown: Shown, results: NetlistResults) -> Figure:
    """The array at the end of the clock, at 0 K, in the first rows."""
    count = min(len(results.rows), _MOST_ROWS)
    x, y, _ = shown.arrays[0].extent
    columns = min(count, 4 if x < 2 * y else 2)
    lines = math.ceil(count / columns)
    width = 7.4
    figure = new_figure(width, lines * (width / columns * y / x + 0.4))
    axes = np.atleast_1d(figure.subplots(lines, columns, squeeze=False)).ravel()
    for ax in axes[count:]:
        ax.set_axis_off()
    for ax, array, at, row in zip(axes, shown.arrays, shown.projections, results.rows, strict=False):
        _draw(ax, array, at)
        ax.set_title(
            f"{row_label(row.row)}{'' if row.right else '  wrong'}",
            fontsize="medium",
            color="black" if row.right else "red",
        )
    return figure


def error_figure(results: NetlistResults) -> Figure:
    """Error rate of each row with exact intervals."""
    figure = new_figure(7.4, 3.6)
    ax = figure.subplots()
    hot = [each.thermal for each in results.rows if each.thermal is not None]
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
    ax.set(
        yscale="log",
        ylim=(floor, 1),
        xticks=places,
        xticklabels=[row_label(each.row) for each in results.rows],
        xlabel=f"inputs {', '.join(results.signals)}",
        ylabel=f"error rate at {results.temperature:g} K",
    )
    if len(hot) > 8:
        ax.tick_params(axis="x", labelrotation=90)
    ax.grid(axis="y", color="0.9")
    ax.legend(frameon=False, fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return figure
