"""Names that become parts of paths: the ids of runs and the names of campaigns."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["CAMPAIGNS", "SET_ASIDE", "check_name", "folder_of", "is_name", "is_run_id"]

CAMPAIGNS = "campaigns"
"""The folder of a store in which campaigns have their summaries."""

SET_ASIDE = "set-aside"
"""The folder of a store in which entries lie that were found not whole."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_RUN_ID = re.compile(r"[0-9a-f]{16}")


def check_name(name: str, what: str) -> str:
    """Return a name that is safe in a path and in OOMMF's Tcl, or raise a ValueError.

    It may have no separator, no dot or dash at its beginning, no character that Tcl or a shell reads as more than a
    letter, and be no folder of the store itself. `what` it names is for the error: "run", "campaign".
    """
    if not is_name(name):
        raise ValueError(
            f"{what} {name!r}: its name becomes part of a path, so it may have ASCII letters, digits and _ . - only, "
            "begins with a letter, a digit or _, and has at most 100 characters"
        )
    if what == "run" and name in (CAMPAIGNS, SET_ASIDE):
        raise ValueError(f"run {name!r}: the store keeps something else under this name")
    return name


def folder_of(root: Path, name: str, engine: str) -> Path:
    """Folder of a campaign's record, summary and report in a store; the names are not checked."""
    return root / CAMPAIGNS / name / engine


def is_name(name: str) -> bool:
    """Whether a name is safe in a path."""
    return _NAME.fullmatch(name) is not None


def is_run_id(name: str) -> bool:
    """Whether a name is the id of a run, 16 hexadecimal digits; the store's other folders are none."""
    return _RUN_ID.fullmatch(name) is not None
