"""Checks, before anything runs, for pairs that could not show a window and for devices that cannot have one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from geometries import Material, Stripe
from solitons.campaigns.domain_walls.wall_timing.settings import LearningSettings, PairSettings
from solitons.campaigns.framework.kinds import load_campaign
from solitons.domain_walls.fitted_stripes import check_fitted_stripe
from solitons.domain_walls.spike_pairs import conductance_at, level_of, spike_margin, walls_after
from solitons.figures import value_label
from solitons.networks.image_sets import check_images

if TYPE_CHECKING:
    from solitons.domain_walls.synapse import DomainWallSynapse
    from solitons.drives.spikes import SpikePair

__all__ = ["check_device", "check_learning", "check_pairs"]


def check_pairs(
    windows: Mapping[str, PairSettings], model: DomainWallSynapse, period: float, sampling_interval: float
) -> None:
    """Refuse times that show nothing, and spikes that move a wall alone."""
    for name, each in windows.items():
        for difference in each.differences:
            _check_time(f"{name}.differences", difference, each.spikes.longest, period, sampling_interval)
        margin = spike_margin(model, each.spikes, period)
        if margin <= 1:
            sizes = [abs(spike.amplitude) for spike in (each.spikes.pre, each.spikes.post) if spike is not None]
            raise ValueError(
                f"{name}: one spike alone takes the wall out of a well from {margin:.2f} of its size on, "
                f"{value_label(margin * max(sizes), 'A/m^2', 3)} or less, by the model at 0 K, so that no pair is "
                "needed; give amplitudes and tails below that, or a device that holds its wall more strongly"
            )


def check_device(
    device: Stripe,
    material: Material,
    synapse: str,
    model: DomainWallSynapse,
    starts: Sequence[float],
    temperature: float,
) -> None:
    """Refuse another device than the model's, one without a threshold, starts in no well, heat with domains on x."""
    check_fitted_stripe(device, material, synapse, model, "device", temperature)
    wells = model.wells()
    if wells.size < 2:
        raise ValueError(
            f"synapse = {synapse!r} holds its wall in {wells.size} places: without a threshold any spike "
            "moves the wall, and the two spikes of a pair push it there and back; give a device with wells, such as "
            "wall-wells"
        )
    for start in starts:
        if np.abs(wells - start).min() > np.diff(wells).min() / 2:
            listed = ", ".join(value_label(each, "m", 3) for each in wells)
            raise ValueError(f"starts has {value_label(start, 'm', 3)}, which is in no well; give some of {listed}")


def _check_time(field: str, difference: float, longest: float, period: float, interval: float) -> None:
    apart = abs(difference)
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
    if apart + longest > period:
        raise ValueError(
            f"period = {value_label(period, 's', 3)} is shorter than a pair that begins "
            f"{value_label(apart, 's')} apart, {value_label(apart + longest, 's', 3)}; give a longer one, with a rest"
        )


def check_learning(
    learning: LearningSettings, spikes: SpikePair, model: DomainWallSynapse, period: float, sampling_interval: float
) -> None:
    """Refuse pairs that teach the opposite, and a layer that is none of `stochastic_stdp`'s."""
    wells = model.wells()
    _check_time("learning.difference", learning.difference, spikes.longest, period, sampling_interval)
    ends = walls_after(model, [spikes.current(learning.difference)], wells, [0.0, period])[0, :, -1]
    after = wells[level_of(ends, wells)]
    before, now = (conductance_at(model, each) for each in (wells, after))
    if (now - before).mean() < 0:
        raise ValueError(
            f"antisymmetric: a pre-synaptic spike {value_label(learning.difference, 's')} before the other lowers the "
            "conductance, mean over all wells, the opposite of what a synapse should learn; reverse the signs of the "
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
