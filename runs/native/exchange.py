"""Exchange energy."""

import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, quadratic_density, to_device
from runs.native.discretisation import Discretisation, check_parameters, scalar_parameter
from runs.native.errors import UnsupportedError
from runs.native.neighbours import AXES, both_magnetic, inverse, lower_of, to_lower, to_upper, upper_of


class Exchange(EnergyTerm):
    r"""Isotropic exchange between the six nearest neighbours.

    .. math:: w = -A \, m \cdot \nabla^2 m, \qquad
        H_i = \frac{2}{\mu_0 M_{s,i}} \sum_{j} A_{ij} \frac{m_j - m_i}{d_{ij}^2}

    with the sum over the neighbours j that are magnetic: dm/dn = 0 on every surface of the magnet.
    Between cells of different stiffness :math:`A_{ij} = 2 A_i A_j / (A_i + A_j)`. Donahue and
    Porter, Physica B 343, 177 (2004).
    """

    pair_stiffness: tuple[Array | None, ...]
    """A_ij / d_ij^2 in J/m3 for pairs along x, y and z; None along an axis of one cell."""
    prefactor: Array
    """2 / (mu0 Ms), zero outside the magnet, (nz, ny, nx)."""
    saturation: Array

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        total = jnp.zeros_like(m)
        for axis, stiffness in zip(AXES, self.pair_stiffness, strict=True):
            if stiffness is not None:
                flux = stiffness * (upper_of(m, axis) - lower_of(m, axis))
                total = total + to_lower(flux, axis) - to_upper(flux, axis)
        return self.prefactor * total

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)


def from_ubermag(term: mm.Exchange, discretisation: Discretisation) -> Exchange:
    """Read a `micromagneticmodel.Exchange` whose A is a number or a field, in J/m.

    Raises
    ------
    UnsupportedError
        A given per region: the value between two regions would have to be guessed.
    """
    check_parameters(term, ("A",))
    if isinstance(term.A, dict):
        raise UnsupportedError(
            f"Exchange {term.name!r}: A={term.A!r} per region is not supported by runs.native; give a "
            "discretisedfield.Field or one number"
        )
    saturation = discretisation.saturation
    stiffness = np.broadcast_to(scalar_parameter(term, "A", discretisation), saturation.shape)
    pairs: list[Array | None] = []
    for axis, edge, count in zip(AXES, discretisation.cell, discretisation.shape, strict=True):
        if count == 1:
            pairs.append(None)
            continue
        along = np.moveaxis(stiffness, axis, 0)
        product, mean = along[1:] * along[:-1], 0.5 * (along[1:] + along[:-1])
        harmonic = np.divide(product, mean, out=np.zeros_like(product), where=mean != 0)
        magnetic = both_magnetic(saturation, axis)
        pairs.append(to_device(np.moveaxis(harmonic, 0, axis) * magnetic / edge**2))
    return Exchange(tuple(pairs), to_device(2.0 / MU0 * inverse(saturation)), to_device(saturation))
