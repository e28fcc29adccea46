"""The interval of a mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy

__all__ = ["student_reach"]


def student_reach(values: Sequence[float]) -> float:
    """Half of the 95 % interval of the mean of two or more independent values, by Student's t, in their unit."""
    return float(scipy.stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
