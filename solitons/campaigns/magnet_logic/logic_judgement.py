"""Whether an array computes, and whether its macrospins may be believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from solitons.campaigns.magnet_logic.logic_campaign import LogicClock
from solitons.campaigns.magnet_logic.logic_results import EnsembleResult, LogicResults, LogicRow, row_label
from solitons.figures import value_label
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_logic"]

_CLEARED = 0.5
"""|m| along the axis below which a magnet has no bit."""
_LOST = 0.25
"""Share of wrong trials of a row, surely, from which there is no gate; at a half the output is random."""
_LONGEST = 4
"""Magnets of a chain in one zone. With the sizes of `REFERENCE` and a fall of 4 ns, 20 times the response, a chain
beside each other of three is right, and one of five is wrong in 38 % of 1,000 at 300 K, one of six in a half."""
_OFF = 0.3
"""In m of a magnet at rest at the end, beyond which it does not turn as one moment."""
_UNLIKE = 1e-3
_RATIO = 3.0
"""Between error rates, either way: within it the macrospins describe the gate, as they do a switching pillar."""


def about_logic(results: LogicResults[Any], clock: LogicClock) -> Iterator[Reason]:
    """Reasons by the truth table at 0 K, the model beside micromagnetics, and the error rates."""
    yield from _about_rows(results, clock)
    yield from _about_clock(results, clock)
    yield from _about_model(results)
    yield from _about_heat(results)


def _named(rows: Sequence[LogicRow]) -> str:
    shown = ", ".join(row_label(each.row) for each in rows[:4])
    return f"row{'s' if len(rows) > 1 else ''} {shown}{' and others' if len(rows) > 4 else ''}"


def _about_rows(results: LogicResults[Any], clock: LogicClock) -> Iterator[Reason]:
    wrong = [each for each in results.run_rows if each.seen != each.expected]
    if wrong:
        each = wrong[0]
        name = next(name for name, value in each.expected.items() if each.seen[name] != value)
        said = "undecided" if each.seen[name] == 0 else "wrong"
        yield failure(
            "rows_wrong",
            f"In micromagnetics at 0 K {len(wrong)} of {len(results.run_rows)} rows are wrong: "
            f"{_named(wrong)}. Output {name!r} is {said} in the first. Choose smaller gaps, gaps with which inputs of "
            "one magnet pull more alike, a stronger clock, or zones that release what pulls to the wrong side later.",
        )
    cancelled = [each for each in results.rows if each.unlike and each.right]
    if cancelled:
        worst = max(cancelled, key=lambda each: len(each.unlike))
        yield limitation(
            "inner_magnets_wrong",
            f"At 0 K the outputs are right and magnets on the way are not in {_named(cancelled)}. "
            f"Not what their neighbours and zones say are {len(worst.unlike)} in row {row_label(worst.row)} "
            f"({', '.join(worst.unlike[:6])}{' and others' if len(worst.unlike) > 6 else ''}). Errors "
            "cancel there, and will not with other magnets behind them. Use more zones.",
        )
    uncleared = [each for each in results.run_rows if each.uncleared is not None and each.uncleared > _CLEARED]
    if uncleared:
        most = max(each.uncleared or 0.0 for each in uncleared)
        yield failure(
            "not_cleared",
            f"Under the whole clock a magnet keeps {most:.0%} of its magnetisation along its axis in "
            f"{_named(uncleared)}. Its old bit is not forgotten: clock.field = {value_label(clock.field, 'A/m', 3)}, "
            f"and H_K of a magnet alone is {value_label(results.anisotropy_field, 'A/m', 3)}; use a stronger field.",
        )
    model = [each for each in results.rows if each.seen is None and each.model != each.expected]
    if model:
        yield failure(
            "model_rows_wrong",
            f"Macrospins at 0 K are wrong in {_named(model)}, which micromagnetics did not run. Choose "
            "smaller gaps, a stronger clock or other zones.",
        )


def _about_model(results: LogicResults[Any]) -> Iterator[Reason]:
    run = results.run_rows
    if not run:
        yield limitation(
            "not_run",
            "No row was run in micromagnetics, so that nothing tests the macrospins. Name rows in "
            "micromagnetic_rows, or leave it out to run all.",
        )
        return
    unlike = [each for each in run if each.model != each.seen]
    if unlike:
        yield failure(
            "model_disagrees",
            f"Macrospins and micromagnetics give other outputs at 0 K in {_named(unlike)}. So the error rates "
            "of the macrospins tell nothing. Choose smaller magnets, which turn as wholes.",
        )
    else:
        worst = max(run, key=lambda each: each.difference or 0.0)
        if worst.difference is not None and worst.difference > _OFF:
            yield limitation(
                "not_one_moment",
                f"At the end a magnet's mean m differs by {worst.difference:.2f} from that of a macrospin in "
                f"row {row_label(worst.row)}. It is a vortex, or has curled ends. Choose smaller or thinner magnets.",
            )
    left = len(results.rows) - len(run)
    if left:
        yield limitation(
            "rows_not_run",
            f"{left} of {len(results.rows)} rows were not run in micromagnetics. Leave micromagnetic_rows out "
            "to run all.",
        )


def _about_clock(results: LogicResults[Any], clock: LogicClock) -> Iterator[Reason]:
    chain = results.longest_chain
    if len(chain) > _LONGEST:
        yield limitation(
            "long_chain",
            f"{len(chain)} magnets of one zone follow each other, from {chain[0]} to {chain[-1]}. They are released "
            f"at once, and beyond about {_LONGEST} those at the end fall before the bit arrives. Give them more zones.",
        )
    if clock.fall < results.response_time:
        yield limitation(
            "clock_too_fast",
            f"clock.fall = {value_label(clock.fall, 's')} is less than the magnets' response, "
            f"{value_label(results.response_time, 's', 2)}. Bits are decided while m still turns: the outcome is that "
            "of its precession. Let the clock fall more slowly.",
        )


def _about_heat(results: LogicResults[Any]) -> Iterator[Reason]:
    if results.worst is None:
        return
    worst, hot = results.worst
    if hot.low > _LOST:
        yield failure(
            "lost_to_heat",
            f"With heat {hot.errors:,} of {hot.trials:,} macrospin arrays are wrong in row "
            f"{row_label(worst.row)} (95 %: {hot.low:.1%} to {hot.high:.1%}). The output tells little. Let the clock "
            "fall more slowly, use larger or thicker magnets, smaller gaps, or more zones.",
        )
    if results.ensemble is None:
        yield limitation(
            "heat_not_checked",
            "No micromagnetic run of this array has heat, so that nothing tests the error rates of the "
            "macrospins. Campaigns of the kind nml_majority make that comparison for a gate, by their ensemble.",
        )
    else:
        yield from _about_ensemble(results.ensemble)


def _about_ensemble(ensemble: EnsembleResult) -> Iterator[Reason]:
    seen, model = ensemble.thermal, ensemble.models[0]
    found = f"In micromagnetics {seen.errors} of {seen.trials} runs are wrong ({seen.low:.1%} to {seen.high:.1%}), and "
    if model.p_value >= _UNLIKE:
        if seen.high > _RATIO * model.thermal.low or seen.low * _RATIO < model.thermal.high:
            yield limitation(
                "rates_not_known",
                f"{found}of the macrospins {model.thermal.errors:,} of {model.thermal.trials:,} "
                f"({model.thermal.low:.2%} to {model.thermal.high:.2%}). The two intervals do not show that the rates "
                f"agree to a factor of {_RATIO:g}. Use more ensemble.members, or a row and a clock.fall with which "
                "some ten per cent fail.",
            )
        return
    ratio = max(seen.rate, 0.5 / seen.trials) / max(model.thermal.rate, 0.5 / model.thermal.trials)
    beyond = seen.low > _RATIO * model.thermal.high or seen.high * _RATIO < model.thermal.low
    yield Reason(
        code="rates_disagree",
        weight="failed" if beyond else "limited",
        sentence=f"{found}the macrospins have {model.thermal.rate:.2%} (p = {model.p_value:.1g}, a factor of "
        f"{ratio:.2g}). Their error rates hold "
        + ("for nothing here." if beyond else f"to a factor of {max(ratio, 1 / ratio):.1f}."),
    )
