"""Simulate walls with steps of Runge and Kutta.

`integrate` is pure JAX, for use under `jit`, `vmap` and `jacfwd`, in the drive's steps. `follow_wall` and
`follow_walls` take NumPy arrays and return float64 NumPy arrays. Where they are given no step, they take those of 25 ps
and halve them where a wall needs it: where its slopes change within a step, and where it would move by more than its
width, over which a landscape changes.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.drives.drive_steps import DriveSteps, drive_steps, of_few_lengths, pulses_of, stack_drives
from solitons.numerics.runge_kutta import classical_step, step_and_difference

__all__ = [
    "WallPath",
    "follow_wall",
    "follow_walls",
    "integrate",
    "runge_kutta_step",
    "warn_outside",
]


LONGEST, MOST_PARTS = 25e-12, 1024
"""Step in s where none is given, and into how many parts it is cut at most. What turns within
`solitons.domain_walls.tilting.FASTEST` is stable in it."""
ALLOWED = 0.03
"""How far two slopes in a step may lead apart, in widths. 424 random walls then came within 2e-4 of the stripe's length
of where steps of 0.5 ps lead, within 7e-4 in fixed steps of 10 ps."""
LEAST_DAMPING = 0.005
"""A wall with less is followed as closely as with this."""


class WallPath(NamedTuple):
    """Path of a wall.

    q in m, phi in rad, not wrapped, and chi in rad, 0 throughout without `tilting`; (..., samples).
    """

    position: Any
    angle: Any
    tilt: Any


def runge_kutta_step(
    dynamics: WallDynamics,
    position: Any,
    angle: Any,
    step: Any,
    current_density: Any,
    field: Any,
    agitation: tuple[Any, Any, Any] | None = None,
    tilt: Any = 0.0,
) -> tuple[Any, Any, Any]:
    """One step of the classical fourth-order Runge-Kutta method: q in m, phi and chi in rad after it.

    `step` is in s; `current_density` (3, ...) in A/m2 and `field` (3, 3, ...) in A/m along x, y, z are at its start,
    middle and end. `agitation` is what heat adds in A/m, as in `WallDynamics.rates`, the same throughout the step.
    """
    # What is an array does not count for the compiled program, and a number of Python's would.
    numbers = (position, angle, tilt, step, current_density, field, agitation)
    after: tuple[Any, Any, Any] = _stepped(dynamics, *jax.tree.map(jnp.asarray, numbers))
    return after


@eqx.filter_jit
def _stepped(
    dynamics: WallDynamics, position: Any, angle: Any, tilt: Any, step: Any, driven: Any, applied: Any, agitation: Any
) -> Any:
    rates = _rates_under(dynamics, driven, applied, agitation)
    return classical_step(rates, tuple(jnp.broadcast_arrays(position, angle, tilt)), step)


def _rates_under(dynamics: WallDynamics, driven: Any, applied: Any, agitation: Any = None) -> Any:
    def rates(at: tuple[Any, ...], moment: Any) -> tuple[Any, ...]:
        return dynamics.rates(at[0], at[1], driven[moment], applied[moment], agitation, at[2])

    return rates


def integrate(
    dynamics: WallDynamics, drive: DriveSteps, position: Any, angle: Any, agitation: Any = None, tilt: Any = 0.0
) -> WallPath:
    """Follow one wall through a drive; pure, to be mapped, jitted or differentiated.

    Call it inside `jax.enable_x64(True)`: in float32 a wall in a stripe of 500 nm loses picometres at every step. q in
    m, phi and chi in rad at the start; `agitation`, three of (steps,), is what heat adds in every step in A/m. The path
    is at the drive's samples.
    """

    def advance(state: WallPath, now: tuple[Any, ...]) -> tuple[WallPath, WallPath]:
        step, current, applied, shaken = now
        turned = runge_kutta_step(dynamics, state.position, state.angle, step, current, applied, shaken, state.tilt)
        after = WallPath(*turned)
        return after, after

    # The start takes the type of the whole computation, so that the loop's state keeps its type.
    start = WallPath(*(jnp.asarray(each, dtype=float) for each in (position, angle, tilt)))
    steps = (*map(jnp.asarray, (drive.step, drive.current_density, drive.field)), agitation)
    _, path = jax.lax.scan(advance, start, steps)
    sample = jnp.asarray(drive.sample)
    return WallPath(*(jnp.concatenate([at[None], on])[sample] for at, on in zip(start, path, strict=True)))


@eqx.filter_jit
def _integrate_many(
    dynamics: WallDynamics, drive: DriveSteps, start: WallPath, allowed: Any, batched: tuple[bool, bool]
) -> WallPath:
    """Follow walls (devices,) through a drive, each of its steps in as many equal parts as all walls need.

    In a part `step_and_difference` may be `allowed` at most, in widths of the wall. `batched`: whether there are a wall
    and a drive for each device.
    """
    of_wall, of_drive = (0 if many else None for many in batched)

    def take(dynamics: WallDynamics, at: WallPath, now: Any, part: Any, parts: Any) -> tuple[WallPath, Any]:
        step, current, applied = now
        # A drive is a straight line within a step.
        share = (part + np.array([0.0, 0.5, 1.0])) / parts
        driven = current[0] + share * (current[2] - current[0])
        fields = applied[0] + share[:, None] * (applied[2] - applied[0])
        after, differ = step_and_difference(_rates_under(dynamics, driven, fields), tuple(at), step / parts)
        # An angle that is off moves a wall by width / alpha times that, until it has turned back.
        shifts = (differ[0] / dynamics.width, differ[1] / jnp.maximum(dynamics.alpha, LEAST_DAMPING), differ[2])
        # Slopes show neither what a wall jumps over nor a steady turn. Cubed, these fall with the step as they do.
        jump = ALLOWED * ((after[0] - at.position) / dynamics.width) ** 3
        turn = ALLOWED * (after[1] - at.angle) ** 3
        differ = functools.reduce(jnp.maximum, map(jnp.abs, (*shifts, jump, turn)))
        # A wall that no step follows is NaN, and then holds up no other.
        gone = jnp.isnan(at.position)
        lost = gone | (~(differ <= allowed) & (parts == MOST_PARTS))
        after = (jnp.where(lost, jnp.nan, each) for each in after)
        return WallPath(*after), jnp.where(lost, 0.0, jnp.where(jnp.isnan(differ), jnp.inf, differ))

    take_all = jax.vmap(take, in_axes=(of_wall, 0, of_drive, None, None))

    def advance(state: tuple[WallPath, Any], now: Any) -> tuple[tuple[WallPath, Any], WallPath]:
        before, parts = state

        def proceed(so_far: tuple[Any, ...]) -> tuple[Any, ...]:
            part, parts, at, worst = so_far
            after, differ = take_all(dynamics, at, now, part, parts)
            return part + 1, parts, after, jnp.maximum(worst, jnp.max(differ))

        def attempt(so_far: tuple[Any, ...]) -> tuple[Any, ...]:
            parts, *_ = so_far
            # Steps of no length pad a drive.
            begin = (jnp.where(jnp.max(now[0]) > 0, 0, parts), parts, before, 0.0)
            _, _, at, worst = jax.lax.while_loop(lambda to: (to[0] < to[1]) & (to[3] <= allowed), proceed, begin)
            return 2 * parts, at, worst

        twice, after, worst = jax.lax.while_loop(
            lambda tried: ~(tried[2] <= allowed), attempt, (parts, before, jnp.nan)
        )
        # In half as many parts slopes would differ eight times as much.
        parts = jnp.maximum(twice // jnp.where(worst < allowed / 16, 4, 2), 1)
        return (after, parts), after

    start = WallPath(*map(jnp.asarray, start))
    steps = tuple(map(jnp.asarray, (drive.step, drive.current_density, drive.field)))
    if batched[1]:
        steps = tuple(jnp.moveaxis(each, 1, 0) for each in steps)
    _, path = jax.lax.scan(advance, (start, jnp.asarray(1)), steps)
    sample = jnp.asarray(drive.sample)
    whole = (jnp.concatenate([first[None], on]) for first, on in zip(start, path, strict=True))
    # Most of a path is not wanted, so that its samples are taken before its axes are exchanged.
    return WallPath(*(jnp.take_along_axis(each, sample.T, 0).T if batched[1] else each[sample].T for each in whole))


def follow_wall(
    dynamics: WallDynamics,
    times: npt.ArrayLike,
    current_density: PiecewiseLinear | None = None,
    field: Sequence[PiecewiseLinear] | None = None,
    *,
    position: float,
    angle: float,
    tilt: float = 0.0,
    max_step: float | None = None,
) -> WallPath:
    """Follow one wall through a drive.

    Parameters
    ----------
    dynamics : WallDynamics
        The wall.
    times : array (samples,)
        Times in s at which it is wanted; `position` is at the first.
    current_density : PiecewiseLinear, optional
        J(t) in A/m2.
    field : three PiecewiseLinear, optional
        Hx(t), Hy(t), Hz(t) in A/m; Hy(t), Hz(t), Hx(t) of a head-to-head wall, which `dynamics` does not state.
    position, angle, tilt : float
        q in m, phi and chi in rad at the first time.
    max_step : float, optional
        Longest step in s; then all are as long as samples and breakpoints let them be. If left out: 25 ps, less where
        the wall needs it, and a wall that steps of 0.02 ps do not follow is NaN. Give it if the pinning changes within
        less than a quarter of the width.

    Returns
    -------
    WallPath
        float64 arrays (samples,).

    Warns
    -----
    OutsideFittedRange
        If the wall was fitted and the drive leaves the range of the fit.

    Examples
    --------
    A field below Walker breakdown moves the wall at gamma0 Delta H / alpha:

    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1)
    >>> field = [PiecewiseLinear((0.0,), (h,)) for h in (0.0, 0.0, 500.0)]
    >>> path = follow_wall(wall, [0.0, 40e-9, 41e-9], field=field, position=0.0, angle=1.57)
    >>> mobility = wall.gamma0 * wall.width / wall.alpha
    >>> print(f"{(path.position[2] - path.position[1]) / 1e-9:.3f} m/s, {mobility * 500:.3f} m/s")
    6.638 m/s, 6.638 m/s
    """
    if _devices_of("follow_wall", dynamics) is not None:
        raise ValueError("follow_wall: dynamics is a batch of walls; follow it with follow_walls")
    warn_outside(dynamics, times, [current_density], field)
    start = (np.array([each], dtype=np.float64) for each in (position, angle, tilt))
    path = _follow(dynamics, times, [current_density], field, WallPath(*start), max_step, (False, False))
    return WallPath(*(each[0] for each in path))


def follow_walls(
    dynamics: WallDynamics,
    times: npt.ArrayLike,
    current_density: PiecewiseLinear | Sequence[PiecewiseLinear] | None = None,
    field: Sequence[PiecewiseLinear] | None = None,
    *,
    position: npt.ArrayLike,
    angle: npt.ArrayLike,
    max_step: float | None = None,
) -> WallPath:
    """Follow many walls at once, by `jax.vmap`.

    Parameters
    ----------
    dynamics : WallDynamics
        One wall for all, or a batch: every parameter with a leading axis over the
        devices.
    times : array (samples,)
        Times in s, the same for all.
    current_density : PiecewiseLinear or sequence of PiecewiseLinear, optional
        J(t) in A/m2, one for all or one a device.
    field : three PiecewiseLinear, optional
        Applied field in A/m, the same for all.
    position, angle : array (devices,)
        q in m and phi in rad at the first time; one of them may be a single number.
    max_step : float, optional
        As for `follow_wall`. If left out, all walls take the steps of the one that needs the shortest; a wall alone
        then goes where it does here but for the error of its steps.

    Returns
    -------
    WallPath
        float64 arrays (devices, samples).

    Raises
    ------
    ValueError
        If the numbers of devices disagree, or only some parameters are a batch.

    Warns
    -----
    OutsideFittedRange
        If the walls were fitted and a drive leaves the range of the fit.

    Examples
    --------
    >>> from geometries import Material
    >>> from runs import PiecewiseLinear
    >>> from solitons.domain_walls import follow_walls, wall_from_material
    >>> film = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.1, P=0.6, beta=0.05)
    >>> wall = wall_from_material(film, polarity=1, thickness=1e-9, stripe_width=32e-9)
    >>> pulse = PiecewiseLinear((0.0, 0.5e-9), (-1e12, -1e12))
    >>> path = follow_walls(wall, [0, 0.5e-9], pulse, position=[80e-9], angle=[1.57])
    >>> bool(path.position[..., -1] > 90e-9)  # electrons push it along +x
    True
    """
    positions, angles = np.broadcast_arrays(
        np.atleast_1d(np.asarray(position, dtype=np.float64)), np.asarray(angle, dtype=np.float64)
    )
    devices = positions.shape[0]
    waves: list[PiecewiseLinear | None]
    if current_density is None or isinstance(current_density, PiecewiseLinear):
        one_drive, waves = True, [current_density]
    else:
        one_drive, waves = False, list(current_density)
    walls = _devices_of("follow_walls", dynamics)
    for name, length in (("current_density", None if one_drive else len(waves)), ("dynamics", walls)):
        if length not in (None, devices):
            raise ValueError(
                f"follow_walls: {name} is for {length} devices and position for {devices}; give one a device"
            )
    warn_outside(dynamics, times, waves, field)
    start = WallPath(positions, angles, np.zeros(devices))
    return _follow(dynamics, times, waves, field, start, max_step, (walls is not None, not one_drive))


def _follow(
    dynamics: WallDynamics,
    times: npt.ArrayLike,
    waves: Sequence[PiecewiseLinear | None],
    field: Sequence[PiecewiseLinear] | None,
    start: WallPath,
    max_step: float | None,
    batched: tuple[bool, bool],
) -> WallPath:
    longest, allowed = (LONGEST, ALLOWED) if max_step is None else (max_step, np.inf)
    drives = [drive_steps(times, wave, field, max_step=longest) for wave in waves]
    drive = stack_drives(drives) if batched[1] else of_few_lengths(drives[0])
    with jax.enable_x64(True):
        path = _integrate_many(dynamics, drive, start, np.float64(allowed), batched)
    return WallPath(*map(np.asarray, path))


def _devices_of(caller: str, dynamics: WallDynamics) -> int | None:
    # How many walls a batch holds; None for a single wall.
    shapes = {
        each.name: np.shape(getattr(dynamics, each.name))
        for each in dataclasses.fields(dynamics)
        if each.name not in ("breathing", "pinning", "provenance", "tilting")
    }
    if len(set(shapes.values())) > 1:
        said = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(
            f"{caller}: only some parameters of dynamics are a batch, their shapes are {said}; give all of "
            "them the same leading axis, as jax.vmap of a function that makes one wall does"
        )
    return next(iter(shapes["alpha"]), None)


def warn_outside(
    dynamics: WallDynamics,
    times: npt.ArrayLike,
    waves: Sequence[PiecewiseLinear | None],
    field: Sequence[PiecewiseLinear] | None,
) -> None:
    """Warn where a drive leaves the range on which a wall was fitted.

    `OutsideFittedRange` comes once for each end; the caller's caller is named. `waves` are current densities in A/m2,
    the rest is as for `follow_wall`.
    """
    if dynamics.provenance is None:
        return
    samples = np.asarray(times, dtype=np.float64)
    first, last = float(samples.min()), float(samples.max())
    pulses = np.concatenate([np.empty((0, 3)), *(pulses_of(wave) for wave in waves if wave is not None)])
    pulses = pulses[(pulses[:, 0] < last) & (pulses[:, 1] > first)]
    # A pulse that the simulation's ends cut off is not short.
    whole = pulses[(pulses[:, 0] >= first) & (pulses[:, 1] <= last)]
    # The extremes stand for all, so that a long train warns once.
    for amplitude in _extremes(pulses[:, 2]):
        dynamics.provenance.check_range(amplitude=amplitude, stacklevel=3)
    for width in _extremes(whole[:, 1] - whole[:, 0]):
        dynamics.provenance.check_range(width=width, stacklevel=3)
    if field is not None:
        strength = float(np.sqrt(sum(wave.peak**2 for wave in field)))
        dynamics.provenance.check_range(field=strength, stacklevel=3)


def _extremes(values: npt.NDArray[np.float64]) -> set[float]:
    return {float(values.min()), float(values.max())} if values.size else set()
