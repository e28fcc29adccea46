"""Magnetisation of a spin ice whose macrospins are known."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
import xarray as xr

__all__ = ["spin_ice"]


def spin_ice(
    spins: npt.ArrayLike,
    islands: xr.Dataset,
    labels: xr.DataArray,
    *,
    frames: str = "step",
    rotation: npt.ArrayLike = 0.0,
    reversed_part: npt.ArrayLike = 0.0,
    dtype: npt.DTypeLike = np.float32,
) -> xr.Dataset:
    """Make a run of a spin ice, each island magnetised along its axis or with a wall in it.

    Parameters
    ----------
    spins : array_like of int, shape (frames, islands)
        +1 from tail to head, -1 back.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.
    labels : (x, y, z) xarray.DataArray of int
        `SpinIce.labels()`. A bridge points along x.
    frames : {"step", "t"}
        The frames' dimension; times are 1 ps apart.
    rotation : array_like of float
        Angle in rad by which m is turned anticlockwise from the axis; broadcasts
        against `spins`.
    reversed_part : array_like of float
        Part of the island's cells, those nearest to its head, that point the other way,
        with an abrupt wall between; broadcasts against `spins`.
    dtype : dtype
        Type of m.

    Returns
    -------
    xarray.Dataset
        A run (see `check_run`) without a table.

    Raises
    ------
    ValueError
        If `frames` is another dimension.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 1, "rows": 1, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("10 nm", "10 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1))
    >>> dict(spin_ice([[1, 1, -1, 1]], islands, ice.labels()).m.sizes)
    {'step': 1, 'x': 26, 'y': 26, 'z': 1, 'vdims': 3}
    """
    if frames not in ("step", "t"):
        raise ValueError(f"frames is {frames!r}; it must be 'step' or 't'")
    given = np.asarray(spins)
    turned, opposite = (np.broadcast_to(np.asarray(each, float), given.shape) for each in (rotation, reversed_part))
    angle = islands["angle"].values + turned
    label = labels.values
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * given[..., None]
    m = np.full((len(given), *label.shape, 3), np.nan, dtype=dtype)
    m[:, label != 0] = (1, 0, 0)
    x, y, _ = np.meshgrid(*(labels[axis].values for axis in "xyz"), indexing="ij")
    axes = islands["axis"].values
    for island in range(len(axes)):
        cells = label == island + 1
        along = np.argsort(np.argsort(axes[island, 0] * x[cells] + axes[island, 1] * y[cells], kind="stable"))
        for frame in range(len(given)):
            sign = np.where(along >= along.size * (1 - opposite[frame, island]), -1, 1)
            m[frame, cells] = np.append(direction[frame, island], 0.0) * sign[:, None]
    number = np.arange(len(given))
    coordinate = (frames, number) if frames == "step" else (frames, number * 1e-12, {"units": "s"})
    return xr.Dataset(
        {"m": ((frames, "x", "y", "z", "vdims"), m)},
        coords={frames: coordinate, **{axis: labels[axis] for axis in "xyz"}, "vdims": ["x", "y", "z"]},
        attrs={
            "run_id": "artificial",
            "engine": "artificial",
            "engine_version": "1",
            "spec": json.dumps({"kind": "artificial spin ice", "frames": len(given)}),
        },
    )
