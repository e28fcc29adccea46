r"""The tilt of a wall across its stripe, as a third coordinate beside position and angle.

Where an in-plane field or a spin-orbit torque turns the magnetisation of a chiral wall away from the
wall's normal, the wall turns after it: DMI wants them parallel, and only the wall's tension, which makes
a longer wall cost energy, stands against it [1]_ [2]_. With chi from y to the wall's line, dx/dy = tan chi,
the line is w / cos chi long and its normal lies at -chi. So in `solitons.domain_walls.wall_dynamics` the
wall's own fields see the angle phi + chi, its width along x is Delta / cos chi, and chi itself follows the
force on it against the friction of a line that turns about its middle,

.. math::

   \dot\chi = -\frac{12 \gamma_0 \Delta^2}{\alpha W^2} \left[ h_\sigma \tan\chi
       - \frac{H_V}{2} \sin 2(\phi + \chi) - \frac{\pi}{2} p H_D \sin(\phi + \chi) \right], \qquad
   W^2 = \frac{w^2}{\cos^2\chi} + \pi^2 \Delta^2 \tan^2\chi

h_sigma is the wall's tension over 2 mu0 Ms Delta: the tension T of a line in its stripe, and what the anisotropy, DMI
and fields in the plane add at the present angles. The line stays straight, and both its ends are free: near an end
of a stripe, in a notch or in roughness they are not.

Only H_V, the part of H_K from the charges inside a Neel wall, turns with the wall's normal. The rest, H_E = H_K - H_V,
comes from charges at the stripe's edges, which stay where they are; so e(phi, chi), the energy over
2 mu0 Ms Delta and the stripe's cross-section, is

.. math::

   e = \frac{1}{\cos\chi} \left[ T + \frac{H_V}{2} \cos^2(\phi + \chi) + \frac{H_E}{2} \cos^2\phi
       + \frac{\pi}{2} p H_D \cos(\phi + \chi) - \frac{\pi}{2} h_\parallel \right]

T is not the 2 K_eff / (mu0 Ms) of a film. The second derivative of e by chi is known term by term, at the width that
the wall has: of the anisotropy, Ku / (mu0 Ms); of the stray field, the value for a line sheared in its stripe
(`solitons.domain_walls.stray_field.tilted_wall_factors`), which makes it some per cent more in a narrow stripe; and of
the exchange, which in cells of length c costs a tilted line

.. math::

   \frac{2 A}{\mu_0 M_s \Delta c} \left[ \tanh\frac{c \cos\chi}{2 \Delta}
       + \tan\chi \tanh\frac{c \sin\chi}{2 \Delta} \right]

since the sums of 1 - m . m' over the links along x and y are as in Walker's profile: cells of two thirds of a width
make it a tenth stiffer. They take a share of the DMI of a line along y and none of what first tilts it, which weakens
its hold on the angle; to first order that is an anisotropy, and it is in H_V and T.

Heat shakes chi as the fluctuation-dissipation theorem demands: with xi the noise on h_phi and h_z of a wall
that stands straight, there it is xi sqrt(cos chi), and on the bracket xi sqrt(W^2 cos chi / 12) / Delta.

References
----------
.. [1] O. Boulle et al., Phys. Rev. Lett. 111, 217203 (2013).
.. [2] C. B. Muratov, V. V. Slastikov, A. G. Kolesnikov and O. A. Tretiakov, Phys. Rev. B 96, 134417 (2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from scipy import constants

from solitons.domain_walls.mesh import dmi_in_cells
from solitons.domain_walls.stray_field import tilted_wall_factors
from solitons.numerics.parameters import real

if TYPE_CHECKING:
    from geometries import Material

__all__ = ["Tilting", "tilting_from_material"]

_STEP = 0.05  # in rad, for derivatives by the tilt
FASTEST = 1e-11
"""s. A wall that would turn faster by its tension is taken to need so long: steps of a fit are as long, and nothing
else in a wall is as fast, so that it makes no difference to where it goes. DMI and fields may double the rate."""


class Tilting(eqx.Module):
    """Parameters of a wall that tilts.

    The stripe's width w in m and the tension field T in A/m, both positive, and H_E in A/m, the part of the hard-axis
    field that stays with the stripe; without it all of it turns with the wall.
    """

    stripe_width: Any = eqx.field(converter=real)
    tension_field: Any = eqx.field(converter=real)
    edge_field: Any = eqx.field(converter=real, default=0.0)

    def __check_init__(self) -> None:
        for name in ("stripe_width", "tension_field"):
            value = getattr(self, name)
            if isinstance(value, np.ndarray) and not np.all(value > 0):
                raise ValueError(f"Tilting.{name} = {value} must be positive; check its sign and unit")

    def rate(
        self, tilt: tuple[Any, Any], slope: Any, added: Any, width: Any, damped: Any, agitation: Any = None
    ) -> Any:
        """How fast the wall turns, in rad/s.

        `tilt` is sin chi and cos chi. `slope` is the derivative by chi, at the same length, of what the wall's own
        anisotropy and DMI add to h_sigma, and `added` what they and fields in the plane add to it, both in A/m; Delta
        in m; `damped` is gamma0 / alpha in m/(A s); `agitation` the noise xi of heat in A/m, if there is any.
        """
        sine, cosine = tilt
        mobile = 12 * damped * width**2
        reach2 = self.stripe_width**2 + (jnp.pi * width * sine) ** 2
        # The mobility is mobile / W^2 with W = reach / cos chi, and 1 + FASTEST T times it is how much slower the wall
        # turns.
        slowed = reach2 + FASTEST * mobile * self.tension_field * cosine**2
        driven = (self.tension_field + added) * sine + slope * cosine
        if agitation is not None:
            # What rubs more shakes more.
            driven = driven + jnp.sqrt(slowed * cosine / 12) / width * agitation
        return -mobile * cosine / slowed * driven


def tilting_from_material(
    material: Material, *, width: float, thickness: float, stripe_width: float, cell: float = 0.0
) -> Tilting:
    """How a wall of a material (A, Ku, Ms, D) tilts in a stripe.

    T and H_E as they are where DMI has made a Neel wall of it. Delta and sizes in m, as for `wall_factors`; ValueError
    if the line would save energy by its length, so that there is no wall.
    """
    moment = constants.mu_0 * material.Ms
    straight, tilted = (tilted_wall_factors(width, thickness, stripe_width, tilt, cell) for tilt in (0.0, _STEP))
    # At phi = 0, where e is even in chi and the charges of m_y are none.
    uneven = ((tilted.n_x + tilted.n_z) / np.cos(_STEP) - straight.n_x - straight.n_z) / _STEP**2
    cells = cell / width
    exchange = material.A / (moment * width**2) * (2 - 1 / np.cosh(cells / 2) ** 2)
    # From f(c cos chi / Delta) and f(0), the DMI's shares along the two axes (`solitons.domain_walls.mesh`).
    dmi_field = np.pi / 2 * abs(material.D) / (moment * width)
    share = dmi_in_cells(cell, width) if cell else 1.0
    curvature = exchange + material.Ku / moment + material.Ms * uneven - 2 * (1 - share) * dmi_field
    normal_field = -material.Ms * tilted.n_xy / (np.cos(_STEP) * _STEP) - (1 - share) * dmi_field
    edge_field = material.Ms * (straight.n_x - straight.n_y) - normal_field
    tension = curvature + (normal_field - edge_field) / 2
    if not tension > 0:
        raise ValueError(
            f"tilting_from_material: material {material.name!r} in a stripe of {thickness} m x {stripe_width} m has no "
            f"wall {width} m wide with a tension; give the width that it has"
        )
    return Tilting(stripe_width=stripe_width, tension_field=tension, edge_field=edge_field)
