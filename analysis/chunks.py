"""Take a kernel over a run's frames, chunk by chunk: memory stays flat however long the run is.

An extraction *locates* what it looks for in each frame, with a NumPy kernel that knows no
other frame, and *links* what was found over the frames, from a table that is small. The
first part is the same for all: here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.schema import check_run

__all__ = ["first_chunk", "over_chunks"]

FloatArray = npt.NDArray[np.floating]
Table = npt.NDArray[np.void]
Kernel = Callable[[FloatArray], Table]

_WITHIN_A_FRAME = ("x", "y", "z", "vdims")
# A kernel's temporaries are some times a block; small ones stay in the processor's cache.
_BLOCK_BYTES = 2**22
# What is read at once of a lazy array that has no dask chunks.
_READ_BYTES = 2**25


def first_chunk(run: xr.Dataset, *, in_time: bool = False) -> xr.DataArray:
    """Check a run (as `check_run`), and read the first chunk of its m that `over_chunks` takes, and nothing but it.

    It is a view where `run` is in memory. Kernels that need to know a frame before they start look there. `in_time`
    demands that frames lie along t.
    """
    if not isinstance(run, xr.Dataset) or "m" not in run or run["m"].dims[1:] != _WITHIN_A_FRAME or not len(run["m"]):
        check_run(run, in_time=in_time)
    m = run["m"]
    chunk = m[: int(_edges(m)[1])].compute()
    # So that the check reads no chunk again: a view of one frame, as many times as there are frames.
    in_memory = np.broadcast_to(chunk.values[:1], m.shape)
    check_run(run.assign(m=(m.dims, in_memory, m.attrs)), in_time=in_time)
    return chunk


def over_chunks(m: xr.DataArray, kernel: Kernel, first: xr.DataArray) -> tuple[Table, int]:
    """Make one table of what a kernel finds in each frame of m (t | step, x, y, z, vdims), and count the frames.

    A lazy array is read chunk by chunk as its frames are chunked, each chunk once, by dask's scheduler of the moment:
    threads, one thread, or the workers of a distributed client, where the kernel runs too; nothing but
    tables come back. Every worker holds one chunk at a time, so that memory grows with the chunk and with the number
    of workers, not with the run; smaller chunks take less. What is chunked along other dimensions too is put together
    frame by frame. An array in memory, or a lazy one without dask chunks, is gone through in this thread.

    The kernel gets a few frames (t, x, y, z, vdims) at a time, in C order, however the array is chunked or laid out,
    and returns a structured array with the rising field `frame`, counted from the first that it was given: the table is
    the same to the last bit. It must treat every frame alike and alone, and, for distributed workers, pickle: a
    module's function or a `functools.partial` of one. `first` is what `first_chunk` read.

    Frames at the end in which no cell has a number are not written yet: they are left out. A ValueError if an earlier
    frame has not as many cells of magnet as the first one.
    """
    edges = _edges(m)
    results = [_table_and_cells(first.values, kernel)]
    if m.chunks is None:
        results += [_table_and_cells(m[slice(*ends)].values, kernel) for ends in pairwise(edges[1:].tolist())]
    else:
        # The first chunk's task is never made, because its element is not asked for.
        known = int(np.searchsorted(np.cumsum(m.chunks[0]), edges[1], side="right"))
        whole = m.chunk(dict.fromkeys(_WITHIN_A_FRAME, -1)).data
        lazy = whole.map_blocks(
            partial(_element, kernel=kernel),
            drop_axis=[1, 2, 3, 4],
            chunks=((1,) * len(m.chunks[0]),),
            dtype=object,
            meta=np.empty(0, dtype=object),
        )
        results += [result for result in lazy[known:].compute() if result[1].size]

    for (table, _), first_frame in zip(results, edges[:-1], strict=True):
        table["frame"] += first_frame
    cells = np.concatenate([cells for _, cells in results])
    there = int(np.flatnonzero(cells)[-1]) + 1
    broken = np.flatnonzero(cells[:there] != cells[0])
    if broken.size:
        frame, axis = int(broken[0]), m.dims[0]
        at = f"{axis} = {m[axis].values[frame]}" + " s" * (axis == "t")
        raise ValueError(
            f"run.m has {cells[frame]} cells of magnet in the frame at {at}, but {cells[0]} in "
            "its first: the others are not written, or are no numbers; leave out this frame and those after it"
        )
    return np.concatenate([table for table, _ in results]), there


def _edges(m: xr.DataArray) -> npt.NDArray[np.int64]:
    """Frames between which `m` is read at once."""
    frames = len(m)
    if m.chunks is not None:
        # A chunk may be empty.
        return np.unique(np.append(0, np.cumsum(m.chunks[0])))
    stored = int(m.encoding.get("preferred_chunks", {}).get(m.dims[0], 1))
    at_once = int(_READ_BYTES // max(1, m.nbytes // frames))
    return np.append(np.arange(0, frames, max(stored, at_once // stored * stored)), frames)


def _table_and_cells(chunk: FloatArray, kernel: Kernel) -> tuple[Table, npt.NDArray[np.int64]]:
    """The kernel's table of a chunk, and the number of cells with magnet in every frame."""
    frames = len(chunk)
    step = max(1, _BLOCK_BYTES // max(1, chunk.nbytes // max(1, frames)))
    tables, cells = [], []
    for start in range(0, max(1, frames), step):
        # Sums depend on the order in which numbers lie in memory.
        block = np.ascontiguousarray(chunk[start : start + step])
        table = kernel(block)
        table["frame"] += start
        tables.append(table)
        cells.append(np.isfinite(block[..., 0]).sum(axis=(1, 2, 3), dtype=np.int64))
    return np.concatenate(tables), np.concatenate(cells)


def _element(chunk: FloatArray, *, kernel: Kernel) -> npt.NDArray[np.object_]:
    """As one element, which is what a chunk becomes in an array over chunks."""
    element = np.empty(1, dtype=object)
    element[0] = _table_and_cells(chunk, kernel)
    return element
