"""The equation of motion of one system, as arrays that a compiled function takes."""

import equinox as eqx
import jax.numpy as jnp
from jax import Array

from runs.native.abstract import EnergyTerm, Torque, cross, dot


class Model(eqx.Module):
    """Energy terms and torques on one grid; every number in it is an argument of what is compiled, not a constant."""

    terms: tuple[EnergyTerm, ...]
    torques: tuple[Torque, ...]
    saturation: Array
    """Ms in A/m, (nz, ny, nx)."""
    cell_volume: Array
    """m3, ()."""

    def field(self, m: Array, amplitudes: Array) -> Array:
        """Total effective field in A/m, (3, nz, ny, nx), zero outside the magnet."""
        total = jnp.zeros_like(m)
        for term in self.terms:
            total = total + term.field(m, amplitudes)
        return jnp.where(self.saturation > 0, total, 0.0)

    def density(self, m: Array, amplitudes: Array) -> Array:
        """Total energy density in J/m3, (nz, ny, nx)."""
        total = jnp.zeros_like(m[0])
        for term in self.terms:
            total = total + term.density(m, amplitudes)
        return total

    def energy(self, m: Array, amplitudes: Array) -> Array:
        """Total energy in J."""
        return jnp.sum(self.density(m, amplitudes)) * self.cell_volume

    def derivative(self, m: Array, amplitudes: Array) -> Array:
        r"""dm/dt in 1/s, (3, nz, ny, nx): the sum of all torques, :math:`m \times (a + m \times b)`."""
        field = self.field(m, amplitudes)
        about = towards = jnp.zeros(())
        for torque in self.torques:
            a, b = torque.contribution(m, field, amplitudes)
            about, towards = about + a, towards + b
        rotation = jnp.broadcast_to(about, m.shape) + cross(m, jnp.broadcast_to(towards, m.shape))
        return cross(m, rotation)


def normalise(m: Array) -> Array:
    """Scale every non-zero vector of (3, nz, ny, nx) to length 1."""
    length2 = dot(m, m)
    return m * jnp.where(length2 > 0, 1.0, 0.0) / jnp.sqrt(jnp.where(length2 > 0, length2, 1.0))


def largest_vector(vectors: Array) -> Array:
    """Largest length in a field (3, nz, ny, nx), ()."""
    return jnp.sqrt(jnp.max(dot(vectors, vectors)))
