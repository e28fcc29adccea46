"""Fit Thiele's equation to skyrmions of micromagnetic runs.

The tensors come from the texture and say nearly all about a skyrmion that is free; what is fitted is the edges' force
and the current's torque. Dissipation and non-adiabaticity may be fitted too; together with a torque they trade places,
and predict no better than the texture's and the material's. The model is integrated for all training runs at once and
least squares moves the parameters, with a Jacobian from JAX. Where a run begins is fitted with them, since its first
sample is as noisy as others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from solitons.autocorrelation import autocorrelation_time
from solitons.drive_steps import DriveSteps, drive_steps, pulses_of, stack_drives
from solitons.leave_one_out import covariance_by_runs, inverse, scaled
from solitons.provenance import FittedRange, Provenance
from solitons.skyrmions.forces import EdgeForce, PairForce, part_of, with_part
from solitons.skyrmions.simulation import follow_skyrmions, integrate
from solitons.skyrmions.thiele import ThieleDynamics
from solitons.skyrmions.trajectory import SkyrmionTrajectory, grouped, position_errors

__all__ = ["FittedNumber", "ThieleFit", "fit_thiele", "follow_together"]

Floats = npt.NDArray[np.float64]

NANOMETRE = 1e-9
UNITS = {
    "dissipation": "1",
    "beta": "1",
    "drift_per_current": "m3/(A s)",
    "damping_like_per_current": "m",
    "edge_strength": "N",
    "edge_distance": "m",
    "edge_decay": "m",
    "pair_strength": "N",
    "pair_decay": "m",
}
# Parameters of a part of the force, and what they are there.
_PARTS: dict[str, tuple[type[EdgeForce] | type[PairForce], str]] = {
    "edge_strength": (EdgeForce, "strength"),
    "edge_distance": (EdgeForce, "distance"),
    "edge_decay": (EdgeForce, "decay"),
    "pair_strength": (PairForce, "strength"),
    "pair_decay": (PairForce, "decay"),
}
# Of the start's values: no constant of a material, and no tensor of a texture, is known as badly.
_BOUNDS = (0.02, 20.0)


@dataclass(frozen=True)
class FittedNumber:
    """A parameter with its 95 % confidence interval.

    Parameters
    ----------
    name, unit : str
        As of `ThieleDynamics`; `edge_strength`, `edge_distance` and `edge_decay` are those of its `EdgeForce`,
        `pair_strength` and `pair_decay` those of its `PairForce`.
    value : float
    low, high : float
        The wider of the next two.
    by_noise : (float, float)
        If the model is right and the residuals are noise, correlated in time.
    by_runs : (float, float) or None
        From how the value changes as each run is left out; None of a single run.
    start : float
        What the texture, the material and the velocities gave, from where the fit began.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    by_noise: tuple[float, float]
    by_runs: tuple[float, float] | None
    start: float


@dataclass(frozen=True, eq=False)
class ThieleFit:
    """A fitted skyrmion, with what it gets wrong.

    Parameters
    ----------
    dynamics : ThieleDynamics
        With the best parameters, its provenance inside.
    parameters : tuple of FittedNumber
    predicted : mapping of str to array (samples, skyrmions, 2)
        Positions in m by run id, from each run's measured first sample; `path_of` gives that of one trajectory.
    training_error, held_out_error : float
        Mean distance of predicted and measured positions in m; NaN without such runs. A skyrmion that the model has
        lost is as far off as the track is wide.
    width : float
        Of the track in m.
    converged : bool
        Whether least squares came to an end.
    at_bound : tuple of str
        Parameters that ran to the end of what they may be: the runs do not tell them.
    """

    dynamics: ThieleDynamics
    parameters: tuple[FittedNumber, ...]
    predicted: Mapping[str, Floats]
    training_error: float
    held_out_error: float
    width: float
    converged: bool = True
    at_bound: tuple[str, ...] = ()

    @property
    def provenance(self) -> Provenance:
        """Ids of the runs, held-out errors and the fitted range."""
        assert self.dynamics.provenance is not None
        return self.dynamics.provenance

    def path_of(self, run: SkyrmionTrajectory) -> Floats:
        """The model's path (samples, 2) in m of one of the trajectories."""
        path: Floats = self.predicted[run.run_id][: run.time.size, run.skyrmion]
        return path

    def __getitem__(self, name: str) -> FittedNumber:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(
            f"ThieleFit has no parameter {name!r}; it has {', '.join(each.name for each in self.parameters)}"
        )


