"""Places of files in a crate. Its folder ``store`` is a run store, which all commands open once it is unpacked."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Any

from runs.store.names import CAMPAIGNS, is_run_id

__all__ = ["METADATA", "README", "RESULTS", "SEAL", "STORE", "name_problem", "named_runs", "run_of", "seal_of"]

METADATA = "ro-crate-metadata.json"
SEAL = f"{METADATA}.sha256"
"""SHA-256 of the metadata, as ``sha256sum --check`` reads it."""
STORE = "store/"
RESULTS = f"{STORE}{CAMPAIGNS}/"
README = "README.md"

_LONGEST = 240  # bytes of a name in a folder, of which most systems allow 255


def name_problem(name: str) -> str:
    """Why a file of this name is not unpacked, "" if it can be.

    Examples
    --------
    >>> name_problem("store/summary.json"), name_problem("../summary.json")
    ('', 'leads out of the crate')
    """
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or name[1:2] == ":":
        return "leads out of the crate"
    if "\\" in name or not name.isprintable() or any(part in ("", ".") or part != part.strip() for part in parts):
        return "is no plain name of a file"
    if any(len(part.encode("utf-8", "replace")) > _LONGEST for part in parts):
        return f"has a part of more than {_LONGEST} bytes"
    return ""


def seal_of(metadata: bytes) -> bytes:
    """Content of the file that vouches for the metadata."""
    return f"{hashlib.sha256(metadata).hexdigest()}  {METADATA}\n".encode()


def run_of(name: str) -> str:
    """The run whose entry a file is of, "" if it is of none."""
    parts = PurePosixPath(name).parts
    return parts[1] if name.startswith(STORE) and len(parts) > 2 and is_run_id(parts[1]) else ""


def named_runs(content: Any) -> set[str]:
    """Runs that a summary, a record of runs or a saved model names, wherever in it."""
    found: set[str] = set()
    left = [content]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            for key in ("run_ids", "trained_on", "held_out"):
                listed = value.get(key)
                found.update(
                    each
                    for each in (listed if isinstance(listed, list) else ())
                    if isinstance(each, str) and is_run_id(each)
                )
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
    return found
