"""Skyrmions, antiskyrmions and skyrmioniums as unit vectors on cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["PlacedTexture", "superpose", "wall_parameters"]

FloatArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]

# Widths: beyond it m differs from the background by less than 1e-10.
_FAR = 24.0
# Up to it the square of tan(theta / 2) is a number.
_LARGEST = 300.0


class PlacedTexture(NamedTuple):
    """A texture with everything that material and device decide about it.

    `x` and `y` are its centre and `radius` is where m_z = 0, of a skyrmionium at the outer wall, in m; `width` is the
    width parameter Delta of the wall in m; `helicity` the angle gamma of the moments in the (outer) wall in rad;
    `vorticity` 1 for a skyrmion, -1 for an antiskyrmion, 0 for a bubble without charge; `inner_radius` the inner
    wall's radius of a skyrmionium in m, 0 where there is none.
    """

    x: float
    y: float
    radius: float
    width: float
    helicity: float
    vorticity: int = 1
    inner_radius: float = 0.0


def superpose(x: FloatArray, y: FloatArray, textures: Sequence[PlacedTexture], background: int) -> FloatArray:
    r"""Put textures into a uniform film: unit vectors (nx, ny, 3) at cell centres `x` and `y` (m, rising).

    The wall of a skyrmion of radius R and width Delta is a 360 degree wall that is closed to a ring [1]_,

    .. math:: \tan\frac{\theta}{2} = \frac{\sinh(R/\Delta)}{\sinh(r/\Delta)},\qquad
              \phi = v\psi + \gamma,

    with r and psi the polar coordinates about the centre, v the vorticity and gamma the helicity: m = (sin theta cos
    phi, sin theta sin phi, s cos theta) with s = 1 or -1 the sign of m_z in the background. In a skyrmionium the angles
    theta of two such walls add up, with such R that m_z = 0 at its two radii. Several textures add as the complex
    numbers tan(theta / 2) exp(i phi) of the stereographic projection, which keeps each centre and the sum of the
    charges.

    .. [1] X. S. Wang, H. Y. Yuan and X. R. Wang, Commun. Phys. 1, 31 (2018).
    """
    total = np.zeros((x.size, y.size), dtype=np.complex128)
    for texture in textures:
        # Farther away there is nothing of it.
        reach = texture.radius + _FAR * texture.width
        columns = slice(*np.searchsorted(x, (texture.x - reach, texture.x + reach)))
        rows = slice(*np.searchsorted(y, (texture.y - reach, texture.y + reach)))
        total[columns, rows] += _projection(x[columns, None] - texture.x, y[None, rows] - texture.y, texture)
    squared = total.real**2 + total.imag**2
    m = np.empty((x.size, y.size, 3))
    m[..., 0] = 2 * total.real / (1 + squared)
    m[..., 1] = 2 * total.imag / (1 + squared)
    m[..., 2] = background * (1 - squared) / (1 + squared)
    return m


def _projection(x: FloatArray, y: FloatArray, texture: PlacedTexture) -> ComplexArray:
    """Stereographic projection tan(theta / 2) exp(i phi) of a texture at the origin."""
    distance = np.hypot(x, y)
    phase = np.exp(1j * (texture.vorticity * np.arctan2(y, x) + texture.helicity))
    if not texture.inner_radius:
        return np.asarray(_tangent(distance, texture.radius, texture.width) * phase)
    radii = wall_parameters(texture.radius, texture.inner_radius, texture.width)
    outer, inner = (_tangent(distance, radius, texture.width) for radius in radii)
    # The tangent of a sum; m points down where the denominator is 0.
    denominator = 1 - outer * inner
    safe = np.where(np.abs(denominator) < 1e-12, 1e-12, denominator)
    return np.asarray((outer + inner) / safe * phase)


def wall_parameters(radius: float, inner_radius: float, width: float) -> tuple[float, float]:
    """Find R of the two walls of a skyrmionium whose m_z is 0 at its two radii: each wall turns m at the other too.

    A ValueError if the walls are so near each other that m_z is not 0 in between.
    """
    outer, inner = radius, inner_radius
    for _ in range(100):
        # tan(theta / 2) of the sum is 1 at the outer radius and -1 at the inner one.
        there, here = (
            float(_tangent(np.array(at), other, width)) for at, other in ((radius, inner), (inner_radius, outer))
        )
        if not (there < 1 < here):
            break
        wanted = (
            _scaled(radius, (1 - there) / (1 + there), width),
            _scaled(inner_radius, (here + 1) / (here - 1), width),
        )
        if abs(wanted[0] - outer) + abs(wanted[1] - inner) < 1e-6 * width:
            return wanted
        outer, inner = wanted
    raise ValueError(
        f"inner_radius = {inner_radius * 1e9:g} nm and radius = {radius * 1e9:g} nm of a skyrmionium are too near each "
        f"other for walls of width {width * 1e9:.3g} nm; leave some three widths between them"
    )


def _scaled(radius: float, factor: float, width: float) -> float:
    """The radius whose sinh(R / width) is the factor times another radius's."""
    logarithm = float(_log_sinh(np.array(radius / width))) + np.log(factor)
    # asinh(exp(l)) = l + log(1 + sqrt(1 + exp(-2 l))), which overflows nowhere.
    return float(width * (logarithm + np.log1p(np.sqrt(1 + np.exp(-2 * logarithm))))) if logarithm > -300 else 0.0


def _tangent(distance: FloatArray, radius: float, width: float) -> FloatArray:
    exponent = _log_sinh(np.array(radius / width)) - _log_sinh(distance / width)
    return np.asarray(np.exp(np.minimum(exponent, _LARGEST / 4)))


def _log_sinh(value: FloatArray) -> FloatArray:
    # The centre itself may be a cell's: there the logarithm is cut.
    safe = np.maximum(value, 1e-30)
    return np.asarray(safe + np.log(-np.expm1(-2 * safe)) - np.log(2))
