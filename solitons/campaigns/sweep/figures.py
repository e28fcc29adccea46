"""An observable against the swept axes: the first along x, the second as curves, the third as panels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.observables import Observable
from solitons.campaigns.framework.axes import Axis
from solitons.campaigns.sweep.scales import Scale, in_words, scale_of
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, plain_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["MOST_PANELS", "drawn_values", "observable_figure", "plotted_axes", "seed_axes"]

MOST_PANELS = 12
"""Number of values of the third axis that have a panel."""

_MOST_IN_LEGEND = 10
_MARKERS = "osD^vP*Xh<"
# From this ratio on, values that are all positive lie along a logarithmic axis.
_MANY_TIMES = 50.0


def seed_axes(axes: Sequence[Axis]) -> list[Axis]:
    """Those of the axes that sweep nothing but chance: named "seed", or over a field "seed"."""
    return [axis for axis in axes if axis.name == "seed" or any(field.endswith(".seed") for field in axis.fields)]


def plotted_axes(axes: Sequence[Axis]) -> list[Axis]:
    """The axes that a figure shows: axes of seeds only if there are no others."""
    seeds = seed_axes(axes)
    return [axis for axis in axes if axis not in seeds] or list(axes[:1])


def drawn_values(axis: Axis) -> list[float]:
    """Values of the third axis that have a panel: all, or as many as there is room for, spread evenly."""
    values = [float(value) for value in axis.values]
    if len(values) <= MOST_PANELS:
        return values
    return [values[index] for index in np.linspace(0, len(values) - 1, MOST_PANELS).round().astype(int)]


def observable_figure(
    frame: pd.DataFrame, axes: Sequence[Axis], observable: Observable, theory: str | None = None
) -> Figure:
    """Draw an observable against the swept axes, at least one, from `SweepResults.frame` in SI.

    The column `theory` is a dashed line beside it.

    If there are axes of seeds, every run is a faint dot, and means are drawn with bars of one standard deviation. A
    curve has a gap where a run does not have the observable.
    """
    shown = plotted_axes(axes)
    panels: list[float | None] = list(drawn_values(shown[2])) if len(shown) > 2 else [None]
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    legend = 1.5 if len(shown) > 1 else 0.0
    figure = new_figure(
        5.2 + legend if columns == 1 else 0.9 + 2.5 * columns + legend, 3.4 if rows == 1 else 2.5 * rows
    )
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    upwards = frame[[observable.name] if theory is None else [observable.name, theory]]
    along, up = scale_of(shown[0].values, shown[0].unit), scale_of(upwards, observable.unit)
    for ax, value in zip(grid.flat, panels, strict=False):
        part = frame if value is None else frame[frame[shown[2].name] == value]
        _curves(ax, part, axes, observable, along, up, theory)
        bare(ax)
        if value is not None:
            ax.set_title(f"{plain_text(shown[2].heading)} = {in_words(value, shown[2].unit)}", fontsize="small")
    for number, ax in enumerate(grid.flat):
        ax.set_visible(number < len(panels))
        if number + columns >= len(panels):  # nothing is below it that has the numbers
            ax.tick_params(labelbottom=True)
    figure.supxlabel(along.heading(plain_text(shown[0].heading)), fontsize="medium")
    label = re.sub(r"\bm_([xyz])", r"$m_\1$", observable.label)
    figure.supylabel(up.heading(label), fontsize="medium")
    _say_what_curves_are(figure, shown)
    return figure


def _curves(
    ax: Axes,
    frame: pd.DataFrame,
    axes: Sequence[Axis],
    observable: Observable,
    along: Scale,
    up: Scale,
    theory: str | None,
) -> None:
    shown, seeds = plotted_axes(axes), seed_axes(axes)
    x, averaged = shown[0].name, [axis for axis in seeds if axis not in shown]
    curves: list[float | None] = [float(each) for each in shown[1].values] if len(shown) > 1 else [None]
    for number, (value, colour) in enumerate(zip(curves, _colours(len(curves)), strict=True)):
        part = frame if value is None else frame[frame[shown[1].name] == value]
        marker = _MARKERS[number % len(_MARKERS)]
        if theory is not None:
            expected = part.groupby(x)[theory].mean()
            line = colour if len(curves) > 1 else PREDICTED
            ax.plot(expected.index * along.factor, expected * up.factor, "--", color=line)
        if averaged:
            groups = part.groupby(x)[observable.name]
            mean, spread = groups.mean(), groups.std()
            ax.plot(part[x] * along.factor, part[observable.name] * up.factor, ".", color=colour, alpha=0.35)
            ax.errorbar(
                mean.index * along.factor,
                mean * up.factor,
                spread * up.factor,
                color=colour,
                marker=marker,
                markersize=5,
                capsize=3,
            )
        else:
            part = part.sort_values(x)
            ax.plot(
                part[x] * along.factor, part[observable.name] * up.factor, marker=marker, markersize=5, color=colour
            )
    values = np.asarray(shown[0].values, dtype=np.float64)
    if values.size > 2 and values.min() > 0 and values.max() >= _MANY_TIMES * values.min():
        ax.set_xscale("log")


def _colours(count: int) -> list[str] | np.ndarray:
    if count == 1:
        return [MEASURED]
    from matplotlib import colormaps

    # The brightest end of the map cannot be seen on white.
    return np.asarray(colormaps["viridis"](np.linspace(0.0, 0.85, count)))


def _say_what_curves_are(figure: Figure, shown: Sequence[Axis]) -> None:
    if len(shown) < 2:
        return
    from matplotlib.lines import Line2D

    values = [float(value) for value in shown[1].values]
    colours = list(_colours(len(values)))
    # Label some of many: the colours between them follow in order.
    chosen = np.unique(np.linspace(0, len(values) - 1, min(len(values), _MOST_IN_LEGEND)).round().astype(int))
    handles = [
        Line2D([], [], color=colours[index], marker=_MARKERS[index % len(_MARKERS)], markersize=5) for index in chosen
    ]
    labels = [in_words(values[index], shown[1].unit) for index in chosen]
    figure.legend(
        handles, labels, title=plain_text(shown[1].heading), loc="outside right upper", frameon=False, fontsize="small"
    )
