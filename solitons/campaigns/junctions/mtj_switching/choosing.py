"""The current of a pillar's sweep that the fitted rates learn most from.

Of N members that begin in a state, N P^(k-1) are there at the begin of the k-th interval, and of these a share p is
expected to leave it (P = 1 - p). What K intervals tell of the logarithms of the rates' parameters is

    N (1 - P^K) / p * (dp)^2 / (p P),

the Fisher information of counts that are binomial, each given the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.statistics.misfit import birge_ratio
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun, SweptPoint
from solitons.campaigns.framework.choosing import Choosing
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.mtj_switching.checks import drive_of
from solitons.campaigns.junctions.mtj_switching.counting import observe
from solitons.campaigns.junctions.mtj_switching.fitting import fit_rates, mean_length, transitions
from solitons.campaigns.junctions.mtj_switching.one_moment import pillar_of, warmed
from solitons.campaigns.junctions.mtj_switching.roles import JunctionRole, WayBack
from solitons.campaigns.junctions.mtj_switching.settings import SwitchingFitSettings
from solitons.fits.chosen_runs import most_telling, predicted_interval
from solitons.fits.consider_parameters import NORMAL_95
from solitons.fits.leave_one_out import covariance_by_runs, inverse, scaled
from solitons.junctions import SwitchingRates
from solitons.junctions.rate_fit import RateFit
from solitons.junctions.rate_judgement import CHANCE, MISFIT

__all__ = ["one_more_current"]

Floats = npt.NDArray[np.float64]

_STEP = 1e-4
"""Step of a parameter's logarithm for the derivative by it."""
_LEAST = 1e-12
"""Smallest share that is told from none."""
_NO_CHANCE = 0.05
"""Chance that all runs would reject the rates from which it is not neglected."""


def one_more_current(
    choosing: Choosing,
    sweep: Sequence[LabelledRun[JunctionRole]],
    runs: ComputedRuns[JunctionRole],
    settings: SwitchingFitSettings,
) -> Choosing:
    """Fit the runs that are made, and choose the next current of the sweep, or find that they are enough.

    Held-out runs are not looked at. Until enough members have switched for a fit, the strongest current that is left
    comes next.
    """
    sizes = {abs(drive_of(sweep[place].spec).current) for place in choosing.made}
    fitted = [
        run
        for run in runs.labelled
        if isinstance(run.role, SweptPoint | WayBack) and abs(drive_of(run.spec).current) in sizes
    ]
    observed = observe(replace(runs, labelled=tuple(fitted)), Stages(), settings, [])
    warm = warmed(pillar_of(fitted[0].spec), mean_length(observed))
    fit, _, _ = fit_rates(observed, settings, warm, lambda: None, profiled=False)
    currents = np.array([drive_of(run.spec).current for run in sweep])
    if fit is None:
        return choosing.after(np.nan, lambda left: max(left, key=lambda place: abs(currents[place])))
    first = next(each for each in observed.runs if each.current in currents)
    counted = transitions(observed, settings)
    seen, residual, deviation = _seen(fit, *counted)
    # As in the fit: few switches have no normal error.
    compared = residual[deviation > 1]
    chi_square, freedom = float(compared @ compared), compared.size - len(fit.parameters)
    share = len(choosing.made) / len(choosing.points)
    asked = _slopes(fit, lambda rates: rates.probability(currents, settings.longest, state=first.state))
    whole, norm = scaled(seen)
    by_noise = inverse(whole.T @ whole) / np.outer(norm, norm)
    by_noise *= birge_ratio(chi_square, freedom, unlikely=CHANCE) ** 2
    by_runs = covariance_by_runs(seen, seen, residual, np.unique(np.abs(counted[0]), return_inverse=True)[1])
    assert by_runs is not None  # several currents are run at first
    interval = max(predicted_interval(asked, by_noise), predicted_interval(asked, *by_runs))
    if np.isnan(fit.parameters[0].low):  # the counts reject the rates, and no interval holds
        interval = np.nan
    rows = _information_rows(fit, currents, first.state, settings, int(first.counts.attrs["members"]))
    return choosing.after(
        interval,
        lambda left: most_telling([seen], {place: rows[place][None] for place in left}),
        doubted=chance_of_rejection(chi_square, freedom, share) > _NO_CHANCE
        and most_misfit(residual, deviation / counted[3]) > MISFIT["probabilities"][0],
    )


def chance_of_rejection(chi_square: float, freedom: int, share: float) -> float:
    """Chance that all runs would reject the rates, if the others scatter about them as this share of the runs does.

    Chi square of the others is about chi_square / freedom for each degree of freedom, which is itself known to
    sqrt(2 / freedom) of it.
    """
    rest = freedom * (1 / share - 1)
    limit = stats.chi2.isf(CHANCE, freedom + rest)
    scatter = chi_square / freedom * np.sqrt(2 * rest * (1 + rest / freedom))
    return float(stats.norm.sf(limit - chi_square / share, scale=max(scatter, _LEAST)))


def most_misfit(residual: Floats, errors: Floats) -> float:
    """Upper end of the 95 % interval of `RateFit.misfit`, by residuals over the counting errors of probabilities."""
    squares = errors**2
    known = 2**0.5 * np.linalg.norm(squares) / squares.size * max(float(np.mean(residual**2)), 1.0)
    return float(np.sqrt(max(np.mean((residual**2 - 1) * squares) + NORMAL_95 * known, 0.0)))


def _seen(
    fit: RateFit, current: Floats, interval: Floats, left: Floats, began: Floats, state: Floats
) -> tuple[Floats, Floats, Floats]:
    """Derivatives and residuals of all counts over their standard deviations, and these."""
    share = np.clip(fit.rates.probability(current, interval, state=state), _LEAST, 1 - _LEAST)
    deviation = np.sqrt(began * share * (1 - share))
    slopes = _slopes(fit, lambda rates: rates.probability(current, interval, state=state))
    return slopes * (began / deviation)[:, None], (began * share - left) / deviation, deviation


def _information_rows(
    fit: RateFit, currents: Floats, state: int, settings: SwitchingFitSettings, members: int
) -> Floats:
    """A row for each current, whose outer product with itself is the information of its run."""
    share = np.clip(fit.rates.probability(currents, settings.interval, state=state), _LEAST, 1 - _LEAST)
    count = round(settings.longest / settings.interval)
    there = members * -np.expm1(count * np.log1p(-share)) / share
    slopes = _slopes(fit, lambda rates: rates.probability(currents, settings.interval, state=state))
    return slopes * np.sqrt(there / (share * (1 - share)))[:, None]


def _slopes(fit: RateFit, quantity: Callable[[SwitchingRates], Floats]) -> Floats:
    """Derivatives of a quantity by the logarithms of the fitted parameters, in columns."""
    columns = []
    for each in fit.parameters:
        above, below = (
            quantity(replace(fit.rates, **{each.name: each.value * np.exp(side * _STEP)})) for side in (1, -1)
        )
        columns.append((above - below) / (2 * _STEP))
    return np.stack(columns, axis=1)
