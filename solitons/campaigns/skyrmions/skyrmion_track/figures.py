"""The report's own figures: what the model predicts beside micromagnetics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import constants

from solitons.campaigns.skyrmions.observation import Observed, paths_of
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, value_label
from solitons.skyrmions.expulsion import Expulsion, balanced_currents
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.forces import EdgeForce, LandscapeForce, NoForce, part_of
from solitons.skyrmions.landscape import Landscape
from solitons.skyrmions.near_edge import measured_forces
from solitons.skyrmions.simulation import follow_tracks
from solitons.skyrmions.trajectory import SkyrmionTrajectory

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["edge_figure", "expulsion_figure", "landscape_figure", "paths_figure", "velocity_figure"]

Floats = npt.NDArray[np.float64]

_NANO = 1e9
_DISTANCE = "distance of the centre from the edge (nm)"
_TERA = 1e-12
_CURRENTS = 60
_ROOM = 300.0  # K


def paths_figure(observed: Sequence[Observed], fit: ThieleFit, expulsion: Expulsion | None) -> Figure:
    """The way of every skyrmion in the track, and the model's."""
    held_out = set(fit.provenance.held_out)
    figure = new_figure(7.6, 3.6)
    ax = figure.subplots()
    low, high = observed[0].trajectories[0].edges
    ax.axhspan(0, (high - low) * _NANO, color="0.95", zorder=0)
    for each in observed:
        unseen = each.spec.run_id in held_out or not each.swept
        paths = paths_of(fit, each)
        if expulsion is not None:
            paths = expulsion.let_go(paths, (low, high))
        for run, path in zip(each.trajectories, np.moveaxis(paths, 1, 0), strict=True):
            x, y = (run.position - (0.0, low)).T * _NANO
            ax.plot(x, y, "o", color=MEASURED, markersize=3.5, markerfacecolor="white" if unseen else MEASURED)
            ax.plot(*((path - (0.0, low)).T * _NANO), color=PREDICTED, linewidth=1.2)
            there = np.flatnonzero(run.present)[-1]
            if run.expelled:
                ax.plot(x[there], y[there], "x", color="black", markersize=7)
            label = f"{run.current * _TERA:.3g}"
            ax.annotate(label, (x[there], y[there]), (4, 0), textcoords="offset points", fontsize=7, va="center")
    ax.plot([], [], "o", color=MEASURED, markersize=4, label="fitted")
    ax.plot([], [], "o", color=MEASURED, markersize=4, markerfacecolor="white", label="not seen by the fit")
    ax.plot([], [], color=PREDICTED, label="model")
    ax.plot([], [], "x", color="black", label="last seen before it leaves")
    bends = fit.dynamics.bends
    if bends is None:
        ax.set(xlabel="x (nm)", ylabel="y from the lower edge (nm)")
    else:
        ax.set(xlabel="along the middle of the track (nm)", ylabel="from the edge on the right (nm)")
        for place in np.asarray(bends.begin)[1:] * _NANO:
            ax.axvline(place, color="0.6", linewidth=0.8, linestyle=":")
        ax.plot([], [], ":", color="0.6", label="a bend begins or ends")
    ax.set_ylim(0, (high - low) * _NANO)
    ax.margins(x=0.08)
    figure.legend(loc="outside upper center", ncols=5, frameon=False, fontsize="small")
    return figure


