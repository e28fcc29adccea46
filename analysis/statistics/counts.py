"""How well a mean number is known that was counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["poisson_interval"]


def poisson_interval(counted: npt.ArrayLike, confidence: float = 0.95) -> tuple[Any, Any]:
    """Garwood's exact interval of the mean of Poisson numbers.

    Parameters
    ----------
    counted : array of int
        What was counted.
    confidence : float
        Two-sided.

    Returns
    -------
    low, high : array, as `counted`

    References
    ----------
    F. Garwood, Biometrika 28, 437 (1936).

    Examples
    --------
    >>> low, high = poisson_interval([0, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 4.795], [3.689, 18.39])
    """
    events, tail = np.asarray(counted), (1 - confidence) / 2
    low = np.where(events > 0, scipy.stats.chi2.ppf(tail, 2 * np.maximum(events, 1)), 0.0) / 2
    return low, scipy.stats.chi2.ppf(1 - tail, 2 * events + 2) / 2
