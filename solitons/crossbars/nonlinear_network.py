"""A crossbar whose cells are not Ohmic: Newton's method on the sparse network, converged or refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import splu

from solitons.crossbars.cell_currents import AbstractCells, Branch
from solitons.crossbars.nodes import CrossbarNodes, crossbar_nodes
from solitons.crossbars.resistor_network import CrossbarSolution
from solitons.crossbars.wires import Wires, checked_conductances

__all__ = ["NoOperatingPoint", "NonlinearSolution", "solve_cells"]

Floats = npt.NDArray[np.float64]

_TOLERANCE = 1e-9
"""Residual of Kirchhoff's current law at a node, over the largest current of a cell or an end."""
_MOST_STEPS = 200
_LEAST_SHARE = 2.0**-20
"""Smallest share of a Newton step that is tried."""


class NoOperatingPoint(RuntimeError):
    """Newton's method found no voltages that obey Kirchhoff's law; nothing is returned in their place.

    An example is a line that floats behind closed selectors: it may have any voltage.
    """


@dataclass(frozen=True, eq=False)
class NonlinearSolution(CrossbarSolution):
    """Currents in a crossbar of non-ohmic cells, for one set of applied voltages.

    Beside what `CrossbarSolution` has: the current of each cell in A and the voltage over its device in V, (words,
    bits); `residual`, what is left of Kirchhoff's current law at the worst node over the largest current; and the
    number of Newton steps.
    """

    cell_current: Floats
    device_voltage: Floats
    residual: float
    steps: int


def solve_cells(
    cells: AbstractCells,
    wires: Wires,
    word_voltage: npt.ArrayLike,
    bit_voltage: npt.ArrayLike = 0.0,
    floating_words: npt.ArrayLike | None = None,
    floating_bits: npt.ArrayLike | None = None,
    sense: npt.ArrayLike | None = None,
) -> NonlinearSolution:
    """Voltages and currents of a crossbar under one set of applied voltages.

    Every step solves the sparse linear system of the cells' slopes, and is halved until less is left of Kirchhoff's
    law.

    Parameters
    ----------
    cells : AbstractCells
        Cells, which define the current of each.
    wires : Wires
        Resistances of the lines.
    word_voltage, bit_voltage : array
        Applied to the lines in V; of a line that floats it does not matter.
    floating_words, floating_bits, sense
        As in `ResistorCrossbar`.

    Raises
    ------
    NoOperatingPoint
        If Newton's method does not converge.
    ValueError
        If a conductance is not above 0 or not finite, or the voltages do not fit the lines.

    Examples
    --------
    The selector in series takes the part of 1 V that the device does not:

    >>> from solitons.crossbars import Selector, SelectorCells
    >>> cells = SelectorCells(np.array([[1e-4]]), Selector(current=1e-12, voltage=0.05))
    >>> found = solve_cells(cells, Wires(), [1.0])
    >>> round(float(found.device_voltage[0, 0]), 4), round(float(found.cell_current[0, 0]) * 1e6, 3)  # V and uA
    (0.1419, 14.193)
    """
    conductance = checked_conductances(cells.conductance, "solve_cells")
    shape = (conductance.shape[0], conductance.shape[1])
    nodes = crossbar_nodes(shape, wires, floating_words, floating_bits, sense)
    ends = nodes.end_voltages(word_voltage, bit_voltage, "solve_cells")
    if ends.ndim != 1:
        raise ValueError(
            f"solve_cells: the voltages have the shape {ends.shape[:-1]} beside the lines; give one set at a time, "
            "since each has an operating point of its own"
        )
    middle = float(ends.min() + ends.max()) / 2 if ends.size else 0.0
    voltage = np.concatenate([np.full(nodes.free, middle), ends])
    branch, left, scale = _left(cells, nodes, voltage)
    steps = 0
    while np.abs(left[: nodes.free]).max(initial=0.0) > _TOLERANCE * scale:
        if steps == _MOST_STEPS:
            raise NoOperatingPoint(_no_point(left, nodes, scale, steps))
        try:
            change = -splu(_slopes(nodes, branch)).solve(left[: nodes.free])
        except RuntimeError as error:  # a line that floats behind closed selectors has any voltage
            raise NoOperatingPoint(_no_point(left, nodes, scale, steps)) from error
        share = 1.0
        while True:
            tried = voltage.copy()
            tried[: nodes.free] += share * change
            new_branch, new_left, new_scale = _left(cells, nodes, tried)
            if np.linalg.norm(new_left[: nodes.free]) < (1 - share / 1e4) * np.linalg.norm(left[: nodes.free]):
                break
            share /= 2
            if share < _LEAST_SHARE:
                raise NoOperatingPoint(_no_point(left, nodes, scale, steps))
        voltage, branch, left, scale, steps = tried, new_branch, new_left, new_scale, steps + 1
    word_current, bit_current = nodes.line_currents(left[nodes.free :])
    return NonlinearSolution(
        word_current=word_current,
        bit_current=bit_current,
        word_voltage=voltage[nodes.words],
        bit_voltage=voltage[nodes.bits],
        cell_current=branch.current,
        device_voltage=cells.device_voltage(branch.current),
        residual=float(np.abs(left[: nodes.free]).max(initial=0.0) / scale) if scale else 0.0,
        steps=steps,
    )


def _left(cells: AbstractCells, nodes: CrossbarNodes, voltage: Floats) -> tuple[Branch, Floats, float]:
    """The cells' currents, the current out of each node, which is 0 of a free one, and the largest current."""
    branch = cells.branch(voltage[nodes.words], voltage[nodes.bits])
    left = nodes.wires @ voltage
    current = branch.current.ravel()
    left += np.bincount(nodes.words.ravel(), current, left.size) - np.bincount(nodes.bits.ravel(), current, left.size)
    return branch, left, float(np.abs(branch.current).max(initial=0.0))


def _slopes(nodes: CrossbarNodes, branch: Branch) -> sparse.csc_matrix:
    """Derivative of the current out of each free node by the voltages of all free nodes, in S."""
    words, bits = nodes.words.ravel(), nodes.bits.ravel()
    by_word, by_bit = branch.by_word.ravel(), branch.by_bit.ravel()
    total = nodes.free + nodes.ends
    cells = sparse.csc_matrix(
        (
            np.concatenate([by_word, by_bit, -by_word, -by_bit]),
            (np.concatenate([words, words, bits, bits]), np.concatenate([words, bits, words, bits])),
        ),
        shape=(total, total),
    )
    return (nodes.wires + cells)[: nodes.free, : nodes.free].tocsc()


def _no_point(left: Floats, nodes: CrossbarNodes, scale: float, steps: int) -> str:
    worst = float(np.abs(left[: nodes.free]).max())
    return (
        f"solve_cells: after {steps} Newton steps Kirchhoff's law is broken by {worst:.3g} A at a node, where the "
        f"largest current of a cell is {scale:.3g} A; lower the voltages, give floating lines a bias, or check the "
        "cells' numbers"
    )
