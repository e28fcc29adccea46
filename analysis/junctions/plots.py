"""Pictures of junctions that flip: dwell times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from analysis.junctions.dwells import check_dwells
from analysis.junctions.rates import dwell_rates
from analysis.magnetisation_images import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_dwell_times"]


def plot_dwell_times(dwells: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw how many dwells in each state last longer than a time, beside exponentials of the fitted rates.

    Parameters
    ----------
    dwells : xarray.Dataset
        Result of `analysis.dwell_times`; censored ones are left out of the points, not of the rates.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from analysis import artificial, dwell_times
    >>> ax = plot_dwell_times(dwell_times(artificial.telegraph_noise(1e6, 2e6, 1e-3, 1e-8, seed=1)))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['low state: mean 997 ns', 'high state: mean 514 ns']
    """
    check_dwells(dwells)
    ax = _axes(ax)
    rates = dwell_rates(dwells)
    for state, name, colour in ((0, "low state", COLOURS[0]), (1, "high state", COLOURS[1])):
        chosen = (dwells["state"].values == state) & ~dwells["censored"].values
        durations = np.sort(dwells["duration"].values[chosen])
        if not durations.size:
            continue
        ax.plot(1e9 * durations, 1 - np.arange(durations.size) / durations.size, ".", markersize=3, color=colour)
        rate = float(rates["rate"][state])
        times = np.linspace(0, durations[-1], 100)
        label = f"{name}: mean {1e9 / rate:.3g} ns"
        ax.plot(1e9 * times, np.exp(-rate * times), color=colour, linewidth=1.0, label=label)
    ax.set_yscale("log")
    ax.set_xlabel("dwell time (ns)")
    ax.set_ylabel("fraction that lasts longer")
    ax.spines[["top", "right"]].set_visible(False)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, fontsize="small")
    return ax


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=(5.2, 3.4), layout="constrained").subplots()
