"""Places of files in a crate. Its folder ``store`` is a run store, which all commands open once it is unpacked."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any

from runs.store.names import is_run_id

__all__ = ["METADATA", "README", "SEAL", "STORE", "name_problem", "named_runs", "place_of", "run_of", "seal_of"]

METADATA = "ro-crate-metadata.json"
SEAL = f"{METADATA}.sha256"
"""SHA-256 of the metadata, as ``sha256sum --check`` reads it."""
STORE = "store/"
README = "README.md"

_LONGEST = 240  # bytes of a name in a folder, of which most systems allow 255
_LONGEST_PATH, _MOST_LEVELS = 1000, 30
# Windows takes these for devices, with any ending, and has no names with these signs, or with a dot or space last.
_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³]) *(\..*)?|.*([<>:\"|?*].*|[. ])", re.IGNORECASE)


def name_problem(name: str) -> str:
    """Why a file of this name is not unpacked, "" if it can be.

    Examples
    --------
    >>> name_problem("store/summary.json"), name_problem("../summary.json"), name_problem("store/aux.csv")
    ('', 'leads out of the crate', 'is none that Windows can write')
    """
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or name[1:2] == ":":
        return "leads out of the crate"
    if "\\" in name or not name.isprintable() or any(part in ("", ".") or part != part.strip() for part in parts):
        return "is no plain name of a file"
    if any(len(part.encode("utf-8", "replace")) > _LONGEST for part in parts):
        return f"has a part of more than {_LONGEST} bytes"
    if len(name) > _LONGEST_PATH or len(parts) > _MOST_LEVELS:
        return f"has more than {_LONGEST_PATH} characters or {_MOST_LEVELS} levels"
    return "is none that Windows can write" if any(map(_OF_WINDOWS.fullmatch, parts)) else ""


def place_of(name: str) -> str:
    """Where a name lies if capital letters do not count; in this order a folder stands right before what is in it."""
    return unicodedata.normalize("NFC", name.removesuffix("/")).casefold().replace("/", "\0")


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
