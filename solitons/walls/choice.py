"""Which model the runs of a wall support: candidates are compared by runs that each has not seen.

Every candidate is fitted with some training runs left out, and predicts them, until each run was predicted once.
Chosen is the simplest whose likelihood of these predictions is within one standard error of the best one's (L. Breiman,
J. H. Friedman, R. A. Olshen and C. J. Stone, Classification and Regression Trees (Wadsworth, 1984), section 3.4.3).
The standard error is that of the difference, run by run (A. Vehtari, A. Gelman and J. Gabry, Stat. Comput. 27, 1413
(2017), section 5), with Student's t for as many runs: some are harder than others for all candidates alike, and one run
alone decides nothing. Where one run is much harder than the others it makes that error as large as the difference
itself, also if all runs agree; so the error is no larger than what the same differences with signs by chance exceed one
time in six (R. A. Fisher's randomisation test, The Design of Experiments (Oliver and Boyd, 1935), section 21). Samples
of one run are no independent witnesses, and so runs are left out as a whole.

Runs that are held out for the verdict take no part. A candidate's fits without a run begin where its fit to all
training runs ended, which spares a search; in a landscape, where a wall hops or does not and the cost has many minima,
they begin at the point of a scan that is best without that run.

Of models within one standard error those come first whose hard-axis field the stripe's shape can have: the others fit
it in the place of something that they do not know. What is not fitted may be wrong by less than the runs tell, and
moves what is fitted: intervals of the chosen model hold those of every model within one standard error of the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np
import numpy.typing as npt
from scipy import stats

from solitons.autocorrelation import autocorrelation_time
from solitons.walls.breathing import Breathing
from solitons.walls.candidates import (
    Candidate,
    basis_of,
    pinned_candidates,
    plain_candidates,
    remembered,
    restricted,
)
from solitons.walls.fit import (
    FittedParameter,
    WallFit,
    complete_fit,
    fitted_parameters,
    split_runs,
    starts_are_measured,
)
from solitons.walls.fit_problem import (
    BOUNDS,
    NANOMETRE,
    POSITION,
    PRIOR,
    LeastSquares,
    Problem,
    descend,
    pose,
    scattered_starts,
    start_values,
    start_vectors,
    with_landscape,
)
from solitons.walls.noisy_starts import Marginal, marginalise, settle, with_starts
from solitons.walls.pinning import NoPinning
from solitons.walls.tilting import Tilting
from solitons.walls.trajectory import Trajectory, rest_samples
from solitons.walls.wall_dynamics import WallDynamics

__all__ = ["Choice", "Compared", "choose_wall"]

Floats = npt.NDArray[np.float64]

FOLDS = 6
# A normal error is below one standard error with this probability; Student's t with few runs is less often.
_ONE_SIGMA = 0.8413
# Of how many runs all signs are tried.
_MOST_SIGNS = 12
# In nm: what positions are known to where a wall does not move at all.
_EXACT = 1e-3
# Of a width: below it, velocities are as good as those of a rigid one.
_BREATHES = 0.01
# In rad: below it a wall is as good as straight, its torques are less than 0.1 % off.
_TILTED = float(np.deg2rad(2))
# Descents where a landscape makes the cost rough.
_ROUGH = 3
# Of a fit with runs left out: at most so many steps, and none that gains less than this share of the squares.
_STEPS, _SMALL = 6, 1e-3


@dataclass(frozen=True)
class Compared:
    """A candidate beside the others.

    Parameters
    ----------
    candidate : Candidate
        The model.
    rms : float
        Root mean square error in m of the position in runs that its fits did not see, over all samples.
    rms_at_rest : float or None
        The same where walls rest after a pulse; None where none does.
    behind : float
        By how much its logarithm of the likelihood of these runs is less than that of the best one that may be chosen.
    standard_error : float
        Of `behind`: as large as it is by chance one time in six, by Student's t or by signs at random.
    at_edge : bool
        Whether a parameter ends at the edge of what is physical (`solitons.walls.fit_problem.BOUNDS`), where it stands
        for something else: such a model is not chosen.
    unshapely : bool
        Whether its hard-axis field is none that the stripe's shape can have: others come first.
    chosen : bool
        Whether it is the one that was taken.
    """

    candidate: Candidate
    rms: float
    rms_at_rest: float | None
    behind: float
    standard_error: float
    at_edge: bool
    unshapely: bool
    chosen: bool


@dataclass(frozen=True, eq=False)
class Choice:
    """The fit that was chosen, and what it was chosen from.

    Parameters
    ----------
    fit : WallFit
        The chosen model, fitted to all training runs.
    compared : tuple of Compared
        All candidates, the simplest first; empty if there was nothing to compare them by.
    """

    fit: WallFit
    compared: tuple[Compared, ...]


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A candidate at its minimum, and where fits without a run may begin, with the squares of each run there."""

    candidate: Candidate
    names: tuple[str, ...]
    template: WallDynamics
    problem: Problem
    best: Floats
    cost: float
    begins: tuple[Floats, ...]
    squares: Floats

    def down(self, lower: LeastSquares, vector: Floats) -> Floats:
        return descend(lower, self.names, vector, self.template) if self.names else vector


