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

__all__ = ["recognition_figure", "waves_figure"]

_MICRO = 1e6


def waves_figure(
    campaign: SpinWaveRecogniserCampaign, wave: xr.DataArray, film: ScatteringFilm, pattern: npt.NDArray[np.bool_]
) -> Figure:
    """The wave of the middle antenna in the trained film in one moment, in micromagnetics and by the model."""
    number, size = campaign.fitted_antenna, campaign.scatterers.size
    points = np.stack(np.meshgrid(wave["x"], wave["y"], indexing="ij"), axis=-1).reshape(-1, 1, 2)
    middles = np.array(campaign.scatterers.middles)[pattern]
    covered = [*middles, campaign.antenna_middles[number]]
    inside = np.any([np.abs(points[:, 0] - each).max(axis=1) <= size / 2 for each in covered], axis=0)
    array = film.array([campaign.antenna_middles[number]], middles, points[~inside])
    seen = np.full(len(points), np.nan, dtype=np.complex128)
    seen[~inside] = array.transmission(np.ones(len(middles), dtype=bool))[:, 0]
    seen = seen.reshape(wave.shape) * drive_amplitude(campaign.drive.current)
    figure = new_figure(8.4, 4.0)
    axes = figure.subplots(1, 2, sharey=True)
    beyond = wave.where(wave["x"] > campaign.antenna_middles[number][0] + size)
    limit = 1.2 * float(np.nanquantile(np.abs(beyond.values), 0.98))
    edges = (wave[name].values[[0, -1]] + np.array([-0.5, 0.5]) * np.diff(wave[name].values[:2]) for name in "xy")
    extent = [_MICRO * float(each) for pair in edges for each in pair]
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


def recognition_figure(results: SpinWaveRecogniserResults) -> Figure:
    """Accuracies of the film and of others, with 95 % intervals."""
    figure = new_figure(7.0, 2.6)
    ax = figure.subplots()
    rows = [each for each in (results.film, results.model, results.linear, results.quadratic, results.matched) if each]
    for number, each in enumerate(rows):
        low, high = each.interval
        colour = (MEASURED, PREDICTED)[number] if number < 2 else "0.6"
        ax.plot([100 * low, 100 * high], [number, number], "|-", color=colour, linewidth=1, markersize=8)
        ax.plot(100 * each.accuracy, number, "o", color=colour, markersize=4)
    ax.plot([100 * each for each in results.random], [len(rows)] * len(results.random), "|", color=PREDICTED)
    ax.set_yticks(range(len(rows) + 1), [*(each.name for each in rows), "random scatterers, by the model"])
    ax.invert_yaxis()
    ax.set(xlabel="test images right (%)", xlim=(0, 102))
    bare(ax)
    return figure
