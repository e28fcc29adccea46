"""Superparamagnetic junctions as neurons: their distribution beside enumeration, and recall over the heat."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from solitons.attractors.chance_neurons import follow_by_chance
from solitons.attractors.patterns import WRONG_ALLOWED, random_patterns
from solitons.attractors.threshold_neurons import wrong_shares
from solitons.campaigns.arrays.associative_memory.networks import Network, field_share, network_of, through, without_own
from solitons.campaigns.arrays.associative_memory.results import BoltzmannMachine
from solitons.campaigns.arrays.associative_memory.settings import ChanceSettings
from solitons.campaigns.arrays.scores_over_seeds import VariedPoint, difference, score_of
from solitons.crossbars import StepTable, Wires
from solitons.junctions import PBit, exact_distribution
from solitons.numerics.threads import shared

__all__ = ["boltzmann_machine", "chance_points"]

Floats = npt.NDArray[np.float64]

_SMALL = 12
"""Neurons of the network whose states are enumerated."""
_FORGOTTEN = 20
"""Sweeps before the first state is counted: starts are random."""
_APART = 2
"""Sweeps from one state that is counted to the next of the same network."""
_NETWORKS = 20_000
"""Networks that are followed at once."""
_DRAWN = 3_000_003


def boltzmann_machine(
    chance: ChanceSettings, table: StepTable, wires: Wires, seed: int, advance: Callable[[], None]
) -> BoltzmannMachine:
    """Distribution of twelve junctions, by ideal weights and by written ones, against Boltzmann's by enumeration."""
    stored = random_patterns(chance.small_patterns, _SMALL, np.random.default_rng([seed, _SMALL])).astype(float)
    network = network_of(stored, "hebbian", 0.1, 1, seed)
    bit = PBit(chance.junction.rates())
    exact = exact_distribution(network.weights, np.zeros(_SMALL), strength=chance.beta)
    written = _amplified(network, through(table, wires)(network))
    off = []
    for weights in (network.weights, written):
        shares = _shares(chance.beta * weights, bit, chance.samples, seed)
        off.append(float(np.abs(shares - exact).sum() / 2))
        advance()
    rest = exact_distribution(network.weights, np.zeros(_SMALL), strength=chance.beta, bit=bit)
    # The mean total variation of independent samples, each state's share being nearly normal.
    by_chance = float(np.sqrt(2 * exact * (1 - exact) / np.pi / chance.samples).sum() / 2)
    return BoltzmannMachine(
        neurons=_SMALL,
        patterns=chance.small_patterns,
        beta=chance.beta,
        samples=chance.samples,
        off=off[0],
        written_off=off[1],
        curve_off=float(np.abs(rest - exact).sum() / 2),
        by_chance=by_chance,
    )


def _amplified(network: Network, weights: Floats) -> Floats:
    """Weights whose fields an amplifier of the neurons makes as large as those of the rule: beta is of the fields."""
    return without_own(weights) / field_share(network, weights)


def _shares(couplings: Floats, bit: PBit, samples: int, seed: int) -> Floats:
    """Share of the states of twelve neurons, the first counting highest, over so many samples."""
    networks = min(_NETWORKS, samples)
    generator = np.random.default_rng([_DRAWN + seed])
    values, found = 1 << np.arange(_SMALL - 1, -1, -1), np.zeros(2**_SMALL)
    states = np.where(generator.random((networks, _SMALL)) < 0.5, -1.0, 1.0)
    biases, before = np.zeros(_SMALL), _FORGOTTEN
    for _ in range(-(-samples // networks)):
        states = follow_by_chance(couplings, biases, states, bit.probability, before, generator)
        found += np.bincount((states > 0) @ values, minlength=2**_SMALL)
        before = _APART
    return np.asarray(found / found.sum())


def chance_points(
    networks: list[Network],
    weights: Mapping[int, Floats],
    floating: tuple[float, ...],
    chance: ChanceSettings,
    advance: Callable[[], None],
) -> list[VariedPoint]:
    """Recalled share over beta by read weights, of each seed; a loss is against ideal weights and threshold neurons."""
    bit = PBit(chance.junction.rates())
    acting = [_amplified(network, weights[network.seed]) for network in networks]
    found = []
    for number, beta in enumerate(chance.betas):

        def one(index: int, beta: float = beta, number: int = number) -> float:
            network = networks[index]
            generator = np.random.default_rng([_DRAWN + network.seed, number])
            mean, seen = np.zeros(network.starts.shape), 0

            def watch(states: Floats) -> None:
                nonlocal seen
                seen += 1
                if 2 * seen > chance.sweeps:
                    mean[:] += states

            size = acting[index].shape[0]
            follow_by_chance(
                beta * acting[index], np.zeros(size), network.starts, bit.probability, chance.sweeps, generator,
                watch=watch,
            )  # fmt: skip
            # As often 1 as -1 counts as -1: no answer is not a right one.
            answer = np.where(mean > 0, 1.0, -1.0)
            return float(np.mean(wrong_shares(answer, network.wanted) <= WRONG_ALLOWED))

        shares = shared(one, range(len(networks)), lambda: None)
        found.append(VariedPoint(axis="betas", value=beta, score=score_of(shares), loss=difference(floating, shares)))
        advance()
    return found
