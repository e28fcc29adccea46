"""Opening files that may be something else: reading a pipe or a terminal would wait for ever."""

from __future__ import annotations

import errno
import os
import stat

__all__ = ["NotAFileError", "kind_of", "plain_opener", "unlinked_opener"]

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotAFileError(OSError):
    """Something that is no plain file and is not opened; says what it is."""

    def __init__(self, kind: str, path: str):
        super().__init__(errno.EINVAL, f"it is {kind}, not a file", path)
        self.kind = kind

    def __reduce__(self) -> tuple[type[NotAFileError], tuple[str, str]]:
        return type(self), (self.kind, self.filename)


def kind_of(mode: int) -> str:
    """What lies under a name, by the mode that `os.stat` or `os.lstat` gives; "" for a plain file.

    Examples
    --------
    >>> kind_of(os.stat(os.devnull).st_mode)
    'a device'
    >>> kind_of(os.stat(os.curdir).st_mode)
    'a folder'
    """
    if stat.S_ISREG(mode):
        return ""
    return next((words for is_it, words in _KINDS if is_it(mode)), "no file")


def plain_opener(path: str | os.PathLike[str], flags: int) -> int:
    """Open a plain file, or a symbolic link to one: the `opener` of the built-in `open`.

    Raises
    ------
    NotAFileError
        If it is anything else. It is not opened then: opening alone can wait, or move a tape.
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
