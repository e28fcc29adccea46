"""Link walls over frames: NumPy arrays in and out.

Walls along a stripe cannot pass each other and alternate in polarity, so that
linking two frames is an alignment of two short sequences.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["ends_of_walls", "link"]


def link(
    frame: npt.ArrayLike, position: npt.ArrayLike, polarity: npt.ArrayLike, max_displacement: float
) -> npt.NDArray[np.int64]:
    """Give the walls of successive frames their identity (n,): 0, 1, ... in the order of birth, and along x.

    Two frames are linked so that the walls keep their order and their polarity, none moves further than
    `max_displacement`, and the sum over the linked walls of their displacement, plus `max_displacement` / 2 for every
    wall left over in either frame, is least. A wall left over in the later frame is born, one left over in the earlier
    frame has gone; a wall that is missing for a frame and comes back is another wall. `frame` rises, `position` rises
    within a frame, in the unit of `max_displacement`, and `polarity` is +1 or -1.
    """
    frames, positions, polarities = np.asarray(frame), np.asarray(position, dtype=float), np.asarray(polarity)
    identity = np.empty(frames.size, dtype=np.int64)
    if not frames.size:
        return identity
    starts = np.flatnonzero(np.diff(frames, prepend=frames[0] - 1))
    stops = np.append(starts[1:], frames.size)
    born = 0
    earlier = slice(0, 0)
    for start, stop in zip(starts, stops, strict=True):
        later = slice(int(start), int(stop))
        follows = earlier.stop > earlier.start and frames[start] == frames[earlier.start] + 1
        before = earlier if follows else slice(0, 0)
        partner = _align(positions[before], polarities[before], positions[later], polarities[later], max_displacement)
        is_new = partner < 0
        identity[later][is_new] = born + np.arange(is_new.sum())
        identity[later][~is_new] = identity[earlier][partner[~is_new]]
        born += int(is_new.sum())
        earlier = later
    return identity


def _align(
    position: npt.NDArray[np.float64],
    polarity: npt.NDArray[np.int8],
    next_position: npt.NDArray[np.float64],
    next_polarity: npt.NDArray[np.int8],
    max_displacement: float,
) -> npt.NDArray[np.int64]:
    """For each wall of the next frame its index in this one, or -1."""
    count, next_count = position.size, next_position.size
    # Any other alignment leaves a wall over in each frame, which costs max_displacement: no need to search.
    if (
        count == next_count
        and np.array_equal(polarity, next_polarity)
        and np.abs(next_position - position).sum() <= max_displacement
    ):
        return np.arange(count)
    left_over = max_displacement / 2
    displacement = np.abs(next_position[np.newaxis, :] - position[:, np.newaxis])
    allowed = (polarity[:, np.newaxis] == next_polarity) & (displacement <= max_displacement)
    matched = np.where(allowed, displacement, np.inf)
    cost = np.empty((count + 1, next_count + 1))
    cost[:, 0] = left_over * np.arange(count + 1)
    cost[0, :] = left_over * np.arange(next_count + 1)
    for i in range(1, count + 1):
        for j in range(1, next_count + 1):
            both = cost[i - 1, j - 1] + matched[i - 1, j - 1]
            cost[i, j] = min(both, cost[i - 1, j] + left_over, cost[i, j - 1] + left_over)
    partner = np.full(next_count, -1)
    i, j = count, next_count
    while i and j:
        if cost[i, j] == cost[i - 1, j - 1] + matched[i - 1, j - 1]:
            i, j = i - 1, j - 1
            partner[j] = i
        elif cost[i, j] == cost[i - 1, j] + left_over:
            i -= 1
        else:
            j -= 1
    return partner


def ends_of_walls(
    frame: npt.NDArray[np.int64],
    position: npt.NDArray[np.float64],
    identity: npt.NDArray[np.int64],
    ends: tuple[float, float],
    max_displacement: float,
    at: str,
    window: npt.NDArray[np.float64] | None = None,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.str_]]:
    """Tell in which frame each wall was first or last seen (`at` is "first" or "last"), and at what it came or went.

    A wall that comes or goes does so at the nearest of the "left end", the "right end", and a neighbour that comes or
    goes with it in the same frame ("pair", at half their distance). What lies further than `max_displacement` explains
    nothing: the place is then "unknown". The first arguments are sorted as in `link`, `ends` are the positions of the
    magnet's ends, and `window` (frames,) is how far they have moved in each frame, where they do.
    """
    count = int(identity.max()) + 1 if identity.size else 0
    order = slice(None, None, -1) if at == "first" else slice(None)
    index = np.zeros(count, dtype=np.int64)
    index[identity[order]] = np.arange(identity.size)[order]
    frames = frame[index]
    places = np.full(count, "unknown", dtype="<U9")
    is_edge = np.zeros(identity.size + 2, dtype=bool)
    is_edge[index + 1] = True
    padded_frame = np.concatenate([[-1], frame, [-1]])
    padded_position = np.concatenate([[np.nan], position, [np.nan]])
    moved = np.zeros(count) if window is None else window[frames]
    for wall, row in enumerate(index + 1):
        distances = [abs(padded_position[row] - end - moved[wall]) for end in ends]
        for neighbour in (row - 1, row + 1):
            together = is_edge[neighbour] and padded_frame[neighbour] == padded_frame[row]
            gap = abs(padded_position[neighbour] - padded_position[row])
            distances.append(gap / 2 if together else np.inf)
        nearest = int(np.argmin(distances))
        if distances[nearest] <= max_displacement:
            places[wall] = ("left end", "right end", "pair", "pair")[nearest]
    return frames, places
