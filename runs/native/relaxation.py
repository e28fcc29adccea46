"""Let a system come to rest by damping alone, in memory."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pandas as pd

from runs.native import integrate
from runs.native.abstract import to_device
from runs.native.damping import Damping
from runs.native.errors import IntegrationError
from runs.native.translate import initial_amplitudes, model_of, to_ubermag, translate

LOOSEST, TIGHTEST = 1e-4, 1e-12
"""Bounds of the error of a step in a component of m."""
SHORTEST, LONGEST = 10e-12, 1e-9
"""s; each stretch between two looks at dm/dt is twice as long as the one before, within these."""
ALPHA = 1.0


def relax(
    system: mm.System,
    *,
    stopping_dm_dt: float = 0.01,
    longest: float = 1e-6,
    progress: Callable[[float], Any] | None = None,
) -> tuple[np.ndarray, pd.DataFrame]:
    r"""Integrate damping without precession until m hardly moves; the system is not changed.

    .. math:: \frac{dm}{dt} = -\frac{\gamma_0 \alpha}{1 + \alpha^2} m \times (m \times H), \qquad \alpha = 1

    Parameters
    ----------
    system : micromagneticmodel.System
        With energy and m; its dynamics is not used. Fields that depend on time are as at t = 0.
    stopping_dm_dt : float
        Stop where max |dm/dt| is below this, in deg/ns.
    longest : float
        Simulated time in s after which to give up.
    progress : callable, optional
        Called with the simulated time in s after every stretch.

    Returns
    -------
    m : numpy.ndarray
        Unit vectors (nx, ny, nz, 3), NaN outside the magnet.
    table : pandas.DataFrame
        One row: `t` (s), `E` (J), `mx`, `my`, `mz` (means weighted with Ms), `max_dmdt` (deg/ns) and
        `evaluations`.

    Raises
    ------
    UnsupportedError
        The system holds something that this engine would have to ignore.
    ValueError
        `stopping_dm_dt` is not positive, or a parameter makes no sense.
    IntegrationError
        The integration stopped early or m still moves after `longest`; it holds the state.
    """
    if not stopping_dm_dt > 0:
        raise ValueError(f"relax: stopping_dm_dt must be positive, in deg/ns, got {stopping_dm_dt!r}")
    translation = translate(system, dynamics=False)
    grid = translation.discretisation
    damping = Damping(to_device(mm.consts.gamma0 * ALPHA / (1 + ALPHA**2)))
    model = model_of(grid, translation.model.terms, (damping,))
    with jax.enable_x64(True):
        m = jnp.asarray(grid.magnetisation)
        amplitudes = initial_amplitudes(translation.waveforms)
        tables = jnp.stack([amplitudes, amplitudes], axis=1)
        observables = np.asarray(integrate.observe(model, m, amplitudes))
        time, duration, step, evaluations = 0.0, SHORTEST, 0.0, 0
        while np.degrees(observables[4]) * 1e-9 >= stopping_dm_dt:
            if time >= longest:
                raise IntegrationError(
                    f"system {system.name!r}: max |dm/dt| = {np.degrees(observables[4]) * 1e-9:.4g} deg/ns "
                    f"after {time:.3g} s, asked for {stopping_dm_dt:g}; raise longest, loosen "
                    "stopping_dm_dt or use MinDriver",
                    time,
                    to_ubermag(m, grid),
                )
            rate = float(observables[4])
            step = step or integrate.first_step(rate, duration)
            # An error of this size moves the stiffest modes, whose time is a step, by less than m moves.
            tolerance = min(LOOSEST, max(TIGHTEST, rate * step / 30))
            stretch = integrate.advance(
                model, m, jnp.asarray(duration), jnp.asarray(step), tables, jnp.asarray(tolerance)
            )
            if not bool(stretch.success):
                raise integrate.failure(system.name, time, to_ubermag(m, grid))
            m, step, observables = stretch.m, float(stretch.step), np.asarray(stretch.observables)
            time, evaluations = time + duration, evaluations + int(stretch.evaluations)
            duration = min(2 * duration, LONGEST)
            if progress is not None:
                progress(time)
        result = to_ubermag(m, grid)
    return result, integrate.table(np.array([time]), observables[None], [evaluations])
