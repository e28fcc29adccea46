"""Interface of energy terms and torques to the model.

Inside the engine arrays are stored components first and x last: a vector field is
(3, nz, ny, nx), a scalar field (nz, ny, nx), so that the x axis is contiguous in memory. It is
discretisedfield's (nx, ny, nz, 3) transposed.
"""

import abc
import math
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

MU0 = 4e-7 * math.pi
"""Vacuum permeability in T m / A, the value before 2019 that OOMMF and micromagneticmodel use."""


class EnergyTerm(eqx.Module):
    """One contribution to the energy.

    `m` is the unit magnetisation (3, nz, ny, nx), zero outside the magnet; `amplitudes`
    (number of waveforms,) are the waveforms' values at this moment.
    """

    @abc.abstractmethod
    def field(self, m: Array, amplitudes: Array) -> Array:
        """Return the effective field H = -(1 / mu0 Ms) dw/dm in A/m, (3, nz, ny, nx), finite everywhere."""

    @abc.abstractmethod
    def density(self, m: Array, amplitudes: Array) -> Array:
        """Return the energy density w in J/m3, (nz, ny, nx), zero outside the magnet."""

    @property
    def planes(self) -> tuple[int, ...]:
        """Axes (0, 1, 2) along which the field has no part where m has none: m in the plane across one stays in it."""
        return ()


class Torque(eqx.Module):
    """One contribution to dm/dt, written as m x (a + m x b).

    Every torque on a unit vector has this form, so terms add up before any cross product is taken
    and |m| is kept by construction.
    """

    @abc.abstractmethod
    def contribution(self, m: Array, field: Array, amplitudes: Array) -> tuple[Array, Array]:
        """Return the vectors a and b in 1/s, each (3, nz, ny, nx) or broadcastable to it."""


def jit_for_seldom_use(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile, in half the time and unoptimised, a function that takes less time to run than to compile."""
    jit: Any = eqx.filter_jit
    compiled: Callable[Parameters, Result] = jit(function, compiler_options={"xla_backend_optimization_level": 0})
    return compiled


def to_device(values: ArrayLike) -> Array:
    """Return numbers as a JAX array in double precision, whatever JAX's default is."""
    with jax.enable_x64(True):
        return jnp.asarray(values, dtype=float)


def dot(a: Array, b: Array) -> Array:
    """Return the scalar product over the leading component axis."""
    # Not a sum over the axis, which XLA for CPUs does not fuse with what comes before and after.
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Array, b: Array) -> Array:
    """Return the vector product over the leading component axis."""
    return jnp.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def quadratic_density(m: Array, field: Array, saturation: Array) -> Array:
    """Return the energy density -(mu0 Ms / 2) m . H of a term whose field is linear in m."""
    return -0.5 * MU0 * saturation * dot(m, field)
