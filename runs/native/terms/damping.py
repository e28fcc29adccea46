"""Gilbert damping, in Landau-Lifshitz form."""

import jax.numpy as jnp
from jax import Array
from typing_extensions import override

from runs.native.abstract import Torque


class Damping(Torque):
    r"""Damping towards the effective field.

    .. math:: \frac{dm}{dt} = -\frac{\gamma_0 \alpha}{1 + \alpha^2} m \times (m \times H)
    """

    rate: Array
    """gamma0 alpha / (1 + alpha^2) in m/(A s), () or (nz, ny, nx)."""

    @override
    def contribution(self, m: Array, field: Array, amplitudes: Array) -> tuple[Array, Array]:
        return jnp.zeros(()), -self.rate * field
