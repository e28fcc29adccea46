"""How far a fitted wall's predictions may be off after some pulses (`solitons.fits.prediction`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from solitons.domain_walls.landscape import wells_of
from solitons.domain_walls.trajectory import Trajectory, rest_samples
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.drives.drive_steps import pulses_of
from solitons.fits.prediction import PredictionError, learn_prediction_error

__all__ = ["wall_prediction_error"]

Floats = npt.NDArray[np.float64]


def wall_prediction_error(
    wall: WallDynamics, length: float, unseen: Mapping[str, Floats], runs: Sequence[Trajectory]
) -> PredictionError:
    """The error of predictions of a wall in a stripe so long in m.

    `unseen` are errors in m at the rests of runs that no fit saw, by the id of the run, one run or more
    (`solitons.domain_walls.fit.unseen_errors`).
    """
    tests = [run for run in runs if run.run_id in unseen]
    errors = [unseen[run.run_id] for run in tests]
    rests = [run.position[rest_samples(run)] for run in tests]
    missed = _missed_place(wells_of(wall, 0.0, length), rests, errors)
    return learn_prediction_error(errors, [_signs(run) for run in tests], missed)


def _signs(run: Trajectory) -> Floats:
    """Signs of the pulses of a run; one of no pulse, such as a field's, where there are none."""
    pulses = np.clip(pulses_of(run.current_density)[:, :2], run.time[0], run.time[-1])
    signs: Floats = np.sign(run.current_density(pulses.mean(axis=1))) if len(pulses) else np.zeros(1)
    return signs


def _missed_place(wells: Floats, rests: Sequence[Floats], errors: Sequence[Floats]) -> float:
    """Where a wall rested in another well than the model's: how far off it was, or neighbouring wells are, in m."""
    if wells.size < 2:
        return 0.0
    measured, error = np.concatenate(rests), np.concatenate(errors)
    there, predicted = (np.abs(each[:, None] - wells).argmin(axis=1) for each in (measured, measured + error))
    wrong = there != predicted
    return float(max(np.abs(error[wrong]).max(), np.diff(wells).max())) if wrong.any() else 0.0
