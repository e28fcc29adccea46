r"""Memories of binary patterns in phases, and how many patterns they hold.

A pattern xi = +-1 stands for phases 0 and pi, up to a common phase. The couplings are those of `solitons.attractors`,
and the overlap with a pattern is m = |sum_i xi_i exp(i theta_i)| / N.

Without a second harmonic a stored pattern is a state without motion and in general no stable one (T. Nishikawa, Y.-C.
Lai and F. C. Hoppensteadt, Phys. Rev. Lett. 92, 108101 (2004)): phases leave 0 and pi for a state nearby, whose
overlap is below 1. Beyond a load p / N that state ceases to exist. In the limit of many oscillators this is 0.042
(T. Aonishi, Phys. Rev. E 58, 4865 (1998), cond-mat/9808121); of Hopfield's network it is 0.138.

Two patterns are joined by the states cos(a) xi_1 + i sin(a) xi_2, whose phases are a xi_1 xi_2 beside 0 and pi. They
lie in the space of the patterns: with pseudo-inverse couplings all are at rest, with Hebb's and few patterns nearly so.
A spread of frequencies moves the phases along that line at da/dt = mean(omega xi_1 xi_2), whatever the coupling.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.attractors.patterns import hebbian_couplings
from solitons.oscillators.phase_networks import Floats, align_phases

__all__ = ["RECALLED", "pattern_overlaps", "phase_overlaps"]

RECALLED = 0.6
"""Overlap above which a pattern counts as recalled."""
_LOST = 0.5
"""Overlap below which no state comes back: of 213 states at N = 1,000 that fell below 0.55 none rose again."""
_JITTER = 0.1
"""Standard deviation in rad of the phases about a stored pattern at the start: exactly on it no phase ever moves."""


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
