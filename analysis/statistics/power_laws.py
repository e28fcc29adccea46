"""Whether sizes of events follow a power law, and with which exponent.

Clauset, Shalizi and Newman (SIAM Rev. 51, 661 (2009)): the exponent by maximum
likelihood, above the minimum that brings the power law nearest to the sample; its error
from resamples, each with its own minimum; its plausibility from samples of
the power law itself; and likelihood ratios against other distributions.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.statistics.power_law_kernels import FEWEST, PowerLaw, Sample, draw, fit, sample_of, standard_error, tail
from analysis.statistics.tail_families import Comparison, compare_bent, compare_exponential

__all__ = ["ALTERNATIVES", "fit_power_law"]

ALTERNATIVES = ("exponential", "lognormal", "power_law_with_cut_off")

_LIKELIER = 0.05  # p value below which a distribution is likelier than another
_HAS_EXPONENT = 0.01  # p value of an exponential below which a tail with a cut-off has an exponent besides
_PLAUSIBLE = 0.1  # goodness of fit below which a power law is rejected, as Clauset, Shalizi and Newman do


def fit_power_law(
    values: xr.DataArray | npt.ArrayLike, *, minimum: float | None = None, resamples: int = 200, seed: int = 0
) -> xr.Dataset:
    r"""Fit a power law to the tail of a sample, and judge whether it is one.

    Parameters
    ----------
    values : array_like
        The sample; of whole numbers the power law is discrete. Values of 0 and below are
        left out. A DataArray's name and units are kept.
    minimum : float, optional
        Begin of the tail, if it is known: with a cut-off in the sample the choice
        goes far into the cut-off, and a steep exponent comes out.
    resamples : int
        How many resamples, and how many samples of the power law, are fitted.
    seed : int
        Seed of their random numbers.

    Returns
    -------
    xarray.Dataset
        `events` and `tail_events`, how many are above 0 and in the tail; `minimum`;
        `exponent`, its `exponent_error` (standard deviation over resamples) and
        `standard_error` (from the Fisher information, the minimum being given);
        `distance` of Kolmogorov and Smirnov, and `goodness_of_fit`, the part of samples
        of the power law that are further from their fits.

        Over `alternative`, "exponential", "lognormal" and "power_law_with_cut_off":
        `log_likelihood_ratio`, below 0 where the alternative is likelier, its `p_value`,
        `alternative_exponent`, `alternative_exponent_error`, and `alternative_rate`,
        the lambda (1/unit of the values) or b of `analysis.statistics.tail_families`.

        `verdict` and its `reason`: "power law" if it is plausible (goodness of fit of 0.1
        and above), likelier than an exponential (p < 0.05), and the others are not
        likelier; "power law with a cut-off" if that is likelier than both it and an
        exponential (p < 0.01), its exponent being `alternative_exponent`; "not a power law",
        "undecided", and, with NaN for all the rest, "too few events" (fewer than 50 in
        the tail) and "no spread".

    Raises
    ------
    ValueError
        If a value is not finite, the minimum is not above 0 or, of whole numbers, not one
        itself, or there are fewer than 2 resamples.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = fit_power_law(rng.zipf(2.5, 2000))
    >>> found["verdict"].item(), bool(abs(found["exponent"] - 2.5) < 2 * found["exponent_error"])
    ('power law', True)
    >>> fit_power_law([1, 2, 5])["verdict"].item()
    'too few events'
    """
    name, units = "values", "1"
    if isinstance(values, xr.DataArray):
        name, units = str(values.name or name), str(values.attrs.get("units", units))
    numbers = np.asarray(values).ravel()
    if not np.isfinite(numbers).all():
        raise ValueError(f"fit_power_law: {name} has a value that is not finite; leave it out")
    discrete = numbers.dtype.kind in "iu"
    if minimum is not None and not (minimum > 0 and (not discrete or float(minimum).is_integer())):
        allowed = "a whole number from 1 on" if discrete else "above 0"
        raise ValueError(f"fit_power_law: minimum is {minimum}; the least of {name} in the tail must be {allowed}")
    if resamples < 2:
        raise ValueError(f"fit_power_law: resamples is {resamples}; an error needs at least 2")
    sample = sample_of(numbers[numbers > 0], discrete)
    kept = tail(sample, 0.0 if minimum is None else minimum)
    events, in_tail = int(sample.count.sum()), int(kept.count.sum())
    nothing = Comparison(*[np.nan] * 5)
    if in_tail < FEWEST:
        where = "above 0" if minimum is None else f"from {minimum:g} on"
        reason = f"{in_tail} values {where}; with fewer than {FEWEST} no exponent can be distinguished from chance"
        return _dataset(name, units, events, None, [nothing] * 3, ("too few events", reason))
    if len(kept.value) < 2:
        return _dataset(name, units, events, None, [nothing] * 3, ("no spread", f"all values are {kept.value[0]:g}"))
    law = fit(sample, minimum)
    rng = np.random.default_rng(seed)
    error = float(np.std([fit(_resample(sample, rng), minimum).exponent for _ in range(resamples)], ddof=1))
    distances = np.array([fit(_synthetic(sample, law, rng), minimum).distance for _ in range(resamples)])
    plausible = float(np.mean(distances > law.distance))
    kept = tail(sample, law.minimum)
    others = [
        compare_exponential(kept, law),
        compare_bent(kept, law, "lognormal"),
        compare_bent(kept, law, "power_law_with_cut_off"),
    ]
    found = _dataset(name, units, events, law, others, _verdict(plausible, *others))
    return found.assign(
        exponent_error=((), error, {"units": "1"}),
        standard_error=((), standard_error(law, discrete), {"units": "1"}),
        goodness_of_fit=((), plausible, {"units": "1"}),
    )


def _resample(sample: Sample, rng: np.random.Generator) -> Sample:
    """As many values, drawn from the sample itself."""
    total = int(sample.count.sum())
    return replace(sample, count=rng.multinomial(total, sample.count / total))


def _synthetic(sample: Sample, law: PowerLaw, rng: np.random.Generator) -> Sample:
    """As many values, the tail drawn from the power law and the rest from the sample."""
    total, below = int(sample.count.sum()), sample.value < law.minimum
    in_tail = int(rng.binomial(total, law.events / total))
    body = sample.value[below]
    if body.size:
        body = np.repeat(body, rng.multinomial(total - in_tail, sample.count[below] / (total - law.events)))
    return sample_of(np.concatenate([body, draw(law, in_tail, sample.discrete, rng)]), sample.discrete)


def _verdict(plausible: float, exponential: Comparison, lognormal: Comparison, cut_off: Comparison) -> tuple[str, str]:
    """Conclusion, and its reason."""
    # An exponential is a power law with a cut-off whose exponent is 0.
    gain = exponential.log_likelihood_ratio - cut_off.log_likelihood_ratio
    of_exponential = float(scipy.stats.chi2.sf(2 * max(gain, 0.0), 1))
    has_exponent = cut_off.exponent > 0 and of_exponential < _HAS_EXPONENT
    likelier = [each for each in (lognormal, cut_off) if each.p_value < _LIKELIER]
    best = min(likelier, key=lambda each: each.log_likelihood_ratio) if likelier else None
    if best is lognormal:
        return "not a power law", f"a log-normal distribution is likelier (p = {best.p_value:.2g})"
    if best is cut_off and has_exponent:
        reason = f"likelier than without (p = {best.p_value:.2g}) and than an exponential (p = {of_exponential:.2g})"
        return "power law with a cut-off", reason
    if best is cut_off or (exponential.log_likelihood_ratio < 0 and exponential.p_value < _LIKELIER):
        return "not a power law", f"it falls like an exponential (p of an exponent above 0: {of_exponential:.2g})"
    if plausible < _PLAUSIBLE:
        return "not a power law", f"samples of the power law are nearer to their fits (goodness of fit {plausible:.2g})"
    if exponential.log_likelihood_ratio > 0 and exponential.p_value < _LIKELIER:
        return "power law", f"plausible (goodness of fit {plausible:.2g}), and nothing else is likelier"
    return "undecided", f"a power law is plausible, but so is an exponential (p = {exponential.p_value:.2g})"


def _dataset(
    name: str,
    units: str,
    events: int,
    law: PowerLaw | None,
    others: list[Comparison],
    verdict: tuple[str, str],
) -> xr.Dataset:
    law = law or PowerLaw(np.nan, np.nan, np.nan, 0)
    over = "alternative"
    return xr.Dataset(
        {
            "events": ((), events),
            "tail_events": ((), law.events),
            "minimum": ((), law.minimum, {"units": units}),
            "exponent": ((), law.exponent, {"units": "1"}),
            "exponent_error": ((), np.nan, {"units": "1"}),
            "standard_error": ((), np.nan, {"units": "1"}),
            "distance": ((), law.distance, {"units": "1"}),
            "goodness_of_fit": ((), np.nan, {"units": "1"}),
            "log_likelihood_ratio": (over, [each.log_likelihood_ratio for each in others], {"units": "1"}),
            "p_value": (over, [each.p_value for each in others], {"units": "1"}),
            "alternative_exponent": (over, [each.exponent for each in others], {"units": "1"}),
            "alternative_exponent_error": (over, [each.exponent_error for each in others], {"units": "1"}),
            "alternative_rate": (over, [each.rate for each in others]),
            "verdict": ((), verdict[0]),
            "reason": ((), verdict[1]),
        },
        coords={over: list(ALTERNATIVES)},
        attrs={"quantity": name, "units": units},
    )
