"""Whether bits pass: tests over many sequences, each with the chance that ideal bits do as badly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scipy import stats

from solitons.campaigns.junctions.random_bits.results import DisturbedPoint, SuiteRow, ideal_below
from solitons.campaigns.junctions.random_bits.suite import FEWEST_SEQUENCES
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_bits"]

_BEYOND_DOUBT = 1e-5
"""Probability that ideal bits pass a row so seldom: of 41 rows, one in 2,400 campaigns of ideal bits has one."""
_LEAST_TOLERANCE = 0.01
"""Share of the critical current: sources of nanoamperes to microamperes are no better without a control."""


def about_bits(rows: Sequence[SuiteRow], sequences: int, disturbed: Sequence[DisturbedPoint]) -> Iterator[Reason]:
    """Reasons against the bits that the campaign delivers: all junctions XORed. `rows` belong to that stream."""
    bad = [row for row in rows if row.chance < _BEYOND_DOUBT or not row.uniform]
    names = list(dict.fromkeys(row.name.replace("_", " ") for row in bad))
    if bad:
        worst = min(bad, key=lambda row: row.chance)
        yield failure(
            "bits_fail",
            f"The bits fail {len(names)} of the 15 tests ({', '.join(names)}): {worst.passed} of "
            f"{worst.sequences} sequences pass {worst.test.replace('_', ' ')}. XOR more junctions, read less "
            "often, or hold the current closer.",
        )
    outside = sum(not row.in_range for row in rows)
    expected = ideal_below(list(rows))
    if not bad and stats.binom.sf(outside - 1, len(rows), expected / len(rows)) < 1e-3:
        yield limitation(
            "too_many_below",
            f"{outside} of {len(rows)} rows are below the range of ideal bits, and about "
            f"{expected:.1f} are to be expected. Test more sequences.",
        )
    small = [each for each in disturbed if each.of == "current error" and abs(each.value) <= _LEAST_TOLERANCE]
    failing = [each for each in small if each.xored.failed]
    if not bad and failing:
        first = min(failing, key=lambda each: abs(each.value))
        yield limitation(
            "little_tolerance",
            f"With the current off by {first.value:+.2%} of the critical one the XORed bits fail "
            f"({', '.join(each.replace('_', ' ') for each in first.xored.failed)}). XOR more junctions, or hold "
            "the current closer.",
        )
    if sequences < FEWEST_SEQUENCES:
        yield limitation(
            "few_sequences",
            f"{sequences} sequences are too few to see whether P-values are spread evenly; give {FEWEST_SEQUENCES}.",
        )
