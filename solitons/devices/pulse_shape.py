"""The trapezoidal pulse that programs a synapse and drives a neuron, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from solitons.numerics.parameters import namespace_of

__all__ = ["ProgrammingPulse", "levels_of", "steps_of", "trapezoid"]

_LONGEST_STEP = 10e-12  # s; short enough for a wall under 1e13 A/m2


@dataclass(frozen=True)
class ProgrammingPulse:
    """The pulses that a driver can send: one amplitude, a range of widths.

    Parameters
    ----------
    amplitude : float
        Current density in A/m2, above 0; the sign is chosen by the writer.
    shortest, longest : float
        Range of the width in s.
    rise : float
        Rise and fall of a pulse in s, inside its width.
    period : float
        Time from one pulse to the next in s, the rest included.

    Raises
    ------
    ValueError
        If a number is not positive, the widths are not in order, or a pulse is
        longer than the period.

    Examples
    --------
    >>> from solitons.devices import ProgrammingPulse
    >>> ProgrammingPulse(amplitude=1e12, shortest=1e-10, longest=5e-10, rise=5e-11, period=2e-9).longest
    5e-10
    """

    amplitude: float
    shortest: float
    longest: float
    rise: float
    period: float

    def __post_init__(self) -> None:
        if not self.amplitude > 0:
            raise ValueError(f"ProgrammingPulse.amplitude = {self.amplitude} A/m2 must be above 0")
        if not 0 < self.shortest <= self.longest <= self.period:
            raise ValueError(
                f"ProgrammingPulse: shortest = {self.shortest} s, longest = {self.longest} s and period = "
                f"{self.period} s must be above 0 and in this order"
            )
        if not 0 <= 2 * self.rise <= self.shortest:
            raise ValueError(
                f"ProgrammingPulse.rise = {self.rise} s must be at least 0 and at most half of shortest = "
                f"{self.shortest} s"
            )


def steps_of(period: float) -> tuple[int, float]:
    """Number of integration steps in a pulse period (s), and the length of one in s."""
    steps = max(round(period / _LONGEST_STEP), 1)
    return steps, period / steps


def trapezoid(time: Any, width: Any, rise: float, step: float) -> Any:
    """Level, 0 to 1, of a pulse of `width` with linear edges of `rise`, in a step about `time` from its start (in s).

    It is the mean over a `step` with its middle at `time`: steps side by side have the charge of the pulse however
    short its rise, and it does not jump with the width. Below a width of two rises it is a triangle of equal slope.
    """
    xp = namespace_of(time, width)
    # What follows divides by the rise, and 1e-15 of a step is as good as 0.
    edge = xp.maximum(xp.minimum(rise, width / 2), 1e-15 * step)
    height = xp.minimum(width / (2 * rise), 1.0) if rise > 0 else 1.0

    def risen(after: Any) -> Any:
        """Mean over the step of what rises from 0 to 1 in `edge`."""
        ends = (xp.clip(after, -step / 2, edge + step / 2) + side * step / 2 for side in (1, -1))
        late, early = (edge * xp.clip(end / edge, 0.0, 1.0) ** 2 / 2 + xp.maximum(end - edge, 0.0) for end in ends)
        return (late - early) / step

    return height * (risen(time) - risen(time - (width - edge)))


def levels_of(width: float, rise: float, period: float) -> list[tuple[float, float]]:
    """Levels (0 to 1) of a period that begins with a pulse, as a program of steps has them, and for how long (s).

    Equal levels that follow each other are one.
    """
    steps, dt = steps_of(period)
    level = trapezoid((np.arange(steps) + 0.5) * dt, width, rise, dt)
    return [(each, sum(1 for _ in same) * dt) for each, same in groupby(np.round(level, 12).tolist())]
