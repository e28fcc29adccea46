"""Choice of the model that a wall's runs support: candidates are compared by unseen runs.

Every candidate is fitted (`solitons.domain_walls.candidate_fits`) and compared with the others by training runs that
are left out in turn (`solitons.domain_walls.comparison`). Runs that are held out for the verdict take no part. Chosen
is the simplest that is within one standard error of the best one.

Among models within one standard error, those with a hard-axis field that the stripe's shape allows come first: the
others fit it in the place of something that they do not know. A model whose parameters the runs cannot separate is not
taken where another predicts as well. What is not fitted may be wrong by less than the runs show, and moves what is
fitted: intervals of the chosen model hold the intervals of every model within one standard error of the best. The
constants that it holds (`considered`) widen the intervals of the chosen model alone, whose estimate they move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np
import numpy.typing as npt

from solitons.domain_walls.breathing import Breathing
from solitons.domain_walls.candidate import Compared
from solitons.domain_walls.candidate_fits import FittedCandidate, fit_stage, settled_fits
from solitons.domain_walls.candidates import pinned_candidates, plain_candidates
from solitons.domain_walls.comparison import compare, folds_of
from solitons.domain_walls.fit import WallFit, as_followed, complete_fit, split_runs
from solitons.domain_walls.intervals import traded, wall_parameters
from solitons.domain_walls.tilting import Tilting
from solitons.domain_walls.trajectory import Trajectory
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.fits.consider_parameters import Considered
from solitons.fits.fitted_parameter import FittedParameter

__all__ = ["Choice", "choose_wall", "rivals_of"]

Floats = npt.NDArray[np.float64]

# Relative change of width: below it, velocities are as good as with a rigid width.
_BREATHES = 0.01
# In rad: below it a wall is as good as straight, its torques are less than 0.1 % off.
_TILTED = float(np.deg2rad(2))
# By how much a candidate may err more than the one that was taken and still predict as well.
_AS_WELL = 1.5


@dataclass(frozen=True, eq=False)
class Choice:
    """The chosen model, fitted to all training runs, and all candidates, the simplest first.

    `compared` is empty if there was nothing to compare them by.
    """

    fit: WallFit
    compared: tuple[Compared, ...]


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
    considered: Mapping[str, Considered[WallDynamics]] | None = None,
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
        training runs, it would differ by more than 1 %. The start's width then belongs to the middle of all samples.
    shape_field : float, optional
        Largest difference in A/m from the start's hard-axis field that the stripe's shape explains
        (`solitons.domain_walls.runs.shape_field_of`); by default any.
    angle_weight, max_step : float
        As for `solitons.domain_walls.fit.fit_wall`.
    considered : mapping of str to Considered, optional
        As there; where the wall may tilt or breathe, these walls do, and the models that do not are taken without.

    Returns
    -------
    Choice
        With one training run nothing can be left out: the material's constants are taken, and `compared` is empty.

    Raises
    ------
    ValueError
        As `fit_wall`.

    Examples
    --------
    >>> from runs import PiecewiseLinear
    >>> from solitons.domain_walls import follow_wall
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11)
    >>> times, runs = np.linspace(0, 0.1e-9, 3), []
    >>> for name, current in (("weak", -6e11), ("strong", -1.2e12)):
    ...     drive = PiecewiseLinear((0.0,), (current,))
    ...     path = follow_wall(wall, times, drive, position=100e-9, angle=1.57)
    ...     runs.append(Trajectory(name, times, path.position, drive, length=400e-9, angle=path.angle))
    >>> found = choose_wall(runs, wall, held_out=["weak"], pinning=False)
    >>> found.fit.held_out_error < 1e-15, found.compared  # the constants made the runs, and one run chooses nothing
    (True, ())
    """
    trainees, tests = split_runs(trajectories, start, held_out)
    start = replace(start, provenance=None)
    ladder, finer = list(plain_candidates(start)), list(pinned_candidates(start, trainees) if pinning else ())
    walls = _kinds_of_walls(start, trainees, tilting, breathing)
    alike = {moves: as_followed(considered or {}, start, wall) for moves, wall in walls.items()}
    kinds = [[replace(each, tilts=tilts, breathes=breathes) for each in ladder] for tilts, breathes in walls]
    folds = folds_of(trainees)
    if len(folds) < 2:
        # Nothing is fitted and nothing compared: what is seen of the wall is believed.
        kinds, finer = [kinds[-1][:1]], []
    found: list[FittedCandidate] = []
    with jax.enable_x64(True):
        # A landscape that its first candidate does not see is not looked for at other resolutions.
        for stages in ((*kinds, finer[:1]), (finer[1:],)):
            for stage in stages:
                if stage:
                    wall = walls[stage[0].tilts, stage[0].breathes]
                    found += fit_stage(stage, wall, trainees, angle_weight, max_step, found)
            found.sort(key=lambda one: one.candidate.size)
            settled = settled_fits(found)
            compared, left_out = (
                compare(found, settled, folds, trainees, start, shape_field) if len(folds) > 1 else ((), {})
            )
            taken = next((index for index, each in enumerate(compared) if each.chosen), 0)
            if not found[taken].candidate.knots:
                break
    marginal, best = settled[taken]
    one = found[taken]
    moves = one.candidate.tilts, one.candidate.breathes
    fit = complete_fit(marginal, one.template, one.names, best, trainees, tests, max_step, alike[moves], left_out)
    # Where the cost is rough, intervals are local derivatives, and boundless at poor minima.
    rivals: list[FittedParameter] = []
    for index in rivals_of(compared) if not one.begins else ():
        parameters, covariance, _ = wall_parameters(settled[index][0], found[index].names, settled[index][1])
        # If two trade there, the runs determine their combination, and neither of them alone.
        unknown = {number for *pair, _ in traded(covariance) for number in pair}
        rivals += [each for number, each in enumerate(parameters) if number not in unknown]
    told = [[other for other in rivals if other.name == each.name] for each in fit.parameters]
    # Control values of landscapes with other distances are other quantities.
    widened = [
        each.widened(others) if others and not each.name.startswith("push_") else each
        for each, others in zip(fit.parameters, told, strict=True)
    ]
    return Choice(replace(fit, parameters=tuple(widened)), compared)


def rivals_of(compared: Sequence[Compared]) -> list[int]:
    """Indices of candidates that predict as well as the chosen one, so that their intervals count too.

    One that errs half again as much does not, though it may be within one standard error: where it fails in a few runs
    only, that error is as large as the difference.
    """
    most = _AS_WELL * min((each.rms for each in compared if each.chosen), default=np.inf)
    return [
        index
        for index, each in enumerate(compared)
        if not (each.chosen or each.at_edge) and each.behind <= each.standard_error and each.rms <= most
    ]


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
    """Width of a run's wall at each sample over the width of a Bloch wall without fields."""
    angle = np.full(run.time.size, np.nan) if run.angle is None else run.angle
    tilt = np.zeros(run.time.size) if run.tilt is None else np.nan_to_num(run.tilt)
    x, y = (0.0, 0.0) if run.field is None else (wave(run.time) for wave in run.field[:2])
    y = y + wall.field_like_per_current * run.current_density(run.time)
    with jax.enable_x64(True):
        ratios: Floats = 1 / np.asarray(
            breathing.narrowing(np.cos(angle + tilt), x * np.cos(angle) + y * np.sin(angle))
        )
    return ratios
