"""Reading files that somebody else names or writes.

They may be something else, such as a pipe, for which reading would wait for ever, have any size, or hold JSON that no
stack is deep enough for. Whatever a user or a stranger names is read by the functions here.
"""

from __future__ import annotations

import errno
import json
import math
import os
import stat
from collections.abc import Callable
from typing import Any

__all__ = [
    "LARGEST",
    "LARGEST_TABLE",
    "JsonError",
    "NotAFileError",
    "kind_of",
    "parse_json",
    "plain_opener",
    "read_bytes",
    "read_json",
    "read_text",
    "unlinked_opener",
]

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotAFileError(OSError):
    """Something that is no plain file and is not opened; names what it is."""

    def __init__(self, kind: str, path: str):
        super().__init__(errno.EINVAL, f"it is {kind}, not a file", path)
        self.kind = kind

    def __reduce__(self) -> tuple[type[NotAFileError], tuple[str, str]]:
        return type(self), (self.kind, self.filename)


def kind_of(mode: int) -> str:
    """What lies under a name, by the mode that `os.stat` or `os.lstat` gives: "a folder"; "" for a plain file."""
    if stat.S_ISREG(mode):
        return ""
    return next((words for is_it, words in _KINDS if is_it(mode)), "no file")


def plain_opener(path: str | os.PathLike[str], flags: int) -> int:
    """Open a plain file, or a symbolic link to one: the `opener` of the built-in `open`.

    Anything else is a NotAFileError. It is not opened then: opening alone can wait, or move a tape.
    """
    _check(path, os.stat(path))
    return _open(path, flags)


def unlinked_opener(path: str | os.PathLike[str], flags: int) -> int:
    """Open a plain file as `plain_opener` does, and no symbolic link to one."""
    _check(path, os.lstat(path))
    return _open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def _open(path: str | os.PathLike[str], flags: int) -> int:
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    try:
        # It may have been exchanged in between.
        _check(path, os.fstat(descriptor))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _check(path: str | os.PathLike[str], status: os.stat_result) -> None:
    if kind := kind_of(status.st_mode):
        raise NotAFileError(kind, os.fspath(path))


LARGEST = 20_000_000
"""Bytes that a description, a model or a record may have: some thousand times what one of ours has."""

LARGEST_TABLE = 500_000_000
"""Bytes that a table of measurements may have."""

_MOST_LEVELS = 60

Opener = Callable[[str, int], int]


def read_bytes(path: str | os.PathLike[str], largest: int = LARGEST, opener: Opener = plain_opener) -> bytes:
    """Read a whole plain file of at most `largest` bytes that somebody names.

    The opener is `plain_opener`, or `unlinked_opener` for what lies in a store. An OSError if it cannot be opened or is
    no plain file (`NotAFileError`), a ValueError if it is larger.
    """
    with open(path, "rb", opener=opener) as stream:
        content = stream.read(largest + 1)
    if len(content) > largest:
        raise ValueError(f"{os.fspath(path)}: it has more than {largest / 1e6:g} MB, and is no such file")
    return content


def read_text(path: str | os.PathLike[str], largest: int = LARGEST, opener: Opener = plain_opener) -> str:
    """Read a whole file of UTF-8 that somebody names, as `read_bytes` does; other bytes are a `ValueError`."""
    try:
        text = read_bytes(path, largest, opener).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{os.fspath(path)}: not text in UTF-8 ({error.reason} at byte {error.start})") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_json(
    path: str | os.PathLike[str], largest: int = LARGEST, opener: Opener = plain_opener, *, finite: bool = True
) -> Any:
    """Read a file of JSON that somebody names, as `read_bytes` and `parse_json` do."""
    try:
        return parse_json(read_bytes(path, largest, opener), finite=finite)
    except JsonError as error:
        raise JsonError(f"{os.fspath(path)}: {error}") from error


class JsonError(ValueError):
    """A text that is not JSON, or deeper than any of ours."""


def parse_json(text: str | bytes, *, finite: bool = True) -> Any:
    """Parse JSON that may come from anybody; `finite` refuses Python's NaN and infinities.

    A JsonError if it is not JSON, is nested deeper than 60 levels, or has such a number.
    """
    try:
        content = json.loads(text, parse_float=_finite, parse_constant=_finite) if finite else json.loads(text)
    except RecursionError as error:
        raise JsonError(_TOO_DEEP) from error
    except ValueError as error:
        raise JsonError(f"not JSON: {error}") from error
    level = [content]
    for _ in range(_MOST_LEVELS):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return content
    raise JsonError(_TOO_DEEP)


_TOO_DEEP = f"it is nested deeper than {_MOST_LEVELS} levels"


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(f"{written} is no finite number")
    return number
