"""Opening a zip that a stranger made: refused is what would leave its folder, fill the disk or be no plain file."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from stat import S_IFMT, S_ISDIR, S_ISREG
from typing import IO
from urllib.parse import unquote

from geometries.plain_files import parse_json, plain_opener
from runs import interruption
from solitons.crates.layout import METADATA, SEAL, name_problem, place_of

__all__ = ["UNREADABLE", "Listed", "files_listed", "largest_metadata", "members_of", "opened", "pieces"]

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""Errors of a member that is damaged: what Python's zipfile raises, a wrong CRC among them."""

# The metadata have some 500 bytes a file, the zip's list of files 120.
_FEWEST_METADATA, _METADATA_A_FILE, _LARGEST_METADATA = 10_000_000, 2_000, 1 << 27
_LARGEST_LIST = 1 << 26
_LARGEST_EXTRA = 200  # times and owners, which other programs write beside a name
_FEW_BYTES = 20_000_000
# Texts of ours go into a twentieth, and arrays are stored as they are; a bomb goes into a thousandth.
_LARGEST_RATIO = 200
_PIECE = 1 << 20
_REFUSED = "The workbench writes no such crate; nothing was unpacked"


@dataclass(frozen=True)
class Listed:
    """What a crate's metadata state of a file: its bytes and its SHA-256."""

    size: int
    sha256: str


