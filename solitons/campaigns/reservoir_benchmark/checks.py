"""Checks, before anything runs, for drives that a device cannot follow and read-outs that chance could fit."""

from __future__ import annotations

from typing import Any

from geometries import Material, Stripe
from solitons.campaigns.reservoir_benchmark.devices import driven_device
from solitons.campaigns.reservoir_benchmark.settings import WASHOUT, DeviceSettings, SearchSettings, TestSettings
from solitons.devices.driven_nodes import time_constant
from solitons.domain_walls.fitted_stripes import check_fitted_stripe
from solitons.domain_walls.synapse import DomainWallSynapse
from solitons.figures import value_label

__all__ = ["check_drives", "check_read_outs", "check_runs"]

_FEWEST_SAMPLES = 0.8
"""Share of the times trained on that fit weights; the rest chooses between strengths."""
_FASTEST = 0.1
"""Step over the time constant, below which a device only sees the mean of many inputs."""


def check_read_outs(search: SearchSettings, test: TestSettings) -> None:
    """Refuse a read-out with more weights than samples."""
    most = max(search.nodes) + 1
    for field, trained in (("search.times", search.times // 2), ("test.train", test.train - WASHOUT)):
        if most > _FEWEST_SAMPLES * trained:
            raise ValueError(
                f"search.nodes = {max(search.nodes)} are {most} weights, and by {field} "
                f"{_FEWEST_SAMPLES * trained:.0f} samples fit them; give fewer nodes, or more times"
            )


def check_drives(device: DeviceSettings, search: SearchSettings, model: Any) -> None:
    """Refuse a device that keeps what it was for good, and signals faster than it."""
    strongest = max(map(abs, search.biases)) + max(map(abs, search.amplitudes))
    driven = driven_device(model, strongest, start=device.start)
    step = max(search.slots) * max(search.nodes)
    constants = [time_constant(driven, bias, min(driven.longest_step, search.slots[0])) for bias in search.biases]
    longest = max(constants)
    if longest > WASHOUT * step:
        kept = "for good" if longest == float("inf") else f"for {value_label(longest, 's', 2)}"
        raise ValueError(
            f"device.model = {device.model!r} keeps a difference {kept} at rest under "
            f"{value_label(search.biases[constants.index(longest)], 'A/m^2', 3)}, longer than {WASHOUT} of the longest "
            f"steps of the search, {value_label(step, 's', 3)}: it is a sum of all inputs and of how it began; give a "
            "device with wells or a restoring force, such as wall-wells, or longer slots"
        )
    if step < _FASTEST * min(constants):
        raise ValueError(
            f"search.slots and search.nodes: the longest step, {value_label(step, 's', 3)}, is shorter than a tenth of "
            f"the device's time constant of {value_label(min(constants), 's', 3)}: it does not follow such a signal; "
            "give longer slots, or more nodes"
        )


def check_runs(stripe: Stripe | None, material: Material | None, device: DeviceSettings, model: Any) -> None:
    """Refuse micromagnetics of anything but the stripe of a fitted wall."""
    if stripe is None or material is None:
        raise ValueError("stretch and orbits need stripe and material, those of the wall's own campaign; give both")
    if not isinstance(model, DomainWallSynapse):
        raise ValueError(
            f"stretch and orbits: device.model = {device.model!r} holds a {type(model).__name__}, and runs are of "
            "walls in a stripe; leave both out"
        )
    check_fitted_stripe(stripe, material, device.model, model, "stripe")
