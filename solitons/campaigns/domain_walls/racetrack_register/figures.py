"""The figure of a register's errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.domain_walls.racetrack_register.results import RegisterResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, value_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["errors_figure"]

_COLOURS = (PREDICTED, "#0B5C8A", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_MARKERS = "osD^v*"


def errors_figure(results: RegisterResults) -> Figure:
    """Error a bit and a shift over the current, a panel for each temperature and a curve for each width.

    Where no word is wrong an open marker stands at the upper end of the interval.
    """
    temperatures = sorted({each.temperature for each in results.points})
    widths = sorted({each.width for each in results.points})
    figure = new_figure(0.8 + 2.9 * len(temperatures), 3.2)
    axes = figure.subplots(1, len(temperatures), sharey=True, squeeze=False)[0]
    for ax, temperature in zip(axes, temperatures, strict=True):
        for width, colour, marker in zip(widths, _COLOURS, _MARKERS, strict=False):
            row = [each for each in results.points if (each.temperature, each.width) == (temperature, width)]
            current, low, high = np.array([(abs(each.amplitude) / 1e12, *each.ci95) for each in row]).T
            error = np.array([each.error for each in row])
            seen = error > 0
            shown = np.where(seen, error, high)
            ax.plot(current, shown, "-", color=colour, linewidth=0.8)
            ax.errorbar(
                current[seen], error[seen], np.array([error - low, high - error])[:, seen], fmt=marker, color=colour,
                markersize=4, label=value_label(width, "s", 3),
            )  # fmt: skip
            ax.plot(current[~seen], high[~seen], marker, color=colour, markersize=4, markerfacecolor="none")
        ax.axhline(results.limit, color=MEASURED, linewidth=0.8, linestyle=":")
        ax.set(yscale="log", xlabel="current (10¹² A/m²)", title=f"{temperature:g} K")
        bare(ax)
    axes[0].set_ylabel("error a bit and a shift")
    axes[-1].legend(frameon=False, fontsize="small", title="pulse")
    return figure