def landscape_figure(observed: Sequence[Observed], landscape: Landscape) -> Figure:
    """The landscape of the track's material with the skyrmions' ways over it, and its energy along them."""
    low, high = observed[0].trajectories[0].edges
    spline, heat = landscape.force().energy, constants.k * _ROOM
    figure = new_figure(7.6, 4.6)
    above, below = figure.subplots(2, 1, sharex=True)
    inside = (landscape.y > low) & (landscape.y < high)
    y = (landscape.y[inside] - low) * _NANO
    energies = landscape.breathing[:, inside].T / heat
    drawn = above.pcolormesh(landscape.x * _NANO, y, energies, cmap="cividis", shading="nearest")
    figure.colorbar(drawn, ax=above, location="top", label=f"energy (kT at {_ROOM:.0f} K)")
    for run in (run for each in observed for run in each.trajectories):
        places = run.position[run.present]
        above.plot(*((places - (0.0, low)).T * _NANO), color="white", linewidth=1.0)
        below.plot(places[:, 0] * _NANO, spline.value(places) / heat, "o", color=MEASURED, markersize=2.5)
    middle = np.stack([landscape.x, np.full(landscape.x.size, (low + high) / 2)], axis=-1)
    rigid = landscape.force(rigid=True).energy
    below.plot(landscape.x * _NANO, spline.value(middle) / heat, color=PREDICTED, label="in the middle of the track")
    below.plot(landscape.x * _NANO, rigid.value(middle) / heat, ":", color=PREDICTED, label="of a rigid texture")
    below.plot([], [], "o", color=MEASURED, markersize=3, label="where skyrmions went")
    above.set(ylabel="y (nm)")
    below.set(xlabel="x (nm)", ylabel="energy (kT)")
    bare(below)
    below.legend(frameon=False, fontsize="small")
    return figure


def velocity_figure(observed: Sequence[Observed], fit: ThieleFit) -> Figure:
    """Mean velocity and direction over the current, with the model's lines."""
    strongest = max((each for each in observed if not each.expelled), key=lambda each: abs(each.current))
    largest, example = abs(strongest.current), strongest.trajectories[0]
    starts = np.stack([run.position[0] for run in strongest.trajectories])
    sizes = np.linspace(0.02, 1.02, _CURRENTS) * largest
    waves = [example.current_density * (size / largest) for size in sizes]
    early, late = _early(example), example.time.size - 1
    times = example.time[[0, early, late]]
    # The mean of the skyrmions, if there are several.
    bold = replace(fit.dynamics, provenance=None)
    paths = follow_tracks(bold, times, waves, positions=starts).mean(axis=2)
    way = (paths[:, 2] - paths[:, 0]) / (times[2] - times[0])
    figure = new_figure(7.6, 3.2)
    left, right = figure.subplots(1, 2)
    signed = np.sign(example.current) * sizes * _TERA
    left.plot(signed, np.hypot(*way.T), color=PREDICTED, label="model")
    right.plot(signed, _degrees(paths[:, 1] - paths[:, 0]), color=PREDICTED, linestyle="--")
    right.plot(signed, _degrees(way), color=PREDICTED)
    held_out = set(fit.provenance.held_out)
    for each in observed:
        if not each.stays:  # a mean over another time would be another thing
            continue
        run, places = each.trajectories[0], np.mean([run.position for run in each.trajectories], axis=0)
        moved = (places[-1] - places[0]) / (run.time[-1] - run.time[0])
        face = "white" if run.run_id in held_out or not each.swept else MEASURED
        style = {"color": MEASURED, "markerfacecolor": face}
        left.plot(run.current * _TERA, np.hypot(*moved), "o", **style)
        right.plot(run.current * _TERA, _degrees(places[_early(run)] - places[0]), "^", **style)
        right.plot(run.current * _TERA, _degrees(moved), "o", **style)
    left.plot([], [], "o", color=MEASURED, label="fitted")
    left.plot([], [], "o", color=MEASURED, markerfacecolor="white", label="not seen by the fit")
    current, along = "current density (10¹² A/m²)", "+x" if fit.dynamics.bends is None else "the track"
    left.set(xlabel=current, ylabel="mean velocity (m/s)", ylim=(0, None))
    right.set(xlabel=current, ylabel=f"angle from {along} (degrees)")
    right.plot([], [], "^--", color="0.4", label=f"first {value_label(times[1] - times[0], 's', digits=2)}")
    right.plot([], [], "o-", color="0.4", label="whole run")
    right.legend(frameon=False, fontsize="small")
    bare(left, right)
    left.legend(frameon=False, fontsize="small")
    return figure


