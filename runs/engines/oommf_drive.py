"""One drive of OOMMF: its input is written and checked, it runs under a watcher, and its output is read and checked."""

from __future__ import annotations

import math
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import micromagneticmodel as mm
import numpy as np
import numpy.typing as npt
import xarray as xr

from runs import interruption
from runs.engines import EngineFailedError, Limits, WallTimeError
from runs.engines.oommf_output import is_complete, oommf_said, read_output, table_in
from runs.engines.oommf_process import OommfProcesses
from runs.engines.oommf_progress import Extent, progress_reporter
from runs.engines.oommf_restart import (
    CHECKPOINT_INTERVAL,
    Resumable,
    checkpoint_in,
    fingerprints,
    forget,
    keep_checkpoint,
    prepare,
    write_record,
)
from runs.mif import check_mif, check_names

__all__ = ["Attempt", "OommfDrive", "run_drive"]

_NONE_YET, _NONE_IN_STEPS = "there is no checkpoint yet", "there are no checkpoints in field steps"
_POLL = 0.2  # seconds between two looks at the table
_SETTLE, _SETTLE_FAILED = 20.0, 2.0  # seconds without a new byte that OOMMF's archiver is given to write the rest


@dataclass(frozen=True)
class Attempt:
    """Shared data of the drives of one attempt at a run.

    `directory` is absolute, with a folder in it for each drive; `progress` is called with the fraction of the drive
    that is done; `started` is on the clock of `time.monotonic`.
    """

    run_id: str
    directory: Path
    progress: Callable[[float], None]
    limits: Limits
    processes: OommfProcesses
    started: float


@dataclass(frozen=True)
class OommfDrive:
    """System and drive, in a folder of the run's directory.

    `times` (stages,) are the ends of the stages in s of a drive in time; `fields` (stages, 3) in A/m, at least two, are
    the fields in which the system comes to rest. With neither it is a relaxation.
    """

    folder: str
    system: mm.System
    driver: Any
    times: npt.NDArray[np.float64] | None = None
    fields: npt.NDArray[np.float64] | None = None

    @property
    def stages(self) -> int:
        """How many."""
        return next((len(each) for each in (self.times, self.fields) if each is not None), 1)

    @property
    def arguments(self) -> dict[str, Any]:
        """Those of oommfc's drive."""
        if self.fields is not None:
            # A line that starts where the one before ended adds its end only.
            return {"Hsteps": [[tuple(start), tuple(end), 2] for start, end in pairwise(self.fields.tolist())]}
        return {} if self.times is None else {"t": float(self.times[-1]), "n": self.stages}

    @property
    def extent(self) -> Extent | None:
        """From where to where it goes; None for a relaxation."""
        if self.fields is not None:
            return Extent("field steps", len(self.fields))
        return None if self.times is None else Extent("s", float(self.times[-1]))


def run_drive(
    attempt: Attempt, what: OommfDrive, kept: Resumable
) -> tuple[npt.NDArray[np.float64], xr.Dataset, Resumable]:
    """Run a drive, or what an interrupted attempt has left of it (`kept`).

    Gives M in A/m (1 + stages, x, y, z, 3), before and after each stage, the table, a row a stage, and what the
    directory has now. Errors are as in `runs.engines.oommf.simulate`.
    """
    where, name = attempt.directory / what.folder, what.system.name
    written = _write_input(attempt, what)
    inputs = fingerprints(written)
    state = prepare(where, name, what.stages) if kept.inputs.get(what.folder) == inputs else "anew"
    in_time = what.times is not None
    if state == "anew":
        shutil.rmtree(where, ignore_errors=True)
        written.rename(where)
        kept = replace(kept, resumed=0)
    else:
        shutil.rmtree(written)
        kept = replace(kept, resumed=kept.resumed + in_time)
        write_record(attempt.directory, kept)
    kept = replace(kept, inputs=kept.inputs | {what.folder: inputs})
    before = _stamp(checkpoint_in(where, name))
    code, started = 0, time.monotonic()
    if state != "whole":
        code = _run(attempt, what, kept, restart=state == "restart")
    try:
        m, table = read_output(where, name, what.system.m, what.stages, what.times, what.fields)
    except ValueError as error:
        if code == 0 or _stamp(checkpoint_in(where, name)) == before:
            forget(attempt.directory)  # it would end here once more
        raise EngineFailedError(
            f"run {attempt.run_id}: OOMMF ended with {code} before its output was complete and finite. It said: "
            f"{oommf_said(where) or 'nothing'}. What is wrong: {error}. Its input and logs are in {where}"
        ) from error
    if what.extent is None and time.monotonic() - started > CHECKPOINT_INTERVAL:
        write_record(attempt.directory, kept)
    return m, table, kept


def _write_input(attempt: Attempt, what: OommfDrive) -> Path:
    """Let oommfc write the input into a folder beside the drive's, check it, and return the folder."""
    check_names(what.system, run_id=attempt.run_id)
    folder = attempt.directory / f"{what.folder}.new"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    prepared = what.arguments
    what.driver.drive_kwargs_setup(prepared)
    what.driver.write_mif(what.system, dirname=str(folder), **prepared)
    text = (folder / f"{what.system.name}.mif").read_text("utf-8")
    check_mif(what.system, text, what.driver, directory=folder, run_id=attempt.run_id, **what.arguments)
    return folder


def _run(attempt: Attempt, what: OommfDrive, kept: Resumable, *, restart: bool) -> int:
    """Run OOMMF until its output is there or nothing more comes, and return its exit code."""
    where, name, limits = attempt.directory / what.folder, what.system.name, attempt.limits
    deadline = math.inf if limits.wall_time is None else attempt.started + limits.wall_time
    checkpoint, recorded = checkpoint_in(where, name), False
    extent = what.extent
    table, file = table_in(where, name), attempt.directory / "progress.json"
    report = progress_reporter(table, file, extent, attempt.progress)
    mif = where / f"{name}.mif"
    attempt.processes.start_solver(mif, threads=limits.threads, restart=restart)
    while True:
        code = attempt.processes.wait(max(0.0, min(_POLL, deadline - time.monotonic())))
        if checkpoint.exists():
            keep_checkpoint(checkpoint)
            if not recorded:
                write_record(attempt.directory, kept)
                recorded = True
        done = report()
        interruption.check()
        if code is not None:
            _settle(where, name, what.stages, _SETTLE_FAILED if code else _SETTLE)
            return code
        if time.monotonic() >= deadline:
            raise WallTimeError(
                f"run {attempt.run_id}: its wall-clock limit of {limits.wall_time:g} s was reached "
                + ("in its relaxation" if extent is None else f"at {done:.4g} of {extent.length:.4g} {extent.unit}")
                + (
                    "; there is a checkpoint, from which it is continued when it is run again, with a longer limit"
                    if recorded
                    else f"; {_NONE_IN_STEPS if what.fields is not None else _NONE_YET}, so it would begin anew: give "
                    "it a longer limit"
                )
                + f". Its input and logs are in {where}"
            )


def _settle(where: Path, name: str, stages: int, patience: float) -> None:
    """Wait until OOMMF's archiver has written everything, or nothing for so many seconds."""
    seen, since = -1, time.monotonic()
    while not is_complete(where, name, stages):
        with os.scandir(where) as entries:
            there = sum(entry.stat().st_size for entry in entries if entry.name.startswith(name))
        now = time.monotonic()
        if there != seen:
            seen, since = there, now
        elif now - since > patience:
            return
        time.sleep(0.02)


def _stamp(path: Path) -> int | None:
    return path.stat().st_mtime_ns if path.exists() else None
