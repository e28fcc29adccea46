"""How well a mean number is known that was counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["poisson_interval"]


def poisson_interval(counted: npt.ArrayLike, confidence: float = 0.95) -> tuple[Any, Any]:
    """Garwood's exact two-sided interval, low and high, of the mean of Poisson numbers that were counted.

    F. Garwood, Biometrika 28, 437 (1936).
    """
    events, tail = np.asarray(counted), (1 - confidence) / 2
    low = np.where(events > 0, scipy.stats.chi2.ppf(tail, 2 * np.maximum(events, 1)), 0.0) / 2
    return low, scipy.stats.chi2.ppf(1 - tail, 2 * events + 2) / 2
