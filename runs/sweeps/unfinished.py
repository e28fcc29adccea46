"""Sweeps that a script does not finish: they end when Python does, while it can still talk to their workers."""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Generator, Iterator
from typing import Any, TypeVar

__all__ = ["ended_at_exit"]

Told = TypeVar("Told")

# Each with the process that began it: a fork has no part in it.
_unfinished: dict[Generator[Any], int] = {}


@contextlib.contextmanager
def ended_at_exit(sweep: Generator[Told]) -> Iterator[Generator[Told]]:
    """Close a generator with the context, or when the program ends, if nobody has gone on with it until then."""
    _end_with_python()
    unfinished = _unfinished  # the module's own name may be gone when the last of Python ends
    unfinished[sweep] = os.getpid()
    try:
        yield sweep
    finally:
        del unfinished[sweep]
        sweep.close()


def _end_unfinished() -> None:
    for sweep, process in list(_unfinished.items()):
        if process == os.getpid():
            with contextlib.suppress(ValueError):  # another thread is at work in it
                sweep.close()


@functools.cache
def _end_with_python() -> None:
    # What `atexit` calls comes too late: connections and answers of Dask go through pools of threads, which Python
    # stops before. They register themselves in this way, and what is registered last is called first.
    import distributed  # noqa: F401

    threading._register_atexit(_end_unfinished)  # type: ignore[attr-defined]
