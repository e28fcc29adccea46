"""The classical Runge-Kutta step of whatever moves: walls, pairs of walls, skyrmions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

__all__ = ["classical_step"]

# The four stages: how far ahead of the start each looks, its weight, and whether it is at the step's start, middle
# or end.
AHEAD = np.array([0.0, 0.5, 0.5, 1.0])
WEIGHTS = np.array([1.0, 2.0, 2.0, 1.0]) / 6
MOMENTS = np.array([0, 1, 1, 2])


def classical_step(rates: Callable[[Any, Any], Any], state: Any, step: Any) -> Any:
    """Move a state, a pytree of float arrays, by one step (s) of the classical fourth-order Runge-Kutta method, in JAX.

    `rates` gives the state's rates of change at a state and at a moment of the step: 0 its start, 1 its middle, 2 its
    end.
    """

    def stage(so_far: tuple[Any, Any], one: tuple[Any, ...]) -> tuple[tuple[Any, Any], None]:
        before, total = so_far
        ahead, weight, moment = one
        rate = rates(jax.tree.map(lambda x, slope: x + step * ahead * slope, state, before), moment)
        return (rate, jax.tree.map(lambda x, slope: x + weight * slope, total, rate)), None

    # As a loop over the stages it compiles in half of the time, and many walls take no longer.
    still = jax.tree.map(jnp.zeros_like, state)
    stages = tuple(map(jnp.asarray, (AHEAD, WEIGHTS, MOMENTS)))
    (_, mean), _ = jax.lax.scan(stage, (still, still), stages)
    return jax.tree.map(lambda x, slope: x + step * slope, state, mean)
