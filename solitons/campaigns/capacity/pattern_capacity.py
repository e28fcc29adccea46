"""The capacity of a memory in a campaign: its settings, what is refused, half-points with their limit, and reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
from pydantic import AfterValidator, Field

from geometries.description import Description, rising
from geometries.quantities import PureNumber
from solitons.campaigns.framework.results import FiniteOrNone, Headline, ResultsPart
from solitons.figures import PREDICTED, bare, new_figure
from solitons.fits.verdict import Reason, failure, limitation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solitons.attractors.capacity import Overlaps

__all__ = [
    "COLOURS",
    "Capacity",
    "CapacitySettings",
    "Draws",
    "KindOfMemory",
    "Loads",
    "Seed",
    "about_capacity",
    "capacity_figure",
    "capacity_headline",
    "check_capacity",
    "measure_capacity",
]

COLOURS = ("#56B4E9", "#0B5C8A", "#009E73", PREDICTED, "#CC79A7", "#E69F00", "#555555", "#000000")


Loads = Annotated[
    tuple[Annotated[PureNumber, Field(gt=0, le=0.3)], ...], Field(min_length=4, max_length=40), AfterValidator(rising)
]
Draws = Annotated[int, Field(ge=8, le=1000)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]


class CapacitySettings(Description):
    """Ideal networks of several sizes, from which the capacity follows.

    Parameters
    ----------
    sizes : sequence of int
        Numbers N of neurons, rising; the limit is extrapolated from them.
    loads : sequence of float
        Stored patterns over N, rising.
    draws, starts, seed : int
        Sets of random patterns at each size, and patterns of each network that are recalled.
    """

    sizes: Annotated[
        tuple[Annotated[int, Field(ge=100, le=10_000)], ...], Field(min_length=2, max_length=8), AfterValidator(rising)
    ]
    loads: Loads
    draws: Draws = 40
    starts: Annotated[int, Field(ge=1, le=16)] = 4
    seed: Seed = 0


class KindOfMemory(NamedTuple):
    """What is known of a kind of memory before it is measured.

    `words` name many of its neurons. `published` is the capacity of many by theory, and a measured one within `off` of
    it agrees; about published + `slope` / N is expected for N neurons. A draw takes load x N^`power` products, and
    `most` of them are taken.
    """

    words: str
    published: float
    off: float
    slope: float
    power: int
    most: float


class SizePoint(ResultsPart):
    """Networks of one size: recalled shares at the loads, and the load at which half of the patterns are recalled.

    The half-point is None if the loads do not bracket it; its interval is over draws.
    """

    size: int
    shares: list[float]
    half_point: FiniteOrNone
    ci95: tuple[float, float]


class Capacity(ResultsPart):
    """Half-points of all sizes, and their limit for many neurons; None if a half-point is missing.

    `limit_two_thirds` is extrapolated in N**(-2/3) instead of 1/N. The limit's interval joins both, each 95 % over
    draws, since the power is not known.
    """

    loads: list[float]
    points: list[SizePoint]
    limit: float | None
    ci95: tuple[float, float] | None
    limit_two_thirds: float | None


def check_capacity(capacity: CapacitySettings, kind: KindOfMemory) -> None:
    """Refuse loads that leave a half-point out, fewer patterns than starts, and networks that take too long."""
    loads = capacity.loads
    for size in capacity.sizes:
        expected = kind.published + kind.slope / size
        if not loads[0] < expected < loads[-1]:
            raise ValueError(
                f"capacity.loads from {loads[0]:g} to {loads[-1]:g} do not bracket the capacity of {kind.words}: a "
                f"half is recalled at about {expected:.3g} with {size} of them; give loads below and above it"
            )
    fewest = round(loads[0] * capacity.sizes[0])
    if fewest < capacity.starts:
        raise ValueError(
            f"capacity.starts = {capacity.starts}, and {capacity.sizes[0]} {kind.words} at a load of {loads[0]:g} "
            f"store {fewest} patterns; give fewer starts, larger sizes or larger loads"
        )
    work = capacity.draws * sum(loads) * float(np.sum(np.power(capacity.sizes, float(kind.power))))
    if work > kind.most:
        raise ValueError(
            f"capacity: {capacity.draws} draws of networks of up to {capacity.sizes[-1]} {kind.words} take {work:.2g} "
            f"products over all loads, and at most {kind.most:.2g} are taken; give fewer draws or loads, or smaller "
            "sizes"
        )


def measure_capacity(
    capacity: CapacitySettings, overlaps: Overlaps, least: float, advance: Callable[[], None]
) -> Capacity:
    """Half-points of all sizes and their limit; a pattern with an overlap of at least `least` is recalled."""
    from solitons.attractors.capacity import half_point, limit_of_sizes, recalled_shares

    given, loads = capacity, capacity.loads
    shares = [
        recalled_shares(size, loads, given.draws, given.starts, given.seed, overlaps, least, advance)
        for size in given.sizes
    ]
    found = [half_point(loads, each, given.seed + index) for index, each in enumerate(shares)]
    known = all(np.isfinite(each.value) for each in found)
    both = [limit_of_sizes(given.sizes, found, power) for power in (1.0, 2 / 3)] if known else []
    return Capacity(
        loads=list(loads),
        points=[
            SizePoint(size=size, shares=each.mean(axis=0).tolist(), half_point=at.value, ci95=(at.low, at.high))
            for size, each, at in zip(given.sizes, shares, found, strict=True)
        ],
        limit=both[0].value if both else None,
        ci95=None if not both else (min(each.low for each in both), max(each.high for each in both)),
        limit_two_thirds=both[1].value if both else None,
    )


def about_capacity(found: Capacity, kind: KindOfMemory) -> Iterator[Reason]:
    """Find what speaks against a measured capacity."""
    missing = [point.size for point in found.points if point.half_point is None]
    if missing:
        yield failure(
            "capacity_not_bracketed",
            f"Of {missing[0]} {kind.words} the recalled share does not fall through 1/2 between the loads "
            f"{found.loads[0]:g} and {found.loads[-1]:g}. Widen the loads.",
        )
    if found.limit is None or found.ci95 is None:
        return
    low, high = found.ci95
    if high - low > 2 * kind.off:
        yield limitation(
            "capacity_uncertain",
            f"The capacity of {kind.words} is known to {(high - low) / 2:.2g} N only, {kind.off:.2g} N is asked for. "
            "Give more draws or larger sizes.",
        )
    if low > kind.published + kind.off or high < kind.published - kind.off:
        yield limitation(
            "capacity_off_theory",
            f"The capacity of {kind.words} is {found.limit:.4f} N ({low:.4f} to {high:.4f}), more than {kind.off:.2g} "
            f"N off the published {kind.published:g} N. Small sizes are far from the limit: take larger ones.",
        )


def capacity_headline(found: Capacity, kind: KindOfMemory) -> Headline:
    """The capacity as a report begins with it."""
    name = f"capacity of {kind.words}"
    if found.limit is None or found.ci95 is None:
        return Headline(value="–", name=name, detail="withheld: a half-point is missing")
    interval = " to ".join(f"{end:.3g}" for end in found.ci95)
    return Headline(
        value=f"{found.limit:.3g} N", name=name, detail=f"95 %: {interval}; published, by theory: {kind.published}"
    )


def capacity_figure(found: Capacity, kind: KindOfMemory) -> Figure:
    """Recalled share against the load, by size."""
    figure = new_figure(5.4, 3.4)
    ax = figure.subplots()
    for point, colour in zip(found.points, COLOURS, strict=False):
        ax.plot(found.loads, point.shares, "o-", markersize=3.5, color=colour, label=f"N = {point.size:,}")
    if found.limit is not None:
        ax.axvline(found.limit, color="0.3", linewidth=1, label="limit of many")
    ax.axvline(kind.published, color="0.3", linestyle=":", linewidth=1, label=f"theory, {kind.published}")
    ax.axhline(0.5, color="0.7", linewidth=0.8, zorder=0)
    ax.set(xlabel="load, patterns / N", ylabel="recalled share", ylim=(-0.02, 1.02))
    ax.legend(frameon=False, fontsize="small")
    bare(ax)
    return figure
