"""Couplings as measured: from the energies of pairs of islands."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["pair_coupling"]

Floats = npt.NDArray[np.float64]


def pair_coupling(energies: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Coupling of pairs of islands from the energies of their four states.

    E(s_1, s_2) = E_0 + A_1 s_1 + A_2 s_2 + J s_1 s_2, so that J = (E++ + E-- - E+- - E-+) / 4. Without an applied field
    both A vanish, since reversing everything changes no energy; what is found for them is an error. `energies` (..., 2,
    2) in J are over s_1 = +1, -1 and s_2 = +1, -1. Returns J, positive where the two prefer s_1 = -s_2, and the larger
    of |A_1|, |A_2|, both in J.
    """
    values = np.asarray(energies, dtype=np.float64)
    if values.shape[-2:] != (2, 2) or not np.isfinite(values).all():
        raise ValueError(
            f"pair_coupling: energies have the shape {values.shape}; give finite ones over (..., 2, 2), "
            "the states ++, +-, -+ and --"
        )
    both, first, second, neither = values[..., 0, 0], values[..., 0, 1], values[..., 1, 0], values[..., 1, 1]
    odd_first, odd_second = (both + first - second - neither) / 4, (both - first + second - neither) / 4
    return (both + neither - first - second) / 4, np.maximum(np.abs(odd_first), np.abs(odd_second))
