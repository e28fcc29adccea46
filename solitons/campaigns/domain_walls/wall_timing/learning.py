"""A layer whose synapses are walls that learns images by pairs of spikes, beside the same layer with junctions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LayerResults:
    """Each kind of layer, one layer of walls to draw, and spikes alone that a wall gets for each move by a pair.

    Pairs that moved no wall are taken to move one.
    """

    learned: list[Learned]
    example: TaughtImages
    alone: float


def learn_layers(
    settings: LearningSettings, other: Any, walls: LevelArray, advance: Callable[[], None]
) -> LayerResults:
    """Let layers of walls and of junctions learn; `other` is the campaign stochastic_stdp whose digits are taken."""
    task = other.digits
    images = split_images("digits", task.held_out, task.split_seed)
    seeds = range(settings.seed, settings.seed + settings.seeds)
    inputs, held_out = 2 * images[0].shape[1], images[3].size

    def of_walls(seed: int, *, learns: bool = True) -> TaughtImages:
        states = random_levels(task.layer.neurons, inputs, walls.levels, seed)
        return learn_images(
            task.layer, task.coding, walls, states, images, epochs=task.epochs, seed=seed, learns=learns
        )

    def of_junctions(seed: int, *, learns: bool = True) -> float:
        return float(other.digits_with_junctions(settings.current, seed, learns=learns).score)

    taught = list(shared(of_walls, seeds, advance))
    linear = LogisticRegression(max_iter=1000).fit(images[0], images[2]).score(images[1], images[3])
    shares = {
        "walls": [each.score for each in taught],
        "walls, untrained": [each.score for each in shared(partial(of_walls, learns=False), seeds, advance)],
        f"{task.junctions} junctions each": list(shared(of_junctions, seeds, advance)),
        "junctions, untrained": list(shared(partial(of_junctions, learns=False), seeds, advance)),
        "linear classifier, taught": [float(linear)] * len(seeds),
    }
    # At a spike of a neuron every input sends one, active before it or silent after it: the walls of all other neurons
    # see that one alone. Walls at an end are not moved outwards, so that the moves are those of the layer.
    others = task.layer.neurons - 1
    alone = others * taught[0].response.times.size * inputs / max(int(taught[0].response.pulses.switched.sum()), 1)
    learned = [_learned(name, np.array(each), np.array(shares["walls"]), held_out) for name, each in shares.items()]
    return LayerResults(learned, taught[0], alone)


def _learned(name: str, shares: Floats, walls: Floats, total: int) -> Learned:
    mean, behind = float(shares.mean()), walls - shares
    exact, reach = exact_interval(round(mean * total), total), student_reach(shares.tolist())
    apart, wide = float(behind.mean()), student_reach(behind.tolist())
    low, high = max(min(exact[0], mean - reach), 0.0), min(max(exact[1], mean + reach), 1.0)
    return Learned(name=name, share=mean, ci95=(low, high), behind=apart, behind_ci95=(apart - wide, apart + wide))
