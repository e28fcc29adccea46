"""An entry: one run, its spec, and a record of every file with its size and SHA-256.

The record, ``provenance.json``, is vouched for by ``provenance.json.sha256``, in the form
that ``sha256sum --check`` reads. Entries of store format 1 have sizes only and no such file.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runs.store.errors import CorruptEntryError, StoreFormatError

__all__ = [
    "FORMAT",
    "RECORD",
    "SEAL",
    "StoredFile",
    "check_sizes",
    "files_in",
    "files_of",
    "read_record",
    "schema_of",
    "seal",
    "sha256",
]

FORMAT = 2
RECORD = "provenance.json"
SEAL = "provenance.json.sha256"


@dataclass(frozen=True)
class StoredFile:
    """What a file of an entry was when it was written.

    Parameters
    ----------
    size : int
        Bytes.
    sha256 : str or None
        SHA-256 in hexadecimal digits; None in an entry of store format 1.
    """

    size: int
    sha256: str | None


def sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def seal(record: bytes) -> str:
    """Text of the file that vouches for a record."""
    return f"{hashlib.sha256(record).hexdigest()}  {RECORD}\n"


def files_in(entry: Path) -> list[str]:
    """Names of all files in an entry's folder, relative to it, with "/", in order."""
    return sorted(
        os.path.relpath(os.path.join(directory, name), entry).replace(os.sep, "/")
        for directory, _, names in os.walk(entry)
        for name in names
    )


def read_record(entry: Path, run_id: str) -> dict[str, Any]:
    """Read and check what made an entry.

    Parameters
    ----------
    entry : pathlib.Path
        Its folder.
    run_id : str
        The run that it should be.

    Raises
    ------
    CorruptEntryError
        If the record is missing, not what was written, or another run's.
    StoreFormatError
        If a newer workbench wrote it.
    """
    try:
        content = (entry / RECORD).read_bytes()
        vouched = (entry / SEAL).read_bytes() if (entry / SEAL).is_file() else None
        if vouched is not None and vouched != seal(content).encode():
            raise CorruptEntryError(f"run {run_id}: {RECORD} or {SEAL} is not what was written")
        record = json.loads(content)
        form = record.get("format", 1)
    except (OSError, ValueError, AttributeError) as error:
        raise CorruptEntryError(f"run {run_id}: {RECORD} cannot be read ({error})") from error
    if form not in (1, FORMAT):
        raise StoreFormatError(
            f"run {run_id}: {entry} has store format {form!r}, but 1 and {FORMAT} are what this workbench reads; "
            "update it"
        )
    if form == FORMAT and vouched is None:
        raise CorruptEntryError(f"run {run_id}: {SEAL} is missing")
    if record.get("run_id") != run_id:
        raise CorruptEntryError(f"run {run_id}: {RECORD} is of run {record.get('run_id')!r}")
    assert isinstance(record, dict)
    return record


def files_of(record: dict[str, Any], run_id: str) -> dict[str, StoredFile]:
    """The files that a record names, relative to the entry, without the record and its seal.

    Raises
    ------
    CorruptEntryError
        If the record does not name them.
    """
    hashed = record.get("format", 1) == FORMAT
    files = {}
    try:
        for name, file in record["files"].items():
            if name.startswith("/") or ".." in name.split("/"):
                raise ValueError(f"the name {name!r} leads out of the entry")
            size, digest = (file["size"], file["sha256"]) if hashed else (file, None)
            if not isinstance(size, int) or not isinstance(digest, str if hashed else type(None)):
                raise TypeError(f"{name!r} has the size {size!r} and the hash {digest!r}")
            files[name] = StoredFile(size, digest)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CorruptEntryError(f"run {run_id}: {RECORD} does not say what was stored ({error})") from error
    return files


def schema_of(record: dict[str, Any]) -> int:
    """The version of the schema in which a run was described; entries of schema 1 do not say it."""
    schema = record.get("schema", 1)
    return schema if isinstance(schema, int) else 1


def check_sizes(entry: Path, run_id: str, files: dict[str, StoredFile]) -> None:
    """Raise `CorruptEntryError` unless every file is there and as long as it was written."""
    folder = os.fspath(entry)  # a path object for every file would take longer than looking at the files
    for name, file in files.items():
        try:
            size = os.stat(f"{folder}/{name}").st_size
        except OSError as error:
            raise CorruptEntryError(f"run {run_id}: {name} is missing ({error.strerror})") from error
        if size != file.size:
            raise CorruptEntryError(f"run {run_id}: {name} has {size} bytes, but {file.size} were written")
