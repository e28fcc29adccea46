"""Figures of a spin ice's report: what the fit and the model say beside what micromagnetics said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from analysis import avalanches, first_avalanches, flips, plot_avalanches, plot_distribution, plot_spins
from solitons.campaigns.ice_avalanche.observation import IceObservation
from solitons.campaigns.page import new_figure
from solitons.spin_ice.lattice_fit import LatticeFit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solitons.campaigns.ice_avalanche.analysis import Avalanches, Prediction

__all__ = [
    "astroid_figure",
    "avalanche_figure",
    "distribution_figure",
    "order_figure",
    "reversal_figure",
    "states_figure",
]

MEASURED, PREDICTED, DIPOLES = "#555555", "#D55E00", "#56B4E9"
_KILO = 1e-3


def astroid_figure(seen: Sequence[IceObservation], fit: LatticeFit) -> Figure:
    """Switching field over the field's angle, and over the quantities that deviate."""
    figure = new_figure(7.6, 3.2)
    left, right = figure.subplots(1, 2)
    single = [each for each in seen if each.ice_run.role in ("angle", "size")]
    drawn = [each for each in single if not each.ice_run.quantity]
    angle = np.linspace(0, np.pi / 2, 200)
    curve = fit.astroid_fit.astroid.switching_field(angle, fit.astroid_fit.anisotropy_field)
    left.plot(np.degrees(angle), curve * _KILO, color=PREDICTED, label="fitted astroid")
    left.plot(
        [np.degrees(each.ice_run.angle) for each in drawn],
        [float(each.switching["switching_field"][0]) * _KILO for each in drawn],
        "o",
        color=MEASURED,
        label="micromagnetics",
    )
    left.set(xlabel="angle between field and island (°)", ylabel="switching field (kA/m)", xlim=(0, 90))
    left.set_ylim(bottom=0)
    left.legend(frameon=False)
    reference = min(drawn, key=lambda each: float(each.switching["uncertainty"][0]))
    base = float(reference.switching["switching_field"][0])
    for number, (name, law) in enumerate(fit.laws.items()):
        chosen = [each for each in single if each.ice_run.quantity == name]
        reach = np.linspace(
            min(each.ice_run.deviation for each in chosen), max(each.ice_run.deviation for each in chosen)
        )
        colour = f"C{number}"
        right.plot(100 * reach, 100 * ((1 + reach) ** law.exponent - 1), color=colour)
        right.plot(
            [100 * each.ice_run.deviation for each in chosen],
            [100 * (float(each.switching["switching_field"][0]) / base - 1) for each in chosen],
            "o",
            color=colour,
            label=f"{name.replace('_', ' ')}, power {law.exponent:.2f}",
        )
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
    for column, each in enumerate(predictions):
        top, bottom = axes[:, column]
        field = each.comparison.field[1:] * _KILO
        top.plot(field, each.comparison.measured[1:], color=MEASURED, linewidth=4, alpha=0.5, label="micromagnetics")
        top.plot(field, each.comparison.predicted[1:], color=PREDICTED, label="fitted lattice")
        top.plot(field, each.dipoles.predicted[1:], color=DIPOLES, linestyle="--", label="point dipoles")
        top.axhline(0, color="0.8", linewidth=0.8, zorder=0)
        bottom.plot(field, 100 * each.comparison.overlap[1:], color=PREDICTED)
        bottom.plot(field, 100 * each.dipoles.overlap[1:], color=DIPOLES, linestyle="--")
        top.set_title(f"seed {each.seen.ice_run.seed}", fontsize="medium")
        bottom.set_xlabel("field (kA/m)")
    axes[0, 0].set_ylabel("moment along the field")
    axes[1, 0].set_ylabel("spins right (%)")
    axes[0, 0].legend(frameon=False, fontsize="small")
    return figure


def states_figure(prediction: Prediction) -> Figure:
    """The state nearest to the coercive field, by micromagnetics and by the model, and where they differ."""
    figure = new_figure(7.6, 3.4)
    step = coercive_step(prediction)
    measured = prediction.seen.spins["spin"].values[step]
    islands = prediction.seen.islands
    for ax, state, title in zip(
        figure.subplots(1, 2), (measured, prediction.predicted[step]), ("micromagnetics", "fitted lattice"), strict=True
    ):
        plot_spins(xr.DataArray(state, dims="island"), islands, charges=None, ax=ax)
        ax.set_title(title, fontsize="medium")
        wrong = measured != prediction.predicted[step]
        if title == "fitted lattice" and wrong.any():
            scale = 1e9 if float(np.abs(islands["position"].values).max()) < 5e-6 else 1e6
            place = islands["position"].values[wrong] * scale
            ax.scatter(place[:, 0], place[:, 1], s=160, facecolors="none", edgecolors="black", linewidths=1.2)
    return figure


def coercive_step(prediction: Prediction) -> int:
    """Step nearest to the measured coercive field; without one that with the most islands turned, the last."""
    measured = prediction.comparison
    if np.isnan(measured.measured_coercive_field):
        return len(measured.field) - 1
    return int(np.argmin(np.abs(measured.field - measured.measured_coercive_field)))


def order_figure(predictions: Sequence[Prediction]) -> Figure:
    """Field at which each island turns, predicted over measured."""
    figure = new_figure(4.4, 4.0)
    ax = figure.subplots()
    values: list[float] = []
    for number, each in enumerate(predictions):
        both = (each.comparison.measured_steps >= 0) & (each.comparison.predicted_steps >= 0)
        field = each.comparison.field * _KILO
        first, second = (
            field[steps[both]] for steps in (each.comparison.measured_steps, each.comparison.predicted_steps)
        )
        ax.plot(first, second, "o", color=f"C{number}", alpha=0.5, label=f"seed {each.seen.ice_run.seed}")
        values += [*first, *second]
    if values:
        ends = [min(values), max(values)]
        ax.plot(ends, ends, color="0.6", linewidth=0.8, zorder=0)
    ax.set(xlabel="field at the flip, micromagnetics (kA/m)", ylabel="field at the flip, fitted lattice (kA/m)")
    ax.set_aspect("equal")
    ax.legend(frameon=False)
    return figure


def avalanche_figure(prediction: Prediction) -> Figure:
    """Avalanches of the micromagnetic run and of its prediction, each island in the colour of its avalanche."""
    figure = new_figure(7.6, 3.6)
    islands, spin = prediction.seen.islands, prediction.seen.spins["spin"]
    predicted = xr.DataArray(prediction.predicted, dims=spin.dims, coords=spin.coords)
    for ax, states, title in zip(
        figure.subplots(1, 2), (spin, predicted), ("micromagnetics", "fitted lattice"), strict=True
    ):
        plot_avalanches(first_avalanches(avalanches(flips(states), islands), islands), islands, ax=ax)
        ax.set_title(title, fontsize="medium")
    return figure


def distribution_figure(large: Avalanches) -> Figure:
    """How often avalanches of the large lattices are as large as a size, or larger."""
    figure = new_figure(5.0, 3.6)
    plot_distribution(large.sizes, large.law, ax=figure.subplots())
    return figure
