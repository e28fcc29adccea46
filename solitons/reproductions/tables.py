"""The table of a reproduction as files: CSV for programs, Markdown for readers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from runs.whole_files import make_directory, write_whole
from solitons.reproductions.computing import ComputedRow
from solitons.reproductions.plan import Plan

__all__ = ["HEAD", "write_tables"]

HEAD = ("figure", "claim", "published", "ours", "detail", "verdict", "engine", "campaign")
"""The columns."""


def cells(row: ComputedRow) -> tuple[str, ...]:
    """A row as texts, in the order of `HEAD`."""
    at = row.planned
    return (str(at.figure), at.claim, at.published, row.ours, row.detail, row.verdict, row.engine, at.campaign)


def write_tables(plan: Plan, rows: Sequence[ComputedRow], out: Path) -> list[Path]:
    """Write `table.csv` and `table.md` into a folder, which is made where it is not there.

    Returns
    -------
    list of pathlib.Path
        The files.
    """
    make_directory(out)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([HEAD, *map(cells, rows)])
    lines = [f"# {plan.title}", "", f"{plan.source}.", "", _line(HEAD), _line(["---"] * len(HEAD))]
    lines += [_line(cells(row)) for row in rows]
    found = [out / "table.csv", out / "table.md"]
    for path, content in zip(found, (text.getvalue(), "\n".join(lines) + "\n"), strict=True):
        write_whole(path, content)
    return found


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join(each.replace('|', chr(92) + '|') for each in texts)} |"
