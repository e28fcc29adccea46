"""A Zarr store whose files are written where they are asked for.

Zarr's own hands every file to a thread, writes it beside and renames it, which takes longer than the file of a small
array. An entry is written into a folder that nobody reads before it is renamed as a whole, so that neither is needed.
"""

from __future__ import annotations

from typing_extensions import override
from zarr.core.buffer import Buffer
from zarr.storage import LocalStore

__all__ = ["InPlaceStore"]


class InPlaceStore(LocalStore):
    """A folder, which is made, that one process writes once."""

    @override
    async def set(self, key: str, value: Buffer) -> None:
        await self._ensure_open()
        self._check_writable()
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(value.as_buffer_like())

    @override
    async def set_if_not_exists(self, key: str, value: Buffer) -> None:
        if not (self.root / key).exists():
            await self.set(key, value)
