r"""Coefficients of a vortex core's equation without any fit: closed forms, and integrals of the texture of frames.

**In the middle of a thin disc**, with the exchange length l = sqrt(2 A / mu0 Ms^2), of a vortex with its image:

- gyrovector G = 2 pi L mu0 Ms / gamma0;
- angular velocity 5 / (9 pi) gamma0 Ms L / R: the limit L << R, a tenth too high at L / R = 0.1;
- damping D / G = alpha [ln(R / 2 l) / 2 + 3/8];
- spin torque a_J = pi hbar P / 2 e, times the polariser's component across the plane: on every orbit the same;
- stiffness of the Oersted field kappa_J / G = 2 gamma0 R / 15: a core at s R turns m by s (R / r - r / R) sin(phi) out
  of the circles along which the field J r / 2 is; half the square of that times mu0 Ms and the field is its energy.

**Of a texture** that turns with its core about the disc's middle: with the angle psi of the core
d m / d psi = z x m - (x d/dy - y d/dx) m, and the G and a_J above

.. math::
    D = \frac{\alpha G}{2 \pi \rho^2} \int |\partial_\psi \mathbf m|^2 dA, \qquad
    a_J(\rho) = \frac{a_J}{\pi \rho^2} \int (\mathbf m \times \partial_\psi \mathbf m)_z\, dA.

A disc of square cells is not round: the integrals of the frame at rest, which are 0 in a round disc, are subtracted.

Sources: K. Yu. Guslienko et al., J. Appl. Phys. 91, 8037 (2002), for the frequency; K. Yu. Guslienko, Appl. Phys.
Lett. 89, 022510 (2006), for the damping; A. V. Khvalkovskiy et al., Phys. Rev. B 80, 140401 (2009), for the torque.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants

from geometries import Material, Pillar, Vortex
from geometries.demagnetisation import demagnetising_factors
from geometries.terminals import ThroughPlane
from solitons.oscillators.vortex_thiele import VortexThiele
from solitons.skyrmions.texture_tensors import derivative

__all__ = ["estimated_vortex", "texture_series", "vortex_over_uniform"]

FloatArray = npt.NDArray[np.float64]
_EIGHTH_ORDER = (4 / 5, -1 / 5, 4 / 105, -1 / 280)


def estimated_vortex(device: Pillar, material: Material) -> VortexThiele:
    """Make the equation of a core near the middle of a disc from closed forms: its threshold, frequency and sense.

    `device` is a disc that starts from a vortex, with one terminal through its plane. Each series has one term.
    """
    terminal = device.terminal()
    assert isinstance(device.start, Vortex)
    assert isinstance(terminal, ThroughPlane)
    layer, radius, thickness = terminal.layer_in(device), device.length / 2, device.thickness
    g = 2 * np.pi * thickness * constants.mu_0 * material.Ms / material.gamma0
    turning = 5 / (9 * np.pi) * material.gamma0 * material.Ms * thickness / radius
    return VortexThiele(
        disc_radius=radius,
        gyrovector=[g],
        stiffness=[g * turning],
        oersted_stiffness=[2 / 15 * material.gamma0 * radius * g if terminal.oersted else 0.0],
        damping=[g * material.alpha * (np.log(radius / (2 * material.exchange_length)) / 2 + 3 / 8)],
        torque=[np.pi * constants.hbar * layer.polarisation / (2 * constants.e) * layer.direction[2]],
        polarity=device.start.polarity,
        circulation=device.start.circulation,
    )


def vortex_over_uniform(device: Pillar, material: Material) -> float:
    """Energy of a vortex over that of a uniform disc: exchange 2 pi A L [ln(R / l) + 1] over mu0 Ms^2 N V / 2.

    Near 1 both may be at rest; far above, none but the uniform disc is.
    """
    radius, thickness = device.length / 2, device.thickness
    factor = demagnetising_factors(device.length, device.length, thickness)[0]
    uniform = constants.mu_0 * material.Ms**2 * factor / 2 * np.pi * radius**2
    return float(2 * np.pi * material.A * (max(np.log(radius / material.exchange_length), 0.0) + 1) / uniform)


def texture_series(
    run: xr.Dataset, core: xr.Dataset, frames: list[int], estimate: VortexThiele, alpha: float
) -> FloatArray:
    """Compute radii in m, damping D in J s/m2 and torque a_J in N/m per A/m2 from frames of a disc's run.

    In the run's first frame the vortex is at rest, and in the `frames` (numbers) the `core` (`analysis.vortex_core`) is
    away from the middle; `estimate` is the disc's `estimated_vortex`.
    """
    x = run["x"].values - core.attrs["middle_x"]
    y = run["y"].values - core.attrs["middle_y"]
    rest = _integrals(run["m"][0].values, x, y)
    radii = core["radius"].values[frames]
    found = np.transpose([_integrals(run["m"][frame].values, x, y) - rest for frame in frames])
    damping, torque = found / radii**2
    g, closed = float(estimate.gyrovector[0]), float(estimate.torque[0])
    return np.stack([radii, alpha * g / (2 * np.pi) * damping, closed / np.pi * torque])


def _integrals(layers: npt.NDArray[np.floating], x: FloatArray, y: FloatArray) -> FloatArray:
    """Integrals over the disc of the square of d m / d psi, and of (m x d m / d psi)_z, in m2."""
    m = layers.astype(np.float64)
    magnet = np.isfinite(m[..., 0])
    m = np.where(magnet[..., None], m, 0.0)
    cell = (x[1] - x[0], y[1] - y[0])
    along = [derivative(m, magnet, axis, _EIGHTH_ORDER) for axis in (0, 1)]
    turned = np.stack([-m[..., 1], m[..., 0], np.zeros(m.shape[:-1])], axis=-1)
    around = turned - x[:, None, None, None] * along[1] / cell[1] + y[None, :, None, None] * along[0] / cell[0]
    torque = m[..., 0] * around[..., 1] - m[..., 1] * around[..., 0]
    found = np.array([(around**2).sum(axis=-1)[magnet].sum(), torque[magnet].sum()])
    return np.asarray(cell[0] * cell[1] / layers.shape[2] * found)
