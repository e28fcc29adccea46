"""Work of a worker process: bring one run into the store, and send back its outcome."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from geometries.plugins import PluginError
from runs.attempt import Outcome, attempt_run, clear_up
from runs.engines import EngineNotFoundError, Limits, get_engine
from runs.spec import RunSpec
from runs.store import Store
from runs.sweeps.scheduler import close_http_server
from runs.sweeps.tls import mend_encrypted_connections

if TYPE_CHECKING:
    from distributed import Worker

__all__ = ["Task", "WorkerState", "compute", "dask_setup", "examine", "stop"]

# Sweeps that were interrupted. A worker that serves several people's sweeps goes on with the others.
_stopped: set[str] = set()


@dataclass(frozen=True)
class Task:
    """A run to compute, as it is sent to a worker.

    `spec` is the `RunSpec` as JSON, `store` the store's folder, absolute, `sweep` the sweep that it belongs to, and
    `workbench` the version of the workbench that asks.
    """

    spec: str
    store: str
    sweep: str
    workbench: str
    limits: Limits


@dataclass(frozen=True)
class WorkerState:
    """Report of a worker before it gets runs.

    `engines` has of each engine that was asked for its version, or the reason why it cannot run there; `sees_store` is
    whether the file by which the store is known is there.
    """

    workbench: str
    engines: dict[str, tuple[bool, str]]
    sees_store: bool


def compute(task: Task) -> Outcome:
    """Bring a run into the store; a failure is an answer, not an error."""
    from distributed import warn  # which warns where the sweep was started

    here = version("soliton-workbench")
    if here != task.workbench:
        reason = f"the worker has soliton-workbench {here} ({sys.executable}), the sweep {task.workbench}"
        return Outcome("failed", reason=f"{reason}; install the same version everywhere", final=True)
    spec, store = RunSpec.model_validate_json(task.spec), Store(Path(task.store))

    def report(_fraction: float) -> None:
        if task.sweep in _stopped:
            raise KeyboardInterrupt

    try:
        report(0.0)
        return attempt_run(spec, store, report, task.limits, warn)
    except KeyboardInterrupt:
        # Dask would end the whole worker.
        clear_up(spec.run_id, store)
        return Outcome("interrupted")


def stop(sweep: str) -> None:
    """Let the runs of a sweep end when they next report how far they are, and begin no more."""
    _stopped.add(sweep)


def examine(engines: list[str], token: str) -> WorkerState:
    """Say which workbench and engines are here, and whether the store is: whether the file `token` is there."""
    found: dict[str, tuple[bool, str]] = {}
    for name in engines:
        try:
            found[name] = (True, get_engine(name).version())
        except (EngineNotFoundError, PluginError) as error:
            found[name] = (False, str(error))
    return WorkerState(version("soliton-workbench"), found, Path(token).is_file())


def dask_setup(worker: Worker) -> None:
    """Prepare a worker's process; Dask calls this at its start."""
    close_http_server(worker)
    # Ctrl-C is for the process that started the sweep: a terminal sends it to all.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        # It was kept from this process until now, and what an engine starts shall hear it again.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    mend_encrypted_connections()
