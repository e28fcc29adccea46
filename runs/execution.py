"""Executing runs: what is in the store is loaded, the rest is computed, several at a time.

A single job runs in the calling process. More are computed by worker processes, on this
machine or others (`runs.sweeps`). An interrupted campaign leaves whole runs only; the next
call computes what is missing.
"""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from geometries.plugins import PluginError
from runs.attempt import Outcome, attempt_run, back_off, clear_up
from runs.engines import DEFAULT_LIMITS, EngineNotFoundError, Limits, caution, get_engine
from runs.spec import RunSpec
from runs.store import CorruptEntryError, Store
from runs.store.cleaning import runs_with_something

if TYPE_CHECKING:
    from distributed import Client

    from runs.sweeps import BatchCluster

__all__ = ["RunReport", "execute"]

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class RunReport:
    """The outcome of a run: "stored" if it was there already, "computed" now, or "failed".

    `wall_time` are the seconds that it took when it was computed, now or before; `note` is the reason of a failure and
    where its logs lie, or what the reader should know of a stored run; `attempts` is how many times it was tried now.
    """

    run_id: str
    outcome: Literal["stored", "computed", "failed"]
    wall_time: float
    note: str = ""
    attempts: int = 0

    @property
    def in_words(self) -> str:
        """Summary of what happened, for a reader."""
        if self.outcome == "failed":
            return "failed"
        return f"computed {'before, ' if self.outcome == 'stored' else ''}in {self.wall_time:.1f} s"


def execute(
    specs: Iterable[RunSpec],
    store: str | Path,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    cluster: BatchCluster | None = None,
    retries: int = 1,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress = lambda _run, _fraction: None,
    same_version: bool = False,
) -> Iterator[RunReport]:
    """Bring every run into the store, and report each as it is done.

    Parameters
    ----------
    specs : iterable of RunSpec
        The runs. All engines they name must be able to run where they are computed if
        anything is missing.
    store : str or pathlib.Path
        The store's folder; other machines must see it under the same path.
    jobs : int
        How many runs at once on this machine. With one, runs happen in this process; with
        more, a script must guard its main part with ``if __name__ == "__main__":``.
    scheduler : str, optional
        Address of a Dask scheduler, such as "tls://10.0.0.1:8786", whose workers compute instead. With "tcp://"
        anyone who can reach it can run programs as you; a warning is given.
    cluster : BatchCluster, optional
        A batch system whose jobs compute instead.
    retries : int
        How many more times a run that fails is tried, after 1, 4, 16, ... seconds, while
        workers go on with the rest. A run that reaches a limit, or cannot be stored, is not tried again.
    limits : Limits
        Resources of each run.
    progress : callable
        Called with a run's id and the fraction of it that is done.
    same_version : bool
        Whether a stored run from another version of its engine is set aside and
        computed again, rather than used with a note.

    Yields
    ------
    RunReport
        One for every distinct run; stored ones first.

    Raises
    ------
    EngineNotFoundError, StoreNotWritableError, ConnectionError, ValueError
        Before anything is computed.

    Examples
    --------
    The second time the run is found in the store:

    >>> import tempfile
    >>> from geometries import Stripe
    >>> from runs import ConstantField, Protocol
    >>> stripe = Stripe(length="16 nm", width="8 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"))
    >>> film = {"name": "film", "Ms": "600 kA/m", "A": "12 pJ/m", "Ku": "0.5 MJ/m^3", "alpha": 0.5}
    >>> pull = Protocol(steps=[ConstantField(amplitude=("2 MA/m", 0, 0), duration="20 ps")], sampling_interval="10 ps")
    >>> spec = RunSpec(device=stripe, material=film, protocol=pull, engine="native")
    >>> with tempfile.TemporaryDirectory() as store:
    ...     print([report.outcome for _ in range(2) for report in execute([spec], store)])
    ['computed', 'stored']
    """
    if jobs < 1:
        raise ValueError(f"jobs = {jobs} must be at least 1")
    if retries < 0:
        raise ValueError(f"retries = {retries} must be at least 0")
    if (jobs > 1) + (scheduler is not None) + (cluster is not None) > 1:
        raise ValueError("jobs, scheduler and cluster are three places where runs are computed; give one")
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
    engines = sorted({spec.engine for spec in missing})
    for name in engines if scheduler is None and cluster is None else ():
        get_engine(name).version()
        beware = caution(name)
        if beware:
            warnings.warn(beware, stacklevel=2)
    if missing:
        folder.check_writable()
    yield from stored
    if not missing:
        return
    here = scheduler is None and cluster is None and (jobs == 1 or len(missing) == 1)
    outcomes: contextlib.AbstractContextManager[Iterator[tuple[RunSpec, Outcome, int]]]
    if here:
        outcomes = contextlib.closing(_in_turn(missing, folder, limits, retries, progress))
    else:
        from runs.sweeps.unfinished import ended_at_exit

        clients = _clients(jobs, scheduler, cluster, limits, folder, len(missing))
        outcomes = ended_at_exit(_by_workers(missing, folder, clients, limits, retries, progress))
    with outcomes as finished:
        for spec, outcome, attempts in finished:
            yield _report(spec, folder, outcome, attempts, notes[spec.run_id])


