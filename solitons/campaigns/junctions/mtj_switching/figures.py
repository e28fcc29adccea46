"""Figures of a switching campaign's report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from solitons.campaigns.junctions.mtj_switching.counting import Counted
from solitons.campaigns.junctions.mtj_switching.results import (
    HOLDS,
    MtjSwitchingResults,
    SwitchingPoint,
    WriteErrorCurve,
)
from solitons.figures import PREDICTED, bare, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["probability_figure", "residual_figure", "traces_figure", "write_error_figure"]

_NANO, _TERA = 1e9, 1e-12
_SHOWN_WIDTHS = 3
_MANY = 8
"""Currents from which a legend has two columns."""


def traces_figure(run: Counted) -> Figure:
    """A dozen members of a run, along the easy axis."""
    figure = new_figure(7.2, 2.6)
    ax = figure.subplots()
    onset = float(run.spec.in_time.duration) - float(run.widths[-1])
    ax.axvspan(0, float(run.widths[-1]) * _NANO, color="0.95", zorder=0)
    times = (run.traces["t"].values - onset) * _NANO
    for member in range(run.traces.sizes["member"]):
        ax.plot(times, run.traces.isel(member=member).values, linewidth=0.7, color="#0072B2", alpha=0.55)
    ax.axhline(0, color="0.4", linewidth=0.8, linestyle="--")
    ax.set(xlabel="time since the current began (ns)", ylabel="mean m along the easy axis", ylim=(-1.05, 1.05))
    bare(ax)
    return figure


def probability_figure(results: MtjSwitchingResults) -> Figure:
    """Switching probability over width and over current, with what is fitted and what one moment predicts."""
    figure = new_figure(7.8, 4.0)
    left, right = figure.subplots(1, 2, sharey=True)
    currents = _signed(results)
    for index, (label, signs) in enumerate(currents.items()):
        colour = _colour(index, len(currents))
        for current in signs:
            points = [point for point in results.points if point.current == current]
            _curve(left, points, [point.width * _NANO for point in points], colour, label)
            label = "_nolegend_"
    widths = sorted({point.width for point in results.points})
    chosen = [widths[round(share * (len(widths) - 1))] for share in np.linspace(0, 1, _SHOWN_WIDTHS)]
    for index, width in enumerate(dict.fromkeys(chosen)):
        points = sorted((p for p in results.points if p.width == width), key=lambda p: p.current)
        colour = _colour(index, _SHOWN_WIDTHS)
        label = f"{width * _NANO:.3g} ns"
        # Each way has a curve of its own: between the two no current was held.
        for way in (-1, 1):
            some = [point for point in points if way * point.current > 0]
            if some:
                _curve(right, some, [point.current * _TERA for point in some], colour, label)
                label = "_nolegend_"
    highest = max(max(point.high, point.warm, point.model or 0.0) for point in results.points)
    left.set(xlabel="width (ns)", ylabel="switching probability")
    left.set_ylim(-0.03 * highest, min(1.08 * highest, 1.03))
    right.set(xlabel="current density (10¹² A/m²)")
    bare(left, right)
    left.legend(
        frameon=False, fontsize="x-small", title="10¹² A/m²", title_fontsize="x-small",
        ncols=1 if len(currents) < _MANY else 2,
    )  # fmt: skip
    right.legend(frameon=False, fontsize="x-small", title="width", title_fontsize="x-small")
    grey: dict[str, Any] = {"color": "0.3"}
    handles: list[Any] = [
        left.errorbar([], [], [], fmt="o", markersize=4, **grey, label="counted, 95 %, fitted"),
        left.errorbar([], [], [], fmt="o", markersize=4, markerfacecolor="white", **grey, label="not in the fit"),
        left.plot([], [], **grey, label="fitted rates")[0],
        left.plot([], [], linestyle="--", **grey, label="one moment, warm")[0],
        left.plot([], [], linestyle=":", **grey, label="one moment, cold")[0],
    ]
    figure.legend(
        handles=handles, loc="outside upper center", ncols=5, frameon=False, fontsize="x-small",
    )  # fmt: skip
    return figure


def _signed(results: MtjSwitchingResults) -> dict[str, list[float]]:
    """Currents of one size together, by what a legend calls them; the run's own sign comes first."""
    currents = dict.fromkeys(point.current for point in results.points)
    found: dict[str, list[float]] = {}
    for size in sorted({abs(current) for current in currents}):
        signs = [current for current in currents if abs(current) == size]
        sign = "±" if len(signs) > 1 else "−" if signs[0] < 0 else ""
        found[f"{sign}{size * _TERA:.4g}"] = signs
    return found


def _marker(current: float) -> str:
    """A negative current points downwards."""
    return "o" if current > 0 else "v"


