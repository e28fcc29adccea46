"""Gauss rules for weights with known moments."""

import functools

import numpy as np
import scipy.special


def from_moments(moments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes (ascending) and weights (points,) that integrate polynomials of degree below 2 points exactly.

    `moments` (2 points + 1,) are the integrals of x^k, k = 0 ... 2 points, of a positive weight. Golub and Welsch,
    Math. Comp. 23, 221 (1969).
    """
    points = (len(moments) - 1) // 2
    hankel = moments[np.add.outer(np.arange(points + 1), np.arange(points + 1))]
    factor = np.linalg.cholesky(hankel).T
    steps = np.diag(factor, 1) / np.diag(factor)[:-1]
    off_diagonal = (np.diag(factor)[1:] / np.diag(factor)[:-1])[: points - 1]
    diagonal = np.diff(steps, prepend=0.0)
    nodes, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(off_diagonal, 1) + np.diag(off_diagonal, -1))
    return nodes, moments[0] * vectors[0] ** 2


@functools.cache
def triangle_quadrature(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Return Gauss nodes on [-1, 1] and weights for 1 - |u|, the overlap of two unit cells.

    Its moments are 2 / [(k + 1)(k + 2)] for even k and 0 for odd k.
    """
    order = np.arange(2 * points + 1)
    return from_moments(np.where(order % 2 == 0, 2.0 / ((order + 1) * (order + 2)), 0.0))


@functools.cache
def series_tail(start: int, power: int, points: int) -> tuple[np.ndarray, np.ndarray]:
    r"""Places x and weights w (points,) for the rest, from s on, of a series whose terms fall as a power.

    .. math:: \sum_{n = s}^\infty f(n) \approx \sum_i w_i f(x_i)

    It is exact for f(n) = n^-(power + j), j = 0 ... 2 points - 1: the Gauss rule for the weight n^-power on the points
    s / n in (0, 1], whose moments are Hurwitz's zeta function. s is at least 1, the power at least 2.
    """
    order = np.arange(2 * points + 1)
    moments = float(start) ** (power + order) * scipy.special.zeta(power + order, start)
    nodes, weights = from_moments(moments)
    places = start / nodes
    return places, weights * nodes ** (-float(power))
