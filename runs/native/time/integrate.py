"""One stretch of time integration, compiled once for each grid and set of terms."""

import math
from collections.abc import Iterable
from typing import Any, ClassVar

import diffrax
import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import Array
from typing_extensions import override

from runs.native.abstract import jit_for_seldom_use
from runs.native.errors import IntegrationError
from runs.native.model import Model, largest_vector, normalise
from runs.native.time.moving_window import MovingWindow

MAX_STEPS = 1_000_000
"""Steps within one stretch before the integrator gives up."""
SMALLEST_STEP = 1e-19
"""s; a step below it means that the error cannot be met."""
NEGLIGIBLE = 1e-6
"""Part of a step below which a stretch counts as done."""


class OnSphere(diffrax.AbstractERK):
    """Classical fourth-order Runge-Kutta steps that end with |m| = 1 again.

    The equation is stiff from exchange, so the step is bound by stability, not by accuracy: what
    counts is how far the region of stability reaches along the imaginary axis for each evaluation,
    2.83 / 4 here, 1.73 / 3 for Bosh3, less for the fifth-order pairs. The derivative at the new
    point, which the next step starts from, gives a third-order solution to compare with: its error
    is h (k4 - k5) / 6. Normalising changes m by no more than the step's error.
    """

    tableau: ClassVar[diffrax.ButcherTableau] = diffrax.ButcherTableau(
        c=np.array([1 / 2, 1 / 2, 1, 1]),
        b_sol=np.array([1 / 6, 1 / 3, 1 / 3, 1 / 6, 0]),
        b_error=np.array([0, 0, 0, 1 / 6, -1 / 6]),
        a_lower=(
            np.array([1 / 2]),
            np.array([0, 1 / 2]),
            np.array([0, 0, 1.0]),
            np.array([1 / 6, 1 / 3, 1 / 3, 1 / 6]),
        ),
    )
    interpolation_cls: ClassVar[Any] = diffrax.ThirdOrderHermitePolynomialInterpolation.from_k

    @override
    def order(self, terms: Any) -> int:
        return 4

    @override
    def step(self, terms: Any, t0: Any, t1: Any, y0: Any, args: Any, solver_state: Any, made_jump: Any) -> Any:
        y1, error, dense, state, result = super().step(terms, t0, t1, y0, args, solver_state, made_jump)
        return normalise(y1), error, dense, state, result


SOLVER = OnSphere()
STAGES = 4


def controller(tolerance: Array, longest: Array) -> diffrax.PIDController:
    """Return what chooses steps up to `longest` (s) with an error in any component of m below `tolerance`."""
    return diffrax.PIDController(
        rtol=0.0,
        atol=tolerance,
        norm=largest,
        pcoeff=0.4,
        icoeff=0.3,
        dtmin=SMALLEST_STEP,
        dtmax=longest,
        force_dtmin=False,
    )


def equation(model: Model, duration: Array, tables: Array) -> Any:
    """Return dm/dt over a stretch of `duration` (s) whose waveforms are `tables` (waveforms, intervals + 1)."""

    def derivative(t: Any, m: Any, _: Any) -> Any:
        return model.derivative(m, interpolate(tables, t / duration))

    return diffrax.ODETerm(derivative)


class Stretch(eqx.Module):
    """Result of `advance`."""

    m: Array
    """Unit magnetisation at the end, (3, nz, ny, nx)."""
    step: Array
    """Mean accepted step in s."""
    evaluations: Array
    """Evaluations of dm/dt."""
    success: Array
    reached: Array
    """How far it came in s: to the end, or to where a moving window has to move."""


class Progress(eqx.Module):
    """State of `advance`: the step from `start` to `stop` (s) comes next."""

    start: Any
    stop: Any
    m: Array
    solver: Any
    controller: Any
    tried: Array
    accepted: Array
    possible: Any
    """Whether the next step is long enough."""
    event: Array
    """Whether the window has to move."""


