"""Checks, before any computation, for what would recall nothing, or take too long."""

from __future__ import annotations

from geometries.quantities import format_quantity
from solitons.campaigns.oscillators.oscillator_memory.recall import longest_step
from solitons.campaigns.oscillators.oscillator_memory.results import PHASES
from solitons.campaigns.oscillators.oscillator_memory.settings import RecallSettings
from solitons.oscillators.phase_networks import PhaseOscillator

__all__ = ["check_recall"]

_SHORTEST = 10.0
"""Of a recall, in 1/K."""
_MOST_TURNS = 1e11
"""Couplings that are followed, over all steps and draws, with each rule: about half an hour."""


def check_recall(oscillator: PhaseOscillator, spread: float, recall: RecallSettings) -> None:
    """Refuse recalls that are overloaded, too short, or too long to follow, and couplings that are not weak."""
    load, size = recall.patterns / recall.oscillators, recall.oscillators
    largest = PHASES.published + PHASES.slope / size if "hebbian" in recall.weights else 0.5
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
