r"""Tail of a sum of independent random numbers, exactly, where a normal law is no guide any more.

With K(u) = \sum_k c_k \ln E[e^{u X_k}], the sum S of c_k numbers of each class k has

.. math:: P(S > t) = \frac{1}{2\pi i}\int_{s - i\infty}^{s + i\infty} e^{K(u) - u t}\,\frac{du}{u}, \qquad s > 0,

and minus P(S < t) where s < 0. On the line through the saddle point K'(s) = t the integrand is a bell without
cancellation, so that a tail of 1e-20 keeps its digits (S. O. Rice, Bell Syst. Tech. J. 47, 1971 (1968); R. Lugannani
and S. Rice, Adv. Appl. Probab. 12, 475 (1980), who expand the same integral). The trapezoidal rule converges
exponentially.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

__all__ = ["FLOOR", "NORMAL_NODES", "NORMAL_WEIGHTS", "upper_tail"]

Floats = npt.NDArray[np.float64]

NORMAL_NODES: Floats = np.arange(-128, 129) / 8
"""Places of a standard normal number, to 16 deviations; as a trapezoidal rule they are exact to rounding."""
NORMAL_WEIGHTS: Floats = np.exp(-(NORMAL_NODES**2) / 2) / np.exp(-(NORMAL_NODES**2) / 2).sum()
FLOOR = 1e-11
"""A tail that is too heavy to be tilted is known down to here."""
_SPAN, _REACH = 40.0, 20.0
"""Least period in t over which the rule repeats itself, and where the integrand has died away, by the tilted sum."""
_ROUNDING = 1e-12
"""Deviation over the numbers themselves, below which they do not vary."""
_NEAR = 0.5
_EDGE = 1e-5
"""Weight of the last node under the tilt from which on a tail is one of a single large number."""


def upper_tail(values: npt.ArrayLike, counts: npt.ArrayLike, threshold: float, noise: float = 0.0) -> float:
    """Chance that a sum of two or more functions of independent normal numbers is above a threshold.

    A tail below `FLOOR` that is mostly of one large number, so that there is no saddle point, is returned as the least
    upper bound exp(K(s) - s t) of Chernoff's, `FLOOR` at most: the upper tail of few very unlike lognormal numbers.

    Parameters
    ----------
    values : array (classes, nodes)
        Each class's function at `NORMAL_NODES`.
    counts : array (classes,)
        How many of each class are added.
    threshold : float
    noise : float
        Standard deviation of a normal number that is added.

    Examples
    --------
    Nine normal numbers: their sum has the deviation 3, and is above 21 as a normal number is above 7.

    >>> f"{upper_tail([NORMAL_NODES], [9], 21.0):.4e}"
    '1.2798e-12'
    """
    each, many = np.atleast_2d(np.asarray(values, dtype=np.float64)), np.asarray(counts, dtype=np.float64)
    means = each @ NORMAL_WEIGHTS
    scale = float(np.sqrt(many @ ((each - means[:, None]) ** 2 @ NORMAL_WEIGHTS) + noise**2))
    above = threshold - float(many @ means)
    if scale <= _ROUNDING * float(np.abs(each).max()):
        return float(above < 0)
    law = _Sum((each - means[:, None]) / scale, many, (noise / scale) ** 2)
    t = above / scale
    if not noise and t >= float(many @ law.values.max(axis=1)):
        return 0.0  # beyond all nodes
    bound = FLOOR
    if t > _NEAR:
        s = 1.0
        while law.tilted(s)[0] < t:
            s *= 2
        while law.tilted(s / 2)[0] > t:
            s /= 2
        s = brentq(lambda at: law.tilted(at)[0] - t, s / 2, s, rtol=1e-4)
        if law.tilted(s)[2] < _EDGE:
            return float(min(max(law.along(t, s), 0.0), 1.0))
        while law.tilted(s)[2] > _EDGE:
            s *= 0.9
        bound = min(bound, float(np.exp(law.cumulants(np.array([s]))[0].real - s * t)))
    # From below there is a line for every tail that is heavy above; the digits of 1 are lost.
    s = -1 / max(t, 1.0)
    while law.tilted(s)[2] > _EDGE:
        s /= 2
    from_below = 1 + law.along(t, s)
    return float(min(from_below if from_below > FLOOR else bound, 1.0))


@dataclass(frozen=True, eq=False)
class _Sum:
    """A sum of the mean 0 and the variance 1: values (classes, nodes), how many of each, and a normal variance."""

    values: Floats
    many: Floats
    normal: float

    def tilted(self, s: float) -> tuple[float, float, float]:
        """Mean and variance under the weight exp(s x), and the largest weight of a last node."""
        weights = NORMAL_WEIGHTS * np.exp(s * self.values - (s * self.values).max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        mean = (weights * self.values).sum(axis=1)
        variance = (weights * (self.values - mean[:, None]) ** 2).sum(axis=1)
        return (
            float(self.many @ mean) + s * self.normal,
            float(self.many @ variance) + self.normal,
            float(weights[:, [0, -1]].max()),
        )

    def along(self, t: float, s: float) -> float:
        """Integral along the line with the real part s: the upper tail where s > 0, less the lower one where s < 0."""
        deviation = self.tilted(s)[1] ** 0.5
        # What repeats is damped by exp(-|s| period).
        step = 2 * np.pi / max(_SPAN * deviation, _SPAN / abs(s))
        u = s + 1j * step * np.arange(int(_REACH / deviation / step) + 1)
        bell = (np.exp(self.cumulants(u) - u * t) / u).real
        return float(step / np.pi * (bell[0] / 2 + bell[1:].sum()))

    def cumulants(self, u: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
        """K(u) on a line with one real part."""
        found = self.normal * u**2 / 2 + 0j
        for row, count in zip(self.values, self.many, strict=True):
            top = (u[0].real * row).max()
            found += count * (np.log(np.exp(np.outer(u, row) - top) @ NORMAL_WEIGHTS) + top)
        return np.asarray(found)
