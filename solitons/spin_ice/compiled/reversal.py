"""Compiled: islands that turn around one after another, the most unstable first.

`state` holds for every island, in one row so that one cache line has it all,

    0  field along the axis over b h_k, positive against the moment
    1  field across the axis over c h_k
    2  -s / (b h_k), which takes a field along the axis into column 0
    3  1 / (c h_k), which takes a field across the axis into column 1

A held island has -1, 0, 0, 0 and so never turns.

How unstable an island is takes two powers, which would cost more than all else, since a
flip changes hundreds of neighbours. Two tables bound the powers from above: where the
sum puts an island inside its astroid, as nearly always, it is; else the island
goes by that bound into a binary heap. A bound that falls is left as it is. The one at the
top is worked out exactly, and turns if its value is not below the next bound; if it is, it
sinks to its place. The tables and stale bounds so change the cost and no result.
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


def power_bounds(exponent: float, *, negative: float) -> npt.NDArray[Any]:
    """Upper bounds of x^exponent for x in each step of [0, 2).

    Before them stands the value for negative x; the last, for all x beyond, is infinite.
    """
    right_edge = np.arange(1, _REACH * _FINENESS + 1) / _FINENESS
    return np.concatenate(([negative], right_edge**exponent * (1 + 1e-12), [np.inf]))


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
    size = 0
    for island in range(state.shape[0]):
        opposed = state[island, 0]
        along_step = np.int32(min(max(opposed * _FINENESS + 1.0, 0.0), last))
        across_step = np.int32(min(abs(state[island, 1]) * _FINENESS + 1.0, last))
        bound = along_bounds[np.uint32(along_step)] + across_bounds[np.uint32(across_step)]
        if bound > 1.0:
            size = _lift(island, bound, heap, place, key, size)
    count = 0
    while size > 0 and count < flips.size:
        island = heap[0]
        against = state[island, 0]
        # A negative number to such a power is not a number, which is not above 1 either.
        exact = against**along_power + abs(state[island, 1]) ** across_power
        if not (against > 0.0 and exact > 1.0):
            size = _take_top(heap, place, key, size)
            continue
        key[island] = exact
        if not _sink(heap, place, key, size):
            continue
        size = _take_top(heap, place, key, size)
        spins[island] = -spins[island]
        state[island, 0] = -state[island, 0]
        state[island, 2] = -state[island, 2]
        flips[count] = island
        count += 1
        change = 2.0 * spins[island]
        for entry in range(first[island], first[island + 1]):
            other = neighbour[entry]
            opposed = state[other, 0] + change * along[entry] * state[other, 2]
            transverse = state[other, 1] + change * across[entry] * state[other, 3]
            state[other, 0] = opposed
            state[other, 1] = transverse
            along_step = np.int32(min(max(opposed * _FINENESS + 1.0, 0.0), last))
            across_step = np.int32(min(abs(transverse) * _FINENESS + 1.0, last))
            bound = along_bounds[np.uint32(along_step)] + across_bounds[np.uint32(across_step)]
            if bound > 1.0 and (place[other] < 0 or bound > key[other]):
                size = _lift(other, bound, heap, place, key, size)
    done = size == 0
    for position in range(size):
        place[heap[position]] = -1
    return count, done