def choose_wall(
    trajectories: Sequence[Trajectory],
    start: WallDynamics,
    *,
    held_out: Sequence[str] = (),
    pinning: bool = True,
    tilting: Tilting | None = None,
    breathing: Breathing | None = None,
    shape_field: float | None = None,
    angle_weight: float = 0.2,
    max_step: float = 1e-11,
) -> Choice:
    """Fit the model that the runs bear, by the likelihood of runs that a fit has not seen.

    Parameters
    ----------
    trajectories : sequence of Trajectory
        Training and held-out runs of one stripe.
    start : WallDynamics
        The material's wall: start values, and the values of what is not fitted.
    held_out : sequence of str
        Ids of the runs that neither the fits nor the choice sees.
    pinning : bool
        Whether a landscape may be fitted. One of middling resolution is tried, and others if it is chosen.
    tilting : Tilting, optional
        How the wall may tilt. Such models are tried, without a fitted landscape, where walls of training runs tilt by
        more than 2 degrees.
    breathing : Breathing, optional
        How its width may follow its angle. Such models are tried likewise where, at the angles and in the fields of the
        training runs, it would differ by more than 1 %. The start's width is then that of the middle of all samples.
    shape_field : float, optional
        By how much in A/m the hard-axis field may differ from the start's and still be that of the stripe's shape
        (`solitons.walls.runs.shape_field_of`); any counts as such if left out.
    angle_weight, max_step : float
        As for `solitons.walls.fit.fit_wall`.

    Returns
    -------
    Choice
        With one training run nothing can be left out: the material's constants are taken, and `compared` is empty.

    Raises
    ------
    ValueError
        As `fit_wall`.
    """
    trainees, tests = split_runs(trajectories, start, held_out)
    start = replace(start, provenance=None)
    ladder, finer = list(plain_candidates(start)), list(pinned_candidates(start, trainees) if pinning else ())
    walls = _kinds_of_walls(start, trainees, tilting, breathing)
    kinds = [[replace(each, tilts=tilts, breathes=breathes) for each in ladder] for tilts, breathes in walls]
    folds = _folds(trainees)
    if len(folds) < 2:
        # Nothing is fitted and nothing compared: what is seen of the wall is believed.
        kinds, finer = [kinds[-1][:1]], []
    found: list[_Fitted] = []
    with jax.enable_x64(True):
        # A landscape that its first candidate does not see is not looked for at other resolutions.
        for stages in ((*kinds, finer[:1]), (finer[1:],)):
            for stage in stages:
                if stage:
                    wall = walls[stage[0].tilts, stage[0].breathes]
                    found += _fit_stage(stage, wall, trainees, angle_weight, max_step, found)
            found.sort(key=lambda one: one.candidate.size)
            settled = _settled(found)
            compared = _compare(found, settled, folds, trainees, start, shape_field) if len(folds) > 1 else ()
            taken = next((index for index, each in enumerate(compared) if each.chosen), 0)
            if not found[taken].candidate.knots:
                break
    marginal, best = settled[taken]
    one = found[taken]
    fit = complete_fit(marginal, one.template, one.names, best, trainees, tests, max_step)
    # Where the cost is rough, intervals are local derivatives, and those of poor minima boundless.
    rivals = [
        fitted_parameters(settled[index][0], found[index].names, settled[index][1])[0]
        for index, each in enumerate(compared)
        if index != taken and not each.at_edge and each.behind <= each.standard_error and not one.begins
    ]
    return Choice(_widened(fit, [parameter for each in rivals for parameter in each]), compared)


