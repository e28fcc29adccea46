r"""Fit a power law to the tail of a sample: NumPy arrays in and out.

A sample is its different values, rising, and how often each is there. Above a minimum

.. math:: p(x) = \frac{x^{-\alpha}}{\zeta(\alpha, x_{\min})} \quad\text{or}\quad
    p(x) = \frac{\alpha-1}{x_{\min}}\left(\frac{x}{x_{\min}}\right)^{-\alpha}

for whole numbers and for real ones (Clauset, Shalizi and Newman, SIAM Rev. 51, 661
(2009), whose estimators these are).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["FEWEST", "PowerLaw", "Sample", "draw", "exponents", "fit", "sample_of", "standard_error", "tail"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Below, neither the exponent nor its minimum can be determined (Clauset, Shalizi and Newman, section 3.4).
FEWEST = 50
_CANDIDATES = 200  # minima that are tried, evenly spaced by their logarithms where there are more values
_STEEPEST = 25.0
_ROUNDING = 1e-9
_STEP = 1e-4  # of the exponent, for derivatives of the zeta function
_TABLE = 2000  # whole numbers that are drawn exactly; above, a real one is rounded


@dataclass(frozen=True)
class Sample:
    """Different values, rising, and how often each is there; whole numbers or not."""

    value: Floats
    count: Integers
    discrete: bool


class PowerLaw(NamedTuple):
    """A fit: where the tail begins, its exponent, its distance from the sample, and how many are in it."""

    minimum: float
    exponent: float
    distance: float
    events: int


def sample_of(values: npt.NDArray[np.generic], discrete: bool) -> Sample:
    """Count the values above 0, whole numbers if `discrete`.

    Real values that differ by rounding count as one.
    """
    value, count = np.unique(values, return_counts=True)
    if not discrete and value.size:
        begins = np.flatnonzero(np.diff(value, prepend=0.0) > _ROUNDING * value)
        value, count = value[begins], np.add.reduceat(count, begins)
    return Sample(value.astype(np.float64), count.astype(np.int64), discrete)


def tail(sample: Sample, minimum: float) -> Sample:
    """Keep the values of a sample that are not below a minimum."""
    kept = (sample.value >= minimum) & (sample.count > 0)
    return Sample(sample.value[kept], sample.count[kept], sample.discrete)


def exponents(minimum: Floats, mean_logarithm: Floats, discrete: bool) -> Floats:
    r"""Maximum-likelihood exponents (n,), from where each tail begins and its mean logarithm, the mean of ln x.

    .. math:: \langle\ln x\rangle = -\partial_\alpha\ln\zeta(\alpha, x_{\min})
        \quad\text{or}\quad \alpha = 1 + 1/\langle\ln x/x_{\min}\rangle

    The first is for whole numbers (`discrete`). An exponent is at most 25, which is what it is if all values are at the
    minimum.
    """
    above = mean_logarithm - np.log(minimum)
    with np.errstate(divide="ignore"):
        exponent = np.minimum(1 + 1 / above, _STEEPEST)
    if not discrete:
        return exponent
    low, high = np.full_like(exponent, 1 + 1e-6), np.full_like(exponent, _STEEPEST)
    exponent = np.clip(1 + 1 / (mean_logarithm - np.log(minimum - 0.5)), 1.01, _STEEPEST - 1)
    # The logarithm of zeta is convex: a Newton step, or half the bracket where it would leave that.
    for _ in range(60):
        slope, curvature = _zeta_slope(exponent, minimum)
        rest = slope + mean_logarithm
        low, high = np.where(rest < 0, exponent, low), np.where(rest < 0, high, exponent)
        following = exponent - rest / curvature
        following = np.where((following > low) & (following < high), following, (low + high) / 2)
        done = np.abs(following - exponent) < 1e-9
        exponent = following
        if done.all():
            break
    return exponent


def standard_error(law: PowerLaw, discrete: bool) -> float:
    """Standard error of an exponent from the Fisher information, the minimum being given."""
    if not discrete:
        return float((law.exponent - 1) / np.sqrt(law.events))
    _, curvature = _zeta_slope(np.array([law.exponent]), np.array([law.minimum]))
    return float(1 / np.sqrt(law.events * curvature[0]))


def fit(sample: Sample, minimum: float | None = None) -> PowerLaw:
    """Fit a power law to `FEWEST` values at least, above that minimum which brings it nearest to the sample.

    The distance is Kolmogorov and Smirnov's, the largest difference of the cumulative distributions.
    """
    sample = tail(sample, 0.0 if minimum is None else minimum)
    above = np.cumsum(sample.count[::-1])[::-1]
    logarithms = np.cumsum((sample.count * np.log(sample.value))[::-1])[::-1]
    if minimum is None:
        # A resample may have a single value.
        chosen = (
            _candidates(sample.value[(above >= FEWEST) & (above > sample.count)]) if len(above) > 1 else sample.value
        )
        at = np.searchsorted(sample.value, chosen)
    else:
        chosen, at = np.array([minimum]), np.array([0])
    found = exponents(chosen, logarithms[at] / above[at], sample.discrete)
    distances = [
        _distance(sample.value[start:], sample.count[start:], exponent, least, sample.discrete)
        for start, exponent, least in zip(at, found, chosen, strict=True)
    ]
    best = int(np.argmin(distances))
    return PowerLaw(float(chosen[best]), float(found[best]), float(distances[best]), int(above[at[best]]))


def draw(law: PowerLaw, number: int, discrete: bool, rng: np.random.Generator) -> Floats:
    """Draw so many numbers from a power law, whole ones if `discrete`."""
    survival = 1 - rng.random(number)
    if not discrete:
        return np.asarray(law.minimum * survival ** (-1 / (law.exponent - 1)))
    places = law.minimum + np.arange(_TABLE + 1, dtype=np.float64)
    table = _survival(places, law.exponent, law.minimum)
    # P(X >= x) falls from 1: the largest x that has still as much.
    values = places[np.searchsorted(-table, -survival, side="right") - 1]
    far = survival < table[-1]
    with np.errstate(over="ignore"):
        reach = (places[-1] - 0.5) * (survival[far] / table[-1]) ** (-1 / (law.exponent - 1))
    values[far] = np.minimum(np.floor(reach + 0.5), 2.0**53)
    return np.asarray(values)


def _zeta_slope(exponent: Floats, minimum: Floats) -> tuple[Floats, Floats]:
    """First and second derivative of ln zeta(exponent, minimum)."""
    # Differences across the pole at 1 would be wrong.
    step = np.minimum(_STEP, (exponent - 1) / 4)
    below, here, above = (np.log(scipy.special.zeta(exponent + way * step, minimum)) for way in (-1, 0, 1))
    return (above - below) / (2 * step), (above - 2 * here + below) / step**2


def _survival(value: Floats, exponent: float, minimum: float) -> Floats:
    """P(X >= value) of whole numbers."""
    return np.asarray(scipy.special.zeta(exponent, value) / scipy.special.zeta(exponent, minimum))


def _distance(value: Floats, count: Integers, exponent: float, minimum: float, discrete: bool) -> float:
    """Largest difference of the cumulative distributions, on either side of each value."""
    upto = np.cumsum(count)
    before, after = (upto - count) / upto[-1], upto / upto[-1]
    if discrete:
        model_before = 1 - _survival(value, exponent, minimum)
        model_after = 1 - _survival(value + 1, exponent, minimum)
    else:
        model_before = model_after = 1 - (value / minimum) ** (1 - exponent)
    return float(max(np.abs(before - model_before).max(), np.abs(after - model_after).max()))


def _candidates(values: Floats) -> Floats:
    if values.size <= _CANDIDATES:
        return values
    wanted = np.geomspace(values[0], values[-1], _CANDIDATES)
    return np.asarray(np.unique(values[np.searchsorted(values, wanted * (1 - 1e-12))]))
