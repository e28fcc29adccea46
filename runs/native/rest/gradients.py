"""How a final state answers to the parameters of a system: derivatives by the adjoint method."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import diffrax
import equinox as eqx
import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array

from runs.native.errors import IntegrationError
from runs.native.model import Model
from runs.native.time import integrate
from runs.native.time.evolution import TOLERANCE, check_tolerance
from runs.native.time.timetable import longest_step, stretches, table_length
from runs.native.translate import tabulate, to_ubermag, translate

Observable = Callable[[Array], Array]

CHECKPOINTS = 128
"""States kept on the way, from which the way back is computed again."""
DIFFERENCE = 1e-4
"""Relative change of a parameter that shows how the numbers of the model depend on it."""


def gradient(
    observable: Observable,
    make_system: Callable[..., mm.System],
    parameters: Mapping[str, float],
    duration: float,
    *,
    tolerance: float = TOLERANCE,
    fixed_subregions: Sequence[str] = (),
) -> tuple[float, dict[str, float]]:
    r"""Differentiate an observable of the final state with respect to what the system is made from.

    The equation of motion is differentiated exactly, step by step and backwards (diffrax's recursive
    checkpointing), at a cost that does not grow with the number of parameters:

    .. math:: \frac{dO}{dp} = \sum_k \frac{\partial O}{\partial n_k} \frac{dn_k}{dp}

    with n the numbers of the discretised equation (coefficients, m at the start, waveforms and their
    times). How they depend on a parameter, an algebraic matter, is seen by central differences of
    the model itself at two distances, good to some 1e-10 (1e-8 for the frequency of a wave of 50 periods). The
    magnet's shape must not depend on a parameter. The first call compiles for some ten seconds.

    Parameters
    ----------
    observable : callable
        Takes m (nx, ny, nz, 3) at the end as a JAX array, zero outside the magnet, and returns one number.
        A function that is passed again is not compiled again.
    make_system : callable
        Takes the parameters as keyword arguments and returns the system.
    parameters : mapping of str to float
        Value at which the derivative is taken, in the units that `make_system` takes; not zero.
    duration : float
        Time from start to end in s.
    tolerance : float
        Largest error of a step in any component of m.
    fixed_subregions : sequence of str
        Subregions of the mesh in which m is held.

    Returns
    -------
    value : float
        The observable.
    derivatives : dict of str to float
        For every parameter, in units of the observable over units of the parameter.

    Raises
    ------
    UnsupportedError
        The system holds something that this engine would have to ignore.
    ValueError
        A parameter that is zero or not finite, that changes which cells are magnetic, or that moves one
        breakpoint of a waveform past another.
    IntegrationError
        The integration stopped early.

    Examples
    --------
    >>> import discretisedfield as df
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(1e-9, 1e-9, 1e-9), n=(1, 1, 1))
    >>> def precessing(H):
    ...     m = df.Field(mesh, nvdim=3, value=(1, 0, 0), norm=8e5)
    ...     return mm.System(name="spin", m=m, energy=mm.Zeeman(H=(0, 0, H)), dynamics=mm.Precession(gamma0=2.2e5))
    >>> value, slope = gradient(lambda m: m[0, 0, 0, 1], precessing, {"H": 1e5}, duration=1e-11)
    >>> round(value, 6), round(slope["H"] * 1e5, 6)  # sin(0.22) and 0.22 cos(0.22)
    (0.21823, 0.214697)
    """
    if not duration > 0:
        raise ValueError(f"gradient: duration={duration!r} s must be positive")
    check_tolerance(tolerance, None, "gradient")
    for name, value in parameters.items():
        if not np.isfinite(value) or value == 0:
            raise ValueError(f"gradient: parameter {name}={value!r} must be finite and not zero: its size is its scale")
    build = functools.partial(_problem, make_system, duration=duration, fixed_subregions=fixed_subregions)
    here, system = build(parameters)
    build = functools.partial(build, intervals=here.tables.shape[-1] - 1)
    tables, durations = np.asarray(here.tables), np.asarray(here.durations)
    longest = [longest_step(table, float(length)) for table, length in zip(tables, durations, strict=True)]
    with jax.enable_x64(True):
        rate = integrate.observe(here.model, here.m, here.tables[0, :, 0])[4]
        first_step = jnp.asarray(integrate.first_step(float(rate), float(here.durations[0])))
        (value, (m, success)), slopes = _differentiate(
            observable, here, first_step, jnp.asarray(longest), jnp.asarray(tolerance)
        )
        if not bool(success) or not all(bool(jnp.all(jnp.isfinite(slope))) for slope in jax.tree.leaves(slopes)):
            grid = translate(system).discretisation
            raise IntegrationError(
                f"system {system.name!r}: the final state or its derivative is not finite, or a stretch took more "
                f"than {integrate.MAX_STEPS} steps; check drives and material, or take a shorter duration",
                0.0,
                to_ubermag(m, grid),
            )
        derivatives = {}
        for name, centre in parameters.items():
            # Richardson's combination of two central differences, whose error is of fourth order.
            parts = []
            for weight, change in ((-1 / 3, DIFFERENCE * abs(centre)), (4 / 3, DIFFERENCE * abs(centre) / 2)):
                above, below = (build({**parameters, name: centre + sign * change})[0] for sign in (1, -1))
                _check_alike(name, here, above, below)
                differences = jax.tree.map(jnp.subtract, above.numbers, below.numbers)
                products = jax.tree.map(lambda slope, of: jnp.sum(slope * of), slopes, differences)
                parts.append(weight * float(sum(jax.tree.leaves(products))) / (2 * change))
            derivatives[name] = sum(parts)
        return float(value), derivatives


class Problem(eqx.Module):
    """A system's way from start to end as numbers."""

    model: Model
    m: Array
    """Unit magnetisation at the start, (3, nz, ny, nx)."""
    durations: Array
    """Duration of every stretch in s, (stretches,)."""
    tables: Array
    """Waveforms in every stretch, (stretches, waveforms, intervals + 1)."""

    @property
    def numbers(self) -> "Problem":
        """Everything that can be differentiated; None in place of the rest."""
        numbers: Problem = eqx.filter(self, eqx.is_inexact_array)
        return numbers


