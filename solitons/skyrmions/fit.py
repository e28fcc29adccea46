"""Fit Thiele's equation to skyrmions of micromagnetic runs.

The tensors come from the texture and determine nearly all of a skyrmion that is free; what is fitted is the edges'
force and the current's torque. Dissipation and non-adiabaticity may be fitted too; together with a torque they trade
places, and predict no better than the texture's and the material's. The model is integrated for all training runs at
once and least squares moves the parameters, with a Jacobian from JAX. Where a run begins is fitted with them, since its
first sample is as noisy as others. Intervals count what is held where its uncertainty is stated (`fit_thiele`,
`considered`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import scipy

from solitons.fits.consider_parameters import Considered
from solitons.fits.fitted_parameter import FittedParameter, HasParameters, fitted_parameters
from solitons.fits.provenance import FittedRange, Provenance

if TYPE_CHECKING:
    from solitons.skyrmions.thiele import ThieleDynamics
    from solitons.skyrmions.trajectory import SkyrmionTrajectory

__all__ = ["ThieleFit", "fit_thiele", "follow_together"]

Floats = npt.NDArray[np.float64]

# Bounds over the start's values: constants of materials and tensors of textures are known better.
_BOUNDS = (0.02, 20.0)


@dataclass(frozen=True, eq=False)
class ThieleFit(HasParameters):
    """A fitted skyrmion, with what it gets wrong.

    `dynamics` has the best parameters and the provenance. `predicted` are positions (samples, skyrmions, 2) in m by run
    id, from each run's measured first sample; `path_of` gives one trajectory's. Errors are mean distances of predicted
    and measured positions in m, NaN without such runs; a skyrmion that the model has lost is as far off as the track is
    wide (`width`, m). Parameters `at_bound` ran to the end of what they may be: the runs do not determine them.
    """

    dynamics: ThieleDynamics
    parameters: tuple[FittedParameter, ...]
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


def fit_thiele(
    runs: Sequence[SkyrmionTrajectory],
    start: ThieleDynamics,
    *,
    held_out: Sequence[str] = (),
    free: Sequence[str] | None = None,
    max_step: float = 1e-11,
    considered: Mapping[str, Considered[ThieleDynamics]] | None = None,
) -> ThieleFit:
    """Fit a skyrmion's equation to trajectories, and predict those that were held out.

    Parameters
    ----------
    runs : sequence of SkyrmionTrajectory
        Training and held-out runs of one track; skyrmions of one run are followed together.
    start : ThieleDynamics
        Start values, with an `EdgeForce` or a `PairForce` alone or in a `ForceSum`, and all that stays fixed.
    held_out : sequence of str
        Ids of the runs to predict rather than fit.
    free : sequence of str, optional
        Parameters to fit, from `UNITS`. By default the parameters of the forces that are there, and any of
        `damping_like_per_current` and `drift_per_current` that are not 0 at the start.
    max_step : float
        Longest step of the integration in s.
    considered : mapping of str to Considered, optional
        The start with a constant smaller and larger by its standard uncertainty, for each that is not known exactly
        (`solitons.consider`): what is held at its value moves what is fitted. Tensors, the material's constants and a
        landscape are taken as exact if left out; campaigns leave it out, since there the engine has them.

    Returns
    -------
    ThieleFit

    Raises
    ------
    ValueError
        If nothing is left to train on, an id is unknown, a trajectory is twice or not there, or a parameter is unknown,
        0 at the start, or belongs to a force that is not there.

    Examples
    --------
    The strength of an edge's force, from two runs that were made with 3.6 pN; a third is predicted:

    >>> from runs import PiecewiseLinear
    >>> from solitons.skyrmions import EdgeForce, ThieleDynamics, follow_skyrmions
    >>> from solitons.skyrmions.trajectory import SkyrmionTrajectory
    >>> edges = EdgeForce(low=0.0, high=60e-9, strength=3.6e-12, distance=14e-9, decay=8e-9)
    >>> film = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, force=edges)
    >>> times, still, runs = np.linspace(0, 0.5e-9, 6), PiecewiseLinear((0.0,), (0.0,)), []
    >>> for name, y in (("near", 11e-9), ("between", 13e-9), ("far", 15e-9)):
    ...     path = follow_skyrmions(film, times, still, positions=[[100e-9, y]])[:, 0]
    ...     runs.append(SkyrmionTrajectory(name, times, path, still, edges=(0.0, 60e-9)))
    >>> guess = replace(film, force=replace(edges, strength=3e-12))
    >>> fit = fit_thiele(runs, guess, held_out=["between"], free=["edge_strength"])
    >>> f"{fit['edge_strength'].value * 1e12:.2f} pN", fit.held_out_error < 1e-12
    ('3.60 pN', True)
    """
    # They bring JAX, for which who imports the name need not wait.
    from solitons.skyrmions.fit_problem import (
        NANOMETRE,
        PARTS,
        UNITS,
        FitProblem,
        covariances,
        freed_by_default,
        held_shifts_of,
        values_of,
        with_values,
    )
    from solitons.skyrmions.forces import part_of
    from solitons.skyrmions.trajectory import grouped

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
    names = tuple(freed_by_default(start) if free is None else free)
    if strange := sorted(set(names) - set(UNITS)):
        raise ValueError(f"fit_thiele: free names {strange[0]!r}; choose among {', '.join(UNITS)}")
    for name in names:
        if name in PARTS and part_of(start.force, PARTS[name][0]) is None:
            raise ValueError(
                f"fit_thiele: free names {name!r}, and start.force has no {PARTS[name][0].__name__}; give one, or "
                "leave it out"
            )
    start = replace(start, provenance=None)
    begin = values_of(start, names)
    if not begin.all():
        raise ValueError(
            f"fit_thiele: {names[int(np.argmin(np.abs(begin)))]} is 0 at the start, from where a fit cannot scale it; "
            "give start another value, or leave it out of free"
        )
    problem = FitProblem(training, start, names, begin, max_step)
    count = len(names)
    places = problem.starts.ravel() / NANOMETRE
    reach = np.full(places.size, np.inf)
    found = scipy.optimize.least_squares(
        problem.residual,
        np.concatenate([np.ones(count), places]),
        problem.jacobian,
        bounds=(np.r_[np.full(count, _BOUNDS[0]), -reach], np.r_[np.full(count, _BOUNDS[1]), reach]),
        x_scale="jac",
        max_nfev=1000,
    )
    by_noise, by_runs = covariances(problem, found.x)
    shifts = held_shifts_of(problem, found.x, considered) if considered else None
    best = found.x[:count]
    units = {name: UNITS[name] for name in names}
    parameters = fitted_parameters(units, best, by_noise, by_runs, shifts, start=begin)
    dynamics = with_values(start, names, best * begin)
    fit = _with_errors(dynamics, parameters, groups, training, set(held_out), max_step)
    low, high = _BOUNDS
    at_bound = tuple(name for name, share in zip(names, best, strict=True) if not 1.01 * low < share < 0.99 * high)
    return replace(fit, converged=found.status > 0, at_bound=at_bound)


def follow_together(dynamics: ThieleDynamics, group: Sequence[SkyrmionTrajectory], max_step: float = 1e-11) -> Floats:
    """Follow the skyrmions of one run from their measured first places, (samples, skyrmions, 2) in m."""
    from solitons.skyrmions.simulation import follow_skyrmions

    first = group[0]
    places = np.stack([run.position[0] for run in group])
    return follow_skyrmions(dynamics, first.time, first.current_density, positions=places, max_step=max_step)


def _with_errors(
    dynamics: ThieleDynamics,
    parameters: tuple[FittedParameter, ...],
    groups: Mapping[str, Sequence[SkyrmionTrajectory]],
    training: Sequence[Sequence[SkyrmionTrajectory]],
    held_out: set[str],
    max_step: float,
) -> ThieleFit:
    from solitons.drives.drive_steps import pulses_of
    from solitons.skyrmions.trajectory import position_errors

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
        parameters=parameters,
        predicted=predicted,
        training_error=float(seen.mean()) if seen.size else float("nan"),
        held_out_error=float(unseen.mean()) if unseen.size else float("nan"),
        width=runs[0].width,
    )
