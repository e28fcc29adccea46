"""Radius and wall width of a skyrmion from a material's constants."""

from __future__ import annotations

import math

import numpy as np
from scipy import integrate, optimize

__all__ = ["skyrmion_size"]


def skyrmion_size(exchange: float, anisotropy: float, dmi: float) -> tuple[float, float]:
    r"""Give radius and wall width of an isolated skyrmion in a film without a field.

    They are those at which the energy of a 360 degree wall tan(theta / 2) = sinh(R / w) / sinh(r / w) is least [1]_,
    found numerically. For R well above w it is

    .. math:: R = \pi D\sqrt{\frac{A}{16 A K^2 - \pi^2 D^2 K}}, \qquad w = \frac{\pi D}{4 K},

    where the search begins: R is then 10 to 20 % too small for R = 2 w. What the demagnetising field does is in K as
    that of a film, K_u - mu0 Ms^2 / 2.

    Parameters
    ----------
    exchange : float
        A in J/m.
    anisotropy : float
        K in J/m3, above 0.
    dmi : float
        D in J/m2; its sign does not matter.

    Returns
    -------
    radius, width : float
        In m.

    Raises
    ------
    ValueError
        If K is not above 0, D is 0, or |D| is not below 4 sqrt(A K) / pi: then a film has no isolated skyrmion.

    References
    ----------
    .. [1] X. S. Wang, H. Y. Yuan and X. R. Wang, Commun. Phys. 1, 31 (2018).

    Examples
    --------
    >>> [round(each * 1e9, 1) for each in skyrmion_size(15e-12, 0.8e6, 3.7e-3)]
    [7.7, 3.8]
    """
    if not anisotropy > 0:
        raise ValueError(
            f"skyrmion_size: anisotropy = {anisotropy:g} J/m^3 is not above 0, so that the film magnetises in its "
            "plane; raise Ku or lower Ms"
        )
    strength, most = abs(dmi), 4 * math.sqrt(exchange * anisotropy) / math.pi
    if not 0 < strength < most:
        what = "without it a skyrmion collapses" if not strength else "from there on stripes cost less than the film"
        raise ValueError(
            f"skyrmion_size: dmi = {dmi:g} J/m^2 must be below {most:.3g} J/m^2 in size, and not 0: {what}"
        )
    # In lengths of sqrt(A / K) and energies of A t there is one constant left.
    ratio, length = strength / most, math.sqrt(exchange / anisotropy)
    start = np.log([ratio / math.sqrt(1 - ratio**2), ratio])
    found = optimize.minimize(
        lambda logs: _energy(math.exp(logs[0]), math.exp(logs[1]), ratio),
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-5, "fatol": 1e-10},
    )
    radius, width = np.exp(found.x) * length
    return float(radius), float(width)


def _energy(radius: float, width: float, ratio: float) -> float:
    """Energy over 2 pi A t of the wall, lengths over sqrt(A / K)."""
    r = np.linspace(1e-6, radius + 20 * width, 4001)
    theta = 2 * np.arctan(np.exp(_log_sinh(radius / width) - _log_sinh(r / width)))
    slope = -np.sin(theta) / np.tanh(r / width) / width
    sine = np.sin(theta)
    density = slope**2 + (sine / r) ** 2 + sine**2
    chiral = slope + sine * np.cos(theta) / r
    return float(integrate.simpson((density + 4 / math.pi * ratio * chiral) * r, x=r))


def _log_sinh(value: float | np.ndarray) -> np.ndarray:
    return np.asarray(value + np.log(-np.expm1(-2 * np.asarray(value))) - math.log(2))
