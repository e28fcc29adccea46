"""How far a fitted wall's predictions may be off after some pulses (`solitons.fits.prediction`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from solitons.domain_walls.fit import WallFit, unseen_errors
from solitons.domain_walls.landscape import wells_of
from solitons.domain_walls.trajectory import Trajectory, rest_samples
from solitons.drives.drive_steps import pulses_of
from solitons.fits.prediction import learn_prediction_error

__all__ = ["with_prediction"]

Floats = npt.NDArray[np.float64]


def with_prediction(fit: WallFit, runs: Sequence[Trajectory]) -> WallFit:
    """The fit, its provenance with the error of predictions, as far as there are rests in runs that no fit saw.

    `runs` are those that were fitted and those that were held out.
    """
    unseen = unseen_errors(fit, runs)
    if not unseen:
        return fit
    tests = [run for run in runs if run.run_id in unseen]
    errors = [unseen[run.run_id] for run in tests]
    rests = [run.position[rest_samples(run)] for run in tests]
    found = learn_prediction_error(errors, [_signs(run) for run in tests], _missed_place(fit, rests, errors))
    origin = fit.provenance.model_copy(update={"prediction": found})
    return replace(fit, dynamics=replace(fit.dynamics, provenance=origin))


def _signs(run: Trajectory) -> Floats:
    """Signs of the pulses of a run; one of no pulse, such as a field's, where there are none."""
    pulses = np.clip(pulses_of(run.current_density)[:, :2], run.time[0], run.time[-1])
    signs: Floats = np.sign(run.current_density(pulses.mean(axis=1))) if len(pulses) else np.zeros(1)
    return signs


def _missed_place(fit: WallFit, rests: Sequence[Floats], errors: Sequence[Floats]) -> float:
    """Where a wall rested in another well than the model's: how far off it was, or neighbouring wells are, in m."""
    wells = wells_of(fit.dynamics, 0.0, fit.length)
    if wells.size < 2:
        return 0.0
    measured, error = np.concatenate(rests), np.concatenate(errors)
    there, predicted = (np.abs(each[:, None] - wells).argmin(axis=1) for each in (measured, measured + error))
    wrong = there != predicted
    return float(max(np.abs(error[wrong]).max(), np.diff(wells).max())) if wrong.any() else 0.0
