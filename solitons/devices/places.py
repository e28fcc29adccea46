"""Stable places of a device: where it stays, how long, and what takes it from one to the next.

A wall in its wells, a row of skyrmions, the two states of a junction: each is a few states of rest with a hill between
every two of them. Heat climbs a hill at the rate

    k = f exp(-E / k T)

with the barrier E and the attempt rate f, so that a place lasts 1 / (sum of k over its ways out). Where E is known to
a share s, the time is known to a factor of exp(1.96 s E / k T), which is large: 40 kT known to 5 % are a factor of 50.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import constants

__all__ = ["Passage", "Place", "drive_between", "lasting", "lifetime", "which_place"]

_LONGEST = 1e300  # s; a finite number, as files have no other
_TWO_SIDED = 1.959964  # standard deviations on either side that hold 95 %


@dataclass(frozen=True)
class Passage:
    """A way out of a place, over a hill.

    Parameters
    ----------
    to : int or None
        Number of the place behind the hill; None where there is none.
    border : float
        Coordinate at which the next place begins, as of a `Place`: the top of the hill, or the beginning of a level
        stretch there.
    barrier : float
        Energy in J to climb.
    at_most : bool
        Whether the barrier is an upper limit: there may be a lower way over the hill.
    field : float or None
        Size in A/m of the steady field that takes the device over the hill by itself.
    attempt_rate : float or None
        In 1/s.
    drive : float or None
        Weakest drive, with its sign, that takes the device over the hill; None where none that was tried does. Its
        quantity is the family's: for a wall the current density of a pulse in A/m2.
    arrives : int or None
        Number of the place in which that drive leaves the device; None where it leaves it in none.
    """

    to: int | None
    border: float
    barrier: float
    at_most: bool = False
    field: float | None = None
    attempt_rate: float | None = None
    drive: float | None = None
    arrives: int | None = None


@dataclass(frozen=True)
class Place:
    """A state in which a device stays.

    Parameters
    ----------
    position : float
        Coordinate that orders the places, in m for what moves.
    left, right : Passage or None
        Its ways to smaller and larger coordinates; None where there is no hill to leave over.
    conductance : float or None
        In S, where the device has a read-out.
    lasts : float or None
        How long heat leaves it there, in s; None where that is not known.
    lasts_ci95 : (float, float) or None
        Its 95 % interval by how well the barriers are known.
    """

    position: float
    left: Passage | None
    right: Passage | None
    conductance: float | None = None
    lasts: float | None = None
    lasts_ci95: tuple[float, float] | None = None

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Its ways out."""
        return tuple(each for each in (self.left, self.right) if each is not None)

    @property
    def lowest_barrier(self) -> float | None:
        """Lowest barrier of its ways out, in J; None where there is none."""
        return min((each.barrier for each in self.passages), default=None)


def which_place(coordinate: npt.ArrayLike, places: Sequence[Place]) -> npt.NDArray[np.intp]:
    """Number of the place in which a device is, by the hills beside it; -1 where it is in none, or at NaN.

    Examples
    --------
    >>> places = [Place(0.0, None, Passage(1, 0.5, 1e-19)), Place(1.0, Passage(0, 0.5, 1e-19), None)]
    >>> which_place([-3.0, 0.4, 0.6, np.nan], places).tolist()
    [0, 0, 1, -1]
    """
    given = np.asarray(coordinate, dtype=float)
    found = np.full(given.shape, -1, dtype=np.intp)
    for number, place in enumerate(places):
        left = -np.inf if place.left is None else place.left.border
        right = np.inf if place.right is None else place.right.border
        found[(given >= left) & (given < right)] = number
    return found


def lifetime(passages: Sequence[Passage], temperature: float, share: float = 1.0) -> float | None:
    """How long a device stays in a place, in s; None where an attempt rate is not known, infinite without a way out.

    Parameters
    ----------
    passages : sequence of Passage
        The ways out.
    temperature : float
        In K.
    share : float
        What is left of the barriers: heat softens a magnet.

    Examples
    --------
    A barrier of 40 kT and an attempt rate of 10 GHz are nine months:

    >>> way = Passage(to=1, border=0.0, barrier=40 * constants.k * 300, attempt_rate=1e10)
    >>> round(lifetime([way], 300.0) / 86400)  # days
    272
    """
    exponents = []
    for each in passages:
        if each.attempt_rate is None:
            return None
        exponents.append(np.log(each.attempt_rate) - share * each.barrier / (constants.k * temperature))
    if not exponents:
        return np.inf
    return min(float(np.exp(min(-np.logaddexp.reduce(exponents), 700.0))), _LONGEST)


def lasting(place: Place, temperature: float, share: float, uncertainty: float | None) -> Place:
    """The place with how long it lasts at a temperature in K, where `share` is left of its barriers.

    `uncertainty` is the relative standard uncertainty of the barriers, which are wrong all alike; None where it is not
    known, which gives no interval.
    """
    lasts = lifetime(place.passages, temperature, share)
    if lasts is None or not np.isfinite(lasts):
        return place
    if uncertainty is None:
        return replace(place, lasts=lasts)
    shares = [share * max(1 + sign * _TWO_SIDED * uncertainty, 0.0) for sign in (-1, 1)]
    low, high = (lifetime(place.passages, temperature, each) for each in shares)
    assert low is not None
    assert high is not None
    return replace(place, lasts=lasts, lasts_ci95=(low, high))


def drive_between(places: Sequence[Place]) -> float | None:
    """Smallest size of a drive that takes the device from every place to the next one, either way.

    None without places, where the device stays in one whatever drive is tried, and where the weakest drive that frees
    it takes it further than to the next place. A single place counts on its easier side.
    """
    if len(places) == 1:
        return min((abs(each.drive) for each in places[0].passages if each.drive is not None), default=None)
    ways = [each for place in places for each in place.passages if each.to is not None]
    drives = [abs(each.drive) for each in ways if each.drive is not None and each.arrives == each.to]
    return max(drives) if drives and len(drives) == len(ways) else None
