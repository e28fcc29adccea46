"""The pulse that shifts skyrmions by one cell: how long it must be, found from the model itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from runs.waveforms.waveform import PiecewiseLinear

__all__ = ["ShiftPulse", "width_for", "widths_tried"]

Floats = npt.NDArray[np.float64]

_WIDTHS = 64
# Share of the pitch: a place that holds skyrmions draws them in from so far, whatever the pulse's width within a range.
_HELD = 0.02


@dataclass(frozen=True)
class ShiftPulse:
    """A trapezoidal pulse of current that shifts skyrmions by one cell, and the rest after it.

    Amplitude in A/m2, with its sign; in s the width, rise and fall included, the rise of either edge, and the period,
    the rest included.
    """

    amplitude: float
    width: float
    rise: float
    period: float

    def __post_init__(self) -> None:
        if not 0 <= 2 * self.rise <= self.width <= self.period:
            raise ValueError(
                f"ShiftPulse: twice the rise = {self.rise} s, width = {self.width} s and period = {self.period} s must "
                "be in this order"
            )

    def train(self, count: int) -> PiecewiseLinear:
        """Train of `count` pulses, the first at 0 s."""
        corners = np.array([0.0, self.rise, self.width - self.rise, self.width])
        times = (np.arange(count)[:, None] * self.period + corners).ravel()
        return PiecewiseLinear(tuple(times), tuple(np.tile([0.0, self.amplitude, self.amplitude, 0.0], count)))


def widths_tried(rise: float, period: float) -> Floats:
    """Widths in s from a triangle's to the whole period."""
    return np.linspace(2 * rise, period, _WIDTHS + 1)[1:]


def width_for(distance: float, widths: Floats, moved: Floats, owner: str) -> float:
    """Give the width in s that moves skyrmions by a distance in m.

    `widths` rise, `moved` is in m along the current's push, NaN where they left; `owner` is named in the ValueError if
    no width moves them that far. Where places hold skyrmions, the middle of those that come within a fiftieth of the
    distance; else by straight lines between two.
    """
    held = np.flatnonzero(np.abs(moved - distance) < _HELD * distance)
    if held.size > 2:
        return float(widths[held[held.size // 2]])
    above = np.flatnonzero(moved >= distance)
    if not above.size:
        most = np.nanmax(moved) if np.isfinite(moved).any() else np.nan
        raise ValueError(
            f"{owner}: within a period a pulse moves the skyrmions by {most:.3g} m at most, not by {distance:.3g} m, "
            "or they leave; change the current, or use a longer period"
        )
    last = int(above[0])
    if not last:
        raise ValueError(
            f"{owner}: the shortest pulse moves the skyrmions by {moved[0]:.3g} m, more than {distance:.3g} m; use "
            "less current"
        )
    share = (distance - moved[last - 1]) / (moved[last] - moved[last - 1])
    return float(widths[last - 1] + share * (widths[last] - widths[last - 1]))
