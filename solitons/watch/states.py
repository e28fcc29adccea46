"""Table of the page: every run of a store, how it stands, and what it is in its campaigns."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from geometries.plain_text import shortened
from runs.schema_version import SCHEMA_VERSION
from runs.store import CorruptEntryError, RunState, Store, StoreFormatError, StoreStates, run_states
from solitons.watch.fits import verdict_of

__all__ = ["STATES", "Look", "StoreWatch"]

STATES = ("computing", "stale", "failed", "corrupt", "missing", "stored")
"""States of a run, in the order in which the table shows them."""

# What is shown to who has not chosen a run: one that has frames, if there is one.
_LOOKED_AT = ("computing", "stale", "stored", "failed", "corrupt", "missing")
_FRESH = 1.0  # seconds for which a look at the store answers everybody
_LONGEST_ERROR = 2000  # characters
_CHECKED = 0.05  # seconds of a look that go to entries which nobody has opened yet


@dataclass(frozen=True)
class Look:
    """A look at a store: rows of the table and campaigns as they go to the page, and what could not be read.

    `states` are what they are made from.
    """

    rows: tuple[dict[str, Any], ...]
    campaigns: tuple[dict[str, Any], ...]
    problems: tuple[str, ...]
    states: StoreStates

    def selected(self, campaign: str, state: str, text: str, first: int, count: int) -> dict[str, Any]:
        """The rows that fit, `count` of them from the one numbered `first` on, and how many there are."""
        words = text.casefold().split()
        found = [
            row
            for row in self.rows
            if (not campaign or campaign in row["campaigns"]) and all(word in row["searched"] for word in words)
        ]
        counts = Counter(row["state"] for row in found)
        chosen = [row for row in found if not state or row["state"] == state]
        shown = chosen[first : first + count]
        return {
            "runs": [{key: value for key, value in row.items() if key != "searched"} for row in shown],
            "fitting": len(chosen),
            "suggested": next((row["id"] for name in _LOOKED_AT for row in chosen if row["state"] == name), ""),
            "first": first,
            "counts": {name: counts[name] for name in STATES},
            "total": len(self.rows),
            "campaigns": self.campaigns,
            "problems": self.problems,
        }


class StoreWatch:
    """Looks at a store for all who ask.

    Its memory grows with the runs of the store, not with the number of looks: of each entry whether it can be
    read, and how long its run took. An entry is never written again; one that was put in its place has another time.
    `clock` gives seconds that never run backwards.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self.store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._look: tuple[float, Look] | None = None
        self._entries: dict[str, tuple[float, str, float | None]] = {}

    def look(self, at_most: float = _FRESH) -> Look:
        """The newest look at the store, at most so many seconds old."""
        with self._lock:
            if self._look is None or self._clock() - self._look[0] >= at_most:
                look = self._new_look()
                self._look = self._clock(), look
            return self._look[1]

    def mark(self, run_id: str, written: float, problem: str) -> None:
        """Remember what reading an entry that was written at a time has shown to be wrong with it."""
        with self._lock:
            _, _, seconds = self._entries.get(run_id, (0.0, "", None))
            self._entries[run_id] = written, problem, seconds
            self._look = None  # the next who asks is shown it

    def _new_look(self) -> Look:
        states = run_states(self.store)
        self._check_some(states.runs.values())
        for gone in self._entries.keys() - states.runs.keys():
            del self._entries[gone]
        rows = [self._row(run, states) for run in states.runs.values()]
        order = {name: number for number, name in enumerate(STATES)}
        # Newest first among those that have ended; a sweep's own order among those that have not begun.
        rows.sort(key=lambda row: (order[row["state"]], -(row["last"] or 0.0)))
        return Look(tuple(rows), tuple(self._campaigns(states, rows)), states.problems, states)

    def _check_some(self, runs: Iterable[RunState]) -> None:
        end = self._clock() + _CHECKED
        for run in runs:
            if run.state == "stored" and run.last_word is not None:
                known = self._entries.get(run.run_id)
                if known is None or known[0] != run.last_word:
                    self._check(run.run_id, run.last_word)
                    if self._clock() > end:
                        return

    def _check(self, run_id: str, written: float) -> None:
        problem, seconds = "", None
        try:
            seconds = float(self.store.provenance(run_id)["wall_time"])
        except (CorruptEntryError, StoreFormatError) as error:
            problem = str(error)
        except (KeyError, OSError):
            return  # it is gone since, or the disk does not answer now
        self._entries[run_id] = written, problem, seconds

    def _row(self, run: RunState, states: StoreStates) -> dict[str, Any]:
        records = [states.campaigns[number] for number in run.campaigns]
        label = next((record.labels[run.run_id] for record in records if run.run_id in record.labels), "")
        written, problem, seconds = self._entries.get(run.run_id, (None, "", None))
        if run.state != "stored" or written != run.last_word:
            problem, seconds = "", None
        error = problem
        if run.failure is not None:
            failure = run.failure
            error = f"{failure.error_type}: {failure.message} (attempt {failure.attempt})"
        names = [f"{record.name}/{record.engine}" for record in records]
        at_work = run.state in ("computing", "stale")
        row = {
            "id": run.run_id,
            "state": "corrupt" if problem else run.state,
            "label": label,
            "campaigns": names,
            "last": run.last_word,
            "progress": run.progress.fraction if at_work else None,
            "left": run.progress.seconds_left if run.state == "computing" else None,
            "steps": run.progress.steps_per_second if run.state == "computing" else None,
            "took": seconds,
            "error": shortened(error, _LONGEST_ERROR),
        }
        return row | {"searched": " ".join([run.run_id, label, *names, error]).casefold()}

    def _campaigns(self, states: StoreStates, rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        counts: dict[str, Counter[str]] = {}
        at_work: dict[str, float] = defaultdict(float)  # of the runs that are computed, how many are done
        for row in rows:
            for name in row["campaigns"]:
                counts.setdefault(name, Counter())[row["state"]] += 1
                if row["state"] == "computing":
                    at_work[name] += row["progress"] or 0.0
        for record in states.campaigns:
            name = f"{record.name}/{record.engine}"
            found = counts.get(name, Counter())
            folder = record.folder(self.store)
            yield {
                "id": name,
                "name": record.name,
                "engine": record.engine,
                "total": len(record.run_ids),
                "more": record.more,
                "counts": {state: found[state] for state in STATES},
                "at_work": at_work[name],
                "older": record.schema < SCHEMA_VERSION,
                "verdict": verdict_of(folder),
                "report": (folder / "report.html").is_file(),
            }
