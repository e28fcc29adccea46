"""Rest in the next field of a loop, by the way that damping takes.

If a field turns something over, the minimum found depends on the path. The minimiser
moves soft modes as fast as what falls, so that an island of a spin ice that is just below its
switching field is carried over the edge by another one's reversal, which damping would not do. Shorter
steps do so less often, but two lengths may agree on a wrong state: of four islands of a square ice, steps
of 0.02 and of 0.01 rad turned three over, and damping one. So where a moment turns far, the field is gone
through again by damping.
"""

from collections.abc import Callable

import numpy as np
from jax import Array

from runs.native.model import Model
from runs.native.rest import gradient_flow
from runs.native.rest.descent import ANYWHERE, Descent
from runs.native.rest.relaxation import DEGREES_PER_NANOSECOND, NEAR_REST, RATE
from runs.native.time import integrate

NEAR = float(np.cos(0.5))
"""A moment that turns by more than 0.5 rad has not followed the field but fallen."""
LOOSEST, RELATIVE = 1e-3, 0.1
"""Largest error of a step of the flow in any component of m, and as a part of what the fastest moment turns by."""
SLOWEST = 1e-3
"""deg/ns. A state that has just become unstable hardly moves: where the minimiser goes far from the state in which
damping seems to rest, damping is followed on, until dm/dt is a tenth, and down to this."""
LONGEST = 1e-5
"""s; of damping in one field."""

Rest = Callable[[Model, np.ndarray, float], Descent]


def followed(model: Model, m: np.ndarray, amplitudes: Array, to_rest: Rest) -> tuple[Descent, int]:
    """Go from m (3, nz, ny, nx), at rest in the field before, to rest; if a moment turns far on the way, by damping.

    `to_rest` is the minimiser, from a state, with the cosine between a moment and where it began below which it gives
    up. Gives the descent at rest and the number of evaluations, including those of a failed minimisation.
    """
    state = to_rest(model, m, NEAR)
    evaluations = state.iteration
    if state.nearness >= NEAR:
        return state, evaluations
    state, more = damped(model, m, amplitudes, to_rest)
    return state, evaluations + more


def damped(model: Model, m: np.ndarray, amplitudes: Array, to_rest: Rest) -> tuple[Descent, int]:
    """Follow damping from m, and let the minimiser end it where it stays near: as `followed`.

    A RuntimeError if no step meets the error of the integration.
    """
    flow, slow, evaluations = gradient_flow.beginning(m), NEAR_REST, 0
    while True:
        flow = gradient_flow.follow(
            model,
            flow,
            amplitudes,
            damping=RATE,
            until=LONGEST,
            slow=slow * DEGREES_PER_NANOSECOND,
            loosest=LOOSEST,
            relative=RELATIVE,
        )
        if not flow.possible or not np.all(np.isfinite(flow.m)):
            raise integrate.failure("in a field", flow.time, flow.m)
        last = slow <= SLOWEST or flow.time >= LONGEST
        state = to_rest(model, flow.m, ANYWHERE if last else NEAR)
        evaluations += state.iteration
        if last or state.nearness >= NEAR:
            return state, evaluations + flow.evaluations
        slow /= 10
