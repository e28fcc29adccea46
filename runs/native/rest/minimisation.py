"""Find the nearest energy minimum, in memory."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jax
import micromagneticmodel as mm
import numpy as np
import pandas as pd
from jax import Array

from runs.native import evaluation
from runs.native.columns import energy_columns
from runs.native.errors import MinimisationError
from runs.native.model import Model
from runs.native.rest import descent
from runs.native.rest.descent import Descent
from runs.native.translate import initial_amplitudes, to_ubermag, translate

CHUNK = 500
"""Evaluations between two looks at the keyboard and the progress."""
STOPPING = 1e-4
"""A/m; default of `stopping_mxHxm`: a moment that feels 1e5 A/m is then at rest within 1e-9 rad."""
ROUNDING = 1e-14
"""Part of the strongest field (`descent.strongest_field`) that rounding may leave of m x H x m. A descent to the end
leaves 1e-17 to 1e-16 of it; where soft modes meet stiff ones, what is left rises to 2e-15 again and again."""
MAX_ITERATIONS = 100_000
LONG = 5000
"""Evaluations of one rest after which what is left of it is worth a compiled loop of its own (2 to 3 s): calls from
Python cost each evaluation 0.2 to 0.4 ms. It is counted in a rest, so that its result depends on nothing before it."""

Progress = Callable[[float], Any]


def minimise(
    system: mm.System,
    *,
    stopping_mxHxm: float | None = None,
    max_iterations: int = MAX_ITERATIONS,
    fixed_subregions: Sequence[str] = (),
    progress: Progress | None = None,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Follow the energy downhill until every torque is small; the system is not changed.

    Parameters
    ----------
    system : micromagneticmodel.System
        With energy and m; its dynamics is not used. Fields that depend on time have their value at t = 0.
    stopping_mxHxm : float, optional
        Stop where max |m x H x m| is below this, in A/m. If not given, 1e-4 A/m or, where fields are so
        strong that rounding hides that, 1e-14 of the largest field that the energy exerts on m on the way,
        or would exert on moments at random: near rest what neighbours exert may vanish, but is a difference
        of large numbers.
    max_iterations : int
        Evaluations of the field after which to give up.
    fixed_subregions : sequence of str
        Subregions of the mesh in which m is held; the torque there does not count.
    progress : callable, optional
        Called with max |m x H x m| in A/m now and then.

    Returns
    -------
    m : numpy.ndarray
        Unit vectors (nx, ny, nz, 3), NaN outside the magnet.
    table : pandas.DataFrame
        One row: `iteration`, `E` (J), `mx`, `my`, `mz` (means weighted with Ms), `max_mxHxm` (A/m), and
        the energy of every term (J), `E_<name>`.

    Raises
    ------
    UnsupportedError
        The system holds something that this engine would have to ignore.
    ValueError
        `stopping_mxHxm` is not positive, a subregion is unknown, or a parameter makes no sense.
    MinimisationError
        The torque is still larger after `max_iterations` or no step lowers the energy; it states whether
        rounding forbids the request, and holds the last state.

    Examples
    --------
    >>> import discretisedfield as df
    >>> import micromagneticmodel as mm
    >>> import runs.native as nc
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(20e-9, 10e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9))
    >>> system = mm.System(name="film", m=df.Field(mesh, nvdim=3, value=(0.1, 1, 0), norm=8e5))
    >>> system.energy = mm.Exchange(A=1.3e-11) + mm.Demag()
    >>> m, table = nc.minimise(system)
    >>> bool(abs(m[..., 0]).min() > 0.9)  # along the long axis
    True
    """
    frames, table = path(
        system,
        stopping_mxHxm=stopping_mxHxm,
        max_iterations=max_iterations,
        fixed_subregions=fixed_subregions,
        progress=progress,
        every_step=False,
    )
    return frames[-1], table


