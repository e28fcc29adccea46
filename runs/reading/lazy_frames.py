"""Arrays of OVF files that are read when their elements are asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from xarray.backends import BackendArray
from xarray.core import indexing

from runs.reading.known_headers import read_header
from runs.reading.ovf_data import open_file, read_box
from runs.reading.ovf_error import OVFError
from runs.reading.ovf_header import Header

_LARGEST_CHUNK = 1 << 27


class FrameArray(BackendArray):
    """One quantity in one file, or over t in files that hold the same mesh.

    It holds paths and a header, the first file's, and opens a file for each read: it pickles, and threads share
    nothing. Every read compares the file's own header with the one that it was made with. `over_time` is whether there
    is an axis for the files; `columns` are the numbers at each node, the components by default; `origin` is whether a
    file whose mesh lies at another place is another mesh; and `stamp` is when the files were last written, which is not
    read: dask takes arrays that pickle alike for the same.
    """

    def __init__(
        self,
        paths: tuple[str, ...],
        header: Header,
        *,
        over_time: bool,
        columns: range | None = None,
        segment: int | None = None,
        origin: bool = True,
        stamp: int = 0,
    ):
        self.paths, self.header, self.segment, self.origin, self.stamp = paths, header, segment, origin, stamp
        self.columns = range(header.record - header.valuedim, header.record) if columns is None else columns
        self._over_time = over_time
        self._scalar = len(self.columns) == 1
        self.dtype = header.dtype.newbyteorder("=")
        # Every array has all of these axes inside; some are not shown.
        self._whole = (len(paths), *header.nodes, len(self.columns))
        self._shown = (over_time, True, not header.irregular, not header.irregular, not self._scalar)
        self.shape = tuple(size for size, shown in zip(self._whole, self._shown, strict=True) if shown)

    @property
    def preferred_chunks(self) -> tuple[int, ...]:
        """One file a chunk, or some planes of it where it is large."""
        _, nx, ny, nz, columns = self._whole
        planes = (
            nz if self.header.text else max(1, min(nz, _LARGEST_CHUNK // (self.dtype.itemsize * nx * ny * columns)))
        )
        whole = (1, nx, ny, planes, columns)
        return tuple(size for size, shown in zip(whole, self._shown, strict=True) if shown)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        # xarray would turn slices that run backwards round, and fails where they are empty.
        if isinstance(key, (indexing.BasicIndexer, indexing.OuterIndexer)):
            return self._read(key.tuple)
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, ...]) -> npt.NDArray[np.floating]:
        keys = iter(key)
        full = [next(keys) if shown else 0 for shown in self._shown]
        chosen = [np.arange(size)[one] for size, one in zip(self._whole, full, strict=True)]
        files, x, y, z, columns = (np.atleast_1d(indices) for indices in chosen)
        shape = tuple(len(indices) for indices in (files, z, y, x, columns))
        values: npt.NDArray[np.floating]
        if not all(shape):
            values = np.empty(shape, dtype=self.dtype)
        else:
            boxes = [range(int(indices.min()), int(indices.max()) + 1) for indices in (x, y, z)]
            whole = [*reversed(boxes), range(self.header.record)]
            wanted = zip((z, y, x, columns + self.columns.start), whole, strict=True)
            taken = [
                (axis, indices - box.start) for axis, (indices, box) in enumerate(wanted) if list(indices) != list(box)
            ]
            if len(files) == 1:
                values = self._frame(self.paths[files[0]], boxes, taken).astype(self.dtype, copy=False)[None]
            else:
                values = np.empty(shape, dtype=self.dtype)
                for frame, index in zip(values, files, strict=True):
                    frame[...] = self._frame(self.paths[index], boxes, taken)
        return values.transpose(0, 3, 2, 1, 4)[tuple(0 if one.ndim == 0 else slice(None) for one in chosen)]

    def _frame(
        self, path: str, boxes: list[range], taken: list[tuple[int, npt.NDArray[np.intp]]]
    ) -> npt.NDArray[np.floating]:
        """Read a box (x, y, z) of one file, and take of its axes (z, y, x, numbers) what is not wanted whole."""
        with open_file(path) as stream:
            header = read_header(stream, path, self.segment)
            difference = self.header.difference(header, origin=self.origin)
            if difference:
                raise OVFError(path, 0, f"{difference[0]} as in {self.paths[0]}", difference[1])
            block = read_box(stream, path, header, *boxes)
        for axis, indices in taken:
            block = np.take(block, indices, axis=axis)
        return block
