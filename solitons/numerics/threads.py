"""Work on all cores in one process: compiled kernels release Python's lock, and members are independent."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np

__all__ = ["available_cores", "in_chunks", "shared"]

T = TypeVar("T")

_CHUNKS_A_CORE = 4
"""So that a core that is done early has more to do."""
_MOST_AT_ONCE = 8
"""Pieces of work that each have arrays of their own."""


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_chunks(kernel: Callable[..., None], members: int, arguments: tuple[Any, ...], threads: int | None) -> None:
    """Call a kernel for all members of an ensemble, some at a time.

    The kernel gets the first member, the one after the last, and the arguments, into which it writes; the result does
    not depend on the number of threads. There are as many as cores if None.
    """
    workers = threads or available_cores()
    if workers == 1:
        kernel(0, members, *arguments)
        return
    ends = np.linspace(0, members, min(members, workers * _CHUNKS_A_CORE) + 1).astype(int)
    with ThreadPoolExecutor(workers) as pool:
        for each in [pool.submit(kernel, a, b, *arguments) for a, b in itertools.pairwise(ends)]:
            each.result()


def shared(work: Callable[[int], T], numbers: Iterable[int], advance: Callable[[], None]) -> list[T]:
    """Do work number by number, such as by seeds, shared among the cores, and return the results in order.

    `advance` is called after each.
    """
    found = []
    with ThreadPoolExecutor(min(available_cores(), _MOST_AT_ONCE)) as pool:
        for each in pool.map(work, numbers):
            found.append(each)
            advance()
    return found
