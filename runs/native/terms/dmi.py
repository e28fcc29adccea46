"""Dzyaloshinskii-Moriya energy of every crystal class that micromagneticmodel names."""

import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, quadratic_density, to_device
from runs.native.discretisation import Discretisation, check_parameters
from runs.native.neighbours import AXES, Pairs, inverse, pair_parameter, pairs_along

DIRECTIONS = {
    "T": ("+x", "+y", "+z"),
    "O": ("+x", "+y", "+z"),
    "Cnv_x": ("", "+z", "-y"),
    "Cnv_y": ("-z", "", "+x"),
    "Cnv_z": ("+y", "-x", ""),
    "D2d_x": ("", "-y", "+z"),
    "D2d_y": ("+x", "", "-z"),
    "D2d_z": ("-x", "+y", ""),
}
"""The Dzyaloshinskii vector d_a of a pair of neighbours along a = x, y and z in every class."""


class DMI(EnergyTerm):
    r"""Dzyaloshinskii-Moriya interaction between the six nearest neighbours.

    .. math:: w = -D \sum_a d_a \cdot \left( m \times \frac{\partial m}{\partial a} \right), \qquad
        H_i = -\frac{2}{\mu_0 M_{s,i}} \sum_j \frac{D_{ij}}{2 \Delta_{ij}} \, d_{ij} \times m_j

    with the sums over the axes a = x, y, z and over the magnetic neighbours j of cell i, at the distance
    :math:`\Delta_{ij}`. The Dzyaloshinskii vector :math:`d_{ij}` is :math:`d_a` where j is the next cell along a and
    :math:`-d_a` where it is the one before. A missing neighbour contributes nothing, which leaves m free to tilt at
    an edge. The classes differ in :math:`d_a` alone:

    - T and O, :math:`d_a = e_a`: :math:`w = D \, m \cdot (\nabla \times m)`;
    - Cnv with axis n, :math:`d_a = n \times e_a`: :math:`w = D (m \cdot \nabla m_n - m_n \nabla \cdot m)`;
    - D2d with axis z, :math:`d_x = -e_x, d_y = e_y`:
      :math:`w = D \, m \cdot (\partial_x m \times e_x - \partial_y m \times e_y)`; x and y by cyclic exchange.

    If D is a field, :math:`D_{ij} = (D_i + D_j) / 2`: the energy of a pair is the integral of D from one centre
    to the other while m turns evenly between them, and it stays finite where D changes its sign.
    Cortes-Ortuno et al., New J. Phys. 20, 113015 (2018); Rohart and Thiaville, Phys. Rev. B 88, 184422 (2013).
    """

    strength: tuple[Array, ...]
    """D_ij / (2 Delta_ij) in J/m3 of each of `pairs`, with the sign of the Dzyaloshinskii vector."""
    prefactor: Array
    """-2 / (mu0 Ms), zero outside the magnet, (nz, ny, nx)."""
    saturation: Array
    pairs: tuple[Pairs, ...] = eqx.field(static=True)
    directions: tuple[int, ...] = eqx.field(static=True)
    """The component of the Dzyaloshinskii vector that is not zero, for each of `pairs`."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        # Component by component: XLA makes one loop of it, and several loops of whole vectors.
        total = [jnp.zeros_like(m[0])] * 3
        for pairs, direction, strength in zip(self.pairs, self.directions, self.strength, strict=True):
            first, second = (direction + 1) % 3, (direction + 2) % 3
            # e_k x m has -m_(k+2) as component k + 1 and m_(k+1) as component k + 2.
            total[first] = total[first] - _neighbour_difference(m[second], strength, pairs)
            total[second] = total[second] + _neighbour_difference(m[first], strength, pairs)
        return self.prefactor * jnp.stack(total)

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)


def from_ubermag(term: mm.DMI, discretisation: Discretisation) -> DMI:
    """Read a `micromagneticmodel.DMI`: D in J/m2 is a number, per region and pair of regions, or a field."""
    check_parameters(term, ("D", "crystalclass"))
    # "Cnv" and "D2d" are micromagneticmodel's old names of the classes with axis z.
    name = f"{term.crystalclass}_z" if term.crystalclass in ("Cnv", "D2d") else term.crystalclass
    families: list[Pairs] = []
    components: list[int] = []
    strength: list[Array] = []
    for axis, edge, vector in zip(AXES, discretisation.cell, DIRECTIONS[name], strict=True):
        if not vector:
            continue
        sign = -1.0 if vector[0] == "-" else 1.0
        for pairs in pairs_along(discretisation, axis):
            coupling = pair_parameter(term, "D", discretisation, pairs, _arithmetic_mean)
            families.append(pairs)
            components.append("xyz".index(vector[1]))
            strength.append(to_device(sign * coupling / (2 * edge) * pairs.both_magnetic(discretisation.saturation)))
    saturation = discretisation.saturation
    return DMI(
        tuple(strength),
        to_device(-2.0 / MU0 * inverse(saturation)),
        to_device(saturation),
        tuple(families),
        tuple(components),
    )


def _arithmetic_mean(lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    mean: np.ndarray = 0.5 * (lower + upper)
    return mean


def _neighbour_difference(component: Array, strength: Array, pairs: Pairs) -> Array:
    """Return the weighted component of the upper minus the lower neighbour, zero for a missing one."""
    return pairs.to_lower(strength * pairs.upper(component)) - pairs.to_upper(strength * pairs.lower(component))