def fit_thiele(
    runs: Sequence[SkyrmionTrajectory],
    start: ThieleDynamics,
    *,
    held_out: Sequence[str] = (),
    free: Sequence[str] | None = None,
    max_step: float = 1e-11,
) -> ThieleFit:
    """Fit a skyrmion's equation to trajectories, and predict those that were held out.

    Parameters
    ----------
    runs : sequence of SkyrmionTrajectory
        Of training and held-out runs of one track; those of one run are followed together.
    start : ThieleDynamics
        Start values, with an `EdgeForce` or a `PairForce` alone or in a `ForceSum`, and all that stays fixed.
    held_out : sequence of str
        Ids of the runs to predict rather than fit.
    free : sequence of str, optional
        What is fitted, of `UNITS`. By default what belongs to the forces that are there, and those of
        `damping_like_per_current` and `drift_per_current` that are not 0 at the start.
    max_step : float
        Longest step of the integration in s.

    Returns
    -------
    ThieleFit

    Raises
    ------
    ValueError
        If nothing is left to train on, an id is unknown, a trajectory is twice or not there, or a parameter is unknown,
        0 at the start, or that of a force that is not there.
    """
    groups = grouped(runs)
    for name, group in groups.items():
        if [run.skyrmion for run in group] != list(range(len(group))):
            numbers = ", ".join(str(run.skyrmion) for run in group)
            raise ValueError(
                f"fit_thiele: the trajectories with the same run_id {name!r} are of the skyrmions {numbers}; give "
                "every skyrmion of a run once"
            )
    if unknown := sorted(set(held_out) - set(groups)):
        raise ValueError(f"fit_thiele: held_out names runs that are not there: {', '.join(unknown)}")
    training = [
        group for name, group in groups.items() if name not in held_out and any(run.present[1:].any() for run in group)
    ]
    if not training:
        raise ValueError("fit_thiele: no run is left to train on; hold fewer out or give runs that keep their skyrmion")
    names = tuple(_free(start) if free is None else free)
    if strange := sorted(set(names) - set(UNITS)):
        raise ValueError(f"fit_thiele: free names {strange[0]!r}; choose among {', '.join(UNITS)}")
    for name in names:
        if name in _PARTS and part_of(start.force, _PARTS[name][0]) is None:
            raise ValueError(
                f"fit_thiele: free names {name!r}, and start.force has no {_PARTS[name][0].__name__}; give one, or "
                "leave it out"
            )
    start = replace(start, provenance=None)
    begin = _values(start, names)
    if not begin.all():
        raise ValueError(
            f"fit_thiele: {names[int(np.argmin(np.abs(begin)))]} is 0 at the start, from where a fit cannot scale it; "
            "give start another value, or leave it out of free"
        )
    problem = _Problem(training, start, names, begin, max_step)
    count = len(names)
    places = problem.starts.ravel() / NANOMETRE
    reach = np.full(places.size, np.inf)
    found = optimize.least_squares(
        problem.residual,
        np.concatenate([np.ones(count), places]),
        problem.jacobian,
        bounds=(np.r_[np.full(count, _BOUNDS[0]), -reach], np.r_[np.full(count, _BOUNDS[1]), reach]),
        x_scale="jac",
        max_nfev=1000,
    )
    by_noise, by_runs = _covariances(problem, found.x)
    best = found.x[:count]
    parameters = []
    for index, name in enumerate(names):
        spans = []
        for matrix, quantile in (by_noise, *([by_runs] if by_runs is not None else [])):
            half = quantile * float(np.sqrt(max(matrix[index, index], 0.0)))
            spans.append(tuple(sorted(float((best[index] + sign * half) * begin[index]) for sign in (-1, 1))))
        parameters.append(
            FittedNumber(
                name=name,
                unit=UNITS[name],
                value=float(best[index] * begin[index]),
                low=min(low for low, _ in spans),
                high=max(high for _, high in spans),
                by_noise=(spans[0][0], spans[0][1]),
                by_runs=(spans[1][0], spans[1][1]) if len(spans) > 1 else None,
                start=float(begin[index]),
            )
        )
    dynamics = with_values(start, names, best * begin)
    fit = _with_errors(dynamics, parameters, groups, training, set(held_out), max_step)
    low, high = _BOUNDS
    at_bound = tuple(name for name, share in zip(names, best, strict=True) if not 1.01 * low < share < 0.99 * high)
    return replace(fit, converged=found.status > 0, at_bound=at_bound)


