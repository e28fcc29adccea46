"""Compiled: all lines of a crossbar, each solved exactly while the others are held, one direction after the other."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["relax"]


@njit(cache=True, nogil=True)
def _words(cells, segment, end, applied, bits, words, ahead):
    """Solve each word line, driven at its left end, for the bit lines' voltages."""
    rows, columns = cells.shape
    for row in range(rows):
        # Thomas's algorithm from the driver on.
        left = end
        pushed = end * applied[row]
        for column in range(columns):
            right = segment if column < columns - 1 else 0.0
            diagonal = left + right + cells[row, column]
            current = cells[row, column] * bits[row, column]
            if column:
                diagonal -= segment * ahead[column - 1]
                current += segment * words[row, column - 1]
            else:
                current += pushed
            ahead[column] = right / diagonal
            words[row, column] = current / diagonal
            left = segment
        for column in range(columns - 2, -1, -1):
            words[row, column] += ahead[column] * words[row, column + 1]


@njit(cache=True, nogil=True)
def _bits(cells, segment, end, words, bits, ahead):
    """Solve each bit line, sensed at its lower end at 0 V, and add up how far that leaves the word lines off, in A."""
    rows, columns = cells.shape
    off = 0.0
    for column in range(columns):
        above = 0.0
        for row in range(rows):
            below = segment if row < rows - 1 else end
            diagonal = above + below + cells[row, column]
            current = cells[row, column] * words[row, column]
            if row:
                diagonal -= segment * ahead[row - 1, 0]
                current += segment * ahead[row - 1, 1]
            ahead[row, 0] = (below if row < rows - 1 else 0.0) / diagonal
            ahead[row, 1] = current / diagonal
            above = segment
        voltage = 0.0
        for row in range(rows - 1, -1, -1):
            voltage = ahead[row, 1] + ahead[row, 0] * voltage
            off += cells[row, column] * abs(voltage - bits[row, column])
            bits[row, column] = voltage
    return off


@njit(cache=True, nogil=True)
def relax(cells, word_segment, word_end, bit_segment, bit_end, applied, bits, tolerance, most):
    """Alternate between word lines and bit lines until the bound is small enough.

    Parameters
    ----------
    cells : array (words, bits)
        Conductances in S.
    word_segment, word_end, bit_segment, bit_end : float
        Conductance in S of a segment, and of the last piece of a line with its driver or sense.
    applied : array (words,)
        In V.
    bits : array (words, bits)
        Voltages of the cells' nodes on bit lines in V; changed.
    tolerance : float
        Bound over the sum of the sizes of the bit lines' currents at which it ends.
    most : int
        Sweeps.

    Returns
    -------
    current : array (bits,)
        Out of the bit lines in A.
    bound : float
        Sum of the sizes of the currents in A that the word lines' nodes lack.
    sweeps : int
    """
    rows, columns = cells.shape
    words = np.empty((rows, columns))
    ahead_words, ahead_bits = np.empty(columns), np.empty((rows, 2))
    bound = np.inf
    sweeps = 0
    while sweeps < most:
        _words(cells, word_segment, word_end, applied, bits, words, ahead_words)
        bound = _bits(cells, bit_segment, bit_end, words, bits, ahead_bits)
        sweeps += 1
        total = 0.0
        for column in range(columns):
            total += abs(bits[rows - 1, column])
        if bound <= tolerance * total * bit_end:
            break
    return bits[rows - 1] * bit_end, bound, sweeps
