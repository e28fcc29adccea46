"""The minimiser's iteration: a step, compiled once for all systems.

Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5) in the tangent planes
of the spheres |m| = 1: a few remembered steps are enough to learn the soft modes, a wall's or a
skyrmion's position, that steepest descent needs 1e5 steps for. A step that raises the energy above
all of the last few is taken back (Grippo, Lampariello and Lucidi, SIAM J. Numer. Anal. 23, 707
(1986)), which makes the method safe where the energy is not convex.

As one compiled loop, evaluations (`evaluation`) and steps are worth their compilation in a long descent only.
"""

import dataclasses
import functools
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from runs.native.abstract import MU0, cross, dot
from runs.native.evaluation import evaluate, in_a_row, in_cells, movable
from runs.native.model import Model, normalise

PAIRS = 6
"""Number of remembered steps and changes of gradient."""
UPPER = np.triu(np.ones((PAIRS, PAIRS)))
"""1 in the upper triangle."""
MEMORY = 8
"""Number of past energies whose largest must not be exceeded."""
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
"""Factors of share, torque, nearness and slope after a step that was taken back."""
ANYWHERE = -2.0
"""No cosine is below it: a descent that may go as far as it goes."""
SMALLEST_SHARE = 1e-12
"""Part of a step that is still tried; the energy of a smaller one that is no lower is not a number."""


class Iterate(eqx.Module):
    """Input and output of a minimiser's step; cells are in a row, see `evaluation`."""

    trial: Any
    """Unit vectors that are evaluated next, (3, places)."""
    m: Any
    """The last that were accepted, (3, places)."""
    gradient: Any
    """m x (m x H) in A/m: minus the part of the field across m; zero where m is held, (3, places)."""
    direction: Any
    """Direction in which to turn m, in rad a unit of the share, (3, places)."""
    products: Any
    """Scalar products of the whole history, weighted with the moment of each cell, (2 PAIRS, 2 PAIRS); 0 if not yet."""
    numbers: Any
    """What `Descent` has a name for, (8 + MEMORY,): in one array, or each would be a loop of its own to compile."""


class Ends(NamedTuple):
    """When a descent ends; see `descend`."""

    stopping: Any
    rounding: Any
    limit: Any
    nearest: Any


@dataclasses.dataclass(frozen=True, eq=False)
class Descent:
    """State of the minimiser."""

    iterate: Iterate
    history: Any
    """The last `PAIRS` changes of m and of the gradient (A/m), one after the other, (2 PAIRS, 3 places)."""
    start: Any
    """m where the descent began, (3, places)."""
    shape: tuple[int, int, int]
    """Cells along z, y, x."""

    @functools.cached_property
    def m(self) -> np.ndarray:
        """Unit magnetisation, (3, nz, ny, nx)."""
        return in_cells(self.iterate.m, self.shape)

    @functools.cached_property
    def numbers(self) -> np.ndarray:
        """Values of the properties below, on the host."""
        return np.asarray(self.iterate.numbers)

    @property
    def share(self) -> float:
        """Part of the direction to try next."""
        return float(self.numbers[0])

    @property
    def torque(self) -> float:
        """Largest |m x H| in A/m."""
        return float(self.numbers[1])

    @property
    def nearness(self) -> float:
        """Smallest cosine between a moment and where it began."""
        return float(self.numbers[2])

    # numbers[3] is the change of the energy in J a unit of the share, to first order.

    @property
    def strongest(self) -> float:
        """Largest |H| so far in A/m, including `strongest_field`."""
        return float(self.numbers[4])

    @property
    def iteration(self) -> int:
        """Evaluations so far, but for the start's; -1 before that."""
        return int(self.numbers[5])

    @property
    def accepted(self) -> int:
        """Steps so far that were not taken back; -1 before the start is evaluated."""
        return int(self.numbers[6])

    # numbers[7] counts the pairs so far; the next pair goes to this place modulo `PAIRS`; from 8 on there are the last
    # `MEMORY` accepted energies in J.


def beginning(m: Any, strongest: float) -> Descent:
    """Return where the minimiser starts from m, (3, nz, ny, nx): before anything is evaluated there.

    `strongest` is the largest field in A/m that is known of.
    """
    # In NumPy, where nothing is compiled to make a few zeros of each new shape.
    start = in_a_row(m)
    iterate = Iterate(
        trial=start,
        m=start,
        gradient=np.zeros(start.shape),
        direction=np.zeros(start.shape),
        products=np.zeros((2 * PAIRS, 2 * PAIRS)),
        numbers=np.array([1, np.inf, 1, 0, strongest, -1, -1, 0, *[np.inf] * MEMORY]),
    )
    return Descent(iterate, np.zeros((2 * PAIRS, start.size)), start, m.shape[1:])


