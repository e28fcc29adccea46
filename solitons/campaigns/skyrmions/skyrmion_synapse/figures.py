"""The report's own figures: where the row's skyrmions were, what the junction read, and what heat does to levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING

import numpy as np

from runs import RunSpec
from solitons.campaigns.skyrmions.observation import Observed, paths_of
from solitons.campaigns.skyrmions.skyrmion_synapse.reading import Reading
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import RowReadOut
from solitons.campaigns.skyrmions.skyrmion_synapse.tracks import Tracks
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, value_label
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.row_levels import RowLevels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["chosen_runs", "conductance_figure", "levels_figure", "places_figure", "track_figure", "tracks_figure"]

_NANO, _MICRO = 1e9, 1e6
_PANELS = 6
_DOTS = 40  # samples of a skyrmion
_LINES = 30  # rows that are drawn one by one


def track_figure(spec: RunSpec, read_out: RowReadOut) -> Figure:
    """The track from above with the junction over it."""
    figure = new_figure(7.6, 2.2)
    ax = spec.device.plot(figure.subplots())
    for end in read_out.window:
        ax.axvline(end * _NANO, color="black", linestyle="--", linewidth=1.2)
    return figure


def chosen_runs(observed: Sequence[Observed]) -> list[Observed]:
    """The runs that are drawn one by one: all, or some from the weakest to the strongest."""
    order = sorted(observed, key=lambda each: (abs(each.current), each.spec.run_id))
    if len(order) <= _PANELS:
        return order
    return [order[index] for index in np.linspace(0, len(order) - 1, _PANELS).round().astype(int)]


def places_figure(runs: Sequence[Observed], fit: ThieleFit, read_out: RowReadOut) -> Figure:
    """Position of every skyrmion along the track against time, a panel a run, and the model's."""
    held_out = set(fit.provenance.held_out)
    lines = -(-len(runs) // 2)
    figure = new_figure(7.6, 0.4 + 2.2 * lines)
    panels = figure.subplots(lines, 2, sharex=True, sharey=True, squeeze=False)
    for ax in panels.flat[len(runs) :]:
        ax.set_visible(False)
    for ax, each in zip(panels.flat, runs, strict=False):
        ax.axhspan(*(end * _NANO for end in read_out.window), color="0.94", zorder=0)
        unseen = each.spec.run_id in held_out
        for run, path in zip(each.trajectories, np.moveaxis(paths_of(fit, each), 1, 0), strict=True):
            time = run.time * _NANO
            face = "white" if unseen else MEASURED
            style = {"color": MEASURED, "markersize": 3.2, "markerfacecolor": face}
            ax.plot(time, run.position[:, 0] * _NANO, "o", markevery=max(1, time.size // _DOTS), **style)
            ax.plot(time, path[:, 0] * _NANO, color=PREDICTED, linewidth=1.1)
        ax.set_title(f"{each.run.role}{', held out' if unseen else ''}", fontsize="small")
        bare(ax)
    for ax in panels[:, 0]:
        ax.set_ylabel("x (nm)")
    for ax in panels[-1]:
        ax.set_xlabel("time (ns)")
    ax = panels[0, 0]
    ax.plot([], [], "o", color=MEASURED, markersize=3, label="micromagnetics, fitted")
    ax.plot([], [], "o", color=MEASURED, markersize=3, markerfacecolor="white", label="not seen by the fit")
    ax.plot([], [], color=PREDICTED, label="model")
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize="small")
    return figure


def conductance_figure(observed: Sequence[Observed], readings: Sequence[Reading], held_out: Set[str]) -> Figure:
    """The junction's conductance at rest against the number of the pulse, of the film and by the model."""
    from matplotlib import colormaps  # half of what the command does needs no figures

    figure = new_figure(7.6, 3.6)
    ax = figure.subplots()
    order = sorted(zip(observed, readings, strict=True), key=lambda pair: (abs(pair[0].current), pair[0].spec.run_id))
    for index, (each, reading) in enumerate(order):
        colour = colormaps["viridis"](0.85 * index / max(len(order) - 1, 1))
        pulse = np.arange(reading.measured.size)
        face = "white" if each.spec.run_id in held_out else colour
        # One reading before the pulses is known of every device.
        ax.plot(pulse, (reading.predicted + reading.offset) * _MICRO, color=colour, linewidth=1.2)
        ax.plot(pulse, reading.measured * _MICRO, "o", color=colour, markerfacecolor=face, label=str(each.run.role))
    ax.plot([], [], "o", color="0.4", markerfacecolor="white", label="held out")
    ax.plot([], [], color="0.4", label="model")
    ax.set(xlabel="pulses", ylabel="conductance (µS)")
    ax.set_xticks(range(max(reading.measured.size for reading in readings)))
    bare(ax)
    ax.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def levels_figure(counted: Mapping[float, RowLevels]) -> Figure:
    """Rows that pulses count up and down at each temperature, in levels."""
    figure = new_figure(7.6, 2.7)
    panels = figure.subplots(1, len(counted), sharey=True, squeeze=False)[0]
    for ax, (temperature, found) in zip(panels, counted.items(), strict=True):
        pulse = np.arange(found.level.size)
        # Where no skyrmion is under it at 0 K a junction conducts the same at all temperatures.
        levels = (found.conductance - counted[0.0].conductance[0, 0]) / found.step
        for row in levels[:_LINES]:
            ax.plot(pulse, row, color=MEASURED, linewidth=0.5, alpha=0.35)
        ax.step(pulse, found.level, where="mid", color="0.7", linewidth=1.0)
        ax.errorbar(
            pulse,
            levels.mean(axis=0),
            levels.std(axis=0),
            color=PREDICTED,
            linewidth=1.2,
            capsize=2,
            markersize=3,
            marker="o",
        )
        ax.set_title(f"{value_label(temperature, 'K')}: {found.verdict.verdict}", fontsize="small")
        ax.set(xlabel="pulses", xticks=pulse, yticks=range(int(found.level.max()) + 1))
        bare(ax)
    panels[0].set_ylabel("skyrmions under the junction")
    return figure


def tracks_figure(tracks: Tracks) -> Figure:
    """Rest positions of rows before the pulses and after each, in tracks of one drawing."""
    figure = new_figure(7.6, 2.8)
    ax = figure.subplots()
    count = np.arange(tracks.followed.shape[1])
    for index, path in enumerate(tracks.followed):
        ax.plot(count, path * _NANO, "-", color=PREDICTED, linewidth=0.9, label="_" if index else "model, a track")
    for index, path in enumerate(tracks.measured.values()):
        ax.plot(count, path * _NANO, "o", color=MEASURED, markersize=4, label="_" if index else "micromagnetics")
    if tracks.even is not None:
        ax.plot(count, tracks.even * _NANO, "k--", linewidth=1, label="model, the base's own track")
    ax.set(xlabel="pulse", ylabel="mean place of the row (nm)")
    ax.legend(frameon=False, fontsize="small")
    bare(ax)
    return figure
