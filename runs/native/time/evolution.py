"""Drive a system through time, in memory."""

import collections
import math
from collections.abc import Callable, Sequence
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pandas as pd

from runs.native.columns import energy_columns
from runs.native.errors import IntegrationError
from runs.native.precision import Precision, rounded, working
from runs.native.terms.thermal import ThermalField
from runs.native.time import integrate, stochastic
from runs.native.time.continuation import beside_ends
from runs.native.time.moving_window import Followed, centred, lost, window_over
from runs.native.time.stochastic import (
    NOT_FINITE,
    is_checked,
    longest_heun_step,
    random_key,
    step_problem,
    steps_in,
)
from runs.native.time.timetable import check_times, longest_step, stretches, table_length
from runs.native.translate import initial_amplitudes, tabulate, to_ubermag, translate

TOLERANCE = 1e-6
"""Default for the largest error of a step in a component of m."""

Keep = Callable[[np.ndarray, pd.DataFrame], Any]
"""Takes a state (nx, ny, nz, 3) and its row of the table."""


def evolve(
    system: mm.System,
    times: Sequence[float] | np.ndarray,
    progress: Callable[[float], Any] | None = None,
    *,
    tolerance: float | None = None,
    fixed_subregions: Sequence[str] = (),
    stopping_dm_dt: float | None = None,
    thermal: ThermalField | None = None,
    precision: Precision = "double",
    keep: Keep | None = None,
    moving_window: Followed | None = None,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Integrate the system's equation of motion and return m at the given times; the system is not changed.

    Parameters
    ----------
    system : micromagneticmodel.System
        With energy, dynamics and m.
    times : sequence of float
        Times in s at which m is wanted, increasing from 0.
    progress : callable, optional
        Called with the simulated time in s after every stretch, at least once a time in `times`.
    tolerance : float, optional
        Largest error of a step in any component of m; 1e-6 if not given. Not with `thermal`.
    fixed_subregions : sequence of str
        Subregions of the mesh in which m is held.
    stopping_dm_dt : float, optional
        End at the first of the times at which max |dm/dt| is below this, in deg/ns.
    thermal : ThermalField, optional
        Thermal field that holds the system at a temperature; it sets equal steps. Needed where
        `system.T` is positive.
    precision : {"double", "single"}
        Single precision is faster on a GPU; m is then good to some 1e-5.
    keep : callable, optional
        Called with every state (nx, ny, nz, 3) and its row of the table as they come, so that a long run
        is on the disk as far as it is, and not in memory: only the last state is returned.
    moving_window : {"wall", "reversed"}, optional
        Texture that the mesh follows along x (`MovingWindow`): a wall between opposite domains, or all that is
        reversed between equal ones. After each step that leaves it a cell or more out of the middle the
        mesh moves by whole cells; those that enter get the moments of the column at their end. Everything
        in the system but m must be the same all along x. The neighbours of the cells at the ends are copies
        of them (`BesideEnds`); for the stray field of the track beyond, and for a minimum to start from,
        there is `outside_field`.

    Returns
    -------
    m : numpy.ndarray
        Unit vectors (nt, nx, ny, nz, 3), NaN outside the magnet; m[0] is the start. With `keep` nt is 1.
    table : pandas.DataFrame
        One row a time: `t` (s), `E` (J), `mx`, `my`, `mz` (means weighted with Ms), `max_dmdt` (deg/ns),
        `evaluations` (of dm/dt, since the start), and the energy of every term (J), `E_<name>`. At a jump
        of a waveform energies are those before it. With a moving window also `window_position` (m), how
        far it has moved along +x.

    Raises
    ------
    UnsupportedError
        The system holds something that this engine would have to ignore.
    ValueError
        Times that do not increase from 0, a parameter that makes no sense, or nothing to follow.
    RuntimeError
        `system.T` is positive, and there is no thermal field.
    IntegrationError
        The integration stopped early, a thermal field's step is too long, or what is followed comes to an
        end of the window; it holds the last good time and state.

    Examples
    --------
    >>> import discretisedfield as df
    >>> import micromagneticmodel as mm
    >>> import runs.native as nc
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(20e-9, 10e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9))
    >>> system = mm.System(name="film", m=df.Field(mesh, nvdim=3, value=(0.1, 1, 0), norm=8e5))
    >>> system.energy = mm.Exchange(A=1.3e-11) + mm.Demag()
    >>> system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=0.5)
    >>> m, table = nc.evolve(system, [0, 0.1e-9, 0.2e-9])
    >>> m.shape, list(table.columns)[:2]
    ((3, 4, 2, 1, 3), ['t', 'E'])
    """
    stops = check_times(times, "evolve")
    allowed = check_tolerance(tolerance, thermal, "evolve")
    if stopping_dm_dt is not None and not stopping_dm_dt > 0:
        raise ValueError(f"evolve: stopping_dm_dt must be positive, in deg/ns, got {stopping_dm_dt!r}")
    translation = translate(system, fixed_subregions=fixed_subregions, thermal=thermal)
    waveforms, grid = translation.waveforms, translation.discretisation
    pairs = list(stretches(stops, waveforms))
    pending = collections.deque(pairs)
    intervals = table_length(pairs, waveforms)
    wanted, columns = set(stops.tolist()), energy_columns(system)
    model = translation.model
    if moving_window is not None:
        model = eqx.tree_at(lambda tree: tree.terms, model, (*model.terms, *beside_ends(system, grid)))
    model = rounded(model, precision)
    with working(precision):
        m = jnp.asarray(grid.magnetisation)
        observables = np.asarray(integrate.observe(model, m, rounded(initial_amplitudes(waveforms), precision)))
        frames: list[np.ndarray] = []
        rows: list[np.ndarray] = []
        counts: list[int] = []
        window = None if moving_window is None else window_over(moving_window, grid)
        moved = 0
        places: list[float] = []

        def table_of(first: int) -> pd.DataFrame:
            given = np.stack(rows[first:]), counts[first:]
            table = integrate.table(stops[first : len(rows)], *given, columns)
            return table if window is None else table.assign(window_position=places[first:])

        def store(row: np.ndarray) -> None:
            frame = to_ubermag(m, grid)
            rows.append(row)
            counts.append(evaluations)
            places.append(moved * grid.cell[0])
            if keep is None:
                frames.append(frame)
                return
            frames[:] = [frame]
            keep(frame, table_of(len(rows) - 1))

        evaluations, step, left = 0, 0.0, 0
        store(observables)
        noise = rounded(translation.noise, precision)
        key = None if thermal is None else random_key(thermal)
        longest_heun = 0.0 if thermal is None else longest_heun_step(pairs, thermal)
        while pending:
            start, stop = pending.popleft()
            duration = stop - start
            tables: Any = tabulate(waveforms, start, stop, intervals)
            if thermal is None or noise is None or key is None:
                step = step or integrate.first_step(float(observables[4]), duration)
                # As NumPy's arrays, which cost no call of their own: frames are many.
                limits: Any = np.asarray([duration, step, longest_step(tables, duration), allowed])
                length, first, longest, error = limits
                stretch = integrate.advance(model, m, length, first, longest, tables, error, window)
                if not bool(stretch.success):
                    raise integrate.failure(system.name, start, to_ubermag(m, grid))
                m, step = stretch.m, float(stretch.step)
                evaluations += int(stretch.evaluations)
                reached = start + float(stretch.reached) if float(stretch.reached) < duration else stop
            else:
                # A stretch that a window has interrupted goes on in steps of the same length.
                steps, problem = left or steps_in(duration, thermal.time_step), ""
                if is_checked(thermal, first=evaluations == 0, kept=start in wanted):
                    problem = step_problem(model, noise, m, key, longest_heun, tables[:, 0])
                if not problem:
                    taken, number, heun = map(jnp.asarray, (evaluations // 2, steps, duration / steps))
                    one = jnp.asarray(1)
                    walked = stochastic.advance(model, noise, m, key, taken, number, heun, tables, one, window)
                    m, problem = (walked.m, "") if bool(walked.success) else (m, NOT_FINITE)
                if problem:
                    raise IntegrationError(f"system {system.name!r}: {problem}", start, to_ubermag(m, grid))
                evaluations += 2 * int(walked.taken)
                left = steps - int(walked.taken)
                reached = start + duration * int(walked.taken) / steps if left else stop
            if window is not None and reached < stop:
                m, cells, is_lost = centred(window, m)
                if bool(is_lost):
                    raise lost(system.name, reached, to_ubermag(m, grid))
                moved += int(cells)
                pending.appendleft((reached, stop))
                continue
            if stop in wanted:
                store(np.asarray(integrate.observe(model, m, tables[:, -1])))
            if progress is not None:
                progress(stop)
            if stopping_dm_dt is not None and stop in wanted and np.degrees(rows[-1][4]) * 1e-9 < stopping_dm_dt:
                break
    return np.stack(frames), table_of(0)


def check_tolerance(tolerance: float | None, thermal: Any, owner: str) -> float:
    """Return the largest error of a step in any component of m.

    A ValueError if it is not positive, or there is a thermal field, which has a step.
    """
    if tolerance is None:
        return TOLERANCE
    if thermal is not None:
        raise ValueError(f"{owner}: tolerance={tolerance!r} and a thermal field, which has a time_step; leave one out")
    if not (tolerance > 0 and math.isfinite(tolerance)):
        raise ValueError(f"{owner}: tolerance={tolerance!r} must be positive")
    return tolerance
