"""Cleaning a store: what killed processes left behind, and runs that are no longer wanted.

Whatever belongs to a run is removed only under the run's claim, so that nothing is taken
from a process that lives. Entries that were set aside are never removed.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from geometries.plain_files import read_text, unlinked_opener
from runs.store.campaign_records import readable_records
from runs.store.claims import LOCKS
from runs.store.errors import RunClaimedError
from runs.store.failures import FAILURES, forget_failure
from runs.store.folder import Store
from runs.store.names import CAMPAIGNS, SET_ASIDE, is_name
from runs.store.work import WORK, discard_work, is_resumable, run_of, work_directories
from runs.whole_files import UNFINISHED, discard, names_in, size_of, synchronise

__all__ = [
    "Leftover",
    "campaigns_with",
    "find_leftovers",
    "remove_leftovers",
    "remove_run",
    "runs_with_something",
    "set_aside_entries",
]

_REMOVED = ".removed-"
_UNFINISHED_ENTRY = ".unfinished-"


@dataclass(frozen=True)
class Leftover:
    """Something in a store that nobody needs any more: what it is in words, and its bytes.

    `run_id` is the run that it belongs to; empty if to none.
    """

    path: Path
    run_id: str
    what: str
    size: int


def find_leftovers(store: Store, *, everything: bool = False, age: float = 60.0) -> list[Leftover]:
    """Find what killed processes left behind. Nothing is changed.

    For runs that no process has claimed: unfinished entries, work directories (except those that a failure names for
    their logs or that can be gone on with), lock files, failures of runs that are stored since; and half-written small
    files. `everything` adds the logs of failed runs, and what interrupted runs would go on from; `age` is for how many
    seconds a file that belongs to no run must have been left alone.
    """
    found = list(_of_no_run(store.root, age))
    for run_id in sorted(runs_with_something(store.root)):
        if not store.is_claimed(run_id):
            found += _of_run(store, run_id, everything)
    return found


def remove_leftovers(store: Store, leftovers: list[Leftover], *, everything: bool = False) -> Iterator[Leftover]:
    """Remove what `find_leftovers` has found, and yield what is gone.

    Each run is claimed and looked at again first; what a process has taken up meanwhile stays.
    """
    for leftover in leftovers:
        if not leftover.run_id:
            with suppress(FileNotFoundError):
                leftover.path.unlink()
                yield leftover
    by_run: dict[str, list[Leftover]] = {}
    for leftover in leftovers:
        if leftover.run_id:
            by_run.setdefault(leftover.run_id, []).append(leftover)
    for run_id, asked in by_run.items():
        paths = {leftover.path for leftover in asked}
        with store.claim(run_id) as mine:
            if not mine:
                continue
            for leftover in _of_run(store, run_id, everything):
                if leftover.path in paths:
                    _remove(leftover.path)
                    if not leftover.path.exists():
                        yield leftover
        # The claim takes its lock file with it; a stale one was locked and removed just now.
        yield from (leftover for leftover in asked if leftover.path.parent.name == LOCKS and not leftover.path.exists())
    for name in (WORK, FAILURES, LOCKS, SET_ASIDE):
        with suppress(OSError):  # not empty, or not there
            (store.root / name).rmdir()


def remove_run(store: Store, run_id: str) -> int:
    """Remove a run's entry, its failures and its work directories, and return how many bytes that were.

    A KeyError if the run is not in the store, a RunClaimedError if it is being computed, a StoreNotWritableError if the
    store cannot be written.
    """
    with store.claim(run_id) as mine:
        if not mine:
            other = store.holder(run_id)
            raise RunClaimedError(
                f"run {run_id} in store {str(store.root)!r} is being computed by "
                f"{'another process' if other is None else other.process}; it was not removed"
            )
        entry = store.entry(run_id)
        if not entry.is_dir():
            raise KeyError(f"run {run_id!r} is not in store {str(store.root)!r}; 'solitons list' shows what is")
        size = size_of(entry)
        # Gone at once for every reader, and never half an entry.
        removed = store.root / f"{_REMOVED}{run_id}-{uuid.uuid4().hex[:8]}"
        entry.rename(removed)
        synchronise(store.root)
        discard(removed)
        forget_failure(store.root, run_id)
        for directory in work_directories(store.root, run_id):
            size += size_of(directory)
            discard_work(directory)
    return size


def campaigns_with(store: Store, run_id: str) -> tuple[list[str], list[str]]:
    """Names of the campaigns that have a run, each with its engine, and what is wrong with records that may have it."""
    records, problems = readable_records(store)
    return [f"{record.name} ({record.engine})" for record in records if run_id in record.run_ids], problems


def set_aside_entries(store: Store) -> list[tuple[Path, str]]:
    """Entries that were set aside, and why."""
    folder = store.root / SET_ASIDE
    entries = []
    for name in sorted(names_in(folder)):
        if not name.endswith(".reason.txt") and not name.startswith("."):
            reason = folder / f"{name}.reason.txt"
            entries.append((folder / name, _reason(reason)))
    return entries


def _reason(path: Path) -> str:
    try:
        return read_text(path, opener=unlinked_opener).strip()
    except (OSError, ValueError):
        return "not known"


def runs_with_something(root: Path) -> set[str]:
    """Ids of runs with anything in the store beside their entries."""
    names = {
        *(run_of(name) for name in names_in(root / WORK)),
        *names_in(root / LOCKS),
        *(name.removesuffix(".json") for name in names_in(root / FAILURES) if not name.startswith(".")),
        *(name.removeprefix(prefix).rsplit("-", 1)[0] for name, prefix in _passing(root)),
    }
    return {name for name in names if is_name(name)}


def _passing(root: Path) -> Iterator[tuple[str, str]]:
    """Folders beside the entries that are being written or removed, each with what its name begins with."""
    for name in names_in(root):
        for prefix in (_UNFINISHED_ENTRY, _REMOVED):
            if name.startswith(prefix):
                yield name, prefix


def _of_run(store: Store, run_id: str, everything: bool) -> Iterator[Leftover]:
    root = store.root
    stored = store.entry(run_id).is_dir()
    failure = store.failure(run_id)
    for name, prefix in _passing(root):
        if name.startswith(f"{prefix}{run_id}-"):
            what = "entry that was being written" if prefix == _UNFINISHED_ENTRY else "entry that was being removed"
            yield Leftover(root / name, run_id, what, size_of(root / name))
    for directory in work_directories(root, run_id):
        if stored:
            what = "work directory of a run that is stored"
        elif is_resumable(directory):
            what = "work directory that the run could go on from" if everything else ""
        elif failure is not None and failure.log_directory == directory:
            what = "logs of a run that failed" if everything else ""
        else:
            what = "work directory of a process that is gone"
        if what:
            yield Leftover(directory, run_id, what, size_of(directory))
    if failure is not None and (stored or everything):
        path = root / FAILURES / f"{run_id}.json"
        what = "failure of a run that is stored since" if stored else "failure of a run"
        yield Leftover(path, run_id, what, size_of(path))
    lock = root / LOCKS / run_id
    if lock.exists():
        yield Leftover(lock, run_id, "lock file of a process that is gone", size_of(lock))


def _of_no_run(root: Path, age: float) -> Iterator[Leftover]:
    folders = [root, root / FAILURES, root / SET_ASIDE, *(root / CAMPAIGNS).glob("*/*")]
    before = time.time() - age
    for folder in folders:
        for name in sorted(names_in(folder)):
            path = folder / name
            unfinished = name.startswith(".") and name.endswith(UNFINISHED)
            probe = name.startswith(".probe-")
            orphan = folder.name == SET_ASIDE and name.endswith(".reason.txt")
            if orphan and (folder / name.removesuffix(".reason.txt")).exists():
                continue
            if (unfinished or probe or orphan) and path.is_file() and _modified(path) <= before:
                what = "reason without an entry" if orphan else "file that was being written"
                yield Leftover(path, "", what, size_of(path))


def _remove(path: Path) -> None:
    if path.is_dir():
        discard(path)
    elif path.parent.name != LOCKS:  # the claim removes its own
        path.unlink(missing_ok=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
