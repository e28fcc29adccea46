r"""Look-up tables of junctions behind a tree of transistors, and the full adder that two of them are.

A table of k inputs has 2^k junctions. At each node of the tree an input opens one of two transistors, so that a row is
read through k open ones, and all others leak through at least one that is closed. With R_on in each, a junction of
conductance G f in the row's place is taken for the wrong state where it lies beyond the reference.

**One junction and a reference** whose junction is the geometric mean of both states: for ln f of the deviation s,

.. math:: p = Q\!\left[\frac{\ln(1 + T)}{2 s}\right],

whatever stands in series. **A pair** of complementary junctions in two trees compares two of them, and its difference
has the deviation sqrt(2) s:

.. math:: p = Q\!\left[\frac{\ln(1 + T)}{\sqrt{2} s}\right].

Both are exact where nothing leaks (derived here: conductance in series is monotonic in f).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from solitons.crossbars.match_cells import MatchCell

__all__ = ["CARRY", "SUM", "read_rows", "row_error", "tree_conductance", "wrong_shares"]

Floats = npt.NDArray[np.float64]

_INPUTS = tuple(product((0, 1), repeat=3))
SUM = tuple(sum(row) % 2 for row in _INPUTS)
"""Sum of a full adder by rows of its inputs a, b and carry, 000 to 111."""
CARRY = tuple(int(sum(row) >= 2) for row in _INPUTS)


def tree_conductance(junctions: npt.ArrayLike, row: int, on: float, off: float) -> Floats:
    """Conductance in S of a tree whose inputs choose a row, all that leaks included.

    Junctions (..., rows) in S; the row's first bit is at the root. From the junctions on, two branches with their
    transistors are one.

    Examples
    --------
    >>> float(tree_conductance([1e-4, 5e-5], 1, on=0.0, off=1e4)) * 1e6
    100.0
    """
    found = np.asarray(junctions, dtype=np.float64)
    while found.shape[-1] > 1:
        side = np.arange(2) == row % 2
        pairs = found.reshape(*found.shape[:-1], -1, 2)
        found, row = (1 / (1 / pairs + np.where(side, on, off))).sum(axis=-1), row // 2
    return np.asarray(found[..., 0])


def _conductances(table: npt.ArrayLike, cell: MatchCell, factors: npt.ArrayLike = 1.0) -> Floats:
    state = np.where(np.asarray(table, dtype=bool), cell.parallel, cell.antiparallel)
    return np.asarray(state * np.asarray(factors))


def read_rows(
    table: npt.ArrayLike, cell: MatchCell, paired: bool, factors: npt.ArrayLike = 1.0
) -> npt.NDArray[np.bool]:
    """Rows (..., rows) as they are read; `factors` (..., trees, rows) of the junctions in one tree, or in two."""
    given = np.asarray(table, dtype=bool)
    several = np.broadcast_to(factors, np.broadcast_shapes(np.shape(factors), (2, given.size)))
    own = _conductances(given, cell, several[..., 0, :])
    if paired:
        other = _conductances(~given, cell, several[..., 1, :])
    else:
        other = np.full(given.size, np.sqrt(cell.parallel * cell.antiparallel))
    first, second = (
        np.stack([tree_conductance(each, row, cell.on, cell.off) for row in range(given.size)], axis=-1)
        for each in (own, other)
    )
    return np.asarray(first > second)


def row_error(cell: MatchCell, paired: bool) -> float:
    """Chance that a row is read wrongly, in closed form, without leakage."""
    if not cell.spread:
        return 0.0
    return float(ndtr(-np.log(cell.parallel / cell.antiparallel) / ((np.sqrt(2) if paired else 2) * cell.spread)))


def wrong_shares(table: npt.ArrayLike, cell: MatchCell, paired: bool, draws: int, seed: int) -> Floats:
    """Share of drawn tables (rows,) that give each row wrongly, leakage of all others included."""
    factors = np.exp(cell.spread * np.random.default_rng(seed).standard_normal((draws, 2, np.size(table))))
    return np.asarray((read_rows(table, cell, paired, factors) != np.asarray(table, dtype=bool)).mean(axis=0))
