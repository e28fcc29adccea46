"""Figures of a campaign of random bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.junctions.random_bits.results import DisturbedPoint, RandomBitsResults, SuiteRow
from solitons.campaigns.junctions.random_bits.streams import Source
from solitons.figures import MEASURED, bare, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["disturbed_figure", "proportions_figure", "spread_figure"]

_XORED = "#0072B2"


def proportions_figure(results: RandomBitsResults) -> Figure:
    """Share of the sequences that pass each test, beside the range of ideal bits."""
    figure = new_figure(7.6, 3.6)
    ax = figure.subplots()
    names = list(dict.fromkeys(row.name for row in results.output))
    for aside, rows, colour, label in (
        (-0.15, results.raw, MEASURED, "one junction"),
        (0.15, results.output, _XORED, f"{results.xored} XORed"),
    ):
        for place, name in enumerate(names):
            several = [row for row in rows if row.name == name]
            shares = [row.passed / row.sequences for row in several]
            ax.plot([place + aside] * len(shares), shares, "o", color=colour, markersize=3.5, alpha=0.6)
        ax.plot([], [], "o", color=colour, markersize=4, label=label)
    first: SuiteRow = results.output[0]
    ax.axhspan(first.least, first.most, color="0.92", zorder=0, label="ideal bits, three standard deviations")
    ax.set_xticks(range(len(names)), [name.replace("_", " ") for name in names], rotation=35, ha="right", fontsize=8)
    ax.set(ylabel="share of the sequences that pass", ylim=(-0.03, 1.04))
    bare(ax)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize="small")
    return figure


def disturbed_figure(results: RandomBitsResults, source: Source) -> Figure:
    """Bias over the current's error, and correlation over the clock: counted, in closed form, and what tests find."""
    figure = new_figure(7.8, 3.5)
    left, right = figure.subplots(1, 2)
    errors = [each for each in results.disturbed if each.of == "current error"]
    if errors:
        sizes = np.array([abs(each.value) for each in errors])
        _points(left, sizes, errors, "bias")
        left.axhline(results.limits["bias"], color="0.4", linestyle=":", linewidth=1)
        left.text(
            sizes.max(),
            results.limits["bias"] / 1.15,
            "found in half of the sequences",
            fontsize=7,
            color="0.3",
            ha="right",
            va="top",
        )
    clocks = [each for each in results.disturbed if each.of == "interval"]
    if clocks:
        times = np.array([each.value for each in clocks]) * results.interval
        fine = np.geomspace(times.min(), max(times.max(), results.interval), 60)
        kept = source.correlations[0]
        total = -np.log(kept) / results.interval if kept > 0 else np.nan
        right.plot(fine * 1e6, np.exp(-total * fine), color=MEASURED, linewidth=1)
        right.plot(fine * 1e6, np.exp(-total * fine * results.xored), color=_XORED, linewidth=1)
        _points(right, times * 1e6, clocks, "correlation", lines=False)
        right.axhline(results.limits["correlation"], color="0.4", linestyle=":", linewidth=1)
    left.set(xscale="log", yscale="log", ylabel="|bias| of the bits", xlabel="error of the current / critical current")
    right.set(yscale="log", ylabel="correlation of neighbours", xlabel="time from one bit to the next (µs)")
    right.set_ylim(bottom=1e-4)
    bare(left, right)
    left.plot([], [], "o-", color=MEASURED, markersize=4, label="one junction")
    left.plot([], [], "o-", color=_XORED, markersize=4, label=f"{results.xored} XORed")
    left.plot([], [], "o", color="0.5", markerfacecolor="white", markersize=4, label="no test fails")
    left.plot([], [], "X", color="0.5", markersize=5, label="a test fails")
    figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize="small")
    return figure


def _points(ax: Axes, x: np.ndarray, points: Sequence[DisturbedPoint], what: str, *, lines: bool = True) -> None:
    order = np.argsort(x)
    for stream, colour in (("raw", MEASURED), ("xored", _XORED)):
        streams = [getattr(points[index], stream) for index in order]
        if lines:
            ax.plot(x[order], [abs(getattr(each, what)) for each in streams], color=colour, linewidth=1)
        for place, each in zip(x[order], streams, strict=True):
            counted = getattr(each, f"counted_{what}")
            if counted is None:
                continue
            face = colour if each.failed else "white"
            marker = "X" if each.failed else "o"
            ax.plot(place, abs(counted), marker, color=colour, markerfacecolor=face, markersize=5)


def spread_figure(results: RandomBitsResults) -> Figure:
    """Share of devices whose bias the tests do not find, over the spread from device to device."""
    figure = new_figure(5.6, 3.0)
    ax = figure.subplots()
    spreads = [each.spread for each in results.spreads]
    ax.semilogx(spreads, [each.raw for each in results.spreads], "o-", color=MEASURED, label="one junction")
    ax.semilogx(
        spreads, [each.xored for each in results.spreads], "o-", color=_XORED, label=f"{results.xored} junctions XORed"
    )
    ax.set(
        xlabel="spread of the current at which a junction is even / critical current",
        ylabel="share of the devices",
        ylim=(-0.03, 1.03),
    )
    bare(ax)
    ax.legend(frameon=False, fontsize="small")
    return figure
