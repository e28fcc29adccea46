"""Models that know nothing of skyrmions: what a fitted one must beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from solitons.fits.trivial_model import TrivialModel, best_first
from solitons.skyrmions.trajectory import SkyrmionTrajectory

__all__ = ["trivial_models"]

Floats = npt.NDArray[np.float64]


def trivial_models(trained: Sequence[SkyrmionTrajectory], held_out: Sequence[SkyrmionTrajectory]) -> list[TrivialModel]:
    """Fit trivial models to some runs and compare them with others, best first.

    The error is the root mean square distance in m from all positions in the held-out runs. All runs have a skyrmion
    after the first sample.
    """
    mean = _velocity(trained, by_current=False)
    share = _velocity(trained, by_current=True)
    # A velocity of its own, and one for each unit of current.
    guesses = {
        "the skyrmion stays where it is": (0 * mean, 0 * mean),
        "it moves with the mean velocity of the fitted runs": (mean, 0 * mean),
        "its velocity is in proportion to the current": (0 * mean, share),
    }
    errors = {
        says: [_moved(run) - _elapsed(run)[:, None] * (own + per_current * run.current) for run in held_out]
        for says, (own, per_current) in guesses.items()
    }
    return best_first(errors, coordinates=2)


def _elapsed(run: SkyrmionTrajectory) -> Floats:
    elapsed: Floats = (run.time - run.time[0])[run.present]
    return elapsed


def _moved(run: SkyrmionTrajectory) -> Floats:
    moved: Floats = (run.position - run.position[0])[run.present]
    return moved


def _velocity(runs: Sequence[SkyrmionTrajectory], *, by_current: bool) -> Floats:
    """Least squares of the way over the time, or over the time times the current."""
    drive = np.concatenate([_elapsed(run) * (run.current if by_current else 1.0) for run in runs])
    moved = np.concatenate([_moved(run) for run in runs])
    velocity: Floats = drive @ moved / max(float(drive @ drive), 1e-300)
    return velocity
