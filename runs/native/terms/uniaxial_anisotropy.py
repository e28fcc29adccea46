"""Uniaxial anisotropy energy."""

import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, dot, to_device
from runs.native.discretisation import (
    Discretisation,
    check_parameters,
    direction_parameter,
    is_set,
    scalar_parameter,
)
from runs.native.neighbours import inverse


class UniaxialAnisotropy(EnergyTerm):
    r"""Anisotropy of second and fourth order about an axis u.

    .. math:: w = -K_1 (m \cdot u)^2 - K_2 (m \cdot u)^4, \qquad
        H = \frac{2}{\mu_0 M_s} \left[ K_1 (m \cdot u) + 2 K_2 (m \cdot u)^3 \right] u

    For :math:`K_1 > 0` the energy is counted from m along u, :math:`w + K_1 + K_2`, as OOMMF counts it.
    """

    constants: tuple[Array, ...]
    """K1, and K2 where it is given, in J/m3, zero outside the magnet, (nz, ny, nx)."""
    prefactors: tuple[Array, ...]
    """2 K1 / (mu0 Ms), and 4 K2 / (mu0 Ms), in A/m, zero outside the magnet, (nz, ny, nx)."""
    axis: Array
    """Unit vector u, (3, 1, 1, 1) or (3, nz, ny, nx)."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        along = dot(m, self.axis)
        strength = sum(prefactor * along**power for prefactor, power in zip(self.prefactors, (1, 3), strict=False))
        return strength * self.axis

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        along = dot(m, self.axis)
        lowest = jnp.where(self.constants[0] > 0, sum(self.constants), 0.0)
        return lowest - sum(constant * along**power for constant, power in zip(self.constants, (2, 4), strict=False))

    @property
    @override
    def planes(self) -> tuple[int, ...]:
        part = np.asarray(self.axis) != 0
        # The easy axis is in the plane, or across it, where m in the plane does not feel it.
        return tuple(axis for axis in range(3) if not np.any(part[axis] & np.delete(part, axis, axis=0).any(axis=0)))


def from_ubermag(term: mm.UniaxialAnisotropy, discretisation: Discretisation) -> UniaxialAnisotropy:
    """Read a `micromagneticmodel.UniaxialAnisotropy` with K, or with K1 and K2 (0 if not set), in J/m3.

    They and u are each one value, per region or a field. Unlike oommfc, which writes a field's absolute value, the sign
    of a field-valued constant is kept. A ValueError for an axis that is zero where a constant is not, or neither K nor
    K1.
    """
    names = ["K1", "K2"] if is_set(term, "K2") else ["K1"] if is_set(term, "K1") else ["K"]
    check_parameters(term, (*names, "u"))
    saturation = discretisation.saturation
    constants = [scalar_parameter(term, name, discretisation) * (saturation > 0) for name in names]
    acts = np.any([constant != 0 for constant in constants], axis=0)
    per_constant = 2.0 / MU0 * inverse(saturation)
    prefactors = [factor * constant * per_constant for factor, constant in zip((1, 2), constants, strict=False)]
    return UniaxialAnisotropy(
        tuple(map(to_device, constants)),
        tuple(map(to_device, prefactors)),
        to_device(direction_parameter(term, "u", discretisation, acts=acts)),
    )
