"""Zeeman energy."""

from collections.abc import Callable

import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
from jax import Array

from runs.native.abstract import MU0, EnergyTerm, amplitude, dot
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

    def field(self, m: Array, amplitudes: Array) -> Array:
        """See `EnergyTerm.field`."""
        return jnp.broadcast_to(self.applied * amplitude(amplitudes, self.waveform), m.shape)

    def density(self, m: Array, amplitudes: Array) -> Array:
        """See `EnergyTerm.density`."""
        return -MU0 * self.saturation * dot(m, self.field(m, amplitudes))


def from_ubermag(
    term: mm.Zeeman, discretisation: Discretisation, register: Callable[[Waveform], int]
) -> Zeeman:
    """Zeeman term of a `micromagneticmodel.Zeeman`: H constant or in space, `func` as `waveform_of` reads it.

    Raises
    ------
    UnsupportedError
        `tcl_strings`, or a waveform that this engine cannot read.
    """
    check_parameters(term, ("H",), ("func", "wave", "f", "t0", "dt", "tcl_strings"))
    waveform = waveform_of(term)
    applied = vector_parameter(term, "H", discretisation)
    return Zeeman(applied, discretisation.saturation, None if waveform is None else register(waveform))
