"""Fit the collective-coordinate model to the walls of micromagnetic runs.

The model is integrated for all training runs at once, its position (and angle,
where it was measured) is compared with theirs, and lmfit's least squares moves the
free parameters, with a Jacobian from JAX. A wall above breakdown remembers its
angle, so that the cost has many minima: the fit scans physically sensible starts,
and descends from the best few.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import lmfit
import numpy as np
import numpy.typing as npt
from scipy import stats

from solitons.drive import Drive, drive_steps, stack_drives
from solitons.pinning import PinningSum, SplinePinning
from solitons.provenance import FittedRange, Provenance
from solitons.simulation import integrate, simulate
from solitons.trajectory import Trajectory, pulses_of, rest_samples
from solitons.wall_dynamics import WallDynamics

__all__ = ["FittedParameter", "WallFit", "fit_wall", "levels"]

Floats = npt.NDArray[np.float64]

UNITS = {
    "alpha": "1",
    "width": "m",
    "hard_axis_field": "A/m",
    "gamma0": "m/(A s)",
    "beta": "1",
    "drift_per_current": "m3/(A s)",
    "damping_like_per_current": "m",
    "field_like_per_current": "m",
    "dmi_field": "A/m",
    "width_softening": "1",
    "start_angle": "rad",
}
# Positions are compared in nm, so that residuals are of order one.
NANOMETRE = 1e-9
# What is believed before the data, each worth one sample with an error of 1 nm: the width is known from the
# material to a tenth, and a landscape pushes with some 1e3 A/m. The data leave a direction open that these
# close: a wall above breakdown hardly tells a wider wall from a smaller alpha - beta and smaller fields.
PRIOR_WIDTH = 0.1
PRIOR_PUSH = 1e3


@dataclass(frozen=True)
class FittedParameter:
    """A parameter with its 95 % confidence interval.

    Parameters
    ----------
    name, unit : str
        As in `WallDynamics`; `push_k` is the k-th control value of the landscape.
    value : float
        Best value.
    low, high : float
        Ends of the 95 % confidence interval.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class WallFit:
    """A fitted wall, with what it gets wrong.

    Parameters
    ----------
    dynamics : WallDynamics
        The model with the best parameters, its provenance inside.
    parameters : tuple of FittedParameter
        The free parameters.
    covariance : array (parameters, parameters)
        Their covariance, in the order of `parameters`.
    start_angle : float
        phi in rad at the start of a run, used where a run has no measured angle.
    residuals : mapping of str to array
        Model minus measured position in m by run id, all runs; NaN where the wall
        was not there.
    training_error : float
        Mean absolute position error on the training runs in m.
    length : float
        Length of the stripe in m.
    """

    dynamics: WallDynamics
    parameters: tuple[FittedParameter, ...]
    covariance: Floats
    start_angle: float
    residuals: Mapping[str, Floats]
    training_error: float
    length: float

    @property
    def provenance(self) -> Provenance:
        """Ids of the runs, held-out errors and the fitted range."""
        assert self.dynamics.provenance is not None
        return self.dynamics.provenance

    @property
    def held_out_error(self) -> float:
        """Mean absolute position error on the held-out runs in m; NaN without any."""
        error = self.provenance.held_out_error
        return float("nan") if error is None else error

    @property
    def held_out_error_over_length(self) -> float:
        """`held_out_error` over the stripe's length."""
        return self.held_out_error / self.length

    def check_range(self, amplitude: float | None = None, width: float | None = None) -> bool:
        """Warn where a pulse is outside what was fitted; see `Provenance.check_range`."""
        return self.provenance.check_range(amplitude, width, stacklevel=3)

    def __getitem__(self, name: str) -> FittedParameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = ", ".join(parameter.name for parameter in self.parameters)
        raise KeyError(f"WallFit has no free parameter {name!r}; it has {names}")