def descend(
    model: Model,
    state: Descent,
    amplitudes: Array,
    *,
    stopping: float,
    rounding: float,
    limit: int,
    largest_turn: float,
    nearest: float,
    long: bool = False,
) -> Descent:
    """Descend until the torque is below `stopping` (A/m) or `limit` evaluations are done; `state` is used up.

    No moment turns by more than `largest_turn` (rad) in a step. Where `Descent.nearness` falls below `nearest`,
    the descent ends.

    A torque below `rounding` times `Descent.strongest` is small enough, too. The first trial is a step of
    length zero, which evaluates the start. What is `long` is compiled as one loop, which saves each step the two
    calls from Python.
    """
    saturation = np.asarray(model.saturation)[None]
    # Weighted with the moment of each cell, the gradient is the energy's.
    weights = jnp.asarray(in_a_row(MU0 * np.asarray(model.cell_volume) * saturation)[0])
    mask = movable(model)
    ends, turn = Ends(stopping, rounding, limit, nearest), jnp.asarray(largest_turn)
    start, history, iterate = jnp.asarray(state.start), state.history, state.iterate
    if long:
        history, iterate = _steps(history, iterate, model, amplitudes, start, weights, mask, turn, ends)
    else:
        while _unfinished(np.asarray(iterate.numbers), ends):
            field, energy, _ = evaluate(model, iterate.trial, amplitudes)
            history, iterate = _step(history, iterate, field, energy, start, weights, mask, turn)
    return Descent(iterate, history, start, state.shape)


def strongest_field(model: Model, m: Any, amplitudes: Array) -> float:
    """Return the largest |H| in A/m if every moment points at random; 0 where that is not finite.

    Rounding moves the moments by some 1e-16 at random, and so the field by that part of this one. The field of
    m itself may be far smaller: the exchange between parallel moments vanishes, what rounding leaves of it does not.
    """
    random = np.random.default_rng(0).normal(size=m.shape)
    random *= (np.asarray(model.saturation) > 0) / np.linalg.norm(random, axis=0)
    field, _, _ = evaluate(model, in_a_row(random), amplitudes)
    strongest = np.sqrt((np.asarray(field) ** 2).sum(axis=0)).max()
    return float(strongest) if np.isfinite(strongest) else 0.0


