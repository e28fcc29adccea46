r"""The tilt of a wall across its stripe, as a third coordinate beside position and angle.

Where an in-plane field or a spin-orbit torque turns the magnetisation of a chiral wall away from the
wall's normal, the wall turns after it: DMI wants them parallel, and only the wall's tension, which makes
a longer wall cost energy, stands against it [1]_ [2]_. With chi from y to the wall's line, dx/dy = tan chi,
the line is w / cos chi long and its normal lies at -chi. So in `solitons.walls.wall_dynamics` the
wall's own fields see the angle phi + chi, its width along x is Delta / cos chi, and chi itself follows the
force on it against the friction of a line that turns about its middle,

.. math::

   \dot\chi = -\frac{12 \gamma_0 \Delta^2}{\alpha W^2} \left[ h_\sigma \tan\chi
       - \frac{H_K}{2} \sin 2(\phi + \chi) - \frac{\pi}{2} p H_D \sin(\phi + \chi) \right], \qquad
   W^2 = \frac{w^2}{\cos^2\chi} + \pi^2 \Delta^2 \tan^2\chi

h_sigma is the wall's energy per area over 2 mu0 Ms Delta: that of a wall without in-plane fields, 2 K_eff /
(mu0 Ms), and what the anisotropy, DMI and fields in the plane add at the present angles. The line stays
straight, and both its ends are free: near an end of a stripe, in a notch or in roughness they are not.

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

from solitons.parameters import real

if TYPE_CHECKING:
    from geometries import Material

__all__ = ["Tilting", "tilting_from_material"]

FASTEST = 1e-11
"""s. A wall that would turn faster is taken to need so long: steps of a fit are as long, and nothing else in a wall
is as fast, so that it makes no difference to where it goes."""


class Tilting(eqx.Module):
    """What a wall needs to tilt.

    Parameters
    ----------
    stripe_width : float
        w in m.
    tension_field : float
        2 K_eff / (mu0 Ms) in A/m: the energy per area of a Bloch wall over 2 mu0 Ms Delta.

    Raises
    ------
    ValueError
        If one is not positive.
    """

    stripe_width: Any = eqx.field(converter=real)
    tension_field: Any = eqx.field(converter=real)

    def __check_init__(self) -> None:
        for name in ("stripe_width", "tension_field"):
            value = getattr(self, name)
            if isinstance(value, np.ndarray) and not np.all(value > 0):
                raise ValueError(f"Tilting.{name} = {value} must be positive; check its sign and unit")

    def rate(self, tilt: Any, slope: Any, added: Any, width: Any, damped: Any, agitation: Any = 0.0) -> Any:
        """How fast the wall turns.

        Parameters
        ----------
        tilt : float or array
            chi in rad.
        slope : float or array
            Derivative by chi of what the wall's own anisotropy and DMI add to h_sigma, in A/m.
        added : float or array
            What they and fields in the plane add to h_sigma, in A/m.
        width : float or array
            Delta in m.
        damped : float or array
            gamma0 / alpha in m/(A s).
        agitation : float or array
            The noise xi of heat in A/m.

        Returns
        -------
        array
            In rad/s.
        """
        cosine, tangent = jnp.cos(tilt), jnp.tan(tilt)
        reach2 = (self.stripe_width / cosine) ** 2 + (jnp.pi * width * tangent) ** 2
        mobility = 12 * damped * width**2 / reach2
        slower = 1 + FASTEST * mobility * self.tension_field
        # What rubs more shakes more.
        shaken = jnp.sqrt(reach2 * cosine / 12 * slower) / width * agitation
        return -mobility / slower * ((self.tension_field + added) * tangent + slope + shaken)


def tilting_from_material(material: Material, stripe_width: float) -> Tilting:
    """How a wall of a material tilts in a stripe of a width in m.

    Raises
    ------
    ValueError
        If Ku - mu0 Ms^2 / 2 is not positive, so that there is no perpendicular wall.
    """
    field = 2 * material.effective_anisotropy / (constants.mu_0 * material.Ms)
    return Tilting(stripe_width=stripe_width, tension_field=field)
