"""A made-up engine for tests of everything but physics: a rigid wall that follows the current.

The wall moves with the electrons at the Zhang-Li drift velocity and stops one
wall width before the stripe's ends. It takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import xarray as xr
from scipy.integrate import cumulative_trapezoid

from runs.dataset import run_dataset
from runs.engines import DEFAULT_LIMITS, Limits
from runs.spec import RunSpec
from runs.system import drift_velocity

__all__ = ["simulate", "version"]


def version() -> str:
    """Version of the mock engine."""
    return "1"


def simulate(
    spec: RunSpec,
    directory: Path,  # noqa: ARG001
    progress: Callable[[float], None],
    limits: Limits = DEFAULT_LIMITS,  # noqa: ARG001
) -> xr.Dataset:
    """Shift the initial magnetisation rigidly along x with the drift velocity."""
    times = spec.in_time.sample_times
    fine = np.linspace(0.0, times[-1], 20 * (times.size - 1) + 1)
    velocity = drift_velocity(spec.material, 1.0) * spec.in_time.current_density(fine)
    shift = cumulative_trapezoid(velocity, fine, initial=0.0)[::20]
    initial = np.nan_to_num(spec.device.initial_magnetisation(spec.material), nan=0.0)
    cells = np.clip(np.rint(shift / spec.device.cell[0]).astype(int), -initial.shape[0], initial.shape[0])
    columns = np.clip(np.arange(initial.shape[0]) - cells[:, np.newaxis], 0, initial.shape[0] - 1)
    m = initial[columns]
    # A shifted column can lie where a notch was: fill it with the column's own mean direction.
    m = np.where(np.linalg.norm(m, axis=-1, keepdims=True) > 0, m, m.mean(axis=(2, 3), keepdims=True))
    progress(1.0)
    return run_dataset(spec, m, np.zeros(times.size), {"engine": "mock", "engine_version": version()})
