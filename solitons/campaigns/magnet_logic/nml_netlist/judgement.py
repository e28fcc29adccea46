"""Whether an array computes, and whether its macrospins may be believed."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.magnet_logic.logic_campaign import LogicClock
from solitons.campaigns.magnet_logic.logic_results import row_label
from solitons.campaigns.magnet_logic.nml_netlist.results import NetlistResults, NetlistRow
from solitons.figures import value_label
from solitons.fits.verdict import Reason, Verdict, judge

__all__ = ["judge_netlist"]

_CLEARED = 0.5
"""|m| along the axis below which a magnet has no bit."""
_LOST = 0.25
"""Of trials wrong in a row, surely, from which there is no gate."""
_LONGEST = 4
"""Magnets of a chain in one zone. With the sizes of `REFERENCE` and a fall of 4 ns, 20 times the response, a chain
beside each other of three is right, and one of five is wrong in 38 % of 1,000 at 300 K, one of six in a half."""
_UNLIKE = 0.3
"""In m of a magnet at rest at the end, beyond which it does not turn as one moment."""


def judge_netlist(results: NetlistResults, clock: LogicClock) -> Verdict:
    """Judge the truth table at 0 K, the model beside micromagnetics, and the error rates."""
    return judge(
        [*_about_rows(results, clock), *_about_clock(results, clock), *_about_model(results), *_about_heat(results)]
    )


def _named(rows: list[NetlistRow]) -> str:
    shown = ", ".join(row_label(each.row) for each in rows[:4])
    return f"row{'s' if len(rows) > 1 else ''} {shown}{' and others' if len(rows) > 4 else ''}"


def _about_rows(results: NetlistResults, clock: LogicClock) -> Iterator[Reason]:
    wrong = [each for each in results.run_rows if each.seen != each.expected]
    if wrong:
        each = wrong[0]
        assert each.seen is not None
        name = next(name for name, value in each.expected.items() if each.seen[name] != value)
        said = "undecided" if each.seen[name] == 0 else "wrong"
        yield Reason(
            code="rows_wrong",
            weight="failed",
            sentence=f"In micromagnetics at 0 K {len(wrong)} of {len(results.run_rows)} rows are wrong: "
            f"{_named(wrong)}. Output {name!r} is {said} in the first. Choose smaller gaps, a stronger clock, or zones "
            "that release what pulls to the wrong side later.",
        )
    cancelled = [each for each in results.rows if each.unlike and each.right]
    if cancelled:
        worst = max(cancelled, key=lambda each: len(each.unlike))
        yield Reason(
            code="inner_magnets_wrong",
            weight="limited",
            sentence=f"At 0 K the outputs are right and magnets on the way are not in {_named(cancelled)}: "
            f"{len(worst.unlike)} in row {row_label(worst.row)} ({', '.join(worst.unlike[:6])}"
            f"{' and others' if len(worst.unlike) > 6 else ''}) are not what their neighbours and zones say. Errors "
            "cancel there, and will not with other magnets behind them. Use more zones.",
        )
    uncleared = [each for each in results.run_rows if each.uncleared is not None and each.uncleared > _CLEARED]
    if uncleared:
        most = max(each.uncleared or 0.0 for each in uncleared)
        yield Reason(
            code="not_cleared",
            weight="failed",
            sentence=f"Under the whole clock a magnet keeps {most:.0%} of its magnetisation along its axis in "
            f"{_named(uncleared)}: its old bit is not forgotten. clock.field = {value_label(clock.field, 'A/m', 3)}, "
            f"and H_K of a magnet alone is {value_label(results.anisotropy_field, 'A/m', 3)}; use a stronger field.",
        )
    model = [each for each in results.rows if each.seen is None and each.model != each.expected]
    if model:
        yield Reason(
            code="model_rows_wrong",
            weight="failed",
            sentence=f"Macrospins at 0 K are wrong in {_named(model)}, which micromagnetics did not run. Choose "
            "smaller gaps, a stronger clock or other zones.",
        )


def _about_model(results: NetlistResults) -> Iterator[Reason]:
    run = results.run_rows
    if not run:
        yield Reason(
            code="not_run",
            weight="limited",
            sentence="No row was run in micromagnetics, so that nothing tests the macrospins. Name rows in "
            "micromagnetic_rows, or leave it out to run all.",
        )
        return
    unlike = [each for each in run if each.model != each.seen]
    if unlike:
        yield Reason(
            code="model_disagrees",
            weight="failed",
            sentence=f"Macrospins and micromagnetics give other outputs at 0 K in {_named(unlike)}, so that error "
            "rates of the macrospins tell nothing. Choose smaller magnets, which turn as wholes.",
        )
    else:
        worst = max(run, key=lambda each: each.difference or 0.0)
        if worst.difference is not None and worst.difference > _UNLIKE:
            yield Reason(
                code="not_one_moment",
                weight="limited",
                sentence=f"At the end a magnet's mean m differs by {worst.difference:.2f} from that of a macrospin in "
                f"row {row_label(worst.row)}: it is a vortex, or has curled ends. Choose smaller or thinner magnets.",
            )
    left = len(results.rows) - len(run)
    if left:
        yield Reason(
            code="rows_not_run",
            weight="limited",
            sentence=f"{left} of {len(results.rows)} rows were not run in micromagnetics. Leave micromagnetic_rows out "
            "to run all.",
        )


def _about_clock(results: NetlistResults, clock: LogicClock) -> Iterator[Reason]:
    chain = results.longest_chain
    if len(chain) > _LONGEST:
        yield Reason(
            code="long_chain",
            weight="limited",
            sentence=f"{len(chain)} magnets of one zone follow each other, from {chain[0]} to {chain[-1]}. They are "
            f"released at once, and beyond about {_LONGEST} those at the end fall before the bit arrives. Give them "
            "more zones.",
        )
    if clock.fall < results.response_time:
        yield Reason(
            code="clock_too_fast",
            weight="limited",
            sentence=f"clock.fall = {value_label(clock.fall, 's')} is less than the magnets' response, "
            f"{value_label(results.response_time, 's', 2)}: bits are decided while m still turns. Let the clock fall "
            "more slowly.",
        )


def _about_heat(results: NetlistResults) -> Iterator[Reason]:
    worst = results.worst
    if worst is None or worst.thermal is None:
        return
    hot = worst.thermal
    if hot.low > _LOST:
        yield Reason(
            code="lost_to_heat",
            weight="failed",
            sentence=f"With heat {hot.errors:,} of {hot.trials:,} macrospin arrays are wrong in row "
            f"{row_label(worst.row)} (95 %: {hot.low:.1%} to {hot.high:.1%}): the output tells little. Let the clock "
            "fall more slowly, use larger magnets, or more zones.",
        )
    yield Reason(
        code="heat_not_checked",
        weight="limited",
        sentence="No micromagnetic run of this array has heat, so that nothing tests the error rates of the "
        "macrospins. Campaigns of the kind nml_majority make that comparison for a gate.",
    )
