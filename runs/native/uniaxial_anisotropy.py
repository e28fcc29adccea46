"""Uniaxial anisotropy energy."""

import jax.numpy as jnp
import micromagneticmodel as mm
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, dot, to_device
from runs.native.discretisation import (
    Discretisation,
    check_parameters,
    direction_parameter,
    scalar_parameter,
)
from runs.native.neighbours import inverse


class UniaxialAnisotropy(EnergyTerm):
    r"""Anisotropy of second order about an axis u.

    .. math:: w = -K (m \cdot u)^2, \qquad H = \frac{2 K}{\mu_0 M_s} (m \cdot u) \, u

    For K > 0 the energy is counted from the easy axis, :math:`w = K [1 - (m \cdot u)^2]`, as OOMMF
    counts it.
    """

    constant: Array
    """K in J/m3, zero outside the magnet, (nz, ny, nx)."""
    axis: Array
    """Unit vector u, (3, 1, 1, 1) or (3, nz, ny, nx)."""
    prefactor: Array
    """2 K / (mu0 Ms) in A/m, zero outside the magnet, (nz, ny, nx)."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        return self.prefactor * dot(m, self.axis) * self.axis

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return jnp.maximum(self.constant, 0.0) - self.constant * dot(m, self.axis) ** 2


def from_ubermag(term: mm.UniaxialAnisotropy, discretisation: Discretisation) -> UniaxialAnisotropy:
    """Read a `micromagneticmodel.UniaxialAnisotropy`; K and u are each one value, per region or a field."""
    check_parameters(term, ("K", "u"))
    saturation = discretisation.saturation
    constant = scalar_parameter(term, "K", discretisation) * (saturation > 0)
    axis = direction_parameter(term, "u", discretisation)
    prefactor = 2.0 / MU0 * constant * inverse(saturation)
    return UniaxialAnisotropy(to_device(constant), to_device(axis), to_device(prefactor))
