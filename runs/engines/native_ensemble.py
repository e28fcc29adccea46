"""Ensembles with `runs.native`: members in batches, each batch kept on the disk once it is done."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geometries.plain_files import read_json
from runs.dataset import ensemble_dataset
from runs.engines import EngineFailedError, Limits, WallTimeError
from runs.engines.memory import refuse_more_than_free
from runs.engines.native_window import rest_in_track, stray_field_term
from runs.system import build_system
from runs.whole_files import write_whole, write_whole_by

if TYPE_CHECKING:
    import micromagneticmodel as mm
    import xarray as xr

    import runs.native as nc
    from runs.spec import RunSpec

__all__ = ["driven_system", "simulate_ensemble", "thermal_field"]

BATCH = 64
"""Members that are computed together, shared among the cores: what an interruption loses is one batch."""
COPIES = 3
"""Copies of the kept data in memory at once: as computed, put together, and written."""
RECORD = "resume.json"

Arrays = dict[str, npt.NDArray[Any]]


def driven_system(spec: RunSpec) -> mm.System:
    """The system of a spec with its drive, relaxed before if the protocol asks for it; a window, in its track."""
    import runs.native as nc

    initial, windowed = build_system(spec, drive=False), spec.protocol.window is not None
    if spec.protocol.relaxes and windowed:
        rest_in_track(initial, spec.numerics.stopping_torque)
    elif spec.protocol.relaxes:
        nc.MinDriver(stopping_mxHxm=spec.numerics.stopping_torque).drive(initial, save=False, verbose=0)
    system = build_system(spec, drive=True, time_dependence="function")
    system.m.array = initial.m.array
    if windowed:
        system.energy += stray_field_term(initial)
    return system


def thermal_field(spec: RunSpec, seed: int) -> nc.ThermalField:
    """The thermal field of a spec above 0 K."""
    import runs.native as nc

    profile = spec.protocol.temperature_profile
    return nc.ThermalField(
        seed=seed,
        time_step=spec.numerics.thermal_time_step,
        temperature=profile.peak,
        func=profile * (1 / profile.peak),
        # What was short enough when it was cold may be too long later.
        check="frames",
    )


def simulate_ensemble(
    spec: RunSpec, directory: Path, progress: Callable[[float], None], limits: Limits, version: str
) -> xr.Dataset:
    """Run every member of a spec's ensemble.

    Members go in batches. A batch that is done lies in `directory`, beside `resume.json`, which names whose it is;
    another attempt with the same version of the engine goes on from there. An EngineFailedError if the ensemble does
    not fit into this machine's memory (before anything is computed), or a member fails; a WallTimeError at the limit:
    what is done is kept.
    """
    ensemble = spec.ensemble
    assert ensemble is not None
    started, members = time.monotonic(), ensemble.members
    _check_memory(spec)
    number = math.ceil(members / BATCH)
    size = math.ceil(members / number)
    done, resumed = _done_before(spec, directory, version, size)
    record = json.dumps({"run_id": spec.run_id, "version": version, "size": size, "resumed": resumed})
    if resumed:
        write_whole(directory / RECORD, record)
    try:
        system = driven_system(spec) if len(done) < number else None
        for batch in range(number):
            path = directory / f"members-{batch}.npz"
            if system is None or batch in done:
                continue

            def report(share: float, batch: int = batch) -> None:
                fraction = (batch + share) / number
                if limits.wall_time is not None and time.monotonic() - started > limits.wall_time:
                    raise WallTimeError(
                        f"run {spec.run_id}: its wall-clock limit of {limits.wall_time:g} s was reached at "
                        f"{100 * fraction:.3g} % of its {members} members; the {batch * size} that are done are kept: "
                        "run it again to go on, or give it a longer limit"
                    )
                progress(fraction)

            # The last batch is filled up, so that all are of one size and compiled once.
            places = np.minimum(np.arange(batch * size, (batch + 1) * size), members - 1)
            of_batch = _evolve(spec, system, places, report)
            kept = min(size, members - batch * size)
            _write_arrays(path, {name: values[:kept] for name, values in of_batch.items()})
            write_whole(directory / RECORD, record)
    except EngineFailedError:
        raise
    except (RuntimeError, ValueError) as error:
        raise EngineFailedError(f"run {spec.run_id}: the native engine failed: {error}") from error
    parts = [_read_arrays(directory / f"members-{batch}.npz") for batch in range(number)]
    together = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return ensemble_dataset(spec, together, {"engine": "native", "engine_version": version, "resumed": resumed})


def _evolve(spec: RunSpec, system: mm.System, places: npt.NDArray[np.int64], report: Callable[[float], None]) -> Arrays:
    """Run some members: the magnetisation in the magnet (members, t, cells, 3) or its mean, and the energy."""
    import runs.native as nc

    assert spec.ensemble is not None
    mask, states = spec.device.mask(), spec.ensemble.keep == "states"
    first = thermal_field(spec, 0)
    seeds = spec.ensemble.seeds(spec.protocol.thermal_seed)[places]
    fields = [replace(first, seed=int(seed)) for seed in seeds]

    def measure(m: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
        inside = m[mask]
        return inside.astype(np.float32) if states else inside.mean(axis=0)

    m, table = nc.evolve_ensemble(
        [system] * len(places), spec.protocol.frames().values, report, measure=measure, thermal=fields
    )
    return {"m": m, "energy": table["E"].to_numpy().reshape(len(places), -1)}


def _check_memory(spec: RunSpec) -> None:
    """Refuse an ensemble whose results do not fit this machine's memory."""
    assert spec.ensemble is not None
    frames = spec.protocol.frame_count
    remedy = "keep means" if spec.ensemble.keep == "states" else "make several ensembles with other seeds"
    refuse_more_than_free(
        spec,
        f"{spec.ensemble.members} members of {frames} frames",
        COPIES * spec.ensemble.size(frames, math.prod(spec.device.shape)),
        f"{remedy}, or fewer members or frames",
    )


def _done_before(spec: RunSpec, directory: Path, version: str, size: int) -> tuple[set[int], int]:
    """Batches that an earlier attempt has left, and how many attempts have gone on from them, this one included."""
    try:
        record = read_json(directory / RECORD)
    except (OSError, ValueError):
        return set(), 0
    if {name: record.get(name) for name in ("run_id", "version", "size")} != {
        "run_id": spec.run_id,
        "version": version,
        "size": size,
    }:
        return set(), 0
    done = {int(path.stem.rpartition("-")[2]) for path in directory.glob("members-*.npz")}
    return done, int(record["resumed"]) + 1


def _write_arrays(path: Path, arrays: Arrays) -> None:
    def write(unfinished: Path) -> None:
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]

    write_whole_by(path, write)


def _read_arrays(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
