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

    The magnets are discs, or ellipses that are nearly round. Over the run's frames and `magnet` there are `moment (...,
    component)`, the mean m along x and y; `circulation`, positive anticlockwise seen from +z; and `state` (int8): 1
    where the moment is the larger of the two, 0 where the circulation is, and -1 where neither exceeds the threshold
    (above 0 and below 1), as in a magnet that is still along z.

    The two states of discs: R. P. Cowburn, D. K. Koltsov, A. O. Adeyeye, M. E. Welland and D. M. Tricker, Phys. Rev.
    Lett. 83, 1042 (1999). Read as the two values of a variable: S. Bhanja, D. K. Karunaratne, R. Panchumarthy, S.
    Rajaram and S. Sarkar, Nature Nanotech. 11, 177 (2016).
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
