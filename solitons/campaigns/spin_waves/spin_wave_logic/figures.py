"""Figures of the report of a gate of spin waves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.campaigns.spin_waves.spin_wave_logic.campaign import SpinWaveLogicCampaign
from solitons.campaigns.spin_waves.spin_wave_logic.results import SpinWaveLogicResults
from solitons.campaigns.spin_waves.spin_wave_logic.settings import Bits
from solitons.figures import MEASURED, PREDICTED, bare, new_figure
from solitons.spin_waves.guided_wave import GuidedWave, drive_amplitude

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["displaced_figure", "outputs_figure", "waves_figure"]

_MICRO, _NANO = 1e6, 1e9


def waves_figure(campaign: SpinWaveLogicCampaign, waves: Sequence[xr.DataArray], wave: GuidedWave) -> Figure:
    """Amplitude along x of each antenna's wave alone, and the first one's in a moment; the fitted wave's."""
    figure = new_figure(7.6, 4.4)
    top, below = figure.subplots(2, 1, sharex=True)
    unit = drive_amplitude(campaign.drive.current)
    for number, (antenna, seen) in enumerate(zip(campaign.antennas, waves, strict=True)):
        x = seen["x"].values
        beyond = x[x > antenna.edges[1] + antenna.width / 2]
        place = wave.superposed([unit], (beyond - antenna.centre)[:, None])
        top.plot(_MICRO * x, np.abs(seen), color=f"C{number}", linewidth=1.2, label=f"antenna {antenna.name}")
        top.plot(
            _MICRO * beyond, np.abs(place), "--", color="black", linewidth=1, label="" if number else "fitted wave"
        )
        if number == 0:
            below.plot(_MICRO * x, seen.values.real, color=MEASURED, linewidth=1.2, label=f"antenna {antenna.name}")
            below.plot(_MICRO * beyond, place.real, "--", color=PREDICTED, linewidth=1, label="fitted wave")
    ends = campaign.device.absorbing_ends
    for ax in (top, below):
        ax.axvspan(_MICRO * campaign.output.begin, _MICRO * campaign.output.end, color="0.9", label="output")
        if ends is not None:
            ax.axvline(_MICRO * ends.length, color="0.6", linestyle=":")
            ax.axvline(_MICRO * (campaign.device.length - ends.length), color="0.6", linestyle=":", label="ends absorb")
    top.set(yscale="log", ylabel=f"amplitude of m$_{campaign.output.component}$")
    largest = float(np.abs(waves[0]).max())
    top.set_ylim(1e-3 * largest, 2 * largest)
    below.set(xlabel="x (µm)", ylabel=f"m$_{campaign.output.component}$")
    bare(top, below)
    figure.legend(*top.get_legend_handles_labels(), loc="outside right upper", frameon=False, fontsize="small")
    return figure


def outputs_figure(
    campaign: SpinWaveLogicCampaign, results: SpinWaveLogicResults, hot: Mapping[Bits, npt.NDArray[np.complex128]]
) -> Figure:
    """Outputs of all rows in the complex plane: without heat, by the fitted wave, and every decision with heat."""
    figure = new_figure(8.0, 2.6)
    ax = figure.subplots()
    for number, row in enumerate(results.rows):
        colour = f"C{number}"
        cloud = hot.get(row.bits, np.array([])) / campaign.drive.amplitude
        ax.plot(cloud.real, cloud.imag, ".", color=colour, alpha=0.5, markersize=4)
        ax.plot(*row.output, "o", color=colour, label=row.phases, markersize=7)
    ax.plot(*np.transpose([row.predicted for row in results.rows]), "x", color="black", label="fitted wave", zorder=4)
    ax.axvline(0, color="0.6", linestyle=":")
    ax.set(xlabel="output in phase, over one antenna's", ylabel="output in quadrature", aspect="equal")
    bare(ax)
    figure.legend(loc="outside right center", frameon=False, fontsize="small", title="phases", title_fontsize="small")
    return figure


def displaced_figure(results: SpinWaveLogicResults) -> Figure:
    """Share of gates that are lost over the displacement of their antennas."""
    figure = new_figure(5.6, 3.0)
    ax = figure.subplots()
    deviations = [_NANO * each.deviation for each in results.displaced]
    ax.plot(deviations, [100 * each.lost for each in results.displaced], "o-", color=PREDICTED)
    ax.set(xlabel="standard deviation of the antennas' places (nm)", ylabel="lost gates (%)", ylim=(-2, 102))
    ax.set_xlim(left=0)
    bare(ax)
    return figure