@functools.partial(jax.jit, donate_argnums=0)
def _step(
    history: Array,
    state: Iterate,
    field: Array,
    evaluated_energy: Array,
    start: Array,
    weights: Array,
    mask: Array,
    largest_turn: Array,
) -> tuple[Array, Iterate]:
    """Accept a trial that was evaluated or take it back, and choose the next; the history is written in place."""
    # Every loop over cells or numbers that XLA makes of this takes it 20 to 30 ms to compile: what can be one array,
    # one sum or one scalar product is.
    m, (energy, magnitude) = state.trial, evaluated_energy
    gradient = jnp.where(mask, cross(m, cross(m, field)), 0.0)
    share, _, _, slope, strongest = state.numbers[:5]
    remembered, energies = state.numbers[7], state.numbers[8:]
    resolution = RESOLUTION * magnitude
    accept = energy <= jnp.max(energies) + SUFFICIENT * share * slope + resolution
    step = _tangent(m, m - state.m)
    change = _tangent(m, gradient - state.gradient)
    stacked = jnp.stack([step.ravel(), change.ravel(), gradient.ravel()])
    new = lax.optimization_barrier(stacked)  # type: ignore[no-untyped-call]
    weighted = new * jnp.tile(weights, 3)
    squares = jnp.stack([new[0] * weighted[1], *(new * weighted)])
    curvature, of_step, of_change, of_gradient = jnp.sum(squares, axis=1)
    convex = curvature > CURVED * jnp.sqrt(of_step * of_change)
    remember = accept & convex
    # The oldest pair's place is written in any case, so that the history stays where it is in memory; behind the
    # barrier, or XLA would write it once for each use, each time into a copy of all of it.
    place = lax.rem(remembered.astype(int), PAIRS)
    oldest = lax.dynamic_slice_in_dim(history, 2 * place, 2)
    newest = jnp.where(remember, new[:2], oldest)
    written = lax.dynamic_update_slice_in_dim(history, newest, 2 * place, 0)
    history = lax.optimization_barrier(written)  # type: ignore[no-untyped-call]
    with_history = (weighted @ history.T).T
    products = _with_pair(state.products, with_history[:, :2], jnp.where(remember, place, PAIRS))
    shares, of_own = _quasi_newton(products, with_history[:, 2], lax.rem(place + remember, PAIRS))
    direction = -_tangent(m, of_own * gradient + (shares @ history).reshape(m.shape))
    # The gradient lies across m, and the direction's products with it are known.
    slope = -of_own * of_gradient - shares @ with_history[:, 2]

    # Outside the magnet m is zero.
    cosine = jnp.where(dot(start, start) > 0.5, dot(m, start), 1.0)
    lengths = [dot(each, each) for each in (gradient, field, step, direction)]
    largest = jnp.max(jnp.stack([*lengths, -cosine]), axis=1)
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

    strongest = jnp.where(accept & jnp.isfinite(strength), jnp.maximum(strength, strongest), strongest)
    accepted = jnp.concatenate([energy[None], energies[:-1]])
    energies = choose(jnp.where(jnp.isinf(energies), energy, accepted), energies)
    now = choose(jnp.stack([jnp.ones(()), torque, -largest[4], slope]), state.numbers[:4] * SHORTER)
    counts = state.numbers[5:8] + jnp.stack([jnp.ones(()), accept * 1.0, remember * 1.0])
    m, direction = choose(m, state.m), choose(direction, state.direction)
    # A moment without a torque stays as it is to the last digit.
    x, y, z = direction
    turned = (x != 0) | (y != 0) | (z != 0)
    return history, Iterate(
        trial=jnp.where(turned, normalise(m + now[0] * direction), m),
        m=m,
        gradient=choose(gradient, state.gradient),
        direction=direction,
        products=products,
        numbers=jnp.concatenate([now, strongest[None], counts, energies]),
    )


@functools.partial(jax.jit, donate_argnums=0)
def _steps(
    history: Array,
    state: Iterate,
    model: Model,
    amplitudes: Array,
    start: Array,
    weights: Array,
    mask: Array,
    largest_turn: Array,
    ends: Ends,
) -> tuple[Array, Iterate]:
    """Evaluate and step until it ends."""

    def step(at: tuple[Array, Iterate]) -> tuple[Array, Iterate]:
        field, energy, _ = evaluate(model, at[1].trial, amplitudes)
        result: tuple[Array, Iterate] = _step(*at, field, energy, start, weights, mask, largest_turn)
        return result

    result: tuple[Array, Iterate] = lax.while_loop(lambda at: _unfinished(at[1].numbers, ends), step, (history, state))
    return result


def _unfinished(numbers: Any, ends: Ends) -> Any:
    share, torque, nearness, _, strongest, iteration = numbers[:6]
    small = (torque < ends.stopping) | (torque < ends.rounding * strongest)
    return ~small & (iteration < ends.limit) & (share > SMALLEST_SHARE) & (nearness >= ends.nearest)


def _with_pair(products: Array, pair: Array, place: Array) -> Array:
    """Return `Descent.products` with the products of all vectors with the pair at a place, (2 PAIRS, 2)."""
    here = np.arange(2 * PAIRS) // 2 == place
    columns = jnp.tile(pair, (1, PAIRS))
    return jnp.where(here, columns, jnp.where(here[:, None], columns.T, products))


def _quasi_newton(products: Array, with_gradient: Array, oldest: Array) -> tuple[Array, Array]:
    """Apply the inverse Hessian that the pairs describe to the gradient: the two-loop recursion.

    The result is a sum of the history's vectors and the gradient, so that the recursion needs their scalar products
    only (Chen, Wang and Zhou, NIPS 27, 1332 (2014)): `products` (see `Descent`) and `with_gradient` (2 PAIRS,). Each
    loop solves a triangular system, of the changes of m with the changes of the gradient (Byrd, Nocedal and
    Schnabel, Math. Program. 63, 129 (1994)). `oldest` is the place of the oldest pair. Gives the shares in the result
    of the history's vectors (2 PAIRS,) and of the gradient.
    """
    # Changes of m from the oldest to the newest, then of the gradient; products with a matrix of zeros and ones
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
