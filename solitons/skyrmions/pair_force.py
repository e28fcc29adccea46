r"""The repulsion of two skyrmions from their tails: where the fit of a pair force begins.

Far from a skyrmion m tilts by theta(r) = c K_1(r / delta) with delta = sqrt(A / K_eff), whatever its core is. Each
component of the tilt is a field with A (grad m)^2 + K_eff m^2, in which a skyrmion is a dipole; two of them that point
outwards (or inwards) alike have, t thick, the energy and the force

.. math:: E(d) = 4\pi A t\, c^2 K_0(d / \delta), \qquad F(d) = \frac{4\pi A t\, c^2}{\delta}\, K_1(d / \delta)

The tilts add up where both are small; that they are not leaves the force at short distances to the fit, and the stray
field's force, which decays as a power, is left out: in a native run of two skyrmions that relax apart the fitted decay
length is 7.3 nm in the place of 5.0. S.-Z. Lin, C. Reichhardt, C. D. Batista and A. Saxena, Phys. Rev. B 87,
214419 (2013), find K_1 for skyrmions in a field.
"""

from __future__ import annotations

import math

from scipy import special

from geometries import Material
from solitons.skyrmions.forces import PairForce

__all__ = ["pair_force_from"]

# Wall widths beyond the radius: there the tilt is small, and the profile still a wall's.
_TAIL = 3.0


def pair_force_from(
    material: Material, thickness: float, size: tuple[float, float], distance: float | None = None
) -> PairForce:
    """Give the force of two skyrmions with the profile tan(theta / 2) = sinh(R / w) / sinh(r / w).

    Sizes in m; `distance` is where the strength of the `PairForce` is given. ValueError if the film magnetises in its
    plane, so that a tilt does not decay.
    """
    if material.effective_anisotropy <= 0:
        raise ValueError(
            f"pair_force_from: the effective anisotropy of {material.name!r} is {material.effective_anisotropy:.3g} "
            "J/m^3, so that the film magnetises in its plane; raise Ku or lower Ms"
        )
    decay, (radius, width) = material.wall_width, size
    place = radius + _TAIL * width
    tilt = 2 * math.atan(math.sinh(radius / width) / math.sinh(place / width))
    tail = tilt / float(special.k1(place / decay))
    known = decay if distance is None else distance
    strength = 4 * math.pi * material.A * thickness * tail**2 / decay * special.k1(known / decay)
    return PairForce(strength=strength, decay=decay, distance=distance)
