r"""The search for the best device: which one to try next, from all that were tried.

Where each number of a device has its slopes, every device gives a plane for the aim and one for each limit, and the
next device is the best within all planes and within reach of the best so far: the cutting planes of Kelley, J. SIAM 8,
703 (1960), with a reach that grows where the planes foretold well and shrinks where they did not. A linear program
finds it. Where a plane contradicts a device that is known, it is shifted to where it no longer does. That suits what
devices are judged by: the steepest of many slopes, the lowest of many hills, the worst of many rows are each the
extreme of smooth numbers, and have kinks just where the best device is.

Without slopes the search is CMA-ES (`cmaes`): N. Hansen and A. Ostermeier, Evol. Comput. 9, 159 (2001).

Nothing here runs or remembers: `proceed` is a function of the devices that are known, so that a search that was
interrupted goes on from its stored runs. Places are shares of the way between the bounds; aim and limits are plain
numbers of the size of 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Known", "Step", "best_of", "proceed"]

Floats = npt.NDArray[np.float64]
Place = tuple[float, ...]

_REACHES = (0.25, 0.5, 0.01)  # at the start, at most, and at which the search ends
_FORETOLD = (0.1, 0.5)  # shares of the expected gain: with less the reach is halved, with more it is doubled
_DIGITS = 9
_TOLERANCE = 1e-9
"""Of a limit, in units of it."""


@dataclass(frozen=True)
class Known:
    """A device that was tried.

    Parameters
    ----------
    aim : float
        To be large; NaN where the device has no such number.
    excess : array (limits,)
        By how much each limit is exceeded, negative within it.
    slopes : array (1 + limits, fields) or None
        Slopes of both; without those of the first device, the search has none.
    """

    aim: float
    excess: Floats
    slopes: Floats | None = None

    @property
    def merit(self) -> tuple[float, float]:
        """By which devices are ordered: first how little the limits are exceeded, then the aim."""
        exceeded = float(np.maximum(self.excess, 0).sum())
        if not np.isfinite(exceeded + self.aim):
            return -np.inf, -np.inf
        return (-exceeded if exceeded > _TOLERANCE else 0.0), self.aim


@dataclass(frozen=True)
class Step:
    """The devices to try next; none where the search is at its end, and whether it ended because nothing is better."""

    places: tuple[Place, ...] = ()
    converged: bool = False


def best_of(known: Mapping[Place, Known]) -> Place:
    """The best device so far: the best aim of those within all limits, or the one that exceeds them least."""
    return max(known, key=lambda place: known[place].merit)


def proceed(
    known: Mapping[Place, Known],
    *,
    accuracy: float,
    devices: int,
    seed: int,
    enough: float = np.inf,
    counts: Sequence[int | None] = (),
) -> Step:
    """Give the next devices, from those that are known, in the order in which they were tried.

    Parameters
    ----------
    known : mapping
        Devices by their places, the start first.
    accuracy : float
        Share of the aim by which a device that is still looked for is better.
    devices : int
        How many are tried at most.
    seed : int
        Of CMA-ES.
    enough : float
        The aim, as in `known`, at which the search ends.
    counts : sequence of int or None
        For each field the steps between its bounds; None where it takes every value.

    Examples
    --------
    A tent with its top at 0.3, from 0.9:

    >>> known = {(0.9,): Known(-0.6, np.zeros(0), np.array([[-1.0]]))}
    >>> place = proceed(known, accuracy=0.01, devices=10, seed=0).places[0]
    >>> round(place[0], 2)  # as far as the first reach goes
    0.65
    """
    best = known[best_of(known)]
    if best.merit >= (0.0, enough):
        return Step(converged=True)
    if len(known) >= devices:
        return Step()
    if next(iter(known.values())).slopes is not None:
        return _by_planes(list(known.items()), accuracy)
    return _by_evolution(known, devices, seed, counts or (None,) * len(next(iter(known))))


def _by_planes(known: Sequence[tuple[Place, Known]], accuracy: float) -> Step:
    """The best device within all planes; how far it may lie away follows from all steps so far, taken again."""
    reach, largest, smallest = _REACHES
    for number in range(1, len(known)):
        best = _best(known[:number])
        _, merit, reach = _within_reach(known[:number], reach)
        foretold, gain = _gain(best.merit, merit), _gain(best.merit, known[number][1].merit)
        if gain < _FORETOLD[0] * foretold:
            reach /= 2
        elif gain > _FORETOLD[1] * foretold:
            reach = min(2 * reach, largest)
    place, _, reach = _within_reach(known, reach)
    best = _best(known)
    # The planes as far as the bounds: a short reach foretells little, which is no reason to end.
    anywhere = _gain(best.merit, _next(known, 1.0)[1])
    too_little = accuracy * max(abs(best.aim), accuracy) if best.merit[0] == 0 else _TOLERANCE
    if anywhere < too_little or reach < smallest:
        return Step(converged=True)
    return Step((place,))


def _best(known: Sequence[tuple[Place, Known]]) -> Known:
    return max((each for _, each in known), key=lambda each: each.merit)


def _gain(before: tuple[float, float], after: tuple[float, float]) -> float:
    """By how much the aim is better, or, where limits are exceeded, by how much less they are; else minus infinity."""
    if before[0] < 0:
        return after[0] - before[0]
    return after[1] - before[1] if after[0] == 0 else -np.inf


def _within_reach(known: Sequence[tuple[Place, Known]], reach: float) -> tuple[Place, tuple[float, float], float]:
    """The next place, its merit by the planes, and a reach by which it is none that was tried."""
    place, merit = _next(known, reach)
    while place in dict(known) and reach >= _REACHES[2]:
        reach /= 2
        place, merit = _next(known, reach)
    return place, merit, reach


def _next(known: Sequence[tuple[Place, Known]], reach: float) -> tuple[Place, tuple[float, float]]:
    """The best device within all planes and `reach`, and the merit that the planes foretell."""
    finite = [each for each in known if np.isfinite(each[1].merit).all()]
    places = np.array([place for place, _ in finite])
    values = np.array([[each.aim, *-each.excess] for _, each in finite])
    limits, fields = values.shape[1] - 1, places.shape[1]
    rows, ends = [], []
    for (place, each), value in zip(finite, values, strict=True):
        if each.slopes is None:
            continue
        signs = np.r_[1.0, -np.ones(limits)]
        slopes = signs[:, None] * each.slopes
        planes = value[:, None] + slopes @ (places - place).T
        lift = np.maximum(values.T - planes, 0).max(axis=1)
        for number in range(limits + 1):
            # Unknowns: the place, the aim, and the excess over each limit.
            row = np.zeros(fields + 1 + limits)
            row[:fields] = -slopes[number]
            row[fields + number] = 1.0 if number == 0 else -1.0
            rows.append(row)
            ends.append(value[number] + lift[number] - slopes[number] @ np.array(place))
    centre = max(finite, key=lambda each: each[1].merit)[0]
    box: list[tuple[float | None, float | None]] = [(max(0.0, at - reach), min(1.0, at + reach)) for at in centre]
    box += [(None, None), *[(0.0, None)] * limits]
    exceeded = np.r_[np.zeros(fields + 1), np.ones(limits)]
    least = 0.0
    if limits:  # first keep to the limits, then look for the best
        # The aim takes no part in it, and has no upper end in these rows alone.
        least = max(float(_minimum(exceeded, rows, ends, box).fun), 0.0)
        rows, ends = [*rows, exceeded], [*ends, least + _TOLERANCE / 2]
    found = _minimum(-np.eye(fields + 1 + limits)[fields], rows, ends, box)
    place = tuple(np.clip(found.x[:fields], 0, 1).round(_DIGITS).tolist())
    return place, (-least if least > _TOLERANCE else 0.0, -float(found.fun))


def _minimum(costs: Floats, rows: Sequence[Floats], ends: Sequence[float], bounds: Sequence[Any]) -> Any:
    from scipy.optimize import linprog

    found = linprog(costs, A_ub=np.array(rows), b_ub=ends, bounds=bounds)
    if not found.success:
        raise RuntimeError(f"the linear program of the next device has no solution: {found.message}")
    return found


def _by_evolution(known: Mapping[Place, Known], devices: int, seed: int, counts: Sequence[int | None]) -> Step:
    """The next generation; those before it are taken again from what is known."""
    from cmaes import CMA

    first = next(iter(known))
    fields, most = len(first), max(2, len(first))  # CMA takes no single one; a second goes along, without effect
    mean = np.clip(np.resize(first, most), 0.02, 0.98)
    search = CMA(mean=mean, sigma=_REACHES[0], bounds=np.tile([0.0, 1.0], (most, 1)), seed=seed)
    largest = 1.0
    while not search.should_stop():
        asked = [search.ask() for _ in range(search.population_size)]
        places = [_at_step(each[:fields], counts) for each in asked]
        new = [place for place in dict.fromkeys(places) if place not in known]
        if new:
            return Step(tuple(new[: devices - len(known)]))
        told = [known[place] for place in places]
        largest = max([largest, *(abs(each.aim) for each in told if np.isfinite(each.aim))])
        search.tell([(x, _loss(each, largest)) for x, each in zip(asked, told, strict=True)])
    return Step(converged=True)


def _loss(device: Known, largest: float) -> float:
    """What CMA-ES makes small: a limit that is exceeded by a third of itself costs the largest aim so far, or more."""
    loss = -device.aim + max(10.0, 3 * largest) * float(np.maximum(device.excess, 0).sum())
    return loss if np.isfinite(loss) else 1e9 * largest


def _at_step(place: Floats, counts: Sequence[int | None]) -> Place:
    """The place, at the nearest step of fields that have some."""
    return tuple(
        round(float(at) if count is None else round(at * count) / count, _DIGITS)
        for at, count in zip(place, counts, strict=True)
    )
