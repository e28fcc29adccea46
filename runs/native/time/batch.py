"""Systems of one kind as one: what they share is in memory once, and one compiled function drives them all."""

from collections.abc import Callable, Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from runs.native.abstract import jit_for_seldom_use
from runs.native.model import Model
from runs.native.terms.thermal import Noise
from runs.native.time import integrate, stochastic

Equation = tuple[Model, Noise | None]


class Stack(eqx.Module):
    """Equations of motion of one structure."""

    numbers: tuple[Array, ...]
    """What the equations' arrays hold, with the systems as first axis where they differ."""
    structure: Any = eqx.field(static=True)
    axes: tuple[int | None, ...] = eqx.field(static=True)
    """0 for numbers that differ, None for those that all systems share."""

    def map(self, function: Callable[..., Any], *of_each: Array) -> Any:
        """Call `function(model, noise, ...)` for all systems at once; the arrays have the systems as first axis."""

        def one(numbers: tuple[Array, ...], *rest: Array) -> Any:
            model, noise = jax.tree.unflatten(self.structure, numbers)
            return function(model, noise, *rest)

        return jax.vmap(one, in_axes=(self.axes, *[0] * len(of_each)))(self.numbers, *of_each)


def stack(equations: Sequence[Equation]) -> Stack:
    """Return equations of one structure as one; to be called in double precision."""
    numbers: list[Array] = []
    axes: list[int | None] = []
    for of_each in zip(*(jax.tree.leaves(equation) for equation in equations), strict=True):
        first = of_each[0]
        same = all(one is first or np.array_equal(first, one) for one in of_each[1:])
        numbers.append(first if same else jnp.stack(jnp.broadcast_arrays(*of_each)))
        axes.append(None if same else 0)
    return Stack(tuple(numbers), jax.tree.structure(equations[0]), tuple(axes))


@eqx.filter_jit
def advance(
    systems: Stack, m: Array, duration: Array, first_steps: Array, longest: Array, tables: Array, tolerance: Array
) -> integrate.Stretch:
    """Do what `integrate.advance` does for every system; each takes its own steps."""

    def one(model: Model, _: Noise | None, m: Array, first_step: Array, tables: Array) -> integrate.Stretch:
        return integrate.advance(model, m, duration, first_step, longest, tables, tolerance)

    stretch: integrate.Stretch = systems.map(one, m, first_steps, tables)
    return stretch


@eqx.filter_jit
def fluctuate(
    systems: Stack, m: Array, keys: Array, first: Array, steps: Array, step: Array, tables: Array
) -> stochastic.Stretch:
    """Do what `stochastic.advance` does for every system, each with its own key."""

    def one(model: Model, noise: Noise, m: Array, key: Array, tables: Array) -> stochastic.Stretch:
        return stochastic.advance(model, noise, m, key, first, steps, step, tables, jnp.asarray(1))

    stretch: stochastic.Stretch = systems.map(one, m, keys, tables)
    return stretch


@jit_for_seldom_use
def observe(systems: Stack, m: Array, amplitudes: Array) -> Array:
    """Do what `integrate.observe` does for every system."""

    def one(model: Model, _: Noise | None, m: Array, amplitudes: Array) -> Array:
        return integrate.observables(model, m, amplitudes)

    observables: Array = systems.map(one, m, amplitudes)
    return observables