def _problem(
    make_system: Callable[..., mm.System],
    parameters: Mapping[str, float],
    *,
    duration: float,
    fixed_subregions: Sequence[str],
    intervals: int | None = None,
) -> tuple[Problem, mm.System]:
    system = make_system(**parameters)
    translation = translate(system, fixed_subregions=fixed_subregions)
    pairs = list(stretches(np.array([0.0, duration]), translation.waveforms))
    intervals = intervals or table_length(pairs, translation.waveforms)
    tables = np.stack([tabulate(translation.waveforms, start, stop, intervals) for start, stop in pairs])
    with jax.enable_x64(True):
        durations = jnp.asarray([stop - start for start, stop in pairs])
        m = jnp.asarray(translation.discretisation.magnetisation)
        return Problem(translation.model, m, durations, jnp.asarray(tables)), system


def _check_alike(name: str, here: Problem, *others: Problem) -> None:
    shapes = [[np.shape(leaf) for leaf in jax.tree.leaves(problem)] for problem in (here, *others)]
    magnets = [np.asarray(problem.model.saturation) > 0 for problem in (here, *others)]
    if any(one != shapes[0] for one in shapes[1:]) or any(not np.array_equal(one, magnets[0]) for one in magnets[1:]):
        raise ValueError(
            f"gradient: a small change of {name} changes which cells are magnetic, the terms, or the order of "
            "the waveforms' breakpoints; nothing can be differentiated across that"
        )


@eqx.filter_jit
def _differentiate(
    observable: Observable, problem: Problem, first_step: Array, longest: Array, tolerance: Array
) -> Any:
    """Return the observable, the final state and whether it was reached, and the derivative for every number."""
    numbers, rest = eqx.partition(problem, eqx.is_inexact_array)

    def value(numbers: Problem) -> tuple[Array, tuple[Array, Array]]:
        problem: Problem = eqx.combine(numbers, rest)

        def stretch(m: Array, of: tuple[Array, Array, Array]) -> tuple[Array, Array]:
            duration, tables, longest_step = of
            solution = diffrax.diffeqsolve(
                integrate.equation(problem.model, duration, tables),
                integrate.SOLVER,
                t0=jnp.zeros_like(duration),
                t1=duration,
                dt0=jnp.minimum(jnp.minimum(first_step, longest_step), duration),
                y0=m,
                stepsize_controller=integrate.controller(tolerance, longest_step),
                max_steps=integrate.MAX_STEPS,
                adjoint=diffrax.RecursiveCheckpointAdjoint(checkpoints=CHECKPOINTS),
                throw=False,
            )
            ys, ts = solution.ys, solution.ts
            return ys[0], ts[0] == duration

        m, reached = jax.lax.scan(stretch, problem.m, (problem.durations, problem.tables, longest))
        return jnp.asarray(observable(m.T)), (m, jnp.all(reached))

    return jax.value_and_grad(value, has_aux=True)(numbers)
