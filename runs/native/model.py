"""The equation of motion of one system, as arrays that a compiled function takes."""

import equinox as eqx
import jax.numpy as jnp
from jax import Array

from runs.native.abstract import EnergyTerm, Torque, dot


class Model(eqx.Module):
    """Energy terms and torques on one grid; what is compiled takes every number in it as an argument."""

    terms: tuple[EnergyTerm, ...]
    torques: tuple[Torque, ...]
    saturation: Array
    """Ms in A/m, (nz, ny, nx)."""
    cell_volume: Array
    """m3, ()."""
    fixed: Array | None = None
    """Cells whose m is held, (nz, ny, nx) of bool; None where there are none."""

    def field(self, m: Array, amplitudes: Array) -> Array:
        """Return the total effective field in A/m, (3, nz, ny, nx), zero outside the magnet."""
        total = jnp.zeros_like(m)
        for term in self.terms:
            total = total + term.field(m, amplitudes)
        return jnp.where(self.saturation > 0, total, 0.0)

    def density(self, m: Array, amplitudes: Array) -> Array:
        """Return the total energy density in J/m3, (nz, ny, nx)."""
        total = jnp.zeros_like(m[0])
        for term in self.terms:
            total = total + term.density(m, amplitudes)
        return total

    def energy(self, m: Array, amplitudes: Array) -> Array:
        """Return the total energy in J."""
        return jnp.sum(self.density(m, amplitudes)) * self.cell_volume

    def derivative(self, m: Array, amplitudes: Array) -> Array:
        """Return dm/dt in 1/s, (3, nz, ny, nx): the sum of all torques, m x (a + m x b), zero where m is held."""
        field = self.field(m, amplitudes)
        about = towards = jnp.zeros(())
        for torque in self.torques:
            a, b = torque.contribution(m, field, amplitudes)
            about, towards = about + a, towards + b
        # m x (m x b) = m (m . b) - b (m . m), component by component: two vector products in a row make XLA
        # compute the field again for each component.
        x, y, z = m
        ax, ay, az = jnp.broadcast_to(about, m.shape)
        bx, by, bz = jnp.broadcast_to(towards, m.shape)
        along, square = x * bx + y * by + z * bz, x * x + y * y + z * z
        rate = [
            y * az - z * ay + x * along - bx * square,
            z * ax - x * az + y * along - by * square,
            x * ay - y * ax + z * along - bz * square,
        ]
        return self.movable(jnp.stack(rate))

    def movable(self, vectors: Array) -> Array:
        """Return a field (3, nz, ny, nx) that is zero in the cells whose m is held."""
        return vectors if self.fixed is None else jnp.where(self.fixed, 0.0, vectors)


def normalise(m: Array) -> Array:
    """Scale every non-zero vector of (3, nz, ny, nx) to length 1."""
    length2 = dot(m, m)
    return m * jnp.where(length2 > 0, 1.0, 0.0) / jnp.sqrt(jnp.where(length2 > 0, length2, 1.0))


def largest_vector(vectors: Array) -> Array:
    """Return the largest length in a field (3, nz, ny, nx), ()."""
    return jnp.sqrt(jnp.max(dot(vectors, vectors)))
