"""Whether the errors of a register may be used: what speaks against them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.domain_walls.racetrack_register.results import CheckedPoint, RegisterResults
from solitons.fits.verdict import Reason, VerdictName, failure, limitation

__all__ = ["about_register"]


def about_register(name: str, verdict: VerdictName | None, results: RegisterResults) -> Iterator[Reason]:
    """What is known of the fitted wall, the windows that there are, and what runs show against the model."""
    if verdict == "failed":
        yield failure("fit_failed", f"The fit of {name} failed: its errors mean nothing. Take one that did not.")
    elif verdict != "trusted":
        known = "has no verdict" if verdict is None else "is limited"
        yield limitation("fit_limited", f"The fit of {name} {known}; its campaign's report gives the reasons.")
    if results.outside:
        yield limitation(
            "outside_fit",
            f"{results.outside} of {len(results.points)} points have pulses that {name} was not fitted to: the model's "
            "error there is not known. Give pulses within the fit.",
        )
    temperatures = {each.temperature for each in results.windows}
    open_at = {each.temperature for each in results.windows if each.low is not None}
    few = [each for each in results.points if each.error == 0 and each.ci95[1] >= results.limit]
    if few:
        yield limitation(
            "too_few_words",
            f"{len(few)} points have no error, and their 95 % interval still reaches {few[0].ci95[1]:.2g}, above the "
            f"limit of {results.limit:.2g}. Follow more words.",
        )
    if not open_at:
        yield failure(
            "no_window",
            f"At no current the error stays below {results.limit:.2g}: the register loses its bits. Give other "
            "currents or widths, wells that hold more strongly, or more wells from bit to bit.",
        )
    elif closed := sorted(temperatures - open_at):
        listed = " and ".join(f"{each:g} K" for each in closed)
        yield limitation("window_closes", f"At {listed} no current keeps the error below {results.limit:.2g}.")
    wrong = [each for each in results.checked if not each.agrees]
    if inside := [each for each in wrong if each.inside]:
        yield failure("inside_differs", f"In the window, {_apart(inside)}")
    if outside := [each for each in wrong if not each.inside]:
        yield limitation("outside_differs", f"Out of the window, {_apart(outside)}")
    if results.bound is not None and results.bound > results.limit:
        yield limitation(
            "few_shifts_checked",
            f"Runs in windows have {results.counted[0]} errors in {results.counted[1]} shifts of a wall: the error may "
            f"be up to {results.bound:.2g} (95 %), and the limit is {results.limit:.2g}. Give more runs there.",
        )
    if len({each.inside for each in results.checked}) < 2:
        yield limitation(
            "not_checked", "No micromagnetic run is in a window, or none is out of it. Give runs on both sides."
        )
    if max(temperatures) > 0 and not any(each.temperature for each in results.checked):
        yield limitation("heat_not_checked", "No micromagnetic run has heat: the errors with heat are the model's.")


def _apart(runs: Sequence[CheckedPoint]) -> str:
    first, more = runs[0], f" {len(runs) - 1} more runs differ." if len(runs) > 1 else ""
    counts = ", ".join(f"{count} {name}" for name, count in first.outcomes.items() if count)
    return (
        f"micromagnetics differs from the model: {first.name} has {counts}{f', {first.new} new' * bool(first.new)}, "
        f"the model an error of {first.predicted:.2g}.{more}"
    )
