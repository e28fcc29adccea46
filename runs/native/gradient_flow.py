"""One stretch of motion by damping alone, compiled once for each grid and set of terms.

Without precession m goes straight down the energy, and the Jacobian of dm/dt has real eigenvalues:
those of exchange between neighbours are some thousand times those of a wall or of a vortex's core. A
classical Runge-Kutta step may be no longer than 2.8 times the shortest of these times, for 4
evaluations. The stabilised step of s stages by van der Houwen and Sommeijer, in the form of Sommeijer,
Shampine and Verwer (J. Comput. Appl. Math. 88, 315 (1998)), reaches 0.65 (s^2 - 1) times that time for
s evaluations, is of second order as well, and estimates its own error. So the number of stages
follows from the step, and the step from how m moves.
"""

import functools
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from runs.native.model import Model, largest_vector, normalise

MOST_STAGES = 64
"""With these a step reaches a thousand times as far as a classical one."""
DAMPING = 2 / 13
"""How far the polynomial of stability stays below 1: what is stiff loses 5 % a step at least."""
RELATIVE = 1 / 30
"""Largest error of a step as a part of what the fastest moment turns by."""
SAFETY = 1.2
"""The power method finds the largest eigenvalue from below."""
LEARNING = 20
"""Trials of length zero before the first step, in each of which the power method goes on by one."""
FIRST_TURN = 0.01
"""rad; how far the fastest moment turns in the first step."""
PROBE = 1e-6
"""Largest change of a component of m by which the power method asks for the Jacobian."""
MOST_TRIALS = 1_000_000
"""In one stretch before the integrator gives up."""
SMALLEST_STEP = 1e-19
"""s; a step below it means that the error cannot be met."""
NEGLIGIBLE = 1e-6
"""Part of a step below which a stretch counts as done."""
TINY = 1e-300
"""Keeps a division by zero finite."""


class Flow(eqx.Module):
    """Where the flow is."""

    m: Array
    """Unit magnetisation, (3, nz, ny, nx)."""
    rate: Array
    """dm/dt in 1/s there, zero before anything is evaluated."""
    time: Array
    """s."""
    step: Array
    """To try next, in s; of length zero while the power method learns."""
    stiffest: Array
    """The direction in which dm/dt changes most, as the power method has it; its largest component is 1."""
    eigenvalue: Array
    """Of the Jacobian in this direction, in 1/s."""
    trials: Array
    """Steps that were tried so far."""
    evaluations: Array
    """Of dm/dt so far."""
    possible: Array
    """Whether the next step is long enough."""


def beginning(m: Array) -> Flow:
    """Return where the flow is before anything is evaluated."""
    # At random, as what is symmetric would not find a mode that is not.
    random: Any = np.random.default_rng(0).uniform(-1.0, 1.0, size=m.shape)
    # In NumPy, where nothing is compiled to make a few zeros of each new shape.
    xp: Any = np
    none = xp.zeros((), int)
    return Flow(
        m=m,
        rate=xp.zeros(m.shape),
        time=xp.zeros(()),
        step=xp.zeros(()),
        stiffest=random,
        eigenvalue=xp.zeros(()),
        trials=none,
        evaluations=none,
        possible=xp.ones((), bool),
    )


@functools.cache
def stage_coefficients() -> np.ndarray:
    """Return the weights of the recurrence by number of stages s and stage j, (s, j, 4).

    The first two are those of the stages j - 1 and j - 2, relative to the start, the others, times the step,
    those of dm/dt in stage j - 1 and at the start. In the article's words: mu, nu, mu~, gamma~.
    """
    weights = np.zeros((MOST_STAGES + 1, MOST_STAGES + 1, 4))
    for stages in range(2, MOST_STAGES + 1):
        # Chebyshev's polynomials and their first two derivatives just outside of [-1, 1].
        outside = 1 + DAMPING / stages**2
        basis = [np.polynomial.chebyshev.Chebyshev.basis(degree) for degree in range(stages + 1)]
        value, slope, curvature = (np.array([each.deriv(order)(outside) for each in basis]) for order in range(3))
        b = np.empty(stages + 1)
        b[2:] = curvature[2:] / slope[2:] ** 2
        b[:2] = b[2]
        scale = slope[-1] / curvature[-1]
        weights[stages, 1, 2] = b[1] * scale
        now, before, older = b[2:], b[1:-1], b[:-2]
        newest = 2 * scale * now / before
        oldest = -(1 - before * value[1:-1]) * newest
        weights[stages, 2 : stages + 1] = np.stack([2 * outside * now / before, -now / older, newest, oldest], axis=-1)
    return weights


