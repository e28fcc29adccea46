"""Figures of a search of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.junctions.word_search.results import PUBLISHED_ERROR, WordSearchResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["errors_figure"]

_AXES = {"spreads": "spread of the conductance (%)", "bits": "bits of a word", "tmr": "magnetoresistance (%)"}


def errors_figure(results: WordSearchResults) -> Figure:
    """Error of a word over each axis: exact, of a normal law, and counted."""
    figure = new_figure(9.0, 3.4)
    for ax, (of, label) in zip(figure.subplots(1, 3, sharey=True), _AXES.items(), strict=True):
        points = sorted((each for each in results.points if each.of == of), key=lambda each: each.value)
        x = np.array([each.value for each in points]) * (1 if of == "bits" else 100)
        ax.plot(x, [each.exact for each in points], color=PREDICTED, label="exact")
        ax.plot(x, [each.normal for each in points], "--", color=MEASURED, label="normal law")
        counted = [np.nan if each.counted is None else each.counted for each in points]
        ax.plot(x, counted, "o", color="black", markersize=4, label="counted in drawn lines")
        ax.axhline(PUBLISHED_ERROR, color="0.5", linestyle=":", linewidth=1, label="published, another cell")
        ax.set(xlabel=label, yscale="log", ylim=(1e-20, 1))
        bare(ax)
    figure.axes[0].set_ylabel("error of a word")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, frameon=False, fontsize="small")
    return figure
