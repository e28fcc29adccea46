"""Figures of a campaign of learning on devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.arrays.array_figures import floating_point, name_ticks, scores
from solitons.campaigns.arrays.learning_on_devices.results import LearningOnDevicesResults
from solitons.figures import bare, new_figure, plain_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["causes_figure", "drift_figure", "history_figure", "tiles_figure"]

_COLOURS = ("#0B5C8A", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")


def causes_figure(results: LearningOnDevicesResults) -> Figure:
    """Accuracy with one fault of the device after another, for all devices whose model stands for them."""
    figure = new_figure(7.8, 3.6)
    ax = figure.subplots()
    names = [cause.name for cause in results.devices[0].causes]
    width = 0.5 / max(len(results.devices) - 1, 1)
    for index, (each, colour) in enumerate(zip(results.devices, _COLOURS, strict=False)):
        if not each.device.stands:
            continue
        aside = (index - (len(results.devices) - 1) / 2) * width * 0.5
        at = np.arange(len(names)) + aside
        scores(ax, at, [cause.score for cause in each.causes], colour, label=plain_text(each.device.name))
    floating_point(ax, results.floating, results.allowed)
    words = [names[0].replace(" ideal ", "\nideal ").replace(" in ", "\nin ")]
    words += ["+ " + name.replace(" and ", "\nand ").replace(" from ", "\nfrom ") for name in names[1:]]
    ax.set_xticks(range(len(names)), words, fontsize=8)
    ax.set(ylabel="accuracy (%)")
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize="small")
    bare(ax)
    return figure


def history_figure(results: LearningOnDevicesResults) -> Figure:
    """Accuracy after each epoch."""
    from matplotlib.ticker import MaxNLocator

    figure = new_figure(5.6, 2.8)
    ax = figure.subplots()
    for each, colour in zip(results.devices, _COLOURS, strict=False):
        if not each.device.stands:
            continue
        epochs = np.arange(1, len(each.history) + 1)
        ax.plot(epochs, 100 * np.array(each.history), color=colour, label=plain_text(each.device.name))
    ax.axhline(100 * results.floating.mean, color="0.4", linestyle=":", label="floating point")
    ax.set(xlabel="epoch", ylabel="accuracy (%)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(frameon=False, fontsize="small")
    bare(ax)
    return figure


def tiles_figure(results: LearningOnDevicesResults) -> Figure:
    """Accuracy of written networks and energy of an image over the size of tiles."""
    figure = new_figure(7.4, 2.9)
    right, energy = figure.subplots(1, 2)
    sizes: set[float] = set()
    for each, colour in zip(results.devices, _COLOURS, strict=False):
        points = sorted(each.tiles, key=lambda point: point.value)
        if not points:
            continue
        at = [point.value for point in points]
        sizes |= set(at)
        scores(right, at, [point.score for point in points], colour, label=plain_text(each.device.name))
        known = [(point.value, 1e9 * point.joule) for point in points if point.joule is not None]
        if known:
            energy.plot(*zip(*known, strict=True), "o-", color=colour, markersize=4, linewidth=1)
    floating_point(right, results.floating, results.allowed)
    for ax in (right, energy):
        name_ticks(ax, sorted(sizes))
        ax.set_xlabel("lines of a tile, at most")
    right.set(ylabel="accuracy (%)")
    energy.set(ylabel="energy of an image (nJ)", ylim=(0, None))
    figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize="small")
    bare(right, energy)
    return figure


def drift_figure(results: LearningOnDevicesResults) -> Figure:
    """Accuracy against the time since the last pulse, for all devices whose drift is known."""
    figure = new_figure(6.4, 3.2)
    ax = figure.subplots()
    for each, colour in zip(results.devices, _COLOURS, strict=False):
        if each.drift is None or not each.drift.known:
            continue
        known = [(point.time, point.score) for point in each.drift.points if point.score is not None]
        times, read = zip(*known, strict=True)
        scores(ax, times, read, colour, label=plain_text(each.device.name))
        ax.axhline(100 * each.drift.start.mean, color=colour, linestyle=":", linewidth=0.8)
        ends = each.drift.lost_ci95
        if ends[0] is not None and ends[1] is not None:
            ax.axvspan(ends[0], ends[1], color=colour, alpha=0.1, linewidth=0)
    ax.axhline(10, color="0.6", linewidth=0.8)
    ax.annotate("a guess", (0.01, 10), xycoords=("axes fraction", "data"), va="bottom", fontsize=8, color="0.4")
    ax.set(xscale="log", xlabel="time since the last pulse (s)", ylabel="accuracy (%)", ylim=(0, 100))
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize="small")
    bare(ax)
    return figure
