"""The report's own figures: what the model predicts beside micromagnetics."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analysis.magnetisation_images import COLOURS
from solitons.campaigns.domain_walls.dw_synapse.analysis import Shown
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.figures import MEASURED, PREDICTED, new_figure, plain_text, value_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "MOST_PANELS",
    "after_pulses_figure",
    "displacement_figure",
    "drawn_runs",
    "held_out_figure",
    "mean_of_present",
    "unseen",
]

MOST_PANELS = 48
"""How many runs a figure with a panel for each shows."""

_BY_SIGN = ((1, "J > 0", "^", COLOURS[0]), (-1, "J < 0", "v", COLOURS[1]))


def unseen(shown: Shown) -> list[Observation]:
    """The held-out runs, in the order of the sweep."""
    held_out = set(shown.fit.provenance.held_out)
    return [each for each in shown.observations if each.spec.run_id in held_out]


def mean_of_present(values: np.ndarray) -> float:
    """Mean of the values that are there; NaN, without a warning, if none is: a wall may leave before its first rest."""
    there = values[np.isfinite(values)]
    return float(np.mean(there)) if there.size else float("nan")


def held_out_figure(shown: Shown) -> Figure:
    """Wall position over time in the runs that the fit did not see, with the model's prediction."""
    chosen = unseen(shown)
    columns = min(2, len(chosen))
    rows = -(-len(chosen) // columns)
    figure = new_figure(7.6, 2.1 * rows + 0.5)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for ax, each in zip(axes.flat, chosen, strict=False):
        run = each.trajectory
        residual = shown.fit.residuals[run.run_id]
        nano = 1e9
        ax.plot(
            run.time * nano,
            run.position * nano,
            color=MEASURED,
            linewidth=3,
            alpha=0.5,
            label="micromagnetics",
        )
        ax.plot(
            run.time * nano,
            (run.position + residual) * nano,
            color=PREDICTED,
            linewidth=1.2,
            label="fitted model",
        )
        error = mean_of_present(np.abs(residual[1:])) * nano
        off = f"off by {error:.1f} nm" if np.isfinite(error) else "the wall leaves at once"
        ax.set_title(f"{each.point}: {off}", fontsize="small")
        ax.spines[["top", "right"]].set_visible(False)
    for ax in axes.flat[len(chosen) :]:
        ax.set_axis_off()
    for column in range(columns):
        lowest = max(row for row in range(rows) if row * columns + column < len(chosen))
        axes[lowest, column].set_xlabel("time (ns)")
        axes[lowest, column].tick_params(labelbottom=True)
    figure.supylabel("wall position (nm)", fontsize="medium")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, frameon=False, fontsize="small")
    return figure


def drawn_runs(shown: Shown) -> list[Observation]:
    """All runs in the order of the sweep; of more than `MOST_PANELS` as many, spread evenly."""
    count = len(shown.observations)
    if count <= MOST_PANELS:
        return list(shown.observations)
    return [shown.observations[index] for index in np.linspace(0, count - 1, MOST_PANELS).round().astype(int)]


