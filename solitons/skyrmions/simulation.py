"""Follow skyrmions by Thiele's equation: one track or a thousand, cold or hot.

`integrate` is pure JAX, for use under `jit`, `vmap` and `jacfwd`. `follow_skyrmions` and `follow_tracks` take NumPy
and give float64 NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import constants

from runs.waveforms.waveform import PiecewiseLinear
from solitons.drives.drive_steps import DriveSteps, drive_steps, few_lengths, stack_drives
from solitons.numerics.runge_kutta import classical_step
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["agitation_size", "follow_skyrmions", "follow_tracks", "integrate", "runge_kutta_step", "velocities_at"]

Floats = npt.NDArray[np.float64]


def integrate(
    dynamics: ThieleDynamics, drive: DriveSteps, positions: Any, agitation: Any = None, present: Any = None
) -> Any:
    """Follow the skyrmions of one track through a drive; call it inside `jax.enable_x64(True)`.

    Fields do nothing. Centres at the start (skyrmions, 2) and at the samples (samples, skyrmions, 2) in m; `agitation`
    (steps, skyrmions, 2) is the force of heat in N, constant in each step. A skyrmion that is beyond an edge or an end
    of the track, or not `present`, pushes no other one.
    """
    start = jnp.asarray(positions, dtype=float)
    steps = (jnp.asarray(drive.step), jnp.asarray(drive.current_density))
    shaken = jnp.zeros((drive.step.shape[0], 1, 1)) if agitation is None else agitation
    first = jnp.ones(start.shape[0], dtype=bool) if present is None else jnp.asarray(present)

    def advance(state: tuple[Any, Any], now: tuple[Any, Any, Any]) -> tuple[tuple[Any, Any], Any]:
        (places, there), (step, current, force) = state, now
        after = runge_kutta_step(dynamics, places, step, current, force, there)
        return (after, there & dynamics.force.inside(after)), after

    _, path = jax.lax.scan(advance, (start, first), (*steps, shaken))
    return jnp.concatenate([start[None], path])[jnp.asarray(drive.sample)]


def runge_kutta_step(
    dynamics: ThieleDynamics,
    positions: Any,
    step: Any,
    current_density: Any,
    agitation: Any = 0.0,
    present: Any = None,
) -> Any:
    """One classical Runge-Kutta step of the skyrmions of one track, in JAX.

    Centres (skyrmions, 2) in m; `step` in s: 10 ps are short enough for 1 nm of motion in a step, a tenth of what
    forces decay over. J (3,) in A/m2 is at its start, middle and end; `agitation` (skyrmions, 2) is the force of heat
    in N, constant in the step; those `present` push others.
    """
    driven = jnp.asarray(current_density)

    def velocities(at: Any, moment: Any) -> Any:
        return dynamics.velocities(at, driven[moment], agitation, present)

    return classical_step(velocities, positions, step)


def agitation_size(dynamics: ThieleDynamics, temperature: Any, step: Any) -> Any:
    """Standard deviation in N of the force of heat that is constant in a step of some s, in each direction.

    It follows from the fluctuation-dissipation theorem, as the docstring of `solitons.skyrmions.thiele` has it.
    """
    damped = dynamics.alpha * dynamics.dissipation[0, 0] / dynamics.velocity_per_force
    return jnp.sqrt(2 * constants.k * temperature * damped / step)


def velocities_at(dynamics: ThieleDynamics, places: npt.ArrayLike, current_densities: npt.ArrayLike) -> Floats:
    """Velocity (n, 2) in m/s of a lone skyrmion of one track at places (n, 2) in m under current densities in A/m2."""
    where = np.asarray(places, dtype=np.float64)
    driven = np.broadcast_to(np.asarray(current_densities, dtype=np.float64), where.shape[:1])
    # Further places of no interest: what is compiled for one number of places serves no other one.
    more = few_lengths(len(where)) - len(where)
    where, driven = np.pad(where, [(0, more), (0, 0)]), np.pad(driven, (0, more))
    with jax.enable_x64(True):
        return np.asarray(_lone(dynamics, where, driven))[: len(where) - more]


def follow_skyrmions(
    dynamics: ThieleDynamics,
    times: npt.ArrayLike,
    current_density: PiecewiseLinear | None = None,
    *,
    positions: npt.ArrayLike,
    max_step: float = 1e-11,
) -> Floats:
    """Follow the skyrmions of one track.

    Parameters
    ----------
    dynamics : ThieleDynamics
        One track.
    times : array (samples,)
        Times in s at which they are wanted; `positions` are at the first.
    current_density : PiecewiseLinear, optional
        J(t) along +x in A/m2.
    positions : array (skyrmions, 2) or (2,)
        Centres in m at the first time.
    max_step : float
        Longest step in s.

    Returns
    -------
    array (samples, skyrmions, 2)
        In m; NaN from where one is out of the track: beyond the edges of an `EdgeForce`, or its `TrackEnds`.

    Warns
    -----
    OutsideFittedRange
        As `follow_tracks`.

    Examples
    --------
    >>> film = ThieleDynamics(-4 * np.pi, 16 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, drift_per_current=-1e-10)
    >>> path = follow_skyrmions(film, [0.0, 1e-9], PiecewiseLinear((0.0,), (1e12,)), positions=(0.0, 0.0))
    >>> (path[-1, 0] * 1e9).round(1).tolist()
    [-87.3, 33.3]
    """
    path: Floats = follow_tracks(dynamics, times, [current_density], positions=positions, max_step=max_step)[0]
    return path


def follow_tracks(
    dynamics: ThieleDynamics,
    times: npt.ArrayLike,
    current_densities: Sequence[PiecewiseLinear | None],
    *,
    positions: npt.ArrayLike,
    temperature: float = 0.0,
    seed: int = 0,
    max_step: float = 1e-11,
) -> Floats:
    """Follow skyrmions of many equal tracks at once, each with a current of its own.

    Parameters
    ----------
    dynamics : ThieleDynamics
        One track.
    times : array (samples,)
        In s.
    current_densities : sequence of PiecewiseLinear or None
        J(t) in A/m2, one a track.
    positions : array (tracks, skyrmions, 2), (skyrmions, 2) or (2,)
        Centres in m at the first time; the same in all tracks where there is no axis for them.
    temperature : float
        In K.
    seed : int
        Seed of the thermal noise, independent for each skyrmion of each track.
    max_step : float
        Longest step in s; with heat the noise is constant within one.

    Returns
    -------
    array (tracks, samples, skyrmions, 2)
        In m; NaN from where one is out of the track: beyond the edges of an `EdgeForce`, or its `TrackEnds`.

    Warns
    -----
    OutsideFittedRange
        If the equation was fitted and a current leaves the range of the fit.

    Raises
    ------
    ValueError
        If the temperature is below 0, or positions have another shape.

    Examples
    --------
    >>> import numpy as np
    >>> from solitons.skyrmions import ThieleDynamics, follow_tracks
    >>> from solitons.skyrmions.forces import NoForce
    >>> free = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, force=NoForce())
    >>> paths = follow_tracks(free, [0, 1e-9], [None] * 20, positions=(100e-9, 30e-9), temperature=300.0, seed=1)
    >>> paths.shape, bool(paths[:, -1, 0, 0].std() > 0)
    ((20, 2, 1, 2), True)
    """
    if not (np.isfinite(temperature) and temperature >= 0):
        raise ValueError(f"follow_tracks: temperature = {temperature} K must be 0 or above")
    tracks = len(current_densities)
    places = np.asarray(positions, dtype=np.float64)
    if places.ndim < 3:
        places = np.broadcast_to(places.reshape(-1, 2), (tracks, places.size // 2, 2))
    if not tracks or places.shape[0] != tracks or places.shape[2:] != (2,):
        raise ValueError(
            f"follow_tracks: positions has the shape {np.shape(positions)} for {tracks} tracks; give (tracks, "
            "skyrmions, 2) and a current for each track"
        )
    if dynamics.provenance is not None:
        peaks = {wave.peak for wave in current_densities if wave is not None}
        for peak in {min(peaks, default=0.0), max(peaks, default=0.0)}:
            dynamics.provenance.check_range(peak, stacklevel=2)
    # Tracks that differ by their noise alone have one drive, which is cut into steps once.
    steps = {wave: drive_steps(times, wave, max_step=max_step) for wave in set(current_densities)}
    drive = stack_drives([steps[wave] for wave in current_densities])
    with jax.enable_x64(True):
        # Without heat none is looked at.
        keys = jax.random.split(jax.random.key(seed), tracks) if temperature > 0 else np.zeros(tracks)
        path = np.asarray(_many(dynamics, drive, places, np.float64(temperature), keys, temperature > 0))
    return without_gone(dynamics, path)


def without_gone(dynamics: ThieleDynamics, path: Floats) -> Floats:
    """A path (..., samples, skyrmions, 2) with NaN from where a skyrmion is out of the track."""
    out = np.logical_or.accumulate(~np.asarray(dynamics.force.inside(path)), axis=-2)
    return np.where(out[..., None], np.nan, path)


@eqx.filter_jit
def _lone(dynamics: ThieleDynamics, places: Any, currents: Any) -> Any:
    return jax.vmap(lambda place, current: dynamics.velocities(place[None], current)[0])(places, currents)


@eqx.filter_jit
def _many(dynamics: ThieleDynamics, drive: DriveSteps, positions: Any, temperature: Any, keys: Any, hot: bool) -> Any:
    def one(drive: DriveSteps, positions: Any, key: Any) -> Any:
        if not hot:
            return integrate(dynamics, drive, positions)
        steps = jnp.asarray(drive.step)
        # Steps of no length pad a batch, and must not divide by 0.
        size = agitation_size(dynamics, temperature, jnp.where(steps > 0, steps, jnp.inf))
        noise = jax.random.normal(key, (steps.shape[0], *positions.shape), dtype=float)
        return integrate(dynamics, drive, positions, size[:, None, None] * noise)

    return jax.vmap(one)(drive, jnp.asarray(positions), keys)
