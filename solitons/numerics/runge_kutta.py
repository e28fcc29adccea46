"""The classical Runge-Kutta step of whatever moves: walls, pairs of walls, skyrmions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

__all__ = ["classical_step", "step_and_difference"]

# The four stages: how far ahead of the start each looks, its weight, and whether it is at the step's start, middle
# or end.
AHEAD = np.array([0.0, 0.5, 0.5, 1.0])
WEIGHTS = np.array([1.0, 2.0, 2.0, 1.0]) / 6
MOMENTS = np.array([0, 1, 1, 2])
DIFFERENCE = np.array([0.0, -1.0, 1.0, 0.0])


def classical_step(rates: Callable[[Any, Any], Any], state: Any, step: Any) -> Any:
    """Move a state, a pytree of float arrays, by one step (s) of the classical fourth-order Runge-Kutta method, in JAX.

    `rates` gives the state's rates of change at a state and at a moment of the step: 0 its start, 1 its middle, 2 its
    end.
    """
    return step_and_difference(rates, state, step)[0]


def step_and_difference(rates: Callable[[Any, Any], Any], state: Any, step: Any) -> tuple[Any, Any]:
    """Move a state as `classical_step` does, and by how much its two slopes in the middle of the step differ.

    The second is h (k3 - k2). Where y' = lambda y it is (lambda h)^3 y / 4, the step's error is (lambda h)^5 y / 120,
    and where errors grow it is more than 5 y, so that it shows a step that is too long.
    """

    def stage(so_far: tuple[Any, Any, Any], one: tuple[Any, ...]) -> tuple[tuple[Any, Any, Any], None]:
        before, total, difference = so_far
        ahead, weight, moment, sign = one
        rate = rates(jax.tree.map(lambda x, slope: x + step * ahead * slope, state, before), moment)
        total = jax.tree.map(lambda x, slope: x + weight * slope, total, rate)
        return (rate, total, jax.tree.map(lambda x, slope: x + sign * slope, difference, rate)), None

    # As a loop over the stages it compiles in half of the time, and many walls take no longer.
    still = jax.tree.map(jnp.zeros_like, state)
    stages = tuple(map(jnp.asarray, (AHEAD, WEIGHTS, MOMENTS, DIFFERENCE)))
    (_, mean, difference), _ = jax.lax.scan(stage, (still, still, still), stages)
    after = jax.tree.map(lambda x, slope: x + step * slope, state, mean)
    return after, jax.tree.map(lambda slope: step * slope, difference)
