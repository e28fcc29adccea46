"""A layer whose synapses are walls that learns images by pairs of spikes, beside the same layer with junctions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from analysis.statistics.means import student_reach
from analysis.statistics.proportions import exact_interval
from solitons.campaigns.domain_walls.wall_timing.results import Learned
from solitons.campaigns.domain_walls.wall_timing.settings import LearningSettings
from solitons.networks.image_sets import split_images
from solitons.numerics.threads import shared
from solitons.spiking.image_learning import TaughtImages, learn_images
from solitons.spiking.level_array import LevelArray, random_levels

__all__ = ["LayerResults", "learn_layers"]


@dataclass(frozen=True)
class LayerResults:
    """Shares of each kind of layer, gains layer by layer with intervals, one layer to draw, and events of a wall.

    `pairs` and `alone` are how often a wall gets a pair, and a spike of its input alone, while the layer learns.
    """

    learned: list[Learned]
    gain: tuple[float, tuple[float, float]]
    behind: tuple[float, tuple[float, float]]
    example: TaughtImages
    pairs: float
    alone: float


def learn_layers(
    settings: LearningSettings, other: Any, walls: LevelArray, advance: Callable[[], None]
) -> LayerResults:
    """Let layers of walls and of junctions learn; `other` is the campaign stochastic_stdp whose digits are taken."""
    task = other.digits
    images = split_images("digits", task.held_out, task.split_seed)
    seeds = range(settings.seed, settings.seed + settings.seeds)

    def of_walls(learns: bool) -> Callable[[int], TaughtImages]:
        def one(seed: int) -> TaughtImages:
            states = random_levels(task.layer.neurons, 2 * images[0].shape[1], walls.levels, seed)
            return learn_images(
                task.layer, task.coding, walls, states, images, epochs=task.epochs, seed=seed, learns=learns
            )

        return one

    def of_junctions(learns: bool) -> Callable[[int], float]:
        return lambda seed: float(other.digits_with_junctions(settings.current, seed, learns=learns).score)

    taught = list(shared(of_walls(True), seeds, advance))
    shares = {
        "walls": [each.score for each in taught],
        "walls, untrained": [each.score for each in shared(of_walls(False), seeds, advance)],
        f"{task.junctions} junctions each": list(shared(of_junctions(True), seeds, advance)),
        "junctions, untrained": list(shared(of_junctions(False), seeds, advance)),
    }
    held_out = images[3].size
    linear = float(LogisticRegression(max_iter=1000).fit(images[0], images[2]).score(images[1], images[3]))
    shares["linear classifier, taught"] = [linear]
    own, untrained, junctions = (np.array(each) for each in list(shares.values())[:3])
    pulses = taught[0].response.pulses.total
    spikes = pulses / (2 * images[0].shape[1])
    return LayerResults(
        [_learned(name, each, held_out) for name, each in shares.items()],
        _mean(own - untrained),
        _mean(junctions - own),
        taught[0],
        pulses / taught[0].response.states.size,
        # A spike of any neuron meets those of the active half of the inputs, whose other walls see one spike alone.
        spikes / 2,
    )


def _learned(name: str, shares: Sequence[float], total: int) -> Learned:
    """The mean with the wider of the exact interval of one test set and Student's over layers."""
    mean = float(np.mean(shares))
    low, high = exact_interval(round(mean * total), total)
    reach = student_reach(shares) if len(shares) > 1 else 0.0
    return Learned(name=name, share=mean, ci95=(max(min(low, mean - reach), 0.0), min(max(high, mean + reach), 1.0)))


def _mean(values: npt.NDArray[np.float64]) -> tuple[float, tuple[float, float]]:
    mean, reach = float(values.mean()), student_reach(values.tolist())
    return mean, (mean - reach, mean + reach)
