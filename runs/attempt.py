"""One attempt at a run: claim it, compute it in this process, keep it, and report how it ended."""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from geometries.plugins import PluginError
from runs import interruption
from runs.engines import DEFAULT_LIMITS, EngineNotFoundError, Limits, WallTimeError, get_engine
from runs.spec import RunSpec
from runs.store import CorruptEntryError, Store, StoreFullError, StoreNotWritableError
from runs.store.claims import Holder
from runs.store.work import SPEC, discard_work, is_resumable, record_fraction, work_directories
from runs.store.writing import discard_unfinished

__all__ = ["Outcome", "attempt_run", "back_off", "clear_up", "run_one"]

_WORD = 60.0  # seconds until a waiting process reports again; then twice as many, and so on
# Trying again at once would end in the same way, and a limit was set so that no more time is spent.
_FINAL = (EngineNotFoundError, PluginError, StoreFullError, StoreNotWritableError, WallTimeError)


@dataclass(frozen=True)
class Outcome:
    """How an attempt at a run ended: "stored", "computed", "failed" or "interrupted".

    "stored" if it was there, or another process has computed it meanwhile. `wall_time` are the seconds that computing
    took, `reason` is why it failed, with the error's class, and `final` whether another attempt would be of no use.
    """

    kind: Literal["stored", "computed", "failed", "interrupted"]
    wall_time: float = 0.0
    reason: str = ""
    final: bool = False


def attempt_run(
    spec: RunSpec,
    store: Store,
    progress: Callable[[float], None],
    limits: Limits = DEFAULT_LIMITS,
    say: Callable[[str], None] = warnings.warn,
) -> Outcome:
    """Bring a run into the store as `run_one` does; a failure is an answer, not an error."""
    try:
        wall_time = run_one(spec, store, progress, limits, say)
    except Exception as error:
        return Outcome("failed", reason=f"{type(error).__name__}: {error}", final=isinstance(error, _FINAL))
    return Outcome("computed" if wall_time else "stored", wall_time)


def back_off(attempts: int) -> float:
    """Seconds to wait before the next attempt, after this many."""
    return float(min(4.0 ** (attempts - 1), 60.0))


def run_one(
    spec: RunSpec,
    store: Store,
    progress: Callable[[float], None] = lambda _: None,
    limits: Limits = DEFAULT_LIMITS,
    say: Callable[[str], None] = warnings.warn,
) -> float:
    """Bring a run into the store, computing it in this process unless it is there, and return the seconds it took.

    The run is claimed first: while another process computes it, this one waits, passing on how far the other has come,
    and reports at once, and then ever less often, for whom it waits. The engine's scratch folder is removed after
    success; it is kept after a failure, for its logs, and after an interruption from which it can go on. `progress` is
    called with the fraction that is done, `say` with a sentence that the user should read. 0 s if the run was there, or
    another process has computed it. Raises the errors of `runs.engine_errors`, and of a store that cannot take the run,
    where that can be known before it is computed.
    """

    def report(fraction: float) -> None:
        interruption.check()
        progress(fraction)

    pause, began, next_word = 0.2, time.monotonic(), 0.0
    while True:
        with store.claim(spec.run_id) as mine:
            if mine:
                # Another process may have finished it since this one looked.
                return 0.0 if _is_whole(spec, store) else _compute(spec, store, report, limits)
        # What is whole needs no claim to be seen; many may wait for it.
        with contextlib.suppress(CorruptEntryError):
            if store.holds(spec.run_id):
                return 0.0
        waited = time.monotonic() - began
        other = store.holder(spec.run_id)
        if other is not None and waited >= next_word:
            say(_waiting(spec.run_id, other, waited))
            next_word = max(_WORD, 2 * waited)
        report(store.progress(spec.run_id).fraction or 0.0)
        time.sleep(pause)
        pause = min(1.5 * pause, 2.0)


def _waiting(run_id: str, other: Holder, waited: float) -> str:
    has_had_it = timedelta(seconds=max(0, round(time.time() - other.since)))
    so_far = f", for {timedelta(seconds=round(waited))} so far" if waited >= 1 else ""
    return (
        f"run {run_id} is being computed by {other.process}, which claimed it {has_had_it} ago; waiting for it{so_far}"
    )


def clear_up(run_id: str, store: Store) -> None:
    """Remove what interrupted attempts at a run left, unless one can be gone on with or a process is at work in it."""
    with store.claim(run_id) as mine:
        if mine:
            for directory in work_directories(store.root, run_id):
                if not is_resumable(directory):
                    discard_work(directory)
            discard_unfinished(store.root, run_id)


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
    # What is being computed there, for whoever watches the store; a full disk must show where results are written.
    with contextlib.suppress(OSError):
        (directory / SPEC).write_text(spec.model_dump_json(), "utf-8")
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
    # Also of earlier attempts: this process has the claim, so nobody is at work in them.
    for each in work_directories(store.root, spec.run_id):
        discard_work(each)
    discard_unfinished(store.root, spec.run_id)
    return wall_time


def _record_failure(spec: RunSpec, store: Store, error: Exception, directory: Path | None) -> None:
    try:
        store.record_failure(spec.run_id, type(error).__name__, str(error), log_directory=directory)
    except (OSError, StoreFullError, StoreNotWritableError) as second:
        error.add_note(f"that it failed could not be recorded: {second}")
