"""How far the cells of a mesh are from the edge of the magnet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["edge_distance"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def edge_distance(magnet: BoolArray, cell: tuple[float, float]) -> FloatArray:
    """Distance in m of each cell's centre (x, y) from the edge of the magnet in its plane; below 0 outside the magnet.

    The edge is where cells of the magnet meet others, or the end of the mesh. Among the cells on the other side the one
    with the nearest centre counts. `cell` is the size of a cell along x and y in m.
    """
    padded = np.pad(magnet, 1)
    return np.asarray((_to_border(padded, cell) - _to_border(~padded, cell))[1:-1, 1:-1])


def _to_border(inside: BoolArray, cell: tuple[float, float]) -> FloatArray:
    """From the centres of the cells inside to the nearest cell that is not, in m; 0 in the others."""
    nearest = scipy.ndimage.distance_transform_edt(inside, sampling=cell, return_distances=False, return_indices=True)
    cells_between = np.abs(np.indices(inside.shape) - nearest)
    # To the border of the other cell, not to its centre.
    gap = np.maximum(cells_between - 0.5, 0) * np.reshape(cell, (2, 1, 1))
    return np.asarray(np.hypot(*gap))
