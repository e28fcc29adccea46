r"""A cell of a ternary content-addressable memory: a pair of junctions, each behind a transistor.

Its two branches lie between its word's match line and ground (2T-2R; J. Li, R. K. Montoye, M. Ishii and L. Chang,
IEEE J. Solid-State Circuits 49, 896 (2014), with phase-change resistors). A searched bit opens one of the two
transistors. The branch that it opens is antiparallel if the stored bit agrees, and parallel if not; a bit that does not
matter (X) has both antiparallel; a masked bit opens none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.numerics.sum_tails import NORMAL_NODES

__all__ = ["MatchCell", "biased_antiparallel"]

Floats = npt.NDArray[np.float64]


def biased_antiparallel(parallel: float, tmr: float, half_bias: float, voltage: float, exponent: float) -> float:
    r"""Mean of G_AP in S while the voltage over the junction falls from V to V exp(-kappa).

    With the magnetoresistance T / (1 + (V/V_h)^2), a decay at a nearly constant rate has ln V spread evenly, and with
    x = (V/V_h)^2

    .. math:: \bar G = \frac{G_P}{2 \kappa} \left[\frac{\ln x + T \ln(1 + T + x)}{1 + T}\right]_{end}^{start} .

    Examples
    --------
    >>> round(biased_antiparallel(1.0, 1.0, 0.5, 1e-6, 1.0), 6), round(biased_antiparallel(1.0, 1.0, 0.5, 50.0, 1.0), 3)
    (0.5, 1.0)
    """
    x = (voltage / half_bias * np.exp(-np.array([0.0, exponent]))) ** 2
    start, end = (np.log(x) + tmr * np.log(1 + tmr + x)) / (1 + tmr)
    return float(parallel * (start - end) / (2 * exponent))


@dataclass(frozen=True)
class MatchCell:
    """A pair of junctions, each behind a transistor.

    Parameters
    ----------
    parallel, antiparallel : float
        Conductances of a junction in S.
    spread : float
        Standard deviation of the logarithm of a junction's conductance.
    on, off : float
        Resistances of an open and of a closed transistor in ohm.

    Examples
    --------
    >>> float(MatchCell(parallel=1e-4, antiparallel=5e-5, on=1e4).branch(True)) * 1e6
    50.0
    """

    parallel: float
    antiparallel: float
    spread: float = 0.0
    on: float = 0.0
    off: float = np.inf

    def branch(self, parallel: bool, searched: bool = True, factor: npt.ArrayLike = 1.0) -> Floats:
        """Conductance of a branch in S, whose junction conducts `factor` times the mean."""
        junction = (self.parallel if parallel else self.antiparallel) * np.asarray(factor, dtype=np.float64)
        return np.asarray(1 / (1 / junction + (self.on if searched else self.off)))

    def branches(self, parallel: bool) -> Floats:
        """Conductances in S of an open branch at `NORMAL_NODES` of its junction."""
        return self.branch(parallel, factor=np.exp(self.spread * NORMAL_NODES))

    def stored(self, pattern: str, searched: str, factors: npt.ArrayLike = 1.0) -> Floats:
        """Conductances of all cells in S for a stored and a searched word; `factors` (bits, 2) of its junctions."""
        factor = np.broadcast_to(np.asarray(factors, dtype=np.float64), (len(pattern), 2))
        both = [[self.branch(bit == str(1 - side), ask == str(side), own[side]) for side in (0, 1)]
                for bit, ask, own in zip(pattern, searched, factor, strict=True)]  # fmt: skip
        return np.array(both).sum(axis=1)
