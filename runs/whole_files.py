"""Files and folders that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import os
import shutil
import stat
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

__all__ = [
    "UNFINISHED",
    "discard",
    "make_directory",
    "names_in",
    "size_of",
    "synchronise",
    "write_beside",
    "write_whole",
    "write_whole_by",
]

UNFINISHED = ".unfinished"
"""How the names of files end that are being written."""


def write_whole(path: Path, text: str) -> None:
    """Write a text beside, bring it to the disk, and rename it: no reader ever sees half a file."""
    write_whole_by(path, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))


def write_whole_by(path: Path, write: Callable[[Path], object]) -> None:
    """Let a function write a file beside, bring it to the disk, and rename it: as `write_whole` for other contents."""
    # Two processes that write the same file must not write into each other's.
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}{UNFINISHED}")
    try:
        write(unfinished)
        with unfinished.open("rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    synchronise(path.parent)


def write_beside(path: Path, text: str) -> None:
    """Write a text beside and rename it, without bringing it to the disk: for what a power cut may take.

    One process writes the file; what its reader sees is whole.
    """
    unfinished = path.with_name(f"{path.name}{UNFINISHED}")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)


def synchronise(path: Path) -> None:
    """Bring a file, or a folder's list of names, to the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such call for folders
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_directory(directory: Path) -> None:
    """Make a folder and its parents, also while another process removes empty parents."""
    for _ in range(100):
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except FileNotFoundError:
            continue
        except FileExistsError:
            # Either a file is in the way, or it was a folder a moment ago.
            with suppress(FileNotFoundError):
                if not stat.S_ISDIR(directory.stat().st_mode):
                    raise
            continue
        return
    raise FileNotFoundError(f"{directory} cannot be made: its parent is removed again and again")


def names_in(folder: Path) -> list[str]:
    """The names in a folder; none of one that is not there, or of a file."""
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def discard(directory: Path) -> bool:
    """Remove a folder, also one into which a thread that was interrupted still writes; return whether it is gone."""
    for pause in (0.0, 0.01, 0.05, 0.2, 0.5):
        time.sleep(pause)
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            return True
    return False


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; what vanishes meanwhile counts nothing."""
    with suppress(OSError):
        if not path.is_dir():
            return path.lstat().st_size
        return sum(_sizes(path))
    return 0


def _sizes(folder: Path) -> Iterator[int]:
    for directory, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                yield os.lstat(os.path.join(directory, name)).st_size
