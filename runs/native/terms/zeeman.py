"""Zeeman energy."""

from collections.abc import Callable

import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, dot, to_device
from runs.native.discretisation import Discretisation, check_parameters, vector_parameter
from runs.native.terms.modulation import Modulation, modulated, modulation_of
from runs.native.waveform import MATRIX, Waveform


class Zeeman(EnergyTerm):
    r"""Energy in an applied field, where f is 1, a number or a matrix.

    .. math:: w = -\mu_0 M_s \, m \cdot f(t) H
    """

    applied: Array
    """H in A/m, (3, 1, 1, 1) or (3, nz, ny, nx)."""
    saturation: Array
    modulation: Modulation | None

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        return jnp.broadcast_to(modulated(self.applied, self.modulation, amplitudes), m.shape)

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return -MU0 * self.saturation * dot(m, self.field(m, amplitudes))

    @property
    @override
    def planes(self) -> tuple[int, ...]:
        turned = self.modulation is not None and len(self.modulation.indices[0]) == MATRIX
        return () if turned else tuple(axis for axis in range(3) if not np.any(self.applied[axis]))


def from_ubermag(term: mm.Zeeman, discretisation: Discretisation, register: Callable[[Waveform], int]) -> Zeeman:
    """Read a `micromagneticmodel.Zeeman`: H is one vector, per region or a field.

    `modulation_of` it may be a matrix.
    """
    check_parameters(term, ("H",), ("func", "wave", "f", "t0", "dt", "tcl_strings"))
    modulation = modulation_of(term, discretisation, register, matrix=True)
    applied = to_device(vector_parameter(term, "H", discretisation))
    return Zeeman(applied, to_device(discretisation.saturation), modulation)
