r"""A crossbar of resistors with the resistance of its wires, solved exactly.

Kirchhoff's current law at every node,

.. math::

   \sum_b g_{ab} (v_a - v_b) = 0,

is a sparse linear system in the voltages of the nodes, two for each cell. It is factorised once for the conductances of
an array (SuperLU, by SciPy), and solved for as many applied voltages as are given. Nothing is approximated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse.linalg import splu

from solitons.crossbars.line_elimination import eliminated_conductance, worth_eliminating
from solitons.crossbars.nodes import CrossbarNodes, crossbar_nodes
from solitons.crossbars.tiles import tiles_of
from solitons.crossbars.wires import Wires, checked_conductances

__all__ = ["CrossbarSolution", "ResistorCrossbar", "effective_conductance", "lost_current"]

Floats = npt.NDArray[np.float64]

_AT_ONCE = 64
"""Voltages that are solved for together: what they take of memory does not grow with their number."""


@dataclass(frozen=True, eq=False)
class CrossbarSolution:
    """Currents in a crossbar, for each set of applied voltages.

    Parameters
    ----------
    word_current : array (..., words)
        Into each word line in A; 0 where it floats.
    bit_current : array (..., bits)
        Out of each bit line in A; 0 where it floats.
    word_voltage, bit_voltage : array (..., words, bits)
        Voltages of each cell's node on its word line and on its bit line, in V.

    Examples
    --------
    >>> crossbar = ResistorCrossbar([[1e-3, 1e-3], [1e-3, 1e-3]], Wires(word_segment=1.0, bit_segment=1.0))
    >>> found = crossbar.solve([0.1, 0.1])
    >>> in_, out = float(found.word_current.sum()), float(found.bit_current.sum())
    >>> round(1e6 * out, 2), abs(in_ - out) < 1e-12  # uA; nothing is lost on the way
    (398.01, True)
    """

    word_current: Floats
    bit_current: Floats
    word_voltage: Floats
    bit_voltage: Floats

    @property
    def cell_voltage(self) -> Floats:
        """From word line to bit line over each cell, in V."""
        return self.word_voltage - self.bit_voltage


class ResistorCrossbar:
    """A crossbar of resistors, factorised: one tile, where its wires cut a matrix into several.

    Parameters
    ----------
    conductance : array (words, bits)
        Conductances of the cells in S, each above 0.
    wires : Wires
        Resistances of the lines.
    floating_words, floating_bits : bool array, optional
        Lines that nothing is connected to; none if left out.
    sense : array (bits,), optional
        Resistance in ohm that each bit line ends in; `wires.sense` if left out.

    Raises
    ------
    ValueError
        If a conductance is not above 0, not finite, or there are too many cells or more than a tile has.

    Examples
    --------
    A cell of 1 kohm between two segments of 1 ohm, under 1 V:

    >>> crossbar = ResistorCrossbar([[1e-3]], Wires(word_segment=1.0, bit_segment=1.0))
    >>> round(float(crossbar.solve([1.0]).bit_current[0]) * 1e6, 6)
    998.003992
    """

    def __init__(
        self,
        conductance: npt.ArrayLike,
        wires: Wires,
        floating_words: npt.ArrayLike | None = None,
        floating_bits: npt.ArrayLike | None = None,
        sense: npt.ArrayLike | None = None,
    ) -> None:
        self.conductance = checked_conductances(conductance, "ResistorCrossbar")
        shape = (self.conductance.shape[0], self.conductance.shape[1])
        self.nodes: CrossbarNodes = crossbar_nodes(shape, wires, floating_words, floating_bits, sense)

    @cached_property
    def _matrix(self) -> Any:
        nodes = self.nodes
        return nodes.wires + nodes.stamped(nodes.words.ravel(), nodes.bits.ravel(), self.conductance.ravel())

    @cached_property
    def _from_ends(self) -> Any:
        """Columns of the ends in the free nodes' rows."""
        return self._matrix[: self.nodes.free, self.nodes.free :].tocsr()

    @cached_property
    def _at_ends(self) -> Any:
        """The ends' rows."""
        return self._matrix[self.nodes.free :].tocsr()

    @cached_property
    def _factors(self) -> Any:
        free = self.nodes.free
        # Symmetric and positive definite: no pivots are needed, and the order may be one for a symmetric matrix.
        return splu(
            self._matrix[:free, :free].tocsc(),
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )

    def _free_voltages(self, ends: Floats) -> Floats:
        """Voltages (nodes, sets) of the free nodes for those (ends, sets) of the ends."""
        if not self.nodes.free or not ends.shape[1]:
            return np.zeros((self.nodes.free, ends.shape[1]))
        pushed = -(self._from_ends @ ends)
        # One after another: SuperLU takes longer for several together, whose columns it goes through with strides.
        return np.stack([self._factors.solve(column) for column in pushed.T], axis=1)

    def solve(self, word_voltage: npt.ArrayLike, bit_voltage: npt.ArrayLike = 0.0) -> CrossbarSolution:
        """All voltages and the lines' currents.

        Parameters
        ----------
        word_voltage : array (..., words)
            Applied to the word lines in V; of a line that floats it does not matter.
        bit_voltage : array (..., bits) or float
            Behind the bit lines' ends in V.
        """
        nodes = self.nodes
        applied = nodes.end_voltages(word_voltage, bit_voltage, "ResistorCrossbar.solve")
        ends = applied.reshape(-1, nodes.ends).T
        free = self._free_voltages(ends)
        voltage = np.concatenate([free, ends])
        into = (self._at_ends @ voltage).T.reshape(applied.shape)
        word_current, bit_current = nodes.line_currents(into)
        cells = (*applied.shape[:-1], *nodes.words.shape)
        return CrossbarSolution(
            word_current,
            bit_current,
            voltage[nodes.words.ravel()].T.reshape(cells),
            voltage[nodes.bits.ravel()].T.reshape(cells),
        )

    def bit_currents(self, word_voltage: npt.ArrayLike) -> Floats:
        """Currents (..., bits) in A out of the bit lines, their ends at 0 V, for any number of sets of voltages."""
        nodes = self.nodes
        applied = nodes.end_voltages(word_voltage, 0.0, "ResistorCrossbar.bit_currents")
        ends = applied.reshape(-1, nodes.ends).T
        into = np.empty_like(ends)
        for first in range(0, ends.shape[1], _AT_ONCE):
            some = ends[:, first : first + _AT_ONCE]
            into[:, first : first + _AT_ONCE] = self._at_ends @ np.concatenate([self._free_voltages(some), some])
        return nodes.line_currents(into.T.reshape(applied.shape))[1]


