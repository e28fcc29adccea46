"""Compiled: islands that turn around one after another, the most unstable first.

`state` holds for every island, in one row so that one cache line has it all,

    0  field along the axis over b h_k, positive against the moment
    1  field across the axis over c h_k
    2  -s / (b h_k), which takes a field along the axis into column 0
    3  1 / (c h_k), which takes a field across the axis into column 1
    4  up to which column 0 and
    5  up to which the size of column 1 the island need not be looked at

A held island has -1, 0, 0, 0 in the first four and so never turns.

How unstable an island is takes two powers, which would cost more than all else, since a
flip changes hundreds of neighbours. Two tables bound the powers from above. Where the sum
somewhat further out puts an island inside its astroid, as nearly always, columns 4 and 5 are
that place; else the island goes by the bound there into a binary heap, and is left in its place
there until its fields pass it. The one at the top is worked out exactly, and turns if its value is
not below the next bound; if it is, it sinks to its place. The tables, the distance and stale
bounds so change the cost and no result.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["advance", "power_bounds", "settle"]

# Steps of the tables a unit of reduced field, and how far they reach; beyond, the bound is infinite.
_FINENESS = 2048
_REACH = 2
# Steps of the tables by which fields may grow before an island is looked at again: more of them leave fewer looks and
# more exact values. numba does not see a change of these numbers from `batches`; its cache must be deleted then.
_SLACK = 4


def power_bounds(exponent: float, *, negative: float) -> npt.NDArray[Any]:
    """Upper bounds of x^exponent for x in each step of [0, 2).

    Before them stands the value for negative x; the last, for all x beyond, is infinite.
    """
    right_edge = np.arange(1, _REACH * _FINENESS + 1) / _FINENESS
    return np.concatenate(([negative], right_edge**exponent * (1 + 1e-12), np.full(_SLACK + 1, np.inf)))


@njit(cache=True)
def _before(key, first, second):
    """Whether an island stands before another; the lower number where both keys are the same."""
    return key[first] > key[second] or (key[first] == key[second] and first < second)


@njit(cache=True)
def _rise(heap, place, key, position):
    island = heap[position]
    while position > 0:
        parent = (position - 1) // 2
        if not _before(key, island, heap[parent]):
            break
        heap[position] = heap[parent]
        place[heap[position]] = position
        position = parent
    heap[position] = island
    place[island] = position


@njit(cache=True)
def _sink(heap, place, key, size):
    """Move the top down to its place; True if it is still the top."""
    island, position = heap[0], 0
    while True:
        child = 2 * position + 1
        if child >= size:
            break
        if child + 1 < size and _before(key, heap[child + 1], heap[child]):
            child += 1
        if not _before(key, heap[child], island):
            break
        heap[position] = heap[child]
        place[heap[position]] = position
        position = child
    heap[position] = island
    place[island] = position
    return position == 0


@njit(cache=True)
def _take_top(heap, place, key, size):
    place[heap[0]] = -1
    size -= 1
    if size > 0:
        heap[0] = heap[size]
        _sink(heap, place, key, size)
    return size


@njit(cache=True)
def _lift(island, bound, heap, place, key, size):
    """Put an island into the heap, or lift it in there to a higher bound."""
    if place[island] < 0:
        key[island] = bound
        heap[size] = island
        size += 1
        _rise(heap, place, key, size - 1)
    else:
        key[island] = bound
        _rise(heap, place, key, place[island])
    return size


@njit(cache=True)
def advance(state, projections, change_x, change_y):
    """Add a change of the applied field, in A/m, to every island's state.

    `projections` (island, 4) are as in `MacrospinLattice`.
    """
    for island in range(state.shape[0]):
        along = change_x * projections[island, 0] + change_y * projections[island, 1]
        across = change_x * projections[island, 2] + change_y * projections[island, 3]
        state[island, 0] += along * state[island, 2]
        state[island, 1] += across * state[island, 3]


@njit(cache=True)
def settle(spins, state, powers, bounds, first, neighbour, along, across, heap, place, key, flips):
    """Turn islands around until none is unstable, or `flips` is full.

    `powers` and `bounds` are pairs, for the fields along and across. `heap`, `place` (all
    -1) and `key` are work space of one entry an island. Returns how many turned, and whether
    that is all: if not, call it again.
    """
    along_power, across_power = powers
    along_bounds, across_bounds = bounds
    last = _REACH * _FINENESS + 1.0
    flat, columns = state.reshape(-1), np.uint64(state.shape[1])
    number, size, count = state.shape[0], 0, 0
    longest = number
    for island in range(number):
        longest = max(longest, first[island + 1] - first[island] + 1)
    changed = np.arange(longest)
    while True:
        for position in range(number):
            other = changed[position]
            along_step = np.uint32(min(max(state[other, 0] * _FINENESS + 1.0, 0.0), last))
            across_step = np.uint32(min(abs(state[other, 1]) * _FINENESS + 1.0, last))
            slack = np.uint32(_SLACK)
            bound = along_bounds[along_step + slack] + across_bounds[across_step + slack]
            if bound > 1.0:
                if along_bounds[along_step] + across_bounds[across_step] <= 1.0:
                    slack = np.uint32(0)
                elif place[other] < 0 or bound > key[other]:
                    size = _lift(other, bound, heap, place, key, size)
            state[other, 4] = (along_step + slack) / _FINENESS
            state[other, 5] = (across_step + slack) / _FINENESS
        island = -1
        while size > 0:
            island = heap[0]
            against, beside = state[island, 0], abs(state[island, 1])
            # A negative number to such a power is not a number, which is not above 1 either.
            exact = against**along_power + beside**across_power
            if against > 0.0 and exact > 1.0:
                key[island] = exact
                if _sink(heap, place, key, size):
                    break
                state[island, 4], state[island, 5] = against, beside
            else:
                size = _take_top(heap, place, key, size)
                state[island, 4] = -np.inf
        if size == 0 or count == flips.size:
            break
        size = _take_top(heap, place, key, size)
        spins[island] = -spins[island]
        state[island, 0] = -state[island, 0]
        state[island, 2] = -state[island, 2]
        state[island, 4] = -np.inf
        flips[count] = island
        count += 1
        change = 2.0 * spins[island]
        number = 0
        # Without a branch, and with unsigned indices, of which none is looked at whether it counts from the end.
        for entry in range(np.uint64(first[island]), np.uint64(first[island + 1])):
            other = np.uint64(neighbour[entry])
            row = other * columns
            opposed = flat[row] + change * along[entry] * flat[row + np.uint64(2)]
            transverse = flat[row + np.uint64(1)] + change * across[entry] * flat[row + np.uint64(3)]
            flat[row] = opposed
            flat[row + np.uint64(1)] = transverse
            changed[np.uint64(number)] = other
            number += (opposed > flat[row + np.uint64(4)]) | (abs(transverse) > flat[row + np.uint64(5)])
    done = size == 0
    for position in range(size):
        place[heap[position]] = -1
    return count, done
