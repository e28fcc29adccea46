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

_REACHES = (0.25, 0.5, 0.01)  # at the start, at most, and at which the search ends
_FORETOLD = (0.1, 0.5)  # shares of the expected gain: with less the reach is halved, with more it is doubled
_DIGITS = 6  # what another machine has in its last digits leads to the same device
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

    def worth(self, weight: float) -> float:
        """The aim, less what excess costs: a device a little outside may lead to the best; minus infinity as above."""
        worth = self.aim - weight * float(np.maximum(self.excess, 0).sum())
        return worth if np.isfinite(worth) else -np.inf


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
        before, weight = known[:number], _weight(known[:number])
        _, foretold, reach = _within_reach(before, weight, reach)
        best = _best(before, weight)[1].worth(weight)
        gain = known[number][1].worth(weight) - best
        if gain < _FORETOLD[0] * (foretold - best):
            reach /= 2
        elif gain > _FORETOLD[1] * (foretold - best):
            reach = min(2 * reach, largest)
    weight = _weight(known)
    place, _, reach = _within_reach(known, weight, reach)
    _, best_known = _best(known, weight)
    # The planes as far as the bounds: a short reach foretells little, which is no reason to end.
    anywhere = _next(known, weight, 1.0)[1] - best_known.worth(weight)
    if anywhere < accuracy * max(abs(best_known.aim), accuracy) or reach < smallest:
        return Step(converged=True)
    return Step((place,))


def _weight(known: Sequence[tuple[Place, Known]]) -> float:
    """What a limit's excess costs beside the aim: three times what the aim gains where the limit gives way, or more."""
    weight = 10.0
    for _, each in known:
        if each.slopes is not None:
            steep = np.linalg.norm(each.slopes, axis=1)
            weight = max([weight, *(3 * steep[0] / limit for limit in steep[1:] if limit > 0)])
    return weight


def _best(known: Sequence[tuple[Place, Known]], weight: float) -> tuple[Place, Known]:
    return max(known, key=lambda each: each[1].worth(weight))


def _within_reach(known: Sequence[tuple[Place, Known]], weight: float, reach: float) -> tuple[Place, float, float]:
    """The next place, its worth by the planes, and a reach by which it is none that was tried."""
    place, worth = _next(known, weight, reach)
    while place in dict(known) and reach >= _REACHES[2]:
        reach /= 2
        place, worth = _next(known, weight, reach)
    return place, worth, reach


def _next(known: Sequence[tuple[Place, Known]], weight: float, reach: float) -> tuple[Place, float]:
    """The best device within all planes and `reach`, and the worth that the planes foretell."""
    from scipy.optimize import linprog

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
    centre, _ = _best(finite, weight)
    box: list[tuple[float | None, float | None]] = [(max(0.0, at - reach), min(1.0, at + reach)) for at in centre]
    box += [(None, None), *[(0.0, None)] * limits]
    costs = np.r_[np.zeros(fields), -1.0, np.full(limits, weight)]
    found = linprog(costs, A_ub=np.array(rows), b_ub=ends, bounds=box)
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
    weight = 10.0
    while not search.should_stop():
        asked = [search.ask() for _ in range(search.population_size)]
        places = [_at_step(each[:fields], counts) for each in asked]
        new = [place for place in dict.fromkeys(places) if place not in known]
        if new:
            return Step(tuple(new[: devices - len(known)]))
        told = [known[place] for place in places]
        # A limit that is exceeded by a third of itself costs as much as the largest aim so far.
        weight = max([weight, *(3 * abs(each.aim) for each in told if np.isfinite(each.aim))])
        search.tell([(x, -max(each.worth(weight), -1e9 * weight)) for x, each in zip(asked, told, strict=True)])
    return Step(converged=True)


def _at_step(place: Floats, counts: Sequence[int | None]) -> Place:
    """The place, at the nearest step of fields that have some."""
    return tuple(
        round(float(at) if count is None else round(at * count) / count, _DIGITS)
        for at, count in zip(place, counts, strict=True)
    )
