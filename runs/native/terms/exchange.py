"""Exchange energy."""

import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array, lax
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, quadratic_density, to_device
from runs.native.discretisation import Discretisation, check_parameters
from runs.native.neighbours import AXES, Pairs, inverse, pair_parameter, pairs_along


class Exchange(EnergyTerm):
    r"""Isotropic exchange between the six nearest neighbours.

    .. math:: w = -A \, m \cdot \nabla^2 m, \qquad
        H_i = \frac{2}{\mu_0 M_{s,i}} \sum_{j} A_{ij} \frac{m_j - m_i}{d_{ij}^2}

    with the sum over the neighbours j that are magnetic: dm/dn = 0 on every surface of the magnet. Where A is a
    field :math:`A_{ij} = 2 A_i A_j / (A_i + A_j)`, with which A dm/dn is continuous at the face between two
    cells. Donahue and Porter, Physica B 343, 177 (2004).
    """

    stiffness: tuple[Array, ...]
    """A_ij / d_ij^2 in J/m3 of each of `pairs`."""
    prefactor: Array
    """2 / (mu0 Ms), zero outside the magnet, (nz, ny, nx)."""
    saturation: Array
    pairs: tuple[Pairs, ...] = eqx.field(static=True)

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        total = jnp.zeros_like(m)
        for pairs, stiffness in zip(self.pairs, self.stiffness, strict=True):
            flux = stiffness * (pairs.upper(m) - pairs.lower(m))
            total = total + pairs.to_lower(flux) - pairs.to_upper(flux)
        # Computed once for all that reads it, in one loop: the energy, the torque, and the field of all terms.
        field: Array = lax.optimization_barrier(self.prefactor * total)  # type: ignore[no-untyped-call]
        return field

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)

    @property
    @override
    def planes(self) -> tuple[int, ...]:
        return (0, 1, 2)


def from_ubermag(term: mm.Exchange, discretisation: Discretisation) -> Exchange:
    """Read a `micromagneticmodel.Exchange`: A in J/m is a number, per region and pair of regions, or a field.

    Unlike oommfc, which writes a field's absolute value, the sign of a field-valued A is kept. A ValueError for a
    region that the mesh does not have, or a field with A_i = -A_j in neighbouring magnetic cells.
    """
    check_parameters(term, ("A",))
    saturation = discretisation.saturation
    families: list[Pairs] = []
    stiffness: list[Array] = []
    for axis, edge in zip(AXES, discretisation.cell, strict=True):
        for pairs in pairs_along(discretisation, axis):
            magnetic = pairs.both_magnetic(saturation)
            coupling = np.where(magnetic > 0, pair_parameter(term, "A", discretisation, pairs, _harmonic_mean), 0.0)
            if not np.all(np.isfinite(coupling)):
                raise ValueError(
                    f"Exchange {term.name!r}: A={term.A!r} has opposite values in two neighbouring cells, which makes "
                    "2 A_i A_j / (A_i + A_j) infinite; give A per region with a value for the pair of regions"
                )
            families.append(pairs)
            stiffness.append(to_device(coupling / edge**2))
    return Exchange(
        tuple(stiffness), to_device(2.0 / MU0 * inverse(saturation)), to_device(saturation), tuple(families)
    )


def _harmonic_mean(lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return 2 A_i A_j / (A_i + A_j): zero if one of them is, infinite if they are opposite."""
    product, total = 2.0 * lower * upper, lower + upper
    mean: np.ndarray = np.divide(product, total, out=np.where(product == 0, 0.0, np.inf), where=total != 0)
    return mean
