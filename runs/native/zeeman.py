"""Zeeman energy."""

from collections.abc import Callable

import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, amplitude, dot, to_device
from runs.native.discretisation import Discretisation, check_parameters, vector_parameter
from runs.native.waveform import Waveform, waveform_of


class Zeeman(EnergyTerm):
    r"""Energy in an applied field, multiplied by a waveform f(t) where it depends on time.

    .. math:: w = -\mu_0 M_s \, m \cdot H f(t)
    """

    applied: Array
    """H in A/m, (3, 1, 1, 1) or (3, nz, ny, nx)."""
    saturation: Array
    waveform: int | None = eqx.field(static=True)

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        return jnp.broadcast_to(self.applied * amplitude(amplitudes, self.waveform), m.shape)

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return -MU0 * self.saturation * dot(m, self.field(m, amplitudes))


def from_ubermag(term: mm.Zeeman, discretisation: Discretisation, register: Callable[[Waveform], int]) -> Zeeman:
    """Read a `micromagneticmodel.Zeeman`: H is one vector, per region or a field, times `waveform_of` it.

    Raises
    ------
    UnsupportedError
        `tcl_strings`, or a waveform that this engine cannot read.
    """
    check_parameters(term, ("H",), ("func", "wave", "f", "t0", "dt", "tcl_strings"))
    waveform = waveform_of(term)
    applied = to_device(vector_parameter(term, "H", discretisation))
    index = None if waveform is None else register(waveform)
    return Zeeman(applied, to_device(discretisation.saturation), index)