def _kinds_of_walls(
    start: WallDynamics, trainees: Sequence[Trajectory], tilting: Tilting | None, breathing: Breathing | None
) -> dict[tuple[bool, bool], WallDynamics]:
    """Walls that stand straight or tilt, whose width is rigid or breathes, the simplest first, as far as runs ask."""
    walls = {(False, False): start}
    if breathing is not None and all(run.angle is not None for run in trainees):
        ratios = np.concatenate([_width_ratios(run, start, breathing) for run in trainees])
        low, middle, high = np.nanquantile(ratios, [0.05, 0.5, 0.95])
        if high - low > _BREATHES * middle:
            walls[False, True] = replace(start, breathing=breathing, width=start.width / middle)
    if tilting is not None and max(run.largest_tilt for run in trainees) > _TILTED:
        walls |= {(True, breathes): replace(wall, tilting=tilting) for (_, breathes), wall in list(walls.items())}
    return walls


def _width_ratios(run: Trajectory, wall: WallDynamics, breathing: Breathing) -> Floats:
    """Width of a run's wall at each sample over that of a Bloch wall without fields."""
    angle = np.full(run.time.size, np.nan) if run.angle is None else run.angle
    tilt = np.zeros(run.time.size) if run.tilt is None else np.nan_to_num(run.tilt)
    x, y = (0.0, 0.0) if run.field is None else (wave(run.time) for wave in run.field[:2])
    y = y + wall.field_like_per_current * run.current_density(run.time)
    with jax.enable_x64(True):
        ratios: Floats = np.asarray(breathing.ratio(np.cos(angle + tilt), x * np.cos(angle) + y * np.sin(angle)))
    return ratios


def _widened(fit: WallFit, others: Sequence[FittedParameter]) -> WallFit:
    """A fit whose intervals hold those of other models too."""
    parameters = []
    for each in fit.parameters:
        # Control values of landscapes with other distances are other quantities.
        ends = [(other.low, other.high) for other in others if other.name == each.name]
        if ends and not each.name.startswith("push_"):
            low, high = min(low for low, _ in ends), max(high for _, high in ends)
            each = replace(each, low=min(each.low, low), high=max(each.high, high), by_models=(low, high))
        parameters.append(each)
    return replace(fit, parameters=tuple(parameters))


def _settled(found: Sequence[_Fitted]) -> list[tuple[Marginal, Floats]]:
    """All candidates with the same uncertainty of the starts: the model that fits best tells noise from misfit."""
    closest = min(found, key=lambda one: one.cost)
    noisy = marginalise(closest.problem, closest.best)
    begun = [with_starts(one.problem, one.best, noisy.deviations, noisy.noise, noisy.shift) for one in found]
    return [settle(marginal, one.best, one.down) for one, marginal in zip(found, begun, strict=True)]


def _pushes(knots: int) -> tuple[str, ...]:
    return tuple(f"push_{index}" for index in range(knots))


def _fit_stage(
    stage: Sequence[Candidate],
    start: WallDynamics,
    trainees: Sequence[Trajectory],
    angle_weight: float,
    max_step: float,
    simpler: Sequence[_Fitted],
) -> list[_Fitted]:
    """Fit candidates as restrictions of one problem."""
    alike = () if starts_are_measured(trainees) else ("start_angle",)
    finest = max(each.knots for each in stage)
    every = (*dict.fromkeys(name for each in stage for name in each.free), *alike, *_pushes(finest))
    problem = remembered(pose(trainees, with_landscape(start, trainees, finest), every, angle_weight, max_step))
    found: list[_Fitted] = []
    for each in stage:
        names = (*each.free, *alike, *_pushes(each.knots))
        basis = basis_of(names, every)
        own = restricted(problem, np.where(basis.any(axis=1), 0.0, start_values(start, every)), basis)
        inside = [other for other in (*simpler, *found) if each.holds(other.candidate)]
        found.append(_fit(each, own, names, with_landscape(start, trainees, each.knots), start, inside))
    return found


