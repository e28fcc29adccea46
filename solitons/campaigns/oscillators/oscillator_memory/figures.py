"""Figures of the report of an oscillator memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.capacity.pattern_capacity import COLOURS
from solitons.campaigns.oscillators.oscillator_memory.results import OscillatorMemoryResults
from solitons.figures import bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["spreads_figure"]


def spreads_figure(results: OscillatorMemoryResults, own_spread: float) -> Figure:
    """Recalled share against the relative spread of the frequencies, by couplings."""
    figure = new_figure(7.0, 3.8)
    ax = figure.subplots()
    rules = list(dict.fromkeys(each.weights for each in results.recalls))
    for each in results.recalls:
        colour = COLOURS[1:4:2][rules.index(each.weights)]
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
