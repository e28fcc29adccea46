r"""Half-points of a recalled share, with intervals, and their limit for many neurons.

Near the largest load a network recalls some of its patterns. Which is decided by chance, so that the share falls from 1
to 0 over a range of loads that narrows as N grows. The half-point is where it is 1/2. Draws of patterns are drawn
again for its interval, whole draws with all of their patterns and loads, since these share their patterns. The limit is
the intercept of a straight line in a power of 1/N, weighted by the half-points' errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solitons.attractors.patterns import Floats, OfAnyPrecision, random_patterns

__all__ = ["HalfPoint", "LimitOfSizes", "half_point", "limit_of_sizes", "recalled_shares"]

_AGAIN = 500
"""Sets of draws that are drawn again for an interval."""

Overlaps = Callable[[npt.NDArray[np.float32], int, np.random.Generator], OfAnyPrecision]
"""Overlaps (starts,) of the first stored patterns (p, N) with the states that a memory finds from them."""


class HalfPoint(NamedTuple):
    """Where a falling share crosses 1/2, with its 95 % interval and the half-points of draws that were drawn again.

    The value is NaN if the shares do not begin above 1/2 and end below it; the interval ends where the axis does.
    """

    value: float
    low: float
    high: float
    again: Floats


class LimitOfSizes(NamedTuple):
    """The half-point for infinitely many neurons, by the line value + slope N**(-power).

    The 95 % interval is from half-points drawn again; chi-squared of the line has two degrees less than sizes.
    """

    value: float
    low: float
    high: float
    slope: float
    chi_squared: float


def recalled_shares(
    size: int,
    loads: Sequence[float],
    draws: int,
    starts: int,
    seed: int,
    overlaps: Overlaps,
    least: float,
    advance: Callable[[], None] | None = None,
) -> Floats:
    """Share of stored patterns that a memory recalls, in each draw of patterns and at each load.

    A network of N = `size` stores p patterns at the load p / N, at a smaller load the first of them. Each draw follows
    from the seed, the size and its number. So many `starts` of each network's patterns are recalled, each from itself;
    one is recalled if its overlap at rest, from `overlaps`, is at `least` so large. Shares are (draws, loads); a load
    with fewer patterns than starts is a ValueError. `advance` is called after each draw.

    Examples
    --------
    >>> from solitons.attractors.threshold_neurons import overlaps_after_falling
    >>> recalled_shares(200, [0.02, 0.4], 3, 2, 1, overlaps_after_falling, 0.97).mean(axis=0).tolist()
    [1.0, 0.0]
    """
    counts = [round(load * size) for load in loads]
    if min(counts) < starts:
        raise ValueError(
            f"recalled_shares: {min(loads):g} of {size} neurons are {min(counts)} patterns, and {starts} are "
            "recalled; give fewer starts or larger loads"
        )
    found = np.empty((draws, len(counts)))
    for draw in range(draws):
        stored = random_patterns(max(counts), size, np.random.default_rng([seed, size, draw, 0]))
        for column, count in enumerate(counts):
            generator = np.random.default_rng([seed, size, draw, 1])
            found[draw, column] = np.mean(overlaps(stored[:count], starts, generator) >= least)
        if advance is not None:
            advance()
    return found


def half_point(axis: npt.ArrayLike, shares: Floats, seed: int = 0) -> HalfPoint:
    """Where the share that falls over an axis crosses 1/2.

    The mean over draws is made to fall (isotonic regression) and joined by straight lines, so that no shape is assumed.

    Shares are (draws, points) at rising values of the axis. The seed is of the draws that are drawn again.

    Examples
    --------
    >>> found = half_point([1.0, 2.0, 3.0], np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]]))
    >>> found.value, bool(1.5 <= found.low <= found.high <= 2.5)
    (2.0, True)
    """
    at, generator = np.asarray(axis, float), np.random.default_rng(seed)
    value = _crossing(at, shares.mean(axis=0), outside=np.nan)
    chosen = generator.integers(0, len(shares), (_AGAIN, len(shares)))
    again = np.array([_crossing(at, shares[each].mean(axis=0), outside=None) for each in chosen])
    low, high = np.quantile(again, [0.025, 0.975])
    return HalfPoint(value, float(low), float(high), again)


def _crossing(at: Floats, share: Floats, outside: float | None) -> float:
    """Where a share crosses 1/2; beyond the axis `outside`, or its end if that is None."""
    from scipy.optimize import isotonic_regression

    falling = isotonic_regression(share, increasing=False).x
    if falling[0] < 0.5 or falling[-1] > 0.5:
        return float(outside if outside is not None else at[0] if falling[0] < 0.5 else at[-1])
    # The middle of the points at 1/2, where there are several.
    above, below = int(np.sum(falling > 0.5)), int(np.sum(falling >= 0.5))
    if below > above:
        return float((at[above] + at[below - 1]) / 2)
    part = (falling[above - 1] - 0.5) / (falling[above - 1] - falling[above])
    return float(at[above - 1] + part * (at[above] - at[above - 1]))


def limit_of_sizes(sizes: npt.ArrayLike, half_points: Sequence[HalfPoint], power: float = 1.0) -> LimitOfSizes:
    """Extrapolate half-points to infinitely many neurons by a straight line in N**(-power).

    Half-points have draws of their own. The power is 1 where corrections are those of the next order in 1/N. One size,
    or a half-point that was not found, is a ValueError.

    Examples
    --------
    >>> generator = np.random.default_rng(1)
    >>> points = [HalfPoint(0.04 + 3 / n, 0, 1, 0.04 + 3 / n + 1e-3 * generator.normal(size=500)) for n in (1e3, 2e3)]
    >>> found = limit_of_sizes([1000, 2000], points)
    >>> round(found.value, 6), round(found.slope, 6), bool(found.low < 0.04 < found.high)
    (0.04, 3.0, True)
    """
    x = np.asarray(sizes, float) ** -power
    values = np.array([each.value for each in half_points])
    if len(x) < 2 or not np.all(np.isfinite(values)):
        raise ValueError("limit_of_sizes: a line needs half-points of two sizes; widen the loads where none was found")
    again = np.stack([each.again for each in half_points])
    weights = 1 / np.maximum(again.std(axis=1), 1e-12)
    slopes, limits = np.polyfit(x, np.column_stack([values, again]), 1, w=weights)
    low, high = np.quantile(limits[1:], [0.025, 0.975])
    squares = float(np.sum((weights * (values - limits[0] - slopes[0] * x)) ** 2))
    return LimitOfSizes(float(limits[0]), float(low), float(high), float(slopes[0]), squares)
