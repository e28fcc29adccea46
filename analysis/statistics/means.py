"""The interval of a mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy

__all__ = ["student_reach"]


def student_reach(values: Sequence[float]) -> float:
    """Half of the 95 % interval of a mean, by Student's t.

    Parameters
    ----------
    values : sequence of float
        Two or more, independent and alike.

    Returns
    -------
    float
        In their unit.

    Examples
    --------
    >>> round(student_reach([0.9, 0.92, 0.94]), 3)
    0.05
    """
    return float(scipy.stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
