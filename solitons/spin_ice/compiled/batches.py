"""Compiled: many sequences of applied fields, each through a lattice of its own start."""

from __future__ import annotations

import numpy as np
from numba import njit

from solitons.spin_ice.compiled.reversal import advance, settle

__all__ = ["settle_all"]


@njit(cache=True)
def settle_all(
    spins, state, projections, field, most_flips, powers, bounds, first, neighbour, along, across, kept, states, flips
):
    """Take each lattice through its fields; the sequence that flips without end, or -1.

    `spins` (sequence, island) and `state` (sequence, island, 6) are changed. `kept` is after
    which steps the spins are copied into `states` (sequence, kept, island); `flips` (sequence,
    step) is filled with how many islands turned.
    """
    islands = spins.shape[1]
    heap, place = np.empty(islands, dtype=np.int64), np.full(islands, -1, dtype=np.int64)
    key, buffer = np.zeros(islands), np.empty(islands, dtype=np.int32)
    for sequence in range(spins.shape[0]):
        before_x, before_y, row = 0.0, 0.0, 0
        for step in range(field.shape[1]):
            x, y = field[sequence, step, 0], field[sequence, step, 1]
            advance(state[sequence], projections, x - before_x, y - before_y)
            before_x, before_y = x, y
            done = False
            while not done:
                count, done = settle(
                    spins[sequence],
                    state[sequence],
                    powers,
                    bounds,
                    first,
                    neighbour,
                    along,
                    across,
                    heap,
                    place,
                    key,
                    buffer,
                )
                flips[sequence, step] += count
                if flips[sequence, step] > most_flips:
                    return sequence
            if kept[step]:
                states[sequence, row] = spins[sequence]
                row += 1
    return -1
