"""Figures of the report of vowels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.oscillators.oscillator_vowels.results import OscillatorVowelsResults
from solitons.figures import PREDICTED, bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solitons.campaigns.oscillators.oscillator_vowels.recognition import PatternMap

__all__ = ["map_figure", "shares_figure"]

_COLOURS = (
    *("#56B4E9", "#E69F00", "#009E73", "#F0E442", "#CC79A7", "#D55E00", "#7570B3", "#8C6D31"),
    *("#66C2A5", "#A6761D", "#0072B2", "#E7298A"),
)


def map_figure(vowels: Mapping[str, str], mapped: PatternMap) -> Figure:
    """Patterns over the frequencies of both signals, coloured where they are a vowel's, with drawn vowels on them."""
    from matplotlib.colors import ListedColormap

    figure = new_figure(7.6, 4.8)
    ax = figure.subplots()
    colours = ["#E8E8E8", *_COLOURS[: len(vowels)]]
    a, b = 1e-6 * mapped.a, 1e-6 * mapped.b
    ax.pcolormesh(a, b, mapped.answers, cmap=ListedColormap(colours), vmin=-1.5, vmax=len(vowels) - 0.5, alpha=0.55,
                  shading="nearest", rasterized=True, linewidth=0)  # fmt: skip
    for number, (vowel, pattern) in enumerate(vowels.items()):
        x, y = 1e-6 * mapped.signals[mapped.labels == number].T
        ax.plot(x, y, "osD^v<>PXhp*"[number], color=_COLOURS[number], markeredgecolor="0.15", markeredgewidth=0.6,
                markersize=4.5, label=f"{vowel}  {pattern}", linestyle="none")  # fmt: skip
    ax.plot([], [], "s", color=colours[0], label="no vowel's pattern")
    ax.set(xlabel="frequency of signal A (MHz)", ylabel="frequency of signal B (MHz)")
    ax.set(xlim=(a[0], a[-1]), ylim=(b[0], b[-1]))
    figure.legend(loc="outside right center", frameon=False, prop={"family": "monospace", "size": 8})
    return figure


def shares_figure(results: OscillatorVowelsResults) -> Figure:
    """Shares right in training over the epochs, a line a repeat."""
    figure = new_figure(6.0, 3.4)
    ax = figure.subplots()
    for shares, colour, label in (
        (results.training_shares, PREDICTED, "coupled"),
        (results.training_shares_uncoupled, "#0B5C8A", "coupling off"),
    ):
        lines = ax.plot(100 * np.transpose(shares), "o-", color=colour, markersize=3, linewidth=1, alpha=0.8)
        lines[0].set_label(label)
    ax.set(xlabel="epoch", ylabel="right in training (%)", ylim=(0, 102))
    ax.legend(frameon=False, fontsize="small", loc="lower right")
    bare(ax)
    return figure
