"""Encrypted connections that do not break each other.

OpenSSL keeps errors in a queue of the thread, and CPython leaves one there where the system
refused a read or a write (from 3.12.9 and 3.13.2 on; python/cpython#148594, open). The next
healthy connection of the thread takes it for its own and is closed. In Dask all connections of a
process share a thread: when a job of a batch system ends, its scheduler would lose other jobs,
their runs, and the client that waits for them. Sockets made here empty the queue after each error.
"""

from __future__ import annotations

import contextlib
import functools
import ssl
from collections.abc import Iterator
from typing import Any

__all__ = ["mend_encrypted_connections"]


def mend_encrypted_connections() -> None:
    """Let the contexts that this process makes from now on give out sockets that empty OpenSSL's queue of errors."""
    if ssl.SSLContext.sslsocket_class is ssl.SSLSocket:
        ssl.SSLContext.sslsocket_class = _Socket


class _Socket(ssl.SSLSocket):
    # What tornado calls. `recv` and `send` are also what other readers of a socket go through.
    def recv_into(self, *arguments: Any, **options: Any) -> int:
        with _emptied_queue():
            return super().recv_into(*arguments, **options)

    def recv(self, *arguments: Any, **options: Any) -> bytes:
        with _emptied_queue():
            return super().recv(*arguments, **options)

    def send(self, *arguments: Any, **options: Any) -> int:
        with _emptied_queue():
            return super().send(*arguments, **options)

    def do_handshake(self, block: bool = False) -> None:
        with _emptied_queue():
            super().do_handshake(block)


@contextlib.contextmanager
def _emptied_queue() -> Iterator[None]:
    try:
        yield
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        raise  # no error, and the most frequent answer
    except OSError:
        # CPython empties the queue after raising OpenSSL's own error, such as a cipher that does not exist.
        with contextlib.suppress(ssl.SSLError):
            _any_context().set_ciphers("none")
        raise


@functools.cache
def _any_context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
