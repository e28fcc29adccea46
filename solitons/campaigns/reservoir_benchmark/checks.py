"""Checks, before anything runs, for drives that a device cannot follow and read-outs that chance could fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from geometries import Pillar, Stripe
from solitons.campaigns.reservoir_benchmark.devices import driven_device
from solitons.campaigns.reservoir_benchmark.settings import (
    WASHOUT,
    DeviceSettings,
    MicromagneticSettings,
    SearchSettings,
    StretchSettings,
    TestSettings,
)
from solitons.devices.driven_nodes import time_constant
from solitons.devices.synapse import AbstractSynapse
from solitons.domain_walls.fitted_stripes import check_fitted_stripe
from solitons.domain_walls.synapse import DomainWallSynapse
from solitons.figures import value_label
from solitons.junctions.binary_synapse import StochasticBinarySynapse
from solitons.junctions.rates import SwitchingRates
from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.reservoirs.signal_tasks import TASKS

__all__ = ["check_drives", "check_read_outs", "check_runs", "check_stretch"]

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
    held = f"device.model = {device.model!r} holds a {type(model).__name__}"
    if device.start is not None:
        if not isinstance(model, AbstractSynapse):
            raise ValueError(f"device.start = {device.start:g} m is for synapses, and {held}; leave it out")
        low, high = (float(end) for end in model.window)
        if not low < device.start < high:
            raise ValueError(f"device.start = {device.start:g} m is not within the synapse's {low:g} to {high:g} m")
    if device.temperature > 0 and not isinstance(model, AutoOscillator):
        raise ValueError(f"device.temperature = {device.temperature:g} K is for oscillators, and {held}; leave it out")
    if device.copies > 1 and not isinstance(model, AutoOscillator | StochasticBinarySynapse | SwitchingRates):
        raise ValueError(f"device.copies = {device.copies} is for what heat moves, and {held}; leave it out")
    driven = driven_device(model, search.strongest, start=device.start)
    step = max(search.slots) * max(search.nodes)
    constants = [time_constant(driven, bias, min(driven.longest_step, *search.slots)) for bias in search.biases]
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


def check_stretch(stretch: StretchSettings, test: TestSettings) -> None:
    """Refuse a stretch of a task that is not tested, and one in which nothing happens."""
    if stretch.task not in test.tasks:
        raise ValueError(
            f"stretch.task = {stretch.task!r} is none of test.tasks, {', '.join(test.tasks)}; give one of these"
        )
    if not np.ptp(TASKS[stretch.task](stretch.inputs, test.seed).inputs):
        raise ValueError(f"stretch.inputs = {stretch.inputs} of {stretch.task} are all the same; give more")


def check_runs(cells: MicromagneticSettings | None, device: DeviceSettings, model: Any) -> None:
    """Refuse micromagnetics of anything but the model's own kind of device."""
    if cells is None:
        raise ValueError(
            "stretch and orbits need micromagnetics: device and material of the model's own campaign; give them"
        )
    if isinstance(model, DomainWallSynapse) and isinstance(cells.device, Stripe):
        check_fitted_stripe(cells.device, cells.material, device.model, model, "micromagnetics.device")
    elif not (isinstance(model, AutoOscillator) and isinstance(cells.device, Pillar) and any(cells.static_field)):
        raise ValueError(
            f"micromagnetics has a {cells.device.kind}, and device.model = {device.model!r} holds a "
            f"{type(model).__name__}; runs are of a wall in a stripe, or of an oscillator in a pillar with a "
            "static_field: give these, or leave stretch and orbits out"
        )
