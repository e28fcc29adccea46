"""The minimiser's iteration, compiled once for each grid and set of terms.

Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5) in the tangent planes
of the spheres |m| = 1: a few remembered steps are enough to learn the soft modes, a wall's or a
skyrmion's position, that steepest descent needs 1e5 steps for. A step that raises the energy above
all of the last few is taken back (Grippo, Lampariello and Lucidi, SIAM J. Numer. Anal. 23, 707
(1986)), which makes the method safe where the energy is not convex.
"""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from runs.native.abstract import MU0, cross, dot
from runs.native.model import Model, largest_vector, normalise

PAIRS = 6
"""Number of remembered steps and changes of gradient."""
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
    share: Array
    """Part of `direction` to try next."""
    energies: Array
    """The last `MEMORY` accepted energies in J."""
    history: Array
    """The last `PAIRS` changes of m and of the gradient (A/m), one after the other, (2 PAIRS, 3 nz ny nx)."""
    products: Array
    """Scalar products of all of them, weighted with the moment of each cell, (2 PAIRS, 2 PAIRS); 0 if not there yet."""
    remembered: Array
    """Number of pairs so far; the next one goes to this place modulo `PAIRS`."""
    torque: Array
    """max |m x H| in A/m."""
    strongest: Array
    """Largest |H| so far in A/m, with that of `strongest_field`."""
    iteration: Array
    """Evaluations so far, but for the start's; -1 before that."""
    accepted: Array
    """Steps so far that were not taken back; -1 before the start is evaluated."""
    start: Array
    """m where the descent began, (3, nz, ny, nx)."""
    nearness: Array
    """Smallest cosine between a moment and where it began."""


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
        share=xp.ones(()),
        energies=xp.full(MEMORY, np.inf),
        history=xp.zeros((2 * PAIRS, m.size)),
        products=xp.zeros((2 * PAIRS, 2 * PAIRS)),
        remembered=xp.zeros((), int),
        torque=xp.full((), np.inf),
        strongest=strongest,
        iteration=xp.full((), -1),
        accepted=xp.full((), -1),
        start=m,
        nearness=xp.ones(()),
    )


