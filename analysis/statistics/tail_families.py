r"""Distributions that a power law is compared with: NumPy arrays in and out.

Above a minimum, with u = ln(x / x_min),

.. math:: p(x) \propto e^{-\lambda x}, \qquad p(x) \propto x^{-\alpha} e^{-\lambda x}, \qquad
    p(x) \propto x^{-\alpha} e^{-b u^2/2},

the exponential, the power law with a cut-off at 1/lambda, and the log-normal, whose
sigma^-2 is b and whose mu is ln x_min + (1 - alpha)/b. Whole numbers have these
probabilities, real ones these densities. The last two become the power law as lambda or
b go to 0, so that they never have a lower likelihood; their parameters are natural ones,
in which the likelihood has one maximum.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from analysis.statistics.power_law_kernels import PowerLaw, Sample

__all__ = ["Comparison", "bent_survival", "compare_bent", "compare_exponential"]

Floats = npt.NDArray[np.float64]

_DIRECT = 1000  # whole numbers that are summed one by one; an integral takes the place of the rest
_NODES = 10  # of Gauss and Legendre in each panel
_LARGEST = 1e290
_BENDS = (-25.0, 7.0)  # logarithms of lambda or b, times the sample's mean of what they multiply
_ROUNDING = 1e-4  # of a logarithm of a ratio of likelihoods


class Comparison(NamedTuple):
    """The power law against another distribution.

    `log_likelihood_ratio` is the logarithm of the power law's likelihood less the other's, and `p_value` the
    probability of a ratio as far from 0 by chance alone. `exponent` and its error belong to the other distribution,
    NaN where it has none or its error is unknown, and `rate` is its lambda, or b.
    """

    log_likelihood_ratio: float
    p_value: float
    exponent: float
    exponent_error: float
    rate: float


def compare_exponential(sample: Sample, law: PowerLaw) -> Comparison:
    """Compare the law fitted to a tail with an exponential by Vuong's test for non-nested models."""
    excess = sample.value - law.minimum
    mean = np.average(excess, weights=sample.count)
    if sample.discrete:
        rate = np.log1p(1 / mean)
        exponential = np.log(-np.expm1(-rate)) - rate * excess
        normalisation = np.log(scipy.special.zeta(law.exponent, law.minimum))
    else:
        rate = 1 / mean
        exponential = np.log(rate) - rate * excess
        normalisation = (1 - law.exponent) * np.log(law.minimum) - np.log(law.exponent - 1)
    difference = -law.exponent * np.log(sample.value) - normalisation - exponential
    ratio = float(np.sum(sample.count * difference))
    variance = float(np.average((difference - ratio / law.events) ** 2, weights=sample.count))
    p_value = float(scipy.special.erfc(abs(ratio) / np.sqrt(2 * law.events * variance))) if variance > 0 else 1.0
    return Comparison(ratio, p_value, np.nan, np.nan, float(rate))


