"""Networks that recall random patterns, with ideal weights and with weights that devices hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solitons.attractors.patterns import WRONG_ALLOWED, CouplingRule, Floats, coupling_matrix, random_patterns
from solitons.attractors.threshold_neurons import fall_to_rest, wrong_shares
from solitons.campaigns.arrays.associative_memory.settings import Memory
from solitons.campaigns.arrays.scores_over_seeds import Score, score_of
from solitons.crossbars import StepTable, Wires
from solitons.crossbars.weight_pairs import WrittenPair, write_pair
from solitons.numerics.threads import shared

__all__ = [
    "Network",
    "Recalls",
    "field_share",
    "network_of",
    "networks_of",
    "recalls",
    "through",
    "with_wrong_bits",
    "without_own",
]

_STARTS, _DRAWS = 1_000_003, 2_000_003
"""Added to the seeds of networks, for starts and for the order of neurons."""


@dataclass(frozen=True, eq=False)
class Network:
    """A network with its patterns.

    `weights` are those of the rule; `wanted` and `starts` (recalls, N) are the patterns of the recalls and their
    corrupted starts; `largest` is the weight that takes the whole range of a device, and `seed` the one from which all
    chance of it follows.
    """

    weights: Floats
    wanted: Floats
    starts: Floats
    largest: float
    seed: int

    @property
    def clipped(self) -> float:
        """Share of the weights beside the diagonal that are beyond the largest one."""
        size = len(self.weights)
        return float(np.sum(np.abs(self.weights) > self.largest * (1 + 1e-12)) / (size * (size - 1)))

    def written(self, table: StepTable, *, verified: bool = True, stuck: float = 0.0) -> WrittenPair:
        """The weights in pairs of devices."""
        return write_pair(
            self.weights, table, seed=4 * self.seed, largest=self.largest, verified=verified, stuck_low=stuck / 2,
            stuck_high=stuck / 2,
        )  # fmt: skip


def with_wrong_bits(patterns: Floats, share: float, generator: np.random.Generator) -> Floats:
    """The patterns (..., N) with this share of the bits of each turned over, and never none."""
    drawn = generator.random(patterns.shape).argsort(axis=-1)
    return np.where(drawn < max(1, round(share * patterns.shape[-1])), -patterns, patterns)


def network_of(
    patterns: Floats, rule: CouplingRule, wrong_bits: float, starts: int, seed: int, largest: float | None = None
) -> Network:
    """A network of these patterns, each of which is recalled from so many starts; `largest` as in `Memory`."""
    weights = coupling_matrix(patterns, rule)
    if largest is None:
        most = float(np.abs(weights).max())
    else:
        most = largest * float(weights[~np.eye(len(weights), dtype=bool)].std())
    wanted = np.repeat(patterns, starts, axis=0)
    corrupted = with_wrong_bits(wanted, wrong_bits, np.random.default_rng([_STARTS + seed, wanted.shape[1]]))
    return Network(weights, wanted, corrupted, most, seed)


def networks_of(memory: Memory, seeds: range, neurons: int | None = None) -> list[Network]:
    """A network of random patterns for each seed; other numbers of neurons keep the load."""
    size = memory.neurons if neurons is None else neurons
    count = max(1, round(memory.patterns * size / memory.neurons))
    return [
        network_of(
            random_patterns(count, size, np.random.default_rng([seed, size])).astype(float), memory.rule,
            memory.wrong_bits, memory.starts, seed, memory.largest,
        )
        for seed in seeds
    ]  # fmt: skip


def without_own(weights: Floats) -> Floats:
    """Weights as they act: the word line of the neuron whose column is read is at 0 V."""
    return weights * (1 - np.eye(len(weights)))


def field_share(network: Network, weights: Floats) -> float:
    """What is left of the fields by the weights that act, over those of the weights as the rule has them."""
    wanted = np.clip(network.weights, -network.largest, network.largest)
    return float(np.sum(wanted * without_own(weights)) / np.sum(wanted**2))


@dataclass(frozen=True, eq=False)
class Recalls:
    """Recalls of networks: `shares` by network, and means over all recalls.

    A recall is right if at most 1.5 % of the bits are wrong at rest. `readings` is how many neurons are read in one,
    and `restless` the share of the recalls that do not come to rest.
    """

    shares: tuple[float, ...]
    readings: float
    restless: float

    @property
    def score(self) -> Score:
        """The recalled share with its interval over networks."""
        return score_of(self.shares)


def recalls(networks: list[Network], weights: Callable[[Network], Floats]) -> Recalls:
    """Recall all patterns of some networks by the weights that act in each, with the same chance whatever they are."""

    def one(index: int) -> tuple[float, float, float]:
        network = networks[index]
        generator = np.random.default_rng([_DRAWS + network.seed, network.wanted.shape[1]])
        found = fall_to_rest(without_own(weights(network)), network.starts, generator)
        right = wrong_shares(found.states, network.wanted) <= WRONG_ALLOWED
        return float(right.mean()), float(found.readings.mean()), float(1 - found.at_rest.mean())

    found = shared(one, range(len(networks)), lambda: None)
    return Recalls(
        tuple(share for share, _, _ in found),
        float(np.mean([readings for _, readings, _ in found])),
        float(np.mean([restless for _, _, restless in found])),
    )


def through(
    table: StepTable, wires: Wires, *, verified: bool = True, stuck: float = 0.0
) -> Callable[[Network], Floats]:
    """What writes a network's weights into devices and reads them through wires."""
    return lambda network: network.written(table, verified=verified, stuck=stuck).read(wires)
