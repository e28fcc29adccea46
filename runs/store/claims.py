"""Claims: of many processes that want to compute a run, one does.

A claim is a lock on a file of the run's name, ``<store>/.locks/<run_id>``. The kernel
holds it for the process and lets it go when the process ends, however it ends; a lock
file that is left behind claims nothing. The lock is taken on the open file, not on its
name: whoever has locked a file looks whether the name still leads to it, since the
holder before may have removed it.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import lock_descriptor

from runs.plain_files import NotAFileError, kind_of, plain_opener
from runs.store.errors import store_error
from runs.store.whole_files import make_directory

if sys.platform != "win32":
    import fcntl

__all__ = ["LOCKS", "claim", "is_claimed", "is_claimed_here"]

LOCKS = ".locks"

# What this process holds. A process that is forked off inherits the open files, and with them the locks:
# it lets go of them, or a claim would outlive the process that has it.
_held: dict[Path, int] = {}


def _let_go() -> None:
    for descriptor in _held.values():
        with suppress(OSError):
            os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


@contextmanager
def claim(root: Path, run_id: str) -> Iterator[bool]:
    """Claim a run without waiting, for as long as the block runs.

    Parameters
    ----------
    root : pathlib.Path
        The store's folder.
    run_id : str
        The run; its name has been checked.

    Yields
    ------
    bool
        True if this thread has the run now, False if another, here or in another process,
        has it.

    Raises
    ------
    StoreNotWritableError, StoreFullError
        If there cannot be a lock file.
    """
    path = _lock_file(root, run_id)
    try:
        descriptor = _lock(path)
    except OSError as error:
        raise store_error(error, root, f"run {run_id} could not be claimed") from error
    if descriptor is None:
        yield False
        return
    _held[path] = descriptor
    try:
        yield True
    finally:
        # A forked process that unwinds through here has let go already: the claim is its parent's.
        if _held.get(path) == descriptor:
            # Under the lock, so that nobody's file is removed but this one. Windows keeps open files.
            with suppress(OSError):
                path.unlink()
            del _held[path]
            os.close(descriptor)
            with suppress(OSError):  # other runs are at work
                path.parent.rmdir()


def is_claimed(root: Path, run_id: str) -> bool:
    """Whether a process, this or another, has the run. Writes nothing."""
    path = _lock_file(root, run_id)
    if path in _held:
        return True
    try:
        descriptor = plain_opener(path, os.O_RDONLY)
    except (FileNotFoundError, NotAFileError):
        return False  # no process claims by anything but a file, and a pipe would keep who opens it waiting
    except PermissionError:
        return True  # another user's; whether it is held cannot be asked
    except OSError as error:
        if error.errno == errno.ELOOP:
            return False
        raise
    try:
        if sys.platform == "win32":
            return not lock_descriptor(descriptor, blocking=False)
        # A shared lock can be had on a file that is open for reading only, in a store that is read only.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def is_claimed_here(root: Path, run_id: str) -> bool:
    """Whether this process has the run."""
    return _lock_file(root, run_id) in _held


def _lock_file(root: Path, run_id: str) -> Path:
    return Path(os.path.abspath(root)) / LOCKS / run_id


def _lock(path: Path) -> int | None:
    # More than one attempt: `is_claimed` of another process holds a lock for a moment, and a file may be removed
    # between being opened and being locked.
    for pause in (0.0, 0.001, 0.01, 0.03):
        time.sleep(pause)
        try:
            make_directory(path.parent)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o666)
        except FileNotFoundError:
            continue  # another process has just removed the empty folder
        held = False
        try:
            if kind := kind_of(os.fstat(descriptor).st_mode):
                raise NotAFileError(kind, str(path))  # `is_claimed` looks at files alone
            held = lock_descriptor(descriptor, blocking=False) and _leads_to(path, descriptor)
        finally:
            if not held:
                os.close(descriptor)
        if held:
            return descriptor
    return None


def _leads_to(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
