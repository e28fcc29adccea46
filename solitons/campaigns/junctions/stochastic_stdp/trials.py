"""One layer that learns one task: cars on lanes, or digits; and the same layer that has learned nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solitons.campaigns.junctions.stochastic_stdp.settings import CarsTask, DigitsTask
from solitons.junctions.pillar_pulses import ChanceTable, PillarPulse
from solitons.networks.image_sets import split_images
from solitons.spiking.cars_on_lanes import CarRecording, record_cars
from solitons.spiking.image_learning import PULSES, learn_images
from solitons.spiking.junction_array import JunctionArray, random_states
from solitons.spiking.lane_scores import lanes_of_neurons, score_lanes
from solitons.spiking.layer import Response, SpikingLayer, respond

__all__ = ["CarsTaught", "DigitsTaught", "Junctions", "Trial", "run_trial", "usual_trouble"]

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

_HARDLY = 0.05
"""Pulses that switched for each junction, below which a layer was hardly written."""
_ONE_SIDED = 0.02
"""Least share of junctions in either state of a layer that has learned something."""


@dataclass(frozen=True)
class Junctions:
    """The junctions of one layer.

    `pulse` is on the mean junction, `current` the density in A/m2 of every pulse, `spread` the standard deviation of
    the logarithms of barrier and critical current, and `count` the number in parallel at each crossing. `table` has the
    chances of junctions that differ, None without spread; `energies` are the mean junction's, as in `JunctionArray`.
    """

    pulse: PillarPulse
    current: float
    spread: float
    count: int
    table: ChanceTable | None
    energies: npt.NDArray[np.float64]

    @classmethod
    def of(cls, pulse: PillarPulse, current: float, spread: float, count: int) -> Junctions:
        """Compute what is the same for all layers."""
        table = pulse.table(current, spread) if spread else None
        return cls(pulse, current, spread, count, table, pulse.energies(current))

    def array(self, neurons: int, inputs: int, seed: int) -> JunctionArray:
        """The junctions of one layer, whose devices are drawn with the seed."""
        set_chance: Any
        reset_chance: Any
        if self.table is None:
            set_chance, reset_chance = self.pulse.chances(self.current)
        else:
            generator = np.random.default_rng([seed, 1])
            shape = (2, neurons, inputs, self.count)
            stability, critical = np.exp(self.spread * generator.standard_normal(shape))
            set_chance, reset_chance = self.table.chances(stability, critical)
        return JunctionArray(1.0, self.pulse.read_ratio, set_chance, reset_chance, self.energies)


@dataclass(frozen=True)
class CarsTaught:
    """A layer that has learned to count cars, and the recording that it was tried on."""

    states: npt.NDArray[np.uint8]
    lanes: npt.NDArray[np.int64]
    response: Response
    recording: CarRecording


@dataclass(frozen=True)
class DigitsTaught:
    """A layer that has learned to name digits: junctions, names of neurons, right and named digits."""

    states: npt.NDArray[np.uint8]
    classes: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    named: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Trial:
    """How one layer did.

    `right` of `total` are cars detected of those that passed, or images named right of those shown; `alarms` spikes of
    a lane without a car on it, 0 of digits. `unseen` is the part of the images, or of the recordings, that made no
    neuron with a name fire: 1 for a silent layer. `parallel` is the share of junctions that are parallel afterwards,
    `written` the pulses that switched, for each junction, `energy` of all `pulses` that taught it in J, and `constant`
    the score of naming always the most frequent lane or digit of what is scored.
    """

    right: int
    total: int
    alarms: int
    unseen: float
    named: int
    parallel: float
    written: float
    energy: float
    pulses: int
    constant: float
    taught: CarsTaught | DigitsTaught

    @property
    def score(self) -> float:
        """Right ones over all, false alarms counted among these."""
        return self.right / (self.total + self.alarms)

    @property
    def trouble(self) -> str:
        """Fault of the layer, in a word; empty if there is none."""
        if self.unseen >= 1:
            return "silent"
        if self.pulses and self.written < _HARDLY:
            return "hardly written"
        if not _ONE_SIDED <= self.parallel <= 1 - _ONE_SIDED:
            return "saturated"
        return ""


def run_trial(task: CarsTask | DigitsTask, junctions: Junctions, seed: int, *, learns: bool = True) -> Trial:
    """Let a layer learn a task, name its neurons, and score it on what it has not seen.

    `seed` is for devices, first states, recordings and pulses. Without `learns` the layer stays as it was made, and is
    named and scored alike.
    """
    return (
        _cars(task, junctions, seed, learns) if isinstance(task, CarsTask) else _digits(task, junctions, seed, learns)
    )


def _taught(
    layer: SpikingLayer, array: JunctionArray, states: npt.NDArray[np.uint8], events: Any, seed: int, learns: bool
) -> Response:
    # A layer that does not learn finds its thresholds all the same: what is compared is the learning.
    return respond(layer, array, states, events, learns=learns, seed=seed + PULSES)


def _cars(task: CarsTask, junctions: Junctions, seed: int, learns: bool) -> Trial:
    layer, inputs = task.layer, task.road.inputs
    array = junctions.array(layer.neurons, inputs, seed)
    durations = (task.learning, task.naming, task.counting)
    first, second, third = (record_cars(task.road, each, 3 * seed + k) for k, each in enumerate(durations))
    states = random_states(layer.neurons, inputs, junctions.count, seed)
    taught = _taught(layer, array, states, first.events, seed, learns)

    def answer(recording: CarRecording) -> Response:
        return respond(layer, array, taught.states, recording.events, learns=False, tires=False, raises=taught.raises)

    lanes = lanes_of_neurons(answer(second), second, layer.neurons)
    response = answer(third)
    score = score_lanes(response, third, lanes)
    passed = third.cars.lane.values
    return Trial(
        right=score.detected,
        total=score.cars,
        alarms=score.false_alarms,
        unseen=0.0 if np.any(lanes[response.neurons] >= 0) else 1.0,
        named=int((lanes >= 0).sum()),
        parallel=float(taught.states.mean()),
        written=float(taught.pulses.switched.sum() / taught.states.size),
        energy=array.energy(taught.pulses),
        pulses=taught.pulses.total,
        constant=float(np.bincount(passed).max() / passed.size),
        taught=CarsTaught(taught.states, lanes, response, third),
    )


def _digits(task: DigitsTask, junctions: Junctions, seed: int, learns: bool) -> Trial:
    images = split_images("digits", task.held_out, task.split_seed)
    layer, inputs, names = task.layer, 2 * images[0].shape[1], images[2]
    array = junctions.array(layer.neurons, inputs, seed)
    states = random_states(layer.neurons, inputs, junctions.count, seed)
    found = learn_images(layer, task.coding, array, states, images, epochs=task.epochs, seed=seed, learns=learns)
    taught, right, named = found.response, found.right, found.named
    return Trial(
        right=int((named == right).sum()),
        total=right.size,
        alarms=0,
        unseen=float((named < 0).mean()),
        named=int((found.classes >= 0).sum()),
        parallel=float(taught.states.mean()),
        written=float(taught.pulses.switched.sum() / taught.states.size),
        energy=array.energy(taught.pulses),
        pulses=taught.pulses.total,
        constant=float((right == np.bincount(names).argmax()).mean()),
        taught=DigitsTaught(taught.states, found.classes, right, named),
    )


def usual_trouble(trials: Sequence[Trial]) -> str:
    """Most frequent fault of the layers; the first one if two are as frequent."""
    return Counter(trial.trouble for trial in trials).most_common(1)[0][0]
