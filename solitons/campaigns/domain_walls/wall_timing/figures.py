"""Figures of the report on the timing of spikes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.domain_walls.wall_timing.results import HotPair, SentPair
from solitons.domain_walls.spike_pairs import level_of, upwards, walls_after
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, value_label
from solitons.spiking.image_learning import TaughtImages
from solitons.spiking.level_array import LevelArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solitons.campaigns.domain_walls.wall_timing.campaign import WallTimingCampaign

__all__ = ["features_figure", "windows_figure"]

_DRAWN = 121
_SHOWN = 30
_HEAT = "#0B5C8A"


def windows_figure(campaign: WallTimingCampaign, pairs: Sequence[SentPair], hot: Sequence[HotPair]) -> Figure:
    """The current of two pairs of each window, and below it steps of the wall over the time between the spikes."""
    windows = campaign.windows
    figure = new_figure(3.9 * len(windows), 5.0)
    axes = figure.subplots(2, len(windows), squeeze=False, height_ratios=(1, 1.6))
    model, wells = campaign.model, campaign.model.wells()
    for column, (name, each) in enumerate(windows.items()):
        above, below = axes[:, column]
        apart = max(abs(at) for at in each.differences) / 2
        for difference, style in ((apart, "-"), (-apart, "--")):
            seen = each.spikes.current(difference)
            above.plot(
                1e9 * np.array(seen.times), 1e-12 * np.array(seen.values), style, color="0.2", linewidth=1.2,
                label=f"Δt = {value_label(difference, 's', 3)}",
            )  # fmt: skip
        above.set(xlabel="time (ns)", ylabel="J (10¹² A/m²)", title=name)
        above.set_ylim(top=1.45 * above.get_ylim()[1])
        above.legend(frameon=False, fontsize="x-small", ncols=2, loc="upper center")
        widest = 1.1 * max(abs(at) for at in each.differences)
        times, start = np.linspace(-widest, widest, _DRAWN), wells[np.abs(wells - campaign.starts[0]).argmin()]
        ends = walls_after(model, [each.spikes.current(at) for at in times], start, [0.0, campaign.period])[:, 0, -1]
        steps = upwards(model) * (level_of(ends, wells) - level_of(start, wells))
        below.plot(1e9 * times, steps, color=PREDICTED, linewidth=1.2, label="model, 0 K")
        own = [pair for pair in pairs if pair.shape == name and pair.steps is not None]
        below.plot(
            [1e9 * pair.difference for pair in own], [pair.steps or 0 for pair in own], "o", color=MEASURED,
            markersize=6, markerfacecolor="none", label="micromagnetics, 0 K",
        )  # fmt: skip
        if column == 0:
            below.plot(
                [1e9 * pair.difference for pair in hot], [pair.mean for pair in hot], "s-", color=_HEAT, markersize=3,
                linewidth=0.8, label=f"model, {campaign.temperature:g} K, mean",
            )  # fmt: skip
        below.axhline(0, color="0.8", linewidth=0.6, zorder=0)
        below.set(xlabel="Δt = t_post − t_pre (ns)", ylabel="wells towards higher G")
        below.set_ylim(top=1.6 * max(below.get_ylim()[1], 1.0))
        below.legend(frameon=False, fontsize="x-small", loc="upper left")
        bare(above, below)
    return figure


def features_figure(taught: TaughtImages, array: LevelArray) -> Figure:
    """What the first neurons of a layer have learned: conductance of bright pixels' walls less that of dark pixels'."""
    figure = new_figure(7.6, 2.9)
    weights = array.conductance[taught.response.states]
    pixels = weights.shape[1] // 2
    side = round(np.sqrt(pixels))
    for number, ax in enumerate(figure.subplots(3, _SHOWN // 3).ravel()):
        ax.set_axis_off()
        if number < len(weights):
            difference = weights[number, :pixels] - weights[number, pixels:]
            ax.imshow(difference.reshape(side, side), cmap="RdBu_r", vmin=-0.6, vmax=0.6)
            named = int(taught.classes[number])
            ax.set_title("–" if named < 0 else str(named), fontsize=8, pad=2)
    return figure