@eqx.filter_jit
def follow(
    model: Model,
    flow: Flow,
    amplitudes: Array,
    until: Array,
    slow: Array,
    coefficients: Array,
    loosest: Array,
) -> Flow:
    """Follow dm/dt until a time, `until` (s), or until no moment turns faster than `slow` (rad/s).

    Parameters
    ----------
    model : Model
        Its only torque is damping.
    flow : Flow
    amplitudes : Array
        Values of the waveforms.
    until, slow : Array
        ().
    coefficients : Array
        What `stage_coefficients` returns.
    loosest : Array
        Largest error of a step in any component of m, ().

    Returns
    -------
    Flow
        `possible` is false if the error could not be met by any step or m is not finite.
    """
    last = flow.trials + MOST_TRIALS

    def unfinished(flow: Flow) -> Array:
        moves = (flow.trials < LEARNING) | (largest_vector(flow.rate) >= slow)
        going: Array = moves & (flow.time < until) & flow.possible & (flow.trials < last)
        return going

    def trial(flow: Flow) -> Flow:
        rest = until - flow.time
        stiffness = SAFETY * flow.eigenvalue
        longest = 0.65 * (MOST_STAGES**2 - 1) / jnp.maximum(stiffness, TINY)
        step = jnp.minimum(flow.step, longest)
        # A rest too short for a step of its own is added to the last one.
        ends = step * (1 + NEGLIGIBLE) >= rest
        step = jnp.where(ends, rest, step)
        stages = jnp.ceil(jnp.sqrt(1 + step * stiffness / 0.65)).astype(int)
        stages = jnp.clip(stages, 2, MOST_STAGES)
        of_stage = coefficients[stages]
        # A step of length zero has one stage, which evaluates m.
        stages = jnp.where(step > 0, stages, 1)
        start, first = flow.m, flow.rate

        def stage(index: Array, carry: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
            """Evaluate dm/dt in stage `index`, then at the end of the step, then beside it for the power method."""
            # One evaluation in the code for all of these: each more would be compiled, too.
            before, now, rate, _ = carry
            inside, beyond = index < stages, index > stages
            now = jnp.where(index == stages, normalise(now), now)
            found = model.derivative(jnp.where(beyond, now + PROBE * flow.stiffest, now), amplitudes)
            own, older, newest, oldest = of_stage[index + 1]
            after = (1 - own - older) * start + own * now + older * before + step * (newest * found + oldest * first)
            return now, jnp.where(inside, after, now), jnp.where(beyond, rate, found), found

        once = start + of_stage[1, 2] * step * first
        _, m, rate, beside = lax.fori_loop(1, stages + 2, stage, (start, once, first, first))
        # Scaled to length 1 again and again, a cell that is held would lose its last bit.
        if model.fixed is not None:
            m = jnp.where(model.fixed, start, m)
        estimate = 0.8 * (start - m) + 0.4 * step * (first + rate)
        turn = step * jnp.maximum(largest_vector(first), largest_vector(rate))
        allowed = jnp.minimum(loosest, RELATIVE * turn)
        excess = jnp.max(jnp.abs(estimate)) / jnp.maximum(allowed, TINY)
        accept = (excess <= 1.0) | (step == 0.0)
        change = (beside - rate) / PROBE
        size = jnp.max(jnp.abs(change))
        known = jnp.isfinite(size) & (size > 0)
        eigenvalue = jnp.sqrt(jnp.sum(change**2) / jnp.maximum(jnp.sum(flow.stiffest**2), TINY))
        growth = jnp.clip(0.8 / jnp.cbrt(jnp.maximum(excess, TINY)), 0.1, jnp.where(accept, 5.0, 0.8))
        begin = FIRST_TURN / jnp.maximum(largest_vector(rate), TINY)
        learning = flow.trials < LEARNING - 1
        following = jnp.where(flow.step == 0.0, begin, jnp.where(jnp.isfinite(excess), growth, 0.1) * step)
        # What was cut short to end with the stretch does not shorten the next step.
        following = jnp.where(accept & ends & (flow.step > 0), jnp.maximum(following, flow.step), following)
        following = jnp.where(learning, 0.0, following)

        def choose(new: Array, old: Array) -> Array:
            return jnp.where(accept, new, old)

        return Flow(
            m=choose(m, flow.m),
            rate=choose(rate, flow.rate),
            time=choose(jnp.where(ends, until, flow.time + step), flow.time),
            step=following,
            stiffest=jnp.where(known, change / jnp.where(known, size, 1.0), flow.stiffest),
            eigenvalue=jnp.where(known, eigenvalue, flow.eigenvalue),
            trials=flow.trials + 1,
            evaluations=flow.evaluations + stages + 1,
            possible=learning | (following >= SMALLEST_STEP),
        )

    result: Flow = lax.while_loop(unfinished, trial, flow)
    return result
