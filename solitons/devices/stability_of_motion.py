r"""Chaos and limit cycles of a driven device: the largest Lyapunov exponent, and where it is once in each period.

A small difference v of two states is carried along by the derivative of the device's own step,

.. math:: v_{k+1} = \frac{\partial F}{\partial s}(s_k, J_k)\, v_k, \qquad
          \lambda = \lim_{n \to \infty} \frac{1}{n \theta} \sum_k \ln \frac{|v_{k+1}|}{|v_k|},

v being set to the length 1 after each slot (G. Benettin, L. Galgani, A. Giorgilli and J.-M. Strelcyn, Meccanica 15, 9
(1980)). Above 0 the motion is chaotic, at 0 it is free along an orbit (a limit cycle), below 0 the device forgets how it
began, in 1 / |lambda|.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax.flatten_util import ravel_pytree

from solitons.devices.driven_nodes import DrivenDevice

__all__ = ["largest_exponent", "once_a_period"]

Floats = npt.NDArray[np.float64]


def largest_exponent(
    device: DrivenDevice, start: Any, current_density: npt.ArrayLike, *, slot: float, substeps: int, skipped: int = 0
) -> Floats:
    """Largest Lyapunov exponents in 1/s of a device under currents (series, slots) in A/m2.

    The first `skipped` slots, in which a difference turns into the direction that grows most, are left out. A state
    that is lost gives NaN.

    Examples
    --------
    The logistic map x to 4 x (1 - x) as a device: its exponent is ln 2 a step.

    >>> class Logistic(eqx.Module):
    ...     def step(self, state, current_density, dt, noise=None):
    ...         return 4 * state * (1 - state)
    ...     def read(self, state):
    ...         return state
    >>> found = largest_exponent(Logistic(), 0.3, np.zeros((1, 20_000)), slot=1.0, substeps=1)
    >>> float(found[0].round(2))
    0.69
    """
    with jax.enable_x64(True):
        begin, unravel = ravel_pytree(jax.tree.map(lambda each: jnp.asarray(each, dtype=jnp.float64), start))
        density = jnp.asarray(current_density, dtype=jnp.float64)
        return np.asarray(_exponents(device, unravel, begin, density, slot / substeps, substeps, skipped))


@eqx.filter_jit
def _exponents(
    device: Any, unravel: Any, begin: Any, current_density: Any, dt: Any, substeps: int, skipped: int
) -> Any:
    def advanced(flat: Any, density: Any) -> Any:
        def one(_: Any, now: Any) -> Any:
            return ravel_pytree(device.step(unravel(now), density, dt))[0]

        return jax.lax.fori_loop(0, substeps, one, flat)

    # States in m and in rad differ by many powers of ten; the exponent does not depend on the unit.
    scale = jnp.maximum(jnp.abs(begin), 1e-12)

    def in_slot(state: Any, density: Any) -> tuple[Any, Any]:
        flat, difference = state
        after, moved = jax.jvp(lambda now: advanced(now, density), (flat,), (scale * difference,))
        grown = jnp.linalg.norm(moved / scale)
        return (after, moved / scale / grown), jnp.log(grown)

    def one(series: Any) -> Any:
        first = jnp.ones_like(begin) / jnp.sqrt(begin.size)
        return jax.lax.scan(in_slot, (begin, first), series)[1][skipped:].mean() / (dt * substeps)

    return jax.vmap(one)(current_density)


def once_a_period(
    device: DrivenDevice,
    start: Any,
    *,
    bias: float,
    amplitudes: npt.ArrayLike,
    period: float,
    substeps: int,
    periods: int,
    kept: int,
) -> Floats:
    """What is read once in each period of J_0 + A sin(2 pi t / T), (amplitudes, kept): the last ones of so many.

    One value is a motion of the period T, two a motion of 2 T, and so on: a bifurcation diagram over the amplitudes.
    """
    with jax.enable_x64(True):
        begin = jax.tree.map(lambda each: jnp.asarray(each, dtype=jnp.float64), start)
        phase = 2 * np.pi * (np.arange(substeps) + 0.5) / substeps
        shape = jnp.asarray(np.sin(phase))
        given = jnp.asarray(amplitudes, dtype=jnp.float64)
        return np.asarray(_strobed(device, begin, bias + given[:, None] * shape, period / substeps, periods, kept))


@eqx.filter_jit
def _strobed(device: Any, start: Any, currents: Any, dt: Any, periods: int, kept: int) -> Any:
    def one(current: Any) -> Any:
        def in_period(state: Any, _: Any) -> tuple[Any, Any]:
            after = jax.lax.scan(lambda now, density: (device.step(now, density, dt), None), state, current)[0]
            return after, device.read(after)

        return jax.lax.scan(in_period, start, None, length=periods)[1][-kept:]

    return jax.vmap(one)(currents)
