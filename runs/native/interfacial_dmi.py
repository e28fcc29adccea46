"""Interfacial Dzyaloshinskii-Moriya energy."""

import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array

from runs.native.abstract import MU0, EnergyTerm, quadratic_density
from runs.native.discretisation import Discretisation, check_parameters
from runs.native.errors import UnsupportedError
from runs.native.neighbours import both_magnetic, inverse, to_lower, to_upper


class InterfacialDMI(EnergyTerm):
    r"""Dzyaloshinskii-Moriya interaction of an interface with normal z (class Cnv).

    .. math:: w = D (m \cdot \nabla m_z - m_z \nabla \cdot m), \qquad
        H_i = -\frac{2}{\mu_0 M_{s,i}} \sum_{j} \frac{D}{2 d_{ij}} (z \times e_{ij}) \times m_j

    with the sum over the magnetic neighbours j of cell i in the plane and :math:`e_{ij}` the unit vector from i to j.
    A missing neighbour contributes nothing, which leaves m free to tilt at an edge. Rohart and Thiaville,
    Phys. Rev. B 88, 184422 (2013); Cortes-Ortuno et al., New J. Phys. 20, 113015 (2018).
    """

    along_x: Array | None
    """D / (2 dx) in J/m4 for pairs along x, (nz, ny, nx - 1); None for one cell."""
    along_y: Array | None
    """D / (2 dy) in J/m4 for pairs along y, (nz, ny - 1, nx); None for one cell."""
    prefactor: Array
    """-2 / (mu0 Ms), zero outside the magnet, (nz, ny, nx)."""
    saturation: Array

    def field(self, m: Array, amplitudes: Array) -> Array:
        """See `EnergyTerm.field`."""
        total = jnp.zeros_like(m)
        if self.along_x is not None:
            # (z x e_x) x m = e_y x m = (m_z, 0, -m_x)
            sums = _neighbour_difference(m, self.along_x, -1)
            total = total + jnp.stack([sums[2], jnp.zeros_like(sums[0]), -sums[0]])
        if self.along_y is not None:
            # (z x e_y) x m = -e_x x m = (0, m_z, -m_y)
            sums = _neighbour_difference(m, self.along_y, -2)
            total = total + jnp.stack([jnp.zeros_like(sums[0]), sums[2], -sums[1]])
        return self.prefactor * total

    def density(self, m: Array, amplitudes: Array) -> Array:
        """See `EnergyTerm.density`."""
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)


def from_ubermag(term: mm.DMI, discretisation: Discretisation) -> InterfacialDMI:
    """Interaction of a `micromagneticmodel.DMI` with crystalclass "Cnv_z" (or "Cnv") and D one number, in J/m2.

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
    if not np.isscalar(term.D):
        raise UnsupportedError(
            f"DMI {term.name!r}: D={term.D!r} must be one number in runs.native; use oommfc"
        )
    saturation = discretisation.saturation
    pairs: list[np.ndarray | None] = [
        term.D / (2 * edge) * both_magnetic(saturation, axis) if count > 1 else None
        for axis, edge, count in zip((-1, -2), discretisation.cell, discretisation.shape, strict=False)
    ]
    return InterfacialDMI(pairs[0], pairs[1], -2.0 / MU0 * inverse(saturation), saturation)


def _neighbour_difference(m: Array, weight: Array, axis: int) -> Array:
    """Weighted m of the upper neighbour minus weighted m of the lower one, zero for a missing neighbour."""
    upper = jax.lax.slice_in_dim(m, 1, None, axis=axis)
    lower = jax.lax.slice_in_dim(m, 0, -1, axis=axis)
    return to_lower(weight * upper, axis) - to_upper(weight * lower, axis)
