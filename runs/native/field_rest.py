"""Rest in the next field of a loop, by the way that damping takes.

Where a field turns something over, the minimum that is found depends on the way there. The minimiser
moves soft modes as fast as what falls, so that an island of a spin ice that is just below its
switching field is carried over the edge by another one's reversal, which damping would not do. In
shorter steps it keeps closer to the way of damping. So a change that turns a moment far is done
again with steps half as long, and again until two agree; if they do not, damping itself is followed.
"""

import dataclasses
from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jax import Array

from runs.native import gradient_flow, integrate
from runs.native.abstract import to_device
from runs.native.damping import Damping
from runs.native.descent import LARGEST_TURN_OF_A_LOOP, Descent
from runs.native.model import Model
from runs.native.relaxation import DEGREES_PER_NANOSECOND, NEAR_REST, RATE

FAR = 0.5
"""rad; a moment that turns by more has not followed the field but fallen, and two states in which none differs by more
are one."""
SHORTEST_TURN = LARGEST_TURN_OF_A_LOOP / 8
"""rad; with steps this short the minimiser takes as many evaluations as damping does."""
SLOWEST = 1e-3
"""deg/ns. A state that has just become unstable hardly moves: where the minimiser goes far from the state in which
damping seems to rest, damping is followed on, until dm/dt is a tenth, and down to this."""
LONGEST = 1e-5
"""s; of damping in one field."""

Rest = Callable[[Model, Array, float], Descent]


def confirmed(model: Model, m: Array, amplitudes: Array, to_rest: Rest) -> tuple[Descent, int]:
    """Go from m to rest; whatever turns far is confirmed by shorter steps.

    Parameters
    ----------
    model : Model
        In the new field.
    m : Array
        At rest in the field before, (3, nz, ny, nx).
    amplitudes : Array
        Values of the waveforms.
    to_rest : callable
        The minimiser, from a state, with the largest turn (rad) of a moment in a step.

    Returns
    -------
    Descent
        At rest.
    int
        Evaluations of all attempts.
    """
    turn = LARGEST_TURN_OF_A_LOOP
    state = to_rest(model, m, turn)
    evaluations = int(state.iteration)
    if not _far(m, state.m):
        return state, evaluations
    while turn > SHORTEST_TURN:
        turn /= 2
        shorter = to_rest(model, m, turn)
        evaluations += int(shorter.iteration)
        if not _far(state.m, shorter.m):
            return shorter, evaluations
        state = shorter
    state, more = damped(model, m, amplitudes, to_rest)
    return state, evaluations + more


def damped(model: Model, m: Array, amplitudes: Array, to_rest: Rest) -> tuple[Descent, int]:
    """Follow damping from m, and let the minimiser end it where it stays near.

    Parameters
    ----------
    model, m, amplitudes, to_rest
        As for `confirmed`.

    Returns
    -------
    Descent
        At rest.
    int
        Evaluations.

    Raises
    ------
    RuntimeError
        If no step meets the error of the integration.
    """
    model = dataclasses.replace(model, torques=(Damping(to_device(RATE)),))
    coefficients, until = jnp.asarray(gradient_flow.stage_coefficients()), jnp.asarray(LONGEST)
    flow, slow, evaluations = gradient_flow.beginning(m), NEAR_REST, 0
    while True:
        flow = gradient_flow.follow(
            model, flow, amplitudes, until, jnp.asarray(slow * DEGREES_PER_NANOSECOND), coefficients
        )
        if not bool(flow.possible) or not bool(jnp.all(jnp.isfinite(flow.m))):
            raise integrate.failure("in a field", float(flow.time), np.asarray(flow.m))
        state = to_rest(model, flow.m, SHORTEST_TURN)
        evaluations += int(state.iteration)
        if not _far(flow.m, state.m) or slow <= SLOWEST or float(flow.time) >= LONGEST:
            return state, evaluations + int(flow.evaluations)
        slow /= 10


def _far(one: Array, other: Array) -> bool:
    """Whether a moment has another direction in one state than in the other, by more than `FAR`."""
    along = jnp.sum(one * other, axis=0)
    # Outside the magnet m is zero.
    return bool(jnp.any((jnp.sum(one * one, axis=0) > 0.5) & (along < np.cos(FAR))))