def follow_together(dynamics: ThieleDynamics, group: Sequence[SkyrmionTrajectory], max_step: float = 1e-11) -> Floats:
    """Follow the skyrmions of one run from their measured first places, (samples, skyrmions, 2) in m."""
    first = group[0]
    places = np.stack([run.position[0] for run in group])
    return follow_skyrmions(dynamics, first.time, first.current_density, positions=places, max_step=max_step)


def with_values(template: ThieleDynamics, names: Sequence[str], values: Any) -> ThieleDynamics:
    """A skyrmion with some parameters replaced; of the dissipation the whole tensors are scaled."""
    for name, value in zip(names, values, strict=True):
        if name == "dissipation":
            share = value / template.dissipation[0, 0]
            template = replace(
                template,
                dissipation=share * template.dissipation,
                drift_dissipation=share * template.drift_dissipation,
            )
        elif name in _PARTS:
            kind, field = _PARTS[name]
            part = part_of(template.force, kind)
            assert part is not None
            template = replace(template, force=with_part(template.force, replace(part, **{field: value})))
        else:
            template = replace(template, **{name: value})
    return template


def _values(dynamics: ThieleDynamics, names: Sequence[str]) -> Floats:
    found = []
    for name in names:
        if name == "dissipation":
            found.append(float(dynamics.dissipation[0, 0]))
        elif name in _PARTS:
            kind, field = _PARTS[name]
            found.append(float(getattr(part_of(dynamics.force, kind), field)))
        else:
            found.append(float(getattr(dynamics, name)))
    return np.array(found)


def _free(start: ThieleDynamics) -> list[str]:
    drive = [name for name in ("damping_like_per_current", "drift_per_current") if float(getattr(start, name))]
    return [*drive, *(name for name, (kind, _) in _PARTS.items() if part_of(start.force, kind) is not None)]


class _Problem:
    """Residuals in nm of all training runs: of parameters over the start's, then the skyrmions' first places in nm.

    Runs with fewer skyrmions than another one have further ones that are not there.
    """

    def __init__(
        self,
        runs: Sequence[Sequence[SkyrmionTrajectory]],
        template: ThieleDynamics,
        names: tuple[str, ...],
        begin: Floats,
        max_step: float,
    ) -> None:
        samples, most = max(group[0].time.size for group in runs), max(len(group) for group in runs)
        self.names, self.template, self.begin = names, template, begin
        waves = [drive_steps(group[0].time, group[0].current_density, max_step=max_step) for group in runs]
        self.drive = stack_drives(waves)
        self.measured = np.full((len(runs), samples, most, 2), np.nan)
        self.starts = np.zeros((len(runs), most, 2))
        self.present = np.zeros((len(runs), most), dtype=bool)
        for index, group in enumerate(runs):
            for run in group:
                self.measured[index, : run.time.size, run.skyrmion] = run.position
                self.starts[index, run.skyrmion] = run.position[0]
                self.present[index, run.skyrmion] = True
        there = np.isfinite(self.measured)
        self.rows = np.flatnonzero(there)
        which = np.indices(self.measured.shape)
        self.run = which[0].ravel()[self.rows]
        self.sequence = (2 * (most * which[0] + which[2]) + which[3]).ravel()[self.rows]
        self.runs, self.most = len(runs), most
        self.fitted_starts = 2 * int(self.present.sum())

    def residual(self, vector: Floats) -> Floats:
        with jax.enable_x64(True):
            paths = np.asarray(_paths(self.template, self.drive, self.present, self.names, self.begin, vector))
        off = (paths - self.measured / NANOMETRE).ravel()[self.rows]
        # A trial whose skyrmion has run away is far off, not nowhere.
        return np.nan_to_num(np.clip(off, -1e4, 1e4), nan=1e4)

    def jacobian(self, vector: Floats) -> Floats:
        with jax.enable_x64(True):
            slopes = np.asarray(_slopes(self.template, self.drive, self.present, self.names, self.begin, vector))
        return np.nan_to_num(slopes.reshape(-1, vector.size)[self.rows])


