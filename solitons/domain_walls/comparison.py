"""Candidates beside each other: how well each predicts runs that its fit has not seen.

Every candidate is fitted with some training runs left out, and predicts them, until each run was predicted once.
Chosen is the simplest whose likelihood of these predictions is within one standard error of the best one's (L. Breiman,
J. H. Friedman, R. A. Olshen and C. J. Stone, Classification and Regression Trees (Wadsworth, 1984), section 3.4.3).
The standard error belongs to the difference, run by run (A. Vehtari, A. Gelman and J. Gabry, Stat. Comput. 27, 1413
(2017), section 5), with Student's t for as many runs: some are harder than others for all candidates alike, and one run
alone decides nothing. Where one run is much harder than the others it makes that error as large as the difference
itself, also if all runs agree; so the error is no larger than what the same differences with signs by chance exceed one
time in six (R. A. Fisher's randomisation test, The Design of Experiments (Oliver and Boyd, 1935), section 21). Samples
of one run are no independent witnesses, and so runs are left out as a whole.

Runs at 0 K have hardly any noise, and all of them may agree that a richer model is better by a picometre. A model with
two parameters that trade places is therefore taken only where all others err by a tenth more: the error of half a dozen
runs is itself known no better.

A candidate's fits without a run begin where its fit to all training runs ended, which spares a search; in a landscape,
where a wall hops or does not and the cost has many minima, they begin at the point of a scan that is best without that
run.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from solitons.domain_walls.candidate import Compared
from solitons.domain_walls.candidate_fits import FittedCandidate
from solitons.domain_walls.fit_problem import NANOMETRE, POSITION, PRIOR
from solitons.domain_walls.intervals import noise_covariance, traded
from solitons.domain_walls.noisy_starts import Marginal, with_starts
from solitons.domain_walls.parameters import bounds_of
from solitons.domain_walls.trajectory import Trajectory, rest_samples
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.fits.autocorrelation import autocorrelation_time
from solitons.fits.trivial_model import root_mean_square

__all__ = ["compare", "folds_of", "taken"]

Floats = npt.NDArray[np.float64]

FOLDS = 6
# A normal error is below one standard error with this probability; Student's t with few runs is less often.
_ONE_SIGMA = 0.8413
# Largest number of runs for which all signs are tried.
_MOST_SIGNS = 12
# In nm: what positions are known to where a wall does not move at all.
_EXACT = 1e-3
# By how much more a model may err than one whose parameters trade places, and still predict alike.
_ALIKE = 1.1
# A fit with runs left out takes at most so many steps, and none that gains less than this share of the squares.
_STEPS, _SMALL = 6, 1e-3


def folds_of(trainees: Sequence[Trajectory]) -> list[npt.NDArray[np.intp]]:
    """Groups of runs to leave out together: each alone, or several where there are many."""
    runs = [index for index, run in enumerate(trainees) if np.isfinite(run.position[1:]).any()]
    order = np.random.default_rng(0).permutation(runs)
    return [np.sort(part) for part in np.array_split(order, min(FOLDS, len(runs)))]


def compare(
    found: Sequence[FittedCandidate],
    settled: Sequence[tuple[Marginal, Floats]],
    folds: Sequence[npt.NDArray[np.intp]],
    trainees: Sequence[Trajectory],
    start: WallDynamics,
    farthest: float | None,
) -> tuple[tuple[Compared, ...], dict[str, Floats]]:
    """Let each candidate predict training runs that are left out, and take one.

    Candidates are ordered from the simplest; `folds` are two at least; `farthest` in A/m is by how much the hard-axis
    field may differ from the start's and still be the shape's (None for any). Returns all of them compared, and for the
    chosen one the model minus position in m at the rests of each run, by a fit that has not seen the run.
    """
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
    # One variance for all, from the model that predicts best. Its errors last from sample to sample.
    sizes = np.maximum(np.mean(misfits**2, axis=1), _EXACT**2)
    at_edge = [_at_edge(best, one.names) for one, (_, best) in zip(found, settled, strict=True)]
    allowed = ~np.array(at_edge)
    best = int(np.argmin(np.where(allowed, sizes, np.inf)))
    within = positions[real]
    time = autocorrelation_time(misfits[best][within], problem.sequence[positions])
    by_run = -0.5 * (misfits**2 @ owner / (sizes[best] * time) + volumes)
    material = float(start.hard_axis_field)
    fields = [dict(zip(one.names, best, strict=True)) for one, (_, best) in zip(found, settled, strict=True)]
    farthest = np.inf if farthest is None else farthest
    unshapely = [abs(each.get("hard_axis_field", material) - material) > farthest for each in fields]
    inseparable = [
        bool(traded(noise_covariance(*own)[0])) if one.names else False for one, own in zip(found, settled, strict=True)
    ]
    rms = [root_mean_square(each) for each in errors]
    total, deviation, chosen = taken(by_run, rms, allowed, ~np.array(unshapely), ~np.array(inseparable))
    rests = _at_rest(trainees)
    parts = np.split(errors[chosen], np.cumsum([each.size for each in rests])[:-1])
    left_out = {run.run_id: part[rest] for run, part, rest in zip(trainees, parts, rests, strict=True)}
    every = np.concatenate(rests)
    return tuple(
        Compared(
            candidate=one.candidate,
            rms=float(rms[index]),
            rms_at_rest=root_mean_square(errors[index][every]) if every.any() else None,
            behind=float(total[index]),
            standard_error=float(deviation[index]),
            at_edge=bool(at_edge[index]),
            unshapely=bool(unshapely[index]),
            inseparable=bool(inseparable[index]),
            chosen=bool(index == chosen),
        )
        for index, one in enumerate(found)
    ), left_out


def taken(
    by_run: Floats,
    rms: Sequence[float],
    allowed: npt.NDArray[np.bool_],
    shapely: npt.NDArray[np.bool_],
    separable: npt.NDArray[np.bool_],
) -> tuple[Floats, Floats, int]:
    """Choose a candidate by the runs.

    `by_run` (candidates, runs) are logarithms of the likelihood of runs that the fit has not seen, the simplest first;
    `rms` are errors in m there; the masks are whether a candidate may be chosen at all, whether its hard-axis field is
    the shape's, and whether the runs separate its parameters. Returns how far each is behind the best that may be
    chosen, the standard error of this distance, and the index of the chosen one.
    """

    def simplest(of: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, int]:
        best = int(np.argmax(np.where(of, by_run.sum(axis=1), -np.inf)))
        behind = by_run[best] - by_run
        total, deviation = behind.sum(axis=1), _by_chance(behind)
        within = (total <= deviation) & of
        return total, deviation, int(np.argmax(within & shapely if (within & shapely).any() else within))

    total, deviation, chosen = simplest(allowed)
    alike = allowed & separable & (np.array(rms) <= _ALIKE * rms[chosen])
    if not separable[chosen] and alike.any():
        chosen = simplest(alike)[2]
    return total, deviation, chosen


def _by_chance(behind: Floats) -> Floats:
    """Bound that the sum over the runs of (models, runs) exceeds by chance one time in six: the smaller of two."""
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
    one: FittedCandidate, marginal: Marginal, best: Floats, folds: Sequence[npt.NDArray[np.intp]], noise: float
) -> tuple[Floats, Floats, Floats]:
    """Errors of a candidate in runs that it has not seen.

    Errors from the measured starts in m; misfits in nm, less what the uncertain starts explain; and for each run the
    logarithm of the determinant of the misfits' covariance over the one of independent samples.
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
    bounds: Floats = np.array([bounds_of(name) for name in names]).reshape(-1, 2).T
    return bounds


def _at_edge(vector: Floats, names: Sequence[str]) -> bool:
    """Whether a parameter ends where it may not go on."""
    low, high = _bounds(names)
    return bool(np.any(np.isclose(vector, low, rtol=1e-3) | np.isclose(vector, high, rtol=1e-3)))


def _at_rest(runs: Sequence[Trajectory]) -> list[npt.NDArray[np.bool_]]:
    """Masks of each run's positions at a rest, in the order of the residuals."""
    found = []
    for run in runs:
        there = np.flatnonzero(np.isfinite(run.position[1:])) + 1
        found.append(np.isin(there, rest_samples(run)))
    return found
