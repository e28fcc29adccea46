"""Join flips into avalanches: NumPy arrays in and out.

Flips are numbered in their record's order, in which no time falls. Two islands are
neighbours if they share a vertex, and every island is a neighbour of itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["Neighbours", "depths", "islands_of_groups", "join_flips", "neighbours_by_vertex"]

Integers = npt.NDArray[np.int64]

_BLOCK = 200_000  # flips that are looked at together: what bounds the memory


class Neighbours(NamedTuple):
    """The neighbours of island i, itself among them, are `island[first[i]:first[i + 1]]`."""

    first: Integers
    island: Integers


def neighbours_by_vertex(island_vertex: npt.NDArray[np.integer], vertices: int) -> Neighbours:
    """Find which islands share a vertex, from the vertices (islands, 2) at their two ends, -1 where there is none."""
    number = len(island_vertex)
    row, end = np.nonzero(island_vertex >= 0)
    at = scipy.sparse.csr_array(
        (np.ones(len(row), dtype=np.int8), (row, island_vertex[row, end])), shape=(number, vertices)
    )
    together = scipy.sparse.csr_array(at @ at.T + scipy.sparse.eye_array(number, dtype=np.int8, format="csr"))
    together.sort_indices()
    return Neighbours(together.indptr.astype(np.int64), together.indices.astype(np.int64))


def join_flips(
    island: Integers, time: npt.NDArray[np.generic], window: float, neighbours: Neighbours, sequential: bool
) -> tuple[Integers, Integers]:
    """Join flips of neighbouring islands that are at most a window apart in time, which never falls.

    Only the last of a neighbour's flips in the window matters: the others are joined to it, the island being its own
    neighbour. `sequential` is whether flips of the same time came one after another, as they are numbered. Gives the
    avalanche of each flip (flips,), 0, 1, ... in the order of their first flips, and its trigger: the last flip on a
    neighbour before this one within the window, -1 where there is none; of several at the same time the first.
    """
    flips = len(island)
    if not flips:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    times, rank = np.unique(time, return_inverse=True)
    # A rounding of the difference of two times must not part flips that are a window apart.
    earliest = np.searchsorted(times, times - window * (1 + 1e-9), side="left")[rank]
    order = np.arange(flips) if sequential else rank
    key = island * flips + order
    arranged = np.argsort(key, kind="stable")
    sorted_key, trigger, pairs = key[arranged], np.full(flips, -1, dtype=np.int64), []
    # The first of an island's flips at one time counts.
    begins = np.diff(sorted_key, prepend=-1) > 0
    first = arranged[np.maximum.accumulate(np.where(begins, np.arange(flips), 0))]
    for low in range(0, flips, _BLOCK):
        block = np.arange(low, min(low + _BLOCK, flips))
        start, count = neighbours.first[island[block]], np.diff(neighbours.first)[island[block]]
        opens = np.cumsum(count) - count
        flip = np.repeat(block, count)
        neighbour = neighbours.island[np.arange(len(flip)) + np.repeat(start - opens, count)]
        wanted = neighbour * flips + order[flip]
        before = _last(np.searchsorted(sorted_key, wanted, side="left"), first, island, neighbour)
        before[rank[before] < earliest[flip]] = -1
        latest = np.maximum.reduceat(np.where(before < 0, -1, order[before] * flips + flips - 1 - before), opens)
        trigger[block] = np.where(latest < 0, -1, flips - 1 - latest % flips)
        pairs.append(np.stack([flip, before])[:, before >= 0])
        if not sequential:
            together = _last(np.searchsorted(sorted_key, wanted, side="right"), arranged, island, neighbour)
            same = (together >= 0) & (rank[together] == rank[flip]) & (together != flip)
            pairs.append(np.stack([flip, together])[:, same])
    one, other = np.concatenate(pairs, axis=1)
    graph = scipy.sparse.coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(flips, flips))
    _, label = scipy.sparse.csgraph.connected_components(graph, directed=False)
    _, opening, number = np.unique(label, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(opening))[number], trigger


def depths(trigger: Integers) -> Integers:
    """Count the triggers before each flip: its generation; `trigger` is the flip that triggered each, -1 for none."""
    ancestor, depth = trigger.copy(), (trigger >= 0).astype(np.int64)
    # Each round looks twice as far back.
    while (ancestor >= 0).any():
        has = np.flatnonzero(ancestor >= 0)
        back = ancestor[has]
        depth[has] += depth[back]
        ancestor[has] = ancestor[back]
    return depth


def islands_of_groups(group: Integers, island: Integers) -> tuple[Integers, Integers]:
    """List each island of each group once, from group and island of each flip: groups, rising, and islands."""
    islands = int(island.max(initial=0)) + 1
    pairs = np.unique(group * islands + island)
    return pairs // islands, pairs % islands


def _last(stop: Integers, arranged: Integers, island: Integers, wanted: Integers) -> Integers:
    """The flip before `stop` in the arranged ones, if it is of the island that is wanted."""
    found = arranged[stop - 1]
    return np.where((stop > 0) & (island[found] == wanted), found, -1)
