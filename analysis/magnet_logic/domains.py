"""The logic value of named regions of a film, with a state for those that have none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from analysis.magnet_logic.values import decided
from analysis.schema import check_run, frame_dimension
from geometries import AbstractDevice, Region

__all__ = ["region_values"]


def region_values(
    run: xr.Dataset,
    device: AbstractDevice,
    regions: Sequence[Region],
    *,
    axis: tuple[float, float, float] = (0.0, 0.0, 1.0),
    threshold: float = 0.5,
) -> xr.Dataset:
    """Read regions of a device in every frame of a run: the logic of domains and walls.

    Parameters
    ----------
    run : xarray.Dataset
        A run (see `check_run`) of the device, along t or step.
    device : AbstractDevice
        What was simulated.
    regions : sequence of Region
        What is read, by name, such as those of `inverter_regions`.
    axis : tuple of three floats
        Along which a region is 1; its length does not count. Out of the film if left out.
    threshold : float
        Mean magnetisation along the axis below which a region is undecided: a wall is in it, or m lies across.

    Returns
    -------
    xarray.Dataset
        Over the run's frames and `magnet`, the regions by name, as `logic_values` has it: `projection` (1) and `value`
        (int8), 1 along the axis, -1 against it, 0 undecided.

    Raises
    ------
    ValueError
        If the run has other cells than the device, no region is given, two share a name or one covers no magnet, the
        axis has no direction, or the threshold is out of range.

    Examples
    --------
    >>> from geometries.domain_walls.chiral_logic import chiral_inverter, inverter_regions
    >>> inverter = chiral_inverter(1, region_anisotropy=1.5e5)
    >>> x, _, _ = inverter.cell_centres()
    >>> m = np.zeros((1, *inverter.shape, 3))
    >>> m[..., 2] = np.where(x < 100e-9, 1.0, -1.0)[:, None, None]  # up before the region, down behind it
    >>> frames = {"t": ("t", [0.0], {"units": "s"}), "vdims": list("xyz")}
    >>> run = xr.Dataset({"m": (("t", *"xyz", "vdims"), m, {"units": "1"})}, coords=frames | inverter.coordinates())
    >>> region_values(run, inverter, inverter_regions(inverter)).value.values.tolist()
    [[1, -1]]
    """
    check_run(run)
    names = [region.name for region in regions]
    if not names or len(set(names)) < len(names):
        raise ValueError(f"region_values: regions = {names}; give one or more, each with a name of its own")
    sizes = tuple(run.sizes[each] for each in "xyz")
    if sizes != device.shape:
        raise ValueError(
            f"region_values: the run has {' x '.join(map(str, sizes))} cells and the device "
            f"{' x '.join(map(str, device.shape))}; give the device that was simulated"
        )
    direction = np.asarray(axis, dtype=np.float64)
    long = float(np.linalg.norm(direction))
    if direction.shape != (3,) or not 0 < long < np.inf:
        raise ValueError(f"region_values: axis = {axis} has no direction; give three numbers, such as (0, 0, 1)")
    frames = frame_dimension(run)
    m = run["m"].transpose(frames, "x", "y", "z", "vdims").values
    mask = device.mask()
    along = np.stack(
        [
            m[:, region.magnet_cells(device, mask)].mean(axis=1, dtype=np.float64) @ direction / long
            for region in regions
        ],
        axis=1,
    )
    dims = (frames, "magnet")
    return xr.Dataset(
        {
            "projection": (dims, along, {"units": "1", "long_name": "mean magnetisation along the axis"}),
            "value": (dims, decided(along, threshold), {"long_name": "logic value, 0 undecided"}),
        },
        coords={frames: run[frames], "magnet": names},
    )