def _fit(
    candidate: Candidate,
    problem: Problem,
    names: tuple[str, ...],
    template: WallDynamics,
    start: WallDynamics,
    inside: Sequence[_Fitted],
) -> _Fitted:
    """Descend from the best of many starts, and from where the models that a candidate contains ended."""

    def cost(vector: Floats) -> float:
        squares = float(np.sum(problem.residual(vector) ** 2))
        return squares if np.isfinite(squares) else np.inf

    grid = start_vectors(template, names) if not candidate.knots else []
    rough = not isinstance(start.pinning, NoPinning)
    begin = (
        sorted([*grid, *scattered_starts(start, names)], key=cost) if rough else [min(grid, key=cost)] if grid else []
    )
    lowest = begin[:_ROUGH]
    if names and inside:
        rest = [np.array([name not in one.names for name in names]) * start_values(start, names) for one in inside]
        ends = [each + basis_of(one.names, names) @ one.best for each, one in zip(rest, inside, strict=True)]
        lowest.append(min(ends, key=cost))
    minima = sorted((descend(problem, names, vector, start) if names else vector for vector in lowest), key=cost)
    best = minima[0]
    # Where there are many minima, a fit without a run must find its own: those of all runs have seen it.
    begins = begin if rough else []
    by_run = np.array([_squares_by_run(problem, vector) for vector in begins])
    return _Fitted(candidate, names, template, problem, best, cost(best), tuple(begins), by_run)


def _squares_by_run(problem: Problem, vector: Floats) -> Floats:
    squares = np.nan_to_num(problem.residual(vector) ** 2, nan=np.inf)
    return np.bincount(problem.run[problem.run >= 0], squares[problem.run >= 0], minlength=problem.runs)


def _folds(trainees: Sequence[Trajectory]) -> list[npt.NDArray[np.intp]]:
    """Which runs are left out together: each alone, or several where there are many."""
    runs = [index for index, run in enumerate(trainees) if np.isfinite(run.position[1:]).any()]
    order = np.random.default_rng(0).permutation(runs)
    return [np.sort(part) for part in np.array_split(order, min(FOLDS, len(runs)))]


def _compare(
    found: Sequence[_Fitted],
    settled: Sequence[tuple[Marginal, Floats]],
    folds: Sequence[npt.NDArray[np.intp]],
    trainees: Sequence[Trajectory],
    start: WallDynamics,
    farthest: float | None,
) -> tuple[Compared, ...]:
    noise = min(marginal.noise for marginal, _ in settled)
    errors, misfits, volumes = (
        np.array(each)
        for each in zip(
            *(_predict(one, *own, folds, noise) for one, own in zip(found, settled, strict=True)), strict=True
        )
    )
    problem = found[0].problem
    positions, real = problem.kind == POSITION, problem.kind != PRIOR
    runs = np.unique(problem.run[real])
    owner = problem.run[real, None] == runs
    # One variance for all: that of the model that predicts best. Its errors last from sample to sample.
    sizes = np.maximum(np.mean(misfits**2, axis=1), _EXACT**2)
    at_edge = [_at_edge(best, one.names) for one, (_, best) in zip(found, settled, strict=True)]
    allowed = ~np.array(at_edge)
    best = int(np.argmin(np.where(allowed, sizes, np.inf)))
    within = positions[real]
    time = autocorrelation_time(misfits[best][within], problem.sequence[positions])
    by_run = -0.5 * (misfits**2 @ owner / (sizes[best] * time) + volumes)
    best = int(np.argmax(np.where(allowed, by_run.sum(axis=1), -np.inf)))
    behind = by_run[best] - by_run
    total = behind.sum(axis=1)
    deviation = _by_chance(behind)
    within = (total <= deviation) & allowed
    material = float(start.hard_axis_field)
    fields = [dict(zip(one.names, best, strict=True)) for one, (_, best) in zip(found, settled, strict=True)]
    farthest = np.inf if farthest is None else farthest
    unshapely = [abs(each.get("hard_axis_field", material) - material) > farthest for each in fields]
    shapely = within & ~np.array(unshapely)
    chosen = int(np.argmax(shapely if shapely.any() else within))
    rests = _at_rest(trainees)
    return tuple(
        Compared(
            candidate=one.candidate,
            rms=_rms(errors[index]),
            rms_at_rest=_rms(errors[index][rests]) if rests.any() else None,
            behind=float(total[index]),
            standard_error=float(deviation[index]),
            at_edge=at_edge[index],
            unshapely=unshapely[index],
            chosen=index == chosen,
        )
        for index, one in enumerate(found)
    )