def effective_conductance(conductance: npt.ArrayLike, wires: Wires) -> Floats:
    """Matrix that a crossbar multiplies by: current out of each bit line for a volt on each word line, others at 0 V.

    A crossbar of resistors is linear, so that this matrix (words, bits) in S has all that its wires do to its reading;
    without wires it is the conductances themselves. Arrays of up to some hundred lines are solved line by line in dense
    blocks (`line_elimination`), others by a sparse factorisation from the side with fewer lines. Tiles have a matrix
    each, since the currents of a column of tiles are added.
    """
    given = checked_conductances(conductance, "effective_conductance", wires.tile)
    if wires.ideal:
        return given.copy()
    if wires.cuts(given.shape):
        found = np.empty_like(given)
        for tile in tiles_of(given.shape, wires):
            found[tile] = effective_conductance(given[tile], wires)
        return found
    if worth_eliminating(given.shape, wires):
        return eliminated_conductance(given, wires)
    crossbar = ResistorCrossbar(given, wires)
    words, bits = given.shape
    if words <= bits:
        return crossbar.bit_currents(np.eye(words))
    found = np.empty((bits, words))
    for first in range(0, bits, _AT_ONCE):
        applied = np.eye(bits)[first : first + _AT_ONCE]
        ends = np.concatenate([np.zeros((words, len(applied))), applied.T])
        voltage = np.concatenate([crossbar._free_voltages(ends), ends])
        found[first : first + _AT_ONCE] = -(crossbar._at_ends @ voltage)[:words].T
    return found.T


def lost_current(conductance: npt.ArrayLike, wires: Wires) -> float:
    """Share of the current that the wires cost, with all word lines at one voltage: 0 to 1.

    It is one less the sum over the bit lines of what flows, over what would flow without wires.
    """
    given = checked_conductances(conductance, "lost_current", wires.tile)
    tiles = (given[tile] for tile in tiles_of(given.shape, wires))
    flows = sum(float(ResistorCrossbar(each, wires).bit_currents(np.ones(each.shape[0])).sum()) for each in tiles)
    return float(1 - flows / given.sum())
