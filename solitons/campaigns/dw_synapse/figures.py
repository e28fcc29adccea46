"""The report's own figures: what the model says beside what micromagnetics said."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.dw_synapse.analysis import Shown
from solitons.campaigns.dw_synapse.observation import Observation
from solitons.figures import MEASURED, PREDICTED, new_figure, value_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["displacement_figure", "held_out_figure", "unseen"]


def unseen(shown: Shown) -> list[Observation]:
    """The held-out runs, in the order of the sweep."""
    held_out = set(shown.fit.provenance.held_out)
    return [each for each in shown.observations if each.spec.run_id in held_out]


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
        error = float(np.nanmean(np.abs(residual[1:]))) * nano
        ax.set_title(f"{each.point}: off by {error:.1f} nm", fontsize="small")
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
            float(np.nanmean((step + rest)[train])) for step, rest, train in zip(steps, rests, trains, strict=True)
        ]
        seen = np.array([each.spec.run_id not in held_out for _, each in chosen])
        label = value_label(group, second.unit) if second and group is not None else None
        y = np.array(forward) * 1e9
        ax.plot(x, y, color=colour, linewidth=1, alpha=0.6)
        ax.plot(x[seen], y[seen], "o", color=colour, label=label)
        ax.plot(x[~seen], y[~seen], "o", markerfacecolor="white", color=colour, markeredgewidth=1.5)
    ax.plot([], [], "o", markerfacecolor="white", color=MEASURED, markeredgewidth=1.5, label="held out")
    unit = "10¹² A/m²" if first.unit == "A/m^2" else first.unit
    ax.set_xlabel(f"{(first.label or first.name).lower()} ({unit})")
    ax.set_ylabel("wall moves by (nm per pulse)")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(title=second.label or second.name if second else None, frameon=False, fontsize="small")
    return figure


def _first_train(amplitudes: np.ndarray) -> slice:
    changes = np.flatnonzero(np.sign(amplitudes) != np.sign(amplitudes[0]))
    return slice(0, int(changes[0]) if changes.size else None)
