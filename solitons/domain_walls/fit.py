"""Fit the collective-coordinate model to the walls of micromagnetic runs.

The model is integrated for all training runs at once, its position (and angle,
where it was measured) is compared with theirs, and lmfit's least squares moves the
free parameters, with a Jacobian from JAX. A wall above breakdown remembers its
angle, so that the cost has many minima: the fit scans physically sensible starts,
and descends from the best few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from solitons.domain_walls.parameters import WALL_PARAMETERS
from solitons.fits.consider_parameters import Considered
from solitons.fits.fitted_parameter import FittedParameter, HasParameters
from solitons.fits.provenance import FittedRange, Provenance
from solitons.fits.trivial_model import root_mean_square

if TYPE_CHECKING:
    from solitons.domain_walls.noisy_starts import Marginal
    from solitons.domain_walls.simulation import WallPath
    from solitons.domain_walls.trajectory import Trajectory
    from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["WallFit", "fit_wall", "rest_errors"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WallFit(HasParameters):
    """A fitted wall, with what it gets wrong.

    Parameters
    ----------
    dynamics : WallDynamics
        The model with the best parameters, its provenance inside.
    parameters : tuple of FittedParameter
        The free parameters.
    covariance : array (parameters, parameters)
        Their covariance if the residuals are noise, in the order of `parameters`.
    start_angle : float
        phi in rad at the start of a run, used where a run has no measured angle.
    residuals : mapping of str to array
        Model minus measured position in m by run id, all runs; NaN where the wall
        was not there.
    training_error : float
        Mean absolute position error on the training runs in m.
    length : float
        Length of the stripe in m.
    tilts : mapping of str to array
        chi of the model in rad by run id, all runs; 0 of a wall that stands straight.
    start_position : float, optional
        q in m at the start of the training runs, on average: where the wall was after it had relaxed.
    left_out : mapping of str to array
        Model minus measured position in m at the rests of each training run, by the same fit without that run; empty
        where models were not compared (`solitons.domain_walls.choice`).
    covariance_by_runs : tuple of array and float, optional
        Their covariance from leaving out each run, with its Student's t; None with a single run.

    Examples
    --------
    >>> from solitons import FittedRange
    >>> from solitons.domain_walls import WallDynamics
    >>> seen = FittedRange(amplitude=(6e11, 1.5e12), width=(2e-10, 5e-10), position=(4e-8, 3.4e-7))
    >>> origin = Provenance(trained_on=("run-1",), held_out=("run-2",), held_out_error=1.5e-9, fitted_range=seen)
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, provenance=origin)
    >>> fit = WallFit(wall, (), np.zeros((0, 0)), np.pi / 2, {}, training_error=1.2e-9, length=384e-9, tilts={})
    >>> round(fit.held_out_error_over_length, 4), fit.check_range(amplitude=1e12)
    (0.0039, True)
    """

    dynamics: WallDynamics
    parameters: tuple[FittedParameter, ...]
    covariance: Floats
    start_angle: float
    residuals: Mapping[str, Floats]
    training_error: float
    length: float
    tilts: Mapping[str, Floats]
    start_position: float | None = None
    left_out: Mapping[str, Floats] = field(default_factory=dict)
    covariance_by_runs: tuple[Floats, float] | None = None

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
        return self.provenance.check_range(amplitude, width, stacklevel=2)


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
    considered: Mapping[str, Considered[WallDynamics]] | None = None,
) -> WallFit:
    """Fit a wall to trajectories, and predict the ones that were held out.

    Minimises the sum over runs and samples of

        (q_model - q)^2 + (angle_weight Delta)^2 |(cos, sin) phi_model - (cos, sin) phi|^2,

    and of two weak priors, each worth one sample with an error of 1 nm: the width
    is the start's to 10 %, a landscape's pushes are 0 to 1e3 A/m. Each run starts
    from its measured first position, and from its measured first
    angle or else from one common, fitted `start_angle`. Where the first
    frames are as noisy as others, the starts are given that noise
    (`solitons.domain_walls.noisy_starts`), and parameters and starts are found in turn.

    Parameters
    ----------
    trajectories : sequence of Trajectory
        Training and held-out runs of one stripe.
    start : WallDynamics
        Start values and all that stays fixed; `wall_from_material` makes one.
    held_out : sequence of str
        Ids of the runs to predict rather than fit.
    free : sequence of str, optional
        Parameters of the wall to fit, "pinning.strength" and the like too.
        By default `width`, `hard_axis_field` and any of `beta`,
        `drift_per_current`, `damping_like_per_current`, `dmi_field` that are not 0
        at the start. With an empty sequence and without knots the fit reports what `start` itself
        gets wrong.
    knots : int
        Control values of a spline landscape that is fitted besides, over the
        positions that the training walls visit; 0 for none.
    angle_weight : float
        Weight of the angle, in wall widths; 0 fits positions only.
    max_step : float
        Longest step of the integration in s.
    starts : int
        From how many of the scanned starts to descend.
    considered : mapping of str to Considered, optional
        The start with a constant smaller and larger by its standard uncertainty, for each constant that is not known
        exactly (`solitons.consider`): what is held at its value moves what is fitted. Taken as exact if left out.

    Returns
    -------
    WallFit

    Raises
    ------
    ValueError
        If nothing is left to train on, an id is unknown or twice there, a
        parameter is unknown or twice there, the stripes or the polarities differ, or
        a landscape is wanted of walls that stay where they are.

    Notes
    -----
    An interval is the wider of two (`solitons.domain_walls.intervals`). One believes the model:
    positions and angles count each with their own variance and their own integrated
    autocorrelation time. The other leaves out each run in turn, and counts what the
    model leaves out as far as it differs from run to run. What is wrong in all runs
    alike is in neither. Constants that are held at a wrong value are such a thing: they add,
    in quadrature, what `considered` adds. Mesh and a measured landscape are not in it.

    Examples
    --------
    Speed per current, from a run that was made with -54 um^3/(A s); another run is predicted:

    >>> from runs import PiecewiseLinear
    >>> from solitons.domain_walls import Trajectory, WallDynamics, follow_wall
    >>> made = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11)
    >>> times, runs = np.linspace(0, 0.1e-9, 3), []
    >>> for name, current in (("weak", -6e11), ("strong", -1.2e12)):
    ...     drive = PiecewiseLinear((0.0,), (current,))
    ...     path = follow_wall(made, times, drive, position=100e-9, angle=1.57)
    ...     runs.append(Trajectory(name, times, path.position, drive, length=400e-9, angle=path.angle))
    >>> guess = replace(made, drift_per_current=-4e-11)
    >>> fit = fit_wall(runs, guess, held_out=["weak"], free=["drift_per_current"], starts=1)
    >>> f"{fit['drift_per_current'].value:.2e}", fit.held_out_error < 1e-13
    ('-5.40e-11', True)
    """
    # They bring JAX, for which who imports the name need not wait.
    import jax

    from solitons.domain_walls.fit_problem import descend, pose, start_vectors, with_landscape
    from solitons.domain_walls.noisy_starts import marginalise, settle

    trainees, tests = split_runs(trajectories, start, held_out)
    # The data of an earlier fit do not concern this one.
    start = replace(start, provenance=None)
    alike = as_followed(considered or {}, start, start)
    names = _free_names(start, free)
    if not starts_are_measured(trainees):
        names.append("start_angle")
    template = with_landscape(start, trainees, knots)
    names += [f"push_{index}" for index in range(knots)]

    problem = pose(trainees, template, names, angle_weight, max_step)
    scan = start_vectors(template, names)
    with jax.enable_x64(True):
        costs = [float(np.sum(problem.residual(vector) ** 2)) for vector in scan]
        order = np.argsort(np.where(np.isfinite(costs), costs, np.inf))[: max(starts, 1)]
        results = [descend(problem, names, scan[index], start) for index in order]
        best = min(results, key=lambda vector: float(np.sum(problem.residual(vector) ** 2)))
        marginal, best = settle(
            marginalise(problem, best), best, lambda freer, vector: descend(freer, names, vector, start)
        )
    return complete_fit(marginal, template, names, best, trainees, tests, max_step, alike)


def as_followed(
    considered: Mapping[str, Considered[WallDynamics]], start: WallDynamics, followed: WallDynamics
) -> dict[str, Considered[WallDynamics]]:
    """Walls with a constant off, as the wall that is followed: only one that does tilts or breathes.

    ValueError if it tilts and a considered wall does not state how.
    """
    for name, each in considered.items():
        if followed.tilting is not None and (each.lower.tilting is None or each.upper.tilting is None):
            raise ValueError(f"considered[{name!r}]: the wall tilts, and these do not; give both their `tilting`")

    def alike(wall: WallDynamics) -> WallDynamics:
        return replace(
            wall,
            provenance=None,
            tilting=None if followed.tilting is None else wall.tilting,
            breathing=wall.breathing if np.any(followed.breathing.softness) else followed.breathing,
            width=wall.width * followed.width / start.width,
        )

    return {name: replace(each, lower=alike(each.lower), upper=alike(each.upper)) for name, each in considered.items()}


def complete_fit(
    marginal: Marginal,
    template: WallDynamics,
    names: Sequence[str],
    best: Floats,
    trainees: Sequence[Trajectory],
    tests: Sequence[Trajectory],
    max_step: float,
    considered: Mapping[str, Considered[WallDynamics]] | None = None,
    left_out: Mapping[str, Floats] | None = None,
) -> WallFit:
    """Make a fit of the best parameters: their intervals, the model, and its errors on all runs.

    `template` holds what was not fitted, `names` and `best` what was; `max_step` in s; `left_out` as of `WallFit`.
    """
    from solitons.domain_walls.fit_problem import with_values
    from solitons.domain_walls.intervals import wall_parameters

    parameters, covariance, by_runs = wall_parameters(marginal, names, best, considered)
    dynamics = with_values(template, dict(zip(names, best, strict=True)))
    start_angle = float(best[names.index("start_angle")]) if "start_angle" in names else _mean_angle(trainees)
    runs = (*trainees, *tests)
    paths = {run.run_id: _predict(dynamics, run, start_angle, max_step) for run in runs}
    residuals = {run.run_id: paths[run.run_id].position - run.position for run in runs}
    unseen = _errors(residuals, tests)
    provenance = Provenance(
        trained_on=tuple(run.run_id for run in trainees),
        held_out=tuple(run.run_id for run in tests),
        # None too where every held-out wall left before its second sample.
        held_out_error=float(np.mean(np.abs(unseen))) if unseen.size else None,
        held_out_rms_at_rest=_rms_at_rest(residuals, tests),
        fitted_range=_fitted_range(trainees),
    )
    fit = WallFit(
        dynamics=replace(dynamics, provenance=provenance),
        parameters=parameters,
        covariance=covariance,
        covariance_by_runs=by_runs,
        start_angle=start_angle,
        residuals=residuals,
        training_error=float(np.mean(np.abs(_errors(residuals, trainees)))),
        length=trainees[0].length,
        tilts={run_id: path.tilt for run_id, path in paths.items()},
        start_position=float(np.mean([run.position[0] for run in trainees])),
        left_out=left_out or {},
    )
    return with_prediction(fit, runs)


def with_prediction(fit: WallFit, runs: Sequence[Trajectory]) -> WallFit:
    """The fit, its provenance with the error of predictions if there are any; `runs` were fitted or held out."""
    from solitons.domain_walls.prediction import wall_prediction_error

    unseen = unseen_errors(fit, runs)
    if not unseen:
        return fit
    known = wall_prediction_error(fit.dynamics, fit.length, unseen, runs)
    origin = fit.provenance.model_copy(update={"prediction": known})
    return replace(fit, dynamics=replace(fit.dynamics, provenance=origin))


def rest_errors(fit: WallFit, runs: Sequence[Trajectory]) -> list[Floats]:
    """Model minus measured position in m where the walls of each run rest after each pulse.

    The runs were fitted or held out.
    """
    from solitons.domain_walls.trajectory import rest_samples

    return [fit.residuals[run.run_id][rest_samples(run)] for run in runs]


def unseen_errors(fit: WallFit, runs: Sequence[Trajectory]) -> dict[str, Floats]:
    """Model minus measured position in m at the rests of runs that a fit has not seen.

    Errors of the held-out runs, and of the others by fits without them, as far as there are such fits. Runs without a
    rest at which the wall is there are left out.
    """
    tests = [run for run in runs if run.run_id in fit.provenance.held_out]
    held_out = dict(zip((run.run_id for run in tests), rest_errors(fit, tests), strict=True))
    return {name: errors for name, errors in (held_out | dict(fit.left_out)).items() if errors.size}


def starts_are_measured(runs: Sequence[Trajectory]) -> bool:
    """Whether every run has an angle at its first sample."""
    return all(run.angle is not None and np.isfinite(run.angle[0]) for run in runs)


def split_runs(
    trajectories: Sequence[Trajectory], start: WallDynamics, held_out: Sequence[str]
) -> tuple[list[Trajectory], list[Trajectory]]:
    """Check that runs go together, and part those to fit from those that were held out."""
    ids = [run.run_id for run in trajectories]
    if len(set(ids)) != len(ids):
        raise ValueError("fit_wall: two trajectories have the same run_id; give each run once")
    if unknown := sorted(set(held_out) - set(ids)):
        raise ValueError(f"fit_wall: held_out names runs that are not there: {', '.join(unknown)}")
    trainees = [run for run in trajectories if run.run_id not in held_out]
    if not trainees:
        raise ValueError("fit_wall: no run is left to train on; hold fewer out or give more runs")
    if not any(np.isfinite(run.position[1:]).any() for run in trainees):
        raise ValueError("fit_wall: no wall of a training run is there after the first sample; give runs that keep it")
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
    if len(set(free)) != len(free):
        raise ValueError(f"fit_wall: free = {list(free)} names a parameter twice; name each once")
    for name in free:
        try:
            value = np.asarray(reduce(getattr, name.split("."), start))
        except AttributeError:
            value = None
        if name == "polarity" or value is None or value.dtype != np.float64 or value.ndim:
            raise ValueError(
                f"fit_wall: free names {name!r}, which is no single number of the wall; choose among "
                f"{', '.join(name for name in WALL_PARAMETERS if name != 'start_angle')} or 'pinning.<parameter>'"
            )
    return list(free)


def _predict(dynamics: WallDynamics, run: Trajectory, start_angle: float, max_step: float) -> WallPath:
    from solitons.domain_walls.simulation import follow_wall

    angle = start_angle if run.angle is None or not np.isfinite(run.angle[0]) else float(run.angle[0])
    return follow_wall(
        dynamics,
        run.time,
        run.current_density,
        run.field,
        position=float(run.position[0]),
        angle=angle,
        tilt=run.start_tilt,
        max_step=max_step,
    )


def _mean_angle(runs: Sequence[Trajectory]) -> float:
    return float(np.angle(np.mean([np.exp(1j * run.angle[0]) for run in runs if run.angle is not None])))


def _errors(residuals: Mapping[str, Floats], runs: Sequence[Trajectory]) -> Floats:
    errors: Floats = np.concatenate([np.empty(0), *(residuals[run.run_id][1:] for run in runs)])
    present: Floats = errors[np.isfinite(errors)]
    return present


def _rms_at_rest(residuals: Mapping[str, Floats], runs: Sequence[Trajectory]) -> float | None:
    from solitons.domain_walls.trajectory import rest_samples

    errors = np.concatenate([residuals[run.run_id][rest_samples(run)] for run in runs] or [np.empty(0)])
    # None too where every held-out wall left before its first rest.
    return root_mean_square(errors) if errors.size else None


def _fitted_range(runs: Sequence[Trajectory]) -> FittedRange:
    from solitons.domain_walls.fit_problem import visited
    from solitons.drives.drive_steps import pulses_of

    seen = []
    for run in runs:
        # A current that flows on beyond the run is known for as long as the run is.
        start, end, peak = pulses_of(run.current_density).T
        width = np.minimum(end, run.time[-1]) - np.maximum(start, run.time[0])
        seen.append(np.stack([peak, width], axis=-1)[width > 0])
    pulses = np.concatenate(seen)
    peaks, widths = pulses.T if len(pulses) else np.zeros((2, 1))
    fields = [np.sqrt(sum(wave.peak**2 for wave in run.field)) for run in runs if run.field is not None]
    return FittedRange(
        amplitude=(float(peaks.min()), float(peaks.max())),
        width=(float(widths.min()), float(widths.max())),
        field=float(max(fields, default=0.0)),
        position=visited(runs),
    )
