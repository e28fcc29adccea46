"""The figure of the heat of a gate's cycles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.magnet_logic.loop_results import LoopHeat
from solitons.figures import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["heat_figure"]

_NANO = 1e9
_CYCLES = ("#0B5C8A", "#D55E00")


def heat_figure(cycles: Sequence[LoopHeat]) -> Figure:
    """Mean heat of each cycle over the ramp time, and the slow ones with the clock first over one over it."""
    figure = new_figure(7.6, 4.0)
    ax, slow = figure.subplots(1, 2, width_ratios=(1.15, 1))
    for cycle, colour in zip(cycles, _CYCLES, strict=True):
        times = np.array([point.ramp_time * _NANO for point in cycle.points])
        heats, errors, damped, damped_errors = np.array(
            [(each.heat, each.heat_error, each.damping_heat, each.damping_error) for each in cycle.points]
        ).T
        ax.errorbar(times, heats, 1.96 * errors, fmt="o-", color=colour, linewidth=0.8, markersize=5, label=cycle.name)
        # Leave out damping terms with errors as large as the heat: the axis is logarithmic.
        told = damped > 1.96 * damped_errors
        ax.errorbar(
            1.06 * times[told],
            damped[told],
            1.96 * damped_errors[told],
            fmt="x",
            color=colour,
            markersize=6,
            alpha=0.6,
            label="by the damping term",
        )
    ax.set(xscale="log", yscale="log", xlabel="ramp time (ns)", ylabel="mean heat of a cycle (kT)")
    ax.legend(frameon=False, fontsize="small", loc="lower left")
    first = cycles[0]
    fitted = first.fitted
    rates = np.array([1 / (each.ramp_time * _NANO) for each in fitted])
    errors = [1.96 * each.heat_error for each in fitted]
    slow.axhline(0, color="0.8", linewidth=1)
    slow.errorbar(rates, [each.heat for each in fitted], errors, fmt="o", color=_CYCLES[0], markersize=5, capsize=2)
    if first.on_a_line:
        along = np.array([0.0, rates.max()])
        slow.plot(along, first.limit + first.slope * _NANO * along, color=_CYCLES[0], linewidth=1)
        low, high = first.ci95
        reach = [[first.limit - low], [high - first.limit]]
        slow.errorbar([0], [first.limit], reach, fmt="D", color="black", markersize=4, capsize=3, label="limit")
        slow.legend(frameon=False, fontsize="small", loc="upper left")
    slow.set(xlabel="1 / ramp time (1/ns)", ylabel="mean heat, clock first (kT)")
    slow.set_xlim(left=-0.04 * rates.max())
    return figure
