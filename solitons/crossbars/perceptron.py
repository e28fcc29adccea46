r"""A perceptron with one hidden layer on handwritten digits, in software and as two crossbars.

Its weights are two matrices (inputs + 1, outputs), the last row that of a word line that is always on. Hidden units are
rectified sums, outputs go through a softmax. In a crossbar a weight is the difference of two devices in neighbouring
columns, over their range of conductance G_high - G_low and times the largest weight,

.. math:: W = W_{max} \frac{G^+ - G^-}{G_{high} - G_{low}},

and with wires G is what `effective_conductance` gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from solitons.crossbars.device_array import DeviceArray, Written, write_and_verify, write_open_loop
from solitons.crossbars.resistor_network import effective_conductance
from solitons.crossbars.step_table import StepTable
from solitons.crossbars.wires import Wires
from solitons.networks.image_sets import ImageSet, split_images

__all__ = [
    "DigitImages",
    "Weights",
    "accuracy",
    "accuracy_on_digits",
    "conductance_pairs",
    "digit_images",
    "forward",
    "gradients",
    "quantised",
    "side_by_side",
    "train_in_software",
    "weights_of_pairs",
    "write_weights",
]

Floats = npt.NDArray[np.float64]
Weights = tuple[Floats, Floats]

TEST_SHARE = 0.35


@dataclass(frozen=True, eq=False)
class DigitImages:
    """Handwritten digits, split; the last input of each image is 1.

    Parameters
    ----------
    train, test : array (images, pixels + 1)
        Pixels from 0 to 1.
    train_digits, test_digits : int array
        What they show.

    Examples
    --------
    Bars instead of digits, four pixels and the input that is always on:

    >>> bars = np.array([[1.0, 1, 0, 0, 1], [0, 0, 1, 1, 1], [1, 0, 1, 0, 1], [0, 1, 0, 1, 1]])
    >>> images = DigitImages(train=bars, train_digits=np.arange(4), test=bars, test_digits=np.arange(4))
    >>> accuracy((np.eye(5, 4), np.eye(5, 4)), images.test, images.test_digits)  # what untrained weights read
    0.25
    """

    train: Floats
    train_digits: npt.NDArray[np.intp]
    test: Floats
    test_digits: npt.NDArray[np.intp]


@cache
def digit_images(seed: int, name: ImageSet = "digits") -> DigitImages:
    """Split a set of digits, 65 % to train on, with a seed.

    Examples
    --------
    >>> images = digit_images(0)
    >>> images.train.shape, images.test.shape  # 8 x 8 pixels, and an input that is always on
    ((1168, 65), (629, 65))
    """
    train, test, train_digits, test_digits = split_images(name, TEST_SHARE, seed)
    train, test = (np.hstack([each, np.ones((len(each), 1))]) for each in (train, test))
    return DigitImages(train, train_digits, test, test_digits)


def forward(weights: Weights, images: Floats) -> tuple[Floats, Floats]:
    """Hidden units with the one that is always on, and outputs before the softmax."""
    hidden = np.maximum(images @ weights[0], 0.0)
    hidden = np.hstack([hidden, np.ones((len(hidden), 1))])
    return hidden, hidden @ weights[1]


def accuracy(weights: Weights, images: Floats, digits: npt.NDArray[np.intp]) -> float:
    """Share of the images that are read right."""
    return float(np.mean(forward(weights, images)[1].argmax(axis=1) == digits))


def accuracy_on_digits(weights: Weights, seed: int, name: ImageSet = "digits") -> float:
    """Share of the digits that are read right, of those that are not trained on with this seed."""
    images = digit_images(seed, name)
    return accuracy(weights, images.test, images.test_digits)


def gradients(weights: Weights, images: Floats, digits: npt.NDArray[np.intp]) -> Weights:
    """Derivatives of the mean cross-entropy of some images by both matrices: outer products of inputs and errors."""
    hidden, outputs = forward(weights, images)
    shares = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    errors = shares / shares.sum(axis=1, keepdims=True)
    errors[np.arange(len(digits)), digits] -= 1.0
    errors /= len(digits)
    back = (errors @ weights[1][:-1].T) * (hidden[:, :-1] > 0)
    return images.T @ back, hidden.T @ errors


def train_in_software(
    images: DigitImages,
    hidden: int,
    seed: int,
    *,
    epochs: int = 20,
    batch: int = 10,
    rate: float = 0.2,
    largest: float | None = None,
    noise: float = 0.0,
) -> Weights:
    """Stochastic gradient descent in floating point.

    Parameters
    ----------
    images : DigitImages
        What is learned.
    hidden : int
        Hidden units.
    seed : int
        Of the first weights, the order of the images, and the noise.
    epochs, batch : int
        Times that all images are shown, and images between two changes of the weights.
    rate : float
        Of learning; it falls to a tenth over the epochs.
    largest : float, optional
        Weight in size beyond which none goes; no bound if left out.
    noise : float
        Standard deviation over the largest weight of what is added to the weights, anew for each batch, while their
        gradients are taken: as devices will be off when the weights are written.

    Examples
    --------
    A bar on the left and one on the right:

    >>> left, right = [1.0, 0.0, 1.0], [0.0, 1.0, 1.0]  # two pixels, and the input that is always on
    >>> bars, which = np.array([left, right] * 10), np.array([0, 1] * 10)
    >>> images = DigitImages(bars, which, bars, which)
    >>> weights = train_in_software(images, hidden=4, seed=1, largest=1.0)
    >>> accuracy(weights, images.test, images.test_digits), bool(np.abs(weights[0]).max() <= 1.0)
    (1.0, True)
    """
    generator = np.random.default_rng(seed)
    shapes = ((images.train.shape[1], hidden), (hidden + 1, 10))
    weights = [generator.normal(0.0, np.sqrt(2.0 / shape[0]), shape) for shape in shapes]
    for epoch in range(epochs):
        now = rate * 0.1 ** (epoch / max(epochs - 1, 1))
        order = generator.permutation(len(images.train))
        for first in range(0, len(order), batch):
            some = order[first : first + batch]
            seen = weights
            if noise:
                bound = [largest if largest is not None else np.abs(each).max() for each in weights]
                seen = [
                    each + noise * most * generator.standard_normal(each.shape)
                    for each, most in zip(weights, bound, strict=True)
                ]
            found = gradients((seen[0], seen[1]), images.train[some], images.train_digits[some])
            weights = [each - now * slope for each, slope in zip(weights, found, strict=True)]
            if largest is not None:
                weights = [np.clip(each, -largest, largest) for each in weights]
    return weights[0], weights[1]


def quantised(weights: Weights, levels: int) -> Weights:
    """Weights rounded to so many even levels from the largest negative to the largest positive one of each matrix."""

    def rounded(each: Floats) -> Floats:
        most = np.abs(each).max()
        step = 2 * most / (levels - 1)
        return np.asarray(np.rint((each + most) / step) * step - most)

    if levels < 2:
        raise ValueError(f"quantised: levels = {levels} must be 2 or more")
    return rounded(weights[0]), rounded(weights[1])


def conductance_pairs(weights: Floats, largest: float, ends: tuple[float, float]) -> tuple[Floats, Floats]:
    """Conductances in S of the positive and the negative devices of a matrix.

    The one of a pair whose sign is asked for is above the lowest conductance, the other one is at it.
    """
    low, high = ends
    share = np.clip(weights / largest, -1, 1)
    return low + (high - low) * np.maximum(share, 0), low + (high - low) * np.maximum(-share, 0)


def side_by_side(positive: Floats, negative: Floats) -> Floats:
    """One array of two, each pair of devices in neighbouring columns."""
    found = np.empty((positive.shape[0], 2 * positive.shape[1]))
    found[:, 0::2], found[:, 1::2] = positive, negative
    return found


def weights_of_pairs(
    positive: Floats, negative: Floats, largest: float, ends: tuple[float, float], wires: Wires
) -> Floats:
    """What a crossbar multiplies by, in units of weights; positive and negative columns stand side by side."""
    seen = effective_conductance(side_by_side(positive, negative), wires)
    return largest * (seen[:, 0::2] - seen[:, 1::2]) / (ends[1] - ends[0])


def write_weights(
    weights: Weights,
    table: StepTable,
    *,
    seed: int,
    wires: Wires | None = None,
    verified: bool = True,
    stuck_low: float = 0.0,
    stuck_high: float = 0.0,
) -> tuple[Weights, list[Written]]:
    """Write weights that were trained in software into devices, and read them through the wires.

    Parameters
    ----------
    weights : (array, array)
        Of the two layers; the largest of each takes the whole range of conductance.
    table : StepTable
        The devices.
    seed : int
        Of the devices and of chance.
    wires : Wires, optional
        Ideal ones if left out.
    verified : bool
        Whether each device is read after each pulse; counted pulses of the mean device if not.
    stuck_low, stuck_high : float
        Shares of the devices that are stuck at either end.

    Returns
    -------
    weights : (array, array)
        As they are read.
    written : list of Written
        Of each array: positive and negative devices of the first layer, then of the second.

    Examples
    --------
    Devices of 100 steps, half of one step off at most:

    >>> steps = np.zeros((1, 2, 2, 1))  # one device, up and down, both ends, no chance
    >>> steps[0, 0], steps[0, 1] = 0.01, -0.01
    >>> table = StepTable(np.array([0.0, 1.0]), np.array([1e-6, 2e-6]), drives=(1.0, -1.0), steps=steps)
    >>> weights = np.array([[0.5, -1.0]]), np.array([[0.303, 0.6]])
    >>> seen, written = write_weights(weights, table, seed=0)
    >>> seen[1].round(3).tolist(), [each.pulses for each in written]
    ([[0.3, 0.6]], [25.0, 50.0, 75.0, 0.0])
    """
    seen, written = [], []
    ends = table.range
    for layer, each in enumerate(weights):
        largest = float(np.abs(each).max())
        for side, target in enumerate(conductance_pairs(each, largest, ends)):
            array = DeviceArray.of(
                table,
                np.full(target.shape, ends[0]),
                seed=seed * 4 + 2 * layer + side,
                stuck_low=stuck_low,
                stuck_high=stuck_high,
            )
            written.append(write_and_verify(array, target) if verified else write_open_loop(array, target))
        positive, negative = (side.conductance for side in written[-2:])
        seen.append(weights_of_pairs(positive, negative, largest, ends, wires or Wires()))
    return (seen[0], seen[1]), written
