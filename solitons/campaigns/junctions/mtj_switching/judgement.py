"""Whether the fitted rates may be used, and whether the pillar is one moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scipy import stats

from solitons.campaigns.junctions.mtj_switching.results import ExponentResult, MacrospinResult, PulseResult, WayResult
from solitons.fits.verdict import Reason, failure, limitation
from solitons.junctions import Macrospin
from solitons.junctions.rate_fit import RateFit

__all__ = ["FEWEST_SWITCHES", "about_switching", "moment_fails"]

FEWEST_SWITCHES = 20
"""Switches for a fit of three numbers: with fewer a factor of 1.6 in a rate is no more than chance."""
_RATIO = 3.0
"""Switches over those that one moment predicts: within this either way it describes the layer."""
_EXCESS = (0.05, 0.15)
"""Errors of a held-out probability beyond chance from which a model is limited, and from which it fails."""
_CHANCE = 1e-3
_UNLIKELY = 6.0
"""Log-likelihood by which another exponent is better, once in two thousand times by chance."""


def about_switching(
    fit: RateFit | None,
    switches: int,
    errors: tuple[float | None, float, float],
    moment: MacrospinResult,
    pulse: PulseResult | None,
    macrospin: Macrospin,
    exponent: ExponentResult | None = None,
    ways: Sequence[WayResult] = (),
) -> Iterator[Reason]:
    """Find what speaks against the fitted rates.

    `fit` is None where too few members switched to fit anything. `errors` are of held-out probabilities, by chance, and
    without a model. The macrospin shows how the layer's surroundings make its states differ; `ways` are out of both
    states, none where one way was counted.
    """
    if fit is None or switches < FEWEST_SWITCHES:
        yield failure(
            "too_few_switches",
            f"{switches} members switched in all that is fitted, and {FEWEST_SWITCHES} are needed for "
            "three numbers. Give stronger currents, a longer time or more members.",
        )
    if fit is not None:
        # Held-out probabilities are judged below, over all widths and not interval by interval.
        yield from [reason for reason in fit.verdict.reasons if reason.code != "untested"]
        yield from _about_prediction(*errors)
    if exponent is not None and fit is not None and fit.decided:
        yield from _about_exponent(exponent, macrospin)
    if pulse is not None and pulse.chance < _CHANCE:
        yield limitation(
            "pulse_disagrees",
            f"A pulse with edges leaves {pulse.switched} of {pulse.members} members switched, and under "
            f"the constant current {pulse.under_current:.0%} are at that time. What is counted is not what a pulse "
            "of so short a width does: give longer widths, or shorter edges.",
        )
    yield from _about_moment(moment)
    yield from _about_ways(ways) if ways else _about_symmetry(macrospin)


def _about_exponent(exponent: ExponentResult, macrospin: Macrospin) -> Iterator[Reason]:
    if exponent.loss is not None and exponent.loss > _UNLIKELY:
        yield limitation(
            "other_exponent",
            "The counts prefer another exponent: the rates hold between the fitted currents and not "
            f"beyond. {exponent.statement} That is {exponent.loss:.3g} in log-likelihood better.",
        )
        return
    if macrospin.axial:
        return
    yield limitation(
        "exponent_open",
        "Without symmetry about the easy axis no exponent is exact: the rates hold between the fitted "
        f"currents and not beyond. {exponent.statement}",
    )


def _about_prediction(error: float | None, chance: float, trivial: float) -> Iterator[Reason]:
    if error is None:
        return
    if error >= trivial:
        yield failure(
            "no_better_than_trivial",
            f"Probabilities that were held out are predicted to {error:.2g}, no better than by the mean "
            f"of the fitted currents at the same width ({trivial:.2g}).",
        )
        return
    excess = max(error**2 - chance**2, 0.0) ** 0.5
    if excess <= _EXCESS[0]:
        return
    yield Reason(
        code="prediction_off",
        weight="failed" if excess > _EXCESS[1] else "limited",
        sentence=f"Probabilities that were held out are off by {error:.2g}, of which chance explains {chance:.2g}.",
    )


def moment_fails(moment: MacrospinResult) -> str | None:
    """Why one moment does not describe the layer; None where it does, or nothing shows it."""
    if not moment.coherent:
        return f"the layer does not reverse as a whole (its magnetisation is {moment.coherence:.0%} as long on the way)"
    if moment.ratio is None:
        return "no member switched, so that nothing tests one moment"
    if not 1 / _RATIO <= moment.ratio <= _RATIO:
        return f"{moment.ratio:.3g} times as many members switch as one moment predicts"
    return None


def _about_moment(moment: MacrospinResult) -> Iterator[Reason]:
    if not moment.coherent:
        yield limitation(
            "incoherent_reversal",
            f"While a member reverses its mean magnetisation is {moment.coherence:.0%} as long as in a state: parts "
            f"of the layer turn one after another. Its barrier is not that of one moment ({moment.warm_stability:.3g} "
            "k T), and the fitted one belongs to this size alone. Make the pillar smaller, or the exchange stiffer.",
        )
        return
    why = moment_fails(moment)
    if why is None or moment.ratio is None:
        return
    yield limitation(
        "not_one_moment",
        f"With nothing fitted, {why}. Shape, volume and torque of one moment do not determine how this "
        "layer switches, and an exponent that was fitted with its critical current stands for something else.",
    )


def _about_ways(ways: Sequence[WayResult]) -> Iterator[Reason]:
    """One model for both ways has one critical current: whether the two are as alike as it has them."""
    there, back = ways
    share = there.expected / (there.expected + back.expected)
    chance = float(stats.binomtest(there.switches, there.switches + back.switches, share).pvalue)
    if chance >= _CHANCE:
        return
    yield limitation(
        "ways_unlike",
        "The two ways are not mirror images, and one critical current does not hold for both. Of what the fitted "
        f"rates expect, {there.ratio:.2f} times as many members switch towards the fixed layer and {back.ratio:.2f} "
        f"times as many away from it (so unlike by chance with a probability of {chance:.1g}). Fit each way by itself.",
    )


def _about_symmetry(macrospin: Macrospin) -> Iterator[Reason]:
    unlike = []
    if macrospin.asymmetry != 1:
        unlike.append(f"a torque that depends on the angle (Lambda = {float(macrospin.asymmetry):g})")
    if (macrospin.field != 0).any():
        unlike.append("an applied field")
    if unlike:
        yield limitation(
            "one_direction",
            f"The two states are unlike, by {' and '.join(unlike)}, and switching was counted out of one of "
            "them: the fitted rates do not cover the way back.",
        )
