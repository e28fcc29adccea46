"""How well a layer that learned without a teacher counts cars: what lane each neuron stands for, and what it missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.spiking.cars_on_lanes import CarRecording
from solitons.spiking.layer import Response

__all__ = ["LaneScore", "busy_lanes", "lanes_of_neurons", "score_lanes"]

LATE = 0.1
"""s after a car has left in which a spike is still taken for it: the potential that it made has not yet leaked away."""
SURE = 0.6
"""Least part of a neuron's spikes with a car on its lane; one that fires for several lanes stands for none."""
FEWEST = 5
"""Spikes below which a neuron is not given a lane."""


@dataclass(frozen=True)
class LaneScore:
    """Score of a layer on a recording whose cars are known.

    `detected` of the `cars` are those during which a neuron of their lane fired; `false_alarms` are spikes of neurons
    of a lane without a car on it.
    """

    detected: int
    cars: int
    false_alarms: int


def lanes_of_neurons(response: Response, recording: CarRecording, neurons: int) -> npt.NDArray[np.int64]:
    """Lane that each neuron stands for, (neurons,); -1 for one that fires too seldom or for several lanes.

    The response is to a recording that is not the one that is scored. This is the only step that knows the lanes: it
    names what was learned, and teaches nothing.
    """
    lanes = np.full(neurons, -1)
    if not recording.cars.sizes["car"]:
        return lanes
    busy = busy_lanes(response.times, recording, int(recording.cars.lane.max()) + 1)
    for neuron in range(neurons):
        mine = busy[response.neurons == neuron]
        if len(mine) >= FEWEST:
            share = mine.mean(axis=0)
            if share.max() >= SURE:
                lanes[neuron] = share.argmax()
    return lanes


def score_lanes(response: Response, recording: CarRecording, lanes: npt.NDArray[np.int64]) -> LaneScore:
    """Count the cars that were detected, and the alarms without a car.

    The response is without learning; cars that have not left when the recording ends are left out, and one whole car is
    needed.
    """
    named = lanes[response.neurons]
    times, named = response.times[named >= 0], named[named >= 0]
    cars = recording.cars.isel(car=recording.cars.leaves.values < recording.duration)
    if not cars.sizes["car"]:
        raise ValueError("score_lanes: no car passes in the recording; record for longer, or give more arrivals")
    detected = sum(
        bool(np.any((named == lane) & (times >= enters) & (times <= leaves + LATE)))
        for lane, enters, leaves in zip(cars.lane.values, cars.enters.values, cars.leaves.values, strict=True)
    )
    known = 1 + max(int(lanes.max(initial=0)), int(recording.cars.lane.max()))
    alone = ~busy_lanes(times, recording, known)[np.arange(times.size), named]
    return LaneScore(detected=int(detected), cars=int(cars.sizes["car"]), false_alarms=int(alone.sum()))


def busy_lanes(times: npt.NDArray[np.float64], recording: CarRecording, lanes: int) -> npt.NDArray[np.bool_]:
    """Whether there is a car on each of the first `lanes` lanes at each time (s), (times, lanes).

    A car counts for a little longer than it is in the picture.
    """
    cars = recording.cars
    busy = np.zeros((times.size, lanes), dtype=bool)
    for lane, enters, leaves in zip(cars.lane.values, cars.enters.values, cars.leaves.values, strict=True):
        busy[:, lane] |= (times >= enters) & (times <= leaves + LATE)
    return busy
