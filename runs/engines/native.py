"""The native engine: `runs.native` behind the engine interface."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import version as distribution_version
from pathlib import Path

import xarray as xr

from runs.dataset import run_dataset
from runs.engines import EngineFailedError
from runs.spec import RunSpec
from runs.system import build_system

__all__ = ["simulate", "version"]


def version() -> str:
    """Version of the workbench and of JAX, which together make the native engine's numbers."""
    return f"{distribution_version('soliton-workbench')} (JAX {distribution_version('jax')}, {platform.machine()})"


def simulate(spec: RunSpec, directory: Path, progress: Callable[[float], None]) -> xr.Dataset:  # noqa: ARG001
    """Relax and drive the spec's system in memory."""
    import runs.native as nc

    try:
        initial = build_system(spec, drive=False)
        if spec.protocol.relaxes:
            nc.MinDriver(stopping_mxHxm=spec.numerics.stopping_torque).drive(initial, save=False, verbose=0)
        system = build_system(spec, drive=True, time_dependence="function")
        system.m.array = initial.m.array
        times = spec.protocol.sample_times
        m, table = nc.simulate(system, times, progress=lambda time: progress(time / times[-1]))
    except (RuntimeError, ValueError) as error:
        raise EngineFailedError(f"run {spec.run_id}: the native engine failed: {error}") from error
    return run_dataset(spec, m, table["E"].to_numpy(), {"engine": "native", "engine_version": version()})
