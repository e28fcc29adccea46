"""Rates of a junction fitted to counts of switching or to dwell times, by maximum likelihood.

The data may leave quantities open. Every current below the critical one shows how fast the logarithm of a rate rises,
and a barrier that falls as (1 - i)^2 with one critical current rises nearly as one that falls as 1 - i with another: an
exponent follows from counts where the critical current is known, by its own measurement or from the material, or where
the currents span so much of it that the curvature shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from analysis.statistics.misfit import birge_ratio
from solitons.fits.consider_parameters import NORMAL_95
from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.provenance import SwitchingProvenance
from solitons.fits.trivial_model import root_mean_square
from solitons.fits.verdict import Verdict, judge
from solitons.junctions.rate_judgement import BEYOND_DOUBT, CHANCE, about_rates
from solitons.junctions.rates import SwitchingRates

__all__ = ["RateFit", "fit_dwells", "fit_switching"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

EXPONENTS = (1.0, 2.0)
"""Between which the likelihood chooses where the critical current is not given."""

_DECIDED = 12.0
"""Log-likelihood by which one exponent must be better than the other: what the formula itself leaves out of a macrospin
is worth several units (an ellipse of 8 k T, counted 1000 times at 24 points, gave 3.5 for the wrong one)."""
_LOW, _HIGH = 0.3, 4.0  # of an exponent that is fitted
_FEWEST = 5
"""Flips below which a count is not near enough to a normal number to be compared in its relative size."""
_OPEN = 23.0
"""In the logarithm of a rate: a factor of 1e10, beyond which its interval is meaningless."""
_STARTS = 96
_CLIMBS = 3


@dataclass(frozen=True, eq=False)
class RateFit:
    """Result of a fit.

    The rates with their provenance, and the fitted parameters with intervals from the likelihood's curvature, wider by
    the misfit where `goodness` is below 1e-3, and NaN below 1e-6. `exponents` are log-likelihoods by the exponent that
    was tried, one entry where it was fitted; `decided` is whether the data determine the exponent (its interval, or the
    difference of two, is no matter of chance) or it was given.

    `goodness` is the probability that data from the model itself would fit worse; `misfit` is the root mean square of
    counted less fitted probabilities, beyond what chance makes, and `held_out_error` the same of what was held out.
    """

    rates: SwitchingRates
    parameters: tuple[FittedParameter, ...]
    log_likelihood: float
    exponents: dict[float, float]
    decided: bool
    goodness: float
    misfit: float
    held_out_error: float | None
    verdict: Verdict

    @property
    def statement(self) -> str:
        """Say which exponent was found, in a sentence."""
        n = float(self.rates.exponent)
        fitted = next((each for each in self.parameters if each.name == "exponent"), None)
        if fitted is not None:
            if np.isnan(fitted.low):
                return f"The barrier falls as (1 - i)^{n:.2f}; the data reject the model, so that no interval holds."
            return f"The barrier falls as (1 - i)^{n:.2f} (95 %: {fitted.low:.2f} to {fitted.high:.2f})."
        others = {each: value for each, value in self.exponents.items() if each != n}
        if not others:
            return f"The barrier falls as (1 - i)^{n:g}, which was given."
        if self.decided:
            gap = self.log_likelihood - max(others.values())
            return f"The barrier falls as (1 - i)^{n:g}: {gap:.3g} in log-likelihood above the other exponent."
        gap = self.log_likelihood - max(others.values())
        return (
            f"The data do not determine the exponent: n = {n:g} is best by {gap:.2g} in log-likelihood, which chance "
            "or the model's own error gives as well. Give critical_current, or count at currents that span more of it."
        )


def fit_switching(
    current_density: npt.ArrayLike,
    time: npt.ArrayLike,
    switched: npt.ArrayLike,
    trials: npt.ArrayLike,
    *,
    state: npt.ArrayLike = -1,
    critical_current: float | None = None,
    exponent: float | None = None,
    held_out: npt.ArrayLike | None = None,
    temperature: float = 300.0,
    trained_on: tuple[str, ...] = (),
) -> RateFit:
    """Fit rates to how often pulses have switched a junction.

    Parameters
    ----------
    current_density, time : array (points,)
        Current density and width of the pulses, in A/m2 and s.
    switched, trials : array (points,)
        Counts of those that did, and of all. They are taken as independent: ensembles at two points with one seed have
        the same heat, and are not.
    state : {-1, 1} or array (points,)
        State of the junction before each pulse.
    critical_current : float, optional
        In A/m2, where it is known (`Macrospin.critical_current`); then the exponent is fitted. If left out it is
        fitted, and the exponent chosen between 1 and 2.
    exponent : float, optional
        Known value, such as 2 for an axially symmetric layer; then it is not fitted.
    held_out : bool array (points,), optional
        Points that are predicted and not fitted; if left out about every third, which are neither all of one current
        nor all of one time where these are a grid.
    temperature : float
        In K, of the data.
    trained_on : tuple of str
        Ids of the runs that the counts are from.

    Returns
    -------
    RateFit

    Raises
    ------
    ValueError
        If the counts are none, or fewer points are fitted than there are parameters.

    Examples
    --------
    >>> from solitons.junctions import fit_switching
    >>> currents, switched = [1e10, 1.2e10, 1.4e10], [20, 60, 110]
    >>> found = fit_switching(currents, [1e-8] * 3, switched, [128] * 3, critical_current=3e10, exponent=2.0)
    >>> bool(found.rates.stability > 0)
    True
    """
    current, duration, count, total, before = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64).ravel() for each in (current_density, time, switched, trials, state))
    )
    if np.any(count < 0) or np.any(count > total) or np.any(total < 1) or not np.all(duration > 0):
        raise ValueError(
            "fit_switching: switched must be between 0 and trials, trials 1 or more, and time above 0 s in every point"
        )
    test = _left_out(len(current)) if held_out is None else np.asarray(held_out, dtype=bool).ravel()

    def probability(rates: SwitchingRates) -> Floats:
        return np.clip(rates.probability(current, duration, state=before), 1e-12, 1 - 1e-12)

    def likelihood(rates: SwitchingRates) -> float:
        p = probability(rates)
        return float((special.xlogy(count, p) + special.xlog1py(total - count, -p))[~test].sum())

    share = count / total
    typical = -np.log1p(-np.clip(share, 0.5 / total, 1 - 0.5 / total)) / duration
    found = _maximised(
        likelihood, current[~test], typical[~test], critical_current, temperature, before[~test], exponent
    )
    rates, fitted, best, by_exponent, decided, at_bound, rest = found
    p = probability(rates)
    return _reported(
        rates, fitted, best, by_exponent, decided, at_bound, p, share, total, test, current, duration, trained_on,
        before, rest,
    )  # fmt: skip


def fit_dwells(
    current_density: npt.ArrayLike,
    flips: npt.ArrayLike,
    time_in: npt.ArrayLike,
    *,
    critical_current: float | None = None,
    held_out: npt.ArrayLike | None = None,
    temperature: float = 300.0,
    trained_on: tuple[str, ...] = (),
) -> RateFit:
    """Fit rates to how often a junction left each of its states, and for how long it was in them.

    Flips and times are all that the likelihood of exponential dwell times depends on; a dwell that the record cuts off
    adds its time and no flip.

    Parameters
    ----------
    current_density : array (points,)
        In A/m2.
    flips, time_in : array (points, 2)
        How often it left the lower and the upper state, and for how long in s it was in each.
    critical_current, held_out, temperature, trained_on
        As in `fit_switching`.

    Returns
    -------
    RateFit
        Its probabilities are the shares of the time in the upper state.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a number is negative.

    Examples
    --------
    >>> rates = SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10)
    >>> current = np.linspace(-2e9, 2e9, 5)
    >>> up, down = rates.rates(current)
    >>> time_in = 1e-2 * np.array([down / (up + down), up / (up + down)]).T  # of a record of 10 ms at each current
    >>> found = fit_dwells(current, np.round(time_in * np.array([up, down]).T), time_in, critical_current=1e10)
    >>> round(float(found.rates.stability), 1), found.verdict.verdict
    (8.0, 'trusted')
    """
    current = np.asarray(current_density, dtype=np.float64).ravel()
    left, spent = (np.asarray(each, dtype=np.float64) for each in (flips, time_in))
    if left.shape != (len(current), 2) or spent.shape != left.shape or np.any(left < 0) or np.any(spent < 0):
        raise ValueError(
            f"fit_dwells: flips and time_in must be ({len(current)}, 2), 0 or above: one for each state; they are "
            f"{left.shape} and {spent.shape}"
        )
    test = _left_out(len(current)) if held_out is None else np.asarray(held_out, dtype=bool).ravel()

    def likelihood(rates: SwitchingRates) -> float:
        each = np.stack(rates.rates(current), axis=1)
        return float((special.xlogy(left, each) - each * spent)[~test].sum())

    typical = (left[:, 0] + 0.5) / np.maximum(spent[:, 0], 1e-300)
    found = _maximised(
        likelihood, current[~test], typical[~test], critical_current, temperature, np.full(int((~test).sum()), -1.0)
    )
    rates, fitted, best, by_exponent, decided, at_bound, rest = found
    # The number of flips of each kind in the time there was is Poisson's.
    expected = np.stack(rates.rates(current), axis=1) * spent
    off = (left - expected) / np.sqrt(np.maximum(expected, 1e-12))
    asked = (expected > _FEWEST) & ~test[:, None]
    chi_square, freedom = float((off[asked] ** 2).sum()), max(int(asked.sum()) - len(fitted), 1)
    goodness = float(stats.chi2.sf(chi_square, freedom))
    # As a relative error of the rates, beyond the counting error.
    relative = left / np.maximum(expected, 1e-12) - 1
    excess = relative[asked] ** 2 - 1 / expected[asked]
    misfit = float(np.sqrt(max(np.mean(excess), 0.0))) if asked.any() else 0.0
    # A rate with few flips, seen and expected, does not determine a relative error.
    tested = (np.maximum(expected, left) > _FEWEST) & test[:, None]
    held_error = root_mean_square(relative[tested]) if tested.any() else None
    trivial = _rate_spread(left, spent, test, tested)
    verdict = judge(
        about_rates(rates, fitted, goodness, misfit, held_error, trivial, current, decided, "rates", at_bound)
    )
    fitted, rest = _by_misfit(fitted, rest, chi_square, freedom)
    return _with_provenance(
        rates, fitted, best, by_exponent, decided, goodness, misfit, held_error, verdict, current, spent.sum(axis=1),
        trained_on, rest,
    )  # fmt: skip


def _left_out(count: int) -> Bools:
    """About every third point: by multiples of the golden ratio, which keep no step with the rows of a grid."""
    return np.asarray((np.arange(count) * 0.6180339887498949 + 0.5) % 1 < 1 / 3)


def _rate_spread(left: Floats, spent: Floats, test: Bools, tested: Bools) -> float:
    """Root mean square error of tested rates if they are predicted as the mean of the fitted ones."""
    mean = left[~test].sum(axis=0) / np.maximum(spent[~test].sum(axis=0), 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = left / (mean * spent) - 1
    return root_mean_square(relative[tested]) if tested.any() else np.inf


def _maximised(
    likelihood: Callable[[SwitchingRates], float],
    current: Floats,
    typical: Floats,
    critical_current: float | None,
    temperature: float,
    state: Floats,
    known: float | None = None,
) -> tuple[
    SwitchingRates,
    tuple[FittedParameter, ...],
    float,
    dict[float, float],
    bool,
    tuple[str, ...],
    tuple[float, float] | None,
]:
    names = ["attempt_rate", "stability"]
    if critical_current is None or known is None:
        names.append("exponent" if critical_current is not None else "critical_current")
    if len(current) < len(names):
        raise ValueError(f"{len(current)} points are fitted, but {len(names)} parameters; give more currents or times")
    largest = np.abs(current).max()
    if not largest > 0:
        raise ValueError("all currents are 0, so that nothing is learned of how a current lowers the barrier")
    # The currents that switch are those towards the state it was not in.
    outwards = np.where(state < 0, 1.0, -1.0)
    sign = np.sign(current[typical.argmax()]) * outwards[typical.argmax()]

    def model(x: Floats, exponent: float | None) -> SwitchingRates:
        free = critical_current is None
        return SwitchingRates(
            attempt_rate=np.exp(x[0]),
            stability=np.exp(x[1]),
            critical_current=sign * largest * np.exp(x[2]) if free else critical_current,
            exponent=x[2] if exponent is None else exponent,
            temperature=temperature,
        )

    third = (_LOW, _HIGH) if critical_current is not None else (np.log(0.2), np.log(50.0))
    bounds = [(np.log(1e3), np.log(1e15)), (np.log(0.5), np.log(300.0)), third][: len(names)]

    def climbed(exponent: float | None) -> tuple[float, Floats]:
        # For a given third parameter the logarithm of a rate is linear in the other two: each gives a start.
        starts = []
        for x in np.linspace(third[0], third[1], _STARTS):
            trial = model(np.array([0.0, 0.0, x]), exponent)
            share = np.maximum(1 - outwards * trial.reduced_current(current), 1e-3)
            columns = np.stack([np.ones_like(share), -(share ** float(trial.exponent))], axis=1)
            attempt, barrier = np.linalg.lstsq(
                columns, np.log(typical / (share**2 * np.maximum(2 - share, 1e-3))), rcond=None
            )[0]
            start = np.array([attempt, np.log(max(barrier, 1.0)), x])[: len(names)]
            starts.append(np.clip(start, *np.array(bounds).T))
        values = np.array([likelihood(model(each, exponent)) for each in starts])
        best, where = -np.inf, starts[0]
        for index in np.argsort(-values)[:_CLIMBS]:
            found = optimize.minimize(
                lambda x: -likelihood(model(x, exponent)), starts[index], method="Nelder-Mead", bounds=bounds,
                options={"xatol": 1e-8, "fatol": 1e-8, "maxiter": 4000},
            )  # fmt: skip
            if -found.fun > best + 1e-9:
                best, where = -float(found.fun), found.x
        return best, where

    tried = [known] if known is not None else [None] if critical_current is not None else list(EXPONENTS)
    climbs = {exponent: climbed(exponent) for exponent in tried}
    chosen = max(climbs, key=lambda each: climbs[each][0])
    best, x = climbs[chosen]
    covariance = _covariance(lambda y: likelihood(model(y, chosen)), x)
    deviations = np.sqrt(np.diag(covariance))
    rates = model(x, chosen)
    fitted = []
    for index, name in enumerate(names):
        low, high = x[index] - NORMAL_95 * deviations[index], x[index] + NORMAL_95 * deviations[index]
        value = float(getattr(rates, name))
        if name != "exponent":
            low, high = (value * float(np.exp(np.clip(each - x[index], -700, 700))) for each in (low, high))
        unit = {"attempt_rate": "1/s", "critical_current": "A/m^2"}.get(name, "1")
        fitted.append(FittedParameter(name, unit, value, float(min(low, high)), float(max(low, high))))
    if known is not None:
        by_exponent, decided = {float(known): best}, True
    elif critical_current is not None:
        by_exponent = {float(rates.exponent): best}
        decided = fitted[-1].high - fitted[-1].low < 1.0
    else:
        by_exponent = {float(each): climbs[each][0] for each in EXPONENTS}
        decided = bool(abs(np.diff(list(by_exponent.values()))[0]) > _DECIDED)
    at_bound = tuple(
        name for name, each, ends in zip(names, x, bounds, strict=True) if np.min(np.abs(each - np.array(ends))) < 1e-6
    )
    return rates, tuple(fitted), best, by_exponent, decided, at_bound, _rest_rate(rates, covariance)


def _rest_rate(rates: SwitchingRates, covariance: Floats) -> tuple[float, float] | None:
    """95 % interval of the sum of both rates without current, f_0 exp(-Delta) each; None where it is open."""
    by_parameter = np.array([1.0, -float(rates.stability)])
    reach = NORMAL_95 * float(np.sqrt(by_parameter @ covariance[:2, :2] @ by_parameter))
    both = float(sum(rates.rates(0.0)))
    return (both * np.exp(-reach), both * np.exp(reach)) if reach < _OPEN else None


def _covariance(value: Callable[[Floats], float], x: Floats) -> Floats:
    """From the curvature of the log-likelihood; very large along directions in which it is flat."""
    size, step = len(x), 1e-4
    hessian = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            a, b = np.zeros(size), np.zeros(size)
            a[i], b[j] = step, step
            both = value(x + a + b) - value(x + a - b) - value(x - a + b) + value(x - a - b)
            hessian[i, j] = -both / (4 * step**2)
    values, axes = np.linalg.eigh((hessian + hessian.T) / 2)
    variances = np.where(values > 1e-6 * max(values.max(), 1e-300), 1 / np.maximum(values, 1e-300), np.inf)
    finite = np.where(np.isfinite(variances), variances, 1e12)
    return np.asarray((axes * finite) @ axes.T)


def _reported(
    rates: SwitchingRates,
    fitted: tuple[FittedParameter, ...],
    best: float,
    by_exponent: dict[float, float],
    decided: bool,
    at_bound: tuple[str, ...],
    p: Floats,
    share: Floats,
    total: Floats,
    test: Bools,
    current: Floats,
    duration: Floats,
    trained_on: tuple[str, ...],
    state: Floats,
    rest: tuple[float, float] | None,
) -> RateFit:
    variance = p * (1 - p) / total
    asked = (variance * total**2 > 1) & ~test
    freedom = max(int(asked.sum()) - len(fitted), 1)
    chi_square = float(((share - p) ** 2 / variance)[asked].sum())
    goodness = float(stats.chi2.sf(chi_square, freedom))
    excess = (share - p)[~test] ** 2 - variance[~test]
    misfit = float(np.sqrt(max(float(np.mean(excess)), 0.0)))
    held_error = root_mean_square((share - p)[test]) if test.any() else None
    mean = float((share * total)[~test].sum() / total[~test].sum())
    trivial = root_mean_square(share[test] - mean) if test.any() else np.inf
    driven = current * np.where(state < 0, 1.0, -1.0)
    verdict = judge(
        about_rates(rates, fitted, goodness, misfit, held_error, trivial, driven, decided, "probabilities", at_bound)
    )
    fitted, rest = _by_misfit(fitted, rest, chi_square, freedom)
    return _with_provenance(
        rates, fitted, best, by_exponent, decided, goodness, misfit, held_error, verdict, current, duration, trained_on,
        rest, bool(state.min() < 0 < state.max()),
    )  # fmt: skip


def _by_misfit(
    fitted: tuple[FittedParameter, ...], rest: tuple[float, float] | None, chi_square: float, freedom: int
) -> tuple[tuple[FittedParameter, ...], tuple[float, float] | None]:
    """Intervals of parameters and of the rate at rest, wider by a misfit that may be scatter, without if it is none."""
    if stats.chi2.sf(chi_square, freedom) < BEYOND_DOUBT:
        return tuple(replace(each, low=np.nan, high=np.nan) for each in fitted), None
    wider = birge_ratio(chi_square, freedom, unlikely=CHANCE)
    if wider == 1.0:
        return fitted, rest
    found = []
    for each in fitted:
        ends = np.array([each.low, each.high])
        if each.name == "exponent":
            low, high = each.value + wider * (ends - each.value)
        else:
            low, high = each.value * (ends / each.value) ** wider
        found.append(replace(each, low=float(min(low, high)), high=float(max(low, high))))
    if rest is not None:
        middle, reach = np.sqrt(rest[0] * rest[1]), (rest[1] / rest[0]) ** (wider / 2)
        rest = (float(middle / reach), float(middle * reach))
    return tuple(found), rest


def _with_provenance(
    rates: SwitchingRates,
    fitted: tuple[FittedParameter, ...],
    best: float,
    by_exponent: dict[float, float],
    decided: bool,
    goodness: float,
    misfit: float,
    held_error: float | None,
    verdict: Verdict,
    current: Floats,
    duration: Floats,
    trained_on: tuple[str, ...],
    rest: tuple[float, float] | None,
    both_ways: bool = False,
) -> RateFit:
    ranged = np.abs(current) if both_ways else current
    origin = SwitchingProvenance(
        trained_on=trained_on,
        held_out_error=held_error,
        current_density=(float(ranged.min()), float(ranged.max())),
        both_ways=both_ways,
        time=(float(duration.min()), float(duration.max())),
        rest_rate_ci95=rest,
        verdict=verdict.verdict,
    )
    return RateFit(
        replace(rates, provenance=origin), fitted, best, by_exponent, decided, goodness, misfit, held_error, verdict
    )
