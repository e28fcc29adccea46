"""The report's own figures: what the model predicts beside micromagnetics."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analysis.magnetisation_images import COLOURS
from solitons.campaigns.domain_walls.dw_synapse.heat_results import Arrival
from solitons.campaigns.domain_walls.dw_synapse.neurons import NeuronRuns
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.devices.neuron import firing_times
from solitons.devices.places import Place
from solitons.domain_walls.landscape import Landscape
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, plain_text, value_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solitons.campaigns.domain_walls.dw_synapse.found import Found

__all__ = [
    "MOST_PANELS",
    "after_pulses_figure",
    "arrivals_figure",
    "devices_figure",
    "displacement_figure",
    "drawn_runs",
    "held_out_figure",
    "landscape_figure",
    "mean_of_present",
    "neuron_runs_figure",
    "pushes_between",
    "steps_figure",
    "unseen",
]

_ENDS = 0.1  # of the measured stretch
MOST_PANELS = 48
"""Number of runs in a figure with a panel for each."""

_BY_SIGN = ((1, "J > 0", "^", COLOURS[0]), (-1, "J < 0", "v", COLOURS[1]))


def unseen(found: Found) -> list[Observation]:
    """The held-out runs, in the order of the sweep."""
    held_out = set(found.fit.provenance.held_out)
    return [each for each in found.observations if each.spec.run_id in held_out]


def mean_of_present(values: np.ndarray) -> float:
    """Mean of the values that are there; NaN, without a warning, if none is: a wall may leave before its first rest."""
    there = values[np.isfinite(values)]
    return float(np.mean(there)) if there.size else float("nan")


def held_out_figure(found: Found) -> Figure:
    """Wall position over time in the runs that the fit did not see, with the model's prediction."""
    chosen = unseen(found)
    columns = min(2, len(chosen))
    rows = -(-len(chosen) // columns)
    figure = new_figure(7.6, 2.1 * rows + 0.5)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for ax, each in zip(axes.flat, chosen, strict=False):
        run = each.trajectory
        residual = found.fit.residuals[run.run_id]
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
        bare(ax)
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


def drawn_runs(found: Found) -> list[Observation]:
    """All runs in the order of the sweep; of more than `MOST_PANELS` as many, spread evenly."""
    count = len(found.observations)
    if count <= MOST_PANELS:
        return list(found.observations)
    return [found.observations[index] for index in np.linspace(0, count - 1, MOST_PANELS).round().astype(int)]


def after_pulses_figure(
    found: Found, values_of: Callable[[Observation], npt.NDArray[np.float64]], what: str, scale: float
) -> Figure:
    """Values of every run at rest, over the number of pulses: a panel a run, its swept values above it.

    `values_of` gives a run's values before the first pulse and after each in SI, `what` is the label of the axis with
    its unit, and `scale` converts to that.
    """
    from matplotlib.lines import Line2D

    runs, held_out = drawn_runs(found), set(found.fit.provenance.held_out)
    sizes = [len(axis.values) for axis in found.observations[0].point.axes]
    whole = len(found.observations) == math.prod(sizes) and len(runs) % sizes[-1] == 0
    columns = sizes[-1] if whole and 2 < sizes[-1] < 6 else min(4, len(runs))
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
        bare(ax)
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


def displacement_figure(found: Found) -> Figure:
    """Mean distance per pulse of the first train, the pulses before the sign changes, over the first axis.

    There is a curve for each value of the second axis, if there is one.
    """
    figure = new_figure(5.6, 3.4)
    ax = figure.subplots()
    first, *others = found.observations[0].point.axes
    second = others[0] if others else None
    held_out = set(found.fit.provenance.held_out)
    groups = [float(value) for value in second.values] if second else [None]
    colours = ["#0072B2", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000"]
    for colour, group in zip(itertools.cycle(colours), groups, strict=False):
        chosen = [
            (each.point.values[0], each)
            for each in found.observations
            if group is None or each.point.values[1] == group
        ]
        if not chosen:
            continue  # the fit needed none of them
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
    bare(ax)
    ax.legend(title=plain_text(second.heading) if second else None, frameon=False, fontsize="small")
    return figure


def _first_train(amplitudes: np.ndarray) -> slice:
    changes = np.flatnonzero(np.sign(amplitudes) != np.sign(amplitudes[0]))
    return slice(0, int(changes[0]) if changes.size else None)


def landscape_figure(landscape: Landscape, places: Sequence[Place]) -> Figure:
    """The push over the position, and the places that hold the wall."""
    drawn = new_figure(7.6, 2.8)
    ax = drawn.subplots()
    pinning = landscape.pinning
    ax.axhline(0, color="0.7", linewidth=0.8)
    ax.plot(pinning.places * 1e9, np.asarray(pinning.values) / 1e3, color=PREDICTED, linewidth=1.2)
    ax.plot(landscape.position * 1e9, landscape.push / 1e3, ".", color=MEASURED, markersize=3)
    for each in places:
        ax.plot(each.position * 1e9, 0, "o", color="#0072B2", markerfacecolor="white", markersize=6)
    if (most := pushes_between(landscape)) is not None:
        ax.set_ylim(-most / 1e3, most / 1e3)
    ax.set_xlabel("wall position (nm)")
    ax.set_ylabel("push (kA/m)")
    bare(ax)
    return drawn


def pushes_between(landscape: Landscape) -> float | None:
    """How far the picture goes, in A/m, where the ends push so hard that they would hide what lies between them."""
    values, places = np.asarray(landscape.pinning.values), landscape.pinning.places
    # Between the first and the last place where nothing pushes, and in the middle where there is but one.
    margin = _ENDS * np.ptp(landscape.position)
    inner = (places > landscape.position[0] + margin) & (places < landscape.position[-1] - margin)
    turns = np.flatnonzero(values[:-1] * values[1:] < 0)
    if turns.size:
        inner[turns[0] : turns[-1] + 2] = True
    most = 1.3 * float(np.abs(values[inner]).max(initial=0.0))
    return most if 0 < most < 0.5 * np.abs(values).max() else None


def steps_figure(found: Found) -> Figure:
    """Conductance before and after every pulse, without heat and at each temperature."""
    whole = found.observations[0].junction.attrs
    low = whole["antiparallel_conductance"]
    span = whole["parallel_conductance"] - low
    drawn = new_figure(7.6, 2.6)
    axes = drawn.subplots(1, len(found.hot), sharey=True, squeeze=False)[0]
    for ax, steps in zip(axes, found.hot, strict=True):
        share = (steps.conductance - low) / span
        count = np.arange(share.shape[1])
        if len(share):
            mean, deviation = share.mean(axis=0), share.std(axis=0)
            ax.fill_between(count, mean - deviation, mean + deviation, color=PREDICTED, alpha=0.25, linewidth=0)
            ax.plot(count, mean, color=PREDICTED, linewidth=1.2)
        for each in steps.measured_conductance:
            ax.plot(count, (each - low) / span, "o", color=MEASURED, markerfacecolor="none", markersize=4)
        ax.set_title(value_label(steps.temperature, "K"), fontsize="small")
        ax.set_xlabel("pulse")
        bare(ax)
    axes[0].set_ylabel("conductance (share of range)")
    return drawn


def arrivals_figure(arrivals: Sequence[Arrival]) -> Figure:
    """Places in which single pulses with heat leave the wall, by the place it comes from: areas are shares."""
    temperatures = sorted({each.temperature for each in arrivals})
    drawn = new_figure(7.6, 2.9 * len(temperatures))
    axes = drawn.subplots(len(temperatures), 2, sharex=True, sharey=True, squeeze=False)
    for row, temperature in zip(axes, temperatures, strict=True):
        for ax, (sign, says, _, colour) in zip(row, _BY_SIGN, strict=True):
            here = [each for each in arrivals if (each.temperature, each.sign) == (temperature, sign)]
            for each in here:
                for counts, look in (
                    (each.expected, {"facecolors": PREDICTED, "alpha": 0.35, "linewidths": 0}),
                    (each.arrived, {"facecolors": "none", "edgecolors": MEASURED, "linewidths": 1.2}),
                ):
                    shares = np.array(list(counts.values())) / max(sum(counts.values()), 1)
                    ax.scatter([each.place + 1] * len(counts), np.array(list(counts)) + 1, 90 * shares, **look)
            ax.set_title(f"{says}, {value_label(temperature, 'K')}", fontsize="small", color=colour)
            bare(ax)
        row[0].set_ylabel("place after it (0: none)")
    for ax in axes[-1]:
        ax.set_xlabel("place before the pulse")
    for axis in (axes[0, 0].xaxis, axes[0, 0].yaxis):
        axis.get_major_locator().set_params(integer=True)
    return drawn


def devices_figure(samples: npt.NDArray[np.float64]) -> Figure:
    """Rest positions of the walls of different devices before the pulses and after each, and their mean."""
    drawn = new_figure(7.6, 2.6)
    ax = drawn.subplots()
    count = np.arange(samples.shape[1])
    for index, each in enumerate(samples):
        name = "_" if index else "a device"
        ax.plot(count, each * 1e9, "-", color=MEASURED, linewidth=0.8, alpha=0.6, label=name)
    whole = samples[np.isfinite(samples).all(axis=1)]
    ax.plot(count, whole.mean(axis=0) * 1e9, "-", color=PREDICTED, linewidth=1.8, label="mean")
    ax.set_xlabel("pulse")
    ax.set_ylabel("wall position (nm)")
    ax.legend(frameon=False, fontsize="small")
    bare(ax)
    return drawn


def neuron_runs_figure(neuron: NeuronRuns) -> Figure:
    """The neuron's own runs: the wall until it fires, and when it fires by the amplitude of the pulses."""
    results = neuron.results
    drawn = new_figure(7.6, 3.0)
    path, times = drawn.subplots(1, 2, width_ratios=[1.5, 1])
    for index, (each, (t, x)) in enumerate(zip(neuron.observations, neuron.predicted, strict=True)):
        run, fired = each.trajectory, results.firings[index].measured
        seen = run.time <= (fired if fired is not None else results.pulses * neuron.train.period)
        path.plot(run.time[seen] * 1e9, run.position[seen] * 1e9, ".", color=MEASURED, markersize=2.5)
        path.plot(t * 1e9, x * 1e9, "-", color=PREDICTED, linewidth=1)
    path.axhline(results.threshold * 1e9, color="black", linestyle="--", linewidth=1)
    path.text(0, results.threshold * 1e9, " fires", va="bottom", fontsize="small")
    path.margins(y=0.12)
    path.set_xlabel("time (ns)")
    path.set_ylabel("wall position (nm)")
    amplitudes = np.array([each.amplitude for each in results.firings])
    fine = np.linspace(amplitudes.min(), amplitudes.max(), 60)
    sign = 1 if neuron.train.polarity == "positive" else -1
    train = neuron.train
    predicted = firing_times(
        neuron.neuron, sign * fine, width=train.width, rise=train.rise, period=train.period, count=results.pulses
    )
    times.plot(
        fine / 1e12, np.where(np.isfinite(predicted), predicted, np.nan) * 1e9, "-", color=PREDICTED, label="model"
    )
    measured = np.array([np.nan if each.measured is None else each.measured for each in results.firings])
    times.plot(amplitudes / 1e12, measured * 1e9, "o", color=MEASURED, label="micromagnetics")
    silent = amplitudes[np.isnan(measured)] / 1e12
    for index, each in enumerate(silent):
        name = "_" if index else "does not fire"
        times.axvline(each, color=MEASURED, linestyle=":", linewidth=1, label=name)
    times.set_ylim(0, 1.1 * times.get_ylim()[1])
    times.set_xlabel("current density (10¹² A/m²)")
    times.set_ylabel("fires after (ns)")
    times.legend(frameon=False, fontsize="small")
    bare(path, times)
    return drawn
