"""Figures of the report of a recognising spin ice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.spin_ice.images import draw_islands, frame_axes
from solitons.campaigns.spin_ice.ice_recogniser.recognition import digits, written_patterns
from solitons.campaigns.spin_ice.ice_recogniser.reduced_model import ReducedIce
from solitons.campaigns.spin_ice.ice_recogniser.results import MemoryPoint, Recognition, in_words
from solitons.campaigns.spin_ice.ice_recogniser.settings import IcePatterns
from solitons.figures import bare, new_figure
from solitons.reservoirs.comparison import BINARY, INPUTS, PROJECTIONS, STATES, WRITTEN
from solitons.spin_ice import MacrospinLattice

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["cascades_figure", "memory_figure", "ports_figure", "ranks_figure", "recognition_figure"]

_WRITTEN, _READ, _IDLE = "#D55E00", "#0B5C8A", "#C9CED3"
_COLOURS = {STATES: _READ, INPUTS: "#555555", WRITTEN: _WRITTEN, PROJECTIONS: "#8A8F94", BINARY: "#009E73"}


def ports_figure(ice: ReducedIce) -> Figure:
    """Figure of written and read islands."""
    figure = new_figure(5.2, 5.0)
    ax = figure.subplots()
    colours = np.full(ice.lattice.sizes["island"], _IDLE)
    colours[ice.read_outs], colours[ice.inputs] = _READ, _WRITTEN
    draw_islands(ax, ice.lattice, colours)
    frame_axes(ax, ice.lattice)
    for colour, label in ((_WRITTEN, "written"), (_READ, "read"), (_IDLE, "neither")):
        if np.any(colours == colour):
            ax.plot([], [], color=colour, linewidth=3, label=label)
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    return figure


def cascades_figure(settings: IcePatterns, ice: ReducedIce, model: MacrospinLattice, amplitude: float) -> Figure:
    """Three digits as they are written, and what they leave in the ice."""
    pixels, labels = digits()
    shown = [int(np.flatnonzero(labels == digit)[0]) for digit in (1, 3, 8)]
    bright = np.append(pixels[shown] > settings.threshold, np.zeros((1, pixels.shape[1]), dtype=bool), axis=0)
    left = written_patterns(settings, ice, model, bright, amplitude)["spin"].values
    figure = new_figure(7.8, 4.3)
    rows = figure.subplots(2, 3, height_ratios=(1, 2))
    for column, (written, ice_axes) in enumerate(zip(rows[0], rows[1], strict=True)):
        written.imshow(bright[column].reshape(8, 8), cmap="Greys", vmin=-0.2, vmax=1.2)
        colours = np.where(left[column] != left[-1], _READ, _IDLE)
        colours[ice.inputs] = np.where(bright[column], _WRITTEN, "#EDEFF1")
        draw_islands(ice_axes, ice.lattice, colours)
        frame_axes(ice_axes, ice.lattice)
        for ax in (written, ice_axes):
            ax.set(xticks=[], yticks=[], xlabel="", ylabel="")
            ax.spines[:].set_visible(False)
    return figure


def recognition_figure(found: Recognition) -> Figure:
    """Accuracies, and accuracies over the number of read-outs."""
    figure = new_figure(7.8, 3.3)
    accuracies, curves = figure.subplots(1, 2, width_ratios=(1, 1.3))
    for place, each in enumerate(found.largest):
        mean, spread, colour = 100 * each.accuracy, 100 * each.spread, _COLOURS[each.features]
        accuracies.errorbar(mean, place, xerr=spread, color=colour, marker="o", capsize=3)
    names = [in_words(each.features, each.count) for each in found.largest]
    accuracies.set_yticks(range(len(names)), names)
    accuracies.margins(0.15)
    accuracies.invert_yaxis()
    counts = [each.count for each in found.of(STATES)]
    for features, colour in _COLOURS.items():
        several = found.of(features)
        means = [100 * each.accuracy for each in several]
        if features in (INPUTS, WRITTEN):
            curves.axhline(means[0], color=colour, linestyle=":", label=in_words(features))
        else:
            errors = [100 * each.spread for each in several]
            curves.errorbar(counts, means, errors, label=in_words(features), color=colour, marker="o", capsize=3)
    accuracies.set_xlabel("read right (%)")
    curves.set(xlabel="read-outs", ylabel="read right (%)", xscale="log")
    curves.set_xticks(counts, [str(count) for count in counts], minor=False)
    curves.minorticks_off()
    figure.legend(loc="outside lower center", ncols=5, frameon=False, fontsize="small")
    bare(accuracies, curves)
    return figure


def ranks_figure(memory: Sequence[MemoryPoint]) -> Figure:
    """Kernel and generalisation rank over the field, a colour for each spread."""
    figure = new_figure(7.8, 3.2)
    ax = figure.subplots()
    _curves(ax, memory, "kernel_rank", "-", True)
    _curves(ax, memory, "generalisation_rank", "--", False)
    ax.set(xlabel="field (kA/m)", ylabel="rank")
    ax.legend(frameon=False, title="spread of $h_k$")
    return figure


def memory_figure(memory: Sequence[MemoryPoint]) -> Figure:
    """Linear memory, nonlinear memory and total capacity over the field."""
    figure = new_figure(7.8, 2.9)
    axes = figure.subplots(1, 3)
    names = ("linear_memory", "nonlinear_memory", "total_capacity")
    for ax, name in zip(axes, names, strict=True):
        _curves(ax, memory, name, "-", name == "total_capacity")
        ax.set(xlabel="field (kA/m)", title=name.replace("_", " "))
        ax.set_ylim(bottom=0)
    axes[-1].legend(frameon=False, title="spread of $h_k$", fontsize="small")
    return figure


def _curves(ax: Axes, memory: Sequence[MemoryPoint], name: str, style: str, labelled: bool) -> None:
    from matplotlib import colormaps

    spreads = sorted({point.spread for point in memory})
    for index, spread in enumerate(spreads):
        points = [point for point in memory if point.spread == spread]
        values = np.array([getattr(point, name) for point in points])
        ax.errorbar(
            [point.amplitude / 1e3 for point in points],
            values[:, 0],
            values[:, 1],
            color=colormaps["viridis"](0.85 * index / max(len(spreads) - 1, 1)),
            linestyle=style,
            marker="o",
            markersize=3,
            label=f"{spread:.0%}" if labelled else None,
        )
    bare(ax)
