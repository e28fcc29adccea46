r"""Binary patterns and the couplings that store them.

Hebb's rule couples neurons by the p patterns xi = +-1 as

.. math:: J_{ij} = \frac{K}{N} \sum_\mu \xi_i^\mu \xi_j^\mu, \quad i \ne j .

The field of a state is found from its overlaps with the patterns, in 2 N p products, or by the N x N matrix that
devices hold. Hopfield's network of threshold neurons recalls up to 0.138 N random patterns, with 1.5 % of the bits
wrong (D. J. Amit, H. Gutfreund and H. Sompolinsky, Phys. Rev. Lett. 55, 1530 (1985), a theory that takes no breaking of
replica symmetry into account).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "WRONG_ALLOWED",
    "CouplingRule",
    "coupling_matrix",
    "hebbian_couplings",
    "hebbian_matrix",
    "pseudo_inverse_matrix",
    "random_patterns",
    "stable_chance",
    "written_couplings",
    "wrong_bit_chance",
]

Floats: TypeAlias = npt.NDArray[np.float64]
OfAnyPrecision: TypeAlias = npt.NDArray[np.floating[Any]]

CouplingRule = Literal["hebbian", "pseudo_inverse"]

WRONG_ALLOWED = 0.015
"""Share of wrong bits up to which a pattern of threshold neurons counts as recalled."""


def random_patterns(count: int, size: int, generator: np.random.Generator) -> npt.NDArray[np.float32]:
    """Patterns of independent bits +-1, (count, size); the first rows do not depend on the count.

    Examples
    --------
    >>> random_patterns(2, 4, np.random.default_rng(0)).tolist()
    [[1.0, -1.0, -1.0, -1.0], [-1.0, -1.0, 1.0, -1.0]]
    """
    return (1 - 2 * generator.integers(0, 2, (count, size), dtype=np.int8)).astype(np.float32)


def hebbian_couplings(patterns: npt.ArrayLike, strength: float = 1.0) -> Callable[[OfAnyPrecision], OfAnyPrecision]:
    """Hebb's couplings as a map of states that takes 2 N p products.

    Parameters
    ----------
    patterns : array_like, (p, N)
        +-1. Their precision is kept.
    strength : float
        K, in the unit of the fields.

    Returns
    -------
    callable
        Map of states (..., N); neurons are not coupled to themselves.

    Examples
    --------
    >>> patterns = np.array([[1.0, 1.0, -1.0], [1.0, -1.0, -1.0]])
    >>> states = np.array([0.3, 0.5, 0.7])
    >>> bool(np.allclose(hebbian_couplings(patterns, 2.0)(states), hebbian_matrix(patterns, 2.0) @ states))
    True
    """
    stored = np.ascontiguousarray(patterns)
    columns = stored.T
    count, size = stored.shape
    share = stored.dtype.type(strength / size)
    return lambda states: share * ((states @ columns) @ stored - stored.dtype.type(count) * states)


def hebbian_matrix(patterns: npt.ArrayLike, strength: float = 1.0) -> Floats:
    """Hebb's couplings as a matrix (N, N), as devices hold them."""
    stored = np.asarray(patterns, float)
    return np.asarray(hebbian_couplings(stored, strength)(np.eye(stored.shape[1])))


def pseudo_inverse_matrix(patterns: npt.ArrayLike, strength: float = 1.0) -> Floats:
    r"""Couplings K P with the projector P on the stored patterns, which are then exact states of rest.

    .. math:: P = \xi^T (\xi \xi^T)^{-1} \xi

    Its diagonal is left out. (L. Personnaz, I. Guyon and G. Dreyfus, J. Phys. Lett. 46, L359 (1985).) Patterns (p, N)
    that follow from each other are a ValueError.

    Examples
    --------
    >>> pseudo_inverse_matrix([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]])[0].tolist()
    [0.0, 0.0, 0.0, -0.5]
    """
    stored = np.asarray(patterns, float)
    if np.linalg.matrix_rank(stored) < len(stored):
        raise ValueError(
            f"pseudo_inverse_matrix: the {len(stored)} patterns are not linearly independent; leave out equal or "
            "opposite ones, and store fewer patterns than neurons"
        )
    matrix: Floats = strength * (stored.T @ np.linalg.solve(stored @ stored.T, stored))
    np.fill_diagonal(matrix, 0.0)
    return matrix


