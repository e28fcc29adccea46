"""Whether the numbers of an oscillator memory may be used: what speaks against them.

Limits are round numbers, given with their ground; none was fitted to a memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.oscillators.oscillator_memory.results import RecallSet
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_recalls"]

_UNSETTLED, _SLIPPED = 0.05, 0.1


def about_recalls(recalls: Sequence[RecallSet], own_spread: float, wrong_bits: float) -> Iterator[Reason]:
    """Find what speaks against the recalls at the oscillators' own spread, and against where recall breaks."""
    ideal = {each.weights: each for each in recalls if not each.written}
    best = max(ideal.values(), key=lambda each: each.own_share)
    if best.own_share < 0.5:
        yield failure(
            "recall_broken_at_own_spread",
            f"At the oscillators' own spread of {own_spread:.2%} {best.own_share:.0%} of the patterns are recalled. "
            "Couple more strongly or with less lag, tune or cool the oscillators, or store fewer patterns.",
        )
    overlaps = [each.overlap for each in ideal.values() if each.overlap is not None]
    if overlaps and max(overlaps) <= 1 - 2 * wrong_bits:
        yield failure(
            "no_gain_over_start",
            f"A recalled pattern has an overlap of {max(overlaps):.2f}, and the start of {1 - 2 * wrong_bits:.2f} is "
            "nearer to it: nothing is corrected. Store fewer patterns, or start with more wrong bits.",
        )
    for each in recalls:
        if each.written and each.own_share < 0.5 <= ideal[each.weights].own_share:
            yield limitation(
                "written_couplings_break_recall",
                f"With couplings that devices hold {each.own_share:.0%} of the patterns are recalled, with ideal ones "
                f"{ideal[each.weights].own_share:.0%} ({each.words}). Take devices with more levels or less error.",
            )
    open_ended = [each.words for each in recalls if each.breaking_spread is None]
    if open_ended:
        yield limitation(
            "spread_not_bracketed",
            f"The recalled share does not fall through 1/2 within the spreads ({'; '.join(open_ended)}), so "
            "that none is given at which recall breaks. Widen the spreads.",
        )
    slips = [(1 - each.held_share, each.words) for each in recalls if each.held_share is not None]
    if slips and max(slips)[0] > _SLIPPED:
        share, words = max(slips)
        yield limitation(
            "pattern_slips_away",
            f"Up to {share:.0%} of the recalled patterns are lost after the hold ({words}): a spread of "
            "frequencies moves them along the states between two patterns. Read before that, tune the frequencies, or "
            "couple by a second harmonic as well.",
        )
    slowest = max(recalls, key=lambda each: each.unsettled)
    if slowest.unsettled > _UNSETTLED:
        yield limitation(
            "recall_not_settled",
            f"Up to {slowest.unsettled:.0%} of the recalls are not done in three quarters of their duration "
            f"({slowest.words}). Follow them for longer.",
        )
