"""Figures of the report of an erasure."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import constants

from solitons.campaigns.magnet_logic.nml_erasure.results import ErasureResults
from solitons.figures import new_figure
from solitons.magnet_logic import ERASURE, CoupledMacrospins
from solitons.magnet_logic.operations import RETRACING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["heat_figure", "path_figure"]

_NANO, _ZEPTO = 1e9, 1e21
_ERASED = ("#0B5C8A", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#8A8F94", "#000000")
_CONTROLS = (("#555555", "s"), ("#555555", "^"))
_CLEAR = 0.06


def heat_figure(results: ErasureResults) -> Figure:
    """Mean heat over one over the ramp time, with the fitted lines and k T ln 2."""
    figure = new_figure(7.4, 4.6)
    ax = figure.subplots()
    ax.axhline(math.log(2), color="black", linewidth=1, linestyle="--")
    ax.axhline(0, color="0.8", linewidth=1)
    drawn = [
        (bit.erasure, f"{bit.magnet}, {bit.barrier:.0f} kT", _ERASED[i], "o") for i, bit in enumerate(results.bits)
    ]
    for operation, (colour, marker) in zip(results.bits[0].operations[1:], _CONTROLS, strict=True):
        drawn.append((operation, f"{operation.name}, {results.bits[0].magnet}", colour, marker))
    for operation, label, colour, marker in drawn:
        rates = np.array([1 / (point.ramp_time * _NANO) for point in operation.points])
        ax.errorbar(
            rates,
            [point.heat for point in operation.points],
            [1.96 * point.heat_error for point in operation.points],
            fmt=marker,
            color=colour,
            markersize=5,
            markerfacecolor="white" if marker != "o" else colour,
            capsize=2,
            label=label,
        )
        if results.verdict != "failed":
            along = np.array([0.0, rates.max()])
            ax.plot(along, operation.limit + operation.slope * _NANO * along, color=colour, linewidth=1)
    ends = ax.get_xlim()[1]
    ax.text(ends, math.log(2), "kT ln 2 ", ha="right", va="bottom")
    ax.set(xlabel="1 / ramp time (1/ns)", ylabel="mean heat of the operation (kT)", xlim=(0, ends))
    joules = constants.k * results.temperature * _ZEPTO
    ax.secondary_yaxis("right", functions=(lambda x: x * joules, lambda x: x / joules)).set_ylabel(
        f"at {results.temperature:g} K (zJ)"
    )
    ax.legend(frameon=False, fontsize="small", loc="upper left")
    return figure


def path_figure(results: ErasureResults, bit: CoupledMacrospins) -> Figure:
    """The path of the fields with the astroid, and the energy in the plane at its corners."""
    first = results.bits[0]
    bias, hard = first.bias / first.anisotropy_field, first.hard_field / first.anisotropy_field
    figure = new_figure(7.8, 3.9)
    ax, energies = figure.subplots(1, 2, width_ratios=(1, 1.25))
    turn = np.linspace(0, 2 * np.pi, 400)
    ax.fill(np.cos(turn) ** 3, np.sin(turn) ** 3, color="0.92", zorder=0)
    ax.text(0, -0.45, "two states", ha="center", color="0.4", fontsize="small")
    path = ERASURE.path(bias, hard)
    for number, (begin, end) in enumerate(itertools.pairwise(path), 1):
        ax.annotate("", end, begin, arrowprops={"arrowstyle": "-|>", "color": _ERASED[0], "linewidth": 1.6})
        middle = (begin + end) / 2
        beside = np.array([-(end - begin)[1], (end - begin)[0]]) / np.linalg.norm(end - begin)
        ax.text(*(middle + 0.09 * beside), str(number), ha="center", va="center", color=_ERASED[0])
    back = RETRACING.path(bias, hard)[:3] + np.array([_CLEAR, -_CLEAR])
    ax.plot(*back.T, color="#555555", linestyle=":", linewidth=1.6)
    ax.plot([], [], color=_ERASED[0], label="erasure")
    ax.plot([], [], ":", color="#555555", label="bias first, and back")
    ax.set(
        xlabel="bias along the easy axis ($H_K$)",
        ylabel="field along the hard axis ($H_K$)",
        xlim=(-1.1, 1.1),
        ylim=(-1.1, max(1.1, hard + 0.15)),
        aspect="equal",
    )
    ax.legend(frameon=False, fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=1)
    _, axes = bit.principal_fields()
    angle = np.linspace(-60, 240, 400)
    m = np.cos(np.deg2rad(angle))[:, None] * axes[:, 0] + np.sin(np.deg2rad(angle))[:, None] * axes[:, 1]
    names = ("before", "after 1", "after 2", "after 3")
    for (along, across), name, colour in zip(path[:-1], names, _ERASED, strict=False):
        field = (along * axes[:, 0] + across * axes[:, 1]) * first.anisotropy_field
        energy = bit.energy(m[:, None, :], field) / bit.thermal_energy
        energies.plot(angle, energy - energy.min(), color=colour, label=name)
    energies.set(
        xlabel="angle of m from the written state (degrees)",
        ylabel="energy above the lowest (kT)",
        ylim=(0, 3 * first.barrier),
        xticks=np.arange(-60, 241, 60),
    )
    energies.legend(frameon=False, fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4)
    return figure
