"""Executing runs: what is in the store is loaded, the rest is computed, several at a time.

With several jobs, runs are computed in worker processes, one thread a run, so that
`jobs` runs use `jobs` cores; a single job runs in the calling process. An interrupted
campaign leaves whole runs only; the next call computes what is missing.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from runs.engines import DEFAULT_LIMITS, Limits, get_engine
from runs.spec import RunSpec
from runs.store import CorruptEntryError, Store, StoreFullError, StoreNotWritableError
from runs.store.work import discard_work, is_resumable, record_fraction, work_directories

__all__ = ["RunReport", "execute", "run_one"]

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class RunReport:
    """What became of a run.

    Parameters
    ----------
    run_id : str
        The run.
    outcome : {"stored", "computed", "failed"}
        Whether it was there already, was computed now, or failed.
    wall_time : float
        Seconds that it took when it was computed.
    note : str
        The reason of a failure, or what the reader should know of a stored run.
    """

    run_id: str
    outcome: Literal["stored", "computed", "failed"]
    wall_time: float
    note: str = ""


def run_one(
    spec: RunSpec,
    store: Store,
    progress: Callable[[float], None] = lambda _: None,
    limits: Limits = DEFAULT_LIMITS,
) -> float:
    """Bring a run into the store, computing it in this process unless it is there, and return the seconds it took.

    The run is claimed first: while another process computes it, this one waits, passing on
    how far the other has come. The engine's scratch folder is removed after success; it is
    kept after a failure, for its logs, and after an interruption from which it can go on.

    Parameters
    ----------
    spec : RunSpec
        The run.
    store : Store
        Where it is kept.
    progress : callable
        Called with the fraction that is done.
    limits : Limits
        Threads and time that the engine may take.

    Returns
    -------
    float
        Seconds that computing took; 0 if the run was there, or another process has computed it.

    Raises
    ------
    EngineFailedError, EngineNotFoundError
        If the engine fails or is not there.
    StoreFullError, StoreNotWritableError
        If the run cannot be stored; before it is computed where that can be known.
    """
    pause = 0.2
    while True:
        with store.claim(spec.run_id) as mine:
            if mine:
                # Another process may have finished it since this one looked.
                return 0.0 if _is_whole(spec, store) else _compute(spec, store, progress, limits)
        # What is whole needs no claim to be seen; many may wait for it.
        with contextlib.suppress(CorruptEntryError):
            if store.holds(spec.run_id):
                return 0.0
        progress(store.progress(spec.run_id).fraction or 0.0)
        time.sleep(pause)
        pause = min(1.5 * pause, 2.0)


def _is_whole(spec: RunSpec, store: Store) -> bool:
    """Whether the run that this process has claimed is there; one that is not whole is set aside."""
    try:
        return store.holds(spec.run_id)
    except CorruptEntryError as error:
        store.set_aside(spec.run_id, str(error))
        return False


def _compute(spec: RunSpec, store: Store, progress: Callable[[float], None], limits: Limits) -> float:
    engine = get_engine(spec.engine)
    directory = store.work_directory(spec.run_id)
    report = record_fraction(directory, progress)
    started = time.perf_counter()
    try:
        run = engine.simulate(spec, directory, report, limits)
        wall_time = time.perf_counter() - started
        store.write(spec, run, wall_time)
    except (KeyboardInterrupt, StoreFullError) as error:
        # What the engine wrote helps nobody, and on a full disk it is in the way.
        if not is_resumable(directory):
            discard_work(directory)
        if isinstance(error, StoreFullError):
            _record_failure(spec, store, error, None)
        raise
    except Exception as error:
        _record_failure(spec, store, error, directory)
        raise
    # Those of earlier attempts too: the claim says that nobody is at work in them.
    for each in work_directories(store.root, spec.run_id):
        discard_work(each)
    return wall_time


def _record_failure(spec: RunSpec, store: Store, error: Exception, directory: Path | None) -> None:
    try:
        store.record_failure(spec.run_id, type(error).__name__, str(error), log_directory=directory)
    except (OSError, StoreFullError, StoreNotWritableError) as second:
        error.add_note(f"that it failed could not be recorded: {second}")


def execute(
    specs: Iterable[RunSpec],
    store: str | Path,
    *,
    jobs: int = 1,
    progress: Progress = lambda _run, _fraction: None,
    same_version: bool = False,
) -> Iterator[RunReport]:
    """Bring every run into the store, and report each as it is done.

    Parameters
    ----------
    specs : iterable of RunSpec
        The runs. All engines they name must be able to run here if anything is
        missing.
    store : str or pathlib.Path
        The store's folder.
    jobs : int
        How many runs at once. With one, runs happen in this process; with more, a
        script must guard its main part with ``if __name__ == "__main__":``.
    progress : callable
        Called with a run's id and the fraction of it that is done.
    same_version : bool
        Whether a stored run from another version of its engine is set aside and
        computed again, rather than used and said.

    Yields
    ------
    RunReport
        One for every distinct run; stored ones first.

    Raises
    ------
    EngineNotFoundError, StoreNotWritableError, ValueError
        Before anything is computed.
    """
    if jobs < 1:
        raise ValueError(f"jobs = {jobs} must be at least 1")
    folder = Store(Path(store))
    distinct = {spec.run_id: spec for spec in specs}
    stored: list[RunReport] = []
    missing: list[RunSpec] = []
    notes: dict[str, str] = {}
    for spec in distinct.values():
        found = _look_up(spec, folder, same_version)
        if isinstance(found, RunReport):
            stored.append(found)
        else:
            missing.append(spec)
            notes[spec.run_id] = found
    for name in {spec.engine for spec in missing}:
        get_engine(name).version()
    if missing:
        folder.check_writable()
    yield from stored
    if jobs == 1 or len(missing) == 1:
        computed = (
            _attempt(spec, folder, lambda fraction, run_id=spec.run_id: progress(run_id, fraction))  # type: ignore[misc]
            for spec in missing
        )
        yield from (_with_note(report, notes) for report in computed)
    elif missing:
        reports = _in_processes(missing, folder, min(jobs, len(missing)), progress)
        yield from (_with_note(report, notes) for report in reports)


def _with_note(report: RunReport, notes: dict[str, str]) -> RunReport:
    return report if report.note else replace(report, note=notes[report.run_id])


def _look_up(spec: RunSpec, store: Store, same_version: bool) -> RunReport | str:
    """Report a stored run, or say what should be known of one that must be computed."""
    try:
        if not store.entry(spec.run_id).is_dir():
            return ""
        record = store.provenance(spec.run_id)
    except CorruptEntryError as error:
        return _replace(spec, store, f"the stored one was not whole: {error}", lambda: _reason_corrupt(spec, store))
    current = _current_version(spec.engine)
    if not current or record["engine_version"] == current:
        return RunReport(spec.run_id, "stored", float(record["wall_time"]))
    if same_version:
        reason = f"made by {record['engine_version']}, and {current} was asked for"
        return _replace(spec, store, reason, lambda: _reason_other_version(spec, store, current))
    note = f"made by {spec.engine} {record['engine_version']}; {current} is here now"
    return RunReport(spec.run_id, "stored", float(record["wall_time"]), note)


def _replace(spec: RunSpec, store: Store, note: str, reason: Callable[[], str]) -> str:
    """Set a stored run aside if there still is a reason once it is claimed, and say so."""
    store.check_writable()
    with store.claim(spec.run_id) as mine:
        # Otherwise another process is replacing it just now, or has done so.
        why = reason() if mine else ""
        return f"{note}; it lies in {store.set_aside(spec.run_id, why)}" if why else note


def _reason_corrupt(spec: RunSpec, store: Store) -> str:
    try:
        store.holds(spec.run_id)
    except CorruptEntryError as error:
        return str(error)
    return ""


def _reason_other_version(spec: RunSpec, store: Store, current: str) -> str:
    if not store.holds(spec.run_id):
        return ""
    made_by = store.provenance(spec.run_id)["engine_version"]
    return "" if made_by == current else f"made by {made_by}, and {current} was asked for"


def _current_version(engine: str) -> str:
    try:
        return get_engine(engine).version()
    except RuntimeError:
        return ""  # a store is read where the engine is not installed


def _attempt(spec: RunSpec, store: Store, progress: Callable[[float], None]) -> RunReport:
    try:
        wall_time = run_one(spec, store, progress)
    except Exception as error:
        return RunReport(spec.run_id, "failed", 0.0, f"{type(error).__name__}: {error}")
    return RunReport(spec.run_id, "computed", wall_time)


# Set in each worker by `_start_worker`.
_messages: Any = None
_stopping: Any = None
_busy = False
_interrupted = False


def _start_worker(messages: Any, stopping: Any) -> None:
    global _messages, _stopping
    _messages, _stopping = messages, stopping
    # One thread a run, whichever engine: set before the libraries start their pools.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OOMMF_THREADS"):
        os.environ[variable] = "1"
    flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flags}".strip()
    # Ctrl-C reaches the whole group; the parent answers it, and tells the workers once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupt)
    # A parent that stops reads no more: leaving must not wait until it has read everything.
    messages.cancel_join_thread()
    messages.put(("worker", os.getpid()))


def _tell(run_id: str, fraction: float) -> None:
    # Asked here too, since an exception from a signal is lost when it strikes inside a callback of XLA.
    if _stopping.is_set():
        raise KeyboardInterrupt
    _messages.put((run_id, fraction))


def _interrupt(_signal: int, _frame: Any) -> None:
    global _interrupted
    if not _busy:
        os._exit(1)  # an idle worker that waited on would keep the pool's shutdown waiting for ever
    if not _interrupted:  # a second signal must not break off the clearing up after the first
        _interrupted = True
        raise KeyboardInterrupt


def _work(spec: RunSpec, store: Store) -> RunReport | None:
    global _busy
    _busy = True
    try:
        # A pool hands runs out ahead: one that has not begun when the parent stops must not begin.
        if _stopping.is_set():
            return None
        return _attempt(spec, store, lambda fraction: _tell(spec.run_id, fraction))
    except KeyboardInterrupt:
        os._exit(1)  # the run has cleared up after itself; nobody waits for an answer
    finally:
        _busy = False


def _in_processes(specs: list[RunSpec], store: Store, jobs: int, progress: Progress) -> Iterator[RunReport]:
    context = multiprocessing.get_context("spawn")
    messages, stopping = context.Queue(), context.Event()
    workers: list[int] = []

    def pass_on_messages() -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                who, what = messages.get_nowait()
                if who == "worker":
                    workers.append(what)
                else:
                    progress(who, what)

    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker, initargs=(messages, stopping))
    try:
        pending: set[Future[RunReport | None]] = {pool.submit(_work, spec, store) for spec in specs}
        while pending:
            done, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            pass_on_messages()
            for future in done:
                report = future.result()
                if report is not None:
                    yield report
    except BaseException:
        stopping.set()
        pass_on_messages()
        for worker in workers:
            # An interrupted run ends its engine's processes and leaves no entry.
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGTERM)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
