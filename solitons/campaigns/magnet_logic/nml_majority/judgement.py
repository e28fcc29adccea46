"""Whether a gate's fitted macrospins and the heat of its cycles may be believed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from solitons.campaigns.magnet_logic.nml_majority.results import MajorityResults
from solitons.figures import value_label
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_cycles", "about_fit"]

_SHORTEST = (0.8, 0.9)
"""|mean m| of a magnet at rest: below the first it is no moment, below the second it is one with curled ends."""
_AS_WELL = 0.95
"""Ratio of the torque left in unfitted runs with couplings over without: above it they explain nothing."""
_PREDICTION = 0.25
"""rad, root mean square over a falling clock, beyond which the model takes another way than micromagnetics."""
_UNLIKE = 1e-3
_DISAGREE = 1e-3
_SMALLEST_P = 1e-12
_CYCLES_FAIL = 0.01
_KNOWN_TO = math.log(2)
"""Half the interval of a limit in kT: the least heat of erasing one bit, which a wider one cannot tell from none."""


def about_fit(results: MajorityResults) -> Iterator[Reason]:
    """Reasons by the factors, the arrays that they predict, and rows that symmetry makes alike."""
    failed, limited = _SHORTEST
    if results.shortest < limited:
        yield Reason(
            code="not_one_moment",
            weight="failed" if results.shortest < failed else "limited",
            sentence=f"The mean magnetisation of a magnet at rest is as short as {results.shortest:.2f} at 0 K (1 "
            "where it turns as a whole). That is a vortex, a wall or curled ends, which no macrospin has. Make the "
            "magnets smaller.",
        )
    coupled, uncoupled = results.left_out_residuals
    if coupled >= _AS_WELL * uncoupled:
        yield failure(
            "couplings_not_seen",
            "The torques in a pair that the fit did not see are predicted as well by magnets that do not "
            f"feel each other. {uncoupled:.2g} of the anisotropy field are left, and {coupled:.2g} with couplings, so "
            "that the couplings are not known. Choose smaller gaps or finer cells.",
        )
    for each in results.held_out:
        if each.fitted >= each.uncoupled:
            yield failure(
                "no_better_than_uncoupled",
                f"Directions in the {each.name} are predicted to {each.fitted:.2g} rad, no better than by "
                f"magnets that do not feel each other ({each.uncoupled:.2g} rad).",
            )
        elif each.fitted > _PREDICTION or not each.right:
            yield limitation(
                "prediction_off",
                f"Directions in the {each.name}, which was not fitted, are predicted to {each.fitted:.2g} rad "
                f"(allowed {_PREDICTION:g})"
                + ("" if each.right else ", and a magnet ends in another state than in micromagnetics")
                + ". The macrospins are less certain there.",
            )
    open_ones = [each for each in results.factors if each.ci95 and each.ci95[0] <= 0]
    if open_ones:
        yield limitation(
            "factors_open",
            f"The pairs leave {', '.join(each.name.replace('_', ' ') for each in open_ones)} open: the 95 % "
            "interval holds 0. Choose smaller gaps or finer cells.",
        )
    if results.rotation_p_value is not None and results.rotation_p_value < _UNLIKE:
        yield failure(
            "turned_rows_differ",
            "Rows that half a turn about the clock's axis makes one another have other error rates in the macrospins "
            f"(p = {results.rotation_p_value:.2g}), which is impossible. Report this with the campaign's file.",
        )


def about_cycles(results: MajorityResults) -> Iterator[Reason]:
    """Reasons by the heat of cycles, its two measures and its slow limit."""
    if results.damping_p_value is not None and results.damping_p_value < _DISAGREE:
        yield failure(
            "heats_disagree",
            "The heat from the damping term is not the work of the fields within the statistical error "
            f"(p = {results.damping_p_value:.2g}). Report this with the campaign's file.",
        )
    if not results.cycles:
        return
    clock_first = results.cycles[0]
    worst = max(clock_first.fitted, key=lambda each: each.wrong / each.members)
    if worst.wrong > _CYCLES_FAIL * worst.members:
        yield limitation(
            "cycle_wrong",
            f"With ramps of {value_label(worst.ramp_time, 's')} {worst.wrong} of {worst.members} gates give "
            f"a wrong or undecided output in the cycle '{clock_first.name}' (allowed {_CYCLES_FAIL:.0%}). What these "
            "give away is in its heat. Use slower ramps, or rows that fail less often.",
        )
    low, high = clock_first.ci95
    if not clock_first.on_a_line:
        yield limitation(
            "ramps_too_fast",
            f"The heat of the cycle '{clock_first.name}' does not lie on Q = Q∞ + c/τ (p = "
            f"{max(clock_first.p_value, _SMALLEST_P):.1g}), so that its limit is not known. Use slower ramps.",
        )
    elif not low <= 0 <= high:
        yield limitation(
            "not_reversible",
            f"The heat of the cycle '{clock_first.name}' tends to {clock_first.limit:.2g} kT (95 %: {low:.2g} "
            f"to {high:.2g}) as the ramps slow, and not to nothing. Some magnet leaves equilibrium on the way. Use a "
            "stronger clock, or slower ramps.".replace("-", "−"),
        )
    elif (high - low) / 2 > _KNOWN_TO:
        reach = (high - low) / 2
        yield limitation(
            "wide_interval",
            f"The slow limit of the cycle '{clock_first.name}' is known to ± {reach:.2g} kT only. "
            f"{_KNOWN_TO:.2g} kT is asked for, the least heat of erasing one bit, so that it is not known whether the "
            f"operation is reversible. Use {math.ceil((reach / _KNOWN_TO) ** 2):,} times as many cycle.members.",
        )
