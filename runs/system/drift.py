"""How fast the electrons of a current carry a wall."""

from __future__ import annotations

import scipy

from geometries import Material

__all__ = ["drift_velocity"]


def drift_velocity(material: Material, current_density: float) -> float:
    """Zhang-Li drift velocity u in m/s of a current density J (A/m2) along +x.

    u = -g mu_B P J / (2 e Ms) with g = 2 [1]_. Electrons flow against the current, and a wall moves with them: it moves
    along +x for u > 0.

    .. [1] A. Thiaville, Y. Nakatani, J. Miltat and Y. Suzuki, Europhys. Lett. 69,
       990 (2005), where u = g P mu_B J / (2 e Ms) for the electrons' direction.
    """
    bohr_magneton = scipy.constants.physical_constants["Bohr magneton"][0]
    return float(-bohr_magneton * material.P * current_density / (scipy.constants.elementary_charge * material.Ms))
