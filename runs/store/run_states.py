"""How each run of a store stands, run by run: what a page or a notebook shows of it.

A look lists folders and reads small files; no entry is opened. What is read may be damaged or may come from anywhere: a
record that cannot be read is named and the others are shown, and nothing outside the store's folder is read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from runs.store.campaign_records import CampaignRecord, readable_records
from runs.store.claims import LOCKS
from runs.store.failures import FAILURES, Failure, read_failure
from runs.store.folder import Store
from runs.store.names import is_name, is_run_id
from runs.store.work import WORK, RunProgress, last_word, read_progress, run_of
from runs.whole_files import names_in

__all__ = ["RunState", "StateName", "StoreStates", "is_inside", "run_states"]

StateName = Literal["computing", "stale", "failed", "missing", "stored"]


@dataclass(frozen=True)
class RunState:
    """How a run stands: "computing", "stale", "failed", "missing" or "stored".

    "computing": a process has claimed it. "stale": a process began it and is gone, as after ``kill -9``; the same
    campaign computes it again. "missing": nobody has begun it yet. `campaigns` are which of the records in
    `StoreStates.campaigns` have it, `last_word` is when something was last heard of it, in s since 1970, or None of a
    run that is missing, `progress` how far it is, or was when its process went, and `directory` where it is or was
    computed.
    """

    run_id: str
    state: StateName
    campaigns: tuple[int, ...] = ()
    last_word: float | None = None
    progress: RunProgress = field(default_factory=RunProgress)
    directory: Path | None = None
    failure: Failure | None = None


@dataclass(frozen=True)
class StoreStates:
    """States of all runs of a store, campaigns' runs first, in the order of their sweeps.

    `campaigns` are those whose records can be read, and `problems` what could not be read.
    """

    runs: dict[str, RunState]
    campaigns: tuple[CampaignRecord, ...]
    problems: tuple[str, ...]


def run_states(store: Store) -> StoreStates:
    """Look at every run of a store, without opening an entry or writing anything; one that is not there has no runs."""
    root = store.root
    records, problems = readable_records(store)
    inside = []
    for record in records:
        if is_inside(root, record.folder(store) / "runs.json"):
            inside.append(record)
        else:
            problems.append(f"campaign {record.name} ({record.engine}) is a link that leads out of the store")
    campaigns_of: dict[str, list[int]] = {}
    for number, record in enumerate(inside):
        for run_id in record.run_ids:
            if is_name(run_id):
                campaigns_of.setdefault(run_id, []).append(number)
    stored = _entries(root)
    claimed = {name for name in names_in(root / LOCKS) if is_name(name) and store.is_claimed(name)}
    directories = _work(root)
    failures_are_here = is_inside(root, root / FAILURES)
    failed = {name.removesuffix(".json") for name in names_in(root / FAILURES) if name.endswith(".json")}
    runs = {}
    for run_id in dict.fromkeys([*campaigns_of, *claimed, *directories, *failed, *stored]):
        if not is_name(run_id):
            continue
        numbers = tuple(campaigns_of.get(run_id, ()))
        if run_id in stored:
            runs[run_id] = RunState(run_id, "stored", numbers, stored[run_id])
            continue
        directory = directories.get(run_id)
        failure = read_failure(root, run_id) if run_id in failed and failures_are_here else None
        word = last_word(directory) if directory else None
        progress = read_progress(directory) if directory else RunProgress()
        state: StateName = "missing"
        if run_id in claimed:
            state, failure = "computing", None
            word = word or _modified(root / LOCKS / run_id)
        elif failure is not None:
            state, word = "failed", _modified(root / FAILURES / f"{run_id}.json")
        elif directory is not None:
            state = "stale"
        runs[run_id] = RunState(run_id, state, numbers, word, progress, directory, failure)
    return StoreStates(runs, tuple(inside), tuple(problems))


def is_inside(root: Path, path: Path) -> bool:
    """Whether a path leads to something in the store's own folder, symbolic links followed."""
    real = os.path.realpath(root)
    return os.path.realpath(path).startswith(real.rstrip(os.sep) + os.sep)


def _entries(root: Path) -> dict[str, float]:
    """When each entry was written, by its id."""
    found = {}
    try:
        with os.scandir(root) as entries:
            for entry in entries:
                if is_run_id(entry.name) and entry.is_dir():
                    found[entry.name] = entry.stat(follow_symlinks=False).st_mtime
    except (FileNotFoundError, NotADirectoryError):
        pass
    return found


def _work(root: Path) -> dict[str, Path]:
    """The latest work directory of every run that has one; links are left out."""
    found: dict[str, tuple[float, Path]] = {}
    if not is_inside(root, root / WORK):
        return {}
    try:
        with os.scandir(root / WORK) as entries:
            for entry in entries:
                run_id = run_of(entry.name)
                if is_name(run_id) and entry.is_dir(follow_symlinks=False):
                    at = entry.stat(follow_symlinks=False).st_mtime
                    if run_id not in found or at >= found[run_id][0]:
                        found[run_id] = at, root / WORK / entry.name
    except (FileNotFoundError, NotADirectoryError):
        pass
    return {run_id: path for run_id, (_, path) in found.items()}


def _modified(path: Path) -> float | None:
    try:
        return os.lstat(path).st_mtime
    except OSError:
        return None
