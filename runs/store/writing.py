"""Writing an entry: beside, brought to the disk, renamed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.schema_version import SCHEMA_VERSION
from runs.store.array_description import LARGEST_CHUNK
from runs.store.arrays import ARRAYS, check_arrays
from runs.store.entry import FORMAT, RECORD, SEAL, StoredFile, files_in, seal, sha256
from runs.store.errors import CorruptEntryError, store_error
from runs.whole_files import discard, make_directory, synchronise

if TYPE_CHECKING:
    import xarray as xr

    from runs.spec import RunSpec

__all__ = ["discard_unfinished", "write_entry"]

_FRAMES_A_CHUNK = 32


def write_entry(root: Path, spec: RunSpec, run: xr.Dataset, wall_time: float) -> None:
    """Write a run, which took so many seconds, whole. If an entry is there already it is kept and this one dropped.

    A StoreFullError or StoreNotWritableError if there is no room, or no leave, for it. What was written of it is
    removed.
    """
    entry = root / spec.run_id
    unfinished = root / f".unfinished-{spec.run_id}-{uuid.uuid4().hex[:8]}"
    try:
        make_directory(unfinished)
        _fill(unfinished, spec, run, wall_time)
        # Renaming onto a folder that exists fails: whoever came first stays.
        try:
            unfinished.rename(entry)
        except OSError:
            if not entry.is_dir():
                raise
        synchronise(root)
    except BaseException as error:
        _let_zarr_finish()
        if isinstance(error, OSError):
            raise store_error(error, root, f"run {spec.run_id} could not be written") from error
        raise
    finally:
        discard(unfinished)


def _let_zarr_finish() -> None:
    """Wait for the chunks that zarr is still writing after one has failed: they would bring back a removed folder."""
    from zarr.core.sync import sync

    async def wait_for_the_others() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others)

    sync(wait_for_the_others())


def discard_unfinished(root: Path, run_id: str) -> None:
    """Remove what processes that were killed while they wrote a run have left. The caller has claimed the run."""
    for unfinished in root.glob(f".unfinished-{run_id}-*"):
        discard(unfinished)


# It looks through the path and reads a file each time, and a campaign may write some thousand runs.
_version = cache(version)


def _fill(folder: Path, spec: RunSpec, run: xr.Dataset, wall_time: float) -> None:
    # Imported here: it imports Zarr.
    from runs.store.writing_in_place import InPlaceStore

    (folder / "spec.json").write_text(spec.model_dump_json(indent=2) + "\n", "utf-8")
    # Zarr 3 has no stable form for text coordinates; `Store.open` puts these three letters back.
    stored = run.drop_vars("vdims")
    # By name: what Zarr takes by default is a matter of its version and its settings, and nothing else is opened again.
    encoding: dict[Any, dict[str, Any]] = {
        name: {
            "chunks": tuple(max(1, size) for size in variable.shape),
            "compressors": [{"name": "zstd", "configuration": {"level": 0, "checksum": False}}],
        }
        for name, variable in stored.variables.items()
    }
    # In an ensemble the states of a member lie together; it may have none.
    if "m" in run:
        m = run["m"].variable if "member" not in run["m"].dims else run["m"].variable.isel(member=0)
        frames = min(_FRAMES_A_CHUNK, m.shape[0], max(1, LARGEST_CHUNK // m[0].nbytes))
        encoding["m"]["chunks"] = (*[1] * (run["m"].ndim - m.ndim), frames, *m.shape[1:])
    options: dict[str, Any] = {"consolidated": False, "zarr_format": 3, "write_empty_chunks": True}
    stored.to_zarr(InPlaceStore(folder / ARRAYS), encoding=encoding, **options)
    files = {name: StoredFile((folder / name).stat().st_size, sha256(folder / name)) for name in files_in(folder)}
    try:
        check_arrays(folder, spec.run_id, files)
    except CorruptEntryError as error:
        raise ValueError(f"engine {spec.engine!r} returned what the store does not keep: {error}") from error
    record = {
        "format": FORMAT,
        "run_id": spec.run_id,
        "schema": SCHEMA_VERSION,
        "engine": run.attrs["engine"],
        "engine_version": run.attrs["engine_version"],
        **{name: int(run.attrs[name]) for name in ("threads", "resumed") if name in run.attrs},
        "workbench_version": _version("soliton-workbench"),
        "python": ".".join(map(str, sys.version_info[:3])),
        "packages": {name: _version(name) for name in ("oommfc", "discretisedfield", "numpy", "jax")},
        "wall_time": wall_time,
        # In field steps no time passes.
        "simulated_time": float(run["t"][-1]) if "t" in run.dims else 0.0,
        "files": {name: asdict(file) for name, file in files.items()},
    }
    content = (json.dumps(record, indent=2) + "\n").encode()
    (folder / RECORD).write_bytes(content)
    (folder / SEAL).write_text(seal(content), "utf-8")
    # Before the rename that vouches for them: every file, every list of names. A journal takes many at once.
    everything = [Path(directory, name) for directory, _, names in os.walk(folder) for name in (*names, ".")]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(synchronise, everything))
