"""Figures of a spin ice's report: what the fit and the model give beside micromagnetics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from analysis import avalanches, flips, plot_avalanches, plot_distribution, plot_spins
from analysis.spin_ice.avalanches import first_avalanches
from solitons.campaigns.spin_ice.ice_avalanche.prediction import Avalanches, Prediction
from solitons.figures import MEASURED, PREDICTED, new_figure
from solitons.spin_ice.island_ramp import IslandRamp
from solitons.spin_ice.lattice_fit import LatticeFit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["astroid_figure", "avalanche_figure", "order_figure", "reversal_figure", "sizes_figure", "states_figure"]

DIPOLES = "#56B4E9"
_KILO = 1e-3


def astroid_figure(islands: Sequence[IslandRamp], fit: LatticeFit) -> Figure:
    """Switching field over the field's angle, and over the quantities that deviate."""
    figure = new_figure(7.6, 3.2)
    left, right = figure.subplots(1, 2)
    drawn = [each for each in islands if not each.quantity]
    angle = np.linspace(0, np.pi / 2, 200)
    curve = fit.astroid_fit.astroid.switching_field(angle, fit.astroid_fit.anisotropy_field)
    left.plot(np.degrees(angle), curve * _KILO, color=PREDICTED, label="fitted astroid")
    measured = [each.switching_field * _KILO for each in drawn]
    left.plot(np.degrees([each.angle for each in drawn]), measured, "o", color=MEASURED, label="micromagnetics")
    left.set(xlabel="angle between field and island (°)", ylabel="switching field (kA/m)", xlim=(0, 90))
    left.set_ylim(bottom=0)
    left.legend(frameon=False)
    reference = min(drawn, key=lambda each: each.uncertainty).switching_field
    for number, (name, law) in enumerate(fit.laws.items()):
        chosen = [(each.deviation, each.switching_field) for each in islands if each.quantity == name]
        deviation, field = np.array(chosen).T
        reach = np.linspace(deviation.min(), deviation.max())
        right.plot(100 * reach, 100 * ((1 + reach) ** law.exponent - 1), color=f"C{number}")
        label = f"{name.replace('_', ' ')}, power {law.exponent:.2f}"
        right.plot(100 * deviation, 100 * (field / reference - 1), "o", color=f"C{number}", label=label)
    right.set(xlabel="deviation (%)", ylabel="change of switching field (%)")
    if fit.laws:
        right.legend(frameon=False, fontsize="small")
    else:
        right.text(0.5, 0.5, "the lattice has no disorder", ha="center", va="center", transform=right.transAxes)
    return figure


def reversal_figure(predictions: Sequence[Prediction]) -> Figure:
    """Moment along the field and the part of spins that is predicted, over the field, for every lattice."""
    figure = new_figure(7.6, 4.6)
    axes = figure.subplots(2, len(predictions), sharex="col", sharey="row", squeeze=False, height_ratios=(3, 2))
    for (top, bottom), each in zip(axes.T, predictions, strict=True):
        field = each.comparison.field[1:] * _KILO
        top.plot(field, each.comparison.measured[1:], color=MEASURED, linewidth=4, alpha=0.5, label="micromagnetics")
        top.plot(field, each.comparison.predicted[1:], color=PREDICTED, label="fitted, rotating moments")
        top.plot(field, each.two_state.predicted[1:], color=PREDICTED, linestyle=":", label="fitted, two states")
        top.plot(field, each.dipoles.predicted[1:], color=DIPOLES, linestyle="--", label="point dipoles")
        top.axhline(0, color="0.8", linewidth=0.8, zorder=0)
        bottom.plot(field, 100 * each.comparison.overlap[1:], color=PREDICTED)
        bottom.plot(field, 100 * each.two_state.overlap[1:], color=PREDICTED, linestyle=":")
        bottom.plot(field, 100 * each.dipoles.overlap[1:], color=DIPOLES, linestyle="--")
        top.set_title(f"seed {each.seen.seed}", fontsize="medium")
        bottom.set_xlabel("field (kA/m)")
    axes[0, 0].set_ylabel("moment along the field")
    axes[1, 0].set_ylabel("spins right (%)")
    axes[0, 0].legend(frameon=False, fontsize="small")
    return figure


def states_figure(prediction: Prediction) -> Figure:
    """The state with the most spins wrong, by micromagnetics and by the model, and where they differ."""
    islands, step = prediction.seen.islands, prediction.comparison.worst_step
    figure = _side_by_side(
        prediction, lambda states, ax: plot_spins(states.isel(step=step, drop=True), islands, charges=None, ax=ax)
    )
    wrong = prediction.seen.spins["spin"].values[step] != prediction.states[step]
    if wrong.any():
        scale = 1e9 if "nm" in figure.axes[1].get_xlabel() else 1e6
        x, y = islands["position"].values[wrong].T * scale
        figure.axes[1].scatter(x, y, s=160, facecolors="none", edgecolors="black", linewidths=1.2)
    return figure


def avalanche_figure(prediction: Prediction) -> Figure:
    """Avalanches of the micromagnetic run and of its prediction, each island in the colour of its avalanche."""
    islands = prediction.seen.islands
    return _side_by_side(
        prediction,
        lambda states, ax: plot_avalanches(
            first_avalanches(avalanches(flips(states), islands), islands), islands, ax=ax
        ),
    )


def _side_by_side(prediction: Prediction, draw: Callable[[xr.DataArray, Axes], Axes]) -> Figure:
    figure = new_figure(7.6, 3.6)
    left, right = figure.subplots(1, 2)
    spin = prediction.seen.spins["spin"]
    draw(spin, left)
    draw(spin.copy(data=prediction.states), right)
    left.set_title("micromagnetics", fontsize="medium")
    right.set_title("fitted lattice", fontsize="medium")
    return figure


def order_figure(predictions: Sequence[Prediction]) -> Figure:
    """Field at which each island turns, predicted over measured."""
    figure = new_figure(4.4, 4.0)
    ax = figure.subplots()
    for number, each in enumerate(predictions):
        steps = np.stack([each.comparison.measured_steps, each.comparison.predicted_steps])
        measured, predicted = each.comparison.field[steps[:, (steps >= 0).all(axis=0)]] * _KILO
        ax.plot(measured, predicted, "o", color=f"C{number}", alpha=0.5, label=f"seed {each.seen.seed}")
    if np.isfinite(ax.dataLim.x0):
        ax.axline((ax.dataLim.x0, ax.dataLim.x0), slope=1, color="0.6", linewidth=0.8, zorder=0)
    ax.set(xlabel="field at the flip, micromagnetics (kA/m)", ylabel="field at the flip, fitted lattice (kA/m)")
    ax.set_aspect("equal")
    ax.legend(frameon=False)
    return figure


def sizes_figure(counted: Avalanches) -> Figure:
    """How many avalanches of large lattices are as large as a size, or larger, and what was fitted."""
    figure = new_figure(5.0, 3.6)
    plot_distribution(counted.sizes, counted.law, ax=figure.subplots())
    return figure
