"""The least-squares problem behind a wall's fit: residuals, their derivatives, starts, descent."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import equinox as eqx
import jax
import jax.numpy as jnp
import lmfit
import numpy as np
import numpy.typing as npt
import scipy

from solitons.domain_walls.parameters import bounds_of
from solitons.domain_walls.pinning import PinningSum, SplinePinning
from solitons.domain_walls.simulation import integrate
from solitons.domain_walls.trajectory import Trajectory
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.drives.drive_steps import DriveSteps, drive_steps, stack_drives

__all__ = [
    "Problem",
    "descend",
    "pose",
    "scattered_starts",
    "start_values",
    "start_vectors",
    "visited",
    "with_landscape",
    "with_values",
]

Floats = npt.NDArray[np.float64]

# Positions are compared in nm, so that residuals are of order one.
NANOMETRE = 1e-9
# What is believed before the data, each worth one sample with an error of 1 nm: the width is known from the
# material to a tenth, and a landscape pushes with some 1e3 A/m. The data leave a direction open that these
# close: above breakdown a wider wall hardly differs from a smaller alpha - beta and smaller fields.
PRIOR_WIDTH = 0.1
PRIOR_PUSH = 1e3
# Steps of a start, in nm and in rad, for its slopes.
START_STEP = 1e-4
# Kinds of residuals.
POSITION, ANGLE, PRIOR = range(3)


@dataclass(frozen=True)
class Problem:
    """Residuals of a fit as functions of its free parameters.

    Where runs do not start from their first frames, also of the shifts of their starts, (runs, coordinates): of one
    wall q in nm and phi in rad.

    `residual` gives nm: positions, then angles, then priors. `jacobian` is (residuals, parameters), and `start_slopes`
    (residuals, coordinates) are derivatives by the shifts of the residuals' own runs. `under` takes another model as
    its first argument for what is held; `residual` has the template's. `run` is the run of each residual, -1 for
    priors; `sequence` its sequence in time order; `kind` one of POSITION, ANGLE, PRIOR; `angle_scale` the size in nm of
    1 rad. `runs` counts also those whose wall is gone after the first frame. A shift of phi does nothing in runs that
    start from the common `start_angle`.
    """

    residual: Callable[..., Floats]
    jacobian: Callable[..., Floats]
    start_slopes: Callable[..., Floats]
    under: Callable[..., Floats]
    runs: int
    run: npt.NDArray[np.intp]
    sequence: npt.NDArray[np.intp]
    kind: npt.NDArray[np.intp]
    angle_scale: float
    start_kinds: tuple[int, ...] = (POSITION, ANGLE)


def pose(
    runs: Sequence[Trajectory],
    template: WallDynamics,
    names: Sequence[str],
    angle_weight: float,
    max_step: float,
) -> Problem:
    """Set up the problem for training runs; call what it returns inside `jax.enable_x64(True)`.

    The `template`, from `with_landscape`, holds everything that is not free; `names` order the vector; weights and
    steps as in `fit_wall`.
    """
    drive = stack_drives([drive_steps(run.time, run.current_density, run.field, max_step=max_step) for run in runs])
    samples = max(run.time.size for run in runs)

    def padded(values: Floats | None) -> Floats:
        row = np.full(samples, np.nan)
        if values is not None:
            row[: values.size] = values
        return row

    position = np.stack([padded(run.position) for run in runs])
    angle = np.stack([padded(run.angle) for run in runs])
    present = np.isfinite(position)
    present[:, 0] = False  # the model starts there
    turned = present & np.isfinite(angle) & (angle_weight > 0)
    scale = angle_weight * float(template.width) / NANOMETRE
    believed = {name: (0.0, PRIOR_PUSH) for name in names if name.startswith("push_")}
    if "width" in names:
        believed["width"] = (float(template.width), PRIOR_WIDTH * float(template.width))
    prior = np.array([[name == other for other in names] for name in believed]).reshape(len(believed), len(names))
    middle, spread = np.array(list(believed.values())).reshape(-1, 2).T
    free, still = tuple(names), np.zeros((len(runs), 2))
    tilts = np.array([run.start_tilt for run in runs])

    def begins(shift: Floats) -> tuple[Floats, Floats, Floats]:
        return position[:, 0] + shift[:, 0] * NANOMETRE, angle[:, 0] + shift[:, 1], tilts

    def paths(vector: Floats, shift: Floats, wall: WallDynamics = template) -> tuple[Floats, Floats]:
        q, phi = (np.asarray(each) for each in _paths(vector, wall, free, drive, *begins(shift)))
        return q, phi

    def residual(vector: Floats, shift: Floats = still, wall: WallDynamics = template) -> Floats:
        q, phi = paths(vector, shift, wall)
        parts = [(q - position)[present] / NANOMETRE]
        parts += [scale * (trig(phi) - trig(angle))[turned] for trig in (np.cos, np.sin)]
        return np.concatenate([*parts, (prior @ vector - middle) / spread])

    def rows(phi: Floats, q_slope: Floats, phi_slope: Floats, of_prior: Floats) -> Floats:
        parts = [q_slope[present] / NANOMETRE]
        parts += [scale * (trig[..., None] * phi_slope)[turned] for trig in (-np.sin(phi), np.cos(phi))]
        derivatives: Floats = np.concatenate([*parts, of_prior])
        return derivatives

    def jacobian(vector: Floats, shift: Floats = still) -> Floats:
        slopes = _path_slopes(vector, template, free, drive, *begins(shift))
        q_slope, phi_slope = (np.asarray(each) for each in slopes)
        return rows(paths(vector, shift)[1], q_slope, phi_slope, prior / spread[:, None])

    def start_slopes(vector: Floats, shift: Floats = still) -> Floats:
        # Each run's path depends on its own start only. Differences need no derivative to be compiled.
        steps = START_STEP * np.eye(2)
        above, below = ([paths(vector, shift + side * step) for step in steps] for side in (1, -1))
        q_slope, phi_slope = np.moveaxis((np.array(above) - np.array(below)) / (2 * START_STEP), 0, -1)
        return rows(paths(vector, shift)[1], q_slope, phi_slope, np.zeros((len(believed), 2)))

    def under(wall: WallDynamics, vector: Floats, shift: Floats = still) -> Floats:
        # Priors and the angles' weight stay: they are believed, and no property of the wall.
        return residual(vector, shift, with_landscape(wall, runs, sum(name.startswith("push_") for name in names)))

    owner = np.broadcast_to(np.arange(len(runs))[:, None], present.shape)
    owners = [owner[present], owner[turned], owner[turned], np.full(len(believed), -1)]
    sizes = [each.size for each in owners]
    # The two parts of the angle are sequences of their own, and so is each prior.
    first = np.repeat(np.arange(3) * len(runs), sizes[:3])
    return Problem(
        residual=residual,
        jacobian=jacobian,
        start_slopes=start_slopes,
        under=under,
        runs=len(runs),
        run=np.concatenate(owners),
        sequence=np.concatenate([np.concatenate(owners[:3]) + first, 3 * len(runs) + np.arange(len(believed))]),
        kind=np.repeat([POSITION, ANGLE, ANGLE, PRIOR], sizes),
        angle_scale=scale,
    )


# Data are arguments, so that the next fit of as many runs, samples and steps compiles nothing.
def _follow(
    vector: Any, template: WallDynamics, names: tuple[str, ...], drive: DriveSteps, starts: Any, angles: Any, tilts: Any
) -> tuple[Any, Any]:
    values = dict(zip(names, vector, strict=True))
    if "start_angle" in values:
        angles = jnp.where(jnp.isfinite(angles), angles, values["start_angle"])
    dynamics = with_values(template, values)

    def one(drive: DriveSteps, start: Any, angle: Any, tilt: Any) -> tuple[Any, Any]:
        path = integrate(dynamics, drive, start, angle, tilt=tilt)
        return path.position, path.angle

    return tuple(jax.vmap(one)(drive, starts, angles, tilts))


_paths = eqx.filter_jit(_follow)
_path_slopes = eqx.filter_jit(jax.jacfwd(_follow))


class LeastSquares(Protocol):
    """Cost for a descent: residuals and their derivatives as functions of the free parameters."""

    @property
    def residual(self) -> Callable[..., Floats]: ...

    @property
    def jacobian(self) -> Callable[..., Floats]: ...


def descend(
    problem: LeastSquares,
    names: Sequence[str],
    vector: Floats,
    start: WallDynamics,
    *,
    max_nfev: int = 60,
    ftol: float = 1e-5,
) -> Floats:
    """Descend to the nearest minimum by lmfit's trust-region least squares.

    `start` sets the scale of every parameter; `ftol` is the relative change of the cost that ends the descent.
    """
    # Unknowns are scaled to order one: lmfit's finite bounds and tolerances then mean the same for all.
    scale = np.array([_typical(name, value, start) for name, value in zip(names, vector, strict=True)])
    parameters = lmfit.Parameters()
    for name, value, step in zip(names, vector / scale, scale, strict=True):
        low, high = bounds_of(name)
        # What is positive is bounded in its own scale.
        low, high = (1e-3, high) if low == 0 else (low / step, high / step)
        parameters.add(name.replace(".", "__"), value=value, min=low, max=high)

    def unscaled(values: lmfit.Parameters) -> Floats:
        unknowns: Floats = np.array([parameter.value for parameter in values.values()]) * scale
        return unknowns

    # lmfit's own errors, which nobody reads, do not exist where the residuals do not depend on a parameter.
    with np.errstate(divide="ignore", invalid="ignore"):
        result = lmfit.minimize(
            lambda values: problem.residual(unscaled(values)),
            parameters,
            method="least_squares",
            Dfun=lambda values: problem.jacobian(unscaled(values)) * scale,
            max_nfev=max_nfev,
            ftol=ftol,
            # A step that takes a wall out of what can be followed is tried again, shorter.
            nan_policy="propagate",
        )
    best: Floats = unscaled(result.params)
    return best


def with_landscape(start: WallDynamics, runs: Sequence[Trajectory], knots: int) -> WallDynamics:
    """Add a flat spline landscape over the positions that the runs visit, if knots are wanted."""
    if knots == 0:
        return start
    if knots < 2:
        raise ValueError(f"fit_wall: knots = {knots} must be 0 or at least 2")
    left, right = visited(runs)
    if not right > left:
        raise ValueError(
            f"fit_wall: knots = {knots}, but the walls of all training runs stay at {left} m, so that there "
            "is no landscape to see; set knots = 0 or train on runs that move the wall"
        )
    spline = SplinePinning(left, right, np.zeros(knots))
    return replace(start, pinning=PinningSum((start.pinning, spline)))


def with_values(template: WallDynamics, values: Mapping[str, Any]) -> WallDynamics:
    """Put values of the free parameters into a wall; they may be traced."""
    pushes = [value for name, value in values.items() if name.startswith("push_")]
    dynamics = template
    for name, value in values.items():
        if name == "start_angle" or name.startswith("push_"):
            continue
        held = value if isinstance(value, jax.Array) else np.asarray(value, dtype=np.float64)
        dynamics = eqx.tree_at(partial(_leaf, name=name, splined=bool(pushes)), dynamics, held)
    if pushes:
        stack = jnp.stack(pushes) if isinstance(pushes[0], jax.Array) else np.array(pushes)
        dynamics = eqx.tree_at(lambda wall: wall.pinning.parts[1].coefficients, dynamics, stack)
    return dynamics


def _leaf(wall: WallDynamics, name: str, splined: bool) -> Any:
    owner: Any = wall
    *path, last = name.split(".")
    for key in path:
        owner = getattr(owner, key)
        # With a spline, the landscape of the start is the first part of a sum.
        if splined and isinstance(owner, PinningSum) and owner is wall.pinning:
            owner = owner.parts[0]
    return getattr(owner, last)


def start_vectors(template: WallDynamics, names: Sequence[str]) -> list[Floats]:
    """Physically sensible starts: the grid of what material constants leave open."""
    # What material constants tell least: the in-plane anisotropy of a wall in a narrow stripe (its edges and
    # ends count), the width under that anisotropy, and how far beta alone sets the drift.
    choices: dict[str, tuple[float, ...]] = {
        "hard_axis_field": (0.03, 0.3, 1.0, -0.3),
        "width": (0.9, 1.0, 1.1),
        "beta": (0.7, 1.0, 1.3),
    }
    angles = np.linspace(-np.pi, np.pi, 8, endpoint=False)
    splined = any(name.startswith("push_") for name in names)
    grids: list[Sequence[float]] = []
    for name in names:
        if name == "start_angle":
            grids.append(list(angles))
        elif name.startswith("push_"):
            grids.append([0.0])
        else:
            value = float(_leaf(template, name, splined))
            # A start of 0 has no multiples: the same point is not scanned twice.
            grids.append(list(dict.fromkeys(value * factor for factor in choices.get(name, (1.0,)))))
    return [np.array(point) for point in itertools.product(*grids)]


def scattered_starts(start: WallDynamics, names: Sequence[str]) -> list[Floats]:
    """Starts all over what is plausible, for a cost with many minima: in a landscape a wall hops or it does not.

    Torques, beta and the DMI field lie within 0.6 to 1.4 times the material's values, the hard-axis field within 5
    times on both sides of 0, since little but its size is certain, and a start angle all around. They are points of a
    Sobol sequence, twice as many for each parameter more; no parameter belongs to a landscape.
    """
    if not names:
        return []
    values = start_values(start, names)
    around: dict[str, tuple[float, float]] = {"start_angle": (-np.pi, np.pi)}
    ranges = []
    for name, value in zip(names, values, strict=True):
        low, high = (-5.0, 5.0) if name == "hard_axis_field" else (0.6, 1.4)
        ranges.append(around.get(name, (low * value, high * value)))
    low, high = np.array(ranges).T
    points = scipy.stats.qmc.Sobol(len(names), seed=0).random_base2(4 + len(names))
    return list(low + points * (high - low))


def start_values(template: WallDynamics, names: Sequence[str]) -> Floats:
    """Values of parameters before a fit: the wall's, and 0 for what it does not have."""
    absent = ("start_angle", "push_")
    values: Floats = np.array(
        [0.0 if name.startswith(absent) else float(_leaf(template, name, False)) for name in names]
    )
    return values


def _typical(name: str, value: float, start: WallDynamics) -> float:
    # A push counts when it rivals what the drive does: about a per cent of the anisotropy field.
    if name.startswith("push_"):
        return 1e3
    if name == "start_angle":
        return 1.0
    known = float(getattr(start, name, value))
    return abs(known) or abs(value) or 1.0


def visited(runs: Sequence[Trajectory]) -> tuple[float, float]:
    """Leftmost and rightmost wall position of the runs in m."""
    positions = np.concatenate([run.position for run in runs])
    return float(np.nanmin(positions)), float(np.nanmax(positions))
