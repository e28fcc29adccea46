r"""Whether a disc is magnetised as one domain or as a vortex.

.. math:: p = \frac{1}{n} \sum_c (m_x, m_y)_c, \qquad C = \frac{1}{n} \sum_c \frac{(r_c \times m_c)_z}{|r_c|}

over the n cells of the disc, with r from its centre. The in-plane moment p is 1 long in a single domain, where the
circulation C is 0 by symmetry. In a vortex about the centre p is 0 and C near 1 or -1, but for the core. A vortex that
a field moves towards the rim, or a bent single domain, has some of both.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from analysis.magnet_logic.cells import magnet_cells
from analysis.magnet_logic.moments import magnet_moments
from analysis.schema import check_run, frame_dimension
from analysis.swept_runs import run_by_run
from geometries import MagnetArray

__all__ = ["disc_states"]

VORTEX, SINGLE_DOMAIN, NEITHER = 0, 1, -1


@run_by_run
def disc_states(run: xr.Dataset, array: MagnetArray, *, threshold: float = 0.5) -> xr.Dataset:
    """Read each magnet of an array as a vortex or a single domain, in every frame of a run.

    Parameters
    ----------
    run : xarray.Dataset
        A run (see `check_run`) of the array, along t or step.
    array : MagnetArray
        What was simulated: discs, or ellipses that are nearly round.
    threshold : float
        What the larger of the in-plane moment and the circulation must exceed for a magnet to be one of the two.

    Returns
    -------
    xarray.Dataset
        Over the run's frames and `magnet`, by name: `moment (..., component)`, the mean m along x and y;
        `circulation`, positive anticlockwise seen from +z; `state` (int8), 1 where the moment is the larger of the
        two, 0 where the circulation is, and -1 where neither exceeds the threshold, as in a magnet that is still
        along z.

    Raises
    ------
    ValueError
        If the run has other cells than the array, or the threshold is not above 0 and below 1.

    References
    ----------
    The two states of discs: R. P. Cowburn, D. K. Koltsov, A. O. Adeyeye, M. E. Welland and D. M. Tricker, Phys. Rev.
    Lett. 83, 1042 (1999). Read as the two values of a variable: S. Bhanja, D. K. Karunaratne, R. Panchumarthy, S.
    Rajaram and S. Sarkar, Nature Nanotech. 11, 177 (2016).

    Examples
    --------
    Two discs along x, the second one made a vortex:

    >>> from geometries.magnet_logic import free_array
    >>> array = free_array([[0, 0], [130e-9, 0]], length=100e-9, thickness=20e-9, cell=(5e-9, 5e-9, 20e-9))
    >>> x, y, _ = array.cell_centres()
    >>> places, m = array.placed_outlines(), np.zeros((1, *array.shape, 3))
    >>> m[..., 0] = 1.0
    >>> angle = np.arctan2(y - places.y[1], (x - places.x[1])[:, None])
    >>> second = array.cell_labels()[:, :, 0] == 2
    >>> m[0, second, 0] = np.stack([-np.sin(angle), np.cos(angle), 0 * angle], axis=-1)[second]
    >>> frames = {"t": ("t", [0.0], {"units": "s"}), "vdims": list("xyz")}
    >>> run = xr.Dataset({"m": (("t", *"xyz", "vdims"), m, {"units": "1"})}, coords=frames | array.coordinates())
    >>> found = disc_states(run, array).isel(t=0)
    >>> found.state.values.tolist(), found.circulation.values.round(2).tolist()
    ([1, 0], [-0.0, 1.0])
    """
    check_run(run)
    if not 0 < threshold < 1:
        raise ValueError(f"disc_states: threshold = {threshold} must be above 0 and below 1, such as 0.5")
    frames = frame_dimension(run)
    labels = magnet_cells(run, array, "disc_states")
    m = run["m"].transpose(frames, "x", "y", "z", "vdims").values
    x, y, _ = array.cell_centres()
    placed = array.placed_outlines()
    moment = magnet_moments(run, array).transpose(frames, "magnet", "vdims").values[..., :2]
    circulation = np.empty((len(m), len(array.magnets)))
    for i in range(len(array.magnets)):
        cells = np.nonzero(labels == i + 1)
        east, north = x[cells[0]] - placed.x[i], y[cells[1]] - placed.y[i]
        distance = np.maximum(np.hypot(east, north), np.finfo(np.float64).tiny)
        inside = m[(slice(None), *cells)]
        circulation[:, i] = ((east * inside[..., 1] - north * inside[..., 0]) / distance).mean(axis=1)
    along, around = np.linalg.norm(moment, axis=2), np.abs(circulation)
    state = np.where(np.maximum(along, around) <= threshold, NEITHER, np.where(along > around, SINGLE_DOMAIN, VORTEX))
    dims = (frames, "magnet")
    return xr.Dataset(
        {
            "moment": ((*dims, "component"), moment, {"units": "1", "long_name": "mean in-plane magnetisation"}),
            "circulation": (dims, circulation, {"units": "1", "long_name": "mean circulation"}),
            "state": (dims, state.astype(np.int8), {"long_name": "1 single domain, 0 vortex, -1 neither"}),
        },
        coords={
            frames: run[frames],
            "magnet": [magnet.name for magnet in array.magnets],
            "component": ["x", "y"],
        },
    )
