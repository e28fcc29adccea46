"""Associative memory: the ideal capacity, what devices cost, chance, digits, drift, and energy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from solitons.attractors.patterns import (
    WRONG_ALLOWED,
    Floats,
    hebbian_matrix,
    random_patterns,
    stable_chance,
    written_couplings,
    wrong_bit_chance,
)
from solitons.attractors.threshold_neurons import overlaps_after_falling
from solitons.campaigns.arrays.array_devices import found_device
from solitons.campaigns.arrays.array_drift import WeightDrift, drifted_pair, weight_drift
from solitons.campaigns.arrays.associative_memory import figures
from solitons.campaigns.arrays.associative_memory.campaign import AssociativeMemoryCampaign
from solitons.campaigns.arrays.associative_memory.chance import boltzmann_machine, chance_points
from solitons.campaigns.arrays.associative_memory.digits import digit_memory
from solitons.campaigns.arrays.associative_memory.judgement import about_memory
from solitons.campaigns.arrays.associative_memory.networks import (
    Network,
    Recalls,
    field_share,
    networks_of,
    recalls,
    through,
)
from solitons.campaigns.arrays.associative_memory.recall_energy import recall_rows
from solitons.campaigns.arrays.associative_memory.results import (
    AXIS_WORDS,
    THRESHOLDS,
    AssociativeMemoryResults,
    Cost,
    StablePatterns,
)
from solitons.campaigns.arrays.scores_over_seeds import (
    AxisName,
    Break,
    Score,
    VariedPoint,
    break_of,
    difference,
    score_of,
)
from solitons.campaigns.capacity.pattern_capacity import capacity_figure, measure_capacity
from solitons.campaigns.energy.energy_report import energy_figure, energy_values
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.crossbars import StepTable, Wires
from solitons.crossbars.weight_pairs import WrittenPair, weights_of_pairs
from solitons.devices.drift import Drift
from solitons.energy import EnergyLedger
from solitons.fits.verdict import judge

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["analyse"]

_DRIFTED, _MISSED = 4_000_003, 5_000_003
_STABLE_DRAWS = 100


def analyse(
    campaign: AssociativeMemoryCampaign, runs: ComputedRuns[None], stages: Stages
) -> Findings[AssociativeMemoryResults]:
    """Find the capacity, write networks into devices, vary what is asked for, and let junctions be neurons."""
    del runs  # there are none
    memory, given, wires = campaign.memory, campaign.capacity, campaign.wires.lines()
    seeds = range(campaign.seed, campaign.seed + campaign.seeds)
    with stages("Capacity of ideal weights", given.draws * len(given.sizes)) as advance:
        capacity = measure_capacity(given, overlaps_after_falling, 1 - 2 * WRONG_ALLOWED, advance)
    with stages("Measure the device's steps"):
        found, table = found_device(campaign.device)
    networks = networks_of(memory, seeds)
    with stages("Write devices"):
        pairs = {each.seed: each.written(table) for each in networks}
        read = {seed: pair.read(wires) for seed, pair in pairs.items()}
    causes: dict[str, Callable[[Network], Floats]] = {
        f"ideal devices of {found.distinct} levels": lambda each: _held(each, found.distinct, 0.0),
        "written and read back": lambda each: pairs[each.seed].read(Wires()),
        "written by counted pulses": through(table, Wires(), verified=False),
        "written, and read through the wires": lambda each: read[each.seed],
    }
    with stages("Recall by devices", len(causes)) as advance:
        ideal, costs = recalls(networks, lambda each: each.weights), []
        for name, weights in causes.items():
            costs.append(_cost(name, recalls(networks, weights), ideal))
            advance()
    with stages("Vary one thing at a time", sum(len(getattr(campaign.varied, axis)) for axis in AXIS_WORDS)) as advance:
        varied = _varied(campaign, table, ideal, seeds, networks, pairs, advance)
    breaks = _breaks(varied, memory.allowed_loss)
    sent, outside = zip(*(_pulses(each) for each in pairs.values()), strict=True)
    boltzmann = sweep = digits = drift = None
    chance: list[VariedPoint] = []
    if campaign.chance is not None:
        with stages("Junctions as neurons", 2 + len(campaign.chance.betas)) as advance:
            boltzmann = boltzmann_machine(campaign.chance, table, wires, campaign.seed, advance)
            chance = chance_points(networks, read, ideal.shares, campaign.chance, advance)
        up, down = campaign.chance.junction.rates().rates(0.0)
        sweep = float(1 / (up + down))
    if campaign.digits is not None:
        with stages("Digits", len(campaign.digits.wrong_bits)) as advance:
            digits = digit_memory(campaign.digits, through(table, wires), seeds, advance)
    if campaign.drift is not None:
        with stages("Let weights drift", len(campaign.drift.times)) as advance:
            drift = _drifted(campaign, table, wires, networks, pairs, costs[-1].score, advance)
    with stages("Count energy"):
        rows = recall_rows(campaign, found, networks[0], pairs[seeds[0]], costs[-1].readings)
    clipped = float(np.mean([each.clipped for each in networks]))
    verdict = judge(about_memory(capacity, found, float(np.mean(outside)), clipped, costs, boltzmann, drift, memory))
    results = AssociativeMemoryResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        capacity=capacity,
        stable=_stable(given.sizes[0], given.seed),
        device=found,
        wires=campaign.wires,
        clipped=clipped,
        field_share=float(np.mean([field_share(each, read[each.seed]) for each in networks])),
        ideal=ideal.score,
        costs=costs,
        varied=varied,
        breaks=breaks,
        allowed=memory.allowed_loss,
        pulses=float(np.mean(sent)),
        energy=EnergyLedger(rows=() if verdict.failed else tuple(rows)),
        boltzmann=boltzmann,
        chance=tuple(chance),
        chance_sweep=sweep,
        digits=digits,
        drift=drift,
    )
    return Findings(
        results,
        values={
            "published": THRESHOLDS.published,
            "axis_words": AXIS_WORDS,
            "allowed_bits": WRONG_ALLOWED,
            "barrier": None if campaign.chance is None else float(campaign.chance.junction.rates().stability),
            **energy_values(results.energy),
        },
        figures={
            "shares": partial(capacity_figure, capacity, THRESHOLDS),
            "costs": partial(figures.costs_figure, results),
            "varied": partial(figures.varied_figure, results),
            "frames": partial(figures.frames_figure, results),
            "chance": partial(figures.chance_figure, results),
            "energy": partial(energy_figure, results.energy),
        },
        tables={"points": _points_table(results), "energy": results.energy.table()},
    )


def _stable(size: int, seed: int) -> StablePatterns:
    """Stable patterns at the number of them of which half are expected to be."""
    count = next(each for each in range(2, size) if stable_chance(size, each) < 0.5)
    wrong, stable = [], []
    for draw in range(_STABLE_DRAWS):
        stored = random_patterns(count, size, np.random.default_rng([seed, size, draw])).astype(float)
        failing = (stored @ hebbian_matrix(stored)) * stored < 0
        wrong.append(failing.mean())
        stable.append(np.mean(~failing.any(axis=1)))
    return StablePatterns(
        neurons=size,
        patterns=count,
        wrong_bits=float(np.mean(wrong)),
        expected_bits=wrong_bit_chance(size, count),
        stable=float(np.mean(stable)),
        expected=stable_chance(size, count),
    )


def _held(network: Network, levels: int, error: float) -> Floats:
    """Ideal weights as devices with even levels and a normal error hold them."""
    generator = np.random.default_rng([_MISSED, network.seed])
    return written_couplings(network.weights, levels, error, generator, largest=network.largest)


def _cost(name: str, found: Recalls, ideal: Recalls) -> Cost:
    return Cost(
        name=name,
        score=found.score,
        loss=difference(ideal.shares, found.shares),
        readings=found.readings,
        restless=found.restless,
    )


_FINE = 2**20
"""Levels that are as good as none."""


def _varied(
    campaign: AssociativeMemoryCampaign,
    table: StepTable,
    ideal: Recalls,
    seeds: range,
    networks: list[Network],
    pairs: Mapping[int, WrittenPair],
    advance: Callable[[], None],
) -> list[VariedPoint]:
    varied, wires, points = campaign.varied, campaign.wires.lines(), []

    def add(axis: AxisName, value: float, found: Recalls, whole: Recalls = ideal) -> None:
        points.append(
            VariedPoint(axis=axis, value=value, score=found.score, loss=difference(whole.shares, found.shares))
        )
        advance()

    for error in varied.errors:
        add("errors", error, recalls(networks, lambda each, error=error: _held(each, _FINE, error)))  # type: ignore[misc]
    for levels in varied.levels:
        add("levels", levels, recalls(networks, lambda each, levels=levels: _held(each, levels, 0.0)))  # type: ignore[misc]
    for segment in varied.segments:
        lines = campaign.wires.lines(segment)
        add("segments", segment, recalls(networks, lambda each, lines=lines: pairs[each.seed].read(lines)))  # type: ignore[misc]
    for neurons in varied.neurons:
        several = networks_of(campaign.memory, seeds, neurons)
        whole = recalls(several, lambda each: each.weights)
        add("neurons", neurons, recalls(several, through(table, wires)), whole)
    for stuck in varied.stuck:
        add("stuck", stuck, recalls(networks, through(table, Wires(), stuck=stuck)))
    return points


def _breaks(points: list[VariedPoint], allowed: float) -> dict[str, Break]:
    """Where each axis loses more than allowed: levels are read from many to few."""
    found = {}
    for axis in AXIS_WORDS:
        some = [each for each in points if each.axis == axis]
        if axis == "levels":
            some.reverse()
        found[axis] = break_of([each.value for each in some], [each.loss.mean for each in some], allowed)
    return found


def _pulses(pair: WrittenPair) -> tuple[float, float]:
    """Pulses a device, and the share of them outside of the fit."""
    pulses = float(np.mean([each.pulses for each in pair.written]))
    outside = sum(each.outside * each.pulses for each in pair.written) / max(2 * pulses, 1e-12)
    return pulses, float(outside)


def _drifted(
    campaign: AssociativeMemoryCampaign,
    table: StepTable,
    wires: Wires,
    networks: list[Network],
    pairs: Mapping[int, WrittenPair],
    start: Score,
    advance: Callable[[], None],
) -> WeightDrift:
    assert campaign.drift is not None

    def read(index: int, drift: Drift) -> Score:
        def acting(network: Network) -> Floats:
            one, other = pairs[network.seed].arrays
            positive, negative = drifted_pair(
                (one.coordinate, other.coordinate), (one.scale, other.scale), drift,
                np.random.default_rng([_DRIFTED + network.seed, index]), table,
            )  # fmt: skip
            return weights_of_pairs(positive, negative, network.largest, table.range, wires)

        return score_of(recalls(networks, acting).shares)

    return weight_drift(campaign.device, start, read, campaign.drift, campaign.memory.allowed_loss, advance)


def _points_table(results: AssociativeMemoryResults) -> pd.DataFrame:
    """Recalled shares over everything that was varied, a line each, in SI units."""
    import pandas as pd

    rows = [
        (each.axis, each.value, each.score.mean, *each.score.ci95, each.loss.mean)
        for each in [*results.varied, *results.chance]
    ]
    return pd.DataFrame(rows, columns=["axis", "value", "recalled", "low", "high", "loss"])
