"""Checks, before anything runs, for pairs that could not show a window and for devices that cannot have one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from solitons.campaigns.framework.kinds import load_campaign
from solitons.domain_walls.spike_pairs import level_of, spike_margin, walls_after
from solitons.figures import value_label
from solitons.networks.image_sets import check_images

if TYPE_CHECKING:
    from solitons.campaigns.domain_walls.wall_timing.campaign import WallTimingCampaign

__all__ = ["check_timing"]


def check_timing(campaign: WallTimingCampaign) -> None:
    """Refuse another device than the model's, no threshold, spikes above it, and times that show nothing."""
    _check_device(campaign)
    for name, each in campaign.windows.items():
        for difference in each.differences:
            _check_time(campaign, f"{name}.differences", difference, each.spikes.longest)
        margin = spike_margin(campaign.model, each.spikes, campaign.period)
        if margin <= 1:
            sizes = [abs(spike.amplitude) for spike in (each.spikes.pre, each.spikes.post) if spike is not None]
            raise ValueError(
                f"{name}: one spike alone takes the wall out of a well from {margin:.2f} of its size on, "
                f"{value_label(margin * max(sizes), 'A/m^2', 3)} or less, by the model at 0 K, so that no pair is "
                "needed; give amplitudes and tails below that, or a device that holds its wall more strongly"
            )
    if campaign.learning is not None:
        _check_learning(campaign)


def _check_device(campaign: WallTimingCampaign) -> None:
    device, model = campaign.device, campaign.model
    window, wells = device.readout_window, model.wells()
    if len(device.walls) != 1 or window is None:
        raise ValueError(
            f"device has {len(device.walls)} walls and readout_window = {window}; give one wall and the window of the "
            "synapse"
        )
    there, moment = (window.x, campaign.material.Ms * device.width * device.thickness)
    own = (float(model.junction.left), float(model.junction.right))
    if not (
        np.allclose(there, own, atol=1e-12) and math.isclose(moment, float(model.wall.moment_per_length), rel_tol=1e-3)
    ):
        raise ValueError(
            f"device has its junction from {there[0]:g} to {there[1]:g} m and Ms w t = {moment:.4g} A m, and synapse = "
            f"{campaign.synapse!r} was fitted with {own[0]:g} to {own[1]:g} m and "
            f"{float(model.wall.moment_per_length):.4g} A m; give the device and material of its campaign"
        )
    if wells.size < 2:
        raise ValueError(
            f"synapse = {campaign.synapse!r} holds its wall in {wells.size} places: without a threshold any spike "
            "moves the wall, and the two spikes of a pair push it there and back; give a device with wells, such as "
            "wall-wells"
        )
    for start in campaign.starts:
        if np.abs(wells - start).min() > np.diff(wells).min() / 2:
            listed = ", ".join(value_label(each, "m", 3) for each in wells)
            raise ValueError(f"starts has {value_label(start, 'm', 3)}, which is in no well; give some of {listed}")


def _check_time(campaign: WallTimingCampaign, field: str, difference: float, longest: float) -> None:
    apart, interval = abs(difference), campaign.sampling_interval
    if 0 < apart < interval * (1 - 1e-9):
        raise ValueError(
            f"{field} has {value_label(difference, 's')}, shorter than sampling_interval = "
            f"{value_label(interval, 's')}, so that the frames do not show it; give longer ones, or a shorter interval"
        )
    if apart >= longest:
        raise ValueError(
            f"{field} has {value_label(difference, 's')}, and the longer spike lasts {value_label(longest, 's', 3)}: "
            "such spikes do not meet, and their window is zero; give shorter times, or longer tails"
        )
    if apart + longest > campaign.period:
        raise ValueError(
            f"period = {value_label(campaign.period, 's', 3)} is shorter than a pair that begins "
            f"{value_label(apart, 's')} apart, {value_label(apart + longest, 's', 3)}; give a longer one, with a rest"
        )


def _check_learning(campaign: WallTimingCampaign) -> None:
    learning, model = campaign.learning, campaign.model
    assert learning is not None
    spikes, wells = campaign.antisymmetric.spikes, model.wells()
    _check_time(campaign, "learning.difference", learning.difference, spikes.longest)
    ends = walls_after(model, [spikes.current(learning.difference)], wells, [0.0, campaign.period])[0, :, -1]
    after = wells[level_of(ends, wells)]
    before, now = (np.asarray(model.conductance(model.at(model.reset(), each))) for each in (wells, after))
    if (now - before).mean() < 0:
        raise ValueError(
            f"antisymmetric: a pre-synaptic spike {value_label(learning.difference, 's')} before the other lowers the "
            "conductance, mean over all wells, so that what fires together is parted; reverse the signs of the "
            "amplitudes"
        )
    other: Any = load_campaign(learning.like)
    if getattr(other, "kind", "") != "stochastic_stdp" or getattr(other, "digits", None) is None:
        raise ValueError(
            f"learning.like = {learning.like!r} is of kind {getattr(other, 'kind', '')!r}; give a campaign of kind "
            "stochastic_stdp with digits, whose images and neurons are taken"
        )
    currents = other.writing.currents
    if not any(math.isclose(learning.current, each, rel_tol=1e-6) for each in currents):
        raise ValueError(
            f"learning.current = {learning.current:g} A/m2 is none of writing.currents of {learning.like!r}, "
            f"{', '.join(f'{each:g}' for each in currents)}; give the one at which its report finds most digits, so "
            "that walls are compared with junctions at their best"
        )
    check_images("digits")
