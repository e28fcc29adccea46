"""The report's own figures: what the model says beside what micromagnetics said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from runs import Campaign
from solitons.fit import WallFit
from solitons.observation import Observation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["digits_figure", "displacement_figure", "held_out_figure", "unseen"]

MEASURED = "#555555"
PREDICTED = "#D55E00"


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def unseen(observations: Mapping[tuple[float, ...], Observation], fit: WallFit) -> list[tuple[tuple[float, ...], Observation]]:
    """The held-out runs, in the order of the sweep."""
    held_out = set(fit.provenance.held_out)
    return [(point, each) for point, each in observations.items() if each.spec.run_id in held_out]


def _value(axis_name: str, unit: str, value: float) -> str:
    from geometries import format_quantity

    return f"{axis_name} {format_quantity(value, unit)}" if unit else f"{axis_name} {value:g}"


def point_label(campaign: Campaign, point: Sequence[float]) -> str:
    """A run's swept values in words, such as "0.9 TA/m2, 0.4 ns"."""
    return ", ".join(
        _value(axis.label or axis.name, axis.unit, value) for axis, value in zip(campaign.sweep, point, strict=True)
    )


def held_out_figure(
    campaign: Campaign, observations: Mapping[tuple[float, ...], Observation], fit: WallFit
) -> Figure:
    """Wall position over time in the runs that the fit did not see, with the model's prediction."""
    shown = unseen(observations, fit)
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    figure = _figure(7.6, 2.1 * rows + 0.5)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for ax, (point, each) in zip(axes.flat, shown, strict=False):
        run = each.trajectory
        residual = fit.residuals[run.run_id]
        nano = 1e9
        ax.plot(run.time * nano, run.position * nano, color=MEASURED, linewidth=3, alpha=0.5, label="micromagnetics")
        ax.plot(run.time * nano, (run.position + residual) * nano, color=PREDICTED, linewidth=1.2, label="fitted model")
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
    """Mean distance per pulse of the first half of the train, over the first axis, a curve for each value of the second."""
    figure = _figure(5.6, 3.4)
    ax = figure.subplots()
    first = campaign.sweep[0]
    second = campaign.sweep[1] if len(campaign.sweep) > 1 else None
    held_out = set(fit.provenance.held_out)
    groups = [float(value) for value in second.values] if second else [None]
    colours = ["#0072B2", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000"]
    for colour, group in zip(colours, groups, strict=False):
        chosen = [(point[0], each) for point, each in observations.items() if group is None or point[1] == group]
        x = np.array([value for value, _ in chosen])
        steps = [each.pulses["displacement"].isel(wall=0).values for _, each in chosen]
        rests = [each.pulses["rest_displacement"].isel(wall=0).values for _, each in chosen]
        forward = [
            float(np.nanmean((step + rest)[: max(len(step) // 2, 1)])) for step, rest in zip(steps, rests, strict=True)
        ]
        seen = np.array([each.spec.run_id not in held_out for _, each in chosen])
        label = _value("", second.unit, group).strip() if second and group is not None else None
        y = np.array(forward) * 1e9
        ax.plot(x, y, color=colour, linewidth=1, alpha=0.6)
        ax.plot(x[seen], y[seen], "o", color=colour, label=label)
        ax.plot(x[~seen], y[~seen], "o", markerfacecolor="white", color=colour)
    ax.plot([], [], "o", markerfacecolor="white", color=MEASURED, label="held out")
    ax.set_xlabel(f"{first.label or first.name} ({first.unit.replace('^2', '²')})")
    ax.set_ylabel("wall moves by (nm per pulse)")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(title=second.label or second.name if second else None, frameon=False, fontsize="small")
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
    figure = _figure(7.6, 3.3)
    bars, matrix = figure.subplots(1, 2, width_ratios=[1, 1.15])
    names = list(accuracies)
    for index, name in enumerate(names):
        value, interval = accuracies[name]
        bars.barh(index, value, color=PREDICTED if interval else "#BBBBBB", height=0.6)
        if interval:
            bars.errorbar(
                value, index, xerr=[[value - interval[0]], [interval[1] - value]], color="black", capsize=3
            )
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
            matrix.text(column, row, int(count), ha="center", va="center", fontsize=7, color="white" if dark else "black")
    matrix.set_xticks(range(10))
    matrix.set_yticks(range(10))
    matrix.set_xlabel("read as")
    matrix.set_ylabel("digit")
    return figure


