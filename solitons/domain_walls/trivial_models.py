"""Models that know nothing of walls: what a fitted one must beat.

They predict where a wall rests after each pulse from where it was at the start, and from one number of the runs that
the fit was given: it stays; each pulse moves it equally far, or in proportion to its charge. None goes the mean way of
other runs: of a sweep that would interpolate, whatever the wall does, and no model of a wall is given that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from solitons.domain_walls.trajectory import Trajectory, rest_samples
from solitons.fits.trivial_model import TrivialModel, best_first

__all__ = ["pulse_charges", "trivial_models"]

Floats = npt.NDArray[np.float64]
Drive = Callable[[Trajectory], Floats]


def trivial_models(trained: Sequence[Trajectory], held_out: Sequence[Trajectory]) -> list[TrivialModel]:
    """Fit trivial models to some runs and compare them with others, best first.

    Models of pulses only where there are any. A run that is in both is predicted from the others. ValueError if no
    held-out wall is there at a rest.
    """
    tests = [run for run in held_out if rest_samples(run).size]
    if not tests:
        raise ValueError("trivial_models: no held-out run has a rest at which its wall is there; hold others out")
    found = {"the wall stays where it starts": [-_moved(run) for run in tests]}
    pulses: dict[str, Drive] = {
        "every pulse moves the wall equally far": lambda run: np.sign(pulse_charges(run)),
        "every pulse moves the wall in proportion to its charge": pulse_charges,
    }
    for says, drive in pulses.items():
        steps = [_fitted_step([run for run in trained if run is not test], drive) for test in tests]
        known = [(step, test) for step, test in zip(steps, tests, strict=True) if step is not None]
        if len(known) == len(tests):
            found[says] = [step * np.cumsum(drive(test)) - _moved(test) for step, test in known]
    return best_first(found)


def pulse_charges(run: Trajectory) -> Floats:
    """Charge through a unit area between two rests, with its sign.

    The integral of the current density since the rest before, or the start, in C/m2, (rests,).
    """
    wave = run.current_density
    times, values = np.asarray(wave.times), np.asarray(wave.values)
    total = np.concatenate([[0.0], np.cumsum(np.diff(times) * (values[1:] + values[:-1]) / 2)])
    # Nothing flows at a rest, so that the integral is exact there.
    at = np.interp(np.concatenate([run.time[:1], run.time[rest_samples(run)]]), times, total)
    charges: Floats = np.diff(at)
    return charges


def _moved(run: Trajectory) -> Floats:
    moved: Floats = run.position[rest_samples(run)] - run.position[0]
    return moved


def _fitted_step(runs: Sequence[Trajectory], drive: Drive) -> float | None:
    """Least squares of where the walls rest over the summed drive; None without a drive."""
    x = np.concatenate([np.empty(0), *(np.cumsum(drive(run)) for run in runs)])
    y = np.concatenate([np.empty(0), *(_moved(run) for run in runs)])
    return float(x @ y / (x @ x)) if np.any(x) else None
