"""Start of a scheduler's process, where Dask is given ``--preload runs.sweeps.scheduler``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.sweeps.tls import mend_encrypted_connections

if TYPE_CHECKING:
    from distributed.node import ServerNode

__all__ = ["close_http_server", "dask_setup"]


def dask_setup(scheduler: ServerNode) -> None:
    """Prepare a scheduler's process; Dask calls this at its start."""
    mend_encrypted_connections()
    close_http_server(scheduler)


def close_http_server(node: ServerNode) -> None:
    """Close the port on which a scheduler or a worker shows what it does, to whoever asks, without encryption.

    Dask opens it always; with ``--no-dashboard`` too, and then on every network that the machine has.
    """
    node.http_server.stop()
