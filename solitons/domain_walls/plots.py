"""Figures of the devices that a wall makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.devices.neuron import exciting_sign, trace
from solitons.domain_walls.neuron import DomainWallNeuron
from solitons.figures import MEASURED, bare, new_figure, value_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["neuron_figure"]


def neuron_figure(
    neuron: DomainWallNeuron, amplitude: tuple[float, float], *, width: float, rise: float, period: float
) -> Figure:
    """A single neuron's wall under three currents, and how often it fires over the current.

    Lowest and highest current density of the pulses in A/m2, times in s.
    """
    lowest, highest = amplitude
    sign = exciting_sign(neuron, highest, width=width, rise=rise, period=period)
    count, shown, currents = 120, 30, np.linspace(lowest, highest, 25)
    time, position, spikes = trace(neuron, sign * currents, width=width, rise=rise, period=period, count=count)
    figure = new_figure(7.6, 3.1)
    path, rate = figure.subplots(1, 2, width_ratios=[1.5, 1])
    first = slice(time.size * shown // count)
    for at, colour in zip((-1, currents.size // 2, 0), ("#D55E00", "#009E73", "#0072B2"), strict=True):
        path.plot(
            time[first] * 1e9,
            position[at, first] * 1e9,
            color=colour,
            linewidth=1.2,
            label=value_label(currents[at], "A/m^2", digits=3),
        )
    path.axhline(float(neuron.threshold) * 1e9, color="black", linestyle="--", linewidth=1)
    path.text(0, float(neuron.threshold) * 1e9, " fires", va="bottom", fontsize="small")
    path.set_ylim(top=float(neuron.threshold) * 1e9 * 1.12)
    path.set_xlabel("time (ns)")
    path.set_ylabel("wall position (nm)")
    figure.legend(
        *path.get_legend_handles_labels(),
        loc="outside upper center",
        ncols=3,
        frameon=False,
        fontsize="small",
    )
    rate.plot(
        currents / 1e12,
        spikes.sum(axis=1) / (count * period) / 1e6,
        color=MEASURED,
        marker="o",
        markersize=3,
    )
    rate.set_xlabel("pulse amplitude (10¹² A/m²)")
    rate.set_ylabel("firing rate (MHz)")
    bare(path, rate)
    return figure