def _counted(ax: Axes, point: SwitchingPoint, x: float, y: float, colour: str) -> None:
    """Counts with their intervals, open where the fit does not see them."""
    error = np.maximum([[point.probability - point.low], [point.high - point.probability]], 0)
    face = colour if point.use == "fitted" else "white"
    ax.errorbar(
        x, y, yerr=error, fmt=_marker(point.current), markersize=4, color=colour, markerfacecolor=face, linewidth=0.8
    )


def _curve(ax: Axes, points: Sequence[SwitchingPoint], x: Sequence[float], colour: str, label: str) -> None:
    for point, place in zip(points, x, strict=True):
        _counted(ax, point, place, point.probability, colour)
    model = [np.nan if point.model is None else point.model for point in points]
    ax.plot(x, model, color=colour, linewidth=1.3, label=label)
    if not np.isfinite(model).any():
        ax.plot([], [], "o", color=colour, markersize=4, label=label)
    ax.plot(x, [point.warm for point in points], "--", color=colour, linewidth=1.0)
    ax.plot(x, [point.cold for point in points], ":", color=colour, linewidth=1.0)


def residual_figure(results: MtjSwitchingResults) -> Figure:
    """Counted less fitted probabilities, with the intervals of what was counted."""
    figure = new_figure(7.2, 2.8)
    ax = figure.subplots()
    currents = _signed(results)
    places = [current for signs in currents.values() for current in signs]
    span = min(np.diff(sorted({point.width for point in results.points})), default=1e-9) * _NANO
    for index, (label, signs) in enumerate(currents.items()):
        colour = _colour(index, len(currents))
        for point in results.points:
            if point.current not in signs or point.model is None:
                continue
            aside = 0.6 * span * ((places.index(point.current) + 0.5) / len(places) - 0.5)
            _counted(ax, point, point.width * _NANO + aside, point.probability - point.model, colour)
        ax.plot([], [], _marker(signs[0]), color=colour, markersize=4, label=label)
    ax.axhline(0, color="0.4", linewidth=0.8)
    ax.set(xlabel="width (ns)", ylabel="counted − fitted")
    bare(ax)
    figure.legend(
        loc="outside right center", frameon=False, fontsize="x-small", title="10¹² A/m²", title_fontsize="x-small"
    )
    return figure


def write_error_figure(results: MtjSwitchingResults) -> Figure:
    """Write errors over the width, exactly, by steered ensembles, and in closed form where it holds and where not."""
    figure = new_figure(7.2, 3.8)
    ax = figure.subplots()
    for index, curve in enumerate(results.write_errors):
        colour = _colour(index, len(results.write_errors))
        widths = np.array(curve.widths) * _NANO
        label = f"{curve.overdrive:g} J$_c$"
        ax.semilogy(widths, curve.exact, color=colour, linewidth=1.5, label=label)
        if not curve.exact:
            ax.plot([], [], "o", color=colour, markersize=4, label=label)
        _closed_form(ax, curve, colour)
        for width, rate, low, high in curve.sampled:
            error = [[rate - max(low, rate / 10)], [high - rate]]
            ax.errorbar(width * _NANO, rate, yerr=np.maximum(error, 0), fmt="o", markersize=4, color=colour, capsize=2)
    lowest = results.lowest or 1e-6
    ax.axhline(lowest, color="0.5", linewidth=0.8, linestyle=":")
    ax.set(xlabel="width (ns)", ylabel="write error", ylim=(lowest / 10, 1.5))
    bare(ax)
    ax.legend(frameon=False, fontsize="small", title="current", title_fontsize="small")
    grey: dict[str, Any] = {"color": "0.3"}
    handles: list[Any] = [
        ax.plot([], [], linewidth=1.5, **grey, label="Fokker-Planck")[0],
        ax.errorbar([], [], [], fmt="o", markersize=4, capsize=2, **grey, label="steered ensembles, 95 %"),
        ax.plot([], [], linewidth=3, alpha=0.35, **grey, label="closed form, within 20 %")[0],
        ax.plot([], [], linestyle=":", **grey, label="closed form, further off")[0],
    ]
    figure.legend(
        handles=handles, loc="outside upper center", ncols=4, frameon=False, fontsize="x-small",
    )  # fmt: skip
    return figure


def _closed_form(ax: Axes, curve: WriteErrorCurve, colour: str) -> None:
    if not curve.closed_form:
        return
    widths, closed, exact = np.array(curve.widths) * _NANO, np.array(curve.closed_form), np.array(curve.exact)
    holds = np.abs(closed / exact - 1) <= HOLDS
    ax.semilogy(widths, np.where(holds, closed, np.nan), color=colour, linewidth=4, alpha=0.35)
    ax.semilogy(widths, closed, ":", color=colour, linewidth=1.2)


def _colour(index: int, total: int) -> str:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    return PREDICTED if total == 1 else to_hex(colormaps["viridis"](0.9 * index / (total - 1)))
