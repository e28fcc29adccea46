"""Magnetoelastic energy in a given strain."""

import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, quadratic_density, to_device
from runs.native.discretisation import Discretisation, check_parameters, scalar_parameter, vector_parameter
from runs.native.neighbours import inverse


class MagnetoElastic(EnergyTerm):
    r"""Coupling of m to a fixed strain in a cubic crystal with its axes along x, y and z.

    .. math:: w = B_1 \sum_i m_i^2 \epsilon_{ii} + B_2 \sum_i \sum_{j \ne i} m_i m_j \epsilon_{ij}, \qquad
        H_i = -\frac{2}{\mu_0 M_s} \left( B_1 \epsilon_{ii} m_i + B_2 \sum_{j \ne i} \epsilon_{ij} m_j \right)

    Kittel, Rev. Mod. Phys. 21, 541 (1949).
    """

    diagonal: Array
    """B1 times (e_xx, e_yy, e_zz) in J/m3, (3, 1, 1, 1) or (3, nz, ny, nx)."""
    off_diagonal: Array
    """B2 times (e_yz, e_xz, e_xy) in J/m3, (3, 1, 1, 1) or (3, nz, ny, nx)."""
    prefactor: Array
    """-2 / (mu0 Ms), zero outside the magnet, (nz, ny, nx)."""
    saturation: Array

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        x, y, z = m
        yz, xz, xy = self.off_diagonal
        sheared = jnp.stack([xy * y + xz * z, xy * x + yz * z, xz * x + yz * y])
        return self.prefactor * (self.diagonal * m + sheared)

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)


def from_ubermag(term: mm.MagnetoElastic, discretisation: Discretisation) -> MagnetoElastic:
    """Read a `micromagneticmodel.MagnetoElastic`: every parameter is one value, per region or a field.

    Unlike oommfc, which writes a field's absolute value, the sign of a field-valued B1 or B2 is kept.
    """
    check_parameters(term, ("B1", "B2", "e_diag", "e_offdiag"))
    saturation = discretisation.saturation

    def product(constant: str, strain: str) -> Array:
        magnetic = np.where(saturation > 0, 1.0, 0.0)
        value = scalar_parameter(term, constant, discretisation) * vector_parameter(term, strain, discretisation)
        return to_device(value * magnetic if value.shape[1:] == saturation.shape else value)

    return MagnetoElastic(
        product("B1", "e_diag"),
        product("B2", "e_offdiag"),
        to_device(-2.0 / MU0 * inverse(saturation)),
        to_device(saturation),
    )