def compare_bent(sample: Sample, law: PowerLaw, family: str) -> Comparison:
    """Compare the law fitted to a tail with a family that holds it: "power_law_with_cut_off" or "lognormal".

    Twice the logarithm of the likelihoods' ratio is, if the power law is true, chi squared with one degree of freedom
    in half of all samples and 0 in the others (Self and Liang, J. Am. Stat. Assoc. 82, 605 (1987)).
    """
    logarithm = np.log(sample.value / law.minimum)
    scale = float(np.average(logarithm, weights=sample.count))
    place, weight = _nodes(law.minimum, scale, sample.discrete)
    if family == "lognormal":
        bend_of_sample, bend = logarithm**2 / 2, place**2 / 2
    else:
        bend_of_sample = np.expm1(logarithm)
        bend = np.expm1(np.minimum(place, np.log(_LARGEST)))
    unit = float(np.average(bend_of_sample, weights=sample.count))
    bend = bend / unit

    def bent(logarithm_of_rate: float) -> tuple[float, float]:
        """The likeliest exponent for a bend, and minus the mean log-likelihood."""
        straight = weight - np.exp(logarithm_of_rate) * bend

        def excess(exponent: float) -> float:
            return scale - float(_normalised(straight - exponent * place)[0] @ place)

        # Far enough either way: the distribution's mean of u is then below and above the sample's.
        reach = 10 * (1 + np.exp(logarithm_of_rate)) * max(scale, 1.0) / scale
        exponent = float(scipy.optimize.brentq(excess, -reach, reach, xtol=1e-9))
        cost = _normalised(straight - exponent * place)[1] + exponent * scale + np.exp(logarithm_of_rate)
        return exponent, cost

    best = scipy.optimize.minimize_scalar(
        lambda logarithm_of_rate: bent(logarithm_of_rate)[1], bounds=_BENDS, method="bounded", options={"xatol": 1e-5}
    )
    straight_cost = _normalised(weight - law.exponent * place)[1] + law.exponent * scale
    ratio = law.events * float(best.fun - straight_cost)
    if ratio >= -_ROUNDING:
        return Comparison(0.0, 1.0, law.exponent, np.nan, 0.0)
    exponent, rate = bent(best.x)[0], float(np.exp(best.x))
    probability, _ = _normalised(weight - exponent * place - rate * bend)
    spread = np.stack([place - place @ probability, bend - bend @ probability])
    information = law.events * (spread * probability) @ spread.T
    error = float(np.sqrt(np.linalg.inv(information)[0, 0]))
    rate /= unit if family == "lognormal" else unit * law.minimum
    return Comparison(ratio, float(0.5 * scipy.stats.chi2.sf(-2 * ratio, 1)), exponent, error, rate)


def bent_survival(
    minimum: float, scale: float, exponent: float, rate: float, family: str, discrete: bool
) -> tuple[Floats, Floats]:
    """Values x, rising, and P(X >= x) of a family that holds the power law, "power_law_with_cut_off" or "lognormal".

    The tail begins at `minimum`; `scale` is the mean of ln(x / minimum) of the sample: where values are close to each
    other. `exponent` and `rate` are as in `Comparison`.
    """
    place, weight = _nodes(minimum, scale, discrete)
    x = minimum * np.exp(np.minimum(place, np.log(_LARGEST)))
    bend = place**2 / 2 if family == "lognormal" else x - minimum
    probability, _ = _normalised(weight - exponent * place - rate * bend)
    return x, np.cumsum(probability[::-1])[::-1]


def _normalised(logarithms: Floats) -> tuple[Floats, float]:
    """Probabilities in proportion to exp(logarithms), and the logarithm of the sum of those.

    A fit needs it some thousand times; SciPy's softmax and logsumexp spend most of it in checking their input.
    """
    largest = logarithms.max()
    shares = np.exp(logarithms - largest)
    total = shares.sum()
    return shares / total, float(largest + np.log(total))


def _nodes(minimum: float, scale: float, discrete: bool) -> tuple[Floats, Floats]:
    """Values of u at which sums over x are taken, and the logarithms of their weights."""
    direct = np.log1p(np.arange(_DIRECT) / minimum) if discrete else np.empty(0)
    # The rule of the midpoint: the sum from x on is the integral from x - 1/2 on.
    low = np.log1p((_DIRECT - 0.5) / minimum) if discrete else 0.0
    # Narrow panels where the sample is, then wider ones: what is there has hardly a weight.
    widths = min(scale, 1.0) * np.concatenate([np.ones(80), 1.3 ** np.arange(1, 45)])
    edges = low + np.concatenate([[0.0], np.cumsum(widths)])
    point, share = np.polynomial.legendre.leggauss(_NODES)
    half = np.diff(edges) / 2
    place = (edges[:-1, None] + half[:, None] * (1 + point)).ravel()
    weight = np.log((half[:, None] * share).ravel()) + place + np.log(minimum)
    return np.concatenate([direct, place]), np.concatenate([np.zeros(direct.size), weight])
