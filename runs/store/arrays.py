"""Checks of an entry's arrays before Zarr sees them.

An entry may come from anywhere, and its hashes show only that its record fits it. Zarr does what an array's description
asks for: it looks up codecs, also ones that run code, and makes room for chunks of any size. So the descriptions
are read here first, and only what `runs.store.writing` writes is let through: Zarr format 3, numbers and text of a
fixed length, two codecs, and no chunk that is larger than stated or not accounted for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runs.store.array_description import ArrayDescription, parse_description
from runs.store.entry import StoredFile, read_plain
from runs.store.errors import CorruptEntryError

__all__ = ["ARRAYS", "CHUNK_START", "CheckedArrays", "check_arrays", "chunk_problem"]

ARRAYS = "run.zarr/"
"""Place of an entry's arrays."""

CHUNK_START = 18
"""Bytes at the beginning of a chunk that say how large it is: the longest header of a zstd frame."""

# Zarr leaves out the file of a chunk that holds its fill value only: room is made for it from nothing.
_LARGEST_LEFT_OUT = 1 << 26
_LARGEST_DESCRIPTION = 1 << 26
_FRAMES = ("t", "step")
_MESH = ("x", "y", "z", "vdims")
_MEANS = ("member", "t")
_MAGNETISATIONS = {*((frames, *_MESH) for frames in _FRAMES), (*_MEANS, *_MESH)}
_NAME = re.compile(r"[A-Za-z_]\w{0,99}", re.ASCII)
_DESCRIPTION = "zarr.json"
_ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True)
class CheckedArrays:
    """The arrays of an entry that may be opened.

    `descriptions` are what Zarr may read of each array's form, by file: what was checked, not what lies there by then.
    `chunk_sizes` are the bytes that each chunk has when it is unpacked, by file.
    """

    descriptions: Mapping[str, bytes]
    chunk_sizes: Mapping[str, int]


def check_arrays(entry: Path, run_id: str, files: Mapping[str, StoredFile]) -> CheckedArrays:
    """Check what an entry's arrays are before anything of them is opened.

    `files` is every file that its record names. Gives what Zarr may read, relative to the folder of the arrays. A
    CorruptEntryError, with run, file and what is wrong, if they are anything else than what this workbench writes.
    """
    names = [name.removeprefix(ARRAYS) for name in files if name.startswith(ARRAYS)]
    described = {name for name in names if name.rpartition("/")[2] == _DESCRIPTION}
    contents, arrays = {}, {}
    for name in sorted(described):
        file = files[ARRAYS + name]
        contents[name] = read_plain(entry / ARRAYS / name, run_id, ARRAYS + name, _LARGEST_DESCRIPTION, file.sha256)
        array, parts = _parsed(contents[name], run_id, name), name.split("/")
        if (
            (array is None) != (len(parts) == 1)
            or len(parts) > 2
            or not _NAME.fullmatch(parts[0].removesuffix(".json"))
        ):
            raise _error(run_id, name, "is not of a group with arrays in it")
        if array is not None:
            arrays[parts[0]] = array
    if _DESCRIPTION not in described:
        raise _error(run_id, _DESCRIPTION, "is missing, or of another Zarr format than 3")
    _check_shapes(arrays, run_id)
    chunk_sizes = {}
    for name in names:
        if name not in described:
            array_name, _, chunk = name.partition("/")
            if array_name not in arrays or not _is_chunk(arrays[array_name], chunk):
                raise _error(run_id, name, "is no part of an array of Zarr format 3")
            chunk_sizes[name] = arrays[array_name].chunk_size
    _check_chunks(arrays, chunk_sizes, run_id)
    return CheckedArrays(contents, chunk_sizes)


def chunk_problem(start: bytes, size: int) -> str | None:
    """Fault of a chunk that would not unpack to its size in bytes; None if it has none.

    `start` are its first `CHUNK_START` bytes, or all of it.
    """
    if start[:4] != _ZSTD or len(start) < 6:
        return "is not packed with zstd"
    # RFC 8878, 3.1.1.1: how long the field with the size is, and what stands before it.
    flags = start[4]
    whole = flags >> 5 & 1
    length = (whole, 2, 4, 8)[flags >> 6]
    offset = 6 - whole + (0, 1, 2, 4)[flags & 3]
    if not length:
        return "does not say to how many bytes it unpacks"
    unpacked = int.from_bytes(start[offset : offset + length], "little") + (256 if length == 2 else 0)
    return None if unpacked == size else f"unpacks to {unpacked} bytes, but the array has {size} in a chunk"


def _parsed(content: bytes, run_id: str, name: str) -> ArrayDescription | None:
    try:
        return parse_description(content)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        what = str(error) if type(error) is ValueError else f"cannot be read ({type(error).__name__})"
        raise _error(run_id, name, what) from error


def _check_shapes(arrays: Mapping[str, ArrayDescription], run_id: str) -> None:
    """Check that there is a magnetisation, in chunks of whole frames, and that all else has its sizes.

    An ensemble's has members before its frames, or its mean alone is there.
    """
    m, mean = arrays.get("m"), arrays.get("mx")
    if m is None and mean is not None and mean.dims == _MEANS:
        m = mean
    elif m is None or m.dims not in _MAGNETISATIONS or m.shape[-1] != 3:
        raise _error(
            run_id, f"m/{_DESCRIPTION}", f"is not of a magnetisation m over {_FRAMES[0]} or {_FRAMES[1]}, x, y, z"
        )
    elif m.chunks[-4:] != m.shape[-4:]:
        raise _error(run_id, f"m/{_DESCRIPTION}", f"has chunks of {m.chunks[-4:]}, but a frame has {m.shape[-4:]}")
    sizes = dict(zip(m.dims, m.shape, strict=True))
    for name, array in arrays.items():
        for dim, size in zip(array.dims, array.shape, strict=True):
            if size != sizes.setdefault(dim, size):
                raise _error(run_id, f"{name}/{_DESCRIPTION}", f"has {size} along {dim}, but m has {sizes[dim]}")


def _is_chunk(array: ArrayDescription, name: str) -> bool:
    """Whether this is how a chunk of the array is called."""
    parts = name.split("/")
    if parts[0] != "c" or len(parts) != 1 + len(array.shape):
        return False
    counts = (-(-size // chunk) for size, chunk in zip(array.shape, array.chunks, strict=True))
    return all(
        part.isdecimal() and part.isascii() and len(part) < 12 and str(int(part)) == part and int(part) < count
        for part, count in zip(parts[1:], counts, strict=True)
    )


def _check_chunks(arrays: Mapping[str, ArrayDescription], there: Mapping[str, int], run_id: str) -> None:
    """Check that every chunk is there: for one that is not, room would be made from nothing."""
    found = dict.fromkeys(arrays, 0)
    for name in there:
        found[name.partition("/")[0]] += 1
    for name, array in arrays.items():
        left_out = found[name] == 0 and array.chunk_count == 1 and array.chunk_size <= _LARGEST_LEFT_OUT
        if found[name] != array.chunk_count and (name == "m" or not left_out):
            text = f"has {array.chunk_count} chunks, of which {found[name]} are there"
            raise _error(run_id, f"{name}/{_DESCRIPTION}", text)


def _error(run_id: str, name: str, what: str) -> CorruptEntryError:
    return CorruptEntryError(f"run {run_id}: {ARRAYS}{name} {what}")
