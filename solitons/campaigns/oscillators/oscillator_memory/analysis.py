"""Oscillator memory: the capacity and its limit, recalls against the spread, and energy."""

from __future__ import annotations

from functools import partial

import numpy as np

from solitons.campaigns.capacity.pattern_capacity import about_capacity, capacity_figure, measure_capacity
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.oscillator_memory import figures
from solitons.campaigns.oscillators.oscillator_memory.campaign import OscillatorMemoryCampaign
from solitons.campaigns.oscillators.oscillator_memory.fitted_devices import levels_and_error, oscillator_of
from solitons.campaigns.oscillators.oscillator_memory.judgement import about_recalls
from solitons.campaigns.oscillators.oscillator_memory.recall import margins, recall_set
from solitons.campaigns.oscillators.oscillator_memory.results import PHASES, OscillatorMemoryResults
from solitons.fits.verdict import judge
from solitons.oscillators.phase_memory import RECALLED, phase_overlaps

__all__ = ["analyse"]


def analyse(
    campaign: OscillatorMemoryCampaign, runs: ComputedRuns[None], stages: Stages
) -> Findings[OscillatorMemoryResults]:
    """Measure the capacity, then recall with the oscillators' spread, heat, lag and couplings."""
    del runs  # there are none
    given, recall, spread = campaign.capacity, campaign.recall, campaign.oscillator.spread
    oscillator = oscillator_of(campaign.oscillator)
    with stages("Capacity", given.draws * len(given.sizes)) as advance:
        capacity = measure_capacity(given, phase_overlaps, RECALLED, advance)
    devices = None if campaign.couplings is None else levels_and_error(campaign.couplings)
    kinds = [(weights, held) for weights in recall.weights for held in dict.fromkeys((None, devices))]
    with stages("Recalls", recall.draws * (len(kinds) + 2)) as advance:
        recalls = [recall_set(weights, oscillator, spread, recall, held, advance) for weights, held in kinds]
        broken = margins(oscillator, spread, recall, advance)
    verdict = judge([*about_capacity(capacity, PHASES), *about_recalls(recalls, spread, recall.wrong_bits)])
    power, time = campaign.oscillator.power * recall.oscillators, recalls[0].time
    results = OscillatorMemoryResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        capacity=capacity,
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
            "published": PHASES.published,
            "in_coupling": oscillator.frequency / oscillator.coupling,
            "slip_time": np.sqrt(recall.oscillators) / (2 * np.pi * oscillator.frequency * spread),
        },
        figures={
            "shares": partial(capacity_figure, results.capacity, PHASES),
            "spreads": partial(figures.spreads_figure, results, spread),
        },
    )
