"""Networks that are trained in software and written into devices, while one thing after another is varied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from solitons.campaigns.array_devices import ArrayWires
from solitons.campaigns.crossbar_limits.results import AxisName, VariedPoint
from solitons.campaigns.crossbar_limits.settings import Network, Varied
from solitons.campaigns.scores_over_seeds import Break, Score, break_of, score_of
from solitons.crossbars import StepTable, Wires, digit_images, ideal_table, train_in_software, write_weights
from solitons.crossbars.perceptron import Weights, accuracy_on_digits, quantised, weights_of_pairs
from solitons.threads import shared

__all__ = ["Trained", "WrittenNetworks", "breaks_of", "networks_trained", "varied_points", "written_networks"]


@dataclass(frozen=True, eq=False)
class Trained:
    """Networks of one size in floating point.

    Parameters
    ----------
    seeds : tuple of int
    weights : list of (array, array)
        By seed.
    scores : list of float
        Accuracies on the test images, by seed.
    """

    seeds: tuple[int, ...]
    weights: list[Weights]
    scores: list[float]


@dataclass(frozen=True)
class WrittenNetworks:
    """What became of networks in devices.

    Parameters
    ----------
    score, loss : Score
        Accuracy, and that of floating point less it, seed by seed.
    pulses, outside : float
        A device, and the share of them outside of the fit.
    """

    score: Score
    loss: Score
    pulses: float
    outside: float


def networks_trained(network: Network, hidden: int, seeds: Sequence[int]) -> Trained:
    """Train one network for each seed, which also splits the images."""

    def one(seed: int) -> Weights:
        return train_in_software(digit_images(seed), hidden, seed, epochs=network.epochs)

    weights = shared(one, seeds, lambda: None)
    scores = [accuracy_on_digits(each, seed) for each, seed in zip(weights, seeds, strict=True)]
    return Trained(tuple(seeds), weights, scores)


def written_networks(
    trained: Trained,
    table: StepTable,
    wires: Wires,
    *,
    verified: bool = True,
    stuck: float = 0.0,
) -> WrittenNetworks:
    """Write trained networks into devices of their own seeds and read the test images."""

    def one(index: int) -> tuple[float, float, float]:
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
        pulses = float(np.mean([each.pulses for each in written]))
        sent = [each.pulses * size for each, size in zip(written, _sizes(trained.weights[index]), strict=True)]
        beyond = [each.outside * count for each, count in zip(written, sent, strict=True)]
        return accuracy_on_digits(read, seed), pulses, sum(beyond) / max(sum(sent), 1e-12)

    scores, pulses, outside = zip(*shared(one, range(len(trained.seeds)), lambda: None), strict=True)
    lost = [whole - score for whole, score in zip(trained.scores, scores, strict=True)]
    return WrittenNetworks(score_of(scores), score_of(lost), float(np.mean(pulses)), float(np.mean(outside)))


def _sizes(weights: Weights) -> list[int]:
    return [weights[0].size, weights[0].size, weights[1].size, weights[1].size]


def quantised_score(trained: Trained, levels: int) -> Score:
    """Accuracy of the weights rounded to so many levels of either sign."""
    both = [quantised(each, 2 * levels - 1) for each in trained.weights]
    return score_of([accuracy_on_digits(each, seed) for each, seed in zip(both, trained.seeds, strict=True)])


def lost_in_first_layer(trained: Trained, table: StepTable, wires: Wires) -> float:
    """Share of the weights' size in the first array that its wires take away, in the mean of the seeds."""
    lost = []
    low, high = table.range
    for first, _ in trained.weights:
        positive, negative = (
            low + (high - low) * np.maximum(sign * first, 0) / np.abs(first).max() for sign in (1, -1)
        )
        seen, whole = (weights_of_pairs(positive, negative, 1.0, (low, high), each) for each in (wires, Wires()))
        lost.append(1 - np.abs(seen).sum() / np.abs(whole).sum())
    return float(np.mean(lost))


def varied_points(
    network: Network,
    varied: Varied,
    wires: ArrayWires,
    table: StepTable,
    trained: Trained,
    advance: Callable[[], None],
) -> list[VariedPoint]:
    """Networks over each thing that is varied."""
    ideal = Wires()
    points: list[VariedPoint] = []

    def add(axis: AxisName, value: float, found: WrittenNetworks, verified: bool = True) -> None:
        points.append(VariedPoint(axis=axis, value=float(value), verified=verified, score=found.score, loss=found.loss))
        advance()

    for segment in varied.segments:
        lines = wires.lines(segment)
        add("segments", segment, written_networks(trained, table, lines))
    for hidden in varied.hidden:
        other = trained if hidden == network.hidden else networks_trained(network, hidden, trained.seeds)
        lines = wires.lines()
        add("hidden", hidden, written_networks(other, table, lines))
    for spread in () if table.discrete else varied.spreads:
        unlike = table.with_spread(spread)
        for verified in (True, False):
            add("spreads", spread, written_networks(trained, unlike, ideal, verified=verified), verified)
    for levels in varied.levels:
        add("levels", levels, written_networks(trained, ideal_table(table, levels), ideal))
    for stuck in varied.stuck:
        add("stuck", stuck, written_networks(trained, table, ideal, stuck=stuck))
    return points


def breaks_of(points: Sequence[VariedPoint], allowed: float) -> dict[str, Break]:
    """Where each axis loses more than is allowed; levels are read from many to few, hidden units from the best on."""
    found: dict[str, Break] = {}
    for axis in dict.fromkeys(point.axis for point in points):
        for verified in (True, False):
            some = sorted(
                (each for each in points if each.axis == axis and each.verified == verified),
                key=lambda each: each.value,
                reverse=axis == "levels",
            )
            if some and axis == "hidden":
                some = some[int(np.argmin([each.loss.mean for each in some])) :]
            if some:
                name = axis if verified else f"{axis} counted"
                found[name] = break_of([each.value for each in some], [each.loss.mean for each in some], allowed)
    return found
