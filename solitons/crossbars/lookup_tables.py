r"""Look-up tables of junctions behind a tree of transistors, and the full adder that two of them are.

A table of k inputs has 2^k junctions. At each node of the tree an input opens one of two transistors, so that a row is
read through k open ones, and all others leak through at least one that is closed. A junction whose conductance has the
deviation s of its logarithm is taken for the wrong state where it lies beyond the **reference**, a junction of the
geometric mean of both states; a **pair** of complementary junctions in two trees compares two of them, whose difference
has sqrt(2) s:

.. math:: p = Q\!\left[\frac{\ln(1 + T)}{2 s}\right], \qquad p = Q\!\left[\frac{\ln(1 + T)}{\sqrt{2} s}\right].

Both are exact where nothing leaks, whatever stands in series (derived here: it leaves the order of conductances).
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from solitons.crossbars.match_lines import MatchCell

__all__ = ["CARRY", "SUM", "read_rows", "row_error", "tree_conductance", "wrong_share"]

Floats = npt.NDArray[np.float64]

_INPUTS = tuple(product((0, 1), repeat=3))
SUM = tuple(sum(row) % 2 for row in _INPUTS)
"""Sum of a full adder by rows of its inputs a, b and carry, 000 to 111."""
CARRY = tuple(int(sum(row) >= 2) for row in _INPUTS)


def tree_conductance(junctions: npt.ArrayLike, row: int, on: float, off: float) -> Floats:
    """Conductance in S of a tree of junctions (..., rows) in S whose inputs choose a row, all that leaks included.

    The row's first bit is at the root. From the junctions on, two branches with their transistors are one.

    Examples
    --------
    >>> float(tree_conductance([1e-4, 5e-5], 1, on=0.0, off=1e4)) * 1e6
    100.0
    """
    found = np.asarray(junctions, dtype=np.float64)
    while found.shape[-1] > 1:
        pairs, channels = found.reshape(*found.shape[:-1], -1, 2), np.where(np.arange(2) == row % 2, on, off)
        found, row = (1 / (1 / pairs + channels)).sum(axis=-1), row // 2
    return np.asarray(found[..., 0])


def read_rows(table: npt.ArrayLike, cell: MatchCell, paired: bool, factors: npt.ArrayLike = 1.0) -> npt.NDArray[Any]:
    """Rows (..., rows) as they are read; `factors` (..., 2, rows) of the junctions in both trees."""
    given = np.asarray(table, dtype=bool)
    both = np.where([given, ~given], cell.parallel, cell.antiparallel) * np.asarray(factors)
    if not paired:
        both[..., 1, :] = np.sqrt(cell.parallel * cell.antiparallel)
    found = np.stack([tree_conductance(both, row, cell.on, cell.off) for row in range(given.size)], axis=-1)
    return np.asarray(found[..., 0, :] > found[..., 1, :])


def row_error(cell: MatchCell, paired: bool) -> float:
    """Chance that a row is read wrongly, in closed form, without leakage."""
    distance = np.log(cell.parallel / cell.antiparallel) / (np.sqrt(2) if paired else 2)
    return float(ndtr(-distance / cell.spread)) if cell.spread else 0.0


def wrong_share(table: npt.ArrayLike, cell: MatchCell, paired: bool, draws: int, seed: int) -> float:
    """Share of the rows of drawn tables that are read wrongly, leakage of all others included."""
    factors = np.exp(cell.spread * np.random.default_rng(seed).standard_normal((draws, 2, np.size(table))))
    return float((read_rows(table, cell, paired, factors) != np.asarray(table, dtype=bool)).mean())
