"""The minimiser's iteration, compiled once for each grid and set of terms.

Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5) in the tangent planes
of the spheres |m| = 1: a few remembered steps are enough to learn the soft modes, a wall's or a
skyrmion's position, that steepest descent needs 1e5 steps for. A step that raises the energy above
all of the last few is taken back (Grippo, Lampariello and Lucidi, SIAM J. Numer. Anal. 23, 707
(1986)), which makes the method safe where the energy is not convex.
"""

import dataclasses
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from runs.native.abstract import MU0, cross, dot
from runs.native.model import Model, normalise

PAIRS = 6
"""Number of remembered steps and changes of gradient."""
UPPER = np.triu(np.ones((PAIRS, PAIRS)))
"""1 in the upper triangle."""
MEMORY = 8
"""Number of past energies of which the largest must not be exceeded."""
FIRST_TURN = 0.01
"""rad; how far the moment with the largest torque turns in the first step."""
LARGEST_TURN = 0.1
"""rad; no moment turns by more in one step, where the minimum is looked for that is near."""
LARGEST_TURN_OF_A_LOOP = 0.02
"""rad; where the field changes and the way counts. In an avalanche of a disordered spin ice that turned 10 of 12
islands, dynamics with a damping of 0.1, 1 and 20, OOMMF, and steps of 0.02 and 0.01 rad ended in one minimum, steps
of 0.05 and 0.1 rad in others. Smaller steps cost nothing but in an avalanche, where these take three times as many."""
TINY = 1e-30
"""Keeps a division by a vanishing torque finite."""
CURVED = 1e-10
"""Smallest cosine between a step and the change of gradient that is remembered."""
SUFFICIENT = 1e-4
"""Part of the decrease that the slope promises which a step must bring."""
RESOLUTION = 1e-13
"""Energy difference, relative to the sum of all cells' magnitudes, below which rounding decides."""
SHORTER = np.array([0.3, 1.0, 1.0, 1.0])
"""Of share, torque, nearness and slope after a step that was taken back."""
ANYWHERE = -2.0
"""No cosine is below it: a descent that may go as far as it goes."""
SMALLEST_SHARE = 1e-12
"""Part of a step that is still tried; the energy of a smaller one that is no lower is not a number."""


class Descent(eqx.Module):
    """Where the minimiser is."""

    m: Array
    gradient: Array
    """m x (m x H) in A/m: minus the part of the field across m; zero where m is held."""
    direction: Array
    """Where to turn m, in rad a unit of `share`, (3, nz, ny, nx)."""
    history: Array
    """The last `PAIRS` changes of m and of the gradient (A/m), one after the other, (2 PAIRS, 3 nz ny nx)."""
    products: Array
    """Scalar products of all of them, weighted with the moment of each cell, (2 PAIRS, 2 PAIRS); 0 if not there yet."""
    start: Array
    """m where the descent began, (3, nz, ny, nx)."""
    numbers: Array
    """All that follows, (8 + MEMORY,): in one array, or each would be a loop of its own to compile."""

    @property
    def share(self) -> Array:
        """Part of `direction` to try next."""
        return self.numbers[0]

    @property
    def torque(self) -> Array:
        """Largest |m x H| in A/m."""
        return self.numbers[1]

    @property
    def nearness(self) -> Array:
        """Smallest cosine between a moment and where it began."""
        return self.numbers[2]

    @property
    def slope(self) -> Array:
        """Change of the energy in J a unit of `share`, to first order."""
        return self.numbers[3]

    @property
    def strongest(self) -> Array:
        """Largest |H| so far in A/m, with that of `strongest_field`."""
        return self.numbers[4]

    @property
    def iteration(self) -> Array:
        """Evaluations so far, but for the start's; -1 before that."""
        return self.numbers[5]

    @property
    def accepted(self) -> Array:
        """Steps so far that were not taken back; -1 before the start is evaluated."""
        return self.numbers[6]

    @property
    def remembered(self) -> Array:
        """Number of pairs so far; the next one goes to this place modulo `PAIRS`."""
        return self.numbers[7]

    @property
    def energies(self) -> Array:
        """The last `MEMORY` accepted energies in J."""
        return self.numbers[8:]


def beginning(m: Any, strongest: Any) -> Descent:
    """Return where the minimiser starts from m: before anything is evaluated there.

    `strongest` is the largest field in A/m that is known of.
    """
    # With the types that `descend` returns, or it would be compiled once more to go on; in NumPy, where nothing is
    # compiled to make a few zeros of each new shape.
    xp: Any = np
    return Descent(
        m=m,
        gradient=xp.zeros(m.shape),
        direction=xp.zeros(m.shape),
        history=xp.zeros((2 * PAIRS, m.size)),
        products=xp.zeros((2 * PAIRS, 2 * PAIRS)),
        start=m,
        numbers=xp.array([1, np.inf, 1, 0, strongest, -1, -1, 0, *[np.inf] * MEMORY]),
    )


