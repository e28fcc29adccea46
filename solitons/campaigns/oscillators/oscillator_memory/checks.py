"""Checks, before any computation, for what would find no capacity, recall nothing, or take too long."""

from __future__ import annotations

import numpy as np

from geometries.quantities import format_quantity
from solitons.campaigns.oscillators.oscillator_memory.recall import longest_step
from solitons.campaigns.oscillators.oscillator_memory.settings import CapacitySettings, RecallSettings
from solitons.oscillators.phase_networks import PhaseOscillator

__all__ = ["PUBLISHED", "check_capacity", "check_recall"]

PUBLISHED = {"phases": 0.042, "spins": 0.138}
"""Capacities in the limit: Aonishi (1998); Amit, Gutfreund and Sompolinsky (1985)."""
_SLOPES = {"phases": 4.5, "spins": 24.0}
"""Corrections by 1/N as measured, for a check of the loads alone."""
_MOST_WORK = 1e10
"""Stored bits that are looked at, over all loads, sizes and draws: about an hour."""
_SHORTEST = 10.0
"""Of a recall, in 1/K."""
_MOST_TURNS = 1e11
"""Couplings that are followed, over all steps and draws, with each rule: about half an hour."""


def _expected_half_point(memory: str, size: int) -> float:
    """Load at which about a half of the patterns is recalled."""
    return PUBLISHED[memory] + _SLOPES[memory] / size


def check_capacity(capacity: CapacitySettings) -> None:
    """Refuse loads that leave the half-point out, and networks that take too long."""
    for name, memory, loads in (("loads", "phases", capacity.loads), ("spin_loads", "spins", capacity.spin_loads)):
        for size in capacity.sizes:
            expected = _expected_half_point(memory, size)
            if not loads[0] < expected < loads[-1]:
                raise ValueError(
                    f"capacity.{name} from {loads[0]:g} to {loads[-1]:g} does not bracket the capacity of {memory}: a "
                    f"half is recalled at about {expected:.3g} with {size} of them; give loads below and above it"
                )
        fewest = round(loads[0] * capacity.sizes[0])
        if fewest < capacity.starts:
            raise ValueError(
                f"capacity.starts = {capacity.starts}, and {capacity.sizes[0]} {memory} at a load of {loads[0]:g} "
                f"store {fewest} patterns; give fewer starts, larger sizes or larger loads"
            )
    bits = float(capacity.draws * np.sum(np.square(capacity.sizes, dtype=float)))
    work = bits * (sum(capacity.loads) + 0.2 * sum(capacity.spin_loads))
    if work > _MOST_WORK:
        raise ValueError(
            f"capacity: {capacity.draws} draws of networks of up to {capacity.sizes[-1]} oscillators are "
            f"{work:.2g} stored bits over all loads, and at most {_MOST_WORK:.2g} are taken; give fewer draws or "
            "loads, or smaller sizes"
        )


def check_recall(oscillator: PhaseOscillator, spread: float, recall: RecallSettings) -> None:
    """Refuse recalls that are overloaded, too short, or too long to follow, and couplings that are not weak."""
    load, size = recall.patterns / recall.oscillators, recall.oscillators
    largest = _expected_half_point("phases", size) if "hebbian" in recall.weights else 0.5
    if load > largest:
        raise ValueError(
            f"recall.patterns = {recall.patterns} in {size} oscillators is a load of {load:.3g}, above the "
            f"{largest:.3g} at which half of the patterns would be recalled at best; store fewer, or take more "
            "oscillators"
        )
    if not recall.spreads[0] <= spread <= recall.spreads[-1]:
        raise ValueError(
            f"oscillator.spread = {spread:g} is outside of recall.spreads, {recall.spreads[0]:g} to "
            f"{recall.spreads[-1]:g}; widen them, so that the margin is seen"
        )
    if max(oscillator.coupling, oscillator.linewidth) > 0.2 * oscillator.frequency:
        raise ValueError(
            f"oscillator: coupling = {oscillator.coupling:.3g} Hz and linewidth = {oscillator.linewidth:.3g} Hz must "
            f"be below a fifth of {oscillator.frequency:.3g} Hz: a phase alone describes weakly coupled oscillators"
        )
    shortest = _SHORTEST / oscillator.strength
    if recall.duration < shortest:
        raise ValueError(
            f"recall.duration = {format_quantity(recall.duration, 's')} is below ten times 1/K, "
            f"{format_quantity(shortest, 's')}: no phase comes to rest; give a longer one, or a stronger coupling"
        )
    steps = recall.duration / longest_step(oscillator, recall.spreads[-1])
    steps += recall.hold / longest_step(oscillator, spread)
    turns = steps * recall.draws * size**2
    if turns > _MOST_TURNS:
        raise ValueError(
            f"recall: {steps:.3g} steps of {size} oscillators in {recall.draws} draws take too long ({turns:.2g} "
            f"products, at most {_MOST_TURNS:.2g}); give a shorter duration or hold, fewer oscillators or draws, or "
            "smaller spreads"
        )