@eqx.filter_jit
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
    # Weighted with the moment of each cell, `gradient` is the energy's gradient.
    moments = MU0 * model.cell_volume * model.saturation

    def unfinished(state: Descent) -> Array:
        enough = jnp.maximum(stopping, rounding * state.strongest)
        goes_on = (state.iteration < limit) & (state.share > SMALLEST_SHARE) & (state.nearness >= nearest)
        return (state.torque >= enough) & goes_on

    def trial(state: Descent) -> Descent:
        # A moment without a torque stays as it is to the last digit.
        turned = jnp.any(state.direction != 0, axis=0)
        m = jnp.where(turned, normalise(state.m + state.share * state.direction), state.m)
        gradient, energy, resolution, field = _slope(model, m, amplitudes)
        slope = jnp.sum(moments * dot(state.gradient, state.direction))
        accept = energy <= jnp.max(state.energies) + SUFFICIENT * state.share * slope + resolution
        step = _tangent(m, m - state.m)
        change = _tangent(m, gradient - state.gradient)
        new = jnp.stack([step, change, gradient])
        weighted = (new * moments).reshape(3, -1)
        new = new.reshape(3, -1)
        among = new @ weighted.T
        curvature = among[0, 1]
        convex = curvature > CURVED * jnp.sqrt(among[0, 0] * among[1, 1])
        remember = accept & convex
        # The oldest pair's place is written in any case, so that the history stays where it is in memory; behind the
        # barrier, or XLA would write it once for each use, each time into a copy of all of it.
        place = lax.rem(state.remembered, PAIRS)
        oldest = lax.dynamic_slice_in_dim(state.history, 2 * place, 2)
        newest = jnp.where(remember, new[:2], oldest)
        written = lax.dynamic_update_slice_in_dim(state.history, newest, 2 * place, 0)
        history = lax.optimization_barrier(written)  # type: ignore[no-untyped-call]
        with_history = history @ weighted.T
        pair = with_history[:, :2]
        products = lax.dynamic_update_slice(state.products, pair.T, (2 * place, 0))
        products = lax.dynamic_update_slice(products, pair, (0, 2 * place))
        products = jnp.where(remember, products, state.products)
        remembered = state.remembered + remember
        shares, share = _quasi_newton(products, with_history[:, 2], remembered)
        direction = -_tangent(m, share * gradient + (shares @ history).reshape(m.shape))
        torque = largest_vector(gradient)
        strength = largest_vector(field)
        known = accept & jnp.isfinite(strength)
        # Where the energy is concave along the way, go down the gradient, further than this step went.
        uphill = (jnp.sum(moments * dot(direction, gradient)) >= 0) | ~convex
        reach = largest_vector(step)
        further = jnp.where(reach > 0, 2 * reach, FIRST_TURN) / jnp.maximum(torque, TINY)
        direction = jnp.where(uphill, -further * gradient, direction)
        direction = direction * jnp.minimum(1.0, largest_turn / jnp.maximum(largest_vector(direction), TINY))

        # Outside the magnet m is zero.
        nearness = jnp.min(jnp.where(dot(state.start, state.start) > 0.5, dot(m, state.start), 1.0))
        rolled = jnp.roll(state.energies, 1).at[0].set(energy)

        def choose(new: Array, old: Array) -> Array:
            return jnp.where(accept, new, old)

        return Descent(
            m=choose(m, state.m),
            gradient=choose(gradient, state.gradient),
            direction=choose(direction, state.direction),
            share=choose(jnp.ones(()), 0.3 * state.share),
            energies=choose(jnp.where(jnp.isinf(state.energies), energy, rolled), state.energies),
            history=history,
            products=products,
            remembered=remembered,
            torque=choose(torque, state.torque),
            strongest=jnp.where(known, jnp.maximum(strength, state.strongest), state.strongest),
            iteration=state.iteration + 1,
            accepted=state.accepted + accept,
            start=state.start,
            nearness=choose(nearness, state.nearness),
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


def _slope(model: Model, m: Array, amplitudes: Array) -> tuple[Array, Array, Array, Array]:
    """Return m x (m x H) in A/m, the energy in J, how well the energy is resolved in J, and H in A/m."""
    density = model.density(m, amplitudes) * model.cell_volume
    field = model.field(m, amplitudes)
    gradient = model.movable(cross(m, cross(m, field)))
    return gradient, jnp.sum(density), RESOLUTION * jnp.sum(jnp.abs(density)), field


def _quasi_newton(products: Array, with_gradient: Array, remembered: Array) -> tuple[Array, Array]:
    """Apply the inverse Hessian that the pairs describe to the gradient: the two-loop recursion.

    The result is a sum of the history's vectors and the gradient, so that the recursion needs their
    scalar products only (Chen, Wang and Zhou, NIPS 27, 1332 (2014)).

    Parameters
    ----------
    products : Array
        See `Descent`.
    with_gradient : Array
        Scalar products of the history's vectors with the gradient, (2 PAIRS,).
    remembered : Array
        See `Descent`.

    Returns
    -------
    shares : Array
        Of the history's vectors in the result, (2 PAIRS,).
    share : Array
        Of the gradient.
    """
    # Of each pair with itself: the change of m times that of the gradient.
    curvatures = jnp.stack([products[2 * place, 2 * place + 1] for place in range(PAIRS)])
    inverse = jnp.where(curvatures > 0, 1.0 / jnp.where(curvatures > 0, curvatures, 1.0), 0.0)
    newest = lax.rem(remembered + PAIRS - 1, PAIRS)

    def backward(age: int, shares: Array) -> Array:
        place = lax.rem(newest + PAIRS - age, PAIRS)
        along = inverse[place] * (products[2 * place] @ shares + with_gradient[2 * place])
        return shares.at[2 * place + 1].set(-along)

    shares = lax.fori_loop(0, PAIRS, backward, jnp.zeros(2 * PAIRS))
    turned = -shares[1::2]
    size = products[2 * newest + 1, 2 * newest + 1]
    scale = jnp.where(size > 0, curvatures[newest] / jnp.where(size > 0, size, 1.0), 1.0)

    def forward(youth: int, shares: Array) -> Array:
        place = lax.rem(newest + 1 + youth, PAIRS)
        along = inverse[place] * (products[2 * place + 1] @ shares + scale * with_gradient[2 * place + 1])
        return shares.at[2 * place].set(turned[place] - along)

    return lax.fori_loop(0, PAIRS, forward, scale * shares), scale


def _tangent(m: Array, vector: Array) -> Array:
    """Return the part of a vector field across m."""
    return vector - dot(m, vector) * m
