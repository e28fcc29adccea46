"""Figures of the report of a stochastic resonance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.junctions.stochastic_resonance.counting import Counted
from solitons.campaigns.junctions.stochastic_resonance.locking_maps import FineMap
from solitons.campaigns.junctions.stochastic_resonance.peaks import fine_axis, through, weak_drive
from solitons.campaigns.junctions.stochastic_resonance.results import MEASURES, LockingMap, ResonanceResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure
from solitons.junctions import PeriodicDrive

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["locking_figure", "measures_figure", "ratio_figure"]

_WEAK, _MATCHED, _ENSEMBLE = "#0B5C8A", "#009E73", "#0B5C8A"


def _scale(unit: str) -> tuple[float, str]:
    return (1.0, "temperature (K)") if unit == "K" else (1e-9, "noise, standard deviation (10$^9$ A/m$^2$)")


def ratio_figure(results: ResonanceResults, counted: Sequence[Counted], drive: PeriodicDrive) -> Figure:
    """The signal-to-noise ratio with its theories, and the barrier that is left above it."""
    figure = new_figure(7.4, 4.0)
    ax = figure.subplots()
    values = [each.condition.value for each in counted]
    at, (scale, label) = fine_axis(values), _scale(results.unit)
    exact = through(values, np.log([each.exact.signal_to_noise for each in counted]).tolist(), at)
    ax.plot(scale * at, 1e-3 * np.exp(exact), color=PREDICTED, label="exact, two states")
    _, weak = weak_drive(counted, drive)
    if np.all(weak > 0):
        curve = 1e-3 * np.exp(through(values, np.log(weak).tolist(), at))
        ax.plot(scale * at, curve, color=_WEAK, linestyle="--", label="adiabatic theory, weak drive")
    _errorbars(ax, results, "signal_to_noise", scale, 1e-3)
    _marks(ax, results, "signal_to_noise", scale)
    seen = [each.measured["signal_to_noise"].high for each in results.points if each.measured]
    ax.set(xscale="log", xlabel=label, ylabel="signal-to-noise ratio (kHz)")
    # The theory of a weak drive may go far beyond what a strong one does.
    ax.set_ylim(0, 1.15e-3 * max([*seen, *np.exp(exact)]))
    _ticks(ax, scale, values)
    ax.legend(frameon=False, fontsize="small")
    return figure


def measures_figure(results: ResonanceResults, counted: Sequence[Counted]) -> Figure:
    """Swing, locking and residence times over the same axis."""
    figure = new_figure(7.8, 5.2)
    panels = figure.subplots(2, 2, sharex=True).ravel()
    values = [each.condition.value for each in counted]
    at, (scale, label) = fine_axis(values), _scale(results.unit)
    names = ("amplitude", "phase_locking_value", "fraction_locked", "residence_share")
    for ax, name in zip(panels, names, strict=True):
        if name != "phase_locking_value":
            exact = [getattr(each.exact, name) for each in counted]
            ax.plot(scale * at, through(values, exact, at), color=PREDICTED, label="exact, two states")
        _errorbars(ax, results, name, scale)
        _marks(ax, results, name, scale)
        ax.set(xscale="log", title=MEASURES[name])
        if name == "amplitude" and results.ensemble:
            ax.errorbar(
                [scale * each.value for each in results.ensemble],
                [each.amplitude for each in results.ensemble],
                [1.96 * each.error for each in results.ensemble],
                fmt="s", markersize=5, capsize=3, color=_ENSEMBLE, label="thermal macrospins (LLG)", zorder=3,
            )  # fmt: skip
        ax.set_ylim(bottom=0)
        _ticks(ax, scale, values)
    for ax in panels[2:]:
        ax.set_xlabel(label)
    handles = {name: handle for ax in panels for handle, name in zip(*ax.get_legend_handles_labels(), strict=True)}
    figure.legend(
        handles.values(), handles.keys(), loc="outside lower center", ncols=3, frameon=False, fontsize="small"
    )
    return figure


def locking_figure(maps: Sequence[LockingMap], fine: Sequence[FineMap], surely: float) -> Figure:
    """Maps of the locked fraction: the closed form as colour, counts as filled circles, the two borders as lines."""
    figure = new_figure(8.2, 4.2)
    axes = figure.subplots(1, len(maps), squeeze=False)[0]
    drawn = None
    for ax, each, closed in zip(axes, maps, fine, strict=True):
        scale = 1e-9 if each.axis == "noise" else 1.0
        x, y = scale * closed.values, closed.amplitudes
        drawn = ax.contourf(x, y, closed.locked, levels=np.linspace(0, 1, 21), cmap="viridis")
        for style, share in (("-", closed.sure_to_flip), ("--", closed.sure_to_stay)):
            if share.min() < surely < share.max():
                ax.contour(x, y, share, levels=[surely], colors="white", linestyles=style, linewidths=1.6)
        counts = np.array([[np.nan if one is None else one for one in row] for row in each.counted])
        columns, rows = np.meshgrid(scale * np.array(each.values), each.amplitudes)
        ax.scatter(
            columns, rows, c=counts, cmap="viridis", vmin=0, vmax=1, s=16, edgecolors="black", linewidths=0.4, zorder=3,
            clip_on=False,
        )  # fmt: skip
        names = {"frequency": "frequency (Hz)", "temperature": "temperature (K)"}
        names["noise"] = "noise, standard deviation (10$^9$ A/m$^2$)"
        ax.set(xscale="log", xlabel=names[each.axis])
        if each.axis != "frequency":
            _ticks(ax, 1.0, x.tolist())
    axes[0].set_ylabel("amplitude / critical current")
    for style, words in (("-", "flips within half a period"), ("--", "does not flip back")):
        axes[0].plot([], [], color="0.3", linestyle=style, label=f"border: {words} ({surely:g})")
    axes[0].plot([], [], "o", color="0.6", markeredgecolor="black", markersize=4, label="counted")
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize="small")
    if drawn is not None:
        figure.colorbar(drawn, ax=axes, label="half periods locked", ticks=[0, 0.25, 0.5, 0.75, 1.0])
    return figure


def _errorbars(ax: Axes, results: ResonanceResults, name: str, scale: float, unit: float = 1.0) -> None:
    points = [each for each in results.points if name in each.measured]
    values = unit * np.array([each.measured[name].value for each in points])
    low, high = (unit * np.array([getattr(each.measured[name], end) for each in points]) for end in ("low", "high"))
    ax.errorbar(
        [scale * each.value for each in points],
        values,
        np.maximum([values - low, high - values], 0.0) if points else None,
        fmt="o", markersize=4, capsize=2, color=MEASURED, label="counted, 95 % over records",
    )  # fmt: skip


def _marks(ax: Axes, results: ResonanceResults, name: str, scale: float) -> None:
    """The counted peak with its interval as a band, and the matching of times as a dotted line."""
    peak = next(each for each in results.peaks if each.measure == name)
    if peak.value is not None and peak.ci95 is not None:
        ax.axvspan(scale * peak.ci95[0], scale * peak.ci95[1], color="0.85", zorder=0, label="peak, 95 %")
    if results.matching is not None:
        ax.axvline(scale * results.matching, color=_MATCHED, linestyle=":", label="2 mean dwells = period")


def _ticks(ax: Axes, scale: float, values: Sequence[float]) -> None:
    from matplotlib.ticker import NullFormatter, NullLocator

    ends = np.geomspace(min(values), max(values), 5) * scale
    rounded = sorted({float(f"{each:.2g}") for each in ends})
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xticks(rounded, [f"{each:g}" for each in rounded])
    bare(ax)
