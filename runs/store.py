"""The run store: every run once, whole or not at all.

A store is a folder with an entry for every run, named by the run's id::

    <store>/<run_id>/spec.json         the spec, in full
                     provenance.json   engine, versions, wall time, size of every file
                     run.zarr          the run Dataset, chunked along t, compressed

An entry is written beside the store's entries and renamed when it is complete. An
existing entry is never written again. One that lacks a byte is set aside with the
reason, never read and never deleted.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xarray as xr

from runs.spec import RunSpec

__all__ = ["CorruptEntryError", "Store", "StoreNotWritableError", "open_run"]

_FRAMES_A_CHUNK = 32


class StoreNotWritableError(RuntimeError):
    """The store's folder cannot be written; names it and the reason."""


class CorruptEntryError(RuntimeError):
    """An entry of the store is not what was written; names it and what is wrong."""


@dataclass(frozen=True)
class Store:
    """A folder of runs.

    Parameters
    ----------
    root : pathlib.Path
        The folder. It is made on first writing.
    """

    root: Path

    def entry(self, run_id: str) -> Path:
        """Folder of a run, whether it exists or not."""
        return self.root / run_id

    def work_directory(self, run_id: str) -> Path:
        """Make and return a private scratch folder for a run that is being computed."""
        directory = self.root / ".work" / f"{run_id}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        directory.mkdir(parents=True)
        return directory

    def check_writable(self) -> None:
        """Raise `StoreNotWritableError` unless a file can be made in the store."""
        probe = self.root / f".probe-{uuid.uuid4().hex[:8]}"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise StoreNotWritableError(
                f"store {str(self.root)!r} is not writable: {error.strerror or error}; name another with '--store DIR'"
            ) from error

    def ids(self) -> list[str]:
        """Ids of all entries, in order."""
        if not self.root.is_dir():
            return []
        return sorted(path.name for path in self.root.iterdir() if (path / "provenance.json").is_file())

    def provenance(self, run_id: str) -> dict[str, Any]:
        """What made an entry.

        Raises
        ------
        KeyError
            If there is no such entry.
        CorruptEntryError
            If a file of it is missing or has another size than was written.
        """
        entry = self.entry(run_id)
        if not entry.is_dir():
            raise KeyError(f"run {run_id!r} is not in store {str(self.root)!r}; 'solitons list' shows what is")
        try:
            record: dict[str, Any] = json.loads((entry / "provenance.json").read_text("utf-8"))
            files: Mapping[str, int] = record["files"]
        except (OSError, ValueError, KeyError) as error:
            raise CorruptEntryError(f"run {run_id}: provenance.json cannot be read ({error})") from error
        for name, size in files.items():
            path = entry / name
            if not path.is_file():
                raise CorruptEntryError(f"run {run_id}: {name} is missing")
            if path.stat().st_size != size:
                raise CorruptEntryError(
                    f"run {run_id}: {name} has {path.stat().st_size} bytes, but {size} were written"
                )
        return record

    def holds(self, run_id: str) -> bool:
        """Whether there is a whole entry; one that is not whole raises `CorruptEntryError`."""
        if not self.entry(run_id).is_dir():
            return False
        self.provenance(run_id)
        return True

    def set_aside(self, run_id: str, reason: str) -> Path:
        """Move an entry out of the way, with the reason beside it, and return where it is now."""
        target = self.root / "set-aside" / f"{run_id}-{uuid.uuid4().hex[:6]}"
        target.parent.mkdir(exist_ok=True)
        self.entry(run_id).rename(target)
        (target.parent / f"{target.name}.reason.txt").write_text(reason + "\n", "utf-8")
        return target

    def write(self, spec: RunSpec, run: xr.Dataset, wall_time: float) -> None:
        """Write a run whole. If an entry is there already it is kept and this one dropped."""
        unfinished = self.root / f".unfinished-{spec.run_id}-{uuid.uuid4().hex[:8]}"
        try:
            unfinished.mkdir(parents=True)
            (unfinished / "spec.json").write_text(spec.model_dump_json(indent=2) + "\n", "utf-8")
            frames = min(_FRAMES_A_CHUNK, run.sizes["t"])
            encoding = {"m": {"chunks": (frames, *run["m"].shape[1:])}}
            # Zarr 3 has no stable form for text coordinates; `open` puts these three letters back.
            run.drop_vars("vdims").to_zarr(
                unfinished / "run.zarr", encoding=encoding, consolidated=False, zarr_format=3
            )
            files = {
                str(path.relative_to(unfinished)): path.stat().st_size
                for path in sorted(unfinished.rglob("*"))
                if path.is_file()
            }
            record = {
                "run_id": spec.run_id,
                "engine": run.attrs["engine"],
                "engine_version": run.attrs["engine_version"],
                "workbench_version": version("soliton-workbench"),
                "python": ".".join(map(str, sys.version_info[:3])),
                "packages": {name: version(name) for name in ("oommfc", "discretisedfield", "numpy", "jax")},
                "wall_time": wall_time,
                "simulated_time": float(run["t"][-1]),
                "files": files,
            }
            (unfinished / "provenance.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
            _synchronise(unfinished)
            # Renaming onto a folder that exists fails: whoever came first stays.
            try:
                unfinished.rename(self.entry(spec.run_id))
            except OSError:
                if not self.entry(spec.run_id).is_dir():
                    raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def open(self, run_id: str) -> xr.Dataset:
        """The run Dataset of an entry, lazy, its frames chunked along t."""
        self.provenance(run_id)
        # Zarr fills what it does not find with NaN; `provenance` has checked that nothing is missing.
        run: xr.Dataset = xr.open_zarr(self.entry(run_id) / "run.zarr", consolidated=False)
        return run.assign_coords(vdims=["x", "y", "z"])


def _synchronise(directory: Path) -> None:
    """Bring files to the disk before the rename that vouches for them."""
    for path in [*directory.rglob("*"), directory]:
        if os.name == "nt" and path.is_dir():
            continue
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open_run(run_id: str, store: str | Path) -> xr.Dataset:
    """Open a stored run lazily.

    Parameters
    ----------
    run_id : str
        Its id, or the first digits of it if no other begins so.
    store : str or pathlib.Path
        The store's folder.

    Returns
    -------
    xarray.Dataset
        ``m (t, x, y, z, vdims)`` and the table's columns over ``t``; frames are
        read when they are asked for.

    Raises
    ------
    KeyError
        If no entry, or more than one, begins with `run_id`.
    CorruptEntryError
        If the entry is not what was written.
    """
    folder = Store(Path(store))
    matches = [name for name in folder.ids() if name.startswith(run_id)]
    if len(matches) != 1:
        found = f"{len(matches)} runs begin so" if matches else "there is none"
        raise KeyError(f"run {run_id!r} in store {str(store)!r}: {found}; 'solitons list' shows what is")
    return folder.open(matches[0])
