"""One stretch of motion by damping alone; its steps are compiled once for all systems.

Without precession m goes straight down the energy, and the Jacobian of dm/dt has real eigenvalues:
for exchange between neighbours they are some thousand times larger than for a wall or a vortex's core. A
classical Runge-Kutta step may be no longer than 2.8 times the shortest of these times, for 4
evaluations. The stabilised step of s stages by van der Houwen and Sommeijer, in the form of Sommeijer,
Shampine and Verwer (J. Comput. Appl. Math. 88, 315 (1998)), reaches 0.65 (s^2 - 1) times that time for
s evaluations, is of second order as well, and estimates its own error. So the number of stages
follows from the step, and the step from how m moves.
"""

import dataclasses
import functools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from runs.native.abstract import dot
from runs.native.evaluation import evaluate, in_a_row, in_cells, movable
from runs.native.model import Model, largest_vector, normalise

MOST_STAGES = 64
"""With these a step reaches a thousand times as far as a classical one."""
DAMPING = 2 / 13
"""How far the polynomial of stability stays below 1: what is stiff loses 5 % a step at least."""
RELATIVE = 1 / 30
"""Largest error of a step as a part of what the fastest moment turns by, where the caller asks for nothing else."""
SAFETY = 1.2
"""The power method finds the largest eigenvalue from below."""
LEARNING = 20
"""Trials of length zero before the first step; the power method goes on by one in each."""
ASKED_AGAIN = 8
"""Trials from one step of the power method to the next, later: what is stiff, exchange, hardly changes on the way, and
what it rises by meanwhile is within `SAFETY`, or is met by the error of a step."""
FIRST_TURN = 0.002
"""rad; how far the fastest moment turns in the first step."""
PROBE = 1e-6
"""Largest change of a component of m by which the power method asks for the Jacobian."""
MOST_TRIALS = 1_000_000
"""In one stretch before the integrator gives up."""
SMALLEST_STEP = 1e-19
"""s; a step below it means that the error cannot be met."""
NEGLIGIBLE = 1e-6
"""Part of a step below which a stretch counts as done."""
LONG = 1000
"""Evaluations of one flow after which its stages are worth a compiled loop of their own (0.5 to 1 s); see
`minimisation.LONG`."""
TINY = 1e-300
"""Keeps a division by zero finite."""


@dataclasses.dataclass(frozen=True, eq=False)
class Flow:
    """State of the flow; cells are in a row, see `evaluation`."""

    row: Any
    """Unit magnetisation, (3, places)."""
    rate: Any
    """dm/dt in 1/s there, zero before anything is evaluated, (3, places)."""
    stiffest: Any
    """Where dm/dt changes most, as the power method has it; its largest component is 1, (3, places)."""
    shape: tuple[int, int, int]
    """Cells along z, y, x."""
    time: float = 0.0
    """s."""
    step: float = 0.0
    """To try next, in s; of length zero while the power method learns."""
    accepted: tuple[float, float] = (0.0, 0.0)
    """The last step that was accepted, in s, and its error over what was allowed."""
    fastest: float = 0.0
    """Largest |dm/dt| in 1/s."""
    eigenvalue: float = 0.0
    """Eigenvalue of the Jacobian in the stiffest direction, in 1/s."""
    trials: int = 0
    """Steps that were tried so far."""
    evaluations: int = 0
    """Evaluations of the field so far."""
    possible: bool = True
    """Whether the next step is long enough."""

    @functools.cached_property
    def m(self) -> np.ndarray:
        """Unit magnetisation, (3, nz, ny, nx)."""
        return in_cells(self.row, self.shape)


def beginning(m: Any) -> Flow:
    """Return where the flow is before anything is evaluated, at m, (3, nz, ny, nx)."""
    # At random, as what is symmetric would not find a mode that is not.
    random = np.random.default_rng(0).uniform(-1.0, 1.0, size=m.shape)
    row = in_a_row(m)
    return Flow(row=row, rate=np.zeros(row.shape), stiffest=in_a_row(random), shape=m.shape[1:])


