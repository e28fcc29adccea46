"""Figures of the report of an oscillator memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.oscillators.oscillator_memory.results import MEMORIES, OscillatorMemoryResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["limits_figure", "shares_figure", "spreads_figure"]

_COLOURS = ("#56B4E9", "#0B5C8A", "#009E73", PREDICTED, "#CC79A7", "#E69F00", "#555555", "#000000")


def shares_figure(results: OscillatorMemoryResults) -> Figure:
    """Recalled share against the load, for each size, of phases and of spins."""
    figure = new_figure(7.8, 3.6)
    for ax, each in zip(figure.subplots(1, 2, sharey=True), results.capacities, strict=True):
        for point, colour in zip(each.points, _COLOURS, strict=False):
            ax.plot(each.loads, point.shares, "o-", markersize=3.5, color=colour, label=f"N = {point.size:,}")
        ax.axhline(0.5, color="0.7", linewidth=0.8, zorder=0)
        ax.set(title=MEMORIES[each.memory], xlabel="load, patterns / N", ylim=(-0.02, 1.02))
        ax.legend(frameon=False, fontsize="small")
        bare(ax)
    figure.axes[0].set_ylabel("recalled share")
    return figure


def limits_figure(results: OscillatorMemoryResults, published: Mapping[str, float]) -> Figure:
    """Half-points against 1/N with their line, and the published limits."""
    figure = new_figure(7.8, 3.4)
    for ax, each in zip(figure.subplots(1, 2), results.capacities, strict=True):
        points = [(point.size, point.half_point, *point.ci95) for point in each.points if point.half_point is not None]
        sizes, values, low, high = np.array(points).T if points else np.empty((4, 0))
        span = np.linspace(0, 1.08e3 / min(point.size for point in each.points), 2)
        ax.errorbar(
            1e3 / sizes, values, np.maximum([values - low, high - values], 0), fmt="o", markersize=4, capsize=3,
            color=MEASURED, label="measured, 95 % over draws",
        )  # fmt: skip
        if each.limit is not None and each.slope is not None and each.ci95 is not None:
            ax.plot(span, each.limit + each.slope * 1e-3 * span, color=PREDICTED, label="line in 1/N")
            errors = [[each.limit - each.ci95[0]], [each.ci95[1] - each.limit]]
            ax.errorbar(
                [0], [each.limit], np.maximum(errors, 0), fmt="s", markersize=5, capsize=4, color=PREDICTED,
                label="limit, 95 %, and of N$^{-2/3}$", clip_on=False, zorder=3,
            )  # fmt: skip
        ax.axhline(published[each.memory], color="0.4", linestyle=":", label="published, by theory")
        ax.set(title=MEMORIES[each.memory], xlabel="1000 / N", xlim=(0, span[-1]))
        bare(ax)
    handles, names = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=4, frameon=False, fontsize="small")
    figure.axes[0].set_ylabel("load at which a half is recalled")
    return figure


def spreads_figure(results: OscillatorMemoryResults, own_spread: float) -> Figure:
    """Recalled share against the relative spread of the frequencies, by couplings."""
    figure = new_figure(7.0, 3.8)
    ax = figure.subplots()
    rules = list(dict.fromkeys(each.weights for each in results.recalls))
    for each in results.recalls:
        colour = _COLOURS[1:4:2][rules.index(each.weights)]
        style, face = ("--", "white") if each.written else ("-", colour)
        ax.plot(
            100 * np.array(results.spreads), each.shares, "o" + style, color=colour, markerfacecolor=face, markersize=5,
            label=each.words,
        )  # fmt: skip
    ax.axhline(0.5, color="0.7", linewidth=0.8, zorder=0)
    ax.axvline(100 * own_spread, color="0.4", linestyle=":", label="the oscillators' own")
    ax.set(xscale="log")
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set(xlabel="spread of the frequencies (%)", ylabel="recalled share", ylim=(-0.02, 1.02))
    ax.legend(frameon=False, fontsize="small")
    bare(ax)
    return figure