def fit_wall(
    trajectories: Sequence[Trajectory],
    start: WallDynamics,
    *,
    held_out: Sequence[str] = (),
    free: Sequence[str] | None = None,
    knots: int = 4,
    angle_weight: float = 0.2,
    max_step: float = 1e-11,
    starts: int = 3,
) -> WallFit:
    """Fit a wall to trajectories, and predict the ones that were held out.

    Minimises the sum over runs and samples of

        (q_model - q)^2 + (angle_weight Delta)^2 |(cos, sin) phi_model - (cos, sin) phi|^2,

    and of two weak priors, each worth one sample with an error of 1 nm: the width
    is the start's to 10 %, a landscape's pushes are 0 to 1e3 A/m. Each run starts
    from its measured first position, and from its measured first
    angle or else from one common, fitted `start_angle`.

    Parameters
    ----------
    trajectories : sequence of Trajectory
        Training and held-out runs of one stripe.
    start : WallDynamics
        Start values and all that stays fixed; `wall_from_material` makes one.
    held_out : sequence of str
        Ids of the runs to predict rather than fit.
    free : sequence of str, optional
        Which parameters of the wall to fit, "pinning.strength" and the like too.
        By default `width`, `hard_axis_field` and those of `beta`,
        `drift_per_current`, `damping_like_per_current`, `dmi_field` that are not 0
        at the start.
    knots : int
        Control values of a spline landscape that is fitted besides, over the
        positions that the training walls visit; 0 for none.
    angle_weight : float
        Weight of the angle, in wall widths; 0 fits positions only.
    max_step : float
        Longest step of the integration in s.
    starts : int
        From how many of the scanned starts to descend.

    Returns
    -------
    WallFit

    Raises
    ------
    ValueError
        If nothing is left to train on, an id is unknown or twice there, a parameter
        is unknown, the stripes differ, or the polarities do.

    Notes
    -----
    A model's misfit is correlated from sample to sample, which would make intervals
    from independent errors far too narrow. The covariance s^2 (J^T J)^-1 is
    multiplied by the integrated autocorrelation time of the residuals (in samples,
    at least 1), and the degrees of freedom are divided by it.
    """
    trainees, tests = _split(trajectories, start, held_out)
    names = _free_names(start, free)
    measured_angle = all(run.angle is not None and np.isfinite(run.angle[0]) for run in trainees)
    if not measured_angle:
        names.append("start_angle")
    template = _with_landscape(start, trainees, knots)
    names += [f"push_{index}" for index in range(knots)]

    problem = _problem(trainees, template, names, angle_weight, max_step)
    scan = _start_vectors(template, names)
    with jax.enable_x64(True):
        costs = [float(np.sum(problem.residual(vector) ** 2)) for vector in scan]
        order = np.argsort(np.where(np.isfinite(costs), costs, np.inf))[: max(starts, 1)]
        results = [_descend(problem, names, scan[index], start) for index in order]
        best = min(results, key=lambda vector: float(np.sum(problem.residual(vector) ** 2)))
        covariance, quantile = _covariance(problem, best)

    dynamics = _set(template, dict(zip(names, best, strict=True)))
    start_angle = float(best[names.index("start_angle")]) if not measured_angle else _mean_angle(trainees)
    residuals = {
        run.run_id: _predict(dynamics, run, start_angle, max_step) - run.position
        for run in (*trainees, *tests)
    }
    provenance = Provenance(
        trained_on=tuple(run.run_id for run in trainees),
        held_out=tuple(run.run_id for run in tests),
        held_out_error=_mean_absolute([residuals[run.run_id][1:] for run in tests]) if tests else None,
        held_out_rms_at_rest=_rms_at_rest(residuals, tests) if tests else None,
        fitted_range=_fitted_range(trainees),
    )
    dynamics = replace(dynamics, provenance=provenance)
    errors = quantile * np.sqrt(np.maximum(np.diag(covariance), 0.0))
    parameters = tuple(
        FittedParameter(name, UNITS.get(name, "A/m" if name.startswith("push_") else "SI"), *map(float, row))
        for name, *row in zip(names, best, best - errors, best + errors, strict=True)
    )
    return WallFit(
        dynamics=dynamics,
        parameters=parameters,
        covariance=covariance,
        start_angle=start_angle,
        residuals=residuals,
        training_error=_mean_absolute([residuals[run.run_id][1:] for run in trainees]),
        length=trainees[0].length,
    )


