"""An entry: one run, its spec, and a record of every file with its size and SHA-256.

The record, ``provenance.json``, is vouched for by ``provenance.json.sha256``, in the form
that ``sha256sum --check`` reads. Entries of store format 1 have sizes only and no such file.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from geometries.plain_files import kind_of, parse_json, unlinked_opener
from runs.store.errors import CorruptEntryError, StoreFormatError

__all__ = [
    "FORMAT",
    "RECORD",
    "SEAL",
    "StoredFile",
    "check_sizes",
    "files_in",
    "files_of",
    "link_in",
    "read_plain",
    "read_record",
    "schema_of",
    "seal",
    "sha256",
]

FORMAT = 2
RECORD = "provenance.json"
SEAL = "provenance.json.sha256"

_LARGEST_RECORD = 1 << 26


@dataclass(frozen=True)
class StoredFile:
    """Original state of an entry's file: its bytes, and its SHA-256 in hexadecimal digits.

    The SHA-256 is None in an entry of store format 1.
    """

    size: int
    sha256: str | None


def sha256(path: Path) -> str:
    """SHA-256 of a plain file in hexadecimal digits; anything else is an `OSError`."""
    with open(path, "rb", opener=unlinked_opener) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def seal(record: bytes) -> str:
    """Text of the file that vouches for a record."""
    return f"{hashlib.sha256(record).hexdigest()}  {RECORD}\n"


def files_in(entry: Path) -> list[str]:
    """Names of all files, and of links to folders, in an entry's folder, relative to it, with "/", in order."""
    return sorted(
        os.path.relpath(os.path.join(directory, name), entry).replace(os.sep, "/")
        for directory, folders, names in os.walk(entry)
        for name in (*names, *(folder for folder in folders if os.path.islink(os.path.join(directory, folder))))
    )


def read_plain(path: Path, run_id: str, name: str, largest: int, digest: str | None = None) -> bytes:
    """Read a small file of an entry, of at most `largest` bytes and with this SHA-256, if given.

    `name` is how the entry calls the file. A CorruptEntryError if it is not there, no plain file, too large or not what
    was written.
    """
    try:
        with open(path, "rb", opener=unlinked_opener) as stream:
            content = stream.read(largest + 1)
    except OSError as error:
        raise CorruptEntryError(f"run {run_id}: {name} cannot be read ({error.strerror})") from error
    if len(content) > largest:
        raise CorruptEntryError(f"run {run_id}: {name} has more than {largest} bytes, which is no such file's size")
    if digest is not None and hashlib.sha256(content).hexdigest() != digest:
        raise CorruptEntryError(f"run {run_id}: {name} is not what was written (SHA-256)")
    return content


def link_in(entry: Path, names: Iterable[str]) -> str | None:
    """The first of an entry's folders that is a symbolic link, "." for the entry itself; None if none is."""
    parents = {str(parent) for name in names for parent in PurePosixPath(name).parents}
    return next((parent for parent in sorted(parents | {"."}) if os.path.islink(entry / parent)), None)


def read_record(entry: Path, run_id: str) -> dict[str, Any]:
    """Read and check what made an entry.

    A CorruptEntryError if the record is missing, not what was written, or another run's; a StoreFormatError if a newer
    workbench wrote it.
    """
    content = read_plain(entry / RECORD, run_id, RECORD, _LARGEST_RECORD)
    vouched = read_plain(entry / SEAL, run_id, SEAL, _LARGEST_RECORD) if os.path.lexists(entry / SEAL) else None
    if vouched is not None and vouched != seal(content).encode():
        raise CorruptEntryError(f"run {run_id}: {RECORD} or {SEAL} is not what was written")
    try:
        record = parse_json(content, finite=False)
        form = record.get("format", 1)
    except (AttributeError, ValueError) as error:
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
    _check_made_by(record, run_id)
    return record


def files_of(record: dict[str, Any], run_id: str) -> dict[str, StoredFile]:
    """The files that a record names, relative to the entry, without the record and its seal."""
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
    """The version of the schema in which a run was described; entries of schema 1 do not have it."""
    schema = record.get("schema", 1)
    return schema if isinstance(schema, int) else 1


def check_sizes(entry: Path, run_id: str, files: dict[str, StoredFile]) -> None:
    """Raise `CorruptEntryError` unless every file is there, in the entry itself, and as long as it was written."""
    link = link_in(entry, files)
    if link is not None:
        raise CorruptEntryError(
            f"run {run_id}: {entry if link == '.' else link} is a symbolic link, and no entry has one"
        )
    folder = os.fspath(entry)  # a path object for every file would take longer than looking at the files
    for name, file in files.items():
        try:
            status = os.lstat(f"{folder}/{name}")
        except OSError as error:
            raise CorruptEntryError(f"run {run_id}: {name} is missing ({error.strerror})") from error
        if kind := kind_of(status.st_mode):
            raise CorruptEntryError(f"run {run_id}: {name} is {kind}, not a file")
        if status.st_size != file.size:
            raise CorruptEntryError(f"run {run_id}: {name} has {status.st_size} bytes, but {file.size} were written")


def _check_made_by(record: dict[str, Any], run_id: str) -> None:
    """Check what is read of every record without asking for its files."""
    for name in ("engine", "engine_version"):
        if not isinstance(record.get(name), str):
            raise CorruptEntryError(f"run {run_id}: {RECORD} has {name} {record.get(name)!r}, but a text is needed")
    for name in ("wall_time", "simulated_time"):
        value = record.get(name)
        # Compared with no float: a whole number may have hundreds of digits.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= sys.float_info.max:
            raise CorruptEntryError(f"run {run_id}: {RECORD} has {name} {value!r}, but a time in s is needed")
