"""Whether a gate computes, and whether its macrospins may be believed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from solitons.campaigns.magnet_logic.logic_campaign import LogicClock
from solitons.campaigns.magnet_logic.logic_results import row_label
from solitons.campaigns.magnet_logic.nml_majority.results import EnsembleResult, MajorityResults
from solitons.figures import value_label
from solitons.fits.verdict import Reason, Verdict, judge

__all__ = ["judge_gate"]

_SHORTEST = (0.8, 0.9)
"""|mean m| of a magnet at rest: below the first it is no moment, below the second it is one with curled ends."""
_AS_WELL = 0.95
"""Of the torque left in runs that were not fitted, with couplings over without: above it they explain nothing."""
_PREDICTION = 0.25
"""rad, root mean square over a falling clock, beyond which the model takes another way than micromagnetics."""
_UNLIKE = 1e-3
_RATIO = 3.0
"""Between error rates, either way: within it the macrospins describe the gate, as they do a switching pillar."""
_LOST = 0.25
"""Of outputs wrong in a row, surely, from which there is no gate; at a half the output tells nothing."""
_DISAGREE = 1e-3
_SMALLEST_P = 1e-12
_CYCLES_FAIL = 0.01
_KNOWN_TO = math.log(2)
"""Half the interval of a limit in kT: the least heat of erasing one bit, which a wider one cannot tell from none."""


def judge_gate(results: MajorityResults, clock: LogicClock) -> Verdict:
    """Judge the truth table, the fitted macrospins, their error rates and the heat of cycles."""
    found = [*_about_rows(results), *_about_fit(results), *_about_rates(results), *_about_heat(results)]
    if clock.fall < results.relaxation_time:
        found.append(
            Reason(
                code="clock_too_fast",
                weight="limited",
                sentence=f"The clock falls in {value_label(clock.fall, 's')}, faster than the magnets respond "
                f"({value_label(results.relaxation_time, 's', 2)}): the outcome is that of their precession. Use a "
                "slower clock.",
            )
        )
    return judge(found)


def _about_rows(results: MajorityResults) -> Iterator[Reason]:
    wrong = [each for each in results.rows if not each.right]
    if wrong:
        named = "; ".join(
            f"{row_label(each.row)} gives {'no value' if not each.value else f'{each.value:+d}'.replace('-', '−')}"
            for each in wrong
        )
        yield Reason(
            code="row_wrong",
            weight="failed",
            sentence=f"At 0 K {len(wrong)} of {len(results.rows)} rows are not the majority in micromagnetics "
            f"(inputs {named}): this is no majority gate. Bring the couplings of the three inputs to the centre "
            "closer to each other (gap_beside, gap_above), or choose a stronger clock or a smaller gap.",
        )
    lost = [each for each in results.rows if each.thermal.low > _LOST]
    if lost and not wrong:
        named = "; ".join(row_label(each.row) for each in lost)
        yield Reason(
            code="row_lost_to_heat",
            weight="failed",
            sentence=f"At {results.temperature:g} K the output is wrong in more than {_LOST:.0%} of "
            f"the gates in {len(lost)} of {len(results.rows)} rows (inputs {named}), by "
            "the macrospins: this is no gate at this temperature and clock. Use thicker magnets, smaller gaps or a "
            "slower clock.",
        )


def _about_fit(results: MajorityResults) -> Iterator[Reason]:
    failed, limited = _SHORTEST
    if results.shortest < limited:
        yield Reason(
            code="not_one_moment",
            weight="failed" if results.shortest < failed else "limited",
            sentence=f"The mean magnetisation of a magnet at rest is as short as {results.shortest:.2f} at 0 K (1 "
            "where it turns as a whole): a vortex, a wall or curled ends, which no macrospin has. Make "
            "the magnets smaller.",
        )
    coupled, uncoupled = results.left_out_residuals
    if coupled >= _AS_WELL * uncoupled:
        yield Reason(
            code="couplings_not_seen",
            weight="failed",
            sentence="The torques in a pair that the fit did not see are predicted as well by magnets that do not "
            f"feel each other ({uncoupled:.2g} of the anisotropy field left, and {coupled:.2g} with couplings): the "
            "couplings are not known. Choose smaller gaps or finer cells.",
        )
    for each in results.held_out:
        if each.fitted >= each.uncoupled:
            yield Reason(
                code="no_better_than_uncoupled",
                weight="failed",
                sentence=f"Directions in the {each.name} are predicted to {each.fitted:.2g} rad, no better than by "
                f"magnets that do not feel each other ({each.uncoupled:.2g} rad).",
            )
        elif each.fitted > _PREDICTION or not each.right:
            yield Reason(
                code="prediction_off",
                weight="limited",
                sentence=f"Directions in the {each.name}, which was not fitted, are predicted to {each.fitted:.2g} rad "
                f"(allowed {_PREDICTION:g})"
                + ("" if each.right else ", and a magnet ends in another state than in micromagnetics")
                + ". The macrospins are less certain there.",
            )
    open_ones = [each for each in results.factors if each.ci95 and each.ci95[0] <= 0]
    if open_ones:
        yield Reason(
            code="factors_open",
            weight="limited",
            sentence=f"The pairs leave {', '.join(each.name.replace('_', ' ') for each in open_ones)} open: the 95 % "
            "interval holds 0. Choose smaller gaps or finer cells.",
        )
    if results.rotation_p_value < _UNLIKE:
        yield Reason(
            code="turned_rows_differ",
            weight="failed",
            sentence="Rows that half a turn about the clock's axis makes one another have other error rates in the "
            f"macrospins (p = {results.rotation_p_value:.2g}), which is impossible. "
            "Report this with the campaign's file.",
        )


def _about_rates(results: MajorityResults) -> Iterator[Reason]:
    if results.ensemble is None:
        yield Reason(
            code="heat_not_checked",
            weight="limited",
            sentence="No micromagnetic run has heat, so that nothing tests the error rates of the macrospins. Give "
            "the campaign an ensemble.",
        )
        return
    yield from _about_ensemble(results.ensemble)


def _about_ensemble(ensemble: EnsembleResult) -> Iterator[Reason]:
    seen, model = ensemble.thermal, ensemble.models[0]
    if model.p_value >= _UNLIKE:
        if seen.high > _RATIO * model.thermal.low or seen.low * _RATIO < model.thermal.high:
            yield Reason(
                code="rates_not_known",
                weight="limited",
                sentence=f"In micromagnetics {seen.errors} of {seen.trials} runs are wrong ({seen.low:.1%} to "
                f"{seen.high:.1%}), and of the macrospins {model.thermal.errors:,} of {model.thermal.trials:,} "
                f"({model.thermal.low:.2%} to {model.thermal.high:.2%}): the two intervals do not show that the rates "
                f"agree to a factor of {_RATIO:g}. Use more ensemble.members, or a row and a clock.fall with which "
                "some ten per cent fail.",
            )
        return
    ratio = max(seen.rate, 0.5 / seen.trials) / max(model.thermal.rate, 0.5 / model.thermal.trials)
    beyond = seen.low > _RATIO * model.thermal.high or seen.high * _RATIO < model.thermal.low
    yield Reason(
        code="rates_disagree",
        weight="failed" if beyond else "limited",
        sentence=f"In micromagnetics {seen.errors} of {seen.trials} runs are wrong ({seen.low:.1%} to "
        f"{seen.high:.1%}), and the macrospins have {model.thermal.rate:.2%} (p = {model.p_value:.1g}, a factor of "
        f"{ratio:.2g}): their error rates hold "
        + ("for nothing here." if beyond else f"to a factor of {max(ratio, 1 / ratio):.1f}."),
    )


def _about_heat(results: MajorityResults) -> Iterator[Reason]:
    if results.damping_p_value is not None and results.damping_p_value < _DISAGREE:
        yield Reason(
            code="heats_disagree",
            weight="failed",
            sentence="The heat from the damping term is not the work of the fields within the statistical error "
            f"(p = {results.damping_p_value:.2g}). Report this with the campaign's file.",
        )
    if not results.cycles:
        return
    clock_first = results.cycles[0]
    worst = max(clock_first.fitted, key=lambda each: each.failed / each.members)
    if worst.failed > _CYCLES_FAIL * worst.members:
        yield Reason(
            code="cycle_wrong",
            weight="limited",
            sentence=f"With ramps of {value_label(worst.ramp_time, 's')} {worst.failed} of {worst.members} gates give "
            f"a wrong or undecided output in the cycle '{clock_first.name}' (allowed {_CYCLES_FAIL:.0%}), "
            "and what these give away is in its heat. Use slower ramps, or rows that fail less often.",
        )
    low, high = clock_first.ci95
    if not clock_first.on_a_line:
        yield Reason(
            code="ramps_too_fast",
            weight="limited",
            sentence=f"The heat of the cycle '{clock_first.name}' does not lie on Q = Q∞ + c/τ (p = "
            f"{max(clock_first.p_value, _SMALLEST_P):.1g}), so that its limit is not known. Use slower ramps.",
        )
    elif not low <= 0 <= high:
        yield Reason(
            code="not_reversible",
            weight="limited",
            sentence=f"The heat of the cycle '{clock_first.name}' tends to {clock_first.limit:.2g} kT (95 %: {low:.2g} "
            f"to {high:.2g}) as the ramps slow, and not to nothing: some magnet leaves equilibrium on the way. Use a "
            "stronger clock, or slower ramps.".replace("-", "−"),
        )
    elif (high - low) / 2 > _KNOWN_TO:
        reach = (high - low) / 2
        yield Reason(
            code="wide_interval",
            weight="limited",
            sentence=f"The slow limit of the cycle '{clock_first.name}' is known to ± {reach:.2g} kT only, and "
            f"{_KNOWN_TO:.2g} kT is asked for, the least heat of erasing one bit: whether the operation is reversible "
            f"is not known. Use {math.ceil((reach / _KNOWN_TO) ** 2):,} times as many cycle.members.",
        )