def levels(fit: WallFit, window: float) -> int:
    """Conductance levels that stay apart by 3 sigma of what the model gets wrong.

    Conductance is linear in position over the read-out window, so that levels are
    counted in position: N = floor(window / (3 sigma)) + 1 level centres spaced by
    3 sigma from one edge of the window to the other. sigma is
    `held_out_rms_at_rest`: the root mean square error with which the model predicts,
    without feedback, where the wall of a held-out run rests after each pulse.

    Parameters
    ----------
    fit : WallFit
        With held-out runs.
    window : float
        Length of the read-out window in m.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If nothing was held out, or the window is not positive.
    """
    sigma = fit.provenance.held_out_rms_at_rest
    if sigma is None:
        raise ValueError("levels: the fit has no held-out runs, so its error is unknown; hold some out")
    if not window > 0:
        raise ValueError(f"levels: window = {window} m must be positive")
    return int(np.floor(window / (3 * sigma))) + 1


@dataclass(frozen=True)
class _Problem:
    residual: Callable[[Floats], Floats]
    jacobian: Callable[[Floats], Floats]
    # Which run each residual belongs to, in time order within a run: for its autocorrelation.
    run: npt.NDArray[np.intp]


def _problem(
    runs: Sequence[Trajectory], template: WallDynamics, names: Sequence[str], angle_weight: float, max_step: float
) -> _Problem:
    drive = stack_drives(
        [drive_steps(run.time, run.current_density, run.field, max_step=max_step) for run in runs]
    )
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

    def model(vector: Any, drive: Drive) -> Any:
        values = dict(zip(names, vector, strict=True))
        dynamics = _set(template, values)
        angles = jnp.asarray(angle[:, 0])
        if "start_angle" in values:
            angles = jnp.where(jnp.isfinite(angles), angles, values["start_angle"])
        path = jax.vmap(integrate, in_axes=(None, 0, 0, 0))(dynamics, drive, position[:, 0], angles)
        parts = [((path.position - position) / NANOMETRE)[present]]
        if turned.any():
            parts += [
                scale * (trig(path.angle) - trig(angle))[turned]  # type: ignore[operator]
                for trig in (jnp.cos, jnp.sin)
            ]
        priors = [values[name] / PRIOR_PUSH for name in names if name.startswith("push_")]
        if "width" in values:
            priors.append((values["width"] / template.width - 1) / PRIOR_WIDTH)
        return jnp.concatenate([*parts, jnp.asarray(priors)])

    residual = jax.jit(model)
    jacobian = jax.jit(jax.jacfwd(model))
    owner = np.broadcast_to(np.arange(len(runs))[:, None], present.shape)
    kinds = [owner[present]]
    if turned.any():
        kinds += [owner[turned] + len(runs), owner[turned] + 2 * len(runs)]
    priors = sum(name.startswith("push_") or name == "width" for name in names)
    # Each prior is a sequence of its own.
    kinds += [3 * len(runs) + np.arange(priors)]
    return _Problem(
        residual=lambda vector: np.asarray(residual(vector, drive)),
        jacobian=lambda vector: np.asarray(jacobian(vector, drive)),
        run=np.concatenate(kinds),
    )


def _descend(problem: _Problem, names: Sequence[str], vector: Floats, start: WallDynamics) -> Floats:
    # Unknowns are scaled to order one: lmfit's finite bounds and tolerances then mean the same for all.
    scale = np.array([_typical(name, value, start) for name, value in zip(names, vector, strict=True)])
    parameters = lmfit.Parameters()
    for name, value in zip(names, vector / scale, strict=True):
        low = 1e-3 if name in ("alpha", "width", "gamma0") else -np.inf
        parameters.add(name.replace(".", "__"), value=value, min=low)

    def unscaled(values: lmfit.Parameters) -> Floats:
        return np.array([parameter.value for parameter in values.values()]) * scale

    result = lmfit.minimize(
        lambda values: problem.residual(unscaled(values)),
        parameters,
        method="least_squares",
        Dfun=lambda values: problem.jacobian(unscaled(values)) * scale,
        max_nfev=60,
        ftol=1e-5,
        nan_policy="raise",
    )
    return unscaled(result.params)


