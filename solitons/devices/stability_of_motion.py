r"""Chaos and limit cycles of a driven device: the largest Lyapunov exponent, and where it is once in each period.

A small difference v of two states is carried along by the derivative of the device's own step F,

.. math:: v_{k+1} = \frac{\partial F}{\partial s}(s_k, J_k)\, v_k, \qquad
          \lambda = \lim_{n \to \infty} \frac{1}{n \theta} \sum_k \ln \frac{|v_{k+1}|}{|v_k|},

v being set to the length 1 after each slot (G. Benettin, L. Galgani, A. Giorgilli and J.-M. Strelcyn, Meccanica 15, 9
(1980)). Above 0 the motion is chaotic, at 0 it is free along an orbit (a limit cycle), below 0 the device forgets how
it began, in :math:`1 / |\lambda|`.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax.flatten_util import ravel_pytree

from solitons.devices.driven_nodes import DrivenDevice, as_real, linearised, read_slots, steps_in

__all__ = ["largest_exponent", "once_a_period"]

Floats = npt.NDArray[np.float64]


def largest_exponent(device: DrivenDevice, current_density: npt.ArrayLike, slot: float, skipped: int = 0) -> Floats:
    """Largest Lyapunov exponents in 1/s of a device at 0 K, (series,), under currents (series, slots) in A/m2.

    Each current is held for a `slot` in s. The first `skipped` slots, in which a difference turns into the direction
    that grows most, are left out. A difference that is lost altogether, as at an end that stops a wall, gives -inf.

    Examples
    --------
    The logistic map x to 4 x (1 - x) as a device: its exponent is ln 2 a step.

    >>> class Logistic(eqx.Module):
    ...     heat, window, longest_step = False, (0.0, 1.0), 1.0
    ...     def reset(self):
    ...         return 0.3
    ...     def step(self, state, current_density, dt, noise=None):
    ...         return 4 * state * (1 - state)
    ...     def read(self, state):
    ...         return state
    >>> float(largest_exponent(Logistic(), np.zeros((1, 20_000)), slot=1.0)[0].round(2))
    0.69
    """
    steps = steps_in(device, slot)
    with jax.enable_x64(True):
        state = as_real(device.reset())
        moves = linearised(device, state, jnp.float64(0.0), jnp.float64(slot / steps))[1]
        begin, unravel = ravel_pytree(state)
        density = jnp.asarray(current_density, dtype=jnp.float64)
        return np.asarray(_exponents(device, unravel, begin, moves, density, slot / steps, steps, skipped))


@eqx.filter_jit
def _exponents(
    device: Any, unravel: Any, begin: Any, moves: Any, densities: Any, dt: Any, steps: int, skipped: int
) -> Any:
    # States in m and in rad differ by many powers of ten; the exponent does not depend on the unit.
    unit = jnp.maximum(jnp.abs(begin), 1e-12)

    def in_slot(carried: Any, density: Any) -> tuple[Any, Any]:
        flat, difference = carried

        def advanced(now: Any) -> Any:
            def one(_: Any, state: Any) -> Any:
                return ravel_pytree(device.step(unravel(state), density, dt))[0]

            return jax.lax.fori_loop(0, steps, one, now)

        after, moved = jax.jvp(advanced, (flat,), (unit * difference,))
        grown = jnp.linalg.norm(moved / unit)
        return (after, moved / unit / jnp.maximum(grown, 1e-300)), jnp.log(grown)

    def one(series: Any) -> Any:
        first = moves / jnp.sqrt(moves.sum())
        return jax.lax.scan(in_slot, (begin, first), series)[1][skipped:].mean() / (dt * steps)

    return jax.vmap(one)(densities)


def once_a_period(device: DrivenDevice, current_density: npt.ArrayLike, slot: float, periods: int, kept: int) -> Floats:
    """What is read at the end of each of the last `kept` of many periods of a current, (series, kept), at 0 K.

    `current_density` (series, slots) in A/m2 is one period. One value is a motion of this period, two one of twice the
    period, and so on: over amplitudes, a bifurcation diagram (E. Ott, Chaos in Dynamical Systems, 2nd ed., 2002).

    Examples
    --------
    The logistic map x to r x (1 - x), with r as its current: one value at r = 2.8, two at 3.2, four at 3.5.

    >>> class Logistic(eqx.Module):
    ...     heat, window, longest_step = False, (0.0, 1.0), 1.0
    ...     def reset(self):
    ...         return 0.3
    ...     def step(self, state, current_density, dt, noise=None):
    ...         return current_density * state * (1 - state)
    ...     def read(self, state):
    ...         return state
    >>> seen = once_a_period(Logistic(), [[2.8], [3.2], [3.5]], slot=1.0, periods=1000, kept=8)
    >>> [len(set(each.round(6).tolist())) for each in seen]
    [1, 2, 4]
    """
    one = np.asarray(current_density, dtype=np.float64)
    return read_slots(device, np.tile(one, periods), slot)[:, one.shape[1] - 1 :: one.shape[1]][:, -kept:]
