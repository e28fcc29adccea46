"""Reading an entry's arrays so that nothing wrong is ever handed on.

Zarr takes a file that is missing for a chunk of fill values, and decodes what it finds.
Here every file is compared with the entry's record as it is read, at the speed of SHA-256, and a chunk
states how large it is before it is unpacked. The arrays' descriptions are those that were checked.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Iterable, Mapping
from pathlib import Path

from typing_extensions import override
from zarr.abc.store import ByteRequest, OffsetByteRequest, RangeByteRequest, SuffixByteRequest
from zarr.core.buffer import Buffer, BufferPrototype
from zarr.storage import LocalStore, WrapperStore

from runs.store.arrays import CHUNK_START, CheckedArrays, chunk_problem
from runs.store.entry import StoredFile
from runs.store.errors import CorruptEntryError

__all__ = ["CheckedStore"]

# Bytes that are read and hashed sooner than a thread takes them over.
_SMALL = 1 << 18


class CheckedStore(WrapperStore[LocalStore]):
    """A local Zarr store, read only, whose files must be what they were when they were written.

    `store` is the folder of one run's arrays, `files` are all of its files, relative to it (others are taken for
    absent), and `checked` is what `check_arrays` has let through. A CorruptEntryError on reading, with run, file and
    remedy, if a file is missing or is not what was written.
    """

    def __init__(self, store: LocalStore, run_id: str, files: Mapping[str, StoredFile], checked: CheckedArrays) -> None:
        super().__init__(store)
        self._run_id = run_id
        self._files = dict(files)
        self._checked = checked

    @override
    def _with_store(self, store: LocalStore) -> CheckedStore:
        return CheckedStore(store, self._run_id, self._files, self._checked)

    @override
    async def get(self, key: str, prototype: BufferPrototype, byte_range: ByteRequest | None = None) -> Buffer | None:
        file = self._files.get(key)
        if file is None:
            return None
        if key in self._checked.descriptions:
            return _part(prototype.buffer.from_bytes(self._checked.descriptions[key]), byte_range)
        content = await self._content(key, file.size, prototype)
        if content is None:
            raise self._error(key, "is missing")
        if len(content) != file.size:
            raise self._error(key, f"has {len(content)} bytes, but {file.size} were written")
        if file.sha256 is not None and await _sha256(content) != file.sha256:
            raise self._error(key, "is not what was written (its SHA-256 differs)")
        if problem := chunk_problem(content[:CHUNK_START].to_bytes(), self._checked.chunk_sizes[key]):
            raise self._error(key, problem)
        return _part(content, byte_range)

    async def _content(self, key: str, size: int, prototype: BufferPrototype) -> Buffer | None:
        if size > _SMALL:
            return await self._store.get(key, prototype)
        try:
            return prototype.buffer.from_bytes((Path(self._store.root) / key).read_bytes())
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    @override
    async def get_partial_values(
        self, prototype: BufferPrototype, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Buffer | None]:
        return [await self.get(key, prototype, byte_range) for key, byte_range in key_ranges]

    @override
    async def _get_many(
        self, requests: Iterable[tuple[str, BufferPrototype, ByteRequest | None]]
    ) -> AsyncGenerator[tuple[str, Buffer | None], None]:
        for key, prototype, byte_range in requests:
            yield key, await self.get(key, prototype, byte_range)

    def _error(self, key: str, what: str) -> CorruptEntryError:
        path = Path(self._store.root) / key
        return CorruptEntryError(
            f"run {self._run_id}: {path} {what}; 'solitons verify --set-aside' moves the run out of the way, and its "
            "campaign computes it again"
        )


async def _sha256(content: Buffer) -> str:
    data = content.as_numpy_array().data
    hashed = hashlib.sha256(data) if len(data) <= _SMALL else await asyncio.to_thread(hashlib.sha256, data)
    return hashed.hexdigest()


def _part(content: Buffer, byte_range: ByteRequest | None) -> Buffer:
    return content if byte_range is None else content[_slice(byte_range, len(content))]


def _slice(byte_range: ByteRequest, size: int) -> slice:
    match byte_range:
        case RangeByteRequest():
            return slice(byte_range.start, byte_range.end)
        case OffsetByteRequest():
            return slice(byte_range.offset, size)
        case SuffixByteRequest():
            return slice(max(0, size - byte_range.suffix), size)