def edge_figure(observed: Sequence[Observed], fit: ThieleFit) -> Figure:
    """Force across the track over the distance from the edge, from velocities and by the fit."""
    dynamics = fit.dynamics
    force = part_of(dynamics.force, EdgeForce)
    assert force is not None
    low, high = force.edges
    trained = set(fit.provenance.trained_on)
    runs = [run for each in observed for run in each.trajectories if run.run_id in trained]
    rest = part_of(dynamics.force, LandscapeForce) or NoForce()
    where, across, currents = measured_forces(replace(dynamics, force=rest), runs)
    upper = where[:, 1] > (low + high) / 2
    distance = np.where(upper, high - where[:, 1], where[:, 1] - low)
    inwards = np.where(upper, -1, 1) * across[:, 1]
    figure = new_figure(5.8, 3.4)
    ax = figure.subplots()
    dots = ax.scatter(distance * _NANO, inwards * 1e12, c=np.abs(currents) * _TERA, s=14, cmap="viridis")
    s = np.linspace(max(0.5 * float(force.distance), 1e-9), (high - low) / 2, 300)
    places = np.stack([0 * s, low + s], axis=-1)
    ax.plot(
        s * _NANO, np.asarray(force.force(places))[:, 1] * 1e12, color=PREDICTED, label="fitted force of both edges"
    )
    ax.axvline(float(force.distance) * _NANO, color="0.6", linewidth=0.8, linestyle="--")
    ax.set(xlabel=_DISTANCE, ylabel="force towards the middle (pN)")
    ax.set_ylim(min(0.0, 1.1e12 * float(inwards.min())), None)
    bare(ax)
    ax.legend(frameon=False, fontsize="small")
    figure.colorbar(dots, ax=ax, label="current density (10¹² A/m²)")
    return figure


def expulsion_figure(observed: Sequence[Observed], fit: ThieleFit, expulsion: Expulsion) -> Figure:
    """The current that an edge balances, and where the skyrmions of the runs were nearest to it."""
    sign = 1 if expulsion.steady > 0 else -1
    distance, current = balanced_currents(fit.dynamics, sign)
    figure = new_figure(5.8, 3.4)
    ax = figure.subplots()
    inside = (distance > 0.6 * expulsion.distance) & (sign * current >= 0)
    ax.plot(distance[inside] * _NANO, sign * current[inside] * _TERA, color=PREDICTED, label="balanced by the edge")
    trained = set(fit.provenance.trained_on)
    for each in observed:
        face = MEASURED if each.spec.run_id in trained else "white"
        marker = "X" if each.expelled else "o"
        ax.plot(
            each.nearest * _NANO, abs(each.current) * _TERA, marker, color=MEASURED, markerfacecolor=face, markersize=6
        )
    if expulsion.current is not None:
        ax.axhline(abs(expulsion.current) * _TERA, color=PREDICTED, linestyle=":", linewidth=1)
        ax.annotate(
            f"expels within the runs' time: {value_label(abs(expulsion.current), 'A/m^2', digits=3)}",
            (0.98, abs(expulsion.current) * _TERA),
            (0, 3),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            fontsize=7.5,
            ha="right",
            color=PREDICTED,
        )
    ax.plot([], [], "o", color=MEASURED, label="fitted, nearest to the edge")
    ax.plot([], [], "o", color=MEASURED, markerfacecolor="white", label="not seen by the fit")
    ax.plot([], [], "X", color=MEASURED, markerfacecolor="white", label="leaves")
    ax.set(xlabel=_DISTANCE, ylabel="current density (10¹² A/m²)", ylim=(0, None))
    bare(ax)
    ax.legend(frameon=False, fontsize="small")
    return figure


def _early(run: SkyrmionTrajectory) -> int:
    """The second sample under the current: the skyrmion is still free, and has moved."""
    driven = np.flatnonzero(np.abs(run.current_density(run.time)) > 0)
    return int(min(max(driven[0] if driven.size else 1, 1) + 1, run.time.size - 1))


def _degrees(way: Floats) -> Floats:
    angle: Floats = np.degrees(np.arctan2(way[..., 1], way[..., 0]))
    return angle
