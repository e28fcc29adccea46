"""The tests of NIST SP 800-22 that take a sequence of bits as a walk: a step up for a one, down for a zero."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

__all__ = ["cumulative_sums", "random_excursions", "random_excursions_variant"]

FEWEST_CYCLES = 500
"""Returns to 0 that the excursion tests ask for."""


def _steps(bits: npt.ArrayLike) -> npt.NDArray[np.int64]:
    return 2 * np.asarray(bits, dtype=np.int64) - 1


def cumulative_sums(bits: npt.ArrayLike) -> tuple[float, float]:
    """Section 2.13: how far the walk goes, forwards and backwards."""
    steps = _steps(bits)
    n = steps.size
    found = []
    for way in (steps, steps[::-1]):
        z = int(np.abs(np.cumsum(way)).max())

        def between(low: float, high: float, offsets: tuple[int, int], z: int = z) -> float:
            k = np.arange(int(np.floor(low)), int(np.floor(high)) + 1)
            one, two = (special.ndtr((4 * k + each) * z / np.sqrt(n)) for each in offsets)
            return float(np.sum(one - two))

        middle = between((-n / z + 1) / 4, (n / z - 1) / 4, (1, -1))
        side = between((-n / z - 3) / 4, (n / z - 1) / 4, (3, 1))
        found.append(1 - middle + side)
    return found[0], found[1]


def _cycles(bits: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """The walk, the cycle of each of its places, and how many cycles there are; the last is closed."""
    walk = np.append(np.cumsum(_steps(bits)), 0)
    ends = walk == 0
    cycle = np.cumsum(ends) - ends
    return walk, cycle, int(ends.sum()) - (1 if walk.size > 1 and walk[-2] == 0 else 0)


def random_excursions(bits: npt.ArrayLike, fewest: int = FEWEST_CYCLES) -> dict[int, float]:
    """Section 2.14: how often the walk visits -4 to 4 between two returns to 0; empty with fewer than 500 returns."""
    walk, cycle, count = _cycles(bits)
    if count < fewest:
        return {}
    found = {}
    for x in (-4, -3, -2, -1, 1, 2, 3, 4):
        visits = np.minimum(np.bincount(cycle[walk == x], minlength=count)[:count], 5)
        share = 1 / (2 * abs(x))
        expected = np.array(
            [1 - share, *(share**2 * (1 - share) ** (k - 1) for k in range(1, 5)), share * (1 - share) ** 4]
        )
        counts = np.bincount(visits, minlength=6)
        found[x] = float(special.gammaincc(2.5, np.sum((counts - count * expected) ** 2 / (count * expected)) / 2))
    return found


def random_excursions_variant(bits: npt.ArrayLike, fewest: int = FEWEST_CYCLES) -> dict[int, float]:
    """Section 2.15: how often the walk visits -9 to 9 in all; empty with fewer than 500 returns to 0."""
    walk, _, count = _cycles(bits)
    if count < fewest:
        return {}
    return {
        x: float(special.erfc(abs(np.sum(walk == x) - count) / np.sqrt(2 * count * (4 * abs(x) - 2))))
        for x in range(-9, 10)
        if x
    }
