"""How far OOMMF is, from the table that it writes: for the caller, and in a file for others to see."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from runs.reading.tcl_list import tcl_list

__all__ = ["Extent", "follow_table", "progress_reporter", "write_json"]

_COLUMNS = {"s": "Simulation time", "field steps": "Stage"}


class Extent(NamedTuple):
    """Length of a drive in "s", or in "field steps", each a stage."""

    unit: Literal["s", "field steps"]
    length: float


def follow_table(path: Path, column: str = _COLUMNS["s"]) -> Iterator[tuple[int, float] | None]:
    """Yield, whenever it is asked, iteration and a column in the newest whole row of a table; None before the first.

    The column is the time in s, if not given, and the table an .odt file that OOMMF writes, or will write. Only what
    was written since it was asked last is read.
    """
    offset, rest, newest = 0, b"", None
    wanted = ("Iteration", column)
    columns: list[int] = []
    while True:
        try:
            with open(path, "rb") as table:
                table.seek(offset)
                new = table.read()
        except FileNotFoundError:
            new = b""
        offset += len(new)
        *lines, rest = (rest + new).split(b"\n")
        for line in lines:
            if line.startswith(b"# Columns:"):
                names = [name.rpartition(":")[2] for name in tcl_list(line[10:].decode("utf-8", "replace"))]
                columns = [names.index(name) for name in wanted if name in names]
        rows = [line for line in lines if line.strip() and not line.startswith(b"#")]
        if rows and len(columns) == len(wanted):
            words = rows[-1].split()
            newest = int(float(words[columns[0]])), float(words[columns[1]])
        yield newest


def progress_reporter(
    table: Path, file: Path, extent: Extent | None, progress: Callable[[float], None]
) -> Callable[[], float]:
    """Return a function that reports how far a drive is whenever it is called, and returns it in the extent's unit.

    It reads OOMMF's table, calls `progress` with the fraction that is done, and writes a file, whole at any time, and
    at most once a second: JSON with ``fraction``; in time ``simulated_time`` and ``duration`` (s); ``steps_per_second``
    and ``seconds_left``, null while they are unknown, and ``updated`` (s since 1970). The extent is None for a
    relaxation, whose length is unknown.
    """
    rows = follow_table(table, _COLUMNS[extent.unit]) if extent else itertools.repeat(None)
    length = extent.length if extent else 1.0
    first: tuple[float, tuple[int, float]] | None = None
    written = -1.0

    def report() -> float:
        nonlocal first, written
        row, now = next(rows), time.monotonic()
        if row and first is None:
            first = now, row
        # The row of stage 0 is there when it is done.
        done = (row[1] + (extent is not None and extent.unit == "field steps")) if row else 0.0
        fraction = min(1.0, done / length)
        progress(fraction)
        if now - written >= 1.0:
            written = now
            steps_per_second = seconds_left = None
            if row and first and row != first[1]:
                elapsed, (iteration, start) = now - first[0], first[1]
                steps_per_second = (row[0] - iteration) / elapsed
                seconds_left = (length - done) * elapsed / (row[1] - start) if row[1] > start else None
            content = {
                "fraction": fraction,
                **({"simulated_time": done, "duration": length} if extent is None or extent.unit == "s" else {}),
                "steps_per_second": steps_per_second,
                "seconds_left": seconds_left,
                "updated": time.time(),
            }
            with contextlib.suppress(OSError):  # a full disk ends runs by what they need, not by this
                write_json(file, content)
        return done

    return report


def write_json(file: Path, content: dict[str, Any]) -> None:
    """Write a file so that whoever reads it finds the old or the new content, whole."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    beside.replace(file)