@functools.cache
def stage_coefficients() -> np.ndarray:
    """Return the weights of the recurrence by number of stages s and stage j, (s, j, 4).

    The first two multiply m of the stages j - 1 and j - 2, relative to the start, the others, times the step,
    dm/dt in stage j - 1 and at the start. In the article's words: mu, nu, mu~, gamma~.
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


def follow(
    model: Model,
    flow: Flow,
    amplitudes: Array,
    *,
    damping: float,
    until: float,
    slow: float,
    loosest: float,
    relative: float = RELATIVE,
) -> Flow:
    """Follow dm/dt until a time, `until` (s), or until no moment turns faster than `slow` (rad/s).

    Torques have no part. `damping` is what a moment turns by a second for each A/m of field across m, in rad m/(A s).
    `loosest` and `relative` are the largest error of a step in any component of m, and as a part of what the fastest
    moment turns by. `possible` of the result is false if the error could not be met by any step or m is not finite.
    """
    last, mask, strength = flow.trials + MOST_TRIALS, movable(model), jnp.asarray(damping)
    while (
        (flow.trials < LEARNING or flow.fastest >= slow) and flow.time < until and flow.possible and flow.trials < last
    ):
        flow = _trial(model, flow, amplitudes, mask, strength, until, loosest, relative)
    return flow


def _trial(
    model: Model,
    flow: Flow,
    amplitudes: Array,
    mask: Array,
    damping: Array,
    until: float,
    loosest: float,
    relative: float,
) -> Flow:
    """Try a step, and now and then ask for the eigenvalue at its end."""
    rest, stiffness = until - flow.time, SAFETY * flow.eigenvalue
    step = min(flow.step, 0.65 * (MOST_STAGES**2 - 1) / max(stiffness, TINY))
    # A rest too short for a step of its own is added to the last one.
    ends = step * (1 + NEGLIGIBLE) >= rest
    step = rest if ends else step
    # A step of length zero has one stage, which evaluates m.
    stages = min(max(math.ceil(math.sqrt(1 + step * stiffness / 0.65)), 2), MOST_STAGES) if step > 0 else 1
    # Weights of the start, the stage before, the one before that, dm/dt there and at the start. They go to the device
    # at once: a number that each call brings along takes as long as the call.
    weights = np.zeros((MOST_STAGES, 5))
    own, older, newest, oldest = stage_coefficients()[max(stages, 2), 1 : stages + 1].T
    weights[:stages] = np.stack([1 - own - older, own, older, step * newest, step * oldest], axis=-1)
    weights[0] = 1, 0, 0, 0, step * newest[0]
    of_stage, turns, length = jnp.asarray(weights), _counts(), jnp.asarray(step)
    if flow.evaluations >= LONG and stages > 1:
        now = _stages(model, flow.row, flow.rate, of_stage, damping, mask, turns[stages - 1], amplitudes)
    else:
        before = now = flow.row
        field = np.zeros(now.shape)
        for stage in range(stages):
            if stage:
                field, _, _ = evaluate(model, now, amplitudes)
            last = turns[stage == stages - 1]
            after = _stage(now, before, field, flow.row, flow.rate, of_stage, damping, mask, turns[stage], last)
            before, now = now, after
    field, _, _ = evaluate(model, now, amplitudes)
    rate, probe = _probe(now, field, flow.stiffest, mask, damping)
    asks = flow.trials < LEARNING or flow.trials % ASKED_AGAIN == 0
    if asks:
        field, _, _ = evaluate(model, probe, amplitudes)
    else:
        probe = now  # where nothing changes, nothing is learnt
    stiffest, found = _judge(flow.row, flow.rate, now, rate, probe, field, flow.stiffest, mask, damping, length)
    error, fastest, size, change, probed = np.asarray(found).tolist()

    of_turn = relative * step * max(flow.fastest, fastest)
    allowed = min(loosest, of_turn)
    excess = error / max(allowed, TINY)
    accept = excess <= 1.0 or step == 0.0
    known = math.isfinite(size) and size > 0
    # The error goes with the third power of the step, what is allowed with the first or not at all.
    power = 1 / 2 if of_turn < loosest else 1 / 3
    growth = _growth(step, excess, flow.accepted if accept else (0.0, 0.0), power) if math.isfinite(excess) else 0.1
    growth = min(max(growth, 0.1), 5.0 if accept else 0.8)
    learning = flow.trials < LEARNING - 1
    following = growth * step if flow.step else FIRST_TURN / max(fastest, TINY)
    # What was cut short to end with the stretch does not shorten the next step.
    if accept and ends and flow.step > 0:
        following = max(following, flow.step)
    following = 0.0 if learning else following
    done: dict[str, Any] = {"accepted": (step, excess)} if accept else {}
    if accept:
        done |= {"row": now, "rate": rate, "fastest": fastest, "time": until if ends else flow.time + step}
    if known:
        done |= {"stiffest": stiffest, "eigenvalue": math.sqrt(change / max(probed, TINY))}
    return dataclasses.replace(
        flow,
        step=following,
        trials=flow.trials + 1,
        evaluations=flow.evaluations + stages + asks,
        possible=learning or following >= SMALLEST_STEP,
        **done,
    )


def _growth(step: float, excess: float, before: tuple[float, float], power: float) -> float:
    """Factor of the next step's length, from the step's error over the allowed one and from the error before.

    If a moment falls ever faster, errors grow from step to step, and the last one alone would promise too much; the
    law is Gustafsson's, ACM Trans. Math. Softw. 20, 496 (1994).
    """
    alone = 0.8 * math.pow(max(excess, TINY), -power)
    step_before, excess_before = before
    if not step_before or not step:
        return alone
    falling = math.pow(max(excess_before, TINY) / max(excess, TINY), power)
    return min(alone, alone * step / step_before * falling)


@functools.cache
def _counts() -> list[Array]:
    """Return the numbers of the stages on the device; 0 is false, too, and 1 true."""
    return [jnp.asarray(number) for number in range(MOST_STAGES)]


@jax.jit
def _stage(
    now: Array,
    before: Array,
    field: Array,
    start: Array,
    first: Array,
    weights: Array,
    damping: Array,
    mask: Array,
    stage: Array,
    last: Array,
) -> Array:
    """Return m in the next stage, in the last one of length 1."""
    own = weights[stage]
    rate = damping * _downhill(now, field)
    m = own[0] * start + own[1] * now + own[2] * before + own[3] * rate + own[4] * first
    # Scaled to length 1 again and again, a cell that is held would lose its last bit.
    return jnp.where(mask, jnp.where(last > 0, normalise(m), m), start)


@jax.jit
def _stages(
    model: Model,
    start: Array,
    first: Array,
    weights: Array,
    damping: Array,
    mask: Array,
    final: Array,
    amplitudes: Array,
) -> Array:
    """Return m at the end of a step whose last stage, counted from 0, is `final`, of more than one."""
    none = jnp.zeros((), int)
    once = _stage(start, start, jnp.zeros_like(start), start, first, weights, damping, mask, none, none)

    def stage(index: Array, at: tuple[Array, Array]) -> tuple[Array, Array]:
        before, now = at
        field, _, _ = evaluate(model, now, amplitudes)
        return now, _stage(now, before, field, start, first, weights, damping, mask, index, index == final)

    result: tuple[Array, Array] = lax.fori_loop(1, final + 1, stage, (start, once))
    return result[1]


@jax.jit
def _probe(m: Array, field: Array, stiffest: Array, mask: Array, damping: Array) -> tuple[Array, Array]:
    """Return dm/dt, and a state beside m."""
    return jnp.where(mask, damping * _downhill(m, field), 0.0), m + PROBE * stiffest


@jax.jit
def _judge(
    start: Array,
    first: Array,
    m: Array,
    rate: Array,
    probe: Array,
    field: Array,
    stiffest: Array,
    mask: Array,
    damping: Array,
    step: Array,
) -> tuple[Array, Array]:
    """Return the stiffest direction, and what a step is judged by.

    These are the largest error in any component of m, the largest |dm/dt| at its end, the largest change of dm/dt
    beside m, and the sums of the squares of this change and of the way to where it was found.
    """
    change = (jnp.where(mask, damping * _downhill(probe, field), 0.0) - rate) / PROBE
    error = jnp.max(jnp.abs(0.8 * (start - m) + 0.4 * step * (first + rate)))
    size = jnp.max(jnp.abs(change))
    squares = jnp.sum(jnp.stack([change**2, stiffest**2]), axis=(1, 2))
    found = jnp.stack([error, largest_vector(rate), size, *squares])
    return change / jnp.where(size > 0, size, 1.0), found


def _downhill(m: Array, field: Array) -> Array:
    """Return -m x (m x H) in A/m."""
    return dot(m, m) * field - dot(m, field) * m
