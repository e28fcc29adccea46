"""Link skyrmions over frames by assignment: NumPy arrays in and out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["Hiding", "Motion", "estimate_motion", "link"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Costs in units of the cost of a displacement as long as the reach. A link is never made where an end and a birth cost
# less: two times _LEFT_OVER.
_LEFT_OVER = 0.5
_OTHER_CHARGE = 0.6
_OTHER_SIZE = 0.1
# The reach over the longest displacement that is beyond doubt.
_REACH = 1.5
# Over the median of the ways between two frames: a longer one may lead from one that has gone to one that is new.
_UNUSUAL = 3.0


@dataclass(frozen=True)
class Motion:
    """How skyrmions of a run move from frame to frame.

    `persistence` is the part of a step that the next one repeats, from 0 (diffusion, rest) to 1 (a steady drift);
    `reach` the farthest in m from the expected place at which one is looked for in the next frame; `first_reach` the
    same of one whose last step is not known, because it is new, at least `reach`.
    """

    persistence: float
    reach: float
    first_reach: float = 0.0


@dataclass(frozen=True)
class Hiding:
    """Lines m_z = 0 that end at an edge: a skyrmion that has come upon one is in no closed line.

    Each has its frame, its middle `position` (n, 2) in m, and as `radius` half of its length in m.
    """

    frame: IntArray
    position: FloatArray
    radius: FloatArray


def link(
    frame: IntArray,
    position: FloatArray,
    charge: FloatArray,
    radius: FloatArray,
    motion: Motion,
    *,
    memory: int = 0,
    hiding: Hiding | None = None,
) -> IntArray:
    r"""Give the skyrmions of successive frames their identity (n,): 0, 1, ... in the order of birth.

    In each frame those that are there are assigned to those known so far, so that the sum of costs is least [1]_: a
    link costs

    .. math:: \frac{|\mathbf{r} - \mathbf{r}_e|^2}{d^2} + 0.6\,[Q \ne Q'] + 0.1\,\ln^2\frac{R}{R'},

    d the reach and r_e the expected place: the last one, plus the persistence times the last step for each of the
    frames since then. One that is left over in either frame costs 1/2, so that nothing is linked farther than the
    reach. One that is missing is remembered for `memory` frames, but only where something can hide it: another one
    whose outline would overlap with its own at the expected place, or a domain at an edge (`hiding`). `frame` rises,
    `position` (n, 2) and `radius` are in m, and `charge` is the topological charge.

    .. [1] K. Jaqaman et al., Nature Methods 5, 695 (2008), for linking by assignment with costs of birth and death.
    """
    identity = np.full(frame.size, -1, dtype=np.int64)
    last = np.empty(0, dtype=np.int64)  # the row in which each known one was last seen
    step = np.empty((0, 2))  # its last displacement, over one frame
    born = 0
    by_frame = _rows_of_frames(frame)
    for now in range(int(frame[0]), int(frame[-1]) + 1) if frame.size else ():
        rows = by_frame.get(now, np.empty(0, dtype=np.int64))
        gap = (now - frame[last]).astype(np.float64)
        # A new one is expected to stay where it is.
        known = np.isfinite(step[:, 0])
        expected = position[last] + motion.persistence * np.where(known[:, None], step, 0.0) * gap[:, None]
        reach = np.where(known, motion.reach, max(motion.reach, motion.first_reach))
        cost = _costs(expected, last, rows, position, charge, radius, reach)
        before, after = _assign(cost)
        identity[rows[after]] = identity[last[before]]
        new = np.setdiff1d(np.arange(rows.size), after)
        identity[rows[new]] = born + np.arange(new.size)
        born += new.size
        moved = (position[rows[after]] - position[last[before]]) / gap[before][:, None]
        # To the middle of two in one line, or back from it, none has gone.
        joined = charge[rows[after]] != charge[last[before]]
        moved[joined] = step[before[joined]]
        lost = np.setdiff1d(np.arange(last.size), before)
        lost = lost[gap[lost] <= memory]
        lost = lost[
            _hidden(expected[lost], radius[last[lost]], position[rows], radius[rows])
            | _behind_edges(expected[lost], radius[last[lost]], now, hiding)
        ]
        last = np.concatenate([rows[after], rows[new], last[lost]])
        step = np.concatenate([moved, np.full((new.size, 2), np.nan), step[lost]])
    return identity


def estimate_motion(
    frame: IntArray, position: FloatArray, charge: FloatArray, radius: FloatArray, to_edge: FloatArray | None = None
) -> Motion:
    """Learn from the run itself how far its skyrmions go from frame to frame.

    They are linked twice, first from the last place without a limit, then from the expected one. A link is beyond doubt
    if the way from the expected place is less than half the way to any other skyrmion of the next frame, and at most
    three times the median of the links between the same two frames, where there are three or more; and if it does not
    lead from one that is about to cross an edge to one that has just come in over an edge. The reach is 1.5 times the
    longest of those ways, and at least a diameter; of new ones it follows in the same way from the last places.
    Arguments are as for `link`; `to_edge` is the distance in m from the centre to the nearest edge.
    """
    if not frame.size:
        return Motion(0.0, 1.0)
    least = 2 * float(np.median(radius))
    unlimited = 10 * float(np.hypot(*np.ptp(position, axis=0)) + radius.max())
    identity = link(frame, position, charge, radius, Motion(0.0, unlimited))
    earlier, later, farthest = _trusted(frame, position, identity, 0.0, radius, to_edge)
    energy = float((earlier**2).sum())
    persistence = float(np.clip((earlier * later).sum() / energy, 0, 1)) if energy else 0.0
    first_reach = max(_REACH * farthest, least)
    identity = link(frame, position, charge, radius, Motion(persistence, first_reach))
    _, _, longest = _trusted(frame, position, identity, persistence, radius, to_edge)
    return Motion(persistence, max(_REACH * longest, least), first_reach)


def _rows_of_frames(frame: IntArray) -> dict[int, IntArray]:
    frames, starts = np.unique(frame, return_index=True)
    stops = np.append(starts, frame.size)[1:]
    return {int(now): np.arange(start, stop) for now, start, stop in zip(frames, starts, stops, strict=True)}


def _trusted(
    frame: IntArray,
    position: FloatArray,
    identity: IntArray,
    persistence: float,
    radius: FloatArray,
    to_edge: FloatArray | None,
) -> tuple[FloatArray, FloatArray, float]:
    """Successive steps of links that are beyond doubt, and the longest way from the expected place."""
    order = np.lexsort((frame, identity))
    same = (np.diff(identity[order]) == 0) & (np.diff(frame[order]) == 1)
    begin, end = order[:-1][same], order[1:][same]
    moved = position[end] - position[begin]
    step = np.full((frame.size, 2), np.nan)
    step[end] = moved
    expected = persistence * np.nan_to_num(step[begin])
    residual = np.hypot(*(moved - expected).T)
    rows = _rows_of_frames(frame)
    sure = np.array(
        [
            way < 0.5 * _nearest_other(position, rows[int(frame[there])], there, position[here] + ahead)
            for here, there, ahead, way in zip(begin, end, expected, residual, strict=True)
        ],
        dtype=bool,
    )
    typical = _median_of_frames(frame[end], residual)
    sure &= residual <= _UNUSUAL * typical
    if to_edge is not None:
        approach = np.zeros((2, frame.size))  # before each, and backwards in time after it
        approach[0, end], approach[1, begin] = to_edge[end] - to_edge[begin], to_edge[begin] - to_edge[end]
        leaves, enters = to_edge + approach < radius
        sure &= ~(leaves[begin] & enters[end])
    trusted = np.zeros(frame.size, dtype=bool)
    trusted[end[sure]] = True
    again = sure & trusted[begin]
    # After a link that is in doubt the expected place is too.
    ways = residual[sure & (trusted[begin] | np.isnan(step[begin, 0]))]
    return step[begin[again]], moved[again], float(ways.max()) if ways.size else 0.0


def _median_of_frames(frame: IntArray, way: FloatArray) -> FloatArray:
    """Median over the links that end in the same frame; infinite where they are fewer than three."""
    medians = {
        int(each): float(np.median(way[frame == each])) if (frame == each).sum() > 2 else np.inf
        for each in np.unique(frame)
    }
    return np.array([medians[int(each)] for each in frame])


def _nearest_other(position: FloatArray, rows: IntArray, mine: int, place: FloatArray) -> float:
    others = rows[rows != mine]
    return float(np.hypot(*(position[others] - place).T).min()) if others.size else np.inf


def _hidden(place: FloatArray, radius: FloatArray, others: FloatArray, their_radii: FloatArray) -> BoolArray:
    """Whether each place is so near to another one that the two outlines would overlap."""
    apart = np.hypot(*(place[:, None] - others[None]).transpose(2, 0, 1))
    near: BoolArray = (apart < radius[:, None] + their_radii[None]).any(axis=1)
    return near


def _behind_edges(place: FloatArray, radius: FloatArray, now: int, hiding: Hiding | None) -> BoolArray:
    if hiding is None:
        return np.zeros(len(place), dtype=bool)
    there = hiding.frame == now
    return _hidden(place, radius, hiding.position[there], hiding.radius[there])


def _costs(
    expected: FloatArray,
    last: IntArray,
    rows: IntArray,
    position: FloatArray,
    charge: FloatArray,
    radius: FloatArray,
    reach: FloatArray,
) -> FloatArray:
    squared = ((expected[:, None] - position[rows][None]) ** 2).sum(axis=-1) / reach[:, None] ** 2
    other = charge[last][:, None] != charge[rows][None]
    size = np.log(radius[last][:, None] / radius[rows][None]) ** 2
    cost: FloatArray = squared + _OTHER_CHARGE * other + _OTHER_SIZE * size
    return cost


def _assign(cost: FloatArray) -> tuple[IntArray, IntArray]:
    """Pairs of known and new ones with the least sum of costs, those left over included."""
    known, new = cost.shape
    # Each may be left over: a column of its own for each row, and a row for each column.
    whole = np.full((known + new, new + known), 2 * _LEFT_OVER * (known + new + 1))
    whole[:known, :new] = np.minimum(cost, whole[0, 0] if whole.size else 0)
    whole[np.arange(known), new + np.arange(known)] = _LEFT_OVER
    whole[known + np.arange(new), np.arange(new)] = _LEFT_OVER
    whole[known:, new:] = 0
    before, after = scipy.optimize.linear_sum_assignment(whole)
    chosen = (before < known) & (after < new)
    return before[chosen], after[chosen]
