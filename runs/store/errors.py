"""Errors of a store; each names the store, the run and the remedy."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

__all__ = [
    "CorruptEntryError",
    "RunClaimedError",
    "StoreFormatError",
    "StoreFullError",
    "StoreNotWritableError",
    "store_error",
]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}


class StoreNotWritableError(RuntimeError):
    """The store's folder cannot be written; names it and the reason."""


class StoreFullError(RuntimeError):
    """The store's disk is full; names the store, the run and the space that is left."""


class CorruptEntryError(RuntimeError):
    """An entry of the store is not what was written; names it and what is wrong."""


class StoreFormatError(RuntimeError):
    """An entry was written by a newer workbench than this one; names it and what this one reads."""


class RunClaimedError(RuntimeError):
    """A run is being computed by another process, and what was asked for would take it away."""


def store_error(error: OSError, root: Path, doing: str) -> RuntimeError | OSError:
    """Translate an error of the operating system for a store: a `StoreFullError`, a `StoreNotWritableError`, or itself.

    `doing` is what could not be done, such as "run 0123 could not be written".
    """
    if error.errno in _FULL:
        return StoreFullError(
            f"store {str(root)!r}: {doing}, the disk is full ({error.strerror}); {_space_left(root)}, and nothing "
            "unfinished was kept. Free some space ('solitons gc' shows what can go) or name another store with "
            "'--store DIR', then give the same command again"
        )
    if error.errno in _REFUSED:
        return StoreNotWritableError(
            f"store {str(root)!r} is not writable: {doing} ({error.strerror}); name another with '--store DIR'"
        )
    return error


def _space_left(root: Path) -> str:
    while not root.exists() and root != root.parent:
        root = root.parent
    return f"{shutil.disk_usage(root).free / 1e6:,.1f} MB are left"
