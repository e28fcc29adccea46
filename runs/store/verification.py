"""Verifying a store: every file of every entry is read again and compared with its record."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geometries.plain_files import kind_of, unlinked_opener
from runs.store.arrays import ARRAYS, CHUNK_START, CheckedArrays, check_arrays, chunk_problem
from runs.store.entry import RECORD, SEAL, StoredFile, files_in, files_of, link_in, read_record, sha256
from runs.store.errors import CorruptEntryError, StoreFormatError
from runs.store.folder import Store
from runs.store.names import CAMPAIGNS, SET_ASIDE, is_run_id

__all__ = ["Finding", "set_aside_corrupt", "verify", "verify_entry"]


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written; `text` has it in words.

    `run_id` is empty for what lies in the store and belongs to no run. `problem` is "missing", "size", "content",
    "link" (a symbolic link or another thing that is no plain file), "arrays" (such as this workbench does not write and
    does not open), "record", "format" or "foreign". A foreign file harms no run; a format is one that only a newer
    workbench reads. All others make a run unusable.
    """

    run_id: str
    path: Path
    problem: Literal["missing", "size", "content", "link", "arrays", "record", "format", "foreign"]
    text: str

    @property
    def corrupt(self) -> bool:
        """Whether the run is unusable."""
        return self.problem not in ("format", "foreign")


def verify(
    store: Store, run_ids: Iterable[str] | None = None, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Iterator[Finding]:
    """Read every file of every entry, or of these runs, again, and yield what is not as it was written.

    Nothing in the store is changed. `progress` is called with the number of entries that are done and of all. Files of
    store format 1 have no SHA-256: of them the size is compared.
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
    """Compare every file of one entry with its record, and its arrays with what this workbench writes."""
    entry = store.entry(run_id)
    try:
        files = files_of(read_record(entry, run_id), run_id)
    except CorruptEntryError as error:
        yield Finding(run_id, entry / RECORD, "record", str(error))
        return
    except StoreFormatError as error:
        yield Finding(run_id, entry / RECORD, "format", str(error))
        return
    link = link_in(entry, files)
    if link is not None:
        text = f"run {run_id}: {entry if link == '.' else link} is a symbolic link, and no entry has one"
        yield Finding(run_id, entry / link, "link", text)
        return
    findings = [finding for name, file in files.items() if (finding := _compare(entry, run_id, name, file))]
    yield from findings
    if not findings:
        try:
            checked = check_arrays(entry, run_id, files)
        except CorruptEntryError as error:
            yield Finding(run_id, entry / ARRAYS, "arrays", str(error))
        else:
            yield from _packed_chunks(entry, run_id, checked)
    for name in files_in(entry):
        if name not in files and name not in (RECORD, SEAL):
            yield Finding(run_id, entry / name, "foreign", f"run {run_id}: {name} was not written with it")


def _compare(entry: Path, run_id: str, name: str, file: StoredFile) -> Finding | None:
    path = entry / name
    try:
        status = path.lstat()
        if kind := kind_of(status.st_mode):
            return Finding(run_id, path, "link", f"run {run_id}: {name} is {kind}, not a file")
        if status.st_size != file.size:
            text = f"has {status.st_size} bytes, but {file.size} were written"
            return Finding(run_id, path, "size", f"run {run_id}: {name} {text}")
        if file.sha256 is not None and sha256(path) != file.sha256:
            return Finding(run_id, path, "content", f"run {run_id}: {name} is not what was written (SHA-256)")
    except FileNotFoundError:
        return Finding(run_id, path, "missing", f"run {run_id}: {name} is missing")
    except OSError as error:
        return Finding(run_id, path, "content", f"run {run_id}: {name} cannot be read ({error.strerror})")
    return None


def _packed_chunks(entry: Path, run_id: str, checked: CheckedArrays) -> Iterator[Finding]:
    for name, size in checked.chunk_sizes.items():
        path = entry / ARRAYS / name
        with open(path, "rb", opener=unlinked_opener) as stream:
            problem = chunk_problem(stream.read(CHUNK_START), size)
        if problem:
            yield Finding(run_id, path, "arrays", f"run {run_id}: {ARRAYS}{name} {problem}")


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
