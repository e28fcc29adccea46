"""Find the nearest energy minimum, in memory.

Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5) in the tangent planes
of the spheres |m| = 1: a few remembered steps are enough to learn the soft modes, a wall's or a
skyrmion's position, that steepest descent needs 1e5 steps for. A step that raises the energy above
all of the last few is taken back (Grippo, Lampariello and Lucidi, SIAM J. Numer. Anal. 23, 707
(1986)), which makes the method safe where the energy is not convex.
"""

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pandas as pd
from jax import Array

from runs.native import integrate
from runs.native.abstract import MU0, cross, dot
from runs.native.errors import MinimisationError
from runs.native.model import Model, largest_vector, normalise
from runs.native.translate import initial_amplitudes, to_ubermag, translate

PAIRS = 6
"""Number of remembered steps and changes of gradient."""
MEMORY = 8
"""Number of past energies of which the largest must not be exceeded."""
CHUNK = 500
"""Evaluations between two looks at the keyboard and the progress."""
LARGEST_TURN = 0.3
"""rad; no moment turns by more in one step."""
TINY = 1e-30
"""Keeps a division by a vanishing torque finite."""
CURVED = 1e-10
"""Smallest cosine between a step and the change of gradient that is remembered."""
SUFFICIENT = 1e-4
"""Part of the decrease that the slope promises which a step must bring."""
RESOLUTION = 1e-13
"""Energy difference, relative to the sum of all cells' magnitudes, below which rounding decides."""


class Descent(eqx.Module):
    """Where the minimiser is."""

    m: Array
    gradient: Array
    """m x (m x H) in A/m: minus the part of the field across m."""
    direction: Array
    """Where to turn m, in rad a unit of `share`, (3, nz, ny, nx)."""
    share: Array
    """Part of `direction` to try next."""
    energies: Array
    """The last `MEMORY` accepted energies in J."""
    history: tuple[Array, ...]
    """The last `PAIRS` changes of m and of the gradient (A/m), each (PAIRS, 3, nz, ny, nx)."""
    curvatures: Array
    """Their products in J, (PAIRS,); 0 for a pair that is not there yet."""
    remembered: Array
    """Number of pairs so far; the next one goes to this place modulo `PAIRS`."""
    torque: Array
    """max |m x H| in A/m."""
    iteration: Array


