"""The report's own figures: what the model says beside what micromagnetics said."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from geometries import format_quantity
from runs import CurrentPulses
from solitons.campaigns.dw_synapse.campaign import Campaign
from solitons.campaigns.dw_synapse.observation import Observation
from solitons.campaigns.page import new_figure
from solitons.networks.digits import neuron_of
from solitons.walls.fit import WallFit
from solitons.walls.neuron import exciting_sign, trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure
from solitons.campaigns.dw_synapse.stripe_device import stripe_of

__all__ = [
    "digits_figure",
    "displacement_figure",
    "held_out_figure",
    "neuron_figure",
    "point_label",
    "unseen",
    "value_label",
]

MEASURED = "#555555"
PREDICTED = "#D55E00"


def unseen(
    observations: Mapping[tuple[float, ...], Observation], fit: WallFit
) -> list[tuple[tuple[float, ...], Observation]]:
    """The held-out runs, in the order of the sweep."""
    held_out = set(fit.provenance.held_out)
    return [(point, each) for point, each in observations.items() if each.spec.run_id in held_out]


def value_label(value: float, unit: str) -> str:
    """A quantity as it is written on a board: "300 ps", "0.6 × 10¹² A/m²"."""
    if unit == "A/m^2":
        return f"{value / 1e12:g} × 10¹² A/m²"
    return format_quantity(value, unit).replace("^2", "²").replace("^3", "³") if unit else f"{value:g}"


def point_label(campaign: Campaign, point: Sequence[float]) -> str:
    """A run's swept values in words, such as "0.9 × 10¹² A/m², 400 ps"."""
    return ", ".join(value_label(value, axis.unit) for axis, value in zip(campaign.sweep, point, strict=True))


def held_out_figure(campaign: Campaign, observations: Mapping[tuple[float, ...], Observation], fit: WallFit) -> Figure:
    """Wall position over time in the runs that the fit did not see, with the model's prediction."""
    shown = unseen(observations, fit)
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    figure = new_figure(7.6, 2.1 * rows + 0.5)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for ax, (point, each) in zip(axes.flat, shown, strict=False):
        run = each.trajectory
        residual = fit.residuals[run.run_id]
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
        ax.set_title(f"{point_label(campaign, point)}: off by {error:.1f} nm", fontsize="small")
        ax.spines[["top", "right"]].set_visible(False)
    for ax in axes.flat[len(shown) :]:
        ax.set_axis_off()
    for column in range(columns):
        lowest = max(row for row in range(rows) if row * columns + column < len(shown))
        axes[lowest, column].set_xlabel("time (ns)")
        axes[lowest, column].tick_params(labelbottom=True)
    figure.supylabel("wall position (nm)", fontsize="medium")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, frameon=False, fontsize="small")
    return figure


def displacement_figure(
    campaign: Campaign, observations: Mapping[tuple[float, ...], Observation], fit: WallFit
) -> Figure:
    """Mean distance per pulse of the first train, the pulses before the sign changes, over the first axis.

    There is a curve for each value of the second axis, if there is one.
    """
    figure = new_figure(5.6, 3.4)
    ax = figure.subplots()
    first = campaign.sweep[0]
    second = campaign.sweep[1] if len(campaign.sweep) > 1 else None
    held_out = set(fit.provenance.held_out)
    groups = [float(value) for value in second.values] if second else [None]
    colours = ["#0072B2", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000"]
    for colour, group in zip(itertools.cycle(colours), groups, strict=False):
        chosen = [(point[0], each) for point, each in observations.items() if group is None or point[1] == group]
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


def neuron_figure(fit: WallFit, example: Observation) -> Figure:
    """The fitted neuron: its wall under three currents, and how often it fires over the current."""
    neuron = neuron_of(fit, stripe_of(example.spec))
    lowest, highest = fit.provenance.fitted_range.amplitude
    train = next(step for step in example.spec.in_time.steps if isinstance(step, CurrentPulses))
    shape = {"width": fit.provenance.fitted_range.width[1], "rise": train.rise, "period": train.period}
    sign = exciting_sign(neuron, highest, **shape)
    count = 30
    figure = new_figure(7.6, 3.1)
    path, rate = figure.subplots(1, 2, width_ratios=[1.5, 1])
    shown = np.array([highest, (lowest + highest) / 2, lowest])
    time, position, _ = trace(neuron, sign * shown, **shape, count=count)
    for each, current, colour in zip(position, shown, ("#D55E00", "#009E73", "#0072B2"), strict=True):
        path.plot(
            time * 1e9,
            each * 1e9,
            color=colour,
            linewidth=1.2,
            label=value_label(float(f"{current:.3g}"), "A/m^2"),
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
    currents = np.linspace(lowest, highest, 25)
    _, _, spikes = trace(neuron, sign * currents, **shape, count=4 * count)
    rate.plot(
        currents / 1e12,
        spikes.sum(axis=1) / (4 * count * train.period) / 1e6,
        color=MEASURED,
        marker="o",
        markersize=3,
    )
    rate.set_xlabel("pulse amplitude (10¹² A/m²)")
    rate.set_ylabel("firing rate (MHz)")
    for ax in (path, rate):
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def digits_figure(confusion: np.ndarray, accuracies: Mapping[str, tuple[float, tuple[float, float] | None]]) -> Figure:
    """Accuracy of the three networks, and which digit was taken for which.

    Parameters
    ----------
    confusion : int, shape (10, 10)
        Test images by true and read digit.
    accuracies : mapping of str to (float, interval or None)
        Accuracy of each network with its 95 % interval.
    """
    figure = new_figure(7.6, 3.3)
    bars, matrix = figure.subplots(1, 2, width_ratios=[1, 1.15])
    names = list(accuracies)
    for index, name in enumerate(names):
        value, interval = accuracies[name]
        bars.barh(index, value, color=PREDICTED if interval else "#BBBBBB", height=0.6)
        if interval:
            bars.errorbar(value, index, xerr=[[value - interval[0]], [interval[1] - value]], color="black", capsize=3)
        bars.text(0.02, index, f"{name}: {value:.1%}", va="center", fontsize="small", color="black")
    bars.set_yticks([])
    bars.set_xlim(0, 1)
    bars.set_xlabel("accuracy on the test images")
    bars.invert_yaxis()
    bars.spines[["top", "right", "left"]].set_visible(False)

    image = matrix.imshow(np.sqrt(confusion), cmap="Greys")
    for (row, column), count in np.ndenumerate(confusion):
        if count:
            dark = np.sqrt(count) > image.norm.vmax / 2
            matrix.text(
                column,
                row,
                int(count),
                ha="center",
                va="center",
                fontsize=7,
                color="white" if dark else "black",
            )
    matrix.set_xticks(range(10))
    matrix.set_yticks(range(10))
    matrix.set_xlabel("read as")
    matrix.set_ylabel("digit")
    return figure
