"""Slonczewski spin torque; with Lambda = 1 it is the torque of a spin current from a heavy metal."""

from collections.abc import Callable

import micromagneticmodel as mm
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import Torque, dot, to_device
from runs.native.discretisation import (
    Discretisation,
    check_parameters,
    direction_parameter,
    is_set,
    scalar_parameter,
)
from runs.native.neighbours import inverse
from runs.native.terms.modulation import Modulation, modulated, modulation_of
from runs.native.waveform import Waveform


class Slonczewski(Torque):
    r"""Torque of a spin current with polarisation p, J the current density in A/m2 times a waveform.

    .. math:: \frac{dm}{dt} = \frac{\gamma_0 b}{1 + \alpha^2} \left[ (\epsilon + \alpha \epsilon')
        \, m \times (p \times m) + (\alpha \epsilon - \epsilon') \, m \times p \right]

    .. math:: b = \frac{\hbar J}{\mu_0 e t M_s}, \qquad
        \epsilon = \frac{P \Lambda^2}{\Lambda^2 + 1 + (\Lambda^2 - 1) \, m \cdot p}

    with t the thickness of a cell along z, as OOMMF takes it: give J in every layer of cells that
    the spin current enters. Without precession OOMMF leaves out what does not hold alpha; here the
    torque is the same with it and without. Slonczewski, J. Magn. Magn. Mater. 159, L1 (1996); Xiao, Zangwill and
    Stiles, Phys. Rev. B 70, 172405 (2004).
    """

    strength: Array
    """gamma0 b / (1 + alpha^2) in 1/s at amplitude 1, zero outside the magnet, (nz, ny, nx)."""
    polarisation: Array
    """Unit vector p, (3, 1, 1, 1) or (3, nz, ny, nx)."""
    efficiency: Array
    """P Lambda^2."""
    symmetric: Array
    """Lambda^2 + 1."""
    asymmetric: Array
    """Lambda^2 - 1."""
    secondary: Array
    """epsilon'."""
    damping: Array
    """alpha."""
    modulation: Modulation | None

    @override
    def contribution(self, m: Array, field: Array, amplitudes: Array) -> tuple[Array, Array]:
        epsilon = self.efficiency / (self.symmetric + self.asymmetric * dot(m, self.polarisation))
        strength = modulated(self.strength, self.modulation, amplitudes)
        about = strength * (self.damping * epsilon - self.secondary) * self.polarisation
        towards = -strength * (epsilon + self.damping * self.secondary) * self.polarisation
        return about, towards


def from_ubermag(
    term: mm.Slonczewski,
    discretisation: Discretisation,
    damping: np.ndarray,
    gyromagnetic_ratio: np.ndarray,
    register: Callable[[Waveform], int],
) -> Slonczewski:
    """Read a `micromagneticmodel.Slonczewski`; each parameter is one value, per region or a field.

    `eps_prime` is 0 if not set. Outside the regions that a dict names J, P and eps_prime are 0 and Lambda is 1. An
    UnsupportedError for `tcl_strings`, or a waveform that this engine cannot read; a ValueError if mp is zero where the
    current acts.
    """
    check_parameters(term, ("J", "mp", "P", "Lambda"), ("eps_prime", "func", "dt", "tcl_strings"))
    consts, thickness = mm.consts, discretisation.cell[2]
    field_per_current = consts.hbar / (consts.mu0 * consts.e * thickness) * inverse(discretisation.saturation)
    current = scalar_parameter(term, "J", discretisation)
    squared = scalar_parameter(term, "Lambda", discretisation, default=1.0) ** 2
    degree = scalar_parameter(term, "P", discretisation)
    secondary = scalar_parameter(term, "eps_prime", discretisation) if is_set(term, "eps_prime") else 0.0
    strength = gyromagnetic_ratio / (1.0 + damping**2) * field_per_current * current
    acts = (strength != 0) & ((degree != 0) | (np.asarray(secondary) != 0))
    return Slonczewski(
        strength=to_device(strength),
        polarisation=to_device(direction_parameter(term, "mp", discretisation, acts=acts)),
        efficiency=to_device(degree * squared),
        symmetric=to_device(squared + 1.0),
        asymmetric=to_device(squared - 1.0),
        secondary=to_device(secondary),
        damping=to_device(damping),
        modulation=modulation_of(term, discretisation, register),
    )
