"""Cubic anisotropy energy."""

import micromagneticmodel as mm
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, dot, to_device
from runs.native.discretisation import Discretisation, check_parameters, direction_parameter, scalar_parameter
from runs.native.neighbours import inverse

PERPENDICULAR = 1e-9
"""Largest cosine of the angle between two axes that count as perpendicular."""


class CubicAnisotropy(EnergyTerm):
    r"""Anisotropy of fourth order about three perpendicular axes, :math:`u_3 = u_1 \times u_2`.

    .. math:: w = K (a_1^2 a_2^2 + a_2^2 a_3^2 + a_3^2 a_1^2), \quad a_i = m \cdot u_i, \qquad
        H = -\frac{2 K}{\mu_0 M_s} \sum_i a_i (a_j^2 + a_k^2) \, u_i

    This is OOMMF's sign: the axes are easy for K > 0. micromagneticmodel's documentation has a minus in front of
    K, which oommfc does not write.
    """

    constant: Array
    """K in J/m3, zero outside the magnet, (nz, ny, nx)."""
    prefactor: Array
    """-2 K / (mu0 Ms) in A/m, zero outside the magnet, (nz, ny, nx)."""
    axes: tuple[Array, Array, Array]
    """Unit vectors u_1, u_2 and u_3, each (3, 1, 1, 1) or (3, nz, ny, nx)."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        first, second, third = (dot(m, axis) for axis in self.axes)
        total = first * (second**2 + third**2) * self.axes[0]
        total = total + second * (third**2 + first**2) * self.axes[1]
        total = total + third * (first**2 + second**2) * self.axes[2]
        return self.prefactor * total

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        first, second, third = (dot(m, axis) ** 2 for axis in self.axes)
        return self.constant * (first * second + second * third + third * first)


def from_ubermag(term: mm.CubicAnisotropy, discretisation: Discretisation) -> CubicAnisotropy:
    """Read a `micromagneticmodel.CubicAnisotropy`: K in J/m3, u1 and u2 are each one value, per region or a field.

    Unlike oommfc, which writes a field's absolute value, the sign of a field-valued K is kept. A ValueError for an axis
    that is zero in the magnet, or u1 and u2 that are not perpendicular there.
    """
    check_parameters(term, ("K", "u1", "u2"))
    saturation = discretisation.saturation
    first = direction_parameter(term, "u1", discretisation)
    second = direction_parameter(term, "u2", discretisation)
    cosine = np.abs(np.sum(first * second, axis=0)) * (saturation > 0)
    if np.any(cosine > PERPENDICULAR):
        raise ValueError(
            f"CubicAnisotropy {term.name!r}: u1={term.u1!r} and u2={term.u2!r} are not perpendicular (cosine up to "
            f"{cosine.max():.2g}); give two perpendicular axes, the third is u1 x u2"
        )
    constant = scalar_parameter(term, "K", discretisation) * (saturation > 0)
    prefactor = -2.0 / MU0 * constant * inverse(saturation)
    third = np.cross(first, second, axis=0)
    return CubicAnisotropy(
        to_device(constant), to_device(prefactor), (to_device(first), to_device(second), to_device(third))
    )
