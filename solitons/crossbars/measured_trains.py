"""Table of steps of a device with nothing known but conductances measured against pulses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.crossbars.step_table import StepTable
from solitons.devices.spreads import normal_parts
from solitons.devices.tabulated_synapse import TabulatedSynapse

__all__ = ["checked_trains", "table_from_trains", "table_of"]

Floats = npt.NDArray[np.float64]


def table_from_trains(up: npt.ArrayLike, down: npt.ArrayLike, quantiles: int = 16, places: int = 33) -> StepTable:
    """Table of steps of a device from measured conductances against pulses alone.

    `up` and `down` are conductances in S before the first pulse and after each, (devices, pulses + 1) or (pulses + 1,),
    of raising and of lowering pulses; two or more pulses each. The coordinate is the share of the range. Each device's
    mean step at a conductance is a straight-line interpolation of its own train, and the scatter of the devices' steps
    about their means is chance.
    """
    trains = checked_trains(up, down, "table_from_trains")
    low, high = min(each.min() for each in trains), max(each.max() for each in trains)
    coordinate, levels = np.linspace(0, 1, places), np.linspace(low, high, places)
    found = np.empty((len(trains[0]), 2, places, quantiles))
    chance = (np.arange(quantiles) + 0.5) / quantiles
    for index, train in enumerate(trains):
        steps = np.diff(train, axis=1) / (high - low)
        for device, (before, step) in enumerate(zip(train[:, :-1], steps, strict=True)):
            mean = _smooth(before, step, levels, (high - low) / 8)
            left = step - _smooth(before, step, before, (high - low) / 8)
            found[device, index] = mean[:, None] + np.quantile(left, chance)[None, :]
    return StepTable(coordinate, levels, (1.0, -1.0), found, spread_known=len(trains[0]) > 1)


def checked_trains(up: npt.ArrayLike, down: npt.ArrayLike, owner: str) -> list[Floats]:
    """Both trains as arrays (devices, pulses + 1), if `table_from_trains` can take them; errors name the owner."""
    trains = [np.atleast_2d(np.asarray(each, dtype=float)) for each in (up, down)]
    for name, train, sign in (("up", trains[0], 1), ("down", trains[1], -1)):
        if train.ndim != 2 or train.shape[1] < 3:
            raise ValueError(f"{owner}: {name} has the shape {train.shape}; give a row of 3 or more a device")
        if not (np.isfinite(train).all() and (train > 0).all()):
            raise ValueError(f"{owner}: {name} has a conductance that is not finite or not above 0; give S")
        if not (sign * (train[:, -1] - train[:, 0]) > 0).all():
            raise ValueError(
                f"{owner}: a train of {name} ends where it should not, at {train[0, -1]:.3g} S from "
                f"{train[0, 0]:.3g} S; give trains that raise as up and those that lower as down"
            )
    if trains[0].shape[0] != trains[1].shape[0]:
        raise ValueError(
            f"{owner}: up has {trains[0].shape[0]} devices and down {trains[1].shape[0]}; give both of each"
        )
    return trains


def _smooth(at: Floats, values: Floats, wanted: Floats, width: float) -> Floats:
    """Mean of values by a normal kernel; beyond the outermost it is the nearest ones' mean."""
    inside = np.clip(wanted, at.min(), at.max())
    weights = np.exp(-(((inside[:, None] - at) / width) ** 2) / 2)
    smoothed: Floats = weights @ values / weights.sum(axis=1)
    return smoothed


def table_of(synapse: TabulatedSynapse, devices: int = 8, quantiles: int = 16, places: int = 33) -> StepTable:
    """The steps of a synapse that is known by its pulses alone, as arrays draw them.

    Both have steps that are linear between nodes, so that nothing is lost where the places refine the nodes: give at
    least as many places as nodes. Devices differ by its `gain`, and pulses by `cycle_up` and `cycle_down`; noise of a
    reading is no step and is left out.
    """
    nodes = int(synapse.up.size)
    count = (nodes - 1) * -(-(places - 1) // (nodes - 1)) + 1
    low, high = float(synapse.lowest), float(synapse.highest)
    coordinate = np.linspace(0.0, 1.0, count)
    # The ends equal the synapse's to the last bit.
    conductance = np.linspace(low, high, count)
    spread, cycles = float(synapse.gain), (float(synapse.cycle_up), float(synapse.cycle_down))
    gains = np.maximum(0.0, 1 + spread * normal_parts(devices if spread > 0 else 1))
    chance = normal_parts(quantiles if max(cycles) > 0 else 1)
    steps = np.empty((gains.size, 2, count, chance.size))
    for index, (sign, cycle) in enumerate(zip((1, -1), cycles, strict=True)):
        mean = synapse.mean_step(conductance, sign)
        steps[:, index] = gains[:, None, None] * mean[:, None] + cycle * chance
    return StepTable(
        coordinate,
        conductance,
        (1.0, -1.0),
        steps / (high - low),
        spread_known=spread > 0,
        chance_known=max(cycles) > 0,
    )