def descend(
    model: Model,
    state: Descent,
    amplitudes: Array,
    stopping: Array,
    rounding: Array,
    limit: Array,
    largest_turn: Array,
    nearest: Array,
) -> Descent:
    """Descend until the torque is below `stopping` (A/m) or `limit` evaluations are done.

    No moment turns by more than `largest_turn` (rad) in a step. Where `Descent.nearness` falls below `nearest`,
    the descent ends.

    A torque below `rounding` times `Descent.strongest` is small enough, too. The first trial is a step of
    length zero, which evaluates the start: a function of its own for that would be compiled, too.
    """
    result = _descend(model, state, amplitudes, stopping, rounding, limit, largest_turn, nearest)
    # Each number that is read of an array of JAX's is compiled, of NumPy's none.
    numbers: Any = np.asarray(result.numbers)
    return dataclasses.replace(result, numbers=numbers)


@eqx.filter_jit
def _descend(
    model: Model,
    state: Descent,
    amplitudes: Array,
    stopping: Array,
    rounding: Array,
    limit: Array,
    largest_turn: Array,
    nearest: Array,
) -> Descent:
    # Every loop over cells or numbers that XLA makes of this takes it 20 to 30 ms to compile, however small the mesh
    # is: what can be one array, one sum or one scalar product is. `numbers` of the result are JAX's.
    # Weighted with the moment of each cell, `gradient` is the energy's gradient.
    weights = jnp.tile((MU0 * model.cell_volume * model.saturation).ravel(), 3)

    def unfinished(state: Descent) -> Array:
        enough = jnp.maximum(stopping, rounding * state.strongest)
        goes_on = (state.iteration < limit) & (state.share > SMALLEST_SHARE) & (state.nearness >= nearest)
        return (state.torque >= enough) & goes_on

    def trial(state: Descent) -> Descent:
        # A moment without a torque stays as it is to the last digit.
        x, y, z = state.direction
        turned = (x != 0) | (y != 0) | (z != 0)
        m = jnp.where(turned, normalise(state.m + state.share * state.direction), state.m)
        gradient, (energy, magnitude), field = _slope(model, m, amplitudes)
        resolution = RESOLUTION * magnitude
        accept = energy <= jnp.max(state.energies) + SUFFICIENT * state.share * state.slope + resolution
        step = _tangent(m, m - state.m)
        change = _tangent(m, gradient - state.gradient)
        stacked = jnp.stack([step.ravel(), change.ravel(), gradient.ravel()])
        new = lax.optimization_barrier(stacked)  # type: ignore[no-untyped-call]
        weighted = new * weights
        squares = jnp.stack([new[0] * weighted[1], *(new * weighted)])
        curvature, of_step, of_change, of_gradient = jnp.sum(squares, axis=1)
        convex = curvature > CURVED * jnp.sqrt(of_step * of_change)
        remember = accept & convex
        # The oldest pair's place is written in any case, so that the history stays where it is in memory; behind the
        # barrier, or XLA would write it once for each use, each time into a copy of all of it.
        place = lax.rem(state.remembered.astype(int), PAIRS)
        oldest = lax.dynamic_slice_in_dim(state.history, 2 * place, 2)
        newest = jnp.where(remember, new[:2], oldest)
        written = lax.dynamic_update_slice_in_dim(state.history, newest, 2 * place, 0)
        history = lax.optimization_barrier(written)  # type: ignore[no-untyped-call]
        with_history = (weighted @ history.T).T
        products = _with_pair(state.products, with_history[:, :2], jnp.where(remember, place, PAIRS))
        shares, share = _quasi_newton(products, with_history[:, 2], lax.rem(place + remember, PAIRS))
        direction = -_tangent(m, share * gradient + (shares @ history).reshape(m.shape))
        # The gradient lies across m, and the direction's products with it are known.
        slope = -share * of_gradient - shares @ with_history[:, 2]

        # Outside the magnet m is zero.
        cosine = jnp.where(dot(state.start, state.start) > 0.5, dot(m, state.start), 1.0)
        lengths = [dot(each, each) for each in (gradient, field, step, direction)]
        largest = jnp.max(jnp.stack([*lengths, -cosine]), axis=(1, 2, 3))
        torque, strength, reach, turn = jnp.sqrt(largest[:4])
        # Where the energy is concave along the way, go down the gradient, further than this step went.
        uphill = (slope >= 0) | ~convex
        further = jnp.where(reach > 0, 2 * reach, FIRST_TURN) / jnp.maximum(torque, TINY)
        turn = jnp.where(uphill, further * torque, turn)
        shorter = jnp.minimum(1.0, largest_turn / jnp.maximum(turn, TINY))
        direction = shorter * jnp.where(uphill, -further * gradient, direction)
        slope = shorter * jnp.where(uphill, -further * of_gradient, slope)

        def choose(new: Any, old: Array) -> Array:
            return jnp.where(accept, new, old)

        strongest = jnp.where(accept & jnp.isfinite(strength), jnp.maximum(strength, state.strongest), state.strongest)
        first = jnp.isinf(state.energies)
        energies = jnp.where(first, energy, jnp.concatenate([energy[None], state.energies[:-1]]))
        now = choose(jnp.stack([jnp.ones(()), torque, -largest[4], slope]), state.numbers[:4] * SHORTER)
        counts = state.numbers[5:8] + jnp.stack([jnp.ones(()), accept * 1.0, remember * 1.0])
        return Descent(
            m=choose(m, state.m),
            gradient=choose(gradient, state.gradient),
            direction=choose(direction, state.direction),
            history=history,
            products=products,
            start=state.start,
            numbers=jnp.concatenate([now, strongest[None], counts, choose(energies, state.energies)]),
        )

    result: Descent = lax.while_loop(unfinished, trial, state)
    return result


