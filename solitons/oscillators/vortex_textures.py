r"""Damping and spin torque of a vortex's orbit, computed from the texture of frames; nothing is fitted.

On its orbit the texture turns with the core about the disc's middle: with the angle psi of the core
d m / d psi = z x m - (x d/dy - y d/dx) m, and

.. math::
    D = \frac{\alpha \mu_0 M_s L}{\gamma_0 \rho^2} \int |\partial_\psi \mathbf m|^2 dA, \qquad
    a_J = \frac{\mu_0 M_s L H_J}{\rho^2} \int (\mathbf m \times \partial_\psi \mathbf m)_z\, dA,

with the damping-like field H_J of 1 A/m2. For a vortex with its image the second is pi L mu0 Ms H_J on every orbit
(`torque_of_image`). A disc of square cells is not round: the integrals of the frame at rest, where they are 0 in a
round disc, are subtracted.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants

from geometries import Material
from geometries.fixed_layer import FixedLayer
from solitons.skyrmions.texture_tensors import derivative

__all__ = ["damping_like_field", "texture_series", "torque_of_image"]

FloatArray = npt.NDArray[np.float64]
_EIGHTH_ORDER = (4 / 5, -1 / 5, 4 / 105, -1 / 280)


def damping_like_field(layer: FixedLayer, material: Material, thickness: float) -> float:
    """Give H_J, the damping-like field along z in A/m of 1 A/m2, with the sign of the polariser's z component."""
    size = constants.hbar * layer.polarisation / (2 * constants.e * constants.mu_0 * material.Ms * thickness)
    return float(size * layer.direction[2])


def torque_of_image(layer: FixedLayer, material: Material, thickness: float) -> float:
    """Give a_J of a vortex with its image, pi L mu0 Ms H_J, in N/m per A/m2."""
    field = damping_like_field(layer, material, thickness)
    return float(np.pi * thickness * constants.mu_0 * material.Ms * field)


def texture_series(
    run: xr.Dataset, core: xr.Dataset, frames: npt.ArrayLike, material: Material, thickness: float, field: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Compute damping and torque from frames of a run whose first frame has the vortex at rest.

    Parameters
    ----------
    run, core : xarray.Dataset
        A run, and its `analysis.vortex_core`.
    frames : array_like of int
        Frames with a core, away from the middle.
    material : Material
        Ms, alpha and gamma0.
    thickness : float
        L in m.
    field : float
        H_J in A/m per A/m2 (`damping_like_field`).

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
    found *= constants.mu_0 * material.Ms * thickness / radii[:, None] ** 2
    return radii, material.alpha / material.gamma0 * found[:, 0], field * found[:, 1]


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
