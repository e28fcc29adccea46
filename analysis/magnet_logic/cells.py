"""Cells of a run that belong to each magnet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from geometries import MagnetArray

__all__ = ["magnet_cells"]


def magnet_cells(run: xr.Dataset, array: MagnetArray, owner: str) -> npt.NDArray[np.int64]:
    """Number of each cell's magnet from 1 on, 0 outside: (x, y, z).

    A ValueError, which names the `owner`, if the run has other cells than the array.
    """
    labels = np.asarray(array.cell_labels())
    sizes = tuple(run.sizes[axis] for axis in "xyz")
    if sizes != labels.shape:
        raise ValueError(
            f"{owner}: the run has {' x '.join(map(str, sizes))} cells and the array "
            f"{' x '.join(map(str, labels.shape))}; give the array that was simulated"
        )
    return labels
