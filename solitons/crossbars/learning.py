r"""Learning on the devices: gradients become pulses, so that steps, their asymmetry, chance and limits are in it.

After each batch of images every weight has its wanted change, -rate dL/dW, an outer product of inputs and errors.
Pulses make it, by one of three rules, with w the change of a weight by a mean pulse:

- **manhattan**: one pulse of its sign where it is larger than the layer's root mean square; its size does not count.
- **delta**: as many pulses as it has steps w, rounded by chance so that the mean is right.
- **accumulated**: it is added to a number beside the array, and as many pulses are sent as that has whole steps w.
  Those that are sent are taken off again; the rest waits.

More pulses at once than `most` are not sent.

By chance, one device of a pair gets the pulses: the positive one pulses that raise it, or the negative one pulses that
lower it. Errors go back through the same devices. What wires do is taken as the ratio of what is read to what the
devices have, cell by cell, and found anew after each epoch; in the end the network is read with its wires exactly.

"Accumulated" is the mixed-precision scheme: S. R. Nandakumar et al., Front. Neurosci. 14, 406 (2020), by its abstract.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from solitons.crossbars.device_array import DeviceArray
from solitons.crossbars.perceptron import DigitImages, Weights, accuracy, gradients
from solitons.crossbars.resistor_network import effective_conductance
from solitons.crossbars.step_table import StepTable
from solitons.crossbars.weight_pairs import side_by_side, weights_of_pairs
from solitons.crossbars.wires import Wires

__all__ = ["Learned", "LearningRule", "learn_on_devices"]

Floats = npt.NDArray[np.float64]

LearningRule = Literal["manhattan", "delta", "accumulated"]

_START = 0.15
"""Half of the stretch about the middle of the range on which the first conductances lie, over the range."""


@dataclass(frozen=True, eq=False)
class Learned:
    """A network that learned on its devices.

    `accuracy` is the share of test images that it reads right in the end, through its wires; `history` the same after
    each epoch, by the ratio of its wires of the epoch before. `pulses` is the mean number a device, `most_pulses` of
    the device that had most (endurance has to allow for it), `outside` the share of pulses outside what the device's
    model was fitted on. `conductances` (S), `coordinates` and `scales` (conductance over the mean device's at the same
    place) have the positive and negative devices of each layer; `weights` are as they are read.
    """

    accuracy: float
    history: tuple[float, ...]
    pulses: float
    most_pulses: int
    outside: float
    conductances: list[tuple[Floats, Floats]]
    weights: Weights
    coordinates: list[tuple[Floats, Floats]] = field(default_factory=list)
    scales: list[tuple[Floats, Floats]] = field(default_factory=list)


def learn_on_devices(
    images: DigitImages,
    table: StepTable,
    hidden: int,
    seed: int,
    *,
    rule: LearningRule = "accumulated",
    wires: Wires | None = None,
    epochs: int = 20,
    batch: int = 10,
    rate: float = 0.1,
    largest: float = 1.5,
    most: int = 8,
    stuck_low: float = 0.0,
    stuck_high: float = 0.0,
) -> Learned:
    """Teach a perceptron by pulses.

    Parameters
    ----------
    images : DigitImages
        Images to learn.
    table : StepTable
        The devices.
    hidden : int
        Hidden units.
    seed : int
        Seed of the devices, their first conductances, the order of the images and chance.
    rule : {"manhattan", "delta", "accumulated"}
        How a wanted change becomes pulses.
    wires : Wires, optional
        Ideal ones if left out.
    epochs, batch : int
        Times that all images are shown, and images between two changes.
    rate : float
        Rate of learning; it falls to a tenth over the epochs.
    largest : float
        Weight of a pair at the two ends of its range.
    most : int
        Pulses that a device gets at once at most.
    stuck_low, stuck_high : float
        Shares of the devices that are stuck at either end.

    Raises
    ------
    ValueError
        If there is no such rule.

    Examples
    --------
    A bar on the left and one on the right, distinguished by devices of 100 steps:

    >>> left, right = [1.0, 0.0, 1.0], [0.0, 1.0, 1.0]  # two pixels, and the input that is always on
    >>> bars, which = np.array([left, right] * 10), np.array([0, 1] * 10)
    >>> images = DigitImages(bars, which, bars, which)
    >>> steps = np.zeros((1, 2, 2, 1))  # one device, up and down, both ends, no chance
    >>> steps[0, 0], steps[0, 1] = 0.01, -0.01
    >>> table = StepTable(np.array([0.0, 1.0]), np.array([1e-6, 2e-6]), drives=(1.0, -1.0), steps=steps)
    >>> learned = learn_on_devices(images, table, hidden=4, seed=1, epochs=10, batch=2, rate=0.5)
    >>> learned.accuracy, learned.outside, round(learned.pulses)
    (1.0, 0.0, 17)
    """
    if rule not in ("manhattan", "delta", "accumulated"):
        raise ValueError(f"learn_on_devices: rule = {rule!r} is none of 'manhattan', 'delta' and 'accumulated'")
    generator = np.random.default_rng(seed)
    low, high = table.range
    shapes = ((images.train.shape[1], hidden), (hidden + 1, 10))
    layers = [
        [
            DeviceArray.of(
                table,
                (low + high) / 2 + _START * (high - low) * generator.uniform(-1, 1, shape),
                seed=seed * 4 + 2 * layer + side + 1_000_000,
                stuck_low=stuck_low,
                stuck_high=stuck_high,
            )
            for side in range(2)
        ]
        for layer, shape in enumerate(shapes)
    ]
    step = largest * min(abs(table.mean_step(sign)) for sign in (1.0, -1.0)) / (high - low)
    lines = wires or Wires()
    ratios = [_ratios(pair, lines) for pair in layers]
    waiting = [np.zeros(shape) for shape in shapes]
    history = []
    for epoch in range(epochs):
        now = rate * 0.1 ** (epoch / max(epochs - 1, 1))
        order = generator.permutation(len(images.train))
        for first in range(0, len(order), batch):
            some = order[first : first + batch]
            weights = _seen(layers, ratios, largest)
            found = gradients(weights, images.train[some], images.train_digits[some])
            for layer, slope in enumerate(found):
                counts = _pulses(-now * slope, step, rule, most, waiting[layer], generator)
                raised = generator.random(counts.shape) < 0.5
                layers[layer][0].send(np.where(raised, counts, 0))
                layers[layer][1].send(np.where(raised, 0, -counts))
        if not lines.ideal:
            ratios = [_ratios(pair, lines) for pair in layers]
        history.append(accuracy(_seen(layers, ratios, largest), images.test, images.test_digits))
    exact = [weights_of_pairs(pair[0].conductance, pair[1].conductance, largest, (low, high), lines) for pair in layers]
    devices = [array for pair in layers for array in pair]
    sent = sum(int(array.pulses.sum()) for array in devices)
    return Learned(
        accuracy=accuracy((exact[0], exact[1]), images.test, images.test_digits),
        history=tuple(history),
        pulses=sent / sum(array.coordinate.size for array in devices),
        most_pulses=max(int(array.pulses.max()) for array in devices),
        outside=sum(array.outside for array in devices) / max(sent, 1),
        conductances=[(pair[0].conductance, pair[1].conductance) for pair in layers],
        weights=(exact[0], exact[1]),
        coordinates=[(pair[0].coordinate, pair[1].coordinate) for pair in layers],
        scales=[(pair[0].scale, pair[1].scale) for pair in layers],
    )


def _seen(layers: list[list[DeviceArray]], ratios: list[tuple[Floats, Floats]], largest: float) -> Weights:
    found = []
    for (positive, negative), (of_positive, of_negative) in zip(layers, ratios, strict=True):
        low, high = positive.table.range
        difference = positive.conductance * of_positive - negative.conductance * of_negative
        found.append(largest * difference / (high - low))
    return found[0], found[1]


def _ratios(pair: list[DeviceArray], wires: Wires) -> tuple[Floats, Floats]:
    """Read conductance of each device over its actual one."""
    positive, negative = (array.conductance for array in pair)
    if wires.ideal:
        return np.ones(positive.shape), np.ones(negative.shape)
    joined = side_by_side(positive, negative)
    seen = effective_conductance(joined, wires) / joined
    return seen[:, 0::2], seen[:, 1::2]


def _pulses(
    wanted: Floats, step: float, rule: LearningRule, most: int, waiting: Floats, generator: np.random.Generator
) -> npt.NDArray[np.intp]:
    """Pulses for each weight, `most` at most; what waits is changed in place."""
    if rule == "manhattan":
        size = np.sqrt(np.mean(wanted**2))
        return np.where(np.abs(wanted) > size, np.sign(wanted), 0).astype(np.intp)
    if rule == "delta":
        return np.clip(np.floor(wanted / step + generator.random(wanted.shape)), -most, most).astype(np.intp)
    waiting += wanted
    # What is not sent must not be taken off: it is sent by later batches.
    counts = np.clip(np.trunc(waiting / step), -most, most)
    waiting -= counts * step
    return counts.astype(np.intp)