def after_pulses_figure(
    shown: Shown, values_of: Callable[[Observation], npt.NDArray[np.float64]], what: str, scale: float
) -> Figure:
    """What every run shows at rest, over the number of pulses: a panel a run, its swept values above it.

    `values_of` gives a run's values before the first pulse and after each in SI, `what` is the label of the axis with
    its unit, and `scale` converts to that.
    """
    from matplotlib.lines import Line2D

    runs, held_out = drawn_runs(shown), set(shown.fit.provenance.held_out)
    last = len(shown.observations[0].point.axes[-1].values)
    columns = last if 2 < last < 6 and len(runs) % last == 0 else min(4, len(runs))
    rows = -(-len(runs) // columns)
    width, height = 0.7 + 2.1 * columns, 0.85 + 1.35 * rows
    # Laid out by hand, in inches: to fit many panels to their texts takes longer than to draw them.
    figure = new_figure(width, height, layout=None)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    figure.subplots_adjust(0.7 / width, 0.45 / height, 1 - 0.05 / width, 1 - 0.55 / height, wspace=0.08, hspace=0.36)
    for ax, each in zip(axes.flat, runs, strict=False):
        values, signs = values_of(each) * scale, np.sign(each.pulses["amplitude"].values)
        unseen_run = each.spec.run_id in held_out
        ax.plot(values, color="0.75", linewidth=1, zorder=1)
        ax.plot(0, values[0], "D", color="0.35", markersize=3.5)
        for sign, _, marker, colour in _BY_SIGN:
            number = 1 + np.flatnonzero(signs == sign)
            face = "white" if unseen_run else colour
            ax.plot(number, values[number], marker, color=colour, markerfacecolor=face, markersize=4)
        ax.set_title(str(each.point), fontsize=7.5)
        if unseen_run:
            ax.text(0.03, 0.97, "held out", transform=ax.transAxes, va="top", fontsize=7.5, color=MEASURED)
        ax.tick_params(labelsize=7.5)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.spines[["top", "right"]].set_visible(False)
    for ax in axes.flat[len(runs) :]:
        ax.set_axis_off()
    for column in range(columns):
        axes[(len(runs) - 1 - column) // columns, column].tick_params(labelbottom=True)
    figure.supxlabel("pulse number", fontsize="medium", y=0.05 / height, va="bottom")
    figure.supylabel(what, fontsize="medium", x=0.08 / width, ha="left")
    handles = [
        Line2D([], [], linestyle="", marker="D", color="0.35", markersize=4, label="before"),
        *(
            Line2D([], [], linestyle="", marker=marker, color=colour, markersize=5, label=f"after a pulse with {name}")
            for _, name, marker, colour in _BY_SIGN
        ),
        Line2D([], [], linestyle="", marker="o", color=MEASURED, markerfacecolor="white", label="held out"),
    ]
    figure.legend(handles=handles, loc="upper center", ncols=4, frameon=False, fontsize="small")
    return figure


def displacement_figure(shown: Shown) -> Figure:
    """Mean distance per pulse of the first train, the pulses before the sign changes, over the first axis.

    There is a curve for each value of the second axis, if there is one.
    """
    figure = new_figure(5.6, 3.4)
    ax = figure.subplots()
    first, *others = shown.observations[0].point.axes
    second = others[0] if others else None
    held_out = set(shown.fit.provenance.held_out)
    groups = [float(value) for value in second.values] if second else [None]
    colours = ["#0072B2", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000"]
    for colour, group in zip(itertools.cycle(colours), groups, strict=False):
        chosen = [
            (each.point.values[0], each)
            for each in shown.observations
            if group is None or each.point.values[1] == group
        ]
        scale = 1e-12 if first.unit == "A/m^2" else 1.0
        x = np.array([value for value, _ in chosen]) * scale
        steps = [each.pulses["displacement"].isel(wall=0).values for _, each in chosen]
        rests = [each.pulses["rest_displacement"].isel(wall=0).values for _, each in chosen]
        trains = [_first_train(each.pulses["amplitude"].values) for _, each in chosen]
        forward = [
            mean_of_present((step + rest)[train]) for step, rest, train in zip(steps, rests, trains, strict=True)
        ]
        seen = np.array([each.spec.run_id not in held_out for _, each in chosen])
        label = value_label(group, second.unit) if second and group is not None else None
        y = np.array(forward) * 1e9
        ax.plot(x, y, color=colour, linewidth=1, alpha=0.6)
        ax.plot(x[seen], y[seen], "o", color=colour, label=label)
        ax.plot(x[~seen], y[~seen], "o", markerfacecolor="white", color=colour, markeredgewidth=1.5)
    ax.plot([], [], "o", markerfacecolor="white", color=MEASURED, markeredgewidth=1.5, label="held out")
    unit = "10¹² A/m²" if first.unit == "A/m^2" else first.unit
    ax.set_xlabel(f"{plain_text(first.heading).lower()} ({unit})")
    ax.set_ylabel("wall moves by (nm per pulse)")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(title=plain_text(second.heading) if second else None, frameon=False, fontsize="small")
    return figure


def _first_train(amplitudes: np.ndarray) -> slice:
    changes = np.flatnonzero(np.sign(amplitudes) != np.sign(amplitudes[0]))
    return slice(0, int(changes[0]) if changes.size else None)
