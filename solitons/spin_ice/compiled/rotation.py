"""Compiled: moments that rotate to rest in each of a list of fields, the way that damping goes.

Two ways of going on take turns. Damping in short times, all moments at once, since of two islands that could fall the
faster one may hold the other. Where all have become slow, each moment takes in its turn a step of Newton's method in
its own angle, in the field of all others as they are now. A moment that has just become unstable, which damping
would take very long to turn, gets longer times then, the same for all such moments; once one of them has gone far,
damping goes on.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["drive"]

# rad: of a step of Newton's method, and of how far moments go by it from where they were last at rest or slow.
_LARGEST_TURN = 0.01
_FAR = 0.05
# Over h_k: of a torque at rest, of one that is slow, and of one that counts while others fall.
_RESTING = 1e-6
_SLOW = 5e-3
_QUIET = 1e-4
# Of a step of damping, over one by the largest h_k.
_TIME = 0.1
_MOST_SWEEPS = 1_000_000
# rad; what a moment at the top of a barrier, which nothing turns, is turned by.
_KICK = 1e-3
# While moments fall, all of them are looked at once in so many sweeps, between them those that move.
_ALL = 5


# Flips an island in one field, more than which are no reversal.
_MOST_FLIPS = 100


@njit(cache=True)
def drive(turn, applied, scale, harmonics, first, neighbour, tensor, axis, turns, counts):
    """Take moments through fields, in each of them to rest.

    `turn` (islands) from their axes in rad is changed in place; `applied` (steps, 2) is in A/m. `turns` (steps,
    islands) and `counts` (steps) of flips are filled. Returns the islands that flip, in order, and the step in which
    they do not come to rest, or the number of steps.
    """
    buffer = np.empty(_MOST_FLIPS * max(turn.size, 1), dtype=np.int32)
    flips, total = np.empty(4 * turn.size + 16, dtype=np.int32), 0
    for step in range(len(applied)):
        # Summed again in each field, so that rounding does not add up.
        local = _coupling_fields(turn, first, neighbour, tensor, axis)
        local += applied[step]
        count, resting = _rest(turn, local, scale, harmonics, first, neighbour, tensor, axis, buffer)
        if not resting:
            return flips[:total], step
        if total + count > flips.size:
            longer = np.empty(2 * (total + count), dtype=np.int32)
            longer[:total] = flips[:total]
            flips = longer
        flips[total : total + count] = buffer[:count]
        total += count
        counts[step] = count
        turns[step] = turn
    return flips[:total], len(applied)


@njit(cache=True)
def _coupling_fields(turn, first, neighbour, tensor, axis):
    """Fields of all others at every island, (islands, 2), in A/m."""
    local = np.zeros((turn.size, 2))
    for island in range(turn.size):
        cosine, sine = np.cos(turn[island]), np.sin(turn[island])
        x = cosine * axis[island, 0] - sine * axis[island, 1]
        y = cosine * axis[island, 1] + sine * axis[island, 0]
        for entry in range(first[island], first[island + 1]):
            other = neighbour[entry]
            local[other, 0] += tensor[entry, 0] * x + tensor[entry, 1] * y
            local[other, 1] += tensor[entry, 1] * x + tensor[entry, 2] * y
    return local


@njit(cache=True)
def _rest(turn, local, scale, harmonics, first, neighbour, tensor, axis, flips):
    """Turn moments until all rest.

    `turn` (islands) from their axes in rad and `local` (islands, 2), the field at each island in A/m, are
    changed in place. Into `flips` go islands as they cross 90 degrees to their axes. Returns how many did, and
    whether the state is at rest; it is not where `flips` is full, or after very many sweeps.
    """
    count = 0
    reference = turn.copy()
    time = _TIME / scale.max()
    falling, pace = True, 0.0
    moving, size = np.arange(turn.size), turn.size
    for sweep in range(_MOST_SWEEPS):
        fastest, far, moved = 0.0, False, False
        everyone = not falling or sweep % _ALL == 0
        looked_at, size = (turn.size, 0) if everyone else (size, size)
        for place in range(looked_at):
            island = place if everyone else moving[place]
            a, b = axis[island, 0], axis[island, 1]
            along = local[island, 0] * a + local[island, 1] * b
            across = local[island, 1] * a - local[island, 0] * b
            cosine, sine = np.cos(turn[island]), np.sin(turn[island])
            # sin and cos of multiples of twice the angle, from those before.
            double_sine, double_cosine = 2 * sine * cosine, cosine * cosine - sine * sine
            multiple_sine, multiple_cosine = double_sine, double_cosine
            torque, stiffness = 0.0, 0.0
            for order in range(harmonics.size):
                torque += harmonics[order] * multiple_sine
                stiffness += 2 * (order + 1) * harmonics[order] * multiple_cosine
                multiple_sine, multiple_cosine = (
                    multiple_sine * double_cosine + multiple_cosine * double_sine,
                    multiple_cosine * double_cosine - multiple_sine * double_sine,
                )
            slope = scale[island] * torque + along * sine - across * cosine
            if falling:
                fastest = max(fastest, abs(slope) / scale[island])
                if everyone:
                    if abs(slope) <= _QUIET * scale[island]:
                        continue
                    moving[size] = island
                    size += 1
                change = -slope * time
            else:
                curvature = scale[island] * stiffness + along * cosine + across * sine
                if curvature > 0 and abs(slope) <= _RESTING * scale[island]:
                    continue
                if curvature > 0 and abs(slope) < _LARGEST_TURN * curvature:
                    change = -slope / curvature
                elif abs(slope) > _RESTING * scale[island]:
                    fastest = max(fastest, abs(slope))
                    change = -slope * min(pace, 2 * _LARGEST_TURN / abs(slope))
                else:
                    change = _KICK
            moved = True
            turn[island] += change
            far = far or abs(turn[island] - reference[island]) > _FAR
            new_cosine, new_sine = np.cos(turn[island]), np.sin(turn[island])
            by_along, by_across = new_cosine - cosine, new_sine - sine
            x, y = by_along * a - by_across * b, by_along * b + by_across * a
            for entry in range(first[island], first[island + 1]):
                other = neighbour[entry]
                local[other, 0] += tensor[entry, 0] * x + tensor[entry, 1] * y
                local[other, 1] += tensor[entry, 1] * x + tensor[entry, 2] * y
            if (cosine < 0) != (new_cosine < 0):
                flips[count] = island
                count += 1
                if count == flips.size:
                    return count, False
        if falling:
            if everyone and fastest < _SLOW:
                falling = False
                reference[:] = turn
                pace = _LARGEST_TURN / (_SLOW * scale.max())
        elif far:
            falling = True
        elif not moved:
            return count, True
        elif fastest > 0:
            pace = _LARGEST_TURN / fastest
    return count, False
