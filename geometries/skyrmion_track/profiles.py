"""Skyrmions, antiskyrmions and skyrmioniums as unit vectors on cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["PlacedTexture", "superpose"]

FloatArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]

# Of widths: beyond it m differs from the background by less than 1e-10.
_FAR = 24.0
# Up to it the square of tan(theta / 2) is a number.
_LARGEST = 300.0


class PlacedTexture(NamedTuple):
    """A texture with everything that material and device decide about it.

    Attributes
    ----------
    x, y : float
        Centre, in m.
    radius : float
        At which m_z = 0, in m; of a skyrmionium that of the outer wall.
    width : float
        Width parameter Delta of the wall, in m.
    helicity : float
        Angle gamma of the moments in the (outer) wall, in rad.
    vorticity : int
        1 for a skyrmion, -1 for an antiskyrmion, 0 for a bubble without charge.
    inner_radius : float
        Of the inner wall of a skyrmionium, in m; 0 where there is none.
    """

    x: float
    y: float
    radius: float
    width: float
    helicity: float
    vorticity: int = 1
    inner_radius: float = 0.0


def superpose(x: FloatArray, y: FloatArray, textures: Sequence[PlacedTexture], background: int) -> FloatArray:
    r"""Put textures into a uniform film.

    The wall of a skyrmion of radius R and width Delta is that of a 360 degree wall
    that is closed to a ring [1]_,

    .. math:: \tan\frac{\theta}{2} = \frac{\sinh(R/\Delta)}{\sinh(r/\Delta)},\qquad
              \phi = v\psi + \gamma,

    with r and psi the polar coordinates about the centre, v the vorticity and gamma the
    helicity: m = (sin theta cos phi, sin theta sin phi, s cos theta) with s the sign of the
    background. In a skyrmionium the angles theta of two such walls add up. Several textures
    add as the complex numbers tan(theta / 2) exp(i phi) of the stereographic projection,
    which keeps each centre and the sum of the charges.

    Parameters
    ----------
    x, y : numpy.ndarray, shapes (nx,) and (ny,)
        Cell centres, in m, rising.
    textures : sequence of PlacedTexture
    background : {1, -1}
        Sign of m_z between the textures.

    Returns
    -------
    numpy.ndarray, shape (nx, ny, 3)
        Unit vectors.

    References
    ----------
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
    outer = _tangent(distance, texture.radius, texture.width)
    if not texture.inner_radius:
        return np.asarray(outer * phase)
    inner = _tangent(distance, texture.inner_radius, texture.width)
    # The tangent of a sum; m points down where the denominator is 0.
    denominator = 1 - outer * inner
    safe = np.where(np.abs(denominator) < 1e-12, 1e-12, denominator)
    return np.asarray((outer + inner) / safe * phase)


def _tangent(distance: FloatArray, radius: float, width: float) -> FloatArray:
    exponent = _log_sinh(np.array(radius / width)) - _log_sinh(distance / width)
    return np.asarray(np.exp(np.minimum(exponent, _LARGEST / 4)))


def _log_sinh(value: FloatArray) -> FloatArray:
    # The centre itself may be a cell's: there the logarithm is cut.
    safe = np.maximum(value, 1e-30)
    return np.asarray(safe + np.log(-np.expm1(-2 * safe)) - np.log(2))
