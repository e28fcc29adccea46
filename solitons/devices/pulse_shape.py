"""The trapezoidal pulse that programs a synapse and drives a neuron, step by step."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np

from solitons.parameters import namespace_of

__all__ = ["levels_of", "steps_of", "trapezoid"]

_LONGEST_STEP = 10e-12  # s; short enough for a wall under 1e13 A/m2


def steps_of(period: float) -> tuple[int, float]:
    """Number of integration steps in a pulse period (s), and the length of one in s."""
    steps = max(round(period / _LONGEST_STEP), 1)
    return steps, period / steps


def trapezoid(time: Any, width: Any, rise: float, step: float) -> Any:
    """Level, 0 to 1, of a pulse of `width` with linear edges of `rise`, at `time` from its start (all in s).

    Without a rise the edges are one `step` long, so that the pulse's charge does not
    jump with its width.
    """
    edge = rise if rise > 0 else step
    xp = namespace_of(time, width)
    return xp.clip(xp.minimum(time / edge, (width - time) / edge), 0.0, 1.0)


def levels_of(width: float, rise: float, period: float) -> list[tuple[float, float]]:
    """Levels (0 to 1) of a period that begins with a pulse, as a program of steps has them, and for how long (s).

    Equal levels that follow each other are one.
    """
    steps, dt = steps_of(period)
    level = trapezoid((np.arange(steps) + 0.5) * dt, width, rise, dt)
    return [(each, sum(1 for _ in same) * dt) for each, same in groupby(np.round(level, 12).tolist())]