def path(
    system: mm.System,
    *,
    stopping_mxHxm: float | None = None,
    max_iterations: int = MAX_ITERATIONS,
    fixed_subregions: Sequence[str] = (),
    progress: Progress | None = None,
    every_step: bool = True,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Do what `minimise` does and return the states on the way.

    Gives unit vectors (steps, nx, ny, nz, 3), NaN outside the magnet, and a row of `minimise`'s table for each.
    `every_step` is whether every step that was not taken back is returned, or only the last state.
    """
    translation = translate(system, dynamics=False, fixed_subregions=fixed_subregions)
    grid = translation.discretisation
    frames: list[np.ndarray] = []
    rows: list[np.ndarray] = []

    def keep(state: Descent) -> None:
        frames.append(to_ubermag(state.m, grid))
        rows.append(row(translation.model, state, amplitudes))

    def step_done(state: Descent) -> None:
        if every_step and state.accepted > len(frames):
            keep(state)

    with jax.enable_x64(True):
        amplitudes = initial_amplitudes(translation.waveforms)
        state = rest(
            translation.model,
            grid.magnetisation,
            amplitudes,
            stopping_mxHxm=stopping_mxHxm,
            max_iterations=max_iterations,
            progress=progress,
            owner=f"system {system.name!r}",
            to_frame=lambda m: to_ubermag(m, grid),
            chunk=1 if every_step else CHUNK,
            step_done=step_done,
        )
        if not frames:
            keep(state)
    return np.stack(frames), table_of(rows, energy_columns(system))


def rest(
    model: Model,
    m: np.ndarray,
    amplitudes: Array,
    *,
    stopping_mxHxm: float | None,
    max_iterations: int,
    progress: Progress | None,
    owner: str,
    to_frame: Callable[[np.ndarray], np.ndarray],
    chunk: int = CHUNK,
    step_done: Callable[[Descent], None] | None = None,
    default: float = STOPPING,
    largest_turn: float = descent.LARGEST_TURN,
    nearest: float = descent.ANYWHERE,
    looped: bool = False,
    remedy: str = "loosen stopping_mxHxm, or run RelaxDriver first",
) -> Descent:
    """Descend from m (3, nz, ny, nx) to rest, as `minimise`; to be called in double precision.

    `owner` names the system in errors, `to_frame` makes the array that an error holds, and `remedy` is what the error
    proposes. `chunk` evaluations lie between two calls of `progress` and of `step_done`, which gets the state.
    `default` in A/m is what is asked where `stopping_mxHxm` is None and rounding allows it, and `largest_turn` in rad
    limits each moment's turn in a step. Where the cosine between a moment and where it began falls below `nearest`, the
    descent ends there, not at rest. `looped` is whether many rests follow on one mesh, which are worth a compiled loop
    from the first on.
    """
    if stopping_mxHxm is not None and not stopping_mxHxm > 0:
        raise ValueError(f"{owner}: stopping_mxHxm must be positive, in A/m, got {stopping_mxHxm!r}")
    if max_iterations < 1:
        raise ValueError(f"{owner}: max_iterations={max_iterations!r} must be at least 1")
    # No torque has a part in it: a system with and one without them is one program.
    model = dataclasses.replace(model, torques=())
    asked, rounding = (default, ROUNDING) if stopping_mxHxm is None else (stopping_mxHxm, 0.0)
    state, stopping = descent.beginning(m, descent.strongest_field(model, m, amplitudes)), asked
    while state.torque >= stopping and state.iteration < max_iterations:
        state = descent.descend(
            model,
            state,
            amplitudes,
            stopping=asked,
            rounding=rounding,
            limit=min(max(state.iteration, 0) + chunk, max_iterations),
            largest_turn=largest_turn,
            nearest=nearest,
            long=chunk > 1 and (looped or state.iteration >= LONG),
        )
        stopping = max(asked, rounding * state.strongest)
        if step_done is not None:
            step_done(state)
        if progress is not None:
            progress(state.torque)
        if state.nearness < nearest:
            return state
        if not state.share > descent.SMALLEST_SHARE:
            break
    torque = state.torque
    if not torque < stopping:
        stalled = state.iteration < max_iterations
        reason = "no step brings the energy down" if stalled else f"it took {max_iterations} evaluations"
        strongest = state.strongest
        if stopping < ROUNDING * strongest:
            hint = f"rounding may leave {ROUNDING * strongest:.2g} A/m of fields of {strongest:.2g} A/m"
        else:
            hint = "check the energy for values that are too large" if stalled else "raise max_iterations"
        raise MinimisationError(
            f"{owner}: max |m x H x m| = {torque:.4g} A/m, asked for {stopping:g}, and {reason}; {hint}, {remedy}",
            to_frame(state.m),
        )
    return state


def row(model: Model, state: Descent, amplitudes: Array) -> np.ndarray:
    """Return one row of the table: iteration, E, mx, my, mz, max_mxHxm, energies of the terms."""
    observables = evaluation.observe(model, state.m, amplitudes)
    return np.concatenate([[state.iteration], observables[:4], [state.torque], observables[5:]])


def table_of(rows: list[np.ndarray], energy_columns: Iterable[str]) -> pd.DataFrame:
    """Return rows of `row` as a table; `energy_columns` names the energies of the terms."""
    columns = ["iteration", "E", "mx", "my", "mz", "max_mxHxm", *energy_columns]
    return pd.DataFrame(np.stack(rows), columns=columns).astype({"iteration": int})
