"""Failures: why a run that was tried is not there, and where its log lies.

``<store>/.failures/<run_id>.json`` is kept until the run succeeds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geometries.plain_files import read_json, unlinked_opener
from runs.whole_files import make_directory, write_whole

__all__ = ["FAILURES", "Failure", "failures", "forget_failure", "read_failure", "write_failure"]

FAILURES = ".failures"


@dataclass(frozen=True)
class Failure:
    """The last failure of a run.

    `error_type` is the class of the error, such as "EngineFailedError", `attempt` how many times the run has been
    tried, `log_directory` where the engine's logs lie, if there are any, and `when` date and time in UTC, as ISO 8601
    has it.
    """

    run_id: str
    error_type: str
    message: str
    attempt: int
    log_directory: Path | None
    when: str


def write_failure(
    root: Path, run_id: str, error_type: str, message: str, attempt: int | None, log_directory: Path | None
) -> None:
    """Write why a run failed; `attempt` None counts on from the last."""
    if attempt is None:
        last = read_failure(root, run_id)
        attempt = last.attempt + 1 if last else 1
    log = None
    if log_directory is not None:
        # Relative, so that a store can be moved.
        log = os.path.relpath(log_directory, root) if _inside(log_directory, root) else str(log_directory)
    content = {
        "run_id": run_id,
        "error_type": error_type,
        "message": message,
        "attempt": attempt,
        "log_directory": log,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    path = _file(root, run_id)
    make_directory(path.parent)
    write_whole(path, json.dumps(content, indent=2) + "\n")


def read_failure(root: Path, run_id: str) -> Failure | None:
    """The last failure of a run, or None; a record that cannot be read has that as its message."""
    path = _file(root, run_id)
    try:
        content = read_json(path, opener=unlinked_opener)
        log = content["log_directory"]
        return Failure(
            run_id,
            str(content["error_type"]),
            str(content["message"]),
            int(content["attempt"]),
            None if log is None else root / log,
            str(content["when"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Failure(run_id, "unknown", f"{path} cannot be read ({error})", 1, None, "")


def failures(root: Path) -> Iterator[Failure]:
    """The last failure of every run that failed and is not stored since, in the order of ids."""
    try:
        names = sorted(os.listdir(root / FAILURES))
    except FileNotFoundError:
        return
    for name in names:
        run_id, ending = os.path.splitext(name)
        if ending == ".json" and not name.startswith("."):
            failure = read_failure(root, run_id)
            if failure is not None:
                yield failure


def forget_failure(root: Path, run_id: str) -> None:
    """Remove what is known of a run's failure."""
    path = _file(root, run_id)
    path.unlink(missing_ok=True)
    with suppress(OSError):  # others have failed, or there is no such folder
        path.parent.rmdir()


def _file(root: Path, run_id: str) -> Path:
    return root / FAILURES / f"{run_id}.json"


def _inside(path: Path, root: Path) -> bool:
    return Path(os.path.abspath(path)).is_relative_to(os.path.abspath(root))
