"""Figures of the report of a vortex oscillator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from numpy.polynomial import polynomial

from solitons.campaigns.oscillators.vortex_oscillator.results import OrbitRun, VortexOscillatorResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, number_label
from solitons.oscillators.vortex_fit import CoreRun
from solitons.oscillators.vortex_thiele import VortexThiele

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["coefficients_figure", "orbits_figure", "transients_figure"]

_CURRENT = "current density (10$^{11}$ A/m$^2$)"
_BELOW: dict[str, Any] = {"loc": "outside lower center", "frameon": False, "fontsize": "small"}


def orbits_figure(results: VortexOscillatorResults, model: VortexThiele) -> Figure:
    """Radius and frequency of the orbit over the current: the runs, and the equation's steady orbits."""
    figure = new_figure(7.6, 3.4)
    axes = figure.subplots(1, 2)
    rows = [each for each in results.orbits if not each.event]
    currents = np.linspace(model.threshold(), 1.02 * rows[-1].current, 200)
    steady = np.transpose([model.orbit(each) for each in currents])
    for ax, name, line, scale in zip(axes, ("radius", "frequency"), steady, (1e9, 1e-9), strict=True):
        ax.plot(1e-11 * currents, scale * line, color=PREDICTED, label="equation, steady orbit")
        for use, fill, words in (("fitted", MEASURED, "run, fitted"), ("judged", "white", "run, no fit saw it")):
            dots = [(1e-11 * each.current, scale * getattr(each, name)) for each in rows if each.use == use]
            ax.plot(*np.transpose(dots), "o", color=MEASURED, markerfacecolor=fill, label=words, zorder=3)
        known = [each for each in rows if each.model_radius is not None]
        crosses = [(1e-11 * each.current, scale * getattr(each, f"model_{name}")) for each in known]
        ax.plot(*np.transpose(crosses), "x", color=PREDICTED, label="equation, at the end of the run", zorder=4)
        ax.axvline(1e-11 * model.threshold(), color="0.6", linestyle=":", label="threshold")
        ax.set_xlabel(_CURRENT)
    axes[0].set(ylabel="orbit radius (nm)", ylim=(0, None))
    axes[1].set_ylabel("frequency (GHz)")
    bare(*axes)
    figure.legend(*axes[0].get_legend_handles_labels(), ncols=3, **_BELOW)
    return figure


def transients_figure(runs: Sequence[tuple[OrbitRun, xr.Dataset, CoreRun]], model: VortexThiele | None) -> Figure:
    """Radius over time in every run, from each turn on the equation's."""
    figure = new_figure(7.6, 4.0)
    ax = figure.subplots()
    for number, (row, core, run) in enumerate(runs):
        colour = f"C{number % 10}"
        name = ", ".join(filter(None, (number_label(1e-11 * row.current, ".3g"), row.use, row.event)))
        ax.plot(1e9 * core["t"], 1e9 * core["radius"], color=colour, alpha=0.35, linewidth=1)
        ax.plot(1e9 * run.time, 1e9 * run.radius, "o", color=colour, markersize=3, label=name)
        if model is not None and not row.event:
            times = np.linspace(run.time[0], run.time[-1], 200)
            radii = model.radii(float(run.radius[0]), row.current, times)
            style = "-" if row.use == "judged" else "--"
            ax.plot(1e9 * times, 1e9 * radii, style, color="black", linewidth=1.2)
    if model is not None:
        ax.plot([], [], color="black", label="equation, judged")
        ax.plot([], [], "--", color="black", label="equation, fitted")
    ax.set(xlabel="time (ns)", ylabel="distance of the core from the middle (nm)", ylim=(0, None))
    bare(ax)
    figure.legend(loc="outside right upper", frameon=False, fontsize="small", title=_CURRENT, title_fontsize="small")
    return figure


def coefficients_figure(textures: Sequence[npt.NDArray[np.float64]], model: VortexThiele) -> Figure:
    """Damping and torque over the orbit, fitted and of the frames' textures by themselves; the stiffness."""
    figure = new_figure(8.2, 3.0)
    axes = figure.subplots(1, 3)
    g, s = float(model.gyrovector[0]), np.linspace(0, float(model.reach), 200)
    for ax, series, unit, style, name in (
        (axes[0], model.stiffness, 1e9, "-", "κ / G (10$^9$ 1/s)"),
        (axes[0], model.oersted_stiffness, 1e-3, "--", "κ$_J$ / G (10$^{-3}$ m$^2$/(A s))"),
        (axes[1], model.damping, 1.0, "-", "equation"),
        (axes[2], model.torque, 1e-3, "-", "equation"),
    ):
        ax.plot(s, polynomial.polyval(s**2, series) / (unit * g), style, color=PREDICTED, label=name)
    radii, damping, torque = np.concatenate(textures, axis=1)
    for ax, values in ((axes[1], damping / g), (axes[2], 1e3 * torque / g)):
        name = "texture of the frames, nothing fitted"
        ax.plot(radii / float(model.disc_radius), values, ".", color=MEASURED, markersize=3, label=name)
    axes[0].legend(frameon=False, fontsize="small")
    axes[0].set_ylabel("stiffness over G")
    axes[1].set(ylabel="damping D / G", ylim=(0, None))
    axes[2].set(ylabel="spin torque a$_J$ / G\n(10$^{-3}$ m$^2$/(A s))", ylim=(0, 1.3e3 * float(model.torque[0]) / g))
    for ax in axes:
        ax.set_xlabel("orbit radius / disc radius")
    bare(*axes)
    figure.legend(*axes[2].get_legend_handles_labels(), ncols=2, **_BELOW)
    return figure