def coupling_matrix(patterns: npt.ArrayLike, rule: CouplingRule, strength: float = 1.0) -> Floats:
    """Couplings (N, N) that store patterns (p, N) by a rule: `hebbian_matrix` or `pseudo_inverse_matrix`."""
    return (hebbian_matrix if rule == "hebbian" else pseudo_inverse_matrix)(patterns, strength)


def wrong_bit_chance(size: int, count: int, *, error: float = 0.0, diagonal: bool = False) -> float:
    r"""Chance that a bit of a stored random pattern is not stable under Hebb's rule.

    The other patterns give each neuron a normal field of variance (p - 1)(N - 1) / N^2 beside the pattern's own,
    (N - 1) / N, so that

    .. math:: P_{bit} = \tfrac{1}{2} \operatorname{erfc}
       \frac{N - 1 + d}{\sqrt{2 (N - 1) (p - 1 + N^2 \sigma^2)}}

    with d = p where neurons are coupled to themselves by the diagonal of the rule, else 0, and with a normal error
    sigma of each coupling. For many patterns without either this is erfc(sqrt(N / 2p)) / 2 (J. Hertz, A. Krogh and
    R. G. Palmer, Introduction to the Theory of Neural Computation, 1991, section 2.2).
    """
    from scipy import special

    own = size - 1 + count * diagonal
    return float(special.erfc(own / np.sqrt(2 * (size - 1) * (count - 1 + (size * error) ** 2))) / 2)


def stable_chance(size: int, count: int, *, error: float = 0.0, diagonal: bool = False) -> float:
    """Chance that a stored random pattern is exactly stable, (1 - P_bit)^N, as if its neurons were independent.

    Neurons of one pattern fail together, by its overlaps with the others, so that somewhat more patterns are stable.

    Examples
    --------
    >>> round(stable_chance(400, 40), 3), round(stable_chance(400, 40, diagonal=True), 3)
    (0.759, 0.917)
    """
    return (1 - wrong_bit_chance(size, count, error=error, diagonal=diagonal)) ** size


def written_couplings(
    couplings: Floats, levels: int, error: float, generator: np.random.Generator, *, largest: float | None = None
) -> Floats:
    """Couplings (N, N) as pairs of devices with so many levels hold them, 2 or more.

    A coupling is the difference of two devices, each between 0 and `largest`, by default the largest coupling; a larger
    one is clipped. One device takes the nearest of its even levels, the other its lowest, so that 0 can be held. Each
    misses by a normal error, whose standard deviation over the range is `error`. J_ij and J_ji are pairs of their own.
    A single level is a ValueError.

    Examples
    --------
    >>> wanted = np.array([[0.0, 1.0, -0.2], [1.0, 0.0, 0.7], [-0.2, 0.7, 0.0]])
    >>> written_couplings(wanted, 3, 0.0, np.random.default_rng(0)).round(3).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.5], [0.0, 0.5, 0.0]]
    """
    if levels < 2:
        raise ValueError(f"written_couplings: {levels} levels hold no pattern; give devices with 2 or more")
    most = float(np.max(np.abs(couplings))) if largest is None else largest
    nearest = most / (levels - 1) * np.round(np.clip(couplings, -most, most) * ((levels - 1) / most)) + 0.0
    missed = np.sqrt(2) * error * most * generator.standard_normal(couplings.shape)
    written: Floats = nearest + missed
    np.fill_diagonal(written, 0.0)
    return written
