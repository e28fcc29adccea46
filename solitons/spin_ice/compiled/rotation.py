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
# Time of a step of damping, over one by the largest h_k.
_TIME = 0.1
_MOST_SWEEPS = 1_000_000
# rad; what a moment at the top of a barrier, which nothing turns, is turned by.
_KICK = 1e-3
# While moments fall, all of them are looked at once in so many sweeps, between them those that move.
_ALL = 5


# Flips an island in one field, more than which are no reversal.
_MOST_FLIPS = 100


@njit(cache=True)
def drive(
    turn, applied, scale, torques, mean, far, far_neighbour, tensor, near, near_neighbour, overlap, turns, counts
):
    """Take moments through fields, in each of them to rest.

    `turn` (islands) from their axes in rad is changed in place; `applied` (steps, 2) is in A/m. `torques` (islands,
    orders) in A/m and `mean` (islands, modes, 2) are as of `IslandTextures`, `tensor` (pairs, 3) of far and `overlap`
    (pairs, modes, modes) of near neighbours in A/m. `turns` (steps, islands) and `counts` (steps) of flips are filled.
    Returns the islands that flip, in order, and the step in which they do not come to rest, or the number of steps.
    """
    buffer = np.empty(_MOST_FLIPS * max(turn.size, 1), dtype=np.int32)
    flips, total = np.empty(4 * turn.size + 16, dtype=np.int32), 0
    for step in range(len(applied)):
        # Summed again in each field, so that rounding does not add up.
        local, modal = _coupling_fields(turn, mean, far, far_neighbour, tensor, near, near_neighbour, overlap)
        local += applied[step]
        count, resting = _rest(
            turn, local, modal, scale, torques, mean, far, far_neighbour, tensor, near, near_neighbour, overlap, buffer
        )
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
def _coupling_fields(turn, mean, far, far_neighbour, tensor, near, near_neighbour, overlap):
    """Fields of all others at every island in A/m: of far ones, (islands, 2), and of near ones on each mode."""
    modes = mean.shape[1]
    local, modal, now = np.zeros((turn.size, 2)), np.zeros((turn.size, modes)), np.empty(modes)
    for island in range(turn.size):
        x, y = 0.0, 0.0
        for mode in range(modes):
            angle = (mode // 2 * 2 + 1) * turn[island]
            now[mode] = np.cos(angle) if mode % 2 == 0 else np.sin(angle)
            x += now[mode] * mean[island, mode, 0]
            y += now[mode] * mean[island, mode, 1]
        for entry in range(far[island], far[island + 1]):
            other = far_neighbour[entry]
            local[other, 0] += tensor[entry, 0] * x + tensor[entry, 1] * y
            local[other, 1] += tensor[entry, 1] * x + tensor[entry, 2] * y
        for entry in range(near[island], near[island + 1]):
            other = near_neighbour[entry]
            for mode in range(modes):
                for source in range(modes):
                    modal[other, mode] += overlap[entry, mode, source] * now[source]
    return local, modal


@njit(cache=True)
def _rest(turn, local, modal, scale, torques, mean, far, far_neighbour, tensor, near, near_neighbour, overlap, flips):
    """Turn moments until all rest.

    `turn` (islands) from their axes in rad, `local` (islands, 2) and `modal` (islands, modes), the fields at each
    island in A/m, are changed in place. Into `flips` go islands as they cross 90 degrees to their axes. Returns how
    many did, and whether the state is at rest; it is not where `flips` is full, or after very many sweeps.
    """
    count = 0
    reference = turn.copy()
    time = _TIME / scale.max()
    falling, pace = True, 0.0
    moving, size = np.arange(turn.size), turn.size
    modes = mean.shape[1]
    change_of = np.empty(modes)
    for sweep in range(_MOST_SWEEPS):
        fastest, far_off, moved = 0.0, False, False
        everyone = not falling or sweep % _ALL == 0
        looked_at, size = (turn.size, 0) if everyone else (size, size)
        for place in range(looked_at):
            island = place if everyone else moving[place]
            cosine, sine = np.cos(turn[island]), np.sin(turn[island])
            # sin and cos of multiples of twice the angle, from those before.
            double_sine, double_cosine = 2 * sine * cosine, cosine * cosine - sine * sine
            multiple_sine, multiple_cosine = double_sine, double_cosine
            slope, curvature = 0.0, 0.0
            for order in range(0, torques.shape[1], 2):
                on_sine, on_cosine = torques[island, order], torques[island, order + 1]
                slope += on_sine * multiple_sine + on_cosine * multiple_cosine
                curvature += (order + 2) * (on_sine * multiple_cosine - on_cosine * multiple_sine)
                multiple_sine, multiple_cosine = (
                    multiple_sine * double_cosine + multiple_cosine * double_sine,
                    multiple_cosine * double_cosine - multiple_sine * double_sine,
                )
            # And of odd multiples of the angle, the modes.
            multiple_sine, multiple_cosine = sine, cosine
            for mode in range(0, modes, 2):
                on_cosine = (
                    modal[island, mode] + local[island, 0] * mean[island, mode, 0]
                    + local[island, 1] * mean[island, mode, 1]
                )  # fmt: skip
                on_sine = (
                    modal[island, mode + 1] + local[island, 0] * mean[island, mode + 1, 0]
                    + local[island, 1] * mean[island, mode + 1, 1]
                )  # fmt: skip
                slope += (mode + 1) * (on_cosine * multiple_sine - on_sine * multiple_cosine)
                curvature += (mode + 1) ** 2 * (on_cosine * multiple_cosine + on_sine * multiple_sine)
                change_of[mode], change_of[mode + 1] = -multiple_cosine, -multiple_sine
                multiple_sine, multiple_cosine = (
                    multiple_sine * double_cosine + multiple_cosine * double_sine,
                    multiple_cosine * double_cosine - multiple_sine * double_sine,
                )
            if falling:
                fastest = max(fastest, abs(slope) / scale[island])
                if everyone:
                    if abs(slope) <= _QUIET * scale[island]:
                        continue
                    moving[size] = island
                    size += 1
                change = -slope * time
            elif curvature > 0 and abs(slope) <= _RESTING * scale[island]:
                continue
            elif curvature > 0 and abs(slope) < _LARGEST_TURN * curvature:
                change = -slope / curvature
            elif abs(slope) > _RESTING * scale[island]:
                fastest = max(fastest, abs(slope))
                change = -slope * min(pace, 2 * _LARGEST_TURN / abs(slope))
            else:
                change = _KICK
            moved = True
            turn[island] += change
            far_off = far_off or abs(turn[island] - reference[island]) > _FAR
            new_cosine, new_sine = np.cos(turn[island]), np.sin(turn[island])
            double_sine, double_cosine = 2 * new_sine * new_cosine, new_cosine * new_cosine - new_sine * new_sine
            multiple_sine, multiple_cosine = new_sine, new_cosine
            x, y = 0.0, 0.0
            for mode in range(0, modes, 2):
                change_of[mode] += multiple_cosine
                change_of[mode + 1] += multiple_sine
                x += change_of[mode] * mean[island, mode, 0] + change_of[mode + 1] * mean[island, mode + 1, 0]
                y += change_of[mode] * mean[island, mode, 1] + change_of[mode + 1] * mean[island, mode + 1, 1]
                multiple_sine, multiple_cosine = (
                    multiple_sine * double_cosine + multiple_cosine * double_sine,
                    multiple_cosine * double_cosine - multiple_sine * double_sine,
                )
            for entry in range(far[island], far[island + 1]):
                other = far_neighbour[entry]
                local[other, 0] += tensor[entry, 0] * x + tensor[entry, 1] * y
                local[other, 1] += tensor[entry, 1] * x + tensor[entry, 2] * y
            for entry in range(near[island], near[island + 1]):
                other = near_neighbour[entry]
                for mode in range(modes):
                    total = 0.0
                    for source in range(modes):
                        total += overlap[entry, mode, source] * change_of[source]
                    modal[other, mode] += total
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
        elif far_off:
            falling = True
        elif not moved:
            return count, True
        elif fastest > 0:
            pace = _LARGEST_TURN / fastest
    return count, False
