r"""What is known of a vortex in a disc before anything runs: closed forms for the middle of a thin disc.

With the exchange length l = sqrt(2 A / mu0 Ms^2), of a vortex with its image:

- angular velocity 5 / (9 pi) gamma0 Ms L / R: the limit L << R, a tenth too high at L / R = 0.1;
- damping D / G = alpha [ln(R / 2 l) / 2 + 3/8];
- spin torque a_J = pi L mu0 Ms H_J, with the damping-like field H_J of 1 A/m2;
- stiffness of the Oersted field: from the energy of two textures in it.

Sources: K. Yu. Guslienko et al., J. Appl. Phys. 91, 8037 (2002), for the first; K. Yu. Guslienko, Appl. Phys. Lett. 89,
022510 (2006), for the second; A. V. Khvalkovskiy et al., Phys. Rev. B 80, 140401 (2009), for the third.
"""

from __future__ import annotations

import numpy as np
from scipy import constants

from geometries import Material, Pillar, Vortex
from geometries.demagnetisation import demagnetising_factors
from geometries.oersted import field_of_ellipse
from geometries.terminals import ThroughPlane
from solitons.oscillators.vortex_textures import torque_of_image
from solitons.oscillators.vortex_thiele import VortexThiele

__all__ = ["estimated_vortex", "oersted_stiffness", "vortex_over_uniform"]

_POINTS = 401
_SHIFT = 0.1


def oersted_stiffness(radius: float, thickness: float, material: Material) -> float:
    """Give kappa_J of a small orbit in N/m per A/m2: what a field along the vortex's circulation adds to its stiffness.

    Examples
    --------
    >>> film = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.01)
    >>> round(1e17 * oersted_stiffness(100e-9, 10e-9, film), 1)
    84.0
    """
    x = np.linspace(-radius, radius, _POINTS)
    inside = x[:, None] ** 2 + x[None, :] ** 2 <= radius**2
    field = field_of_ellipse(x[:, None], x[None, :], (radius, radius))
    energies = []
    for offset in (0.0, _SHIFT * radius):
        m = Vortex(offset=(offset, 0.0)).magnetisation(x, x, (2 * radius, 2 * radius), material.exchange_length)
        energies.append(-constants.mu_0 * material.Ms * float((field * m[..., :2]).sum(axis=-1)[inside].sum()))
    area = (x[1] - x[0]) ** 2
    return float(2 * (energies[1] - energies[0]) * area * thickness / (_SHIFT * radius) ** 2)


def estimated_vortex(device: Pillar, material: Material) -> VortexThiele:
    """Make the equation of a core near the middle of a disc from closed forms: its threshold, frequency and sense.

    Parameters
    ----------
    device : Pillar
        A disc that starts from a vortex, with one terminal through its plane.
    material : Material
        Its material.

    Returns
    -------
    VortexThiele
        With series of one term.
    """
    assert isinstance(device.start, Vortex)
    radius, thickness, terminal = device.length / 2, device.thickness, device.terminal()
    assert isinstance(terminal, ThroughPlane)
    g = 2 * np.pi * thickness * constants.mu_0 * material.Ms / material.gamma0
    turning = 5 / (9 * np.pi) * material.gamma0 * material.Ms * thickness / radius
    return VortexThiele(
        disc_radius=radius,
        gyrovector=[g],
        stiffness=[g * turning],
        oersted_stiffness=[oersted_stiffness(radius, thickness, material) if terminal.oersted else 0.0],
        damping=[g * material.alpha * (np.log(radius / (2 * material.exchange_length)) / 2 + 3 / 8)],
        torque=[torque_of_image(terminal.layer_in(device), material, thickness)],
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
