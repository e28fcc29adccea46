"""The command `solitons watch`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from runs import interruption
from runs.store import Store
from solitons.watch.access import is_loopback, new_token
from solitons.watch.server import application, listen

__all__ = ["check_store", "serve"]

_LOOK = 1.0  # seconds between looks whether the program was interrupted


def check_store(folder: Path) -> Store:
    """The store in a folder, which may not be there yet; looking at one makes none. A file in its place is an error."""
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{str(folder)!r} is a file, not the folder of a store; name one with '--store DIR'")
    return Store(folder.absolute())


def serve(folder: Path, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve the page on a store until the process is interrupted, on a port (any for 0) of an address of this machine.

    `say` is called with the address of the page, once it can be opened, and with what should be known. A file in the
    store's place or a port in use is an error.
    """
    store = check_store(folder)

    def say_address(found: int, token: str) -> None:
        name = host if is_loopback(host) or host not in ("0.0.0.0", "::", "") else socket.gethostname()
        shown = f"[{name}]" if ":" in name else name
        if not folder.exists():
            say(f"There is no store {str(folder)!r} yet; the page shows its runs when a campaign has made it.")
        say(f"Watching {folder}; Ctrl-C ends it. Open\nhttp://{shown}:{found}/{token}/")
        if not is_loopback(host):
            say(
                "Whoever has this address, or reads the network on its way, can look at the store: the page is not "
                "encrypted. 'ssh -L' from your machine to this one, with the page on 127.0.0.1, is safer."
            )

    async def until_interrupted() -> None:
        token = new_token()
        app = application(store, token, host)
        try:
            server, found = listen(app, host, port)
            try:
                # Who opens the address then does not wait for imports, which take a second or two.
                await asyncio.wrap_future(app.settings["ready"])
                say_address(found, token)
                while not interruption.is_interrupted():
                    await asyncio.sleep(_LOOK)
            finally:
                server.stop()
        finally:
            app.settings["serving"].end()

    with suppress(KeyboardInterrupt):
        asyncio.run(until_interrupted())
