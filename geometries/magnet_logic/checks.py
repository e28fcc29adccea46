"""Checks of an array of magnets; each names the magnet, the value and the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from geometries import drawing
from geometries.magnet_logic.magnets import Magnet, outlines
from geometries.outlines.convex import separations
from geometries.quantities import format_quantity
from geometries.sizes import refuse_more

__all__ = ["check_apart", "check_driven", "check_each", "check_signals", "near_pairs", "pattern_states"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Most pairs of magnets in each other's reach: their outlines take some seconds to compare.
_MOST_PAIRS = 300_000
_CHUNK = 20_000


def near_pairs(magnets: Sequence[Magnet], reach: float) -> tuple[IntArray, FloatArray]:
    """Find the pairs of magnets whose gap is no more than `reach` (m).

    Gives the indices of the magnets (pairs, 2), the smaller first, and the gaps in m, negative where they overlap. A
    ValueError if more magnets lie within each other's reach than an array could be of.
    """
    from scipy.spatial import cKDTree

    tree = cKDTree([(magnet.x, magnet.y) for magnet in magnets])
    across = max(float(np.hypot(magnet.length, magnet.width)) for magnet in magnets) + reach
    refuse_more(
        f"magnets within {format_quantity(across, 'm')} of each other",
        (float(tree.count_neighbors(tree, across)) - len(magnets)) / 2,
        _MOST_PAIRS,
        "pairs",
        "move magnets apart, or give a shorter reach",
    )
    pairs = np.sort(tree.query_pairs(across, output_type="ndarray").astype(np.int64).reshape(-1, 2), axis=1)
    every = outlines(magnets)
    chunks = np.split(pairs, range(_CHUNK, len(pairs), _CHUNK)) if len(pairs) else []
    gaps = np.concatenate(
        [np.zeros(0), *(separations(every.take(some[:, 0]), every.take(some[:, 1])) for some in chunks)]
    )
    near = gaps <= reach
    return pairs[near], gaps[near]


def check_each(magnets: Sequence[Magnet], cell: tuple[float, float]) -> None:
    """Refuse two magnets of one name, and a magnet thinner than two cells of the size `cell` (m)."""
    names = [magnet.name for magnet in magnets]
    twice = next((name for index, name in enumerate(names) if name in set(names[:index])), None)
    if twice is not None:
        raise ValueError(f"magnets: two are named {twice!r}; give each a name of its own")
    thin = min(magnets, key=lambda magnet: magnet.width)
    if thin.width < 2 * max(cell):
        raise ValueError(
            f"magnet {thin.name!r} is {format_quantity(thin.width, 'm')} wide, less than two cells of "
            f"{drawing.size_text(*cell)}; choose smaller cells"
        )


def check_apart(magnets: Sequence[Magnet], near: tuple[IntArray, FloatArray], cell: tuple[float, float]) -> None:
    """Refuse magnets that are less than a cell apart: their cells might touch and feel each other's exchange.

    `near` are the pairs of `near_pairs` within a cell's size, and perhaps others.
    """
    limit = max(cell)
    pairs, gaps = near
    if not np.any(gaps < limit):
        return
    closest = int(np.argmin(gaps))
    one, other = (magnets[i].name for i in pairs[closest])
    gap = float(gaps[closest])
    relation = "overlap" if gap < 0 else f"are {format_quantity(gap, 'm')} apart"
    raise ValueError(
        f"magnets {one!r} and {other!r} {relation}, less than a cell of {format_quantity(limit, 'm')}: their cells "
        "might touch and feel each other's exchange; move them apart, or choose smaller cells"
    )


def check_driven(magnets: Sequence[Magnet], near: tuple[IntArray, FloatArray], reach: float) -> None:
    """Refuse an output that depends on no input: no chain of neighbours, blocks left out, leads there from one.

    `near` are the pairs of `near_pairs` within `reach` (m), and perhaps others.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not any(magnet.role == "output" for magnet in magnets):
        return
    pairs = near[0][near[1] <= reach]
    # A block has no bit, so that none passes through it.
    bits = np.array([magnet.role != "block" for magnet in magnets])
    pairs = pairs[bits[pairs].all(axis=1)]
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(magnets), len(magnets)))
    _, group = connected_components(joined, directed=False)
    driven = {int(group[i]) for i, magnet in enumerate(magnets) if magnet.role == "input"}
    for i, magnet in enumerate(magnets):
        if magnet.role == "output" and int(group[i]) not in driven:
            raise ValueError(
                f"output {magnet.name!r} depends on no input: no chain of neighbours, magnets up to "
                f"{format_quantity(reach, 'm')} apart, leads there from one; add an input, move magnets "
                "closer, or raise reach"
            )


def check_signals(magnets: Sequence[Magnet]) -> None:
    """Refuse inputs of one signal whose states differ."""
    first: dict[str, Magnet] = {}
    for magnet in magnets:
        if magnet.role != "input":
            continue
        other = first.setdefault(magnet.signal or magnet.name, magnet)
        if other.state != magnet.state:
            raise ValueError(
                f"inputs {other.name!r} and {magnet.name!r} have the signal {magnet.signal or magnet.name!r} and the "
                f"states {other.state} and {magnet.state}; give them one state, or use input_pattern"
            )


def pattern_states(signals: Sequence[str], pattern: int) -> dict[str, Literal[1, -1]]:
    """Give the value of each signal in a row of the truth table, whose binary digits they are."""
    if not 0 <= pattern < 2 ** len(signals):
        raise ValueError(
            f"input_pattern = {pattern} is no row of the truth table; {len(signals)} signals "
            f"({', '.join(signals) or 'none'}) have rows from 0 to {2 ** len(signals) - 1}"
        )
    last = len(signals) - 1
    return {name: 1 if pattern >> (last - place) & 1 else -1 for place, name in enumerate(signals)}
