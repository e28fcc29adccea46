"""The least-squares problem behind a fit of two walls: their paths, and how these differ from what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.fit_problem import ANGLE, NANOMETRE, POSITION, START_STEP, Problem, with_values
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.domain_walls.wall_pair import CONTACT, PairInteraction, pair_slopes
from solitons.drives.drive_steps import DriveSteps, drive_steps, stack_drives
from solitons.numerics.runge_kutta import classical_step

__all__ = ["STRENGTH", "PairRun", "pair_paths", "pose_pair", "row_rates", "traced_interaction"]

Floats = npt.NDArray[np.float64]

_STEP = 1e-4  # of a parameter, for derivatives
STRENGTH = "strength"
"""Name of the factor on the energy of two walls (not of a wall and an end): 1 is what the material gives."""


@dataclass(frozen=True, eq=False)
class PairRun:
    """Two walls of one run.

    Parameters
    ----------
    run_id : str
        Id of the run they were measured in.
    time : array (samples,)
        Times in s, increasing; the first is the start.
    position, angle : array (2, samples)
        q in m and phi in rad, from left to right; NaN once the walls have met.
    current_density : PiecewiseLinear
        J(t) along +x in A/m2.
    field : three PiecewiseLinear, optional
        Applied field along x, y, z in A/m.

    Raises
    ------
    ValueError
        If shapes disagree, or a wall is not there at the start.

    Examples
    --------
    >>> time, still = np.array([0.0, 1e-9, 2e-9]), PiecewiseLinear((0.0,), (0.0,))
    >>> places = np.array([[140e-9, 150e-9, np.nan], [180e-9, 170e-9, np.nan]])
    >>> run = PairRun("0123456789abcdef", time, places, np.full((2, 3), np.pi / 2), still)
    >>> run.met, ((run.position[1] - run.position[0]) * 1e9).round().tolist()  # nm between them
    (True, [40.0, 20.0, nan])
    """

    run_id: str
    time: Floats
    position: Floats
    angle: Floats
    current_density: PiecewiseLinear
    field: tuple[PiecewiseLinear, PiecewiseLinear, PiecewiseLinear] | None = None

    def __post_init__(self) -> None:
        shape = (2, self.time.size)
        for name in ("position", "angle"):
            values = getattr(self, name)
            if values.shape != shape:
                raise ValueError(f"PairRun {self.run_id}: {name} has shape {values.shape}; give two walls, {shape}")
            if not np.isfinite(values[:, 0]).all():
                raise ValueError(f"PairRun {self.run_id}: {name} is not there at the first sample; start where it is")

    @property
    def met(self) -> bool:
        """Whether the walls are gone at the end."""
        return not bool(np.isfinite(self.position[:, -1]).all())


class _Table(eqx.Module):
    """A spline over even places, to be traced."""

    start: Any
    step: Any
    coefficients: Any

    def __call__(self, x: Any, derivative: int = 0) -> Any:
        s = x - self.start
        index = jnp.clip(jnp.floor(s / self.step).astype(int), 0, self.coefficients.shape[1] - 1)
        cubic, square, line, level = jnp.asarray(self.coefficients)[:, index]
        rest = s - index * self.step
        if derivative:
            return (3 * cubic * rest + 2 * square) * rest + line
        return ((cubic * rest + square) * rest + line) * rest + level


class _Tables(eqx.Module):
    tails: Any
    width: Any
    length: Any
    domains: _Table
    along: _Table
    across: _Table
    end: _Table


def traced_interaction(interaction: PairInteraction) -> _Tables:
    """The interaction with curves that JAX traces, for `pair_slopes`; call it inside `jax.enable_x64(True)`."""

    def table(spline: CubicSpline) -> _Table:
        return _Table(np.float64(spline.x[0]), np.float64(spline.x[1] - spline.x[0]), spline.c)

    return _Tables(
        tails=np.float64(interaction.tails),
        width=np.float64(interaction.width),
        length=np.float64(interaction.length),
        domains=table(interaction.domains),
        along=table(interaction.along),
        across=table(interaction.across),
        end=table(interaction.end),
    )


def row_rates(
    row: WallDynamics, pair: Any, strength: Any, state: tuple[Any, ...], current: Any, field: Any, heat: Any
) -> tuple[Any, ...]:
    """Rates of q, phi and tilt, each (..., walls), of walls that their next neighbours push; `row` has polarities.

    `strength` is a factor on each pair and not on the ends of the stripe, which a wall feels once for each neighbour:
    right for two walls only, or with the ends' curve at 0 (as in `wall_rows`).
    """
    places, angles, tilts = state
    between, turns = ((each[..., :-1], each[..., 1:]) for each in (places, angles))
    unpaired = [(0, 0)] * (places.ndim - 1)
    slope, torque = (
        jnp.pad(left, [*unpaired, (0, 1)]) + jnp.pad(right, [*unpaired, (1, 0)])
        for left, right in pair_slopes(pair, between, turns, strength, jnp)
    )
    pushed = (heat[0] - torque / pair.width, heat[1] + row.polarity * slope, heat[2])
    return tuple(row.rates(places, angles, current, field, pushed, tilts))


def _integrate(wall: WallDynamics, seen: _Tables, strength: Any, drive: DriveSteps, start: Any) -> tuple[Any, Any]:
    """States at the samples, (samples, 4), held where the walls touch; and whether they do, (samples,)."""
    gap, row = CONTACT * seen.width, replace(wall, polarity=wall.polarity * jnp.array([1.0, -1.0]))

    def advance(state: Any, now: tuple[Any, ...]) -> tuple[Any, Any]:
        step, current, field = now

        def rates(at: Any, moment: Any) -> Any:
            untilted = (at[:2], at[2:], 0.0)
            return jnp.concatenate(
                row_rates(row, seen, strength, untilted, current[moment], field[moment], (0.0, 0.0, 0.0))[:2]
            )

        apart = jnp.minimum(jnp.minimum(state[1] - state[0], state[0]), seen.length - state[1]) > gap
        after = jnp.where(apart, classical_step(rates, state, step), state)
        return after, (after, ~apart)

    start = jnp.asarray(start, dtype=float)
    steps = tuple(jnp.asarray(each) for each in (drive.step, drive.current_density, drive.field))
    _, (states, touched) = jax.lax.scan(advance, start, steps)
    sample = jnp.asarray(drive.sample)
    states = jnp.concatenate([start[None], states])[sample]
    return states, jnp.concatenate([jnp.zeros(1, bool), touched])[sample]


@eqx.filter_jit
def _follow(wall: WallDynamics, strength: Any, seen: _Tables, drives: DriveSteps, starts: Any) -> tuple[Any, Any]:
    found: tuple[Any, Any] = jax.vmap(lambda drive, start: _integrate(wall, seen, strength, drive, start))(
        drives, starts
    )
    return found


def _paths(
    vector: Floats, names: Sequence[str], wall: WallDynamics, seen: _Tables, drives: DriveSteps, starts: Floats
) -> tuple[Floats, Floats]:
    values = dict(zip(names, vector, strict=True))
    strength = np.float64(values.pop(STRENGTH, 1.0))
    states, touched = _follow(with_values(wall, values), strength, seen, drives, starts)
    return np.asarray(states), np.asarray(touched)


def pair_paths(
    runs: Sequence[PairRun],
    wall: WallDynamics,
    interaction: PairInteraction,
    names: Sequence[str],
    vector: Floats,
    max_step: float,
) -> tuple[list[Floats], list[bool]]:
    """Paths of the model's walls from the first samples of runs.

    `names` and `vector` are what differs from the left wall `wall`, and `STRENGTH`; the longest step is in s. Returns
    states (samples, 4), q_1, q_2 in m and phi_1, phi_2 in rad, held where the walls touch, and whether they touch each
    other or an end.
    """
    with jax.enable_x64(True):
        states, touched = _paths(vector, names, wall, traced_interaction(interaction), *_posed(runs, max_step))
    cut = [state[: run.time.size] for state, run in zip(states, runs, strict=True)]
    return cut, [bool(each.any()) for each in touched]


def _posed(runs: Sequence[PairRun], max_step: float) -> tuple[DriveSteps, Floats]:
    drives = stack_drives([drive_steps(run.time, run.current_density, run.field, max_step=max_step) for run in runs])
    return drives, np.stack([np.concatenate([run.position[:, 0], run.angle[:, 0]]) for run in runs])


def pose_pair(
    runs: Sequence[PairRun],
    wall: WallDynamics,
    interaction: PairInteraction,
    names: Sequence[str],
    angle_weight: float,
    max_step: float,
) -> Problem:
    """Set up the problem, with all runs fitted; call what it returns inside `jax.enable_x64(True)`.

    `angle_weight` is in wall widths, the longest step in s. Its starts are the first samples: q of both walls, then phi
    of both.
    """
    drives, starts = _posed(runs, max_step)
    samples = max(run.time.size for run in runs)
    measured = np.full((len(runs), samples, 4), np.nan)
    for index, run in enumerate(runs):
        measured[index, : run.time.size] = np.concatenate([run.position, run.angle]).T
    present = np.isfinite(measured).all(axis=-1, keepdims=True) & np.ones(4, bool)
    present[:, 0] = False
    place, turn = present[..., :2], present[..., 2:]
    q, phi = measured[..., :2], measured[..., 2:]
    scale = angle_weight * interaction.width / NANOMETRE
    # Differences need no derivative to be compiled.
    steps = _STEP * np.array([abs(float(getattr(wall, name, 1.0))) or 1.0 for name in names])
    tables, still = traced_interaction(interaction), np.zeros_like(starts)
    units = np.array([NANOMETRE, NANOMETRE, 1.0, 1.0])

    def under(model: tuple[WallDynamics, PairInteraction], vector: Floats, shift: Floats = still) -> Floats:
        states = _paths(vector, names, model[0], traced_interaction(model[1]), drives, starts + shift * units)[0]
        return compared(states)

    def residual(vector: Floats, shift: Floats = still) -> Floats:
        return compared(_paths(vector, names, wall, tables, drives, starts + shift * units)[0])

    def compared(states: Floats) -> Floats:
        parts = [((states[..., :2] - q) / NANOMETRE)[place]]
        parts += [scale * (trig(states[..., 2:]) - trig(phi))[turn] for trig in (np.cos, np.sin)]
        return np.concatenate(parts)[rows]

    def jacobian(vector: Floats, shift: Floats = still) -> Floats:
        moved = [step * row for step, row in zip(steps, np.eye(len(names)), strict=True)]
        columns = [(residual(vector + by, shift) - residual(vector - by, shift)) / (2 * by.sum()) for by in moved]
        return np.stack(columns, axis=-1)

    def start_slopes(vector: Floats, shift: Floats = still) -> Floats:
        # Each run's path depends on its own start only.
        moved = START_STEP * np.eye(still.shape[1])
        columns = [(residual(vector, shift + by) - residual(vector, shift - by)) / (2 * START_STEP) for by in moved]
        return np.stack(columns, axis=-1)

    # A wall of a run is a sequence: its samples stand together, in time order.
    owner = np.broadcast_to(np.arange(len(runs))[:, None, None], place.shape)
    path = 2 * owner + np.arange(2)
    kinds = ((POSITION, place), (ANGLE, turn), (ANGLE, turn))
    sequence = np.concatenate([path[mask] + 2 * len(runs) * part for part, (_, mask) in enumerate(kinds)])
    rows = np.argsort(sequence, kind="stable")
    owners = np.concatenate([owner[mask] for _, mask in kinds])[rows]
    kind = np.concatenate([np.full(int(mask.sum()), each) for each, mask in kinds])[rows]
    return Problem(
        residual=residual,
        jacobian=jacobian,
        start_slopes=start_slopes,
        under=under,
        runs=len(runs),
        run=owners,
        sequence=sequence[rows],
        kind=kind,
        angle_scale=scale,
        start_kinds=(POSITION, POSITION, ANGLE, ANGLE),
    )
