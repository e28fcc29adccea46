"""Figures of the report of a layer that learns on junctions that are written by chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.junctions.stochastic_stdp.results import LearningPoint, TaskResults
from solitons.campaigns.junctions.stochastic_stdp.settings import CarsTask, Writing
from solitons.campaigns.junctions.stochastic_stdp.trials import CarsTaught, DigitsTaught
from solitons.figures import bare, new_figure
from solitons.junctions.pillar_pulses import PillarPulse
from solitons.spiking.lane_scores import busy_lanes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "compared_figure",
    "currents_figure",
    "digits_figure",
    "lanes_figure",
    "pulse_figure",
    "raster_figure",
]

COLOURS = {"cars": "#0B5C8A", "digits": "#D55E00"}
WORDS = {"cars": "cars: detected / (passed + false alarms)", "digits": "held-out digits named right"}
_CURVE = 25
_IMAGES = 30
_ENERGIES = ("learning_energy", "pulse_energy")
_STRETCH = 30.0
"""s of the recording in the raster."""


def pulse_figure(pulse: PillarPulse, writing: Writing, chosen: Mapping[str, LearningPoint]) -> Figure:
    """Chance that a pulse switches, and the mean energy of pulses, over the current."""
    figure = new_figure(7.8, 2.9)
    chances, energies = figure.subplots(1, 2)
    currents = np.linspace(0.5 * writing.currents[0], 1.1 * writing.currents[-1], _CURVE)
    scale = pulse.critical_current
    chances.plot(currents / scale, [np.mean(pulse.chances(current)) for current in currents], color="#555555")
    at = np.array(writing.currents)
    chances.plot(at / scale, [np.mean(pulse.chances(current)) for current in at], "o", color="#555555", markersize=4)
    found = np.array([pulse.energies(current) for current in at]) * 1e15
    for (kind, state), style, label in (
        ((0, 0), "-", "set, antiparallel"),
        ((0, 1), "--", "set, parallel already"),
        ((1, 1), "-", "reset, parallel"),
        ((1, 0), "--", "reset, antiparallel already"),
    ):
        colour = "#0B5C8A" if kind == 0 else "#B0413E"
        energies.plot(at / scale, found[:, kind, state], linestyle=style, color=colour, label=label)
    for name, point in chosen.items():
        for ax in (chances, energies):
            ax.axvline(point.current / scale, color=COLOURS[name], linestyle=":", linewidth=1)
    for name in chosen:
        chances.plot([], [], color=COLOURS[name], linestyle=":", label=f"chosen for {name}")
    chances.set(xlabel="current density / critical", ylabel="chance that a pulse switches", ylim=(0, 1.03))
    energies.set(xlabel="current density / critical", ylabel="mean energy of a pulse (fJ)", ylim=(0, None))
    if chosen:
        chances.legend(frameon=False, fontsize="small")
    energies.legend(framealpha=1, edgecolor="none", fontsize="small")
    bare(chances, energies)
    return figure


def lanes_figure(task: CarsTask, taught: CarsTaught) -> Figure:
    """What each neuron has learned: its parallel junctions on the picture, and the lane it stands for."""
    side = task.road.pixels
    order = np.argsort(np.where(taught.lanes < 0, 10_000, taught.lanes), kind="stable")[:_IMAGES]
    columns = 10
    rows = int(np.ceil(order.size / columns))
    figure = new_figure(7.8, 1.05 * rows + 0.1)
    grid = figure.subplots(rows, columns, squeeze=False)
    for ax in grid.flat:
        ax.axis("off")
    for ax, neuron in zip(grid.flat, order, strict=False):
        # Brighter and darker share a pixel; x is the first index of an address.
        weight = taught.states[neuron].mean(axis=-1).reshape(side, side, 2).mean(axis=-1)
        ax.imshow(weight.T, cmap="magma", vmin=0, vmax=1, interpolation="nearest")
        lane = taught.lanes[neuron]
        ax.set_title(f"lane {lane + 1}" if lane >= 0 else "no lane", fontsize=7, pad=2)
    return figure


def raster_figure(taught: CarsTaught, lanes: int) -> Figure:
    """A stretch of the recording that is counted: cars on their lanes, and spikes of neurons that stand for these."""
    figure = new_figure(7.8, 2.6)
    ax = figure.subplots()
    cars, response = taught.recording.cars, taught.response
    start = _busiest(cars.enters.values, taught.recording.duration)
    for lane, enters, leaves in zip(cars.lane.values, cars.enters.values, cars.leaves.values, strict=True):
        if leaves > start and enters < start + _STRETCH:
            ax.barh(lane + 1, leaves - enters, left=enters - start, height=0.7, color="#D9DDE1")
    spikes = response.times - start
    within = (spikes >= 0) & (spikes <= _STRETCH)
    named = taught.lanes[response.neurons]
    alone = _alone(response.times, named, taught)
    for chosen, colour, label in (
        (within & (named >= 0) & ~alone, "#0B5C8A", "spike while a car is on the lane"),
        (within & (named >= 0) & alone, "#D55E00", "false alarm"),
    ):
        ax.plot(spikes[chosen], named[chosen] + 1, "|", color=colour, markersize=9, markeredgewidth=1.4, label=label)
    ax.barh([0], [0], color="#D9DDE1", label="car")
    ax.set(xlabel="time (s)", ylabel="lane", xlim=(0, _STRETCH), ylim=(0.4, lanes + 0.6), yticks=range(1, lanes + 1))
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize="small")
    bare(ax)
    return figure


def digits_figure(taught: DigitsTaught) -> Figure:
    """What each neuron has learned: parallel junctions of bright less dark pixels, and its name."""
    order = np.argsort(np.where(taught.classes < 0, 10_000, taught.classes), kind="stable")
    order = order[np.linspace(0, order.size - 1, min(2 * _IMAGES, order.size)).astype(int)]
    columns = 15
    rows = int(np.ceil(order.size / columns))
    figure = new_figure(7.8, 0.68 * rows + 0.1)
    grid = figure.subplots(rows, columns, squeeze=False)
    for ax in grid.flat:
        ax.axis("off")
    pixels = taught.states.shape[1] // 2
    side = round(pixels**0.5)
    for ax, neuron in zip(grid.flat, order, strict=False):
        weight = taught.states[neuron].mean(axis=-1)
        ax.imshow((weight[:pixels] - weight[pixels:]).reshape(side, side), cmap="Greys", vmin=-1, vmax=1)
        digit = taught.classes[neuron]
        ax.set_title(str(digit) if digit >= 0 else "–", fontsize=8, pad=2)
    return figure


def currents_figure(tasks: Mapping[str, TaskResults], critical: float) -> Figure:
    """Score over the current, and below the energy that learning takes."""
    figure = new_figure(7.8, 4.6)
    grid = figure.subplots(2, len(tasks), sharex="col", squeeze=False)
    for column, (name, task) in enumerate(tasks.items()):
        score, energy = grid[0, column], grid[1, column]
        at = np.array([point.current for point in task.currents]) / critical
        _points(score, at, task.currents, COLOURS[name])
        best = max(task.currents, key=lambda point: point.score)
        score.axhspan(100 * best.ci95[0], 100 * best.ci95[1], color=COLOURS[name], alpha=0.12, linewidth=0)
        score.axhline(100 * task.untrained_score, color="#888888", linestyle=":", label="without learning")
        whole, each = (np.array([getattr(point, kind) for point in task.currents]) for kind in _ENERGIES)
        energy.plot(at, whole * 1e9, "o-", color=COLOURS[name], markersize=4, label="all pulses of a layer (left)")
        pulses = energy.twinx()
        pulses.plot(at, each * 1e15, "s--", color="#777777", markersize=3)
        energy.plot([], [], "s--", color="#777777", markersize=3, label="one pulse (right)")
        pulses.set(ylim=(0, None), ylabel="energy (fJ)")
        pulses.spines["top"].set_visible(False)
        for ax in (score, energy):
            ax.axvline(task.chosen.current / critical, color=COLOURS[name], linestyle=":", linewidth=1)
        score.set(title=WORDS[name], ylabel="score (%)", ylim=(0, 100))
        score.title.set_size("medium")
        energy.set(xlabel="current density / critical", ylabel="energy (nJ)", ylim=(0, None))
        score.legend(frameon=False, fontsize="small", loc="lower right")
        energy.legend(frameon=False, fontsize="small")
        bare(score)
        energy.spines["top"].set_visible(False)
    return figure


def compared_figure(tasks: Mapping[str, TaskResults]) -> Figure:
    """Scores over the spread from junction to junction, and over the number of junctions a synapse."""
    figure = new_figure(7.8, 2.9)
    spreads, counts = figure.subplots(1, 2, sharey=True)
    for name, task in tasks.items():
        for ax, points, values in (
            (spreads, task.spreads, [100 * point.spread for point in task.spreads]),
            (counts, task.junctions, [float(point.junctions) for point in task.junctions]),
        ):
            if points:
                _points(ax, np.array(values), points, COLOURS[name], name)
    spreads.set(xlabel="spread of barrier and critical current (%)", ylabel="score (%)", ylim=(0, 100))
    counts.set(xlabel="junctions a synapse")
    together = sorted({point.junctions for task in tasks.values() for point in task.junctions})
    if together:
        counts.set_xscale("log")
        counts.set_xticks(together, [str(each) for each in together])
        counts.minorticks_off()
    (spreads if any(task.spreads for task in tasks.values()) else counts).legend(frameon=False, fontsize="small")
    bare(spreads, counts)
    return figure


def _points(ax: Axes, at: np.ndarray, points: Sequence[LearningPoint], colour: str, label: str | None = None) -> None:
    means = np.array([100 * point.score for point in points])
    low, high = (np.array([100 * point.ci95[k] for point in points]) for k in (0, 1))
    ax.errorbar(at, means, (means - low, high - means), color=colour, marker="o", markersize=4, capsize=3, label=label)


def _busiest(enters: np.ndarray, duration: float) -> float:
    """Start of the stretch with as many cars as the median one, so that what is taught is usual."""
    starts = np.arange(0.0, max(duration - _STRETCH, 1e-9), _STRETCH)
    cars = np.array([np.sum((enters >= start) & (enters < start + _STRETCH)) for start in starts])
    return float(starts[np.argsort(cars, kind="stable")[cars.size // 2]])


def _alone(times: np.ndarray, lanes: np.ndarray, taught: CarsTaught) -> np.ndarray:
    many = 1 + max(int(lanes.max(initial=0)), int(taught.recording.cars.lane.max()))
    busy = busy_lanes(times, taught.recording, many)
    return np.asarray((lanes >= 0) & ~busy[np.arange(times.size), np.maximum(lanes, 0)])
