"""Figures of the report of a trained film."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.campaigns.spin_waves.spin_wave_recogniser.campaign import SpinWaveRecogniserCampaign
from solitons.campaigns.spin_waves.spin_wave_recogniser.results import SpinWaveRecogniserResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure
from solitons.spin_waves.guided_wave import drive_amplitude
from solitons.spin_waves.scattering import ScatteringFilm

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["recognition_figure", "transmissions_figure", "waves_figure"]

_MICRO = 1e6


def waves_figure(
    campaign: SpinWaveRecogniserCampaign, wave: xr.DataArray, film: ScatteringFilm, pattern: npt.NDArray[np.bool_]
) -> Figure:
    """The wave of the middle antenna in the trained film in one moment, in micromagnetics and by the model."""
    number, size = campaign.fitted_antenna, campaign.scatterers.size
    points = np.stack(np.meshgrid(wave["x"], wave["y"], indexing="ij"), axis=-1).reshape(-1, 1, 2)
    middles = np.array(campaign.scatterers.middles)[pattern]
    array = film.array([campaign.antenna_middles[number]], middles, points)
    model = array.transmission(np.ones(len(middles), dtype=bool))[:, 0] * drive_amplitude(campaign.drive.current)
    covered = [*middles, campaign.antenna_middles[number]]
    inside = np.any([np.abs(points[:, 0] - each).max(axis=1) <= size / 2 for each in covered], axis=0)
    seen = np.where(inside, np.nan, model).reshape(wave.shape)
    figure = new_figure(8.4, 4.0)
    axes = figure.subplots(1, 2, sharey=True)
    right = float(wave["x"][-1])
    beyond = wave.where(wave["x"] > campaign.antenna_middles[number][0] + size)
    limit = 1.2 * float(np.nanquantile(np.abs(beyond.values), 0.98))
    extent = [_MICRO * float(each) for each in (wave["x"][0], right, wave["y"][0], wave["y"][-1])]
    for ax, values, title in ((axes[0], wave.values, "micromagnetics"), (axes[1], seen, "model")):
        image = ax.imshow(
            values.real.T, origin="lower", extent=extent, cmap="RdBu_r", vmin=-limit, vmax=limit, interpolation="none"
        )
        ax.plot(*(_MICRO * middles.T), "s", color="black", markersize=2.5, markerfacecolor="none", markeredgewidth=0.5)
        for port in campaign.ports.y:
            ax.plot(_MICRO * campaign.ports.x, _MICRO * port, "s", color="black", markersize=6, markerfacecolor="none")
        ax.set(title=title, xlabel="x (µm)")
    axes[0].set(ylabel="y (µm)")
    figure.colorbar(image, ax=axes, label="precession, real part", shrink=0.8)
    return figure


def transmissions_figure(
    campaign: SpinWaveRecogniserCampaign, measured: npt.NDArray[np.complex128], predicted: npt.NDArray[np.complex128]
) -> Figure:
    """Amplitude at each port of each antenna's wave, measured and predicted."""
    figure = new_figure(8.4, 2.8)
    axes = figure.subplots(1, len(measured), sharey=True)
    names = [each.name for each in campaign.antennas]
    for ax, template, own, other in zip(axes, campaign.task.templates, measured, predicted, strict=True):
        scale = np.abs(measured).max()
        ax.plot(np.abs(own) / scale, "o", color=MEASURED, label="micromagnetics")
        ax.plot(np.abs(other) / scale, "x", color=PREDICTED, label="model")
        ax.set(title=f"port {template.name}", xlabel="antenna", ylim=(0, 1.2))
        ax.set_xticks(range(len(names)), names, fontsize="x-small", rotation=90)
    axes[0].set(ylabel="transmission, relative")
    bare(*axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper right", frameon=False, ncols=2)
    return figure


def recognition_figure(results: SpinWaveRecogniserResults) -> Figure:
    """Accuracies of the film and of others, with 95 % intervals."""
    figure = new_figure(7.0, 2.6)
    ax = figure.subplots()
    rows = [
        each for each in (results.film, results.model, results.linear, results.linear_in_phase, results.best) if each
    ]
    for number, each in enumerate(rows):
        low, high = each.interval
        ax.plot([100 * low, 100 * high], [number, number], color=MEASURED, linewidth=2)
        ax.plot(100 * each.accuracy, number, "o", color=PREDICTED if number else MEASURED)
    ax.plot([100 * each for each in results.random], [len(rows)] * len(results.random), "|", color=MEASURED)
    ax.set_yticks(range(len(rows) + 1), [*(each.name for each in rows), "random scatterers, by the model"])
    ax.invert_yaxis()
    ax.set(xlabel="test images right (%)", xlim=(0, 102))
    bare(ax)
    return figure
