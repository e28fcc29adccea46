"""The logic value of each magnet of an array, with a state for those that have none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.magnet_logic.moments import magnet_moments
from analysis.schema import check_run, frame_dimension
from analysis.swept_runs import run_by_run
from geometries import MagnetArray

__all__ = ["decided", "logic_values"]


def decided(projection: npt.ArrayLike, threshold: float = 0.5) -> npt.NDArray[np.int8]:
    """Make projections on an axis (mean m, from -1 to 1) logic values: 1 and -1 beyond a threshold, 0 where undecided.

    The threshold lies above 0 and below 1.
    """
    if not 0 < threshold < 1:
        raise ValueError(f"decided: threshold = {threshold} must be above 0 and below 1, such as 0.5")
    along = np.asarray(projection, dtype=np.float64)
    return np.where(np.abs(along) > threshold, np.sign(along), 0).astype(np.int8)


@run_by_run
def logic_values(run: xr.Dataset, array: MagnetArray, *, threshold: float = 0.5) -> xr.Dataset:
    """Read each magnet of an array in every frame of a run.

    Parameters
    ----------
    run : xarray.Dataset
        A run (see `check_run`) of the array, along t or step.
    array : MagnetArray
        Simulated array.
    threshold : float
        Mean magnetisation along a magnet's axis below which it is undecided: a vortex, a wall, or m across.

    Returns
    -------
    xarray.Dataset
        Over the run's frames and `magnet`, by name: `projection` (1), the mean m along the magnet's axis, and `value`
        (int8), 1 along it, -1 against it, 0 undecided.

    Raises
    ------
    ValueError
        If the run has other cells than the array, or the threshold is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from geometries.magnet_logic.builders import inverter
    >>> array = inverter(1)
    >>> output = array.labels() == 2
    >>> m = np.zeros((2, *array.shape, 3))
    >>> m[..., 1] = 1.0
    >>> m[0, output] = [1.0, 0.0, 0.0]  # the clock holds the output along x,
    >>> m[1, output] = [0.0, -1.0, 0.0]  # and lets it fall against the input
    >>> frames = {"t": ("t", [0.0, 1e-9], {"units": "s"}), "vdims": list("xyz")}
    >>> run = xr.Dataset({"m": (("t", *"xyz", "vdims"), m, {"units": "1"})}, coords=frames | array.coordinates())
    >>> logic_values(run, array).value.values.tolist()
    [[1, 0], [1, -1]]
    """
    check_run(run)
    frames = frame_dimension(run)
    moments = magnet_moments(run, array).transpose(frames, "magnet", "vdims").values
    along = np.einsum("fmk,mk->fm", moments, array.axes)
    dims = (frames, "magnet")
    return xr.Dataset(
        {
            "projection": (dims, along, {"units": "1", "long_name": "mean magnetisation along the axis"}),
            "value": (dims, decided(along, threshold), {"long_name": "logic value, 0 undecided"}),
        },
        coords={frames: run[frames], "magnet": [magnet.name for magnet in array.magnets]},
    )
