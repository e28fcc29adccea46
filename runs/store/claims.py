"""Claims: of many processes that want to compute a run, one does.

A claim is a lock on a file of the run's name, ``<store>/.locks/<run_id>``. The kernel
holds it for the process and lets it go when the process ends, however it ends; a lock
file that is left behind claims nothing. The lock is taken on the open file, not on its
name: whoever has locked a file looks whether the name still leads to it, since the
holder before may have removed it.

Who can open a lock file can hold it, for ever. So it is open to those who may write in the store's folder, and to
nobody else. It holds the number and the host of the process that has the run.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import lock_descriptor

from geometries.plain_files import NotAFileError, kind_of, plain_opener, read_json, unlinked_opener
from geometries.plain_text import printable, shortened
from runs.store.errors import store_error
from runs.whole_files import make_directory

if sys.platform != "win32":
    import fcntl

__all__ = ["LOCKS", "Holder", "claim", "holder", "is_claimed", "is_claimed_here"]

LOCKS = ".locks"


@dataclass(frozen=True)
class Holder:
    """The process that has a run: its number and its host in words, and since when, in s since 1970."""

    process: str
    since: float


_SIGNATURE = 1000  # bytes that are read of what a process has written of itself
_PAUSES = (0.0, 0.001, 0.01, 0.03)  # seconds between attempts at a lock

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

    True if this thread has the run now, False if another, here or in another process, has it. The run's name has been
    checked. A StoreNotWritableError or StoreFullError if there cannot be a lock file.
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
    _sign(descriptor)
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


def holder(root: Path, run_id: str) -> Holder | None:
    """Say which process has a run; None if nobody has claimed it. Writes nothing."""
    path = _lock_file(root, run_id)
    try:
        status = os.lstat(path)
        signature = read_json(path, _SIGNATURE, unlinked_opener)
        process = f"process {int(signature['pid'])} on {shortened(printable(str(signature['host'])))}"
    except FileNotFoundError:
        return None
    except PermissionError:
        process = f"a process of the user with the number {status.st_uid}"
    except (OSError, ValueError, KeyError, TypeError):
        process = "a process that has left no name"
    return Holder(process, status.st_mtime)


def is_claimed_here(root: Path, run_id: str) -> bool:
    """Whether this process has the run."""
    return _lock_file(root, run_id) in _held


def _lock_file(root: Path, run_id: str) -> Path:
    return Path(os.path.abspath(root)) / LOCKS / run_id


def _lock(path: Path) -> int | None:
    # More than one attempt: `is_claimed` of another process holds a lock for a moment, and a file may be removed
    # between being opened and being locked.
    for pause in _PAUSES:
        time.sleep(pause)
        try:
            make_directory(path.parent)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600)
        except FileNotFoundError:
            continue  # another process has just removed the empty folder
        except PermissionError:
            if pause == _PAUSES[-1]:
                raise
            continue  # in a store that is shared another user has made it, and opens it to us in a moment
        held = False
        try:
            if kind := kind_of(os.fstat(descriptor).st_mode):
                raise NotAFileError(kind, str(path))  # `is_claimed` looks at files alone
            _open_to_writers(path, descriptor)
            held = lock_descriptor(descriptor, blocking=False) and _leads_to(path, descriptor)
        finally:
            if not held:
                os.close(descriptor)
        if held:
            return descriptor
    return None


def _open_to_writers(path: Path, descriptor: int) -> None:
    """Let those lock a file who may write in the store, and nobody else; also one that an older workbench left."""
    if sys.platform == "win32":
        return
    writers = os.stat(path.parent.parent).st_mode & 0o022
    with suppress(PermissionError):  # it is another user's
        os.fchmod(descriptor, 0o600 | writers | writers << 1)


def _sign(descriptor: int) -> None:
    signature = json.dumps({"pid": os.getpid(), "host": platform.node()}).encode()
    with suppress(OSError):  # a full disk must show where results are written
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, signature, 0)


def _leads_to(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
