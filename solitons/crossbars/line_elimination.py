r"""Exact matrix that a crossbar multiplies by, by eliminating one line after another.

A word line of m cells is a chain of segments; its voltages follow from the bit lines' where it crosses them.
With the chain's matrix T (segments and driver), the cells' conductances of row i as a diagonal G_i, and
:math:`M_i = (T + G_i)^{-1}`, what is left of Kirchhoff's law for the voltages b_i of the bit lines at that row is

.. math:: A_i b_i - s\,(b_{i-1} + b_{i+1}) = G_i M_i e_1 g_d\, v_i, \qquad A_i = G_i - G_i M_i G_i + s_i,

with s the conductance of a segment of the bit lines, s_i the sum of the two at the row, and g_d the conductance of the
driver with its first segment. Rows are eliminated from the top, :math:`P_i = A_i - s^2 P_{i-1}^{-1}`, and the
current out of the bit lines for a volt on word line i is

.. math:: g_{end}\, P_n^{-1} s P_{n-1}^{-1} s \cdots P_i^{-1}\, G_i M_i e_1 g_d .

This takes n m^3 steps in dense blocks, several times fewer seconds than a sparse factorisation and m right-hand sides.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.crossbars.wires import Wires

__all__ = ["eliminated_conductance", "worth_eliminating"]

Floats = npt.NDArray[np.float64]

_MOST_NUMBERS = 2**24
"""Numbers kept of all blocks, 128 MB, as of 256 x 256 cells: larger arrays are left to a sparse solver."""
_AT_ONCE = 64
"""Rows whose word lines are eliminated together."""


def worth_eliminating(shape: tuple[int, ...], wires: Wires) -> bool:
    """Whether an array has resistance along both kinds of lines, and blocks that fit the memory."""
    return wires.word_segment > 0 and wires.bit_segment > 0 and max(shape) * min(shape) ** 2 <= _MOST_NUMBERS


def eliminated_conductance(conductance: Floats, wires: Wires) -> Floats:
    """Current out of each bit line for a volt on each word line, others at 0 V, (words, bits) in S.

    Both kinds of lines have resistance.
    """
    words, bits = conductance.shape
    if words < bits:
        # The network is reciprocal: driven and sensed ends may change places. Lines are driven at their first cell and
        # sensed at their last one.
        turned = Wires(wires.bit_segment, wires.word_segment, driver=wires.sense, sense=wires.driver)
        return eliminated_conductance(np.ascontiguousarray(conductance[::-1, ::-1].T), turned).T[::-1, ::-1]
    along, segment = 1 / wires.word_segment, 1 / wires.bit_segment
    driver, end = 1 / (wires.word_segment + wires.driver), 1 / (wires.bit_segment + wires.sense)
    chain = np.diag(np.full(bits, 2 * along)) - along * (np.eye(bits, k=1) + np.eye(bits, k=-1))
    chain[-1, -1] -= along
    chain[0, 0] += driver - along
    place = np.arange(bits)
    passed, sources = np.empty((words, bits, bits)), np.empty((words, bits))
    for first in range(0, words, _AT_ONCE):
        cells = conductance[first : first + _AT_ONCE]
        whole = np.repeat(chain[None], len(cells), axis=0)
        whole[:, place, place] += cells
        inverse = np.linalg.inv(whole)
        sources[first : first + _AT_ONCE] = driver * cells * inverse[:, :, 0]
        left = -cells[:, :, None] * inverse * cells[:, None, :]
        left[:, place, place] += cells + 2 * segment
        passed[first : first + _AT_ONCE] = left
    passed[0, place, place] -= segment
    passed[-1, place, place] += end - segment
    passed[0] = np.linalg.inv(passed[0])
    for row in range(1, words):
        passed[row] = np.linalg.inv(passed[row] - segment**2 * passed[row - 1])
    found = np.empty((words, bits))
    onward = end * passed[-1]
    found[-1] = onward @ sources[-1]
    for row in range(words - 2, -1, -1):
        onward = segment * (onward @ passed[row])
        found[row] = onward @ sources[row]
    return found
