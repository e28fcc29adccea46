r"""Demagnetising factors of a uniformly magnetised cylinder with an elliptical cross-section.

The magnetostatic energy of a uniform body is an integral over wave vectors of the squared Fourier
transform of its shape. For an ellipse of semi-axes a and b and a thickness t that transform is
a Bessel function of q = |(a k_x, b k_y)|, so that in each direction of q the ellipse behaves as a circular
cylinder of thickness over radius tau(phi) = t sqrt(cos^2 phi / a^2 + sin^2 phi / b^2):

.. math::

   N_z = \langle n(\tau) \rangle, \qquad
   N_x = \left\langle \frac{\cos^2\varphi / a^2}{\cos^2\varphi / a^2 + \sin^2\varphi / b^2}
         \, [1 - n(\tau)] \right\rangle, \qquad N_x + N_y + N_z = 1,

means over the angle phi. The axial factor n of the circular cylinder is exact: the mean flux
density in it is a thin solenoid's, so that 1 - n is Nagaoka's coefficient, for which
Lorenz found a closed form in complete elliptic integrals.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["axial_factor", "demagnetising_factors"]

FloatArray = npt.NDArray[np.float64]

# The integrand is periodic and smooth: equally spaced angles converge exponentially, even at an aspect ratio of 20.
_ANGLES = 1024


def axial_factor(thickness_over_radius: npt.ArrayLike) -> FloatArray:
    r"""Magnetometric demagnetising factor of a circular cylinder along its axis, for tau = thickness / radius above 0.

    .. math:: n = 1 - \frac{4}{3 \pi k'} \left[ \frac{k'^2}{k^2} (K - E) + E - k \right],
        \qquad k^2 = \frac{4}{4 + \tau^2}, \quad k'^2 = 1 - k^2

    D.-X. Chen, J. A. Brug and R. B. Goldfarb, IEEE Trans. Magn. 27, 3601 (1991): exact by inductance formulas; Lorenz's
    formula for the inductance of a thin solenoid, in the form of H. Nagaoka (1909).
    """
    tau = np.asarray(thickness_over_radius, dtype=np.float64)
    if not np.all(tau > 0):
        raise ValueError(f"thickness_over_radius = {thickness_over_radius!r} must be above 0")
    modulus2 = 4 / (4 + tau**2)
    rest2 = tau**2 / (4 + tau**2)
    first, second = scipy.special.ellipkm1(rest2), scipy.special.ellipe(modulus2)
    bracket = rest2 / modulus2 * (first - second) + second - np.sqrt(modulus2)
    return np.asarray(1 - 4 / (3 * np.pi * np.sqrt(rest2)) * bracket)


def demagnetising_factors(length: float, width: float, thickness: float) -> tuple[float, float, float]:
    """Give the demagnetising factors of an elliptical disc that is uniformly magnetised.

    Parameters
    ----------
    length, width : float
        Axes of the ellipse along x and y, in m.
    thickness : float
        Along z, in m.

    Returns
    -------
    tuple of three floats
        N_x, N_y and N_z; they add up to 1.

    Raises
    ------
    ValueError
        If a size is not above 0.

    References
    ----------
    M. Beleggia, M. De Graef and Y. T. Millev, J. Phys. D: Appl. Phys. 39, 891 (2006), and the references there, for
    discs and cylinders with an elliptical cross-section.

    Examples
    --------
    >>> [round(factor, 4) for factor in demagnetising_factors(100e-9, 100e-9, 100e-9)]
    [0.3442, 0.3442, 0.3116]
    """
    for name, size in (("length", length), ("width", width), ("thickness", thickness)):
        if not size > 0:
            raise ValueError(f"{name} = {size!r} m must be above 0")
    angle = 2 * np.pi * np.arange(_ANGLES) / _ANGLES
    along, aside = (2 * np.cos(angle) / length) ** 2, (2 * np.sin(angle) / width) ** 2
    in_plane = 1 - axial_factor(thickness * np.sqrt(along + aside))
    x = float(np.mean(along / (along + aside) * in_plane))
    y = float(np.mean(aside / (along + aside) * in_plane))
    return x, y, 1 - x - y
