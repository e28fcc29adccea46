r"""Differences of one pulse's effect from cycle to cycle, and from device to device.

A device that is programmed by counting pulses misses its target for two reasons that have nothing
to do with its model. **Heat** lets the same wall go a little further or less far with each pulse:
the cycle-to-cycle spread. **Disorder** makes no two devices alike: their edges differ, so that one
wall goes further with every pulse than another, and rests at other places. For device d after
pulse n, or before the first (n = 0),

.. math::

   q_{dn} = q_d + g_d\, y_n + e_{dn}, \qquad y_n = \langle q_{dn} - q_{d0} \rangle_d

g_d is the gain of the device (1 on average), and e_dn what its own places do, before the first
pulse too, so that q_d is free. Noise in e makes least squares' g_d differ by
var(e) / sum((y - <y>)^2) though all gains are alike; that is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["FEWEST_DEVICES", "DeviceSpread", "device_spread"]

Floats = npt.NDArray[np.float64]

FEWEST_DEVICES = 3
"""Fewer give no interval that would mean anything."""
RESOLVED = 3.0
"""The mean wall must move by so many times the spread of places for its gain to be separable from them."""


@dataclass(frozen=True)
class DeviceSpread:
    """How devices of one drawing differ that are driven by the same pulses.

    `lost` of the `devices` left before the end and are not in the numbers. `gain` is the relative standard deviation of
    how far a pulse moves the wall, with its 95 % interval; None where the mean wall goes less far than three times
    `place`, so that gains and places cannot be distinguished. Standard deviations of where the wall rests, in m:
    `place`, what the gain does not explain; `at_rest`, after a pulse, root mean square over the pulses, with start,
    gain and place together; `start`, before the first pulse.
    """

    devices: int
    lost: int
    gain: float | None
    gain_ci95: tuple[float, float] | None
    place: float
    at_rest: float
    start: float


def device_spread(positions: npt.ArrayLike) -> DeviceSpread:
    """Separate gains from places in walls of several devices under the same pulses.

    `positions` (devices, pulses + 1) in m are where each device's wall rests before the first pulse and after each; NaN
    once it has left. Three devices have to keep their wall.
    """
    path = np.asarray(positions, dtype=np.float64)
    if path.ndim != 2:
        raise ValueError(
            f"device_spread: positions has {path.ndim} dimensions; give a row for each device, with its rests"
        )
    whole = path[np.isfinite(path).all(axis=1)]
    count, rests = whole.shape
    if count < FEWEST_DEVICES:
        raise ValueError(
            f"device_spread: the wall stays in {count} of {len(path)} devices; at least {FEWEST_DEVICES} must keep it, "
            "so use more seeds, or weaker pulses"
        )
    if rests < 2:
        raise ValueError("device_spread: there is no pulse after which a wall rests; give the positions after pulses")
    at_rest = float(np.sqrt(np.mean(np.var(whole[:, 1:], axis=0, ddof=1))))
    start = float(np.std(whole[:, 0], ddof=1))
    lost = len(path) - count
    mean = (whole - whole[:, :1]).mean(axis=0)
    about, moved = mean - mean.mean(), whole - whole.mean(axis=1, keepdims=True)
    power = float(about @ about)
    gains = moved @ about / power if power > 0 else np.ones(count)
    left = moved - gains[:, None] * about
    # A place and a gain are fitted to each device, and to the mean of all.
    place = float(np.sqrt((left**2).sum() / ((count - 1) * (rests - 2)))) if rests > 2 else np.inf
    # Gain and place are not separable with one pulse, nor where the mean wall hardly moves.
    if np.ptp(mean) <= RESOLVED * place:
        alone = float(np.sqrt(np.mean(np.var(whole - whole[:, :1], axis=0, ddof=1)[1:]) / 2))
        return DeviceSpread(len(path), lost, None, None, alone, at_rest, start)
    seen = float(np.var(gains, ddof=1))
    by_chance = place**2 / power
    low, high = seen * (count - 1) / scipy.stats.chi2.ppf([0.975, 0.025], count - 1)
    gain, *ends = (float(np.sqrt(max(0.0, each - by_chance))) for each in (seen, low, high))
    return DeviceSpread(len(path), lost, gain, (ends[0], ends[1]), place, at_rest, start)
