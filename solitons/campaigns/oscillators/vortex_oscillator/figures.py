"""Figures of the report of a vortex oscillator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from solitons.campaigns.oscillators.vortex_oscillator.observing import Observed
from solitons.campaigns.oscillators.vortex_oscillator.results import VortexOscillatorResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure
from solitons.oscillators.vortex_thiele import VortexThiele

if TYPE_CHECKING:
    from matplotlib.figure import Figure


__all__ = ["coefficients_figure", "orbits_figure", "transients_figure"]


def orbits_figure(results: VortexOscillatorResults, model: VortexThiele) -> Figure:
    """Radius and frequency of the orbit over the current: the runs, and the equation's steady orbits."""
    figure = new_figure(7.6, 3.4)
    axes = figure.subplots(1, 2)
    rows = [each for each in results.orbits if each.radius is not None]
    strongest = max(abs(each.current) for each in rows)
    sign = np.sign(rows[0].current)
    currents = sign * np.linspace(abs(model.threshold()), 1.02 * strongest, 200)
    steady = np.array([model.orbit(each) for each in currents])
    for ax, column, scale in zip(axes, (0, 1), (1e9, 1e-9), strict=True):
        ax.plot(1e-11 * currents, scale * steady[:, column], color=PREDICTED, label="equation, steady orbit")
        for use, fill, words in (("fitted", MEASURED, "run, fitted"), ("judged", "white", "run, no fit saw it")):
            chosen = [each for each in rows if each.use == use]
            values = [(each.radius, each.frequency)[column] or np.nan for each in chosen]
            ax.plot(
                [1e-11 * each.current for each in chosen], scale * np.array(values), "o", color=MEASURED,
                markerfacecolor=fill, markersize=6, label=words, zorder=3,
            )  # fmt: skip
        chosen = [each for each in rows if each.model_radius is not None]
        values = [(each.model_radius, each.model_frequency)[column] or np.nan for each in chosen]
        ax.plot(
            [1e-11 * each.current for each in chosen], scale * np.array(values), "x", color=PREDICTED,
            label="equation, at the end of the run", zorder=4,
        )  # fmt: skip
        ax.axvline(1e-11 * model.threshold(), color="0.6", linestyle=":", label="threshold")
        ax.set_xlabel("current density (10$^{11}$ A/m$^2$)")
    axes[0].set(ylabel="orbit radius (nm)", ylim=(0, None))
    axes[1].set_ylabel("frequency (GHz)")
    bare(*axes)
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False, fontsize="small"
    )
    return figure


def transients_figure(observed: Sequence[Observed], model: VortexThiele | None) -> Figure:
    """Radius over time in every run, from each turn on the equation's."""
    figure = new_figure(7.6, 4.0)
    ax = figure.subplots()
    colours = {each.row.run_id: f"C{number % 10}" for number, each in enumerate(observed)}
    for each in observed:
        row, core, colour = each.row, each.core, colours[each.row.run_id]
        note = f", {row.event}" if row.event else ""
        name = f"{1e-11 * row.current:.3g}, {row.use}{note}".replace("-", "−")
        ax.plot(1e9 * core["t"], 1e9 * core["radius"], color=colour, alpha=0.35, linewidth=1)
        ax.plot(1e9 * each.turns.time, 1e9 * each.turns.radius, "o", color=colour, markersize=3, label=name)
        if model is not None and not row.event:
            times = np.linspace(each.turns.time[0], each.turns.time[-1], 200)
            radii = model.radii(float(each.turns.radius[0]), row.current, times)
            ax.plot(
                1e9 * times, 1e9 * radii, color="black", linewidth=1.2, linestyle="-" if row.use == "judged" else "--"
            )
    if model is not None:
        ax.plot([], [], color="black", label="equation, judged")
        ax.plot([], [], color="black", linestyle="--", label="equation, fitted")
    ax.set(xlabel="time (ns)", ylabel="distance of the core from the middle (nm)", ylim=(0, None))
    bare(ax)
    title = "current density (10$^{11}$ A/m$^2$)"
    figure.legend(loc="outside right upper", frameon=False, fontsize="small", title=title, title_fontsize="small")
    return figure


def coefficients_figure(observed: Sequence[Observed], model: VortexThiele) -> Figure:
    """Damping and torque over the orbit, fitted and of the frames' textures by themselves; the stiffness."""
    figure = new_figure(8.2, 3.0)
    axes = figure.subplots(1, 3)
    g, disc = float(model.gyrovector[0]), float(model.disc_radius)
    s = np.linspace(0, float(model.reach), 200)

    def series(coefficients: npt.ArrayLike) -> npt.NDArray[np.float64]:
        return np.asarray(np.polynomial.polynomial.polyval(s**2, np.asarray(coefficients) / g))

    axes[0].plot(s, 1e-9 * series(model.stiffness), color=PREDICTED, label="equation")
    axes[0].plot(s, 1e2 * series(model.oersted_stiffness) * 10, color=PREDICTED, linestyle="--")
    axes[0].set(ylabel="stiffness over G")
    axes[0].annotate("κ / G (10$^9$ 1/s)", (0.05, 0.85), xycoords="axes fraction", fontsize="small")
    axes[0].annotate(
        "dashed: κ$_J$ / G (10$^{-3}$ m$^2$/(A s))", (0.05, 0.05), xycoords="axes fraction", fontsize="small"
    )
    axes[1].plot(s, series(model.damping), color=PREDICTED, label="equation")
    axes[2].plot(s, 1e3 * series(model.torque), color=PREDICTED, label="equation")
    for each in observed:
        if each.texture is not None:
            radii, damping, torque = each.texture
            axes[1].plot(radii / disc, damping / g, ".", color=MEASURED, markersize=3)
            axes[2].plot(radii / disc, 1e3 * torque / g, ".", color=MEASURED, markersize=3)
    axes[2].plot([], [], ".", color=MEASURED, label="texture of the frames, nothing fitted")
    axes[1].set(ylabel="damping D / G", ylim=(0, None))
    axes[2].set(ylabel="spin torque a$_J$ / G\n(10$^{-3}$ m$^2$/(A s))", ylim=(0, 1.3e3 * float(model.torque[0]) / g))
    for ax in axes:
        ax.set_xlabel("orbit radius / disc radius")
    bare(*axes)
    figure.legend(
        *axes[2].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize="small"
    )
    return figure
