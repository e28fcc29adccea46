r"""The heat that a magnet's damping makes of its motion, from the frames of a run.

Gilbert's damping takes from a magnet the power

.. math:: P = \frac{\mu_0 \alpha}{\gamma_0} \int M_s \left|\frac{d\mathbf m}{dt}\right|^2 dV,

whatever drives it. A run knows m at its frames only. Among all ways from one frame to the next the one along the great
circle with even speed makes least heat, so that the sum over cells and frames

.. math:: Q = \frac{\mu_0 \alpha}{\gamma_0} \sum_{n} \sum_{cells} M_s \Delta V \frac{\vartheta_n^2}{t_{n+1} - t_n}

of the angles between frames is a lower bound, and near the heat where frames follow the motion.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.chunks import first_chunk
from analysis.frame_blocks import frame_blocks
from analysis.schema import cell_size
from geometries.materials import MU0

__all__ = ["damping_heat"]


def damping_heat(run: xr.Dataset, saturation: npt.ArrayLike, damping: npt.ArrayLike, gamma0: float) -> xr.DataArray:
    """Heat by damping between the frames of a run, a lower bound.

    Parameters
    ----------
    run : xarray.Dataset
        A run in time.
    saturation : array (x, y, z) or float
        Saturation magnetisation in A/m, 0 outside the magnet (`AbstractDevice.saturation_magnetisation`).
    damping : array (x, y, z) or float
        Gilbert's alpha.
    gamma0 : float
        Gyromagnetic ratio in m/(A s).

    Returns
    -------
    (t) xarray.DataArray
        In J up to each frame, from 0 at the first.

    Raises
    ------
    TypeError, ValueError
        As `check_run`, if the frames do not lie along t, or if they are from a moving window, whose cells are
        not the same from frame to frame.

    Examples
    --------
    A wall that moves on by 2 nm in each of 40 frames of 50 ps, 10 nm wide:

    >>> from analysis import artificial
    >>> run = artificial.domain_walls([[100e-9 + 2e-9 * n] for n in range(41)])
    >>> heat = damping_heat(run, 6e5, damping=0.1, gamma0=2.21e5)
    >>> bool(heat[-1] > 0), heat.attrs["units"]
    (True, 'J')
    """
    first_chunk(run, in_time=True)
    if "window_position" in run:
        raise ValueError(
            "damping_heat: the run has a moving window, so that a cell is not the same place in two frames; give one "
            "without"
        )
    m = run["m"]
    times = run["t"].values.astype(float)
    cell = float(np.prod([cell_size(run, name) for name in "xyz"]))
    damped = np.asarray(saturation, dtype=float) * np.asarray(damping, dtype=float)
    moment = np.broadcast_to(damped, m.shape[1:4]) * cell
    squares = np.zeros(len(times))
    before: npt.NDArray[np.floating] | None = None
    for start, block in frame_blocks(m):
        for offset, now in enumerate(block):
            if before is not None:
                # Half of the chord is the sine of half of the angle, which keeps its digits where the angle is small.
                chord = np.sqrt(np.nansum((now - before).astype(float) ** 2, axis=-1))
                angle = 2 * np.arcsin(np.minimum(chord / 2, 1.0))
                squares[start + offset] = float(np.sum(moment * angle**2))
            before = now
    rate = MU0 / gamma0
    heat = rate * np.cumsum(np.concatenate([[0.0], squares[1:] / np.diff(times)]))
    return xr.DataArray(
        heat, dims=("t",), coords={"t": run["t"]}, attrs={"units": "J", "long_name": "heat by damping, a lower bound"}
    )
