r"""Forces along a track: of its two ends, and of a gradient of the anisotropy.

A gradient of the anisotropy K along x pushes a skyrmion to where K is lower, with

.. math:: F_x = -\frac{dK}{dx}\, t \int \sin^2\theta\, dA,

of the 360 degree wall tan(theta / 2) = sinh(R / w) / sinh(r / w); far from its core the film costs nothing. For R well
above w the integral is 4 pi R w. It is uniform as long as the gradient is, and the skyrmion's size hardly changes.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from scipy import integrate

from solitons.numerics.parameters import real
from solitons.skyrmions.forces import AbstractForce, EdgeForce

__all__ = ["TrackEnds", "UniformForce", "force_of_anisotropy_gradient"]


class UniformForce(AbstractForce):
    """The same force everywhere.

    Parameters
    ----------
    along, across : float
        F_x and F_y in N.

    Examples
    --------
    >>> from solitons.skyrmions import UniformForce
    >>> float(UniformForce(along=1e-13).along)
    1e-13
    """

    along: Any = eqx.field(converter=real)
    across: Any = eqx.field(converter=real, default=0.0)

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N."""
        places = jnp.asarray(positions)
        return jnp.stack([jnp.full(places.shape[0], self.along), jnp.full(places.shape[0], self.across)], axis=-1)


class TrackEnds(AbstractForce):
    """The ends of a track, which hold skyrmions with the force of its edges: a current that is too strong expels them.

    Parameters
    ----------
    ends : EdgeForce
        That of an edge, with the x in m of the left end as `low` and of the right end as `high`.

    Examples
    --------
    >>> ends = TrackEnds(EdgeForce(low=0.0, high=400e-9, strength=5e-13, distance=14e-9, decay=7e-9))
    >>> [round(float(each) * 1e13, 1) for each in ends.force(jnp.array([[386e-9, 0.0], [200e-9, 0.0]]))[:, 0]]
    [-5.0, 0.0]
    """

    ends: EdgeForce

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N, along the track."""
        return self.ends.force(jnp.asarray(positions)[:, ::-1])[:, ::-1]

    def inside(self, positions: Any) -> Any:
        """Whether they are between the ends."""
        return (positions[..., 0] >= self.ends.low) & (positions[..., 0] <= self.ends.high)


def force_of_anisotropy_gradient(gradient: float, thickness: float, radius: float, wall_width: float) -> float:
    """Give the force along x on a skyrmion in a gradient of the uniaxial anisotropy.

    Parameters
    ----------
    gradient : float
        dK/dx in J/m4.
    thickness : float
        Of the film in m.
    radius, wall_width : float
        R and w in m, as `skyrmion_size` gives them.

    Returns
    -------
    float
        F_x in N: against the gradient.

    Examples
    --------
    >>> force = force_of_anisotropy_gradient(5e11, 1e-9, radius=20e-9, wall_width=2e-9)
    >>> round(force / (-5e11 * 1e-9 * 4 * np.pi * 20e-9 * 2e-9), 3)
    1.0
    """
    r = np.linspace(1e-6 * wall_width, radius + 20 * wall_width, 4001)
    # sin(theta) = 2 t / (1 + t^2), with the logarithm of t = tan(theta / 2), which does not overflow.
    log_t = _log_sinh(radius / wall_width) - _log_sinh(r / wall_width)
    sine = 1 / np.cosh(log_t)
    return float(-gradient * thickness * integrate.simpson(2 * np.pi * r * sine**2, x=r))


def _log_sinh(value: Any) -> Any:
    return value + np.log(-np.expm1(-2 * np.asarray(value))) - np.log(2)