def _in_turn(
    specs: list[RunSpec], store: Store, limits: Limits, retries: int, progress: Progress
) -> Generator[tuple[RunSpec, Outcome, int]]:
    for spec in specs:
        attempts = 1
        while True:
            outcome = attempt_run(spec, store, lambda fraction, run_id=spec.run_id: progress(run_id, fraction), limits)  # type: ignore[misc]
            if outcome.kind != "failed" or outcome.final or attempts > retries:
                break
            time.sleep(back_off(attempts))
            attempts += 1
        yield spec, outcome, attempts


def _by_workers(
    specs: list[RunSpec],
    store: Store,
    clients: contextlib.AbstractContextManager[Client],
    limits: Limits,
    retries: int,
    progress: Progress,
) -> Generator[tuple[RunSpec, Outcome, int]]:
    from runs.sweeps.sweep import check_workers, sweep

    unfinished = {spec.run_id for spec in specs}
    try:
        with clients as client:
            check_workers(client, store, sorted({spec.engine for spec in specs}))
            for spec, outcome, attempts in sweep(
                specs, store, client, limits=limits, retries=retries, progress=progress
            ):
                unfinished.discard(spec.run_id)
                yield spec, outcome, attempts
    finally:
        # Those whose workers were ended before they could do it themselves.
        for run_id in unfinished & runs_with_something(store.root):
            clear_up(run_id, store)


def _clients(
    jobs: int, scheduler: str | None, cluster: BatchCluster | None, limits: Limits, store: Store, runs: int
) -> contextlib.AbstractContextManager[Client]:
    from runs.sweeps import batch_workers, local_workers, scheduler_at

    if scheduler is not None:
        return scheduler_at(scheduler)
    if cluster is not None:
        return batch_workers(cluster, runs, limits, store.root.absolute() / "batch-logs")
    return local_workers(min(jobs, runs), limits)


def _report(spec: RunSpec, store: Store, outcome: Outcome, attempts: int, note: str) -> RunReport:
    if outcome.kind == "stored":
        # Another process has computed it meanwhile.
        wall_time = float(store.provenance(spec.run_id)["wall_time"])
        return RunReport(spec.run_id, "stored", wall_time, note, attempts)
    if outcome.kind == "computed":
        return RunReport(spec.run_id, "computed", outcome.wall_time, note, attempts)
    reason = outcome.reason
    if spec.run_id not in reason:
        reason = f"run {spec.run_id}: {reason}"
    if attempts > 1:
        reason += f" (in {attempts} attempts)"
    failure = store.failure(spec.run_id)
    log = failure.log_directory if failure is not None else None
    if log is not None and str(log) not in reason:
        reason += f"; its logs are in {log}"
    return RunReport(spec.run_id, "failed", 0.0, reason, attempts)


def _look_up(spec: RunSpec, store: Store, same_version: bool) -> RunReport | str:
    """Report a stored run, or what should be known of one that must be computed."""
    try:
        if not store.entry(spec.run_id).is_dir():
            return ""
        record = store.checked_record(spec.run_id)
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
    """Set a stored run aside if there still is a reason once it is claimed, and report it."""
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
    except (EngineNotFoundError, PluginError):
        return ""  # a store is read where the engine is not installed
