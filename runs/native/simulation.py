"""Drive a system through time, in memory."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pandas as pd

from runs.native import integrate
from runs.native.translate import initial_amplitudes, tabulate, to_ubermag, translate
from runs.native.waveform import Waveform

TOLERANCE = 1e-6
"""Default for the largest error of a step in a component of m."""
CLOSEST = 1e-18
"""s; a breakpoint this close to another stop is taken for the same."""


def simulate(
    system: mm.System,
    times: Sequence[float] | np.ndarray,
    progress: Callable[[float], Any] | None = None,
    *,
    tolerance: float = TOLERANCE,
    fixed_subregions: Sequence[str] = (),
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
    tolerance : float
        Largest error of a step in any component of m.
    fixed_subregions : sequence of str
        Subregions of the mesh in which m is held.

    Returns
    -------
    m : numpy.ndarray
        Unit vectors (nt, nx, ny, nz, 3), NaN outside the magnet; m[0] is the start.
    table : pandas.DataFrame
        One row a time: `t` (s), `E` (J), `mx`, `my`, `mz` (means weighted with Ms), `max_dmdt` (deg/ns),
        `evaluations` (of dm/dt, since the start). At a jump of a waveform E is the value before it.

    Raises
    ------
    UnsupportedError
        The system holds something that this engine would have to ignore.
    ValueError
        Times that do not increase from 0, or a parameter that makes no sense.
    IntegrationError
        The integration stopped early; it holds the last good time and state.
    """
    stops = _check_times(times)
    translation = translate(system, fixed_subregions=fixed_subregions)
    waveforms, grid = translation.waveforms, translation.discretisation
    edges = _edges(stops, waveforms)
    intervals = _intervals(edges, waveforms)
    wanted = set(stops.tolist())
    with jax.enable_x64(True):
        model = translation.model
        m = jnp.asarray(grid.magnetisation)
        observables = np.asarray(integrate.observe(model, m, initial_amplitudes(waveforms)))
        frames, rows, counts = [to_ubermag(m, grid)], [observables], [0]
        evaluations, step = 0, 0.0
        for start, stop in itertools.pairwise(edges):
            duration = float(stop - start)
            step = step or integrate.first_step(float(observables[4]), duration)
            tables = jnp.asarray(tabulate(waveforms, start, stop, intervals))
            stretch = integrate.advance(
                model, m, jnp.asarray(duration), jnp.asarray(step), tables, jnp.asarray(tolerance)
            )
            if not bool(stretch.success):
                raise integrate.failure(system.name, float(start), to_ubermag(m, grid))
            m, step = stretch.m, float(stretch.step)
            evaluations += int(stretch.evaluations)
            if stop in wanted:
                frames.append(to_ubermag(m, grid))
                rows.append(np.asarray(integrate.observe(model, m, tables[:, -1])))
                counts.append(evaluations)
            if progress is not None:
                progress(float(stop))
    return np.stack(frames), integrate.table(stops, np.stack(rows), counts)


def _check_times(times: Sequence[float] | np.ndarray) -> np.ndarray:
    stops = np.asarray(times, dtype=float)
    if stops.ndim != 1 or stops.size == 0 or stops[0] != 0 or not np.all(np.diff(stops) > 0):
        raise ValueError(f"simulate: times must increase from 0, got {times!r}")
    return stops


def _edges(stops: np.ndarray, waveforms: list[Waveform]) -> np.ndarray:
    """Return save times and, between them, the breakpoints that are not equal to one but for rounding."""
    edges = list(stops)
    for time in np.unique(np.concatenate([np.empty(0), *(waveform.breakpoints() for waveform in waveforms)])):
        if 0 < time < stops[-1] and min(abs(time - edge) for edge in edges) > CLOSEST:
            edges.append(time)
    return np.sort(edges)


def _intervals(edges: np.ndarray, waveforms: list[Waveform]) -> int:
    """Return the table length for every stretch; a power of two, so that few lengths are ever compiled."""
    pairs = list(itertools.pairwise(edges))
    needed = max((waveform.intervals(float(a), float(b)) for waveform in waveforms for a, b in pairs), default=1)
    return 1 << (needed - 1).bit_length()
