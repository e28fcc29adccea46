"""Figures of a campaign of crossbar limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.arrays.array_figures import ALLOWED, floating_point, name_ticks, scores
from solitons.campaigns.arrays.crossbar_limits.results import AXIS_WORDS, CrossbarLimitsResults
from solitons.crossbars import StepTable
from solitons.figures import bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "array_energy_figure",
    "cells_in_words",
    "losses_figure",
    "margins_figure",
    "steps_figure",
    "varied_figure",
]

_VERIFIED, _COUNTED = "#0B5C8A", "#D55E00"
_CELLS = {"passive": "#777777", "selector": "#D55E00", "transistor": "#0B5C8A"}
_SCHEMES = {"floating": ":", "half": "--", "third": "-.", "grounded": "-"}
_SCHEME_WORDS = {
    "floating": "others floating",
    "half": "others at V/2",
    "third": "others at V/3, 2V/3",
    "grounded": "others at 0 V",
}
_CELL_WORDS = {"passive": "passive", "selector": "with selector", "transistor": "with transistor"}


def cells_in_words(key: str) -> tuple[str, str]:
    """Cells and what other lines are held at, of "passive half" and the like."""
    kind, scheme = key.split(" ")
    return _CELL_WORDS[kind], _SCHEME_WORDS[scheme]


def steps_figure(table: StepTable) -> Figure:
    """Step of the conductance by a pulse over the conductance: mean, and range of nine of ten steps."""
    figure = new_figure(6.4, 2.8)
    ax = figure.subplots()
    low, high = table.range
    share = (table.conductance - low) / (high - low)
    for drive, colour, label in ((1.0, _VERIFIED, "raising pulse"), (-1.0, _COUNTED, "lowering pulse")):
        at = table.coordinate[:, None] + table.steps[:, table.drives.index(drive)]
        change = (table.conductance_at(at) - table.conductance[:, None]) / (high - low)
        spread = np.moveaxis(change, 1, 0).reshape(share.size, -1)
        style = "o-" if table.discrete else "-"
        ax.plot(100 * share, 100 * spread.mean(axis=1), style, color=colour, markersize=4, label=label)
        ends = np.quantile(spread, [0.05, 0.95], axis=1) * 100
        if np.ptp(ends, axis=0).max() > 0.01:
            ax.fill_between(100 * share, *ends, color=colour, alpha=0.15, linewidth=0)
    ax.axhline(0, color="0.6", linewidth=0.8)
    ax.set(xlabel="conductance before the pulse (% of the range)", ylabel="change (% of the range)")
    ax.legend(frameon=False, fontsize="small")
    bare(ax)
    return figure


def varied_figure(results: CrossbarLimitsResults) -> Figure:
    """Accuracy over each thing that was varied, the floating-point network's, and where it breaks."""
    axes = list(dict.fromkeys(point.axis for point in results.varied))
    columns = 3
    rows = -(-len(axes) // columns)
    figure = new_figure(8.0, 2.5 * rows + 0.3)
    grid = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for ax in grid.flat[len(axes) :]:
        ax.axis("off")
    for ax, axis in zip(grid.flat, axes, strict=False):
        words, unit = AXIS_WORDS[axis]
        for verified, colour in ((True, _VERIFIED), (False, _COUNTED)):
            some = sorted(
                (each for each in results.varied if each.axis == axis and each.verified == verified),
                key=lambda each: each.value,
            )
            if some:
                at, accuracies = [each.value for each in some], [each.score for each in some]
                scores(ax, at, accuracies, colour, markersize=3.5, capsize=2, linewidth=1.5)
        floating_point(ax, results.floating, results.allowed, "allowed, and where it is passed")
        where = results.breaks.get(axis)
        if where is not None and where.value is not None:
            ax.axvline(where.value, color=ALLOWED, linewidth=0.8)
        values = sorted({point.value for point in results.varied if point.axis == axis})
        if min(values) > 0 and max(values) > 4 * min(values):
            if axis in ("hidden", "levels", "tiles"):
                name_ticks(ax, values[:: max(1, len(values) // 5)])
            else:
                ax.set_xscale("log")
        in_lines = words.replace(" from ", "\nfrom ")
        ax.set(xlabel=in_lines + (f" ({'Ω' if unit == 'ohm' else unit})" if unit else ""), ylim=(0, 102))
        ax.xaxis.label.set_size("small")
        bare(ax)
    for row in grid:
        row[0].set_ylabel("accuracy (%)")
    handles = grid[0, 0]
    handles.plot([], [], "o-", color=_VERIFIED, markersize=4, label="written and read back")
    if any(not point.verified for point in results.varied):
        handles.plot([], [], "o-", color=_COUNTED, markersize=4, label="counted pulses")
    figure.legend(
        *handles.get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False, fontsize="small"
    )
    return figure


def losses_figure(results: CrossbarLimitsResults) -> Figure:
    """Current that the wires cost over the size of an array."""
    figure = new_figure(4.6, 2.7)
    ax = figure.subplots()
    lines = [each.lines for each in results.losses]
    ax.plot(lines, [100 * each.lost for each in results.losses], "o-", color=_VERIFIED)
    ax.set(xlabel="word lines, and bit lines", ylabel="current lost (%)", ylim=(0, None))
    name_ticks(ax, lines)
    bare(ax)
    return figure


def margins_figure(results: CrossbarLimitsResults) -> Figure:
    """Read margins over the size of an array, by cells and by what other lines are held at."""
    figure = new_figure(7.6, 3.4)
    ax = figure.subplots()
    for key in results.most_lines:
        kind, scheme = key.split(" ")
        some = sorted(
            (each.lines, 100 * each.margin)
            for each in results.margins
            if (each.cells, each.scheme) == (kind, scheme) and each.margin is not None
        )
        ax.plot(
            [lines for lines, _ in some], [margin for _, margin in some], marker="o", markersize=3.5,
            linestyle=_SCHEMES[scheme], color=_CELLS[kind], label=", ".join(cells_in_words(key)),
        )  # fmt: skip
    ax.axhline(100 * results.least_margin, color=ALLOWED, linestyle="--", linewidth=0.8)
    ax.set(xlabel="word lines, and bit lines", ylabel="read margin (% of the voltage)")
    name_ticks(ax, [each.lines for each in results.losses])
    ax.legend(frameon=False, fontsize="x-small", loc="center left", bbox_to_anchor=(1.0, 0.5))
    bare(ax)
    return figure


def array_energy_figure(results: CrossbarLimitsResults) -> Figure:
    """Energy of a read over the lines of an array, and of an image over wires, hidden units and tiles."""
    axes = [axis for axis in ("segments", "hidden", "tiles") if any(each.axis == axis for each in results.varied)]
    figure = new_figure(2.8 * (1 + len(axes)), 3.0)
    reads, *images = figure.subplots(1, 1 + len(axes))
    lines = [each.lines for each in results.losses]
    for name, colour in (("device_joule", _VERIFIED), ("wire_joule", _COUNTED)):
        reads.loglog(lines, [getattr(each, name) or np.nan for each in results.losses], "o-", color=colour)
    name_ticks(reads, lines, fontsize=7)
    reads.set(xlabel="lines of the array", ylabel="energy of a read (J)")
    for ax, axis in zip(images, axes, strict=True):
        some = sorted((each for each in results.varied if each.axis == axis), key=lambda each: each.value)
        for name, colour, label in (
            ("device_joule", _VERIFIED, "devices"),
            ("wire_joule", _COUNTED, "segments"),
            ("joule", "0.3", "all, with drivers and converters"),
        ):
            values = [getattr(each, name) or np.nan for each in some]
            if np.isfinite(values).any():
                ax.loglog([each.value for each in some], values, "o-", color=colour, label=label)
        words, unit = AXIS_WORDS[axis]
        ax.set(xlabel=f"{words} ({unit})" if unit else words, ylabel="energy of an image (J)")
    known = images[0].get_legend_handles_labels()
    figure.legend(*known, loc="outside upper center", ncols=3, frameon=False, fontsize="small")
    bare(reads, *images)
    return figure
