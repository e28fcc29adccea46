"""Compiled: pulses to some devices of an array, each by its table of steps."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["pulsed_by_table"]


@njit(cache=True, nogil=True)
def _below(places, at):
    """Index of the place at or below a coordinate, of those that have another one above them."""
    low, high = 0, places.size - 1
    while high - low > 1:
        middle = (low + high) // 2
        if places[middle] <= at:
            low = middle
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def pulsed_by_table(
    which, counts, chance, coordinate, conductance, pulses, device, stuck, places, levels, steps, discrete, scales,
    fitted, outside,
):  # fmt: skip
    """Send pulses of one drive: the first one to each device that gets any, then the second ones, and so on.

    `which` and `counts` are the devices and how many pulses each gets, `chance` the quantile of each pulse in the order
    in which they are sent. `coordinate`, `conductance` (S) and `pulses` of all devices are changed in place; `device`
    is their row in the table, and no pulse moves what is `stuck`. `steps` of this drive is (devices, places, quantiles)
    at the coordinates `places` with conductances `levels` in S; a `discrete` table has nothing between its places.
    `scales` are conductances over `levels`. Returns how many pulses lay outside of the `fitted` coordinates, all of
    them where this drive is itself outside of the fit.
    """
    beyond, sent = 0, 0
    last = places.size - 1
    for turn in range(counts.max()):
        for index in range(which.size):
            if counts[index] <= turn:
                continue
            one = which[index]
            kind, at, drawn = device[one], coordinate[one], chance[sent]
            sent += 1
            pulses[one] += 1
            if at < fitted[0] or at > fitted[1] or outside[kind]:
                beyond += 1
            if stuck[one]:
                continue
            below = _below(places, at)
            weight = (at - places[below]) / (places[below + 1] - places[below])
            if discrete:
                step = steps[kind, int(np.rint(below + weight)), drawn]
            else:
                step = (1 - weight) * steps[kind, below, drawn] + weight * steps[kind, below + 1, drawn]
            moved = min(max(at + step, places[0]), places[last])
            coordinate[one] = moved
            below = _below(places, moved)
            slope = (levels[below + 1] - levels[below]) / (places[below + 1] - places[below])
            level = levels[last] if moved == places[last] else slope * (moved - places[below]) + levels[below]
            conductance[one] = scales[kind] * level
    return beyond
