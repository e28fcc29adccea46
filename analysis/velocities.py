"""Velocity from positions at frames."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["velocities"]


def velocities(t: npt.NDArray[np.float64], position: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Centred differences in time in m/s (t, n), one-sided next to frames in which there is no position.

    `t` is in s and rises, `position` (t, n) is in m, NaN where there is none. Exact for a parabola, at even frames and
    uneven ones.
    """
    velocity = np.full(position.shape, np.nan)
    if t.size < 2 or not position.shape[1]:
        return velocity
    step = np.diff(t)[:, np.newaxis]
    forward = np.full(position.shape, np.nan)
    forward[:-1] = np.diff(position, axis=0) / step
    backward = np.full(position.shape, np.nan)
    backward[1:] = forward[:-1]
    ahead, behind = np.zeros((t.size, 1)), np.zeros((t.size, 1))
    ahead[:-1], behind[1:] = step, step
    with np.errstate(invalid="ignore"):
        # Weighted so that a parabola's slope is exact for uneven frames too.
        velocity = (forward * behind + backward * ahead) / (ahead + behind)
    velocity = np.where(np.isnan(velocity), forward, velocity)
    return np.where(np.isnan(velocity), backward, velocity)
