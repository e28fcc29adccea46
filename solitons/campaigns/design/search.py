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

import numpy as np
import numpy.typing as npt

__all__ = ["Known", "Step", "best_of", "proceed"]

Floats = npt.NDArray[np.float64]
Place = tuple[float, ...]

_PENALTY = 10.0  # of a limit's excess, beside the aim
_REACHES = (0.25, 0.5, 0.01)  # at the start, at most, and at which the search ends
_FORETOLD = (0.1, 0.5)  # shares of the expected gain: with less the reach is halved, with more it is doubled
_DIGITS = 9


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
    def merit(self) -> float:
        """The aim, less what excess costs; minus infinity without one of the numbers."""
        merit = self.aim - _PENALTY * float(np.maximum(self.excess, 0).sum())
        return merit if np.isfinite(merit) else -np.inf


@dataclass(frozen=True)
class Step:
    """The devices to try next; none where the search is at its end, and whether it ended because nothing is better."""

    places: tuple[Place, ...] = ()
    converged: bool = False


def best_of(known: Mapping[Place, Known]) -> Place:
    """The best device so far: of those within all limits if there are some."""
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
    if best.aim >= enough and (best.excess <= 0).all():
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
        foretold, gain = merit - best[1].merit, known[number][1].merit - best[1].merit
        if gain < _FORETOLD[0] * foretold:
            reach /= 2
        elif gain > _FORETOLD[1] * foretold:
            reach = min(2 * reach, largest)
    place, merit, reach = _within_reach(known, reach)
    _, best_known = _best(known)
    nothing_better = merit - best_known.merit < accuracy * max(abs(best_known.aim), accuracy)
    return Step(converged=True) if nothing_better or reach < smallest else Step((place,))


def _within_reach(known: Sequence[tuple[Place, Known]], reach: float) -> tuple[Place, float, float]:
    """The next place, its merit by the planes, and a reach by which it is none that was tried."""
    place, merit = _next(known, reach)
    while place in dict(known) and reach >= _REACHES[2]:
        reach /= 2
        place, merit = _next(known, reach)
    return place, merit, reach


def _best(known: Sequence[tuple[Place, Known]]) -> tuple[Place, Known]:
    return max(known, key=lambda each: each[1].merit)


def _next(known: Sequence[tuple[Place, Known]], reach: float) -> tuple[Place, float]:
    """The best device within all planes and `reach`, and the merit that the planes foretell."""
    from scipy.optimize import linprog

    finite = [each for each in known if np.isfinite(each[1].merit)]
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
    centre, _ = _best(finite)
    bounds = [(max(0.0, at - reach), min(1.0, at + reach)) for at in centre]
    costs = np.r_[np.zeros(fields), -1.0, np.full(limits, _PENALTY)]
    found = linprog(costs, A_ub=np.array(rows), b_ub=ends, bounds=[*bounds, (None, None), *[(0, None)] * limits])
    if not found.success:
        raise RuntimeError(f"the linear program of the next device has no solution: {found.message}")
    return tuple(np.clip(found.x[:fields], 0, 1).round(_DIGITS).tolist()), -float(found.fun)


def _by_evolution(known: Mapping[Place, Known], devices: int, seed: int, counts: Sequence[int | None]) -> Step:
    """The next generation; those before it are taken again from what is known."""
    from cmaes import CMA

    first = next(iter(known))
    fields, most = len(first), max(2, len(first))  # CMA takes no single one; a second goes along, without effect
    mean = np.clip(np.resize(first, most), 0.02, 0.98)
    search = CMA(mean=mean, sigma=_REACHES[0], bounds=np.tile([0.0, 1.0], (most, 1)), seed=seed)
    while not search.should_stop():
        asked = [search.ask() for _ in range(search.population_size)]
        places = [_at_step(each[:fields], counts) for each in asked]
        new = [place for place in dict.fromkeys(places) if place not in known]
        if new:
            return Step(tuple(new[: devices - len(known)]))
        worst = min((each.merit for each in known.values() if np.isfinite(each.merit)), default=0.0)
        search.tell([(x, -max(known[place].merit, worst - 1)) for x, place in zip(asked, places, strict=True)])
    return Step(converged=True)


def _at_step(place: Floats, counts: Sequence[int | None]) -> Place:
    """The place, at the nearest step of fields that have some."""
    return tuple(
        round(float(at) if count is None else round(at * count) / count, _DIGITS)
        for at, count in zip(place, counts, strict=True)
    )
