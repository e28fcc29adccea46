r"""Closed forms of a vortex in the middle of a thin disc: what is known before anything runs.

With the exchange length l = sqrt(2 A / mu0 Ms^2), of a vortex with its image:

- angular velocity 5 / (9 pi) gamma0 Ms L / R: the limit L << R, a tenth too high at L / R = 0.1;
- damping D / G = alpha [ln(R / 2 l) / 2 + 3/8];
- spin torque a_J = pi L mu0 Ms H_J, with the damping-like field H_J of 1 A/m2, on every orbit;
- stiffness of the Oersted field 4 pi / 15 mu0 Ms L R: a core at s R turns m by s (R / r - r / R) sin(phi) out of the
  circles along which the field J r / 2 is, and the integral of half the square of that times the field is its energy.

Sources: K. Yu. Guslienko et al., J. Appl. Phys. 91, 8037 (2002), for the first; K. Yu. Guslienko, Appl. Phys. Lett. 89,
022510 (2006), for the second; A. V. Khvalkovskiy et al., Phys. Rev. B 80, 140401 (2009), for the third.
"""

from __future__ import annotations

import numpy as np
from scipy import constants

from geometries import Material, Pillar, Vortex
from geometries.demagnetisation import demagnetising_factors
from geometries.terminals import ThroughPlane
from solitons.oscillators.vortex_thiele import VortexThiele

__all__ = ["damping_like_field", "estimated_vortex", "vortex_over_uniform"]


def damping_like_field(device: Pillar, material: Material) -> float:
    """Give H_J, the damping-like field along z in A/m of 1 A/m2, with the sign of the polariser's z component."""
    layer = _terminal(device).layer_in(device)
    size = constants.hbar * layer.polarisation / (2 * constants.e * constants.mu_0 * material.Ms * device.thickness)
    return float(size * layer.direction[2])


def estimated_vortex(device: Pillar, material: Material) -> VortexThiele:
    """Make the equation of a core near the middle of a disc from closed forms: its threshold, frequency and sense.

    `device` is a disc that starts from a vortex, with one terminal through its plane. Each series has one term.
    """
    assert isinstance(device.start, Vortex)
    radius, thickness = device.length / 2, device.thickness
    g = 2 * np.pi * thickness * constants.mu_0 * material.Ms / material.gamma0
    turning = 5 / (9 * np.pi) * material.gamma0 * material.Ms * thickness / radius
    oersted = 4 * np.pi / 15 * constants.mu_0 * material.Ms * thickness * radius
    return VortexThiele(
        disc_radius=radius,
        gyrovector=[g],
        stiffness=[g * turning],
        oersted_stiffness=[oersted if _terminal(device).oersted else 0.0],
        damping=[g * material.alpha * (np.log(radius / (2 * material.exchange_length)) / 2 + 3 / 8)],
        torque=[np.pi * thickness * constants.mu_0 * material.Ms * damping_like_field(device, material)],
        polarity=device.start.polarity,
        circulation=device.start.circulation,
    )


def vortex_over_uniform(device: Pillar, material: Material) -> float:
    """Energy of a vortex over that of a uniform disc: exchange 2 pi A L [ln(R / l) + 1] over mu0 Ms^2 N V / 2.

    Near 1 both may be at rest; far above, none but the uniform disc is.
    """
    radius, thickness = device.length / 2, device.thickness
    factor = demagnetising_factors(device.length, device.length, thickness)[0]
    uniform = constants.mu_0 * material.Ms**2 * factor / 2 * np.pi * radius**2
    return float(2 * np.pi * material.A * (max(np.log(radius / material.exchange_length), 0.0) + 1) / uniform)


def _terminal(device: Pillar) -> ThroughPlane:
    terminal = device.terminal()
    assert isinstance(terminal, ThroughPlane)
    return terminal
