"""The native engine: `runs.native` behind the engine interface."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version as distribution_version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from runs.dataset import run_dataset
from runs.engines import DEFAULT_LIMITS, EngineFailedError, Limits, WallTimeError
from runs.engines.memory import check_run
from runs.engines.native_ensemble import driven_system, simulate_ensemble, thermal_field
from runs.engines.native_frames import record_frames
from runs.engines.native_window import FOLLOWED, field_left_out
from runs.system import build_system

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from runs.spec import RunSpec

__all__ = ["RUNS_ENSEMBLES", "simulate", "version"]

RUNS_ENSEMBLES = True
"""A spec may have an ensemble."""
BYTES_IN_TIME, BYTES_AT_REST = 1500, 2000
"""For a cell of the mesh, in time and in field steps, as measured with a million cells."""
BYTES_OF_FRAME = 60
"""For a cell in a frame: in double precision as it came, together with the others, and in single precision."""


def version() -> str:
    """Version of the workbench and of JAX, which together make the native engine's numbers."""
    return f"{distribution_version('soliton-workbench')} (JAX {distribution_version('jax')}, {platform.machine()})"


def simulate(
    spec: RunSpec,
    directory: Path,
    progress: Callable[[float], None],
    limits: Limits = DEFAULT_LIMITS,
) -> xr.Dataset:
    """Relax and drive the spec's system in memory. It keeps the limit on wall time, checked from frame to frame.

    An ensemble is gone on with after an interruption, from the last batch of members that `directory` holds.
    """
    if spec.ensemble is not None:
        return simulate_ensemble(spec, directory, progress, limits, version())
    started, frames, steps = time.monotonic(), spec.protocol.frames().values, spec.protocol.rest_fields
    check_run(spec, BYTES_IN_TIME if steps is None else BYTES_AT_REST, BYTES_OF_FRAME)
    length, unit = (frames[-1], "s") if steps is None else (len(steps), "field steps")

    def report(done: float) -> None:
        if limits.wall_time is not None and time.monotonic() - started > limits.wall_time:
            raise WallTimeError(
                f"run {spec.run_id}: its wall-clock limit of {limits.wall_time:g} s was reached at {done:.4g} of "
                f"{length:.4g} {unit}; the native engine keeps no checkpoint: give it a longer limit"
            )
        progress(done / length)

    try:
        if steps is None:
            m, energy, window, lag = _in_time(spec, frames, report, record_frames(directory, frames))
        else:
            left, window, lag = record_frames(directory, frames), None, {}
            m, energy = (
                _through_other_states(spec, report, left)
                if spec.protocol.way_through
                else _in_field_steps(spec, steps, report, left)
            )
    except EngineFailedError:
        raise
    except (RuntimeError, ValueError) as error:
        raise EngineFailedError(f"run {spec.run_id}: the native engine failed: {error}") from error
    return run_dataset(spec, m, energy, {"engine": "native", "engine_version": version(), **lag}, window)


Left = Callable[[npt.NDArray[np.floating], float], None]
Frames = tuple[npt.NDArray[np.floating], npt.NDArray[np.float64]]


def _in_time(
    spec: RunSpec, times: npt.NDArray[np.float64], report: Callable[[float], None], left: Left
) -> tuple[*Frames, npt.NDArray[np.float64] | None, dict[str, float]]:
    """Frames, energies, and of a moving window how far it has moved, and what its stray field leaves out."""
    import runs.native as nc

    protocol = spec.protocol
    followed = None if protocol.window is None else FOLLOWED[protocol.window.follow]
    system = driven_system(spec)
    thermal = thermal_field(spec, protocol.thermal_seed) if protocol.temperature_profile.peak else None
    frames, keep = _kept(left)
    _, table = nc.evolve(system, times, progress=report, thermal=thermal, moving_window=followed, keep=keep)
    m, energy = np.stack(frames), table["E"].to_numpy()
    if followed is None:
        return m, energy, None, {}
    return m, energy, table["window_position"].to_numpy(), {"outside_field_left_out": field_left_out(system, m)}


def _in_field_steps(
    spec: RunSpec, fields: npt.NDArray[np.float64], report: Callable[[float], None], left: Left
) -> Frames:
    import runs.native as nc

    system = build_system(spec, drive=True, time_dependence="function")
    frames, keep = _kept(left)
    _, table = nc.hysteresis(
        system,
        fields,
        times=np.arange(len(fields)),
        stopping_mxHxm=spec.numerics.stopping_torque,
        progress=report,
        keep=keep,
    )
    return np.stack(frames), table["E"].to_numpy()


def _through_other_states(spec: RunSpec, report: Callable[[float], None], left: Left) -> Frames:
    """Frames and energies on a way of least energy; NaN beside a state that does not come to rest, or on no way."""
    import runs.native as nc
    from runs.native.rest.string_method import least_energy_path

    protocol, system = spec.protocol, build_system(spec, drive=False)
    frames: list[npt.NDArray[np.floating]] = []
    energies: list[float] = []
    for number, start in enumerate((spec.device, *protocol.way_through)):
        system.m = build_system(spec.model_copy(update={"device": start}), drive=False).m
        # One hill of many that is not known is no reason to lose the others.
        try:
            at_rest, table = nc.minimise(system, stopping_mxHxm=spec.numerics.stopping_torque)
            way, energy = at_rest[None], table["E"].to_numpy()
        except nc.MinimisationError as error:
            at_rest = error.magnetisation
            way, energy = at_rest[None], np.array([np.nan])
        if number:
            way = protocol.guessed_way(np.asarray(frames[-1], dtype=np.float64), at_rest)
            ends = np.array([energies[-1], energy[-1]])
            energy = np.r_[ends[0], np.full(len(way) - 2, np.nan), ends[1]]
            if np.isfinite(ends).all():
                with suppress(nc.MinimisationError):
                    way, energy = least_energy_path(system, way, progress=lambda _: report(len(frames)))
            way, energy = way[1:], energy[1:]
        for each, joule in zip(way, energy, strict=True):
            frames.append(each)
            energies.append(float(joule))
            left(each, energies[-1])
        report(len(frames))
    return np.stack(frames), np.array(energies)


def _kept(left: Left) -> tuple[list[npt.NDArray[np.floating]], Callable[[np.ndarray, pd.DataFrame], None]]:
    """A list that fills with frames as they come, and what fills it; each is also left for whoever watches the run."""
    frames: list[npt.NDArray[np.floating]] = []

    def keep(frame: np.ndarray, row: pd.DataFrame) -> None:
        frames.append(frame)
        left(frame, float(row["E"].iloc[-1]))

    return frames, keep
