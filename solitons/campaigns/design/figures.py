"""Figures of a design: the search, the free fields before and after, and the way of least energy."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.design.results import HEAT, DesignResults, FreeValue
from solitons.campaigns.design.settings import Bound
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, value_label

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["fields_figure", "search_figure", "ways_figure"]


def search_figure(results: DesignResults, limits: Sequence[Bound]) -> Figure:
    """Draw the aim, and each limit's observable, against the number of the device."""
    from matplotlib.ticker import EngFormatter, MaxNLocator

    frame = results.frame()
    names = list(results.devices[0].numbers)
    figure = new_figure(6.0, 1.2 + 1.5 * len(names))
    grid = np.atleast_1d(figure.subplots(len(names), 1, sharex=True))
    within = frame["within_limits"].to_numpy(bool)
    for number, (ax, name) in enumerate(zip(grid, names, strict=True)):
        values = frame[name].to_numpy(float)
        ax.plot(frame["device"], values, "-", color="0.8", zorder=1)
        ax.plot(frame["device"][within], values[within], "o", color=MEASURED, label="within the limits")
        ax.plot(frame["device"][~within], values[~within], "o", color=MEASURED, mfc="white", label="outside")
        ax.plot(results.best, values[results.best - 1], "o", color=PREDICTED, ms=10, mfc="none", label="found")
        if number:
            limit = limits[number - 1]
            for _, end in limit.ends:
                ax.axhline(end, ls="--", color="0.5", lw=1)
            label, unit = limit.number.label, limit.number.unit
        else:
            label, unit = results.aim, results.unit
            ax.legend(fontsize="small", frameon=False)
        ax.set_ylabel(fill(label, 22))
        if unit:
            ax.yaxis.set_major_formatter(EngFormatter(unit=unit))
        bare(ax)
    grid[-1].set_xlabel("device")
    grid[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def fields_figure(free: Sequence[FreeValue]) -> Figure:
    """Draw each free field between its bounds, at the start and in the device found."""
    figure = new_figure(6.5, 0.9 + 0.5 * len(free))
    ax = figure.subplots()
    for number, each in enumerate(free):
        start, found = ((value - each.low) / (each.high - each.low) for value in (each.start, each.found))
        ax.plot([0, 1], [number, number], "-", color="0.85", lw=6, solid_capstyle="butt")
        ax.plot(start, number, "o", color=MEASURED, label="start" if not number else None)
        ax.plot(found, number, "D", color=PREDICTED, label="found" if not number else None)
        low, high, before, after = (
            value_label(value, each.unit, 3) for value in (each.low, each.high, each.start, each.found)
        )
        label = f"{each.label}: {before} → {after}"
        ax.text(0, number - 0.18, label, ha="left", va="bottom", fontsize="small")
        ax.text(-0.02, number, low, ha="right", va="center", fontsize="small")
        ax.text(1.02, number, high, ha="left", va="center", fontsize="small")
    ax.set(xlim=(-0.02, 1.02), ylim=(len(free) - 0.5, -0.9), xticks=[], yticks=[])
    ax.legend(fontsize="small", frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1.0, 1.0))
    ax.spines[:].set_visible(False)
    return figure


def ways_figure(start: xr.DataArray, found: xr.DataArray) -> Figure:
    """Draw the energy along the way of least energy, of the start and of the device found."""
    figure = new_figure(6.0, 3.0)
    ax = figure.subplots()
    for energy, colour, name in ((start, MEASURED, "start"), (found, PREDICTED, "device found")):
        rise = (energy.values - energy.values[0]) / HEAT
        ax.plot(np.linspace(0, 1, rise.size), rise, ".-", color=colour, label=name)
    ax.set(xlabel="share of the way", ylabel="energy (kT at 300 K)")
    ax.legend(frameon=False)
    bare(ax)
    return figure
