"""How many processor cores a drive uses."""

import contextlib
import os
import pathlib
from collections.abc import Iterator

from runs.native.errors import UnsupportedError

TASKS = pathlib.Path("/proc/self/task")
"""Where Linux lists the threads of this process."""


@contextlib.contextmanager
def at_most_cores(number: int | None) -> Iterator[None]:
    """Bind all threads of this process to some of the cores it may use, inside the `with` block; None changes nothing.

    JAX makes its threads once, as many as there are cores, so that their number cannot follow a drive's `n_threads`;
    the cores they run on can. Other work of this process is bound too. An UnsupportedError where the operating system
    is not Linux, which alone binds threads to cores.
    """
    if number is None:
        yield
        return
    if not hasattr(os, "sched_setaffinity") or not TASKS.exists():
        raise UnsupportedError(
            f"n_threads={number} can be kept only on Linux; leave it out, or set XLA_FLAGS="
            "--xla_cpu_multi_thread_eigen=false before Python starts to use one core"
        )
    allowed = os.sched_getaffinity(0)
    _bind(set(sorted(allowed)[:number]))
    try:
        yield
    finally:
        _bind(allowed)


def _bind(cores: set[int]) -> None:
    for task in TASKS.iterdir():
        # A thread may have ended since it was listed.
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), cores)
