"""Interfacial Dzyaloshinskii-Moriya energy."""

import numbers

import jax.numpy as jnp
import micromagneticmodel as mm
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, quadratic_density, to_device
from runs.native.discretisation import Discretisation, check_parameters
from runs.native.errors import UnsupportedError
from runs.native.neighbours import both_magnetic, inverse, lower_of, to_lower, to_upper, upper_of


class InterfacialDMI(EnergyTerm):
    r"""Dzyaloshinskii-Moriya interaction of an interface with normal z (class Cnv).

    .. math:: w = D (m \cdot \nabla m_z - m_z \nabla \cdot m), \qquad
        H_i = -\frac{2}{\mu_0 M_{s,i}} \sum_{j} \frac{D}{2 d_{ij}} (z \times e_{ij}) \times m_j

    with the sum over the magnetic neighbours j of cell i in the plane and :math:`e_{ij}` the unit
    vector from i to j. A missing neighbour contributes nothing, which leaves m free to tilt at an
    edge. Rohart and Thiaville, Phys. Rev. B 88, 184422 (2013); Cortes-Ortuno et al., New J. Phys.
    20, 113015 (2018).
    """

    along_x: Array | None
    """D / (2 dx) in J/m3 for pairs along x, (nz, ny, nx - 1); None for one cell."""
    along_y: Array | None
    """D / (2 dy) in J/m3 for pairs along y, (nz, ny - 1, nx); None for one cell."""
    prefactor: Array
    """-2 / (mu0 Ms), zero outside the magnet, (nz, ny, nx)."""
    saturation: Array

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        total = jnp.zeros_like(m)
        if self.along_x is not None:
            # (z x e_x) x m = e_y x m = (m_z, 0, -m_x)
            x, _, z = _neighbour_difference(m, self.along_x, -1)
            total = total + jnp.stack([z, jnp.zeros_like(z), -x])
        if self.along_y is not None:
            # (z x e_y) x m = -e_x x m = (0, m_z, -m_y)
            _, y, z = _neighbour_difference(m, self.along_y, -2)
            total = total + jnp.stack([jnp.zeros_like(z), z, -y])
        return self.prefactor * total

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)


def from_ubermag(term: mm.DMI, discretisation: Discretisation) -> InterfacialDMI:
    """Read a `micromagneticmodel.DMI` with crystalclass "Cnv_z" (or "Cnv") and D one number, in J/m2.

    Raises
    ------
    UnsupportedError
        Another crystal class, or D that varies in space.
    """
    check_parameters(term, ("D", "crystalclass"))
    if term.crystalclass not in ("Cnv_z", "Cnv"):
        raise UnsupportedError(
            f"DMI {term.name!r}: crystalclass={term.crystalclass!r} is not supported by runs.native "
            "(supported: 'Cnv_z'); use oommfc"
        )
    if not isinstance(term.D, numbers.Real):
        raise UnsupportedError(f"DMI {term.name!r}: D={term.D!r} must be one number in runs.native; use oommfc")
    saturation = discretisation.saturation
    pairs = [
        to_device(float(term.D) / (2 * edge) * both_magnetic(saturation, axis)) if count > 1 else None
        for axis, edge, count in zip((-1, -2), discretisation.cell, discretisation.shape, strict=False)
    ]
    return InterfacialDMI(pairs[0], pairs[1], to_device(-2.0 / MU0 * inverse(saturation)), to_device(saturation))


def _neighbour_difference(m: Array, weight: Array, axis: int) -> Array:
    """Return the weighted m of the upper minus that of the lower neighbour, zero for a missing one."""
    return to_lower(weight * upper_of(m, axis), axis) - to_upper(weight * lower_of(m, axis), axis)
