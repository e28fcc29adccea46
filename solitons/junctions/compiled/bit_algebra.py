"""Compiled: ranks of matrices over GF(2), and the shortest shift registers that make a sequence."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["complexities", "ranks"]


@njit(cache=True)
def ranks(matrices):
    """Rank over GF(2) of each (matrix, row, column) of 0 and 1; changed."""
    count, size, _ = matrices.shape
    found = np.zeros(count, dtype=np.int64)
    for index in range(count):
        a = matrices[index]
        rank = 0
        for column in range(size):
            pivot = rank
            while pivot < size and a[pivot, column] == 0:
                pivot += 1
            if pivot == size:
                continue
            for k in range(size):
                a[rank, k], a[pivot, k] = a[pivot, k], a[rank, k]
            for row in range(rank + 1, size):
                if a[row, column]:
                    for k in range(column, size):
                        a[row, k] ^= a[rank, k]
            rank += 1
        found[index] = rank
    return found


@njit(cache=True)
def complexities(blocks):
    """Length of the shortest linear feedback register of each (block, bit): J. L. Massey, IEEE Trans. IT-15 (1969)."""
    count, size = blocks.shape
    found = np.zeros(count, dtype=np.int64)
    for index in range(count):
        s = blocks[index]
        c, b, kept = np.zeros(size + 1, np.uint8), np.zeros(size + 1, np.uint8), np.zeros(size + 1, np.uint8)
        c[0] = b[0] = 1
        length, last = 0, -1
        for n in range(size):
            discrepancy = s[n]
            for i in range(1, length + 1):
                discrepancy ^= c[i] & s[n - i]
            if discrepancy:
                kept[:] = c
                shift = n - last
                for i in range(size + 1 - shift):
                    c[i + shift] ^= b[i]
                if 2 * length <= n:
                    length, last = n + 1 - length, n
                    b[:] = kept
        found[index] = length
    return found
