"""Networks that are trained in software, rounded, and written into devices: what campaigns of arrays share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solitons.campaigns.arrays.array_energy import INFERENCE, ArrayEnergy, network_rows
from solitons.campaigns.arrays.scores_over_seeds import AxisName, Score, VariedPoint, difference, score_of
from solitons.crossbars import StepTable, Wires
from solitons.crossbars.device_array import Written
from solitons.crossbars.perceptron import (
    Weights,
    accuracy_on_digits,
    digit_images,
    quantised,
    train_in_software,
    write_weights,
)
from solitons.energy import EnergyLedger
from solitons.networks.image_sets import ImageSet
from solitons.numerics.threads import shared

__all__ = ["Trained", "WrittenNetworks", "networks_trained", "quantised_score", "varied_point", "written_networks"]

_ANY = "network"


@dataclass(frozen=True, eq=False)
class Trained:
    """Networks of one size in floating point: weights, and accuracies on the test images, by seed."""

    seeds: tuple[int, ...]
    weights: list[Weights]
    scores: list[float]
    images: ImageSet = "digits"


@dataclass(frozen=True, eq=False)
class WrittenNetworks:
    """Networks in devices.

    `loss` is the accuracy of floating point less theirs, seed by seed. `pulses` is the mean over all devices, `outside`
    the share of the pulses outside of the fit; `weights`, as they are read, and the arrays in `written` belong to the
    first seed.
    """

    score: Score
    loss: Score
    pulses: float
    outside: float
    weights: Weights
    written: list[Written]

    @property
    def pairs(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Conductances in S of the positive and the negative devices of each layer, of the first seed."""
        arrays = [each.conductance for each in self.written]
        return [(arrays[0], arrays[1]), (arrays[2], arrays[3])]


def networks_trained(
    hidden: int,
    epochs: int,
    seeds: Sequence[int],
    images: ImageSet = "digits",
    *,
    noise: float = 0.0,
    largest: float | None = None,
) -> Trained:
    """Train one network for each seed, which also splits the images; noise as of `train_in_software`."""

    def one(seed: int) -> Weights:
        return train_in_software(digit_images(seed, images), hidden, seed, epochs=epochs, noise=noise, largest=largest)

    weights = shared(one, seeds, lambda: None)
    scores = [accuracy_on_digits(each, seed, images) for each, seed in zip(weights, seeds, strict=True)]
    return Trained(tuple(seeds), weights, scores, images)


def quantised_score(trained: Trained, levels: int) -> Score:
    """Accuracy of the weights rounded to so many levels of either sign."""
    both = [quantised(each, 2 * levels - 1) for each in trained.weights]
    pairs = zip(both, trained.seeds, strict=True)
    return score_of([accuracy_on_digits(each, seed, trained.images) for each, seed in pairs])


def written_networks(
    trained: Trained, table: StepTable, wires: Wires, *, verified: bool = True, stuck: float = 0.0
) -> WrittenNetworks:
    """Write trained networks into devices of their own seeds and read the test images."""

    def one(index: int) -> tuple[float, Weights, list[Written]]:
        seed = trained.seeds[index]
        read, written = write_weights(
            trained.weights[index],
            table,
            seed=seed,
            wires=wires,
            verified=verified,
            stuck_low=stuck / 2,
            stuck_high=stuck / 2,
        )
        return accuracy_on_digits(read, seed, trained.images), read, written

    found = shared(one, range(len(trained.seeds)), lambda: None)
    scores = [score for score, _, _ in found]
    pulses, outside = [], []
    for _, _, written in found:
        sent = [each.pulses * each.conductance.size for each in written]
        beyond = [each.outside * count for each, count in zip(written, sent, strict=True)]
        pulses.append(sum(sent) / sum(each.conductance.size for each in written))
        outside.append(sum(beyond) / max(sum(sent), 1e-12))
    return WrittenNetworks(
        score=score_of(scores),
        loss=difference(trained.scores, scores),
        pulses=float(np.mean(pulses)),
        outside=float(np.mean(outside)),
        weights=found[0][1],
        written=found[0][2],
    )


def varied_point(
    axis: AxisName,
    value: float,
    found: WrittenNetworks,
    trained: Trained,
    lines: Wires | None = None,
    energy: ArrayEnergy | None = None,
    *,
    verified: bool = True,
) -> VariedPoint:
    """Scores of written networks at one value of the axis.

    With lines and energy, what an image costs the network of the first seed as well.
    """
    joule: dict[str, float | None] = {}
    if lines is not None and energy is not None:
        shown = digit_images(trained.seeds[0], trained.images).test
        rows = network_rows(_ANY, found.pairs, found.weights, shown, lines, energy)
        spent = EnergyLedger(rows=tuple(rows))
        joule["device_joule"] = spent.joule(_ANY, INFERENCE, "device")
        joule["wire_joule"] = spent.joule(_ANY, INFERENCE, "wire")
        joule["joule"] = spent.joule(_ANY, INFERENCE)
    return VariedPoint(axis=axis, value=float(value), verified=verified, score=found.score, loss=found.loss, **joule)
