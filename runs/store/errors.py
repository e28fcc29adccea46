"""What can be wrong with a store, each as an error that names the store, the run and the remedy."""

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
    """The store's folder cannot be written; names it and the reason.

    Examples
    --------
    >>> error = store_error(OSError(errno.EROFS, "Read-only file system"), Path("runs"), "run 0123 was not written")
    >>> isinstance(error, StoreNotWritableError), str(error).partition("; ")[2]
    (True, "name another with '--store DIR'")
    """


class StoreFullError(RuntimeError):
    """The store's disk is full; names the store, the run and the space that is left.

    Examples
    --------
    >>> error = store_error(OSError(errno.ENOSPC, "No space left on device"), Path("runs"), "run 0123 was not written")
    >>> isinstance(error, StoreFullError), str(error).partition(", ")[2].partition(";")[0]
    (True, 'the disk is full (No space left on device)')
    """


class CorruptEntryError(RuntimeError):
    """An entry of the store is not what was written; names it and what is wrong.

    Examples
    --------
    A record that was cut off in the middle:

    >>> import tempfile
    >>> from runs.store import open_run
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     entry = Path(folder, "0123456789abcdef")
    ...     entry.mkdir()
    ...     _ = (entry / "provenance.json").write_text('{"format": 2, "engine": "oom')
    ...     open_run("0123456789abcdef", folder)
    Traceback (most recent call last):
    ...
    runs.store.errors.CorruptEntryError: run 0123456789abcdef: provenance.json cannot be read (not JSON: ...
    """


class StoreFormatError(RuntimeError):
    """An entry was written by a newer workbench than this one; names it and what this one reads.

    Examples
    --------
    >>> import tempfile
    >>> from runs.store import StoreFormatError, open_run
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     entry = Path(folder, "0123456789abcdef")
    ...     entry.mkdir()
    ...     _ = (entry / "provenance.json").write_text('{"format": 99}')
    ...     try:
    ...         open_run("0123456789abcdef", folder)
    ...     except StoreFormatError as error:
    ...         print(str(error).partition(" has ")[2])
    store format 99, but 1 and 2 are what this workbench reads; update it
    """


class RunClaimedError(RuntimeError):
    """A run is being computed by another process, and what was asked for would take it away.

    Examples
    --------
    >>> import tempfile
    >>> from runs.store import RunClaimedError, Store
    >>> from runs.store.cleaning import remove_run
    >>> with tempfile.TemporaryDirectory() as folder, Store(Path(folder)).claim("0123456789abcdef"):
    ...     try:
    ...         remove_run(Store(Path(folder)), "0123456789abcdef")
    ...     except RunClaimedError as error:
    ...         print(str(error).partition(" is ")[2])
    being computed by process ...; it was not removed
    """


def store_error(error: OSError, root: Path, doing: str) -> RuntimeError | OSError:
    """Say what an error of the operating system means for a store.

    Parameters
    ----------
    error : OSError
        What was raised while something was written.
    root : pathlib.Path
        The store's folder.
    doing : str
        What could not be done, such as "run 0123 could not be written".

    Returns
    -------
    RuntimeError or OSError
        A `StoreFullError` or a `StoreNotWritableError`; `error` itself if it is neither.
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
