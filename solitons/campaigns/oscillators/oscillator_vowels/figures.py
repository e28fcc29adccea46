"""Figures of the report of vowels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.oscillators.oscillator_vowels.results import PUBLISHED, OscillatorVowelsResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solitons.campaigns.oscillators.oscillator_vowels.recognition import PatternMap

__all__ = ["map_figure", "shares_figure"]

_COLOURS = (
    *("#56B4E9", "#E69F00", "#009E73", "#F0E442", "#CC79A7", "#D55E00", "#7570B3", "#8C6D31"),
    *("#66C2A5", "#A6761D", "#0072B2", "#E7298A"),
)
_UNCOUPLED = "#0B5C8A"


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
    """Shares right in training over the epochs, and on test vowels by each recogniser."""
    figure = new_figure(7.8, 3.4)
    left, right = figure.subplots(1, 2, width_ratios=(1.1, 1))
    for shares, colour, label in (
        (results.training_shares, PREDICTED, "coupled"),
        (results.training_shares_uncoupled, _UNCOUPLED, "coupling off"),
    ):
        lines = left.plot(100 * np.transpose(shares), "o-", color=colour, markersize=3, linewidth=1, alpha=0.8)
        lines[0].set_label(label)
    left.set(xlabel="epoch", ylabel="right in training (%)", ylim=(0, 102))
    left.legend(frameon=False, fontsize="small", loc="lower right")
    values = np.array([each.share for each in results.recognised])
    errors = np.abs(np.array([each.ci95 for each in results.recognised]).T - values)
    places = np.arange(len(values))[::-1]
    right.barh(places, 100 * values, color=[PREDICTED, MEASURED, _UNCOUPLED, "0.75"], height=0.6)
    right.errorbar(100 * values, places, xerr=100 * errors, fmt="none", color="black", capsize=3, linewidth=1)
    right.axvline(100 * PUBLISHED, color="black", linestyle=":")
    right.text(100 * PUBLISHED, len(values) - 0.45, "Romera et al.  ", ha="right", va="bottom", fontsize="small")
    right.axvline(100 / len(results.confusions), color="0.6", linewidth=0.8)
    right.set_yticks(places, [each.words.replace(", ", ",\n") for each in results.recognised], fontsize="small")
    right.set(xlabel="test vowels right (%)", xlim=(0, 100), ylim=(-0.6, len(values) - 0.1))
    bare(left, right)
    return figure