def strongest_field(model: Model, m: Array, amplitudes: Array) -> Array:
    """Return the largest |H| in A/m, (), if every moment points at random; 0 where that is not finite.

    Rounding moves the moments by some 1e-16 at random, and so the field by that part of this one. The field of
    m itself may be far smaller: the exchange between parallel moments vanishes, what rounding leaves of it does not.
    """
    # In NumPy, where nothing has to be compiled; the types are those of a descent, which is compiled once for both.
    random = np.random.default_rng(0).normal(size=m.shape)
    random *= (np.asarray(model.saturation) > 0) / np.linalg.norm(random, axis=0)
    nothing = jnp.asarray(0.0)
    # The first trial evaluates the field, and no other follows.
    start = beginning(random, np.zeros(()))
    return descend(model, start, amplitudes, nothing, nothing, jnp.asarray(0), nothing, jnp.asarray(ANYWHERE)).strongest


def _slope(model: Model, m: Array, amplitudes: Array) -> tuple[Array, Array, Array]:
    """Return m x (m x H) in A/m, the energy and the sum of all cells' magnitudes in J, and H in A/m."""
    density = model.density(m, amplitudes) * model.cell_volume
    # Computed once for all that follows.
    field = lax.optimization_barrier(model.field(m, amplitudes))  # type: ignore[no-untyped-call]
    gradient = model.movable(cross(m, cross(m, field)))
    return gradient, jnp.sum(jnp.stack([density, jnp.abs(density)]), axis=(1, 2, 3)), field


def _with_pair(products: Array, pair: Array, place: Array) -> Array:
    """Return `Descent.products` with those of all vectors with the pair at a place, (2 PAIRS, 2)."""
    here = np.arange(2 * PAIRS) // 2 == place
    columns = jnp.tile(pair, (1, PAIRS))
    return jnp.where(here, columns, jnp.where(here[:, None], columns.T, products))


def _quasi_newton(products: Array, with_gradient: Array, oldest: Array) -> tuple[Array, Array]:
    """Apply the inverse Hessian that the pairs describe to the gradient: the two-loop recursion.

    The result is a sum of the history's vectors and the gradient, so that the recursion needs their
    scalar products only (Chen, Wang and Zhou, NIPS 27, 1332 (2014)). Each loop solves a triangular system of
    equations, of the changes of m with those of the gradient (Byrd, Nocedal and Schnabel, Math. Program. 63, 129
    (1994)).

    Parameters
    ----------
    products : Array
        See `Descent`.
    with_gradient : Array
        Scalar products of the history's vectors with the gradient, (2 PAIRS,).
    oldest : Array
        Place of the oldest pair.

    Returns
    -------
    shares : Array
        Of the history's vectors in the result, (2 PAIRS,).
    share : Array
        Of the gradient.
    """
    # Changes of m from the oldest to the newest, then those of the gradient; products with a matrix of zeros and ones
    # are compiled once for all systems, indices are not.
    index = np.arange(2 * PAIRS)
    order = 2 * lax.rem(oldest + index % PAIRS, PAIRS) + index // PAIRS
    ordering = jnp.where(order[:, None] == index, 1.0, 0.0)
    ordered = ordering @ jnp.concatenate([products, with_gradient[:, None]], axis=1)
    among = ordered[:, :-1] @ ordering.T
    curvatures = jnp.diagonal(among[:PAIRS, PAIRS:])
    # What is not there yet has no share.
    triangle = among[:PAIRS, PAIRS:] * UPPER + jnp.where(curvatures > 0, 0.0, 1.0) * np.eye(PAIRS)
    turned = lax.linalg.triangular_solve(triangle, ordered[:PAIRS, -1:], left_side=True)
    size = among[-1, -1]
    scale = jnp.where(size > 0, curvatures[-1] / jnp.where(size > 0, size, 1.0), 1.0)
    rest = curvatures[:, None] * turned - scale * (ordered[PAIRS:, -1:] - among[PAIRS:, PAIRS:] @ turned)
    along = lax.linalg.triangular_solve(triangle, rest, left_side=True, transpose_a=True)
    return jnp.concatenate([along, -scale * turned])[:, 0] @ ordering, scale


def _tangent(m: Array, vector: Array) -> Array:
    """Return the part of a vector field across m."""
    return vector - dot(m, vector) * m