@contextmanager
def opened(path: str | Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip that is a plain file; a ValueError if it is no zip, or has bytes that are of none of its files."""
    with open(path, "rb", opener=plain_opener) as stream:
        try:
            _check_end(stream)
            archive = zipfile.ZipFile(stream)
        except (*UNREADABLE, ValueError) as error:
            raise ValueError(f"{path}: it is no zip file ({error}), so no crate; copy or load it again") from error
        with archive:
            if (place := _foreign_bytes(archive, stream)) is not None:
                words = f"it has bytes that are of none of its files, or of two, at byte {place:,}"
                raise ValueError(f"{path}: {words}. {_REFUSED}")
            yield archive


def largest_metadata(files: int) -> int:
    """The most bytes that the metadata of a crate of so many files may have."""
    return min(_LARGEST_METADATA, _FEWEST_METADATA + _METADATA_A_FILE * files)


def _check_end(stream: IO[bytes]) -> None:
    """Refuse bytes after a zip's end, and a list of files that would fill the memory: Python reads it as a whole."""
    stream.seek(max(0, stream.seek(0, os.SEEK_END) - 98))
    end = stream.read()
    if end[-22:-18] != b"PK\5\6":
        raise ValueError("it has no zip's end, or bytes after it")
    listed = int.from_bytes(end[-10:-6], "little")
    if end[-42:-38] == b"PK\6\7":  # of many files or bytes, written in a longer record
        listed = max(listed if listed < 0xFFFFFFFF else 0, int.from_bytes(end[-58:-50], "little"))
    if listed > _LARGEST_LIST:
        raise ValueError(f"its list of files has {listed:,} bytes, {_LARGEST_LIST:,} are the most")


def _foreign_bytes(archive: zipfile.ZipFile, stream: IO[bytes]) -> int | None:
    """Where a zip's files do not stand one right after another, from its beginning to its list of files."""
    end = most_between = 0
    for info in sorted(archive.infolist(), key=lambda each: each.header_offset):
        if not 0 <= info.header_offset - end <= most_between:
            return end
        stream.seek(info.header_offset + 26)
        name, extra = (int.from_bytes(stream.read(2), "little") for _ in range(2))
        end = info.header_offset + 30 + name + extra + info.compress_size
        if extra > _LARGEST_EXTRA:
            return info.header_offset
        most_between = 24 if info.flag_bits & 8 else 0  # sizes, where they were not known before
    return None if 0 <= archive.start_dir - end <= most_between else end


def members_of(archive: zipfile.ZipFile, path: str | Path) -> dict[str, zipfile.ZipInfo]:
    """Files of a zip by their names, and folders in which none is; a ValueError if one of them must not be unpacked."""
    members: dict[str, zipfile.ZipInfo] = {}
    places: set[str] = set()
    for info in archive.infolist():
        name = info.orig_filename
        twice = "is in it twice, in capital letters or not" if place_of(name) in places else ""
        if problem := _member_problem(info) or twice:
            raise ValueError(f"{path}: {name[:300]!r} {problem}. {_REFUSED}")
        members[name] = info
        places.add(place_of(name))
    order = sorted(members, key=place_of)
    folders = {name for name, after in pairwise(order) if place_of(after).startswith(f"{place_of(name)}\0")}
    if both := [name for name in folders if not name.endswith("/")]:
        raise ValueError(f"{path}: {both[0]!r} is a file and a folder; nothing was unpacked")
    size, unpacked = Path(path).stat().st_size, sum(info.file_size for info in members.values())
    if unpacked > max(_FEW_BYTES, _LARGEST_RATIO * size):
        raise ValueError(
            f"{path}: its {size:,} bytes would unpack to {unpacked:,}, as no crate of the workbench does; nothing was "
            "unpacked"
        )
    return {name: info for name, info in members.items() if name not in folders}


def _member_problem(info: zipfile.ZipInfo) -> str:
    name, mode = info.orig_filename, info.external_attr >> 16
    is_folder = name.endswith("/")
    if problem := name_problem(name.removesuffix("/")):
        return problem
    # An extra field may give another name, by which zipfile would unpack.
    if info.filename != name or info.comment or len(info.extra) > _LARGEST_EXTRA:
        return "has two names, or bytes beside its content"
    if S_IFMT(mode) and not (S_ISDIR(mode) if is_folder else S_ISREG(mode)):
        return "is a link or another thing that is no plain file"
    if (is_folder and info.file_size) or info.flag_bits & 1:
        return "is encrypted, or a folder with a content"
    return "" if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else "is packed in an unusual way"


def pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a member, no more than it declares; one of `UNREADABLE` if it is damaged."""
    with archive.open(info) as stream:
        while piece := stream.read(_PIECE):
            interruption.check()
            yield piece


def files_listed(metadata: bytes) -> dict[str, Listed]:
    """Files that a crate's metadata list, without the metadata and their seal.

    A ValueError if they are no RO-Crate metadata, a file has no size or SHA-256, or the campaign is not among them.
    """
    content = parse_json(metadata)
    graph = content.get("@graph") if isinstance(content, dict) else None
    if not isinstance(graph, list) or not all(isinstance(each, dict) for each in graph):
        raise ValueError("it has no list '@graph' of entities")
    files: dict[str, Listed] = {}
    campaign = None
    for entity in graph:
        kinds, identifier = entity.get("@type"), entity.get("@id")
        if identifier == "./":
            campaign = entity.get("mainEntity")
        if "File" not in (kinds if isinstance(kinds, list) else [kinds]) or not isinstance(identifier, str):
            continue
        name = unquote(identifier)
        size, digest = entity.get("contentSize"), entity.get("sha256")
        if name in (METADATA, SEAL):
            continue
        if str(PurePosixPath(name)) != name:
            raise ValueError(f"{name!r} is not written as {str(PurePosixPath(name))!r}")
        if not (isinstance(size, str) and re.fullmatch("[0-9]{1,18}", size)):
            raise ValueError(f"{name!r} has contentSize {size!r}, but a number of bytes is needed")
        if not (isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest)):
            raise ValueError(f"{name!r} has sha256 {digest!r}, but 64 hexadecimal digits are needed")
        if name in files:
            raise ValueError(f"{name!r} is listed twice")
        files[name] = Listed(int(size), digest)
    if campaign not in [{"@id": name} for name in files]:
        raise ValueError(f"its mainEntity, the campaign's file, is {campaign!r}, which is none of its files")
    return files
