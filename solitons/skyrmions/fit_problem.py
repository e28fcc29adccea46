"""The least squares of a skyrmion's fit: its parameters by name, residuals of all training runs, and covariances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import scipy

from solitons.drives.drive_steps import DriveSteps, drive_steps, stack_drives
from solitons.fits.autocorrelation import autocorrelation_time
from solitons.fits.consider_parameters import Considered, held_shifts
from solitons.fits.leave_one_out import covariance_by_runs, inverse, scaled
from solitons.skyrmions.forces import EdgeForce, PairForce, part_of, with_part
from solitons.skyrmions.simulation import integrate
from solitons.skyrmions.thiele import ThieleDynamics
from solitons.skyrmions.trajectory import SkyrmionTrajectory

__all__ = [
    "NANOMETRE",
    "PARTS",
    "UNITS",
    "FitProblem",
    "covariances",
    "freed_by_default",
    "held_shifts_of",
    "values_of",
    "with_values",
]

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
PARTS: dict[str, tuple[type[EdgeForce] | type[PairForce], str]] = {
    "edge_strength": (EdgeForce, "strength"),
    "edge_distance": (EdgeForce, "distance"),
    "edge_decay": (EdgeForce, "decay"),
    "pair_strength": (PairForce, "strength"),
    "pair_decay": (PairForce, "decay"),
}


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
        elif name in PARTS:
            kind, field = PARTS[name]
            part = part_of(template.force, kind)
            assert part is not None
            template = replace(template, force=with_part(template.force, replace(part, **{field: value})))
        else:
            template = replace(template, **{name: value})
    return template


def values_of(dynamics: ThieleDynamics, names: Sequence[str]) -> Floats:
    """The values of some parameters of a skyrmion."""
    found = []
    for name in names:
        if name == "dissipation":
            found.append(float(dynamics.dissipation[0, 0]))
        elif name in PARTS:
            kind, field = PARTS[name]
            found.append(float(getattr(part_of(dynamics.force, kind), field)))
        else:
            found.append(float(getattr(dynamics, name)))
    return np.array(found)


def freed_by_default(start: ThieleDynamics) -> list[str]:
    """Default free parameters of a fit: parameters of the forces that are there, and torques that are not 0."""
    drive = [name for name in ("damping_like_per_current", "drift_per_current") if float(getattr(start, name))]
    return [*drive, *(name for name, (kind, _) in PARTS.items() if part_of(start.force, kind) is not None)]


class FitProblem:
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

    def residual(self, vector: Floats, held: ThieleDynamics | None = None) -> Floats:
        """Model less measurement in nm, of every coordinate that was measured; `held` may be another template."""
        with jax.enable_x64(True):
            paths = np.asarray(_paths(held or self.template, self.drive, self.present, self.names, self.begin, vector))
        off = (paths - self.measured / NANOMETRE).ravel()[self.rows]
        # A trial whose skyrmion has run away is far off, not nowhere.
        return np.nan_to_num(np.clip(off, -1e4, 1e4), nan=1e4)

    def jacobian(self, vector: Floats) -> Floats:
        """Slopes of the residual over the parameters and first places."""
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


def covariances(problem: FitProblem, vector: Floats) -> tuple[tuple[Floats, float], tuple[Floats, float] | None]:
    """Two covariances of the parameters with their quantiles; see `solitons.domain_walls.intervals`."""
    count = len(problem.names)
    slopes, left = _beside_starts(problem, vector)
    known, norm = scaled(slopes)
    inverted = inverse(known.T @ known) / np.outer(norm, norm)
    time = autocorrelation_time(left, problem.sequence)
    freedom = max(left.size / time - count - problem.fitted_starts, 1.0)
    variance = float(left @ left) / max(left.size - count - problem.fitted_starts, 1) * time
    by_noise = (variance * inverted, float(scipy.stats.t.ppf(0.975, freedom)))
    return by_noise, covariance_by_runs(slopes, slopes, left, problem.run)


def held_shifts_of(
    problem: FitProblem, vector: Floats, considered: Mapping[str, Considered[ThieleDynamics]]
) -> dict[str, Floats]:
    """Change of the parameters, over the start's, if a held constant is larger by its standard uncertainty."""
    slopes, _ = _beside_starts(problem, vector)
    return held_shifts(slopes, slopes, considered, partial(problem.residual, vector))


def _beside_starts(problem: FitProblem, vector: Floats) -> tuple[Floats, Floats]:
    """Slopes by the parameters, and residuals, without what first places explain."""
    residual, jacobian = problem.residual(vector), problem.jacobian(vector)
    count = len(problem.names)
    slopes, left = jacobian[:, :count].copy(), residual.copy()
    for run in range(problem.runs):
        # What a run's own start explains has no information on the parameters.
        rows = problem.run == run
        first = count + 2 * problem.most * run
        there = np.repeat(problem.present[run], 2)
        own, _ = np.linalg.qr(jacobian[rows][:, first : first + 2 * problem.most][:, there])
        slopes[rows] -= own @ (own.T @ slopes[rows])
        left[rows] -= own @ (own.T @ left[rows])
    return slopes, left
