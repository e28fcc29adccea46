r"""Tail of a sum of independent random numbers, exactly, where a normal law is no guide any more.

Laplace's inversion of K(u) = \sum_k c_k \ln E[e^{u X_k}] gives, for the sum S of c_k numbers of each class k,

.. math:: P(S > t) = \frac{1}{2\pi i}\int_{s - i\infty}^{s + i\infty} e^{K(u) - u t}\,\frac{du}{u}, \qquad s > 0,

since :math:`\int_t^\infty e^{-u (x - t)} dx = 1/u`. On the line through the minimum s of K(s) - s t - ln s the
integrand is a bell without cancellation, so that a tail of 1e-20 keeps its digits (R. Lugannani and S. Rice, Adv. Appl.
Probab. 12, 475 (1980), expand the integral there). The trapezoidal rule converges exponentially.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

__all__ = ["NORMAL_NODES", "NORMAL_WEIGHTS", "upper_tail"]

NORMAL_NODES: npt.NDArray[np.float64] = np.arange(-128, 129) / 8
"""Places of a standard normal number, to 16 deviations; as a trapezoidal rule they are exact to rounding."""
NORMAL_WEIGHTS: npt.NDArray[np.float64] = np.exp(-(NORMAL_NODES**2) / 2) / np.exp(-(NORMAL_NODES**2) / 2).sum()
_PERIOD, _REACH = 40.0, 20.0
"""Period in t with which the rule repeats itself, damped by exp(-s t), and where the integrand has died away."""
_ALIKE, _EDGE, _LEAST = 1e-12, 1e-5, 1e-13


def upper_tail(values: npt.ArrayLike, counts: npt.ArrayLike, threshold: float, noise: float = 0.0) -> float:
    """Chance that a sum of functions of independent normal numbers is above a threshold.

    A lognormal number has no E[exp(u X)]: where one alone makes the tail, the line goes where 16 deviations suffice for
    it, and rounding leaves 1e-13 of the bound exp(K(s) - s t) there. The relative error is below 1e-6 otherwise.

    Parameters
    ----------
    values : array (classes, nodes)
        Each class's function at `NORMAL_NODES`.
    counts : array (classes,)
        How many of each class are added; two or more altogether, or noise.
    threshold : float
    noise : float
        Standard deviation of a normal number that is added.

    Examples
    --------
    Nine normal numbers: their sum has the deviation 3, and is above 21 as a normal number is above 7.

    >>> f"{upper_tail([NORMAL_NODES], [9], 21.0):.4e}"
    '1.2798e-12'
    """
    x, many = np.asarray(values, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    largest, means = np.abs(x).max(), x @ NORMAL_WEIGHTS
    x = x - means[:, None]
    scale, above = float(np.sqrt(many @ (x**2 @ NORMAL_WEIGHTS) + noise**2)), threshold - float(many @ means)
    if scale <= _ALIKE * largest:
        return float(above < 0)
    x, t, normal = x / scale, above / scale, (noise / scale) ** 2

    def exponent(u: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
        """K(u) - u t on a line with one real part."""
        tops = (u[0].real * x).max(axis=1)
        logs = [np.log(np.exp(np.outer(u, row) - top) @ NORMAL_WEIGHTS) + top for row, top in zip(x, tops, strict=True)]
        return np.asarray(many @ np.array(logs) + normal * u**2 / 2 - u * t)

    s = np.exp(minimize_scalar(lambda log: exponent(np.exp([log + 0j]))[0].real - log, bounds=(-9, 9)).x) / 0.9
    weights = np.ones_like(x)
    while weights[:, [0, -1]].max() > _EDGE:
        s *= 0.9
        weights = NORMAL_WEIGHTS * np.exp(s * x - (s * x).max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
    variances = (weights * x**2).sum(axis=1) - (weights * x).sum(axis=1) ** 2
    deviation = float(np.sqrt(many @ variances + normal))
    step = 2 * np.pi / _PERIOD / max(deviation, 1 / s)
    u = s + 1j * step * np.arange(int(_REACH / deviation / step) + 1)
    bell = (np.exp(exponent(u)) / u).real
    found = step / np.pi * (bell[0] / 2 + bell[1:].sum())
    return float(np.clip(found, _LEAST * s * bell[0], 1.0))