def minimise(
    system: mm.System,
    *,
    stopping_mxHxm: float = 0.1,
    max_iterations: int = 100_000,
    progress: Callable[[float], Any] | None = None,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Follow the energy downhill until every torque is small; the system is not changed.

    Parameters
    ----------
    system : micromagneticmodel.System
        With energy and m; its dynamics is not used. Fields that depend on time have their value at t = 0.
    stopping_mxHxm : float
        Stop where max |m x H x m| is below this, in A/m.
    max_iterations : int
    progress : callable, optional
        Called with max |m x H x m| in A/m now and then.

    Returns
    -------
    m : numpy.ndarray
        Unit vectors (nx, ny, nz, 3), NaN outside the magnet.
    table : pandas.DataFrame
        One row: `iteration`, `E` (J), `mx`, `my`, `mz` (means weighted with Ms), `max_mxHxm` (A/m).

    Raises
    ------
    UnsupportedError
        The system holds something that this engine would have to ignore.
    ValueError
        `stopping_mxHxm` is not positive, or a parameter makes no sense.
    MinimisationError
        The torque is still larger after `max_iterations`; it holds the best state.
    """
    if not stopping_mxHxm > 0:
        raise ValueError(f"minimise: stopping_mxHxm must be positive, in A/m, got {stopping_mxHxm!r}")
    translation = translate(system, dynamics=False)
    with jax.enable_x64(True):
        model = translation.model
        amplitudes = initial_amplitudes(translation.waveforms)
        state = _start(model, jnp.asarray(translation.discretisation.magnetisation), amplitudes)
        while float(state.torque) >= stopping_mxHxm and int(state.iteration) < max_iterations:
            limit = min(int(state.iteration) + CHUNK, max_iterations)
            state = _descend(model, state, amplitudes, jnp.asarray(stopping_mxHxm), jnp.asarray(limit))
            if progress is not None:
                progress(float(state.torque))
        torque, iteration = float(state.torque), int(state.iteration)
        observables = np.asarray(integrate.observe(model, state.m, amplitudes))
        result = to_ubermag(state.m, translation.discretisation)
    if not torque < stopping_mxHxm:
        raise MinimisationError(
            f"system {system.name!r}: max |m x H x m| = {torque:.4g} A/m after {iteration} iterations, asked "
            f"for {stopping_mxHxm:g}; raise max_iterations, loosen stopping_mxHxm, or run RelaxDriver first",
            result,
        )
    names = ("E", "mx", "my", "mz")
    columns = {"iteration": [iteration], **{name: [observables[i]] for i, name in enumerate(names)}}
    return result, pd.DataFrame({**columns, "max_mxHxm": [torque]})


def _slope(model: Model, m: Array, amplitudes: Array) -> tuple[Array, Array, Array]:
    """Return m x (m x H) in A/m, the energy in J, and how well the energy is resolved in J."""
    density = model.density(m, amplitudes) * model.cell_volume
    gradient = cross(m, cross(m, model.field(m, amplitudes)))
    return gradient, jnp.sum(density), RESOLUTION * jnp.sum(jnp.abs(density))


@eqx.filter_jit
def _start(model: Model, m: Array, amplitudes: Array) -> Descent:
    gradient, energy, _ = _slope(model, m, amplitudes)
    torque = largest_vector(gradient)
    pairs = jnp.zeros((PAIRS, *m.shape))
    return Descent(
        m=m,
        gradient=gradient,
        direction=-0.01 / jnp.maximum(torque, TINY) * gradient,
        share=jnp.ones(()),
        energies=jnp.full(MEMORY, energy),
        history=(pairs, pairs),
        curvatures=jnp.zeros(PAIRS),
        remembered=jnp.zeros((), int),
        torque=torque,
        iteration=jnp.zeros((), int),
    )


@eqx.filter_jit
def _descend(model: Model, state: Descent, amplitudes: Array, stopping: Array, limit: Array) -> Descent:
    """Descend until the torque is below `stopping` (A/m) or `limit` evaluations are done."""

    def inner(a: Array, b: Array) -> Array:
        # Weighted with the moment of each cell, `gradient` is the energy's gradient.
        return jnp.sum(MU0 * model.cell_volume * model.saturation * dot(a, b))

    def unfinished(state: Descent) -> Array:
        return (state.torque >= stopping) & (state.iteration < limit)

    def trial(state: Descent) -> Descent:
        m = normalise(state.m + state.share * state.direction)
        gradient, energy, resolution = _slope(model, m, amplitudes)
        promised = SUFFICIENT * state.share * inner(state.gradient, state.direction)
        accept = energy <= jnp.max(state.energies) + promised + resolution
        step = _tangent(m, m - state.m)
        change = _tangent(m, gradient - state.gradient)
        curvature = inner(step, change)
        convex = curvature > CURVED * jnp.sqrt(inner(step, step) * inner(change, change))
        remember = accept & convex
        # The oldest pair's place is written in any case, so that the history stays where it is in memory.
        place = state.remembered % PAIRS
        history = tuple(
            pairs.at[place].set(jnp.where(remember, new, pairs[place]))
            for pairs, new in zip(state.history, (step, change), strict=True)
        )
        curvatures = state.curvatures.at[place].set(jnp.where(remember, curvature, state.curvatures[place]))
        remembered = state.remembered + remember
        quasi_newton = _quasi_newton(gradient, history, curvatures, remembered, inner)
        direction = -_tangent(m, quasi_newton)
        torque = largest_vector(gradient)
        # Where the energy is concave along the way, go down the gradient, further than this step went.
        uphill = (inner(direction, gradient) >= 0) | ~convex
        further = 2 * largest_vector(step) / jnp.maximum(torque, TINY)
        direction = jnp.where(uphill, -further * gradient, direction)
        direction = direction * jnp.minimum(1.0, LARGEST_TURN / jnp.maximum(largest_vector(direction), TINY))

        def choose(new: Array, old: Array) -> Array:
            return jnp.where(accept, new, old)

        return Descent(
            m=choose(m, state.m),
            gradient=choose(gradient, state.gradient),
            direction=choose(direction, state.direction),
            share=choose(jnp.ones(()), 0.3 * state.share),
            energies=choose(jnp.roll(state.energies, 1).at[0].set(energy), state.energies),
            history=history,
            curvatures=curvatures,
            remembered=remembered,
            torque=choose(torque, state.torque),
            iteration=state.iteration + 1,
        )

    result: Descent = jax.lax.while_loop(unfinished, trial, state)
    return result


def _quasi_newton(
    gradient: Array,
    history: tuple[Array, ...],
    curvatures: Array,
    remembered: Array,
    inner: Callable[[Array, Array], Array],
) -> Array:
    """Apply the inverse Hessian that the pairs describe to the gradient: the two-loop recursion."""
    steps, changes = history
    inverse = jnp.where(curvatures > 0, 1.0 / jnp.where(curvatures > 0, curvatures, 1.0), 0.0)
    newest = (remembered - 1) % PAIRS

    def backward(age: int, carry: tuple[Array, Array]) -> tuple[Array, Array]:
        reduced, shares = carry
        place = (newest - age) % PAIRS
        share = inverse[place] * inner(steps[place], reduced)
        return reduced - share * changes[place], shares.at[place].set(share)

    def forward(youth: int, reduced: Array) -> Array:
        place = (newest + 1 + youth) % PAIRS
        return reduced + (shares[place] - inverse[place] * inner(changes[place], reduced)) * steps[place]

    turned: tuple[Array, Array] = jax.lax.fori_loop(0, PAIRS, backward, (gradient, jnp.zeros(PAIRS)))
    reduced, shares = turned
    size = inner(changes[newest], changes[newest])
    scale = jnp.where(size > 0, curvatures[newest] / jnp.where(size > 0, size, 1.0), 1.0)
    result: Array = jax.lax.fori_loop(0, PAIRS, forward, reduced * scale)
    return result


def _tangent(m: Array, vector: Array) -> Array:
    """Return the part of a vector field across m."""
    return vector - dot(m, vector) * m
