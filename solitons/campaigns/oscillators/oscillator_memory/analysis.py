"""Oscillator memory: capacities and their limits, recalls against the spread, and energy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from solitons.attractors.capacity import half_point, limit_of_sizes, recalled_shares
from solitons.attractors.threshold_neurons import overlaps_after_falling
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.oscillator_memory import figures
from solitons.campaigns.oscillators.oscillator_memory.campaign import OscillatorMemoryCampaign
from solitons.campaigns.oscillators.oscillator_memory.checks import PUBLISHED
from solitons.campaigns.oscillators.oscillator_memory.fitted_devices import levels_and_error, oscillator_of
from solitons.campaigns.oscillators.oscillator_memory.judgement import about_capacities, about_recalls
from solitons.campaigns.oscillators.oscillator_memory.recall import margins, recall_set
from solitons.campaigns.oscillators.oscillator_memory.results import (
    MEMORIES,
    Capacity,
    Memory,
    OscillatorMemoryResults,
    SizePoint,
)
from solitons.campaigns.oscillators.oscillator_memory.settings import CapacitySettings
from solitons.fits.verdict import judge
from solitons.oscillators.phase_memory import RECALLED, phase_overlaps

__all__ = ["analyse"]

_OVERLAPS = {"phases": phase_overlaps, "spins": overlaps_after_falling}


def analyse(
    campaign: OscillatorMemoryCampaign, runs: ComputedRuns[None], stages: Stages
) -> Findings[OscillatorMemoryResults]:
    """Measure both capacities, then recall with the oscillators' spread, heat, lag and couplings."""
    del runs  # there are none
    given, recall, spread = campaign.capacity, campaign.recall, campaign.oscillator.spread
    oscillator, capacities = oscillator_of(campaign.oscillator), []
    for memory, loads in zip(MEMORIES, (given.loads, given.spin_loads), strict=True):
        with stages(f"Capacity of {memory}", given.draws * len(given.sizes)) as advance:
            capacities.append(_capacity(memory, loads, given, advance))
    devices = None if campaign.couplings is None else levels_and_error(campaign.couplings)
    kinds = [(weights, held) for weights in recall.weights for held in dict.fromkeys((None, devices))]
    with stages("Recalls", recall.draws * (len(kinds) + 2)) as advance:
        recalls = [recall_set(weights, oscillator, spread, recall, held, advance) for weights, held in kinds]
        broken = margins(oscillator, spread, recall, advance)
    verdict = judge([*about_capacities(capacities), *about_recalls(recalls, spread, recall.wrong_bits)])
    power, time = campaign.oscillator.power * recall.oscillators, recalls[0].time
    results = OscillatorMemoryResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        capacities=capacities,
        oscillator=oscillator,
        spreads=list(recall.spreads),
        recalls=recalls,
        margins=broken,
        levels=None if devices is None else devices[0],
        error=None if devices is None else devices[1],
        duration=recall.duration,
        hold=recall.hold,
        power=power,
        energy=None if time is None else power * time,
    )
    return Findings(
        results,
        values={
            "published": PUBLISHED,
            "words": MEMORIES,
            "in_coupling": oscillator.frequency / oscillator.coupling,
            "slip_time": np.sqrt(recall.oscillators) / (2 * np.pi * oscillator.frequency * spread),
        },
        figures={
            "shares": partial(figures.shares_figure, results),
            "spreads": partial(figures.spreads_figure, results, spread),
        },
    )


def _capacity(memory: Memory, loads: Sequence[float], given: CapacitySettings, advance: Callable[[], None]) -> Capacity:
    """Half-points of all sizes and their limit."""
    shares = [
        recalled_shares(size, loads, given.draws, given.starts, given.seed, _OVERLAPS[memory], RECALLED, advance)
        for size in given.sizes
    ]
    found = [half_point(loads, each, given.seed + index) for index, each in enumerate(shares)]
    known = all(np.isfinite(each.value) for each in found)
    both = [limit_of_sizes(given.sizes, found, power) for power in (1.0, 2 / 3)] if known else []
    return Capacity(
        memory=memory,
        loads=list(loads),
        points=[
            SizePoint(size=size, shares=each.mean(axis=0).tolist(), half_point=at.value, ci95=(at.low, at.high))
            for size, each, at in zip(given.sizes, shares, found, strict=True)
        ],
        limit=both[0].value if both else None,
        ci95=None if not both else (min(each.low for each in both), max(each.high for each in both)),
        limit_two_thirds=both[1].value if both else None,
    )
