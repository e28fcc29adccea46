"""Candidates at their minima: all fits of one ladder, from the simplest to the richest.

Each is a restriction of one problem (`solitons.domain_walls.candidates`), and begins where simpler ones ended. All
starts of runs have the same uncertainty in all of them, taken from the best fit, which separates noise from
misfit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.domain_walls.candidate import Candidate
from solitons.domain_walls.candidates import basis_of, remembered, restricted
from solitons.domain_walls.fit import starts_are_measured
from solitons.domain_walls.fit_problem import (
    LeastSquares,
    Problem,
    descend,
    pose,
    scattered_starts,
    start_values,
    start_vectors,
    with_landscape,
)
from solitons.domain_walls.noisy_starts import Marginal, marginalise, settle, with_starts
from solitons.domain_walls.pinning import is_convex
from solitons.domain_walls.trajectory import Trajectory
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["FittedCandidate", "fit_stage", "settled_fits"]

Floats = npt.NDArray[np.float64]

# Descents where a landscape makes the cost rough.
_ROUGH = 3


@dataclass(frozen=True, eq=False)
class FittedCandidate:
    """A candidate at its minimum.

    `names` are the fitted parameters in the order of vectors, `template` holds all others, and `problem` has exact
    starts. `begins` are vectors where fits without a run may begin if they must find their own minimum; `squares`
    (begins, runs) are the sums of squares of each run there.
    """

    candidate: Candidate
    names: tuple[str, ...]
    template: WallDynamics
    problem: Problem
    best: Floats
    cost: float
    begins: tuple[Floats, ...]
    squares: Floats

    def down(self, lower: LeastSquares, vector: Floats) -> Floats:
        """Descend in a problem of the same parameters."""
        return descend(lower, self.names, vector, self.template) if self.names else vector


def _pushes(knots: int) -> tuple[str, ...]:
    return tuple(f"push_{index}" for index in range(knots))


def fit_stage(
    stage: Sequence[Candidate],
    start: WallDynamics,
    trainees: Sequence[Trajectory],
    angle_weight: float,
    max_step: float,
    simpler: Sequence[FittedCandidate],
) -> list[FittedCandidate]:
    """Fit candidates, walls with the same degrees of freedom, as restrictions of one problem; in the order of `stage`.

    `start` is the material's wall with these degrees of freedom, `simpler` the fits of earlier stages; weights and
    steps as in `fit_wall`.
    """
    alike = () if starts_are_measured(trainees) else ("start_angle",)
    finest = max(each.knots for each in stage)
    every = (*dict.fromkeys(name for each in stage for name in each.free), *alike, *_pushes(finest))
    problem = remembered(pose(trainees, with_landscape(start, trainees, finest), every, angle_weight, max_step))
    found: list[FittedCandidate] = []
    for each in stage:
        names = (*each.free, *alike, *_pushes(each.knots))
        basis = basis_of(names, every)
        own = restricted(problem, start, every, basis)
        inside = [other for other in (*simpler, *found) if each.holds(other.candidate)]
        found.append(_fit(each, own, names, with_landscape(start, trainees, each.knots), start, inside))
    return found


def _fit(
    candidate: Candidate,
    problem: Problem,
    names: tuple[str, ...],
    template: WallDynamics,
    start: WallDynamics,
    inside: Sequence[FittedCandidate],
) -> FittedCandidate:
    """Descend from the best of many starts, and from where the models that a candidate contains ended."""

    def cost(vector: Floats) -> float:
        squares = float(np.sum(problem.residual(vector) ** 2))
        return squares if np.isfinite(squares) else np.inf

    grid = start_vectors(template, names) if not candidate.knots else []
    rough = not is_convex(start.pinning)
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
    # With many minima, a fit without a run must find its own: minima of all runs have seen it.
    begins = begin if rough else []
    by_run = np.array([_squares_by_run(problem, vector) for vector in begins])
    return FittedCandidate(candidate, names, template, problem, best, cost(best), tuple(begins), by_run)


def _squares_by_run(problem: Problem, vector: Floats) -> Floats:
    squares = np.nan_to_num(problem.residual(vector) ** 2, nan=np.inf)
    return np.bincount(problem.run[problem.run >= 0], squares[problem.run >= 0], minlength=problem.runs)


def settled_fits(found: Sequence[FittedCandidate]) -> list[tuple[Marginal, Floats]]:
    """Each candidate's problem with uncertain starts, and its minimum.

    All get the same uncertainty of the starts: the model that fits best separates noise from misfit.
    """
    closest = min(found, key=lambda one: one.cost)
    noisy = marginalise(closest.problem, closest.best)
    begun = [with_starts(one.problem, one.best, noisy.deviations, noisy.noise, noisy.shift) for one in found]
    return [settle(marginal, one.best, one.down) for one, marginal in zip(found, begun, strict=True)]
