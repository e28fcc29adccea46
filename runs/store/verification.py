"""Verifying a store: every file of every entry is read again and compared with its record."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from runs.store.entry import RECORD, SEAL, files_in, files_of, read_record, sha256
from runs.store.errors import CorruptEntryError, StoreFormatError
from runs.store.folder import Store
from runs.store.names import CAMPAIGNS, SET_ASIDE, is_run_id

__all__ = ["Finding", "set_aside_corrupt", "verify", "verify_entry"]


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written.

    Parameters
    ----------
    run_id : str
        The run; empty for what lies in the store and belongs to no run.
    path : pathlib.Path
        The file or folder.
    problem : {"missing", "size", "content", "record", "format", "foreign"}
        What is wrong with it. A foreign file harms no run; a format is one that only a newer
        workbench reads. All others make a run unusable.
    text : str
        The same in words.
    """

    run_id: str
    path: Path
    problem: Literal["missing", "size", "content", "record", "format", "foreign"]
    text: str

    @property
    def corrupt(self) -> bool:
        """Whether the run is unusable."""
        return self.problem in ("missing", "size", "content", "record")


def verify(
    store: Store, run_ids: Iterable[str] | None = None, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Iterator[Finding]:
    """Read every file of every entry again, and say what is not as it was written.

    Parameters
    ----------
    store : Store
        The store; nothing in it is changed.
    run_ids : iterable of str, optional
        Look at these runs only.
    progress : callable
        Called with the number of entries that are done and of all.

    Yields
    ------
    Finding
        Nothing if all is well. Files of store format 1 have no SHA-256: of them the size is
        compared.
    """
    if run_ids is None:
        yield from _foreign_in_store(store.root)
    ids = store.ids() if run_ids is None else list(run_ids)
    for number, run_id in enumerate(ids, start=1):
        findings = list(verify_entry(store, run_id))
        # It may have been removed, or set aside, while its files were read.
        if store.entry(run_id).is_dir():
            yield from findings
        progress(number, len(ids))


def verify_entry(store: Store, run_id: str) -> Iterator[Finding]:
    """Compare every file of one entry with its record."""
    entry = store.entry(run_id)
    try:
        files = files_of(read_record(entry, run_id), run_id)
    except CorruptEntryError as error:
        yield Finding(run_id, entry / RECORD, "record", str(error))
        return
    except StoreFormatError as error:
        yield Finding(run_id, entry / RECORD, "format", str(error))
        return
    for name, file in files.items():
        path = entry / name
        try:
            size = path.stat().st_size
            if size != file.size:
                text = f"has {size} bytes, but {file.size} were written"
                yield Finding(run_id, path, "size", f"run {run_id}: {name} {text}")
            elif file.sha256 is not None and sha256(path) != file.sha256:
                yield Finding(run_id, path, "content", f"run {run_id}: {name} is not what was written (SHA-256)")
        except FileNotFoundError:
            yield Finding(run_id, path, "missing", f"run {run_id}: {name} is missing")
        except OSError as error:
            yield Finding(run_id, path, "content", f"run {run_id}: {name} cannot be read ({error.strerror})")
    for name in files_in(entry):
        if name not in files and name not in (RECORD, SEAL):
            yield Finding(run_id, entry / name, "foreign", f"run {run_id}: {name} was not written with it")


def set_aside_corrupt(store: Store, run_id: str) -> Path | None:
    """Move an entry out of the way if it is corrupt, and return where it is now.

    The run is claimed and verified again first, so that a whole run that another process has
    put there meanwhile stays. None if the entry is well, gone, or claimed by another process.
    """
    with store.claim(run_id) as mine:
        if not mine or not store.entry(run_id).is_dir():
            return None
        corrupt = [finding.text for finding in verify_entry(store, run_id) if finding.corrupt]
        return store.set_aside(run_id, "\n".join(corrupt)) if corrupt else None


def _foreign_in_store(root: Path) -> Iterator[Finding]:
    try:
        names = sorted(os.listdir(root))
    except FileNotFoundError:
        return
    for name in names:
        known = name.startswith(".") or name in (CAMPAIGNS, SET_ASIDE) or (is_run_id(name) and (root / name).is_dir())
        if not known:
            yield Finding("", root / name, "foreign", f"{root / name} is no run and no part of the store")
