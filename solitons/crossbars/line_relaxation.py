r"""Currents of a crossbar fast, with a bound on their error that is computed for each answer.

All word lines are solved exactly with the bit lines held, then all bit lines with the word lines held, and so on: each
line is a tridiagonal system, so that a sweep costs as much as looking at every cell a few times. It is a block
Gauss-Seidel method; Kirchhoff's matrix is symmetric and positive definite, so that it converges, whatever the wires.

**The bound.** After a sweep the bit lines' nodes obey Kirchhoff's law, and each node of a word line lacks the current
r = G (v - v'), with v and v' the voltage of its cell's other node after and before. The true solution is this one plus
that of the same network with all ends at 0 V and the currents -r fed into the nodes. Each of those leaves through the
ends, in shares that are not negative and add up to 1 (the matrix is an M-matrix; it is a random walk that is absorbed
there). So the currents I_j out of the bit lines are wrong by

.. math:: \sum_j |\Delta I_j| \le \sum_n |r_n|,

which is a theorem, but for the rounding of numbers. No line is wrong by more than the bound, and all together neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.crossbars.compiled.lines import relax
from solitons.crossbars.wires import Wires, checked_conductances

__all__ = ["BoundedCurrents", "bounded_bit_currents"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BoundedCurrents:
    """Currents out of the bit lines, and how far off they may be.

    Parameters
    ----------
    bit_current : array (bits,)
        In A.
    bound : float
        In A: the sum over the bit lines of the size of the error is not above it.
    sweeps : int
        Over all lines.
    bit_voltage : array (words, bits)
        Of the cells' nodes on the bit lines in V: where an array that is nearly the same begins.

    Examples
    --------
    >>> found = BoundedCurrents(np.array([3.1e-5, 2.9e-5]), bound=3e-8, sweeps=12, bit_voltage=np.zeros((2, 2)))
    >>> f"{found.relative_bound:.1e}"  # the two currents together are off by no more
    '5.0e-04'
    """

    bit_current: Floats
    bound: float
    sweeps: int
    bit_voltage: Floats

    @property
    def relative_bound(self) -> float:
        """The bound over the sum of the sizes of all currents."""
        total = float(np.abs(self.bit_current).sum())
        return self.bound / total if total else (0.0 if not self.bound else float("inf"))


def bounded_bit_currents(
    conductance: npt.ArrayLike,
    wires: Wires,
    word_voltage: npt.ArrayLike,
    *,
    tolerance: float = 1e-3,
    most: int = 10_000,
    start: npt.ArrayLike | None = None,
) -> BoundedCurrents:
    """Currents out of the bit lines of a crossbar for one set of voltages, their ends at 0 V.

    Parameters
    ----------
    conductance : array (words, bits)
        Of the cells in S, each above 0.
    wires : Wires
        With segments above 0 ohm of both kinds of lines.
    word_voltage : array (words,)
        Applied to the word lines in V.
    tolerance : float
        Bound over the sum of the sizes of the currents at which it ends.
    most : int
        Sweeps; if they are used up the bound says how far it has come.
    start : array (words, bits), optional
        Voltages on the bit lines to begin with, such as `BoundedCurrents.bit_voltage` of the array before a few
        of its cells were written; 0 V if left out.

    Raises
    ------
    ValueError
        If a segment has no resistance, a shape is wrong, or a number is not finite or not above 0.

    Examples
    --------
    >>> cells = np.full((32, 32), 1e-4)
    >>> found = bounded_bit_currents(cells, Wires(word_segment=2.0, bit_segment=2.0), np.ones(32))
    >>> from solitons.crossbars import ResistorCrossbar
    >>> exact = ResistorCrossbar(cells, Wires(word_segment=2.0, bit_segment=2.0)).bit_currents(np.ones(32))
    >>> bool(np.abs(found.bit_current - exact).sum() <= found.bound), found.relative_bound < 1e-3
    (True, True)
    """
    cells = checked_conductances(conductance, "bounded_bit_currents")
    wires.require_one_tile(cells.shape, "bounded_bit_currents")
    if not (wires.word_segment > 0 and wires.bit_segment > 0):
        raise ValueError(
            f"bounded_bit_currents: segments of {wires.word_segment} ohm (word lines) and {wires.bit_segment} ohm (bit "
            "lines); a line without resistance has one voltage, which this method does not have: use ResistorCrossbar"
        )
    if not (np.isfinite(tolerance) and tolerance > 0) or most < 1:
        raise ValueError(
            f"bounded_bit_currents: tolerance = {tolerance} must be above 0 and finite, and most = {most} be 1 or more"
        )
    applied = np.ascontiguousarray(word_voltage, dtype=np.float64)
    bits = np.zeros(cells.shape) if start is None else np.array(start, dtype=np.float64)
    for name, value, shape in (("word_voltage", applied, cells.shape[:1]), ("start", bits, cells.shape)):
        if value.shape != shape or not np.isfinite(value).all():
            raise ValueError(
                f"bounded_bit_currents: {name} has the shape {value.shape} and must be finite with the shape {shape}"
            )
    current, bound, sweeps = relax(
        np.ascontiguousarray(cells),
        1 / wires.word_segment,
        1 / (wires.word_segment + wires.driver),
        1 / wires.bit_segment,
        1 / (wires.bit_segment + wires.sense),
        applied,
        bits,
        float(tolerance),
        int(most),
    )
    return BoundedCurrents(current, float(bound), int(sweeps), bits)
