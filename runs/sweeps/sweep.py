"""Handing out runs: what has to be computed is sent to workers, tried again where it failed, and reported."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import queue
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from runs import interruption
from runs.attempt import Outcome, back_off
from runs.engines import Limits
from runs.spec import RunSpec
from runs.store import CorruptEntryError, Store
from runs.store.work import read_progress, run_of, work_directories
from runs.sweeps.worker import Task, compute, examine, stop

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["check_workers", "sweep"]

_AHEAD = 1000  # runs that the scheduler knows at a time: enough for any number of workers, and quickly called off
_TICK = 0.2  # seconds between looks at the clock
_ANSWER = 120.0  # seconds until workers must have registered, and the outcome of a run must be here
_WORD = 10.0  # seconds for stopping workers
_VISIBLE = 60.0  # seconds until a file that another machine has written must be seen here


def check_workers(client: Client, store: Store, engines: Sequence[str]) -> None:
    """See to it, before anything is computed, that every worker that is there can compute these runs.

    A ValueError if a worker has another workbench, lacks an engine, does not see the store, or computes several runs in
    one process; a ConnectionError if they do not answer.
    """
    try:
        _check_workers(client, store, engines)
    except TimeoutError as error:
        raise ConnectionError(
            f"the Dask scheduler or one of its workers has not answered for {_ANSWER:.0f} s; are they still there?"
        ) from error


def _check_workers(client: Client, store: Store, engines: Sequence[str]) -> None:
    for worker, threads in client.nthreads(callback_timeout=_ANSWER).items():
        if threads != 1:
            raise ValueError(
                f"worker {worker} computes {threads} runs in one process, where they would disturb each other; start "
                "it with --nthreads 1, and more processes with --nworkers"
            )
    token = store.root / f".probe-{uuid.uuid4().hex[:8]}"
    token.write_bytes(b"")
    try:
        states = client.run(examine, list(engines), str(token.absolute()), callback_timeout=_ANSWER)
    finally:
        token.unlink()
    here = version("soliton-workbench")
    for worker, state in states.items():
        if state.workbench != here:
            raise ValueError(
                f"worker {worker} has soliton-workbench {state.workbench}, and here is {here}; install the same "
                "version everywhere"
            )
        for name, (ready, text) in state.engines.items():
            if not ready:
                raise ValueError(f"worker {worker} cannot run the engine {name}: {text}")
        if not state.sees_store:
            raise ValueError(
                f"worker {worker} does not see the store {store.root.absolute()}; put the store in a folder that all "
                "machines share under one path"
            )
    versions = {name: {state.engines[name][1] for state in states.values()} for name in engines}
    for name, found in versions.items():
        if len(found) > 1:
            raise ValueError(f"the workers have unlike engines {name}: {', '.join(sorted(found))}; choose one")


def sweep(
    specs: Sequence[RunSpec],
    store: Store,
    client: Client,
    *,
    limits: Limits,
    retries: int,
    progress: Callable[[str, float], None],
) -> Iterator[tuple[RunSpec, Outcome, int]]:
    """Have workers bring runs, each once, into the store; yield each with its outcome and the number of attempts.

    A run that failed is tried `retries` more times. `progress` is called with a run's id and the fraction of it that is
    done. A ConnectionError if the scheduler is gone; a KeyboardInterrupt after the runs at work have been asked to end,
    and have ended or had ten seconds.
    """
    name = uuid.uuid4().hex[:8]
    task_of = _tasks(store, name, limits)
    waiting = deque((spec, 1) for spec in specs)
    later: list[tuple[float, int, RunSpec, int]] = []
    order = itertools.count()
    running: dict[Future, tuple[RunSpec, int]] = {}
    ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
    look = _Progress(store, progress)
    try:
        while waiting or later or running:
            interruption.check()
            while later and later[0][0] <= time.monotonic():
                _, _, spec, attempt = heapq.heappop(later)
                waiting.append((spec, attempt))
            while waiting and len(running) < _AHEAD:
                spec, attempt = waiting.popleft()
                # Not pure: the key is the attempt's, and an answer of an earlier sweep is none. What it begins
                # with is all runs' own: Dask learns from those that have ended how long the others will take.
                future = client.submit(compute, task_of(spec), key=f"run-{spec.run_id}-{name}-{attempt}", pure=False)
                running[future] = (spec, attempt)
                future.add_done_callback(ended.put)
            look(lambda: {spec.run_id for spec, _ in running.values()})
            try:
                future = ended.get(timeout=_TICK)
            except queue.Empty:
                continue
            if future.status in ("lost", "pending"):
                # Its worker died before the answer was fetched: Dask computes it again, which finds it stored.
                future.add_done_callback(ended.put)
                continue
            spec, attempt = running.pop(future)
            try:
                outcome = _outcome(future, spec, store)
            except TimeoutError:
                # The worker that has the answer does not give it: it is gone, which Dask notices after a while.
                running[future] = (spec, attempt)
                future.add_done_callback(ended.put)
                continue
            if outcome.kind == "failed" and not outcome.final and attempt <= retries:
                heapq.heappush(later, (time.monotonic() + back_off(attempt), next(order), spec, attempt + 1))
            else:
                yield spec, outcome, attempt
    except BaseException:
        _call_off(client, name, running, ended)
        raise


def _tasks(store: Store, name: str, limits: Limits) -> Callable[[RunSpec], Task]:
    root, workbench = str(store.root.absolute()), version("soliton-workbench")
    return lambda spec: Task(spec.model_dump_json(), root, name, workbench, limits)


def _outcome(future: Future, spec: RunSpec, store: Store) -> Outcome:
    from distributed import KilledWorker

    if future.status == "finished":
        outcome: Outcome = future.result(timeout=_ANSWER)
        if outcome.kind in ("computed", "stored") and not _appears(spec.run_id, store):
            reason = f"a worker has stored it, and it does not appear in {store.root.absolute()}; do all share it?"
            return Outcome("failed", reason=reason, final=True)
        return outcome
    if future.status != "error":
        raise ConnectionError(
            f"the Dask scheduler lost run {spec.run_id} ({future.status}); is it still there? What is finished is in "
            f"the store {store.root}, the same command goes on from there"
        )
    error = future.exception(timeout=_ANSWER)
    if isinstance(error, KilledWorker):
        logs = work_directories(store.root, spec.run_id)
        if not logs:
            # Dask counts against every run that a worker had, not only the one it was at: try again.
            reason = "its workers were killed, each by another run, before it began"
            return Outcome("failed", reason=f"KilledWorker: {reason}; run it again")
        reason = "each worker process that computed it was killed; most often for its memory: allow more, or fewer jobs"
        store.record_failure(spec.run_id, "KilledWorker", reason, log_directory=logs[-1])
        return Outcome("failed", reason=f"KilledWorker: {reason}", final=True)
    return Outcome("failed", reason=f"{type(error).__name__} in the worker: {error}")


def _appears(run_id: str, store: Store) -> bool:
    """Whether an entry is there; a network file system may show it a while after it was written elsewhere."""
    deadline = time.monotonic() + _VISIBLE
    while True:
        with contextlib.suppress(CorruptEntryError):
            if store.holds(run_id):
                return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)


class _Progress:
    """Passes on how far runs have come, once a second, or less often where looking takes long."""

    def __init__(self, store: Store, progress: Callable[[str, float], None]) -> None:
        self._store, self._progress, self._next = store, progress, 0.0

    def __call__(self, running: Callable[[], set[str]]) -> None:
        begin = time.monotonic()
        if begin < self._next:
            return
        ids = running()
        for directory in work_directories(self._store.root):
            fraction = read_progress(directory).fraction if run_of(directory.name) in ids else None
            if fraction is not None:
                self._progress(run_of(directory.name), fraction)
        now = time.monotonic()
        self._next = now + max(1.0, 20 * (now - begin))


def _call_off(client: Client, name: str, running: dict[Future, Any], ended: queue.SimpleQueue[Future]) -> None:
    """Let no run of the sweep begin any more, and wait a while for those at work to clear up after themselves."""
    with contextlib.suppress(Exception):  # there may be no scheduler any more, and what is stored stays whole
        client.sync(_tell_to_stop, client, name, callback_timeout=_WORD)
        deadline = time.monotonic() + 10.0
        while running and time.monotonic() < deadline and client.status == "running":
            with contextlib.suppress(queue.Empty):
                running.pop(ended.get(timeout=_TICK), None)
        client.cancel(list(running), force=True)


async def _tell_to_stop(client: Client, name: str) -> None:
    """Tell all workers; where the connection is lost, there is nobody to tell, for which Dask would try for long."""
    word = asyncio.ensure_future(client.run(stop, name, asynchronous=True))
    try:
        while client.status == "running" and not word.done():
            await asyncio.wait([word], timeout=_TICK)
    finally:
        word.cancel()
