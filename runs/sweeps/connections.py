"""Connections to a scheduler: who may reach it, and time-outs.

Whoever reaches a scheduler or a worker of Dask runs code as the user who started it. So those that
are started here know each other by a certificate that is made for the sweep, and write to a folder
that is this user's alone. Every wait on the network has an end.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Client
    from distributed.deploy import SpecCluster

__all__ = ["closed_at_last", "connected", "is_protected", "private_scratch", "warn_of_open_scheduler"]

_ANSWER = 30.0  # seconds until a scheduler must have answered
_GOODBYE = 1.5  # seconds for taking leave of one, which may be gone
_END = 60.0  # seconds until processes and jobs that were started here must have ended


@contextlib.contextmanager
def connected(scheduler: Any) -> Iterator[Client]:
    """A client of a scheduler (address or cluster), left in bounded time even if that is gone or stands still.

    An OSError if it does not answer.
    """
    from distributed import Client

    client = Client(scheduler, set_as_default=False, timeout=_ANSWER)
    try:
        yield client
    finally:
        # Where the scheduler is gone Dask is trying to reach it again, and would print how that ends: now, or when
        # Python stops the thread in which it tries.
        logging.getLogger("distributed.client").addFilter(_is_no_cancellation)
        with _silenced("distributed.client"), contextlib.suppress(TimeoutError, OSError, RuntimeError):
            client.close(timeout=_GOODBYE)


def _is_no_cancellation(record: logging.LogRecord) -> bool:
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or not issubclass(kind, asyncio.CancelledError)


@contextlib.contextmanager
def _silenced(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextlib.contextmanager
def closed_at_last(cluster: SpecCluster) -> Iterator[SpecCluster]:
    """End a cluster with the context, and warn if its processes or jobs do not end."""
    try:
        yield cluster
    finally:
        try:
            cluster.close(timeout=_END)
        except TimeoutError:
            warnings.warn(
                f"the workers have not ended within {_END:.0f} s; end the processes or jobs that are left",
                RuntimeWarning,
                stacklevel=2,
            )


def private_scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder of this user alone for what Dask's processes write.

    Dask's own choice is one in the system's folder for temporary files, whoever made it, and all its processes,
    this one too, import modules that lie there.
    """
    return tempfile.TemporaryDirectory(prefix="solitons-sweep-", ignore_cleanup_errors=True)


def warn_of_open_scheduler(where: str) -> None:
    """Warn what a scheduler without encryption means; `where` is what is open, such as an address."""
    warnings.warn(
        f"{where} is not protected: anyone who can reach this port runs programs as you. Use TLS ('solitons "
        "certificate' makes what it needs)",
        RuntimeWarning,
        stacklevel=2,
    )


def is_protected(address: str) -> bool:
    """Whether who is at the other end of an address must show a certificate."""
    return address.startswith(("tls://", "wss://"))
