"""From magnetisation to its direction, which `analysis` reads."""

from __future__ import annotations

import numpy as np
import xarray as xr


def magnetisation_direction(drive: xr.Dataset) -> xr.DataArray:
    """Return m, the direction of a drive's magnetisation, as every run has it.

    Parameters
    ----------
    drive : xarray.Dataset
        With `M` or `m` over `vdims`, as `open_drive` returns it. Computed at once if it has no chunks.

    Returns
    -------
    xarray.DataArray
        m, float32 unit vectors, NaN where there is no magnet. What is in `analysis` takes the drive with it:
        ``drive.assign(m=magnetisation_direction(drive))``.

    Raises
    ------
    ValueError
        There is neither `M` nor `m`, or it has no `vdims`.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from runs.reading import magnetisation_direction
    >>> drive = xr.Dataset({"M": (("x", "vdims"), [[0.0, 0.0, 8e5], [0.0, 0.0, 0.0]])})
    >>> magnetisation_direction(drive).values
    array([[ 0.,  0.,  1.],
           [nan, nan, nan]], dtype=float32)
    """
    name = next((name for name in ("M", "m") if name in drive and "vdims" in drive[name].dims), None)
    if name is None:
        raise ValueError(f"no magnetisation M or m over vdims among {', '.join(map(str, drive.data_vars))}")
    vectors = drive[name]
    norm = (vectors.astype(np.float64) ** 2).sum("vdims") ** 0.5
    m = (vectors / norm.where(norm > 0)).astype(np.float32).transpose(*vectors.dims)
    m.attrs = {"units": "1", "long_name": "magnetisation direction"}
    return m.rename("m")
