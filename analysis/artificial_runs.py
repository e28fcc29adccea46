"""Common parts of runs with a known truth: cell centres, and the columns of a complete run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

__all__ = ["cell_centres", "complete_run"]

FloatArray = npt.NDArray[np.float64]


def cell_centres(name: str, size: float, step: float) -> FloatArray:
    """Give the centres in m of cells of size `step` that fill `size`; `name` is what an error calls it.

    A ValueError if it is no whole number of cells.
    """
    count = round(size / step)
    if count < 1 or abs(count * step - size) > 1e-6 * size:
        raise ValueError(f"{name} is {size} m, {size / step:.6g} cells of {step} m; make it a whole number")
    return (np.arange(count, dtype=np.float64) + 0.5) * step


def complete_run(
    m: npt.NDArray[np.floating],
    times: FloatArray,
    centres: tuple[FloatArray, FloatArray, FloatArray],
    truth: Mapping[str, Any],
    *,
    kind: str,
    current_density: npt.ArrayLike = 0.0,
) -> xr.Dataset:
    """Put an artificial magnetisation (t, x, y, z, 3) into a complete run (see `analysis.check_run`).

    Its energy is NaN, its field 0. `times` are in s, `centres` of the cells in m, `truth` are further variables, `kind`
    is the spec's, and `current_density` is in A/m2 over t.
    """
    means = np.asarray(np.nanmean(m, axis=(1, 2, 3), dtype=np.float64))
    density = np.broadcast_to(np.asarray(current_density, dtype=np.float64), times.shape).copy()
    return xr.Dataset(
        {
            "m": (("t", "x", "y", "z", "vdims"), m),
            "energy": ("t", np.full(times.size, np.nan), {"units": "J"}),
            **{f"m{axis}": ("t", means[:, index]) for index, axis in enumerate("xyz")},
            "current_density": ("t", density, {"units": "A/m^2"}),
            "applied_field": (("t", "vdims"), np.zeros((times.size, 3)), {"units": "A/m"}),
            **truth,
        },
        coords={
            "t": ("t", times, {"units": "s"}),
            **{axis: (axis, values, {"units": "m"}) for axis, values in zip("xyz", centres, strict=True)},
            "vdims": ["x", "y", "z"],
        },
        attrs={
            "run_id": "artificial",
            "engine": "artificial",
            "engine_version": "1",
            "spec": json.dumps({"kind": kind, "frames": int(times.size)}),
        },
    )
