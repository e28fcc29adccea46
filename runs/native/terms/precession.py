"""Precession."""

import jax.numpy as jnp
from jax import Array
from typing_extensions import override

from runs.native.abstract import Torque


class Precession(Torque):
    r"""Precession about the effective field.

    .. math:: \frac{dm}{dt} = -\frac{\gamma_0}{1 + \alpha^2} m \times H
    """

    rate: Array
    """gamma0 / (1 + alpha^2) in m/(A s), () or (nz, ny, nx)."""

    @override
    def contribution(self, m: Array, field: Array, amplitudes: Array) -> tuple[Array, Array]:
        return -self.rate * field, jnp.zeros(())
