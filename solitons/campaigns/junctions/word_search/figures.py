"""Figures of a search of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.junctions.word_search.results import PUBLISHED_ERROR, WordSearchResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solitons.crossbars.match_lines import MatchLine

__all__ = ["discharge_figure", "errors_figure"]

_LINES = (
    ("by_normal_threshold", ":", "#0072B2", "exact, at the normal law's threshold"),
    ("normal", "--", MEASURED, "normal law"),
    ("exact", "-", PREDICTED, "exact"),
)
_AXES = {"spreads": "spread of the conductance (%)", "bits": "bits of a word", "tmr": "magnetoresistance (%)"}


def errors_figure(results: WordSearchResults) -> Figure:
    """Error of a word over each axis: exact, of a normal law, and counted."""
    figure = new_figure(9.0, 3.4)
    for ax, (of, label) in zip(figure.subplots(1, 3, sharey=True), _AXES.items(), strict=True):
        points = sorted((each for each in results.points if each.of == of), key=lambda each: each.value)
        x = np.array([each.value for each in points]) * (1 if of == "bits" else 100)
        for name, style, colour, words in _LINES:
            ax.plot(x, [getattr(each, name) for each in points], style, color=colour, linewidth=1.2, label=words)
        counted = [(at, each.counted) for at, each in zip(x, points, strict=True) if each.counted]
        ax.plot(*np.reshape(counted, (-1, 2)).T, "o", color="black", markersize=4, label="counted in drawn lines")
        ax.axhline(PUBLISHED_ERROR, color="0.5", linestyle=":", linewidth=1, label="published, another cell")
        ax.set(xlabel=label, yscale="log", ylim=(1e-20, 1))
        bare(ax)
    figure.axes[0].set_ylabel("error of a word")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=5, frameon=False, fontsize="small")
    return figure


def discharge_figure(line: MatchLine, results: WordSearchResults) -> Figure:
    """Voltages of lines with no, one, two and half of the bits wrong, and the two laws of what is compared."""
    figure = new_figure(5.4, 3.3)
    ax = figure.subplots()
    times = np.linspace(0, 3 * line.sampling_time, 61)
    for count in dict.fromkeys((0, 1, 2, line.bits // 2)):
        cells = np.full(line.bits, line.ends[0])
        cells[line.bits - count :] = line.ends[1]
        name = "match" if not count else f"{count} mismatch{'es' if count > 1 else ''}"
        shade = ("#0072B2", PREDICTED, "#E69F00", MEASURED)[min(count, 3)]
        ax.plot(times * 1e12, [line.voltage_of(cells, time) * 1e3 for time in times], color=shade, label=name)
    ax.axvline(results.time * 1e12, color="0.5", linestyle=":", linewidth=1)
    ax.text(results.time * 1.03e12, line.voltage * 1e3, "compared", color="0.3", fontsize=8, va="top")
    ax.set(xlabel="time (ps)", ylabel="voltage at the sensing end (mV)", ylim=(0, None))
    bare(ax)
    ax.legend(frameon=False, fontsize="small")
    return figure
