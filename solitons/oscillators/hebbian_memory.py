r"""Memories of binary patterns in phases, and how many patterns they hold.

A pattern xi = +-1 stands for phases 0 and pi, up to a common phase. Hebb's rule couples

.. math:: J_{ij} = \frac{K}{N} \sum_\mu \xi_i^\mu \xi_j^\mu, \quad i \ne j

and the overlap with a pattern is m = |sum_i xi_i exp(i theta_i)| / N. The field of a state is found from its overlaps
with p patterns, in 2 N p products; the N x N matrix is never made.

Without a second harmonic a stored pattern is a state without motion and in general no stable one (T. Nishikawa, Y.-C.
Lai and F. C. Hoppensteadt, Phys. Rev. Lett. 92, 108101 (2004)): phases leave 0 and pi for a state nearby, whose
overlap is below 1. Beyond a load p / N that state ceases to exist. In the limit of many oscillators this is 0.042
(T. Aonishi, Phys. Rev. E 58, 4865 (1998), cond-mat/9808121); of Hopfield's network of spins it is 0.138 (D. J. Amit, H.
Gutfreund and H. Sompolinsky, Phys. Rev. Lett. 55, 1530 (1985)), by the theory that takes no breaking of replica
symmetry into account.

Two patterns are joined by the states cos(a) xi_1 + i sin(a) xi_2, whose phases are a xi_1 xi_2 beside 0 and pi. They
lie in the space of the patterns: with pseudo-inverse couplings all are at rest, with Hebb's and few patterns nearly so.
A spread of frequencies moves the phases along that line at da/dt = mean(omega xi_1 xi_2), whatever the coupling.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.oscillators.phase_networks import Couplings, Floats, align_phases

__all__ = [
    "RECALLED",
    "hebbian_couplings",
    "hebbian_matrix",
    "hopfield_overlaps",
    "pattern_overlaps",
    "phase_overlaps",
    "pseudo_inverse_matrix",
    "random_patterns",
    "written_couplings",
]

RECALLED = 0.6
"""Overlap above which a pattern counts as recalled."""
_LOST = 0.5
"""Overlap below which no state comes back: of 213 states at N = 1,000 that fell below 0.55 none rose again."""
_JITTER = 0.1
"""Standard deviation in rad of the phases about a stored pattern at the start: exactly on it no phase ever moves."""
_MOST_SWEEPS = 2000


def random_patterns(count: int, size: int, generator: np.random.Generator) -> npt.NDArray[np.float32]:
    """Patterns of independent bits +-1, (count, size); the first rows do not depend on the count."""
    return (1 - 2 * generator.integers(0, 2, (count, size), dtype=np.int8)).astype(np.float32)


def hebbian_couplings(patterns: npt.ArrayLike, strength: float = 1.0) -> Couplings:
    """Hebb's couplings as a map of states that takes 2 N p products.

    Parameters
    ----------
    patterns : array_like, (p, N)
        +-1. Their precision is kept.
    strength : float
        K in rad/s.

    Returns
    -------
    callable
        Map of states (..., N); oscillators are not coupled to themselves.

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
    """Hebb's couplings as a matrix (N, N) in rad/s, as devices hold them."""
    stored = np.asarray(patterns, float)
    return hebbian_couplings(stored, strength)(np.eye(stored.shape[1]))


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
            "opposite ones, and store fewer patterns than oscillators"
        )
    return _without_diagonal(strength * (stored.T @ np.linalg.solve(stored @ stored.T, stored)))


def _without_diagonal(matrix: Floats) -> Floats:
    np.fill_diagonal(matrix, 0.0)
    return matrix


def written_couplings(couplings: Floats, levels: int, error: float, generator: np.random.Generator) -> Floats:
    """Couplings (N, N) in rad/s as pairs of devices with so many levels hold them, 2 or more.

    A coupling is the difference of two devices, each between 0 and the largest coupling: one takes the nearest of its
    even levels, the other its lowest, so that 0 can be held. Each misses by a normal error, whose standard deviation
    over the range is `error`. J_ij and J_ji are pairs of their own. A single level is a ValueError.

    Examples
    --------
    >>> wanted = np.array([[0.0, 1.0, -0.2], [1.0, 0.0, 0.7], [-0.2, 0.7, 0.0]])
    >>> written_couplings(wanted, 3, 0.0, np.random.default_rng(0)).round(3).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.5], [0.0, 0.5, 0.0]]
    """
    if levels < 2:
        raise ValueError(f"written_couplings: {levels} levels hold no pattern; give devices with 2 or more")
    largest = float(np.max(np.abs(couplings)))
    nearest = largest / (levels - 1) * np.round(couplings * ((levels - 1) / largest)) + 0.0
    missed = np.sqrt(2) * error * largest * generator.standard_normal(couplings.shape)
    return _without_diagonal(nearest + missed)


def pattern_overlaps(cosines: Floats, sines: Floats, patterns: npt.ArrayLike) -> Floats:
    """Overlap of each state with its pattern, |sum_i xi_i exp(i theta_i)| / N, from cos and sin of the phases.

    All are (..., N), the pattern or patterns +-1; overlaps (...) lie between 0 and 1.

    Examples
    --------
    >>> pattern = np.array([1.0, -1.0, -1.0, 1.0])
    >>> pattern_overlaps(0.6 * pattern, 0.8 * pattern, pattern).round(12).tolist()
    1.0
    """
    stored = np.asarray(patterns)
    overlaps: Floats = np.hypot(np.mean(stored * cosines, axis=-1), np.mean(stored * sines, axis=-1))
    return overlaps


def phase_overlaps(patterns: npt.NDArray[np.float32], starts: int, generator: np.random.Generator) -> Floats:
    """Overlap (starts,) with each of the first stored patterns (p, N) of the rest that phases find from it.

    Hebb's rule, equal oscillators, no heat; the start is off by 0.1 rad. A state that falls below 0.5 is not followed
    further: none comes back.
    """
    stored = patterns[:starts]
    phases = np.where(stored > 0, 0.0, np.pi) + _JITTER * generator.standard_normal(stored.shape)
    end, _ = align_phases(
        hebbian_couplings(patterns),
        phases.astype(np.float32),
        given_up=lambda cosines, sines: pattern_overlaps(cosines, sines, stored) < _LOST,
    )
    return pattern_overlaps(np.cos(end), np.sin(end), stored)


def hopfield_overlaps(patterns: npt.NDArray[np.float32], starts: int, generator: np.random.Generator) -> Floats:
    """The same of Hopfield's spins.

    Of the spins that point against their field a random half turns at once, until none does: rests are those of turns
    one by one, and no cycle of two states can last.
    """
    stored, couple = patterns[:starts], hebbian_couplings(patterns)
    spins = stored.copy()
    for _ in range(_MOST_SWEEPS):
        wrong = couple(spins) * spins < 0
        lost = np.abs(np.mean(stored * spins, axis=-1)) < _LOST
        if not np.any(wrong[~lost]):
            break
        turned = wrong & (generator.random(spins.shape, dtype=np.float32) < 0.5)
        spins[turned] *= -1
    overlaps: Floats = np.abs(np.mean(stored * spins, axis=-1))
    return overlaps