def _covariance(problem: _Problem, vector: Floats) -> tuple[Floats, float]:
    residual, jacobian = problem.residual(vector), problem.jacobian(vector)
    norm = np.linalg.norm(jacobian, axis=0)
    norm = np.where(norm > 0, norm, 1.0)
    inverse = np.linalg.pinv((jacobian / norm).T @ (jacobian / norm), hermitian=True) / np.outer(norm, norm)
    time = _autocorrelation_time(residual, problem.run)
    freedom = max(residual.size / time - vector.size, 1.0)
    variance = float(residual @ residual) / max(residual.size - vector.size, 1)
    return inverse * variance * time, float(stats.t.ppf(0.975, freedom))


def _autocorrelation_time(residual: Floats, run: npt.NDArray[np.intp]) -> float:
    # 1 + 2 sum of the autocorrelation up to its first negative value, pooled over the runs.
    pieces = [residual[run == index] for index in np.unique(run)]
    longest = max(piece.size for piece in pieces)
    zero = sum(float(piece @ piece) for piece in pieces)
    time = 1.0
    for lag in range(1, longest):
        correlation = sum(float(piece[lag:] @ piece[:-lag]) for piece in pieces if piece.size > lag) / zero
        # Within the noise of an uncorrelated sequence it counts as none.
        if correlation < 2 / np.sqrt(residual.size):
            break
        time += 2 * correlation
    return time


def _split(
    trajectories: Sequence[Trajectory], start: WallDynamics, held_out: Sequence[str]
) -> tuple[list[Trajectory], list[Trajectory]]:
    ids = [run.run_id for run in trajectories]
    if len(set(ids)) != len(ids):
        raise ValueError("fit_wall: two trajectories have the same run_id; give each run once")
    if unknown := sorted(set(held_out) - set(ids)):
        raise ValueError(f"fit_wall: held_out names runs that are not there: {', '.join(unknown)}")
    trainees = [run for run in trajectories if run.run_id not in held_out]
    if not trainees:
        raise ValueError("fit_wall: no run is left to train on; hold fewer out or give more runs")
    if len({run.length for run in trajectories}) > 1:
        raise ValueError("fit_wall: the trajectories come from stripes of different length; fit each stripe")
    if any(run.polarity != float(start.polarity) for run in trajectories):
        raise ValueError(
            f"fit_wall: start has polarity {float(start.polarity):+.0f} and a trajectory has another; fit "
            "walls of one polarity, with a start of the same"
        )
    return trainees, [run for run in trajectories if run.run_id in held_out]


def _free_names(start: WallDynamics, free: Sequence[str] | None) -> list[str]:
    if free is None:
        optional = ("beta", "drift_per_current", "damping_like_per_current", "dmi_field")
        return [
            "width",
            "hard_axis_field",
            *(name for name in optional if float(getattr(start, name)) != 0),
        ]
    for name in free:
        try:
            value = np.asarray(reduce(getattr, name.split("."), start))
        except AttributeError:
            value = None
        if value is None or value.dtype != np.float64 or value.ndim:
            raise ValueError(
                f"fit_wall: free names {name!r}, which is no single number of the wall; choose among "
                f"{', '.join(name for name in UNITS if name != 'start_angle')} or 'pinning.<parameter>'"
            )
    return list(free)


def _with_landscape(start: WallDynamics, runs: Sequence[Trajectory], knots: int) -> WallDynamics:
    if knots == 0:
        return start
    if knots < 2:
        raise ValueError(f"fit_wall: knots = {knots} must be 0 or at least 2")
    left, right = _visited(runs)
    spline = SplinePinning(left, right, np.zeros(knots))
    return replace(start, pinning=PinningSum((start.pinning, spline)))


