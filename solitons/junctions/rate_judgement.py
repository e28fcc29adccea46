"""Whether fitted rates may be used: reasons against two states from their errors, their parameters and the drives.

Limits are round numbers, given with their ground; none was fitted to a junction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.verdict import Reason, failure, limitation
from solitons.junctions.rates import SwitchingRates

__all__ = ["BEYOND_DOUBT", "CHANCE", "about_rates"]

_MISFIT: dict[str, tuple[float, float]] = {"probabilities": (0.02, 0.08), "rates": (0.1, 0.5)}
"""From which what chance does not explain limits a model, and from which the model is none: absolute or relative."""
CHANCE = 1e-3
"""Data from the model itself fit worse than this once in a thousand times."""
BEYOND_DOUBT = 1e-6
"""Smallest goodness: above it a misfit may be counts that stray together, as of members that are in several points, and
below it is the formula, whose errors move the parameters by more than the points scatter about it."""
_BARRIER = 3.0
"""k T below which a state does not last: heat crosses it in the time of one oscillation."""
_PREFACTOR = (1e6, 1e13)
"""1/s: outside, an attempt rate stands for something else. Known junctions have 1e8 to 1e12."""


def about_rates(
    rates: SwitchingRates,
    fitted: Sequence[FittedParameter],
    goodness: float,
    misfit: float,
    held_out_error: float | None,
    trivial: float,
    driven: npt.NDArray[np.float64],
    decided: bool,
    kind: Literal["probabilities", "rates"],
    at_bound: Sequence[str] = (),
) -> Iterator[Reason]:
    """Find what counts against fitted rates.

    `goodness`, `misfit` and `held_out_error` are as of a `RateFit`; `trivial` is the held-out error of the mean of the
    fitted points; `driven` are currents in A/m2, positive towards the state that the junction is driven to; `kind` is
    what the errors are of; `at_bound` names parameters that ran to the end of what the fit allows.
    """
    limited, failed = _MISFIT[kind]
    what = "switching probabilities" if kind == "probabilities" else "rates, relatively,"
    if goodness < CHANCE and misfit > limited:
        yield Reason(
            code="not_two_states",
            weight="failed" if misfit > failed else "limited",
            sentence=f"Two states with a rate each leave the {what} off by {misfit:.2g} beyond chance (data of the "
            f"model itself would fit worse with a probability of {goodness:.1g}): the junction is driven and not "
            "only activated by heat, or it has further states. Use lower currents, or a macrospin.",
        )
    elif goodness < BEYOND_DOUBT:
        yield limitation(
            "formula_off",
            f"The counts are many enough to show that the formula is not exact (data of the model itself "
            f"would fit worse with a probability of {goodness:.1g}), though it has the {what} to {misfit:.2g}. "
            "Use the rates between the fitted currents; its parameters may be off by many of their errors, so that "
            "no interval is given.",
        )
    over = np.abs(rates.reduced_current(driven))
    low = (over < 1) & (float(rates.stability) * np.maximum(1 - over, 0) ** float(rates.exponent) < _BARRIER)
    if np.any(low):
        yield limitation(
            "little_barrier_left",
            f"In {np.mean(low):.0%} of the points less than {_BARRIER:g} k T of the barrier are left "
            "under the current, where a flip takes about as long as the motion in a well: the fitted exponent and "
            "attempt rate are off by more than their intervals. Fit lower currents alone.",
        )
    beyond = float(np.mean(over >= 1))
    if beyond:
        yield Reason(
            code="above_critical_current",
            weight="failed" if beyond > 0.5 else "limited",
            sentence=f"{beyond:.0%} of the points are above the fitted critical current of "
            f"{abs(float(rates.critical_current)):.3g} A/m2, where no barrier is left: a rate there is the time of "
            "a motion and means nothing at another current.",
        )
    if held_out_error is None:
        yield limitation("untested", "No point was held out, so that nothing tests the model.")
    elif held_out_error >= trivial:
        yield failure(
            "no_better_than_trivial",
            f"Held-out points are predicted to {held_out_error:.2g}, no better than by the mean of the "
            f"others ({trivial:.2g}).",
        )
    stability = float(rates.stability)
    if stability < _BARRIER:
        yield failure("no_barrier", f"The fitted barrier is {stability:.2g} k T: there are no two states that last.")
    if at_bound:
        yield Reason(
            code="at_bound",
            weight="failed" if len(at_bound) > 1 else "limited",
            sentence=f"The fit ran to the end of what it allows for {' and '.join(at_bound)}, where an interval "
            "means nothing: the data do not measure it. Count more flips, at more currents.",
        )
    attempt = next(each for each in fitted if each.name == "attempt_rate")
    if attempt.high < _PREFACTOR[0] or attempt.low > _PREFACTOR[1]:
        yield limitation(
            "unphysical_attempt_rate",
            f"The fitted attempt rate of {attempt.value:.2g} 1/s is outside {_PREFACTOR[0]:.0e} to "
            f"{_PREFACTOR[1]:.0e} 1/s: it stands for something that the model leaves out.",
        )
    if not decided:
        yield limitation(
            "exponent_open",
            "The data do not determine how the barrier falls with current, so that the model holds "
            "between the fitted currents and not beyond: give the critical current, or count at more currents.",
        )
