"""Compiled: couplings of pairs of magnets, each of a few dipoles along and across its axis, with their gradients."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

__all__ = ["couplings"]

_NEAREST = 1e-6
"""Square of the distance below which two dipoles are not nearer."""


@njit(cache=True)
def couplings(at, phi, along, across, first, second):
    """Couplings of pairs of magnets and their derivatives; see `solitons.magnet_logic.placement`.

    Parameters
    ----------
    at : array (magnets, 2)
    phi : array (magnets,)
        Angles of the axes.
    along, across : array (points,)
        Positions of a magnet's dipoles, from its middle.
    first, second : int array (pairs,)

    Returns
    -------
    values : array (pairs,)
    gradient : array (pairs, 2)
        To the first magnet's place; less that to the second's.
    to_first, to_second : array (pairs,)
        To the two angles.
    """
    cosines, sines = np.cos(phi), np.sin(phi)
    values, gradient = np.zeros(first.size), np.zeros((first.size, 2))
    to_first, to_second = np.zeros(first.size), np.zeros(first.size)
    share = 1.0 / along.size**2
    for pair in range(first.size):
        one, other = first[pair], second[pair]
        cx, cy, dx, dy = cosines[one], sines[one], cosines[other], sines[other]
        middle_x, middle_y = at[one, 0] - at[other, 0], at[one, 1] - at[other, 1]
        same, crossed = cx * dx + cy * dy, cx * dy - cy * dx
        for i in range(along.size):
            # From the middle to the dipole, and how it moves as the axis turns.
            ax, ay = along[i] * cx - across[i] * cy, along[i] * cy + across[i] * cx
            for j in range(along.size):
                bx, by = along[j] * dx - across[j] * dy, along[j] * dy + across[j] * dx
                x, y = middle_x + ax - bx, middle_y + ay - by
                square = max(x * x + y * y, _NEAREST)
                third = 1.0 / (square * math.sqrt(square))
                fifth = third / square
                near, far = cx * x + cy * y, dx * x + dy * y
                values[pair] += share * (3 * near * far * fifth - same * third) / 2
                radial = (-15 * near * far / square + 3 * same) * fifth
                gx = (3 * (cx * far + dx * near) * fifth + x * radial) / 2
                gy = (3 * (cy * far + dy * near) * fifth + y * radial) / 2
                gradient[pair, 0] += share * gx
                gradient[pair, 1] += share * gy
                # An angle turns the axis, and moves the dipoles.
                turned = (3 * (cx * y - cy * x) * far * fifth - crossed * third) / 2
                to_first[pair] += share * (turned - gx * ay + gy * ax)
                turned = (3 * (dx * y - dy * x) * near * fifth + crossed * third) / 2
                to_second[pair] += share * (turned + gx * by - gy * bx)
    return values, gradient, to_first, to_second