def _set(template: WallDynamics, values: Mapping[str, Any]) -> WallDynamics:
    pushes = [value for name, value in values.items() if name.startswith("push_")]
    # With a spline, the user's landscape is the first part of a sum.
    own = "pinning.parts.0." if pushes else "pinning."
    dynamics = template
    for name, value in values.items():
        if name == "start_angle" or name.startswith("push_"):
            continue
        path = (own + name.removeprefix("pinning.") if name.startswith("pinning.") else name).split(".")

        def leaf(wall: WallDynamics, path: Sequence[str] = path) -> Any:
            return reduce(lambda node, key: node[int(key)] if key.isdigit() else getattr(node, key), path, wall)

        held = value if isinstance(value, jax.Array) else np.asarray(value, dtype=np.float64)
        dynamics = eqx.tree_at(leaf, dynamics, held)
    if pushes:
        stack = jnp.stack(pushes) if isinstance(pushes[0], jax.Array) else np.array(pushes)
        dynamics = eqx.tree_at(lambda wall: wall.pinning.parts[1].coefficients, dynamics, stack)
    return dynamics


def _start_vectors(template: WallDynamics, names: Sequence[str]) -> list[Floats]:
    # What material constants tell least: the in-plane anisotropy of a wall in a narrow stripe (its edges and
    # ends count), the width under that anisotropy, and how far beta alone sets the drift.
    choices: dict[str, tuple[float, ...]] = {
        "hard_axis_field": (0.03, 0.3, 1.0, -0.3),
        "width": (0.9, 1.0, 1.1),
        "beta": (0.7, 1.0, 1.3),
    }
    angles = np.linspace(-np.pi, np.pi, 8, endpoint=False)
    grids: list[Sequence[float]] = []
    for name in names:
        if name == "start_angle":
            grids.append(list(angles))
        elif name.startswith("push_"):
            grids.append([0.0])
        else:
            path = name.split(".")
            if path[0] == "pinning" and isinstance(template.pinning, PinningSum):
                value = float(reduce(getattr, path[1:], template.pinning.parts[0]))
            else:
                value = float(reduce(getattr, path, template))
            grids.append([value * factor for factor in choices.get(name, (1.0,))])
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


def _predict(dynamics: WallDynamics, run: Trajectory, start_angle: float, max_step: float) -> Floats:
    angle = start_angle if run.angle is None or not np.isfinite(run.angle[0]) else float(run.angle[0])
    path = simulate(
        dynamics,
        run.time,
        run.current_density,
        run.field,
        position=float(run.position[0]),
        angle=angle,
        max_step=max_step,
    )
    return np.asarray(path.position)


def _mean_angle(runs: Sequence[Trajectory]) -> float:
    return float(np.angle(np.mean([np.exp(1j * run.angle[0]) for run in runs if run.angle is not None])))


def _mean_absolute(residuals: Sequence[Floats]) -> float:
    return float(np.nanmean(np.abs(np.concatenate(list(residuals)))))


def _rms_at_rest(residuals: Mapping[str, Floats], runs: Sequence[Trajectory]) -> float:
    errors = np.concatenate([residuals[run.run_id][rest_samples(run)] for run in runs])
    return float(np.sqrt(np.mean(errors**2)))


def _visited(runs: Sequence[Trajectory]) -> tuple[float, float]:
    positions = np.concatenate([run.position for run in runs])
    return float(np.nanmin(positions)), float(np.nanmax(positions))


def _fitted_range(runs: Sequence[Trajectory]) -> FittedRange:
    pulses = np.concatenate([pulses_of(run.current_density) for run in runs])
    peaks = pulses[:, 2] if len(pulses) else np.zeros(1)
    widths = pulses[:, 1] - pulses[:, 0] if len(pulses) else np.zeros(1)
    fields = [np.sqrt(sum(wave.peak**2 for wave in run.field)) for run in runs if run.field is not None]
    return FittedRange(
        amplitude=(float(peaks.min()), float(peaks.max())),
        width=(float(widths.min()), float(widths.max())),
        field=float(max(fields, default=0.0)),
        position=_visited(runs),
    )
