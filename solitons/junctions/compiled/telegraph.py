"""Compiled: flips of a two-state junction whose rates repeat, each at its own moment."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["flip"]


@njit(cache=True, nogil=True)
def flip(draws, times, states, hazard, end, found):
    """Follow each member from flip to flip, until its draws are used up or the end is reached.

    The hazard that a state has gathered when it is left is exponentially distributed, whatever the rates do.

    Parameters
    ----------
    draws : array (members, draws)
        Exponential numbers of mean 1.
    times : array (members,)
        In periods; changed. At `end` or later a member is done.
    states : array (members,) of int
        0 or 1; changed.
    hazard : array (2, steps + 1)
        Integral over a period of the rate out of each state, from its start; a straight line in each step.
    end : float
        In periods.
    found : array (members, draws)
        Times of the flips in periods, in order; NaN where there is none.
    """
    steps = hazard.shape[1] - 1
    for member in range(draws.shape[0]):
        time, state = times[member], states[member]
        for index in range(draws.shape[1]):
            if time >= end:
                break
            gathered = hazard[state]
            whole = np.floor(time)
            place = (time - whole) * steps
            step = min(int(place), steps - 1)
            have = gathered[step] + (place - step) * (gathered[step + 1] - gathered[step])
            wanted = have + draws[member, index]
            periods = np.floor(wanted / gathered[steps])
            left = wanted - periods * gathered[steps]
            step = min(max(np.searchsorted(gathered, left) - 1, 0), steps - 1)
            width = gathered[step + 1] - gathered[step]
            share = min((left - gathered[step]) / width, 1.0) if width > 0.0 else 1.0
            # Rounding must not take it back in time.
            time = max(whole + periods + (step + share) / steps, time)
            if time >= end:
                break
            state = 1 - state
            found[member, index] = time
        times[member], states[member] = time, state
