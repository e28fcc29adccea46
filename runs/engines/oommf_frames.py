"""Frames as OOMMF writes them for us, read by the place of their values and not by their headers.

OOMMF 2.1 writes checkpoints in a thread of their own, and that thread and the main one put each line of a header
together in one and the same buffer (`Nb_FprintfChannel` without a buffer of the caller's). Where a checkpoint and a
frame are written at once, a line of one file may hold text of the other's: of 12,012 frames of a run with a checkpoint
in each step, 7. How many bytes are written each thread counts for itself, and values do not go through that buffer: so
everything stays in its place, and the values are right. They stand before 37 bytes that end each file in binary 8,
behind OOMMF's check number; what mesh they are on is known from the input, which `runs.mif.check_mif` has compared with
the system.
"""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt

from runs.reading.ovf_header import check_value

__all__ = ["holds_values", "read_values"]

_NUMBER = np.dtype("<f8")
_END = len(b"\n# End: Data Binary 8\n# End: Segment\n")


def holds_values(path: str, nodes: tuple[int, ...]) -> bool:
    """Whether a frame of so many cells along x, y and z is there to its end."""
    check = check_value(_NUMBER)
    with open(path, "rb") as stream:
        place = _first_value(stream.seek(0, os.SEEK_END), nodes) - len(check)
        return place > 0 and stream.seek(place) == place and stream.read(len(check)) == check


def read_values(path: str, nodes: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Read a frame's values (z, y, x, 3) in A/m, of so many cells along x, y and z.

    A ValueError if the file is not there to its end, or is of another mesh.
    """
    nx, ny, nz = nodes
    if not holds_values(path, nodes):
        raise ValueError(
            f"{path}: it does not end with the values of {nx} x {ny} x {nz} cells behind OOMMF's check number: it is "
            f"not whole, or of another mesh"
        )
    with open(path, "rb") as stream:
        stream.seek(_first_value(os.fstat(stream.fileno()).st_size, nodes))
        values = np.fromfile(stream, dtype=_NUMBER, count=nx * ny * nz * 3)
    return values.reshape(nz, ny, nx, 3).astype(np.float64, copy=False)


def _first_value(size: int, nodes: tuple[int, ...]) -> int:
    nx, ny, nz = nodes
    return size - _END - nx * ny * nz * 3 * _NUMBER.itemsize
