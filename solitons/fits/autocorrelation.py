"""How long the residuals of a fit remember each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["autocorrelation_time"]

Floats = npt.NDArray[np.float64]


def autocorrelation_time(residual: Floats, sequence: npt.NDArray[np.intp]) -> float:
    """Integrated autocorrelation time in samples, pooled over sequences.

    It is 1 + 2 sum of the autocorrelation, up to the first value that is within the noise of an uncorrelated sequence.
    `residual` is in time order within each `sequence`.
    """
    pieces = [residual[sequence == index] for index in np.unique(sequence)]
    longest = max(piece.size for piece in pieces)
    zero = sum(float(piece @ piece) for piece in pieces)
    time = 1.0
    if zero == 0:
        return time
    for lag in range(1, longest):
        correlation = sum(float(piece[lag:] @ piece[:-lag]) for piece in pieces if piece.size > lag) / zero
        # Within the noise of an uncorrelated sequence it counts as none.
        if correlation < 2 / np.sqrt(residual.size):
            break
        time += 2 * correlation
    return time
