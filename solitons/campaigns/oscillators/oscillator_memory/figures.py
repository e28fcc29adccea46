"""Figures of the report of an oscillator memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.oscillators.oscillator_memory.results import MEMORIES, OscillatorMemoryResults
from solitons.figures import PREDICTED, bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["shares_figure", "spreads_figure"]

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
