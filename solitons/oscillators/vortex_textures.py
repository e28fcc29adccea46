r"""Damping and spin torque of a vortex's orbit, computed from the texture of frames; nothing is fitted.

On its orbit the texture turns with the core about the disc's middle: with the angle psi of the core
d m / d psi = z x m - (x d/dy - y d/dx) m, and

.. math::
    D = \frac{\alpha \mu_0 M_s L}{\gamma_0 \rho^2} \int |\partial_\psi \mathbf m|^2 dA, \qquad
    a_J = \frac{\mu_0 M_s L H_J}{\rho^2} \int (\mathbf m \times \partial_\psi \mathbf m)_z\, dA,

with the damping-like field H_J of 1 A/m2. A disc of square cells is not round: the integrals of the frame at rest,
where they are 0 in a round disc, are subtracted.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants

from geometries import Material, Pillar
from solitons.oscillators.vortex_estimates import damping_like_field
from solitons.skyrmions.texture_tensors import derivative

__all__ = ["texture_series"]

FloatArray = npt.NDArray[np.float64]
_EIGHTH_ORDER = (4 / 5, -1 / 5, 4 / 105, -1 / 280)


def texture_series(
    run: xr.Dataset, core: xr.Dataset, frames: npt.ArrayLike, device: Pillar, material: Material
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Compute damping and torque from frames of a run whose first frame has the vortex at rest.

    Parameters
    ----------
    run, core : xarray.Dataset
        A run of a disc, and its `analysis.vortex_core`.
    frames : array_like of int
        Frames with a core, away from the middle.
    device : Pillar
        The disc.
    material : Material
        Its material.

    Returns
    -------
    tuple of three numpy.ndarray, shape (frames,)
        Radii in m, D in J s/m2, and a_J in N/m per A/m2.
    """
    x = run["x"].values - core.attrs["middle_x"]
    y = run["y"].values - core.attrs["middle_y"]
    rest = _integrals(run["m"][0].values, x, y)
    places = np.asarray(frames, dtype=np.int64)
    radii = core["radius"].values[places]
    found = np.array([_integrals(run["m"][int(frame)].values, x, y) - rest for frame in places])
    found *= constants.mu_0 * material.Ms * device.thickness / radii[:, None] ** 2
    return radii, material.alpha / material.gamma0 * found[:, 0], damping_like_field(device, material) * found[:, 1]


def _integrals(layers: npt.NDArray[np.floating], x: FloatArray, y: FloatArray) -> FloatArray:
    """Integrals over the disc of the square of d m / d psi, and of (m x d m / d psi)_z, in m2."""
    m = layers.astype(np.float64)
    magnet = np.isfinite(m[..., 0])
    m = np.where(magnet[..., None], m, 0.0)
    along = [derivative(m, magnet, axis, _EIGHTH_ORDER) for axis in (0, 1)]
    cell = (x[1] - x[0], y[1] - y[0])
    turned = np.stack([-m[..., 1], m[..., 0], np.zeros(m.shape[:-1])], axis=-1)
    around = turned - x[:, None, None, None] * along[1] / cell[1] + y[None, :, None, None] * along[0] / cell[0]
    torque = m[..., 0] * around[..., 1] - m[..., 1] * around[..., 0]
    area = cell[0] * cell[1] / layers.shape[2]
    found: FloatArray = area * np.array([(around**2).sum(axis=-1)[magnet].sum(), torque[magnet].sum()])
    return found
