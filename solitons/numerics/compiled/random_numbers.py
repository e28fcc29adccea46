"""Compiled: normal numbers that are a function of a key and a counter.

Philox4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, Proc. SC11, article 16 (2011)) mixes a counter
under a key; Box and Muller's transform makes normal numbers of it. A trajectory's numbers depend on the seed, on which
trajectory it is and on the step, and so neither on threads nor on which other trajectories are followed.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

__all__ = ["four_normals", "philox"]

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)


@njit(cache=True, inline="always")
def philox(c0, c1, c2, c3, k0, k1):
    """Mix four 32-bit counters under two 32-bit keys, all in uint64; four 32-bit numbers."""
    for _ in range(10):
        first = _MULTIPLIERS[0] * c0
        second = _MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (second >> _HALF) ^ c1 ^ k0, second & _LOW, (first >> _HALF) ^ c3 ^ k1, first & _LOW
        k0 = (k0 + _WEYL[0]) & _LOW
        k1 = (k1 + _WEYL[1]) & _LOW
    return c0, c1, c2, c3


@njit(cache=True, inline="always")
def four_normals(trajectory, step, stream, key):
    """Four normal numbers of variance 1 for one step of one trajectory; all arguments uint64."""
    a, b, c, d = philox(trajectory & _LOW, step & _LOW, step >> _HALF, stream, key & _LOW, key >> _HALF)
    # Half a unit away from 0 and 1: the logarithm is finite.
    scale = 1.0 / 4294967296.0
    first = math.sqrt(-2.0 * math.log((np.float64(a) + 0.5) * scale))
    second = math.sqrt(-2.0 * math.log((np.float64(c) + 0.5) * scale))
    angle = 2.0 * math.pi * (np.float64(b) + 0.5) * scale
    other = 2.0 * math.pi * (np.float64(d) + 0.5) * scale
    return first * math.cos(angle), first * math.sin(angle), second * math.cos(other), second * math.sin(other)
