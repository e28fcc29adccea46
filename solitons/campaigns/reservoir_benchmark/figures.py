"""Figures of the report on a reservoir."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from solitons.campaigns.reservoir_benchmark.results import (
    DEVICE,
    LINEAR,
    MASK,
    QUADRATIC,
    Memory,
    Orbit,
    TaskResult,
)
from solitons.figures import MEASURED, PREDICTED, bare, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solitons.campaigns.reservoir_benchmark.settings import SearchSettings
    from solitons.devices.driven_nodes import Multiplexing

__all__ = ["memory_figure", "orbits_figure", "search_figure", "stretch_figure", "tasks_figure"]

Floats = npt.NDArray[np.float64]

_BLUE = "#0B5C8A"
_LEAST = 1e-3
"""Errors below are drawn here."""
_DRAWN = ((DEVICE, PREDICTED, "o-"), (LINEAR, "0.6", "s--"), (QUADRATIC, _BLUE, "s-"), (MASK, "0.8", ":"))


def search_figure(
    search: SearchSettings,
    titles: Mapping[str, str],
    tried: Sequence[Multiplexing],
    errors: Mapping[str, Floats],
    exponents: Sequence[Sequence[float | None]],
) -> Figure:
    """The best error of each bias and amplitude, and beside it the largest Lyapunov exponent with its edge at 0."""
    figure = new_figure(3.1 * (len(errors) + 1), 0.5 * len(search.biases) + 2.0)
    axes = figure.subplots(1, len(errors) + 1, sharey=True, squeeze=False)[0]
    shape = (len(search.biases), len(search.amplitudes))

    def best(values: Floats) -> Floats:
        found = np.full(shape, np.nan)
        for drive, value in zip(tried, values, strict=True):
            at = search.biases.index(drive.bias), search.amplitudes.index(drive.amplitude)
            found[at] = np.fmin(found[at], value)
        return found

    rates = 1e-9 * np.array([[np.nan if each is None else each for each in row] for row in exponents])
    maps = [(titles[name], best(each), "viridis_r") for name, each in errors.items()]
    for ax, (title, values, colours) in zip(axes, [*maps, ("λ (1/ns)", rates, "RdBu_r")], strict=True):
        reach = np.nanmax(np.abs(values))
        low, high = (-reach, reach) if colours == "RdBu_r" else (None, None)
        shown = ax.imshow(values, cmap=colours, vmin=low, vmax=high, aspect="auto", origin="lower")
        figure.colorbar(shown, ax=ax, location="top", shrink=0.9).set_label(title, fontsize=9)
        if colours == "RdBu_r" and min(values.shape) > 1 and np.nanmin(values) < 0 < np.nanmax(values):
            ax.contour(values, levels=[0.0], colors="k", linewidths=1.5)
        ax.set_xticks(range(shape[1]), [f"{1e-12 * each:.3g}" for each in search.amplitudes], rotation=60, fontsize=8)
        ax.set_yticks(range(shape[0]), [f"{1e-12 * each:.3g}" for each in search.biases], fontsize=8)
        ax.set_xlabel("A (10¹² A/m²)")
    axes[0].set_ylabel("J₀ (10¹² A/m²)")
    return figure


def tasks_figure(tasks: Sequence[TaskResult]) -> Figure:
    """Errors on each task over the number of weights, with 95 % intervals over series."""
    figure = new_figure(0.8 + 3.0 * len(tasks), 3.4)
    axes = figure.subplots(1, len(tasks), sharey=True, squeeze=False)[0]
    for ax, task in zip(axes, tasks, strict=True):
        nodes = [each.drive.nodes for each in task.tested]
        for name, colour, style in _DRAWN:
            rows = [each.row(name) for each in task.tested]
            errors = np.maximum([row.error for row in rows], _LEAST)
            reach = np.minimum([row.reach for row in rows], 0.99 * errors)
            ax.errorbar(nodes, errors, reach, fmt=style, color=colour, linewidth=1.2, markersize=4, label=name)
        ax.set(xscale="log", yscale="log", xlabel="weights", title=task.title, ylim=(_LEAST, 2))
        ax.set_xticks(nodes, [str(each) for each in nodes])
        ax.minorticks_off()
        bare(ax)
    axes[0].set_ylabel("NRMSE")
    axes[-1].legend(frameon=False, fontsize="x-small", loc="lower left")
    return figure


def memory_figure(memory: Memory) -> Figure:
    """Linear memory over the delay, and sums by degree."""
    figure = new_figure(6.6, 2.6)
    left, right = figure.subplots(1, 2, width_ratios=(2, 1))
    left.plot(memory.linear_by_delay, "o-", color=_BLUE, markersize=4)
    left.set(xlabel="inputs ago", ylabel="linear capacity", ylim=(-0.05, 1.05))
    degrees = range(1, len(memory.by_degree) + 1)
    right.bar(degrees, memory.by_degree, color=_BLUE)
    right.set(xlabel="degree", ylabel="sum of capacities", xticks=list(degrees))
    bare(left, right)
    return figure


def stretch_figure(seen: Mapping[str, Floats], unit: str) -> Figure:
    """The current, the wall's place in micromagnetics and in the model, and what another first input changes."""
    figure = new_figure(7.6, 5.0)
    axes = figure.subplots(3, 1, sharex=True, height_ratios=(1, 2, 1.3))
    time = 1e9 * seen["times"]
    axes[0].step(time, 1e-12 * seen["current"], where="pre", color="0.3", linewidth=0.7)
    scale, label = _scaled(unit)
    axes[1].plot(time, scale * seen["places"], ".", color=MEASURED, markersize=3, label="micromagnetics")
    axes[1].plot(time, scale * seen["predicted"], color=PREDICTED, linewidth=0.9, label="model")
    for name, colour in (("difference", MEASURED), ("predicted difference", PREDICTED)):
        axes[2].plot(time, scale * np.maximum(seen[name], 1e-5 * seen[name].max()), color=colour, linewidth=0.9)
    axes[0].set_ylabel("J (10¹² A/m²)")
    axes[1].set_ylabel(label)
    axes[1].legend(frameon=False, fontsize="small", ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
    axes[2].set(yscale="log", ylabel="difference", xlabel="time (ns)")
    bare(*axes)
    return figure


def _scaled(unit: str) -> tuple[float, str]:
    return (1e9, "read (nm)") if unit == "m" else (1.0, "read")


def orbits_figure(orbits: Sequence[Orbit], diagram: Mapping[str, Floats], unit: str) -> Figure:
    """What is read once in each period over the amplitude of a sine, and the model's largest exponent."""
    figure = new_figure(6.6, 4.6)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 1))
    scale, label = _scaled(unit)
    given = 1e-12 * diagram["amplitudes"]
    above.plot(
        np.repeat(given, diagram["read"].shape[1]), scale * diagram["read"].ravel(), ".", color=PREDICTED, markersize=2
    )
    above.plot([], [], ".", color=PREDICTED, label="model, after a hundred periods")
    for number, each in enumerate(orbits):
        places = [np.nan if one is None else scale * one for one in each.places]
        above.plot(
            [1e-12 * each.amplitude] * len(places), places, "o", color=MEASURED, markerfacecolor="none", markersize=5,
            label="micromagnetics, first periods" if number == 0 else None,
        )  # fmt: skip
    below.plot(given, 1e-9 * diagram["exponents"], color=_BLUE, linewidth=1.0)
    below.axhline(0, color="0.6", linewidth=0.8)
    above.set_ylabel(f"{label}, once a period")
    above.legend(frameon=False, fontsize="small")
    below.set(xlabel="amplitude of the sine (10¹² A/m²)", ylabel="λ (1/ns)")
    bare(above, below)
    return figure
