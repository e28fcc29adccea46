"""Let a system come to rest by damping alone, in memory."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import jax
import micromagneticmodel as mm
import numpy as np
import pandas as pd
from jax import Array

from runs.native import evaluation
from runs.native.columns import energy_columns
from runs.native.errors import IntegrationError
from runs.native.model import Model
from runs.native.rest import gradient_flow
from runs.native.rest.minimisation import MAX_ITERATIONS, rest
from runs.native.time import integrate
from runs.native.translate import initial_amplitudes, to_ubermag, translate

SHORTEST, LONGEST = 10e-12, 1e-9
"""s; each stretch between two looks at dm/dt is longer than the one before by `GROWTH`, within these."""
GROWTH = 1.5
LOOSEST = 3e-5
"""Largest error of a step in any component of m."""
ALPHA = 1.0
DEGREES_PER_NANOSECOND = math.radians(1.0) * 1e9
"""In rad/s."""
RATE = mm.consts.gamma0 * ALPHA / (1 + ALPHA**2)
"""Turn a second in rad for each A/m of field across m."""
STOPPING = 1e-6
"""deg/ns; default of `stopping_dm_dt`: a moment that feels 1e5 A/m is then at rest within 2e-9 rad."""
NEAR_REST = 10.0
"""deg/ns, where the damping hands over: it would take many steps more to bring the soft modes to rest. At 1000 deg/ns
the minimiser found another minimum than the damping in one of three states."""


def relax(
    system: mm.System,
    *,
    stopping_dm_dt: float | None = None,
    longest: float = 1e-6,
    fixed_subregions: Sequence[str] = (),
    progress: Callable[[float], Any] | None = None,
) -> tuple[np.ndarray, pd.DataFrame]:
    r"""Integrate damping without precession until m hardly moves; the system is not changed.

    .. math:: \frac{dm}{dt} = -\frac{\gamma_0 \alpha}{1 + \alpha^2} m \times (m \times H), \qquad \alpha = 1

    The steps have as many stages as stiff exchange asks for, see `gradient_flow`: muMAG problem 3 takes 900 to 3000
    evaluations of the field where classical Runge-Kutta steps took 4000 to 17000. The minima equal those of the
    classical steps, energies to 1e-15 and m to 1e-8, for: both states of problem 3, stripes with two walls and with
    a notch, a spin ice in a field that turns some of its islands, problem 4 with and without its field, and a square
    and a perpendicular film with DMI that start at random. Below 10 deg/ns, where the valley has been found, the
    minimiser goes the rest of the way.

    Parameters
    ----------
    system : micromagneticmodel.System
        With energy and m; its dynamics is not used. Fields that depend on time are as at t = 0.
    stopping_dm_dt : float, optional
        Stop where max |dm/dt| is below this, in deg/ns. If not given, 1e-6, which is 1.6e-4 A/m of torque, or
        what rounding leaves in strong fields; see `minimise`.
    longest : float
        Simulated time in s after which to give up.
    fixed_subregions : sequence of str
        Subregions of the mesh in which m is held.
    progress : callable, optional
        Called with the simulated time in s after every stretch, and while the minimiser is at work.

    Returns
    -------
    m : numpy.ndarray
        Unit vectors (nx, ny, nz, 3), NaN outside the magnet.
    table : pandas.DataFrame
        One row with the columns of `evolve`; `t` is the simulated time.

    Raises
    ------
    UnsupportedError
        The system holds something that this engine would have to ignore.
    ValueError
        `stopping_dm_dt` is not positive, a subregion is unknown, or a parameter makes no sense.
    IntegrationError
        The integration stopped early or m still moves after `longest`; it holds the state.
    MinimisationError
        The minimiser did not come to rest; it holds the state.

    Examples
    --------
    >>> import discretisedfield as df
    >>> import micromagneticmodel as mm
    >>> import runs.native as nc
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(20e-9, 10e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9))
    >>> system = mm.System(name="film", m=df.Field(mesh, nvdim=3, value=(0.1, 1, 0), norm=8e5))
    >>> system.energy = mm.Exchange(A=1.3e-11) + mm.Demag()
    >>> m, table = nc.relax(system)
    >>> bool(abs(m[..., 0]).min() > 0.9)  # along the long axis
    True
    """
    frames, table = path(
        system,
        stopping_dm_dt=stopping_dm_dt,
        longest=longest,
        fixed_subregions=fixed_subregions,
        progress=progress,
        every_stretch=False,
    )
    return frames[-1], table


def path(
    system: mm.System,
    *,
    stopping_dm_dt: float | None = None,
    longest: float = 1e-6,
    fixed_subregions: Sequence[str] = (),
    progress: Callable[[float], Any] | None = None,
    every_stretch: bool = True,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Do what `relax` does and return the states on the way.

    Gives unit vectors (stretches, nx, ny, nz, 3), NaN outside the magnet, and a row of `evolve`'s table for each.
    `every_stretch` is whether the state after every stretch of time is returned, or only the last.
    """
    if stopping_dm_dt is not None and not stopping_dm_dt > 0:
        raise ValueError(f"relax: stopping_dm_dt must be positive, in deg/ns, got {stopping_dm_dt!r}")
    translation = translate(system, dynamics=False, fixed_subregions=fixed_subregions)
    grid = translation.discretisation
    model = translation.model
    stopping = (STOPPING if stopping_dm_dt is None else stopping_dm_dt) * DEGREES_PER_NANOSECOND
    handover = max(stopping, NEAR_REST * DEGREES_PER_NANOSECOND)
    frames: list[np.ndarray] = []
    rows: list[np.ndarray] = []
    times: list[float] = []
    counts: list[int] = []

    def keep() -> None:
        frames.append(to_ubermag(m, grid))
        rows.append(observables)
        times.append(time)
        counts.append(evaluations)

    with jax.enable_x64(True):
        m = grid.magnetisation
        amplitudes = initial_amplitudes(translation.waveforms)
        observables = _observe(model, m, amplitudes)
        flow, time, duration, evaluations = gradient_flow.beginning(m), 0.0, SHORTEST, 0
        while (rate := float(observables[4])) >= handover:
            if time >= longest:
                raise IntegrationError(
                    f"system {system.name!r}: max |dm/dt| = {rate / DEGREES_PER_NANOSECOND:.4g} deg/ns "
                    f"after {time:.3g} s, asked for {stopping / DEGREES_PER_NANOSECOND:g}; raise longest, loosen "
                    "stopping_dm_dt or use MinDriver",
                    time,
                    to_ubermag(m, grid),
                )
            until = time + duration
            flow = gradient_flow.follow(
                model, flow, amplitudes, damping=RATE, until=until, slow=handover, loosest=LOOSEST
            )
            m = flow.m
            if not flow.possible or not np.all(np.isfinite(m)):
                raise integrate.failure(system.name, time, to_ubermag(m, grid))
            observables = _observe(model, m, amplitudes)
            time, evaluations = flow.time, flow.evaluations
            duration = min(GROWTH * duration, LONGEST)
            if every_stretch:
                keep()
            if progress is not None:
                progress(time)
        if rate >= stopping:
            state = rest(
                model,
                m,
                amplitudes,
                stopping_mxHxm=None if stopping_dm_dt is None else stopping / RATE,
                max_iterations=MAX_ITERATIONS,
                progress=None if progress is None else lambda _: progress(time),
                owner=f"system {system.name!r}",
                to_frame=lambda m: to_ubermag(m, grid),
                default=stopping / RATE,
                remedy=f"loosen stopping_dm_dt (1 deg/ns is {DEGREES_PER_NANOSECOND / RATE:.3g} A/m)",
            )
            m, evaluations = state.m, evaluations + state.iteration
            observables = _observe(model, m, amplitudes)
            keep()
        if not frames:
            keep()
    return np.stack(frames), integrate.table(np.array(times), np.stack(rows), counts, energy_columns(system))


def _observe(model: Model, m: np.ndarray, amplitudes: Array) -> np.ndarray:
    """Return what `integrate.observe` returns, by damping alone."""
    observables = evaluation.observe(model, m, amplitudes)
    observables[4] *= RATE
    return observables
