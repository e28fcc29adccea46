"""Whether oscillators recognise vowels, and what their coupling and their tuning bring: what speaks against it.

Limits are round numbers, given with their ground; none was fitted to a network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.oscillators.oscillator_vowels.results import Recognised
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_recognition", "about_training", "about_vowels"]

_CHANGED = 0.1
"""Share of patterns that noise changes, above which errors are the noise's rather than the network's."""
_AT_AN_END = 1e-6
_LOST = 0.5
"""Share below which a vowel is more often missed than not."""
_COMPARED = {
    "linear": (
        "no_gain_over_linear",
        "a linear classifier on the same formants",
        "Straight borders between formants need no network.",
    ),
    "coupling_off": (
        "coupling_does_not_help", "oscillators that are not coupled", "The coupling is not needed.",
    ),
    "tuning_off": (
        "training_does_not_help", "the currents before training", "Give more epochs or larger steps.",
    ),
}  # fmt: skip


def about_recognition(recognised: Sequence[Recognised], vowels: int) -> Iterator[Reason]:
    """Find what speaks against the coupled, tuned oscillators, which are the first, beside the others."""
    own = recognised[0]
    if own.ci95[0] <= 1 / vowels:
        yield failure(
            "not_above_chance",
            f"{own.share:.1%} of the vowels are recognised, and guessing has {1 / vowels:.1%}. Look at the map: give "
            "patterns that occur where the vowels are, other start currents, or more epochs.",
        )
    for other in recognised[1:]:
        code, words, remedy = _COMPARED[other.name]
        low, high = other.behind_ci95
        if low <= 0:
            verb = "do worse than" if high < 0 else "are not shown to do better than"
            yield limitation(
                code,
                f"The oscillators ({own.share:.1%}) {verb} {words} ({other.share:.1%}; difference {100 * low:+.1f} to "
                f"{100 * high:+.1f} points). {remedy}",
            )


def about_vowels(vowels: Sequence[str], confusions: Sequence[Sequence[int]]) -> Iterator[Reason]:
    """Find vowels that are missed more often than not."""
    shares = {vowel: row[number] / sum(row) for number, (vowel, row) in enumerate(zip(vowels, confusions, strict=True))}
    lost = [f"{vowel} ({share:.0%})" for vowel, share in shares.items() if share < _LOST]
    if lost:
        yield limitation(
            "vowels_not_learned",
            f"Fewer than a half are right of {', '.join(lost)}. An oscillator that starts on the wrong side of another "
            "vowel's signals cannot pass it: look at the map, and give other start currents or patterns.",
        )


def about_training(
    agreed: float, currents: Sequence[Sequence[float]], allowed: tuple[float, float]
) -> Iterator[Reason]:
    """Find what speaks against the patterns and the currents."""
    if 1 - agreed > _CHANGED:
        yield limitation(
            "patterns_ambiguous",
            f"A second record has another pattern for {1 - agreed:.0%} of the test vowels: noise decides it, not the "
            "signals. Take longer records, stronger signals or narrower lines.",
        )
    low, high = allowed
    near = _AT_AN_END * (high - low)
    ends = sum(min(each) <= low + near or max(each) >= high - near for each in currents)
    if ends:
        yield limitation(
            "currents_at_limits",
            f"In {ends} of {len(currents)} repeats training ends with a current at the end of its range, so that the "
            "range, not the vowels, set it. Widen oscillators.currents, or move the signals.",
        )