def _nanometres(
    template: ThieleDynamics, drive: DriveSteps, present: Any, names: tuple[str, ...], begin: Any, vector: Any
) -> Any:
    count = len(names)
    dynamics = with_values(template, names, [vector[index] * begin[index] for index in range(count)])
    starts = jnp.reshape(vector[count:], (*present.shape, 2)) * NANOMETRE

    def follow(each: DriveSteps, places: Any, there: Any) -> Any:
        return integrate(dynamics, each, places, present=there)

    return jax.vmap(follow)(drive, starts, jnp.asarray(present)) / NANOMETRE


@eqx.filter_jit
def _paths(
    template: ThieleDynamics, drive: DriveSteps, present: Any, names: tuple[str, ...], begin: Any, vector: Any
) -> Any:
    return _nanometres(template, drive, present, names, begin, vector)


@eqx.filter_jit
def _slopes(
    template: ThieleDynamics, drive: DriveSteps, present: Any, names: tuple[str, ...], begin: Any, vector: Any
) -> Any:
    return jax.jacfwd(lambda each: _nanometres(template, drive, present, names, begin, each))(vector)


def _covariances(problem: _Problem, vector: Floats) -> tuple[tuple[Floats, float], tuple[Floats, float] | None]:
    """Two covariances of the parameters with their quantiles; see `solitons.walls.intervals`."""
    residual, jacobian = problem.residual(vector), problem.jacobian(vector)
    count = len(problem.names)
    slopes, left = jacobian[:, :count].copy(), residual.copy()
    for run in range(problem.runs):
        # What a run's own start explains tells nothing of the parameters.
        rows = problem.run == run
        first = count + 2 * problem.most * run
        there = np.repeat(problem.present[run], 2)
        own, _ = np.linalg.qr(jacobian[rows][:, first : first + 2 * problem.most][:, there])
        slopes[rows] -= own @ (own.T @ slopes[rows])
        left[rows] -= own @ (own.T @ left[rows])
    known, norm = scaled(slopes)
    inverted = inverse(known.T @ known) / np.outer(norm, norm)
    time = autocorrelation_time(left, problem.sequence)
    freedom = max(left.size / time - count - problem.fitted_starts, 1.0)
    variance = float(left @ left) / max(left.size - count - problem.fitted_starts, 1) * time
    by_noise = (variance * inverted, float(stats.t.ppf(0.975, freedom)))
    return by_noise, covariance_by_runs(slopes, slopes, left, problem.run)


def _with_errors(
    dynamics: ThieleDynamics,
    parameters: Sequence[FittedNumber],
    groups: Mapping[str, Sequence[SkyrmionTrajectory]],
    training: Sequence[Sequence[SkyrmionTrajectory]],
    held_out: set[str],
    max_step: float,
) -> ThieleFit:
    predicted = {name: follow_together(dynamics, group, max_step) for name, group in groups.items()}
    errors: dict[bool, list[Floats]] = {True: [], False: []}
    runs, trained = [run for group in groups.values() for run in group], [run for group in training for run in group]
    for run in runs:
        errors[run.run_id in held_out].append(position_errors(run, predicted[run.run_id][:, run.skyrmion])[1:])
    unseen, seen = (np.concatenate([np.empty(0), *errors[key]]) for key in (True, False))
    pulses = np.concatenate([pulses_of(run.current_density) for run in trained])
    x = np.concatenate([run.position[run.present, 0] for run in trained])
    provenance = Provenance(
        trained_on=tuple(group[0].run_id for group in training),
        held_out=tuple(name for name in groups if name in held_out),
        held_out_error=float(unseen.mean()) if unseen.size else None,
        fitted_range=FittedRange(
            amplitude=(float(np.abs(pulses[:, 2]).min()), float(np.abs(pulses[:, 2]).max())) if len(pulses) else (0, 0),
            width=(0.0, float(max(run.time[-1] - run.time[0] for run in trained))),
            position=(float(x.min()), float(x.max())),
        ),
    )
    return ThieleFit(
        dynamics=replace(dynamics, provenance=provenance),
        parameters=tuple(parameters),
        predicted=predicted,
        training_error=float(seen.mean()) if seen.size else float("nan"),
        held_out_error=float(unseen.mean()) if unseen.size else float("nan"),
        width=runs[0].width,
    )