def _by_chance(behind: Floats) -> Floats:
    """What the sum over the runs of (models, runs) exceeds by chance one time in six: the smaller of two answers."""
    runs = behind.shape[1]
    if runs <= _MOST_SIGNS:
        signs = 1 - 2 * (np.arange(2**runs)[:, None] >> np.arange(runs) & 1)
    else:
        signs = np.random.default_rng(0).choice([-1, 1], (2**_MOST_SIGNS, runs))
    by_signs: Floats = np.quantile(behind @ signs.T, _ONE_SIGMA, axis=1, method="inverted_cdf")
    students: Floats = stats.t.ppf(_ONE_SIGMA, runs - 1) * np.sqrt(runs * behind.var(axis=1, ddof=1))
    chance: Floats = np.minimum(students, by_signs)
    return chance


def _predict(
    one: _Fitted, marginal: Marginal, best: Floats, folds: Sequence[npt.NDArray[np.intp]], noise: float
) -> tuple[Floats, Floats, Floats]:
    """What a candidate gets wrong in runs that it has not seen.

    Returns
    -------
    errors : array (positions,)
        From the measured starts, in m.
    misfits : array (residuals,)
        In nm, less what the uncertain starts explain.
    volumes : array (runs,)
        Logarithm of the determinant of the misfits' covariance over that of independent samples.
    """
    problem = one.problem
    real = problem.kind != PRIOR
    errors, misfits = np.empty(problem.run.size), np.empty(problem.run.size)
    # With the same noise for all, so that uncertain starts explain as much.
    seen = with_starts(problem, best, marginal.deviations, noise, marginal.shift)
    for fold in folds:
        out = np.isin(problem.run, fold)
        begin = best
        if one.begins:
            begin = one.begins[int(np.argmin(np.delete(one.squares, fold, axis=1).sum(axis=1)))]
        vector = _refitted(marginal, begin, ~out, one.names)
        errors[out] = problem.residual(vector)[out]
        misfits[out] = seen.residual(vector)[out]
    first = [int(np.argmax(problem.run == run)) for run in np.unique(problem.run[real])]
    return errors[problem.kind == POSITION] * NANOMETRE, misfits[real], np.log1p(seen.sizes[first]).sum(axis=-1)


def _refitted(marginal: Marginal, begin: Floats, rows: npt.NDArray[np.bool_], names: Sequence[str]) -> Floats:
    """Minimum of part of the rows, by Gauss-Newton steps with the derivatives of the beginning."""
    low, high = _bounds(names)

    def squares(vector: Floats) -> float:
        value = float(np.sum(marginal.residual(vector)[rows] ** 2))
        return value if np.isfinite(value) else np.inf

    vector, cost = begin, squares(begin)
    jacobian = marginal.jacobian(vector)[rows]
    norm = np.linalg.norm(jacobian, axis=0)
    norm = np.where(norm > 0, norm, 1.0)
    for _ in range(_STEPS if vector.size else 0):
        step = np.linalg.lstsq(jacobian / norm, -marginal.residual(vector)[rows])[0] / norm
        trials = (np.clip(vector + share * step, low, high) for share in (1.0, 0.5, 0.25, 0.125))
        moved = next((each for each in trials if squares(each) < cost), vector)
        gain, vector, cost = cost - squares(moved), moved, squares(moved)
        if gain < _SMALL * cost:
            break
    return vector


def _bounds(names: Sequence[str]) -> Floats:
    bounds: Floats = np.array([BOUNDS.get(name, (-np.inf, np.inf)) for name in names]).reshape(-1, 2).T
    return bounds


def _at_edge(vector: Floats, names: Sequence[str]) -> bool:
    """Whether a parameter ends where it may not go on."""
    low, high = _bounds(names)
    return bool(np.any(np.isclose(vector, low, rtol=1e-3) | np.isclose(vector, high, rtol=1e-3)))


def _at_rest(runs: Sequence[Trajectory]) -> npt.NDArray[np.bool_]:
    """Which positions, in the order of the residuals, are those at a rest."""
    found = []
    for run in runs:
        there = np.flatnonzero(np.isfinite(run.position[1:])) + 1
        found.append(np.isin(there, rest_samples(run)))
    marked: npt.NDArray[np.bool_] = np.concatenate(found)
    return marked


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))
