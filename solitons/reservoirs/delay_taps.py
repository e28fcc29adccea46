r"""Delayed inputs as features: what a read-out can do without any device, and what a device is compared with.

Linear taps are u_t to u_{t-n+1}; quadratic taps are all products of two of the last q as well,

.. math:: 1, \quad u_{t-i}\ (i < n), \quad u_{t-i} u_{t-j}\ (i \le j < q) .

A digital delay line holds them: of a device with a delay line outside, the line's taps are counted among its weights.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["delay_taps", "quadratic_taps", "taps_of_weights"]

Floats = npt.NDArray[np.float64]

_LINEAR = (0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 80)
"""Numbers of linear taps that are tried beside quadratic ones."""


def delay_taps(inputs: npt.ArrayLike, taps: int) -> Floats:
    """The last inputs, (times, taps), the present one first; 0 before the first.

    Examples
    --------
    >>> delay_taps([1.0, 2.0, 3.0], 2).tolist()
    [[1.0, 0.0], [2.0, 1.0], [3.0, 2.0]]
    """
    given = np.concatenate([np.zeros(taps - 1), np.asarray(inputs, dtype=np.float64)])
    return np.lib.stride_tricks.sliding_window_view(given, taps)[:, ::-1].copy()


def quadratic_taps(inputs: npt.ArrayLike, linear: int, quadratic: int) -> Floats:
    """Linear taps, and the products of two of the last `quadratic` inputs.

    Examples
    --------
    >>> quadratic_taps([1.0, 2.0, 3.0], 2, 2)[-1].tolist()
    [3.0, 2.0, 9.0, 6.0, 4.0]
    """
    first, second = np.triu_indices(quadratic)
    last = delay_taps(inputs, max(linear, quadratic, 1))
    return np.hstack([last[:, :linear], last[:, first] * last[:, second]])


def taps_of_weights(weights: int) -> list[tuple[int, int]]:
    """Pairs of linear and quadratic taps that take so many weights or fewer, as many as they can of either.

    Examples
    --------
    >>> taps_of_weights(24)
    [(0, 6), (1, 6), (2, 6), (3, 6), (4, 5), (5, 5), (6, 5), (8, 5), (10, 4), (15, 3), (20, 2), (24, 0)]
    """
    found = []
    for linear in (*(each for each in _LINEAR if each < weights), weights):
        quadratic = int((np.sqrt(1 + 8 * (weights - linear)) - 1) // 2)
        found.append((linear, quadratic))
    return found
