"""Work directories: where an engine computes a run, and how far it has come.

``<store>/.work/<run_id>-<pid>-<hex>`` belongs to the process that has claimed the run. One
that holds ``resume.json`` can be gone on with after an interruption.
"""

from __future__ import annotations

import json
import math
import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geometries.plain_files import read_json, unlinked_opener
from runs.whole_files import discard, make_directory, write_beside

__all__ = [
    "SPEC",
    "WORK",
    "RunProgress",
    "discard_work",
    "is_resumable",
    "last_word",
    "new_work_directory",
    "read_progress",
    "record_fraction",
    "run_of",
    "work_directories",
]

WORK = ".work"
SPEC = "spec.json"
"""The spec of the run that is computed in a work directory."""

# The engine's own account, and what is made of its calls where it keeps none.
_PROGRESS, _FRACTION = "progress.json", "fraction.json"


@dataclass(frozen=True)
class RunProgress:
    """How far a run has come: a fraction from 0 to 1, seconds left, and steps in time a second; None where unknown."""

    fraction: float | None = None
    seconds_left: float | None = None
    steps_per_second: float | None = None


def new_work_directory(root: Path, run_id: str) -> Path:
    """Make and return an empty folder for a run."""
    directory = root / WORK / f"{run_id}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    make_directory(directory)
    return directory


def run_of(name: str) -> str:
    """The run that a work directory of this name belongs to."""
    return name.rsplit("-", 2)[0]


def work_directories(root: Path, run_id: str | None = None) -> list[Path]:
    """All work directories, or one run's, the last one made last."""
    try:
        names = [name for name in os.listdir(root / WORK) if run_id is None or run_of(name) == run_id]
    except FileNotFoundError:
        return []
    return sorted((root / WORK / name for name in names), key=_modified)


def is_resumable(directory: Path) -> bool:
    """Whether an engine can go on from what is in a work directory."""
    return (directory / "resume.json").is_file()


def discard_work(directory: Path) -> None:
    """Remove a work directory, and the folder of all if it was the last."""
    discard(directory)
    with suppress(OSError):  # other runs are at work beside it
        directory.parent.rmdir()


def record_fraction(directory: Path, progress: Callable[[float], None]) -> Callable[[float], None]:
    """A `progress` that also leaves in a work directory how far the run has come, at most once a second."""
    started = last = time.monotonic()

    def report(fraction: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= 1.0:
            last = now
            left = (now - started) * (1 - fraction) / fraction if fraction > 0 else None
            # It is a courtesy: a full disk must show where results are written, not here.
            with suppress(OSError):
                write_beside(directory / _FRACTION, json.dumps({"fraction": fraction, "seconds_left": left}))
        progress(fraction)

    return report


def read_progress(directory: Path) -> RunProgress:
    """How far the run in a work directory has come, as far as it is known."""
    content = _read(directory / _PROGRESS) or _read(directory / _FRACTION)
    fraction = _number(content.get("fraction"))
    done, duration = _number(content.get("simulated_time")), _number(content.get("duration"))
    if fraction is None and done is not None and duration:
        fraction = _number(min(1.0, done / duration))
    return RunProgress(fraction, _number(content.get("seconds_left")), _number(content.get("steps_per_second")))


def last_word(directory: Path) -> float | None:
    """When something was last heard of the run in a work directory, in s since 1970; None if it is gone."""
    times = []
    for path in (directory, directory / _PROGRESS, directory / _FRACTION):
        with suppress(OSError):
            times.append(path.stat().st_mtime)
    return max(times, default=None)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = read_json(path, opener=unlinked_opener, finite=False)
    except (OSError, ValueError):
        return {}  # not yet there, gone with its run, or damaged
    return content if isinstance(content, dict) else {}


def _number(value: Any) -> float | None:
    try:
        number = float(value) if isinstance(value, (int, float)) else math.nan
    except OverflowError:  # a whole number of hundreds of digits
        return None
    return number if math.isfinite(number) else None


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
