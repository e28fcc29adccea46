"""The mean magnetisation of each magnet of an array."""

from __future__ import annotations

import numpy as np
import xarray as xr

from analysis.magnet_logic.cells import magnet_cells
from geometries import MagnetArray

__all__ = ["magnet_moments"]


def magnet_moments(run: xr.Dataset, array: MagnetArray) -> xr.DataArray:
    """Average m over the cells of each magnet, in every frame of a run or of an ensemble that keeps states.

    Over the run's other dimensions, `magnet` by name, and `vdims`. Where a magnet turns as a whole it is a unit vector;
    a vortex, a wall or heat make it shorter. A ValueError if the run keeps no states, or has other cells than the
    array.
    """
    if "m" not in run:
        raise ValueError(
            "magnet_moments: the run has no m, the magnetisation of every cell; give its ensemble keep: states"
        )
    labels = magnet_cells(run, array, "magnet_moments")
    m = run["m"].transpose(..., "x", "y", "z", "vdims")
    others, flat = m.dims[:-4], labels.ravel()
    cells = m.values.reshape(*(run.sizes[name] for name in others), flat.size, 3)
    means = [cells[..., flat == i + 1, :].mean(axis=-2, dtype=np.float64) for i in range(len(array.magnets))]
    coords = {name: run[name] for name in others if name in run.coords}
    return xr.DataArray(
        np.stack(means, axis=-2),
        dims=(*others, "magnet", "vdims"),
        coords=coords | {"magnet": [magnet.name for magnet in array.magnets], "vdims": list("xyz")},
        attrs={"units": "1", "long_name": "mean magnetisation of a magnet"},
    )
