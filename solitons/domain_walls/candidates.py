"""The ladder of models that a wall's runs choose from: from the material's constants to a fitted landscape.

Unfitted parameters keep the material's value. A torque comes first, since no constant of a material is
known worse than what a current does; then what turns the wall (H_K, and beta or H_D), and what pins it along the
stripe. Other candidates have one more degree of freedom, without fitted parameters: a tilt across the stripe
(`solitons.domain_walls.tilting`), and a width that follows the angle (`solitons.domain_walls.breathing`).

Splines are nested: with half the distance between control values a uniform cubic B-spline takes every shape that it
took before. So candidates are restrictions of the richest, and one compiled integration serves many of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from solitons.domain_walls.candidate import Candidate
from solitons.domain_walls.fit_problem import Problem, start_values, visited
from solitons.domain_walls.trajectory import Trajectory
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["basis_of", "fittable", "pinned_candidates", "plain_candidates", "remembered", "restricted"]

Floats = npt.NDArray[np.float64]

TORQUES = ("drift_per_current", "damping_like_per_current")
TURNING = ("beta", "dmi_field")
# Each halves the distance of the one before. A landscape that the middle one does not see is not looked for.
KNOTS = (4, 7, 13)
PROBE = 7


def plain_candidates(start: WallDynamics) -> tuple[Candidate, ...]:
    """The ladder for a wall without a fitted landscape, the simplest first.

    Parameters that are 0 in the material's wall `start`, such as a torque that does not act, are not fitted.
    """
    torques, whole = _torques(start), fittable(start)
    one_more = [(*torques, name) for name in whole if name not in torques]
    frees = [(), torques, *one_more, whole]
    return tuple(sorted((Candidate(free) for free in dict.fromkeys(frees)), key=lambda each: each.size))


def pinned_candidates(start: WallDynamics, runs: Sequence[Trajectory]) -> tuple[Candidate, ...]:
    """Candidates with a fitted landscape, the one to try first in front; none where the walls hardly move.

    Control values are further apart than a wall is wide, pi Delta: it does not feel what is finer.
    """
    left, right = visited(runs)
    felt = [knots for knots in KNOTS if (right - left) / (knots - 1) > np.pi * float(start.width)]
    first = max((knots for knots in felt if knots <= PROBE), default=None)
    whole = fittable(start)
    found = [Candidate(free, knots) for knots in felt for free in dict.fromkeys((_torques(start), whole))]
    return tuple(sorted(found, key=lambda each: (each != Candidate(whole, first or 0), each.size)))


def _torques(start: WallDynamics) -> tuple[str, ...]:
    return tuple(name for name in TORQUES if float(getattr(start, name)))


def fittable(start: WallDynamics) -> tuple[str, ...]:
    """Parameters that a wall's path determines: the torques that act, the hard axis, and what else turns the wall.

    The width is none of them. It is seen in every frame; fitted, it would trade places with beta and H_K.
    """
    # beta does nothing without a drift; DMI turns a wall whatever drives it.
    turning = [
        name for name in TURNING if float(getattr(start, name)) and (name == "dmi_field" or start.drift_per_current)
    ]
    return (*_torques(start), "hard_axis_field", *turning)


def basis_of(names: Sequence[str], all_names: Sequence[str]) -> Floats:
    """Matrix (all parameters, parameters) that makes the richest candidate's values of a candidate's.

    Names `push_0`, `push_1` ... are control values.
    """
    basis = np.zeros((len(all_names), len(names)))
    pushes = [index for index, name in enumerate(names) if name.startswith("push_")]
    for index, name in enumerate(names):
        if index not in pushes:
            basis[all_names.index(name), index] = 1.0
    if pushes:
        fine = [index for index, name in enumerate(all_names) if name.startswith("push_")]
        refinement = np.eye(len(pushes))
        while refinement.shape[0] < len(fine):
            refinement = _halved(refinement)
        basis[np.ix_(fine, pushes)] = refinement
    return basis


def _halved(coefficients: Floats) -> Floats:
    """Control values of the same spline at half the distance: those in between, and those at the old places.

    C. de Boor, A Practical Guide to Splines (Springer, 2001), on knot insertion: weights 1/2, 1/2 between and 1/8, 6/8,
    1/8 at the old places. Ends go on as straight lines (`solitons.domain_walls.pinning.SplinePinning`), so that they
    stay.
    """
    finer = np.zeros((2 * len(coefficients) - 1, coefficients.shape[1]))
    finer[1::2] = (coefficients[:-1] + coefficients[1:]) / 2
    finer[0], finer[-1] = coefficients[0], coefficients[-1]
    finer[2:-1:2] = (coefficients[:-2] + 6 * coefficients[1:-1] + coefficients[2:]) / 8
    return finer


def restricted(problem: Problem, start: WallDynamics, all_names: Sequence[str], basis: Floats) -> Problem:
    """The problem of a candidate.

    The richest candidate's, with what the candidate does not fit held at the values of the material's wall `start`.
    `basis` is from `basis_of`.
    """

    def held(wall: WallDynamics) -> Floats:
        return np.where(basis.any(axis=1), 0.0, start_values(wall, all_names))

    base = held(start)

    def whole(vector: Floats) -> Floats:
        values: Floats = base + basis @ vector
        return values

    return replace(
        problem,
        residual=lambda vector, *shift: problem.residual(whole(vector), *shift),
        jacobian=lambda vector, *shift: problem.jacobian(whole(vector), *shift) @ basis,
        start_slopes=lambda vector, *shift: problem.start_slopes(whole(vector), *shift),
        under=lambda wall, vector, *shift: problem.under(wall, held(wall) + basis @ vector, *shift),
    )


def remembered(problem: Problem) -> Problem:
    """The same problem, which computes nothing twice: candidates share starts, and fits without a run their minimum."""
    still = np.zeros((problem.runs, len(problem.start_kinds)))

    def remembering(compute: Callable[..., Floats], size: int) -> Callable[..., Floats]:
        @lru_cache(size)
        def known(vector: bytes, shift: bytes) -> Floats:
            values = compute(np.frombuffer(vector), np.frombuffer(shift).reshape(still.shape))
            values.flags.writeable = False
            return values

        return lambda vector, shift=still: known(vector.tobytes(), shift.tobytes())

    return replace(problem, residual=remembering(problem.residual, 512), jacobian=remembering(problem.jacobian, 24))
