"""Read a run's magnetisation block by block along its frames."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import xarray as xr

__all__ = ["frame_blocks"]

# The kernels' temporaries are a few times a block; this keeps them well under a gigabyte.
_BLOCK_BYTES = 2**25


def frame_blocks(m: xr.DataArray) -> Iterator[tuple[int, npt.NDArray[np.floating]]]:
    """Yield the magnetisation in blocks of whole frames, each with the index of its first frame.

    A lazy array is read chunk by chunk as it is chunked along its frames, t or step and the first dimension, each chunk
    once, with one chunk in memory at a time. An array in memory is cut into views of some ten megabytes.
    """
    frames = m.shape[0]
    if m.chunks is not None:
        edges = np.concatenate([[0], np.cumsum(m.chunks[0])])
    else:
        step = max(1, int(_BLOCK_BYTES // max(1, m.nbytes // max(1, frames))))
        edges = np.append(np.arange(0, frames, step), frames)
    for start, stop in pairwise(edges.tolist()):
        yield start, np.asarray(m[start:stop].values)
