"""The native engine: `runs.native` behind the engine interface."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from importlib.metadata import version as distribution_version
from pathlib import Path

import xarray as xr

from runs.dataset import run_dataset
from runs.engines import DEFAULT_LIMITS, EngineFailedError, Limits, WallTimeError
from runs.spec import RunSpec
from runs.system import build_system

__all__ = ["simulate", "version"]


def version() -> str:
    """Version of the workbench and of JAX, which together make the native engine's numbers."""
    return f"{distribution_version('soliton-workbench')} (JAX {distribution_version('jax')}, {platform.machine()})"


def simulate(
    spec: RunSpec,
    directory: Path,  # noqa: ARG001
    progress: Callable[[float], None],
    limits: Limits = DEFAULT_LIMITS,
) -> xr.Dataset:
    """Relax and drive the spec's system in memory. Of the limits the wall time is kept, from frame to frame."""
    import runs.native as nc

    started, times = time.monotonic(), spec.in_time.sample_times

    def report(simulated: float) -> None:
        if limits.wall_time is not None and time.monotonic() - started > limits.wall_time:
            raise WallTimeError(
                f"run {spec.run_id}: its wall-clock limit of {limits.wall_time:g} s was reached at "
                f"{simulated:.4g} s of {times[-1]:.4g} s; the native engine keeps no checkpoint: give it a longer limit"
            )
        progress(simulated / times[-1])

    try:
        initial = build_system(spec, drive=False)
        if spec.in_time.relaxes:
            nc.MinDriver(stopping_mxHxm=spec.numerics.stopping_torque).drive(initial, save=False, verbose=0)
        system = build_system(spec, drive=True, time_dependence="function")
        system.m.array = initial.m.array
        m, table = nc.simulate(system, times, progress=report)
    except EngineFailedError:
        raise
    except (RuntimeError, ValueError) as error:
        raise EngineFailedError(f"run {spec.run_id}: the native engine failed: {error}") from error
    return run_dataset(spec, m, table["E"].to_numpy(), {"engine": "native", "engine_version": version()})