@eqx.filter_jit
def advance(
    model: Model,
    m: Array,
    duration: Array,
    first_step: Array,
    longest: Array,
    tables: Array,
    tolerance: Array,
    window: MovingWindow | None = None,
) -> Stretch:
    """Integrate dm/dt over `duration` (s); the error of a step in any component of m stays below `tolerance`.

    With a moving window it ends at the first step after which that has to move: what follows is another stretch from
    another m, for which the solver and its first stage are made anew. The solver and the controller are stepped here:
    `diffrax.diffeqsolve` calls back to Python to report errors, and a function that does is never stored in JAX's
    compilation cache. `m` (3, nz, ny, nx) are unit vectors, the first and the longest step are in s, and `tables`
    (waveforms, intervals + 1) are the waveforms at equally spaced times from start to end.
    """
    term, steps = equation(model, duration, tables), controller(tolerance, longest)
    start: Any = jnp.zeros_like(duration)
    order: Any = SOLVER.error_order(term)
    stop, chosen = steps.init(
        term, start, duration, m, jnp.minimum(jnp.minimum(first_step, longest), duration), None, SOLVER.func, order
    )
    none = jnp.zeros((), int)

    def unfinished(at: Progress) -> Array:
        going: Array = (at.start < duration) & at.possible & (at.tried < MAX_STEPS) & ~at.event
        return going

    def step(at: Progress) -> Progress:
        m, error, _, solver, _ = SOLVER.step(term, at.start, at.stop, at.m, None, at.solver, False)
        # Scaled to length 1 again and again, a cell that is held would lose its last bit.
        if model.fixed is not None:
            m = jnp.where(model.fixed, at.m, m)
        accept, start, stop, _, chosen, result = steps.adapt_step_size(
            at.start, at.stop, at.m, m, None, error, order, at.controller
        )
        # A rest too short for a step of its own is added to the last one.
        stop = jnp.where(duration - stop < NEGLIGIBLE * (stop - start), duration, stop)

        def choose(new: Any, old: Any) -> Any:
            return jnp.where(accept, new, old)

        m = choose(m, at.m)
        return Progress(
            start=start,
            stop=stop,
            m=m,
            solver=jax.tree.map(choose, solver, at.solver),
            controller=chosen,
            tried=at.tried + 1,
            accepted=at.accepted + accept,
            possible=(result == diffrax.RESULTS.successful) | (start >= duration),
            event=at.event if window is None else window.event(m),
        )

    solver = SOLVER.init(term, start, stop, m, None)
    at = Progress(
        start, jnp.minimum(stop, duration), m, solver, chosen, none, none, jnp.ones((), bool), jnp.zeros((), bool)
    )
    at = jax.lax.while_loop(unfinished, step, at)
    success = ((at.start >= duration) | at.event) & jnp.all(jnp.isfinite(at.m))
    return Stretch(at.m, at.start / jnp.maximum(at.accepted, 1), at.tried * STAGES + 1, success, at.start)


@jit_for_seldom_use
def observe(model: Model, m: Array, amplitudes: Array) -> Array:
    """Return energy (J), mean m weighted with Ms (3), the largest |dm/dt| (rad/s) and the energy of every term (J)."""
    return observables(model, m, amplitudes)


def observables(model: Model, m: Array, amplitudes: Array) -> Array:
    """Do what `observe` does, inside a compiled function."""
    mean = jnp.sum(m * model.saturation, axis=(1, 2, 3)) / jnp.sum(model.saturation)
    rate = model.derivative(m, amplitudes)
    energies = jnp.array([jnp.sum(term.density(m, amplitudes)) for term in model.terms]) * model.cell_volume
    return jnp.concatenate([jnp.sum(energies)[None], mean, largest_vector(rate)[None], energies])


def interpolate(tables: Array, share: Array) -> Array:
    """Interpolate in tables (waveforms, intervals + 1) of equally spaced values at `share` in [0, 1]."""
    intervals = tables.shape[1] - 1
    # As a product: XLA would put a look-up into the loops over cells and repeat it for each of them.
    distance = jnp.abs(jnp.clip(share, 0.0, 1.0) * intervals - jnp.arange(intervals + 1))
    return tables @ jnp.maximum(0.0, 1.0 - distance)


def largest(tree: Array) -> Array:
    """Return the largest magnitude, the norm in which the error of a step is measured."""
    return jnp.max(jnp.abs(tree))


def first_step(rate: float, duration: float) -> float:
    """Return a step in s in which the fastest moment turns by 0.01 rad, at most `duration`."""
    return duration if rate <= 0 or not math.isfinite(rate) else min(duration, 0.01 / rate)


def table(
    times: np.ndarray, observables: np.ndarray, evaluations: list[int], energy_columns: Iterable[str] = ()
) -> pd.DataFrame:
    """Return rows of `observe` as `t` (s), `E` (J), `mx`, `my`, `mz`, `max_dmdt` (deg/ns), `evaluations`.

    `energy_columns` names the energies of the terms (J), which follow.
    """
    names = ("E", "mx", "my", "mz")
    columns = {"t": times, **{name: observables[:, index] for index, name in enumerate(names)}}
    columns |= {"max_dmdt": np.degrees(observables[:, 4]) * 1e-9, "evaluations": np.asarray(evaluations)}
    return pd.DataFrame(columns | {name: observables[:, 5 + index] for index, name in enumerate(energy_columns)})


def failure(system: str, time: float, magnetisation: np.ndarray) -> IntegrationError:
    """Return the error for a stretch without success: what stopped it, when, and what to try."""
    return IntegrationError(
        f"system {system!r}: time integration stopped after t={time:.6g} s: the step fell below "
        f"{SMALLEST_STEP:g} s, took more than {MAX_STEPS} steps, or m was not finite. Check drives and "
        "material for values that are too large, save more often, or loosen tolerance",
        time,
        magnetisation,
    )
