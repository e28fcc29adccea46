r"""Free energies of one magnet in a field, by integrals of Boltzmann's factor over the sphere.

.. math:: F(H) = -k_B T \ln \int e^{-E(m, H) / k_B T}\, d\Omega

What a field does quasi-statically at one temperature is a difference of F. Where a barrier keeps m in one of two
states, the integral is over that state's half of the sphere: without field it is half of the whole by symmetry, so that
F of one state is k T ln 2 above F of both, whatever the anisotropy. That is what erasing a bit costs (R. Landauer, IBM
J. Res. Dev. 5, 183 (1961)).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins

__all__ = [
    "free_energy",
]

Floats = npt.NDArray[np.float64]

# Points a standard deviation of the narrowest thermal state: both rules converge exponentially from there on.
_POINTS = 4.0
_FEWEST, _MOST = 64, 1600


def free_energy(macrospin: CoupledMacrospins, field: npt.ArrayLike, *, state: int | None = None) -> float:
    """Free energy in J of one magnet above 0 K in a field (A/m), in equilibrium on the whole sphere or in one state.

    With `state` only where m has this sign along the easy axis. ValueError if the barrier is too high for the integral.
    """
    _, weights, exponents = _boltzmann(macrospin, field, state)
    return float(-macrospin.thermal_energy * logsumexp(exponents, b=weights))


def _boltzmann(
    macrospin: CoupledMacrospins, field: npt.ArrayLike, state: int | None
) -> tuple[tuple[Floats, Floats, Floats], Floats, Floats]:
    """Directions along the principal axes, weights, and -E / kT, all over (along, angle).

    Gauss-Legendre along the easy axis in each half of the sphere, equal angles about it.
    """
    if macrospin.magnets != 1 or not macrospin.temperature > 0:
        raise ValueError(
            f"free_energy: {macrospin.magnets} magnets at {float(macrospin.temperature):g} K; the integral is of one "
            "magnet above 0 K"
        )
    if state not in (None, -1, 1):
        raise ValueError(f"free_energy: state = {state} must be 1, -1 or None")
    values, axes = macrospin.principal_fields()
    stiffest = float(macrospin.moment[0] * (values[2] - values[0])) / macrospin.thermal_energy
    points = max(_FEWEST, int(np.ceil(_POINTS * np.sqrt(stiffest))))
    if points > _MOST:
        raise ValueError(
            f"free_energy: the hard axis lies {stiffest / 2:.3g} k T above the easy one, and the integral is for "
            f"{(_MOST / _POINTS) ** 2 / 2:.3g} k T or less; use a smaller magnet"
        )
    nodes, lengths = np.polynomial.legendre.leggauss(points)
    along = np.concatenate([sign * (nodes + 1) / 2 for sign in ((-1, 1) if state is None else (state,))])[:, None]
    angle = 2 * np.pi * np.arange(2 * points) / (2 * points)
    across = np.sqrt(1 - along**2)
    m = along, across * np.cos(angle), across * np.sin(angle)
    pull = np.asarray(field, dtype=np.float64) @ axes
    exponents = sum(part * (pull[i] - values[i] / 2 * part) for i, part in enumerate(m))
    weights = np.tile(lengths / 2, len(along) // points)[:, None] * np.full(2 * points, np.pi / points)
    return m, weights, np.asarray(exponents) * float(macrospin.moment[0]) / macrospin.thermal_energy
