"""The least-squares problem behind a wall's fit: residuals, starts, descent, covariance."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import lmfit
import numpy as np
import numpy.typing as npt
from scipy import stats

from solitons.walls.drive import WallDrive, drive_steps, stack_drives
from solitons.walls.pinning import PinningSum, SplinePinning
from solitons.walls.simulation import integrate
from solitons.walls.trajectory import Trajectory
from solitons.walls.wall_dynamics import WallDynamics

__all__ = [
    "Problem",
    "covariance",
    "descend",
    "pose",
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
# close: a wall above breakdown hardly tells a wider wall from a smaller alpha - beta and smaller fields.
PRIOR_WIDTH = 0.1
PRIOR_PUSH = 1e3
# Kinds of residuals.
POSITION, ANGLE, PRIOR = range(3)


@dataclass(frozen=True)
class Problem:
    """Residuals of a fit as functions of its free parameters.

    Parameters
    ----------
    residual : callable
        Vector of parameters to residuals in nm: positions, then angles, then priors.
    jacobian : callable
        Vector of parameters to the derivatives, (residuals, parameters).
    run : int array (residuals,)
        Which sequence each residual belongs to, in time order within a sequence.
    kind : int array (residuals,)
        What each residual is: POSITION, ANGLE or PRIOR.
    """

    residual: Callable[[Floats], Floats]
    jacobian: Callable[[Floats], Floats]
    run: npt.NDArray[np.intp]
    kind: npt.NDArray[np.intp]


def pose(
    runs: Sequence[Trajectory],
    template: WallDynamics,
    names: Sequence[str],
    angle_weight: float,
    max_step: float,
) -> Problem:
    """Set up the problem for training runs; call what it returns inside `jax.enable_x64(True)`.

    Parameters
    ----------
    runs : sequence of Trajectory
        Training runs.
    template : WallDynamics
        Everything that is not free, from `with_landscape`.
    names : sequence of str
        Free parameters, in the order of the vector.
    angle_weight, max_step : float
        As for `solitons.walls.fit.fit_wall`.

    Returns
    -------
    Problem
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
    present[:, 0] = False  # the start is given
    turned = present & np.isfinite(angle) & (angle_weight > 0)
    scale = angle_weight * float(template.width) / NANOMETRE
    believed = {name: (0.0, PRIOR_PUSH) for name in names if name.startswith("push_")}
    if "width" in names:
        believed["width"] = (float(template.width), PRIOR_WIDTH * float(template.width))
    prior = np.array([[name == other for other in names] for name in believed]).reshape(-1, len(names))
    middle, spread = np.array(list(believed.values())).reshape(-1, 2).T
    free = tuple(names)

    def residual(vector: Floats) -> Floats:
        q, phi = (np.asarray(each) for each in _paths(vector, template, free, drive, position, angle))
        parts = [(q - position)[present] / NANOMETRE]
        parts += [scale * (trig(phi) - trig(angle))[turned] for trig in (np.cos, np.sin)]
        return np.concatenate([*parts, (prior @ vector - middle) / spread])

    def jacobian(vector: Floats) -> Floats:
        _, phi = (np.asarray(each) for each in _paths(vector, template, free, drive, position, angle))
        slopes = _path_slopes(vector, template, free, drive, position, angle)
        q_slope, phi_slope = (np.asarray(each) for each in slopes)
        parts = [q_slope[present] / NANOMETRE]
        parts += [scale * (trig[..., None] * phi_slope)[turned] for trig in (-np.sin(phi), np.cos(phi))]
        return np.concatenate([*parts, prior / spread[:, None]])

    owner = np.broadcast_to(np.arange(len(runs))[:, None], present.shape)
    # The two parts of the angle are sequences of their own, and so is each prior.
    sequences = [owner[present], owner[turned] + len(runs), owner[turned] + 2 * len(runs)]
    sequences += [3 * len(runs) + np.arange(len(believed))]
    sizes = [each.size for each in sequences]
    return Problem(
        residual=residual,
        jacobian=jacobian,
        run=np.concatenate(sequences),
        kind=np.repeat([POSITION, ANGLE, ANGLE, PRIOR], sizes),
    )


# Data are arguments, so that the next fit of as many runs, samples and steps compiles nothing.
def _follow(
    vector: Any, template: WallDynamics, names: tuple[str, ...], drive: WallDrive, position: Any, angle: Any
) -> tuple[Any, Any]:
    values = dict(zip(names, vector, strict=True))
    angles = jnp.asarray(angle)[:, 0]
    if "start_angle" in values:
        angles = jnp.where(jnp.isfinite(angles), angles, values["start_angle"])
    dynamics = with_values(template, values)
    starts = jnp.asarray(position)[:, 0]
    return tuple(jax.vmap(integrate, in_axes=(None, 0, 0, 0))(dynamics, drive, starts, angles))


