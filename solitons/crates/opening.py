"""Opening a zip that a stranger made: refused is what would leave its folder, fill the disk or be no plain file."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from stat import S_IFMT, S_ISDIR, S_ISREG
from urllib.parse import unquote

from geometries.plain_files import parse_json, plain_opener
from runs import interruption
from solitons.crates.layout import METADATA, SEAL, name_problem

__all__ = ["LARGEST_METADATA", "UNREADABLE", "Listed", "files_listed", "members_of", "opened", "pieces"]

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""Errors of a member that is damaged: what Python's zipfile raises, a wrong CRC among them."""

LARGEST_METADATA = 1 << 28
"""Bytes of the metadata, of some hundred thousand files."""

_FEW_BYTES = 100_000_000
# Texts of ours go into a twentieth, and arrays are stored as they are; a bomb goes into a thousandth.
_LARGEST_RATIO = 200
_PIECE = 1 << 20
_LONGEST_NAME = 1000


@dataclass(frozen=True)
class Listed:
    """What a crate's metadata state of a file: its bytes and its SHA-256."""

    size: int
    sha256: str


@contextmanager
def opened(path: str | Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip that is a plain file; a ValueError if it is no zip."""
    with open(path, "rb", opener=plain_opener) as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except (*UNREADABLE, ValueError) as error:
            raise ValueError(f"{path}: it is no zip file ({error}), so no crate; copy or load it again") from error
        with archive:
            yield archive


def members_of(archive: zipfile.ZipFile, path: str | Path) -> dict[str, zipfile.ZipInfo]:
    """Files of a zip by their names, and folders in which none is; a ValueError if one of them must not be unpacked."""
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = info.orig_filename
        if problem := "is in it twice" if name in members else _member_problem(info):
            raise ValueError(f"{path}: {name!r} {problem}. The workbench writes no such crate; nothing was unpacked")
        members[name] = info
    folders = {str(parent) for name in members for parent in PurePosixPath(name).parents}
    if both := sorted(folders & members.keys()):
        raise ValueError(f"{path}: {both[0]!r} is a file and a folder; nothing was unpacked")
    packed, size = sum(info.compress_size for info in members.values()), Path(path).stat().st_size
    unpacked = sum(info.file_size for info in members.values())
    if packed > size or unpacked > max(_FEW_BYTES, _LARGEST_RATIO * size):
        raise ValueError(
            f"{path}: its {size:,} bytes would unpack to {unpacked:,}, as no crate of the workbench does; nothing was "
            "unpacked"
        )
    return {name: info for name, info in members.items() if name.removesuffix("/") not in folders}


def _member_problem(info: zipfile.ZipInfo) -> str:
    name, mode = info.orig_filename, info.external_attr >> 16
    is_folder = name.endswith("/")
    if problem := name_problem(name.removesuffix("/")):
        return problem
    # An extra field may give another name, by which zipfile would unpack.
    if info.filename != name or len(name) > _LONGEST_NAME:
        return "has two names, or one that is too long"
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
