r"""A perceptron with one hidden layer on handwritten digits, in software and as two crossbars.

Its weights are two matrices (inputs + 1, outputs), the last row for a word line that is always on. Hidden units are
rectified sums, outputs go through a softmax. In a crossbar a weight is a pair of devices (`weight_pairs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from solitons.crossbars.device_array import Written
from solitons.crossbars.step_table import StepTable
from solitons.crossbars.weight_pairs import write_pair
from solitons.crossbars.wires import Wires
from solitons.networks.image_sets import ImageSet, split_images

__all__ = [
    "DigitImages",
    "Weights",
    "accuracy",
    "accuracy_on_digits",
    "digit_images",
    "forward",
    "gradients",
    "quantised",
    "train_in_software",
    "write_weights",
]

Floats = npt.NDArray[np.float64]
Weights = tuple[Floats, Floats]

TEST_SHARE = 0.35


@dataclass(frozen=True, eq=False)
class DigitImages:
    """Handwritten digits, split into images to train on and to test.

    Images are (images, pixels + 1) with pixels from 0 to 1; the last input of each image is 1.
    """

    train: Floats
    train_digits: npt.NDArray[np.intp]
    test: Floats
    test_digits: npt.NDArray[np.intp]


@cache
def digit_images(seed: int, name: ImageSet = "digits") -> DigitImages:
    """Split a set of digits, 65 % to train on, with a seed."""
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

    The rate of learning falls to a tenth over the epochs, `batch` images lie between two changes of the weights, and no
    weight grows beyond `largest` in size. `noise` is the standard deviation over the largest weight of what is added to
    the weights, anew for each batch, while their gradients are taken: devices will be off by as much when the weights
    are written.
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
    """Write weights that were trained in software into devices, and read them through the wires, ideal ones by default.

    The largest weight of each layer takes the whole range of conductance. If `verified` each device is read after each
    pulse, else the pulses of the mean device are counted; `stuck_low` and `stuck_high` are shares of devices that are
    stuck at either end. Returns the weights as they are read, and what was written in each array: positive and negative
    devices of the first layer, then of the second.
    """
    seen: list[Floats] = []
    written: list[Written] = []
    for layer, each in enumerate(weights):
        pair = write_pair(
            each, table, seed=seed * 4 + 2 * layer, verified=verified, stuck_low=stuck_low, stuck_high=stuck_high
        )
        written.extend(pair.written)
        seen.append(pair.read(wires or Wires()))
    return (seen[0], seen[1]), written