_paths = eqx.filter_jit(_follow)
_path_slopes = eqx.filter_jit(jax.jacfwd(_follow))


def descend(problem: Problem, names: Sequence[str], vector: Floats, start: WallDynamics) -> Floats:
    """Descend from a start to the nearest minimum, by lmfit's trust-region least squares.

    Parameters
    ----------
    problem : Problem
        What to minimise.
    names : sequence of str
        Free parameters.
    vector : array (parameters,)
        Where to start.
    start : WallDynamics
        Sets the scale of every parameter.

    Returns
    -------
    array (parameters,)
        The best values found.
    """
    # Unknowns are scaled to order one: lmfit's finite bounds and tolerances then mean the same for all.
    scale = np.array([_typical(name, value, start) for name, value in zip(names, vector, strict=True)])
    parameters = lmfit.Parameters()
    for name, value in zip(names, vector / scale, strict=True):
        low = 1e-3 if name in ("alpha", "width", "gamma0") else -np.inf
        parameters.add(name.replace(".", "__"), value=value, min=low)

    def unscaled(values: lmfit.Parameters) -> Floats:
        unknowns: Floats = np.array([parameter.value for parameter in values.values()]) * scale
        return unknowns

    result = lmfit.minimize(
        lambda values: problem.residual(unscaled(values)),
        parameters,
        method="least_squares",
        Dfun=lambda values: problem.jacobian(unscaled(values)) * scale,
        max_nfev=60,
        ftol=1e-5,
        nan_policy="raise",
    )
    best: Floats = unscaled(result.params)
    return best


def covariance(problem: Problem, vector: Floats) -> tuple[Floats, float]:
    """Covariance at the minimum, for residuals that are correlated in time.

    Parameters
    ----------
    problem : Problem
        The problem.
    vector : array (parameters,)
        Its minimum.

    Returns
    -------
    covariance : array (parameters, parameters)
        H^-1 (sum over kinds s_k^2 tau_k J_k^T J_k) H^-1 with H = J^T J. The kinds are
        positions and angles, each with the variance s^2 and the integrated
        autocorrelation time tau of its own residuals, and the priors, which are
        believed as they are: s = tau = 1.
    quantile : float
        Student's t that makes a 95 % interval of a standard error, with the degrees
        of freedom of the positions.
    """
    residual, jacobian = problem.residual(vector), problem.jacobian(vector)
    norm = np.linalg.norm(jacobian, axis=0)
    norm = np.where(norm > 0, norm, 1.0)
    scaled = jacobian / norm
    inverse = np.linalg.pinv(scaled.T @ scaled, hermitian=True)
    spread = np.zeros_like(inverse)
    freedom = 1.0
    for kind in np.unique(problem.kind):
        chosen = problem.kind == kind
        part, errors = scaled[chosen], residual[chosen]
        variance = 1.0
        if kind != PRIOR:
            # The parameters take up residuals in proportion to what each kind tells about them.
            taken = float(np.trace(inverse @ part.T @ part))
            time = _autocorrelation_time(errors, problem.run[chosen])
            variance = float(errors @ errors) / max(errors.size - taken, 1.0) * time
            if kind == POSITION:
                freedom = max(errors.size / time - taken, 1.0)
        spread += variance * part.T @ part
    matrix = inverse @ spread @ inverse / np.outer(norm, norm)
    return matrix, float(stats.t.ppf(0.975, freedom))


def _autocorrelation_time(residual: Floats, run: npt.NDArray[np.intp]) -> float:
    # 1 + 2 sum of the autocorrelation up to its first negative value, pooled over the runs.
    pieces = [residual[run == index] for index in np.unique(run)]
    longest = max(piece.size for piece in pieces)
    zero = sum(float(piece @ piece) for piece in pieces)
    time = 1.0
    if zero == 0:
        return time
    for lag in range(1, longest):
        correlation = sum(float(piece[lag:] @ piece[:-lag]) for piece in pieces if piece.size > lag) / zero
        # Within the noise of an uncorrelated sequence it counts as none.
        if correlation < 2 / np.sqrt(residual.size):
            break
        time += 2 * correlation
    return time


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


def _typical(name: str, value: float, start: WallDynamics) -> float:
    # A push counts when it rivals what the drive does: about a per cent of the anisotropy field.
    if name.startswith("push_"):
        return 1e3
    if name == "width_softening":
        return 0.1
    if name == "start_angle":
        return 1.0
    known = float(getattr(start, name, value))
    return abs(known) or abs(value) or 1.0


def visited(runs: Sequence[Trajectory]) -> tuple[float, float]:
    """Leftmost and rightmost wall position of the runs in m."""
    positions = np.concatenate([run.position for run in runs])
    return float(np.nanmin(positions)), float(np.nanmax(positions))
