"""Kernels of the demagnetising field kept on the disk between processes."""

import contextlib
import hashlib
import os
import pathlib
import tempfile
import time
from collections.abc import Callable

import numpy as np

from runs.native.cache_directory import cache_directory

VERSION = 1
"""Raised whenever kernels come out different or are laid out differently."""
LIMIT = 1 << 30
"""Bytes of all kernels kept; those not used for longest go first."""
SHORTEST = 0.02
"""s; what took less to compute is not kept."""


def remember(compute: Callable[[], np.ndarray], *key: object) -> np.ndarray:
    """Return an array of float64 from the disk, or compute it and keep it there.

    The files are in `kernels` of `cache_directory`, named by the `repr` of `key`, what the array depends on. One that
    cannot be read is computed and written again; where nothing can be written nothing is kept. Each is written whole
    and then renamed, so that several processes may share a directory.
    """
    parent = cache_directory()
    if parent is None:
        return compute()
    name = hashlib.sha256(repr((VERSION, *key)).encode()).hexdigest()[:32]
    path = parent / "kernels" / f"{name}.npy"
    with contextlib.suppress(OSError, ValueError, EOFError):
        values: np.ndarray = np.load(path, allow_pickle=False)
        # Marks it as used just now.
        with contextlib.suppress(OSError):
            os.utime(path)
        return values
    start = time.perf_counter()
    values = compute()
    if time.perf_counter() - start >= SHORTEST:
        with contextlib.suppress(OSError):
            _write(path, values)
            _shrink(path.parent)
    return values


def _write(path: pathlib.Path, values: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.save(file, values, allow_pickle=False)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _shrink(directory: pathlib.Path) -> None:
    """Delete the files not used for longest until all together are within `LIMIT`."""
    files = []
    for path in directory.iterdir():
        with contextlib.suppress(OSError):
            status = path.stat()
            files.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files, key=lambda file: file[0]):
        if total <= LIMIT:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            total -= size
