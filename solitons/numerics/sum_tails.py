r"""Tail of a sum of independent random numbers, exactly, where a normal law is no guide any more.

With K(u) = \sum_k c_k \ln E[e^{u X_k}], the sum S of c_k numbers of each class k has

.. math:: P(S > t) = \frac{1}{2\pi i}\int_{s - i\infty}^{s + i\infty} e^{K(u) - u t}\,\frac{du}{u}, \qquad s > 0,

and minus P(S < t) where s < 0. On the line through the saddle point K'(s) = t the integrand is a bell without
cancellation, so that a tail of 1e-20 keeps its digits (S. O. Rice, Bell Syst. Tech. J. 47, 1971 (1968); R. Lugannani and
S. Rice, Adv. Appl. Probab. 12, 475 (1980), who expand the same integral). The trapezoidal rule converges exponentially.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

__all__ = ["FLOOR", "NORMAL_NODES", "NORMAL_WEIGHTS", "upper_tail"]

Floats = npt.NDArray[np.float64]

NORMAL_NODES: Floats = np.arange(-80, 81) / 8
"""Places of a standard normal number, to ten deviations; as a trapezoidal rule they are exact to rounding."""
NORMAL_WEIGHTS: Floats = np.exp(-(NORMAL_NODES**2) / 2) / np.exp(-(NORMAL_NODES**2) / 2).sum()
FLOOR = 1e-11
"""A tail that is too heavy to be tilted is known down to here."""
_SPAN, _REACH = 40.0, 20.0
"""Least period in t over which the rule repeats itself, and where the integrand has died away, by the tilted sum."""
_NEAR = 0.5
_EDGE = 1e-5
"""Weight of the last node under the tilt from which on a tail is one of a single large number."""


def upper_tail(values: npt.ArrayLike, counts: npt.ArrayLike, threshold: float) -> float:
    """Chance that a sum of two or more functions of independent normal numbers is above a threshold.

    A tail below `FLOOR` that is mostly of one large number, so that there is no saddle point, is returned as `FLOOR`,
    an upper bound: the upper tail of few very unlike lognormal numbers.

    Parameters
    ----------
    values : array (classes, nodes)
        Each class's function at `NORMAL_NODES`.
    counts : array (classes,)
        How many of each class are added.
    threshold : float

    Examples
    --------
    Nine normal numbers: their sum has the deviation 3, and is above 21 as a normal number is above 7.

    >>> f"{upper_tail([NORMAL_NODES], [9], 21.0):.4e}"
    '1.2798e-12'
    """
    each, many = np.atleast_2d(np.asarray(values, dtype=np.float64)), np.asarray(counts, dtype=np.float64)
    means = each @ NORMAL_WEIGHTS
    scale = float(np.sqrt(many @ ((each - means[:, None]) ** 2 @ NORMAL_WEIGHTS)))
    above = threshold - float(many @ means)
    if scale == 0:
        return float(above < 0)
    reduced, t = (each - means[:, None]) / scale, above / scale
    if t >= float(many @ reduced.max(axis=1)):
        return 0.0  # beyond all nodes
    if t > _NEAR:
        s = 1.0
        while _tilted(reduced, many, s)[0] < t:
            s *= 2
        while _tilted(reduced, many, s / 2)[0] > t:
            s /= 2
        s = brentq(lambda at: _tilted(reduced, many, at)[0] - t, s / 2, s, rtol=1e-4)
        if _tilted(reduced, many, s)[2] < _EDGE:
            return float(min(max(_along(reduced, many, t, s), 0.0), 1.0))
    # From below there is a line for every tail that is heavy above; the digits of 1 are lost.
    s = -1 / max(t, 1.0)
    while _tilted(reduced, many, s)[2] > _EDGE:
        s /= 2
    from_below = 1 + _along(reduced, many, t, s)
    return float(min(max(from_below, FLOOR), 1.0))


def _tilted(reduced: Floats, many: Floats, s: float) -> tuple[float, float, float]:
    """Mean and variance of the sum under the weight exp(s x), and the largest weight of a last node."""
    weights = NORMAL_WEIGHTS * np.exp(s * reduced - (s * reduced).max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    mean = (weights * reduced).sum(axis=1)
    variance = (weights * (reduced - mean[:, None]) ** 2).sum(axis=1)
    return float(many @ mean), float(many @ variance), float(weights[:, [0, -1]].max())


def _along(reduced: Floats, many: Floats, t: float, s: float) -> float:
    """Integral along the line with the real part s: the upper tail where s > 0, less the lower one where s < 0."""
    deviation = _tilted(reduced, many, s)[1] ** 0.5
    # What repeats is damped by exp(-|s| period).
    step = 2 * np.pi / max(_SPAN * deviation, _SPAN / abs(s))
    u = s + 1j * step * np.arange(int(_REACH / deviation / step) + 1)
    exponent = -u * t
    for row, count in zip(reduced, many, strict=True):
        top = (s * row).max()
        exponent = exponent + count * (np.log(np.exp(np.outer(u, row) - top) @ NORMAL_WEIGHTS) + top)
    bell = (np.exp(exponent) / u).real
    return float(step / np.pi * (bell[0] / 2 + bell[1:].sum()))
