r"""How a wall's width depends on its angle and on fields in the plane.

The energy per area of a wall with Walker's profile, over 2 mu0 Ms, goes with its width Delta as

.. math::

   \frac{\sigma}{2 \mu_0 M_s} = \frac{h}{2} \left(\frac{\Delta_0^2}{\Delta} + \Delta\right)
       + \frac{S}{2} (\Delta - \Delta_0) \cos^2 \psi - \frac{\pi}{2} \Delta h_\parallel + \dots, \qquad
   h_\parallel = H_x \cos\phi + (H_y + b) \sin\phi

Delta_0 is the width of a Bloch wall without fields, phi the angle and psi that from the wall's normal. The dots do not
depend on the width: the wall's charges and DMI, which turn with it however wide it is. S, the shape field, is what is
left of the anisotropy of its shape (`solitons.domain_walls.stray_field`); of a uniaxial anisotropy K cos^2 psi it
would be 2 K / (mu0 Ms), all of it.

A change of width rubs by Gilbert damping as a shift does: with theta a function of (x - q) / Delta, the Rayleigh
function of alpha (dm/dt)^2 is (alpha mu0 Ms / gamma0) (q'^2 / Delta + Delta phi'^2 + (pi^2 / 12) Delta'^2 / Delta) per
area, since the integral of s^2 / cosh^2 s over all s is pi^2 / 6. No gyrotropic term has Delta: the profile is even.
Neither field nor damping-like torque along z, nor a spin-transfer torque pushes it, which are odd in s. So

.. math::

   \frac{d\Delta}{dt} = \frac{6 \gamma_0}{\alpha \pi^2} \left[ h \frac{\Delta_0^2}{\Delta}
       - \left(h + S \cos^2 \psi - \pi h_\parallel\right) \Delta \right]

which with h Delta_0^2 = 2 A / (mu0 Ms) and h = 2 K_eff / (mu0 Ms) is the equation of [1]_. Delta^2 relaxes to

.. math:: \Delta^2 = \frac{h \Delta_0^2}{h + S \cos^2 \psi - \pi h_\parallel}

in `relaxation_time`, pi^2 alpha / (12 gamma0 h): 1 ps where alpha is 0.1 and h 0.7 MA/m. That is less than a period
of the magnet's own precession, 2 pi / gamma0 h, in which nothing else of a wall changes. So the width has no time of
its own: it is at rest at each moment, and a state holds no width. Velocities and torques then follow from the energy
at that width.

Fields in the plane bend the domains too, to first order by Hx / h along x. A damping-like torque a (m x y) pushes with
the integral of m_z dm_x - m_x dm_z over the wall, which is then pi cos phi - 2 Hx / h, and with it

.. math:: h_z = H_z + a \left(\frac{\pi}{2} \cos\phi - \frac{H_x}{h}\right) - p F(q).

DMI loses as much, whatever the angle. What is of second order in the fields over h is left out. A wall becomes at most
twice as wide.

References
----------
.. [1] A. Thiaville and Y. Nakatani in Spin Dynamics in Confined Magnetic Structures III, eds. B. Hillebrands and
   A. Thiaville (Springer, 2006).
.. [2] S. A. Nasseri, E. Martinez and G. Durin, J. Magn. Magn. Mater. 468, 25 (2018): width, tilt and canted domains.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from scipy import constants

from solitons.domain_walls.stray_field import wall_factors
from solitons.numerics.parameters import real

if TYPE_CHECKING:
    from geometries import Material

__all__ = ["Breathing", "breathing_from_material"]

WIDEST = 2.0
_STEP = 0.05  # relative, for derivatives by the width


class Breathing(eqx.Module):
    """Parameters of a wall's width that follows its angle.

    `softness` is 1 / h in m/A, 0 (the default) for a rigid width and never negative. `shape_field` is S in A/m; below 0
    a Neel wall is wider than a Bloch wall.
    """

    softness: Any = eqx.field(converter=real, default=0.0)
    shape_field: Any = eqx.field(converter=real, default=0.0)

    def __check_init__(self) -> None:
        if isinstance(self.softness, np.ndarray) and not np.all(self.softness >= 0):
            raise ValueError(f"Breathing.softness = {self.softness} m/A must not be below 0; give 1 / h")

    def _strain(self, own_cosine: Any, along: Any) -> Any:
        squeezed = self.softness * (self.shape_field * own_cosine**2 - jnp.pi * along)
        return jnp.maximum(squeezed, WIDEST**-2 - 1)

    def narrowing(self, own_cosine: Any, along: Any) -> Any:
        """Delta_0 over Delta, from cos psi and h_parallel, the field in A/m along m in the middle of the wall."""
        return jnp.sqrt(1 + self._strain(own_cosine, along))

    def elastic_field(self, own_cosine: Any, along: Any, narrowing: Any) -> Any:
        """Energy cost of a width other than Delta_0: sigma / (2 mu0 Ms Delta) of it, in A/m."""
        # h (Delta_0 / Delta - 1)^2 / 2, without a division by the softness.
        stretched = self.shape_field * own_cosine**2 - jnp.pi * along
        return self.softness * stretched**2 / (2 * (narrowing + 1) ** 2)

    def relaxation_time(self, alpha: Any, gamma0: Any) -> Any:
        """How long the width needs, in s, by its friction alone."""
        return np.pi**2 * alpha * self.softness / (12 * gamma0)


def breathing_from_material(
    material: Material, *, width: float, thickness: float, stripe_width: float, cell: float = 0.0
) -> Breathing:
    """How a wall's width follows, from the exchange and the stray field of a material (A, Ms).

    `width` is Delta_0 in m, at which the wall is at rest: h is the curvature of the energy there, of exchange, 2 A /
    (mu0 Ms Delta_0^2), and of the stray field of m_y and m_z. Sizes in m, as for `wall_factors`; ValueError if no width
    is at rest.
    """
    step = _STEP * width
    sizes = [width - step, width, width + step]
    factors = [wall_factors(each, thickness, stripe_width, cell) for each in sizes]
    bloch, shape = (
        [size * value for size, value in zip(sizes, values, strict=True)]
        for values in ([each.n_y + each.n_z for each in factors], [each.n_x - each.n_y for each in factors])
    )
    curvature = (bloch[2] - 2 * bloch[1] + bloch[0]) / step**2
    field = 2 * material.A / (constants.mu_0 * material.Ms * width**2) + material.Ms * width * curvature / 2
    if not (math.isfinite(field) and field > 0):
        raise ValueError(
            f"breathing_from_material: material {material.name!r} in a stripe of {thickness} m x {stripe_width} m has "
            f"no wall {width} m wide at rest; give the width that it has"
        )
    return Breathing(softness=1 / field, shape_field=material.Ms * (shape[2] - shape[0]) / (2 * step))
