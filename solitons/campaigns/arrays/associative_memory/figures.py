"""Figures of the report of an associative memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.arrays.array_figures import floating_point, name_ticks, scores
from solitons.campaigns.arrays.associative_memory.results import AXIS_WORDS, AssociativeMemoryResults
from solitons.figures import bare, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from solitons.campaigns.arrays.scores_over_seeds import VariedPoint

__all__ = ["chance_figure", "costs_figure", "frames_figure", "varied_figure"]

_BLUE = "#0B5C8A"


def costs_figure(results: AssociativeMemoryResults) -> Figure:
    """Points of recall that each cause costs, with intervals over networks."""
    figure = new_figure(6.6, 0.9 + 0.42 * len(results.costs))
    ax = figure.subplots()
    for place, each in enumerate(results.costs):
        low, high = each.loss.ci95
        ax.plot([100 * low, 100 * high], [place, place], color=_BLUE, linewidth=1.4)
        ax.plot(100 * each.loss.mean, place, "o", color=_BLUE, markersize=5)
    ax.axvline(0, color="0.6", linewidth=0.8)
    ax.axvline(100 * results.allowed, color="#B0413E", linestyle="--", linewidth=0.8)
    ax.set_yticks(range(len(results.costs)), [each.name for each in results.costs], fontsize=8)
    ax.set(xlabel="points of recall lost (dashed: allowed)", ylim=(len(results.costs) - 0.5, -0.5))
    bare(ax)
    return figure


def varied_figure(results: AssociativeMemoryResults) -> Figure:
    """Recalled share over everything that was varied."""
    figure = new_figure(8.4, 5.0)
    places = figure.subplots(2, 3, sharey=True).ravel()
    for ax, (axis, (words, unit)) in zip(places, AXIS_WORDS.items(), strict=False):
        some = [each for each in results.varied if each.axis == axis]
        _shares(ax, some)
        if axis != "neurons":
            floating_point(ax, results.ideal, results.allowed, whole="ideal weights")
        ax.set_xlabel(words.replace(", ", ",\n") + (f" ({unit})" if unit else ""), fontsize=8)
    for ax in places[::3]:
        ax.set_ylabel("recalled (%)")
    places[0].legend(frameon=False, fontsize="x-small", loc="lower left")
    places[-1].set_visible(False)
    return figure


def _shares(ax: Axes, points: Sequence[VariedPoint]) -> None:
    values = [each.value for each in points]
    scores(ax, values, [each.score for each in points], _BLUE, label="")
    if min(values) > 0:
        name_ticks(ax, values, fontsize=7, rotation=60)
    ax.set_ylim(-4, 106)
    bare(ax)


def chance_figure(results: AssociativeMemoryResults) -> Figure:
    """Recalled share by junctions as neurons over beta."""
    figure = new_figure(5.4, 3.4)
    ax = figure.subplots()
    _shares(ax, results.chance)
    ax.axhline(100 * results.read.score.mean, color="0.4", linestyle=":", linewidth=1, label="threshold neurons")
    ax.axvline(1.0, color="#B0413E", linestyle="--", linewidth=0.8, label="no recall to the left, mean field")
    ax.set(xlabel="β, field of a pattern over the heat", ylabel="recalled (%)")
    ax.legend(frameon=False, fontsize="small", loc="center left")
    return figure


def frames_figure(results: AssociativeMemoryResults) -> Figure:
    """Noisy digits that fall into their attractors, frame by frame, and the stored images."""
    assert results.digits is not None
    frames = results.digits.frames
    columns = max(len(each.states) for each in frames) + 1
    figure = new_figure(1.25 * columns, 1.42 * len(frames))
    for row, each in zip(figure.subplots(len(frames), columns, squeeze=False), frames, strict=True):
        shown = [*each.states, *[None] * (columns - 1 - len(each.states)), each.wanted]
        names = [f"{changes} changes" for changes in each.changes]
        names[0], names[-1] = "start", names[-1] + (", at rest" if each.at_rest else "")
        for ax, image, name in zip(row, shown, [*names, *[""] * (columns - 1 - len(names)), "stored"], strict=True):
            ax.axis("off")
            if image is None:
                continue
            side = round(len(image) ** 0.5)
            pixels, wanted = np.reshape(image, (side, side)), np.reshape(each.wanted, (side, side))
            colours = np.where(pixels[..., None] == 1, 0.1, 0.93) * np.ones(3)
            # Wrong pixels in orange: dark where black is wrong, light where white is.
            wrong = pixels != wanted
            colours[wrong] = np.where(pixels[wrong, None] == 1, [0.84, 0.37, 0.0], [1.0, 0.78, 0.55])
            ax.imshow(colours, interpolation="nearest")
            ax.set_title(name, fontsize=7.5, pad=3)
    return figure
