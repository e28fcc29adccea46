"""Whether words can be searched in the lines, and what limits it."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.junctions.word_search.results import DEVICE, SEARCH, WordSearchResults, error_label
from solitons.figures import long_time
from solitons.fits.verdict import Reason, VerdictName, failure, limitation

__all__ = ["about_search"]

_TOLD_APART = 0.01
"""Error of one word above which a match and a mismatch are not told apart."""
_MOST_WRITE_ERROR = 1e-6


def about_search(results: WordSearchResults, fit: VerdictName | None, outside: bool) -> Iterator[Reason]:
    """Reasons against a search, with the verdict on the junction's fit, and whether the pulse is outside of it."""
    if fit == "failed":
        yield failure("failed_fit", "The junction's fit failed; see the report of the campaign that it comes from.")
    if fit == "limited":
        yield limitation("limited_fit", "The junction's fit is limited; the report that it comes from states why.")
    if outside:
        yield limitation(
            "outside_fit",
            "The rates were not fitted, both ways, to pulses such as the one that writes, so that the error of a write "
            "is not known. Fit them to runs that cover it.",
        )
    if not results.spread_known:
        yield limitation("spread_unknown", "How junctions differ is unknown; here they are alike. Give device.spread.")
    nominal, most = results.points[0], results.most_bits
    if nominal.exact > _TOLD_APART:
        yield failure(
            "not_told_apart",
            f"In words of {results.bits} bits a match and one mismatch are taken for each other in "
            f"{nominal.exact:.2%} of the cases, and 1 % is the most. Give shorter words, less spread or more TMR.",
        )
    elif nominal.search > results.allowed_error:
        yield limitation(
            "above_allowed",
            f"A search of {results.words:,} words has an error with a chance of {error_label(nominal.search)}, and "
            f"allowed_error is {error_label(results.allowed_error)}; "
            + ("no word is within it." if most is None else f"words of {most} bits are within it."),
        )
    wrong = [each for each in results.looked if each.found != each.expected]
    if wrong:
        yield failure(
            "search_differs",
            f"{len(wrong)} of {len(results.looked)} searches in mean junctions find other words than a plain "
            f"comparison, the first {wrong[0].word}: closed branches leak. Give a higher lines.closed.",
        )
    if not results.bias_known:
        yield limitation("bias_unknown", "How TMR falls with voltage is unknown; here it stays. Give device.half_bias.")
    if results.kept < results.retention:
        yield limitation(
            "forgets",
            f"A word is kept for {long_time(results.kept)} with a chance of 99 %, and {long_time(results.retention)} "
            "are asked for. Give a junction with a higher barrier, or write it again.",
        )
    if results.write_error > _MOST_WRITE_ERROR:
        yield limitation(
            "write_unsure",
            f"A pulse leaves a junction as it was with a chance of {error_label(results.write_error)}, and 10⁻⁶ is the "
            "most. Give a higher device.current or a longer device.width, or read back.",
        )
    if results.search_energy is None:
        missing = "; ".join(row.missing for row in results.energy.of(DEVICE, SEARCH) if row.missing)
        yield limitation("energy_unknown", f"The energy of a search is not known: {missing}.")
