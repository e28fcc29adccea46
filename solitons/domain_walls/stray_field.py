r"""The stray field of a wall in its stripe: its energy at each angle and width, from Ms and the stripe's size.

In a long stripe of width w and thickness t, magnetised alike all over its cross-section S, each wave m(k) along x meets
the demagnetising factors

.. math::

   N_{xx}(k) = \left\langle \frac{k^2}{k^2 + \kappa^2} f \right\rangle, \quad
   N_{yy}(k) = \left\langle \frac{\kappa^2}{k^2 + \kappa^2} f \right\rangle, \quad
   N_{zz}(k) = \langle 1 - f \rangle, \qquad f = 1 - \frac{1 - e^{-s}}{s}, \quad s = t \sqrt{k^2 + \kappa^2}

where the brackets are the mean over the waves kappa across the stripe, with the weight w sinc^2(kappa w / 2) / 2 pi
of what is uniform there; their sum is 1. Walker's profile has m_x, m_y proportional to sech(x / Delta) and m_z to
tanh(x / Delta), so that over mu0 Ms^2 / 2 times its volume 2 Delta S the wall's stray field costs
n_x cos^2 phi + n_y sin^2 phi + n_z with

.. math::

   n_{x, y} = \int_0^\infty \frac{N_{xx, yy}(2 q / \pi \Delta)}{\cosh^2 q} dq, \qquad
   n_z = \int_0^\infty \frac{N_{zz}(2 q / \pi \Delta) - N_{zz}(0)}{\sinh^2 q} dq - N_{zz}(0).

In a thin and wide stripe n_x becomes t ln 2 / (pi Delta) [1]_. Then n_x Delta does not depend on Delta, and a Neel wall
is no narrower than a Bloch wall; in a narrow stripe, whose side faces add to n_y Delta, it is wider. The textbook's
width, 1 / sqrt(K_eff + K cos^2 phi), holds for a local anisotropy and has the other sign: in a stripe 64 nm wide and
4 nm thick with Ms = 600 kA/m and Ku = 0.3 MJ/m3 micromagnetics shows 9.42 nm for Bloch and 10.34 nm for Neel walls.

In cells of length c the sampled wave has aliases: N(k) is replaced by the sum of sinc^2(k c / 2 + pi j)
N(k + 2 pi j / c) over all j.

A wall whose line is tilted by chi across the stripe is the same profile sheared, dx/dy = tan chi, and 1 / cos chi times
as wide along x. A wave k of it has the phase -k y tan chi, so that kappa is shifted by -k tan chi against the weight of
the brackets, and there is N_xy = <k kappa f / (k^2 + kappa^2)> too: the charges inside a Neel wall turn with its line,
those at the stripe's edges stay.

References
----------
.. [1] A. Mougin, M. Cormier, J. P. Adam, P. J. Metaxas and J. Ferre, EPL 78, 57007 (2007).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

__all__ = ["TiltedFactors", "WallFactors", "stripe_factors", "tilted_wall_factors", "wall_factors"]

Floats = npt.NDArray[np.float64]

# Waves across the stripe, in u = kappa w / 2: panels of Gauss-Legendre's rule up to 60 pi, where sinc^2 is then its
# mean 1 / 2 u^2.
_PANELS = np.pi * np.concatenate([[0.0], np.geomspace(1e-4, 1.0, 13), np.arange(2.0, 61.0)])
_TAIL = np.geomspace(_PANELS[-1], 1e3 * _PANELS[-1], 25)
# Waves along the stripe: q beyond which a wall has none, and how finely N is tabulated.
_FARTHEST = 12.0
_ALIASES = 6


@dataclass(frozen=True)
class WallFactors:
    """Energy of a wall's stray field, over mu0 Ms^2 / 2 times its volume 2 Delta S.

    Factors of m_x in a Neel wall, of m_y in a Bloch wall, and of m_z beside two domains (below 0: a wall saves energy).
    """

    n_x: float
    n_y: float
    n_z: float


@dataclass(frozen=True)
class TiltedFactors:
    """Energy of a tilted wall's stray field, over mu0 Ms^2 / 2 times its volume 2 Delta S / cos chi.

    n_x, n_y, n_z along and across the stripe, as of `WallFactors`, and n_xy of 2 m_x m_y, odd in the tilt.
    """

    n_x: float
    n_y: float
    n_z: float
    n_xy: float


def _gauss(edges: Floats, nodes: int = 8) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss-Legendre's rule on each panel."""
    at, weight = np.polynomial.legendre.leggauss(nodes)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + at)).ravel(), (half * weight).ravel()


@cache
def _across() -> tuple[Floats, Floats]:
    """Waves u across the stripe with the weights of their mean."""
    near, weight = _gauss(_PANELS)
    far, beyond = _gauss(_TAIL, 4)
    weights = np.concatenate([weight * np.sinc(near / np.pi) ** 2, beyond / (2 * far**2)]) * 2 / np.pi
    # What is left beyond goes with the last wave.
    weights[-1] += 1 - weights.sum()
    return np.concatenate([near, far]), weights


def stripe_factors(waves: npt.ArrayLike, thickness: float, stripe_width: float) -> tuple[Floats, Floats, Floats]:
    """Demagnetising factors n_x, n_y, n_z of waves k (1/m) along a stripe; 0 is a uniform stripe.

    Sizes in m; their sum is 1.
    """
    k = np.abs(np.asarray(waves, dtype=np.float64))[:, None]
    u, weights = _across()
    across = 2 * u / stripe_width
    square = k**2 + across**2
    share = _share(square, thickness)
    n_x, n_y = ((each**2 / square * share) @ weights for each in (k, across))
    return n_x, n_y, 1 - n_x - n_y


def _share(square: Floats, thickness: float) -> Floats:
    """Share f of a wave's field that is not along z; `square` is k^2 + kappa^2."""
    s = thickness * np.sqrt(square)
    share: Floats = np.where(s < 1e-4, s / 2 - s**2 / 6, 1 + np.expm1(-s) / s)
    return share


@lru_cache(64)
def _tabulated(thickness: float, stripe_width: float) -> tuple[CubicSpline, float, float]:
    """N_xx, N_yy and N_zz(0) - N_zz over ln k, and the ends of the table."""
    ends = 1e-4 / stripe_width, 1e4 / thickness
    waves = np.geomspace(*ends, 160)
    n_x, n_y, n_z = stripe_factors(waves, thickness, stripe_width)
    uniform = stripe_factors([0.0], thickness, stripe_width)[2]
    return CubicSpline(np.log(waves), np.stack([n_x, n_y, uniform - n_z], axis=-1)), *ends


@lru_cache(256)
def wall_factors(width: float, thickness: float, stripe_width: float, cell: float = 0.0) -> WallFactors:
    """Demagnetising factors of a wall of Walker's profile.

    Delta, the stripe's sizes and the length of cells along x in m; 0 for a continuum.
    """
    table, least, most = _tabulated(thickness, stripe_width)
    q, weights = _along()
    waves = 2 * q / (np.pi * width)

    def factors(k: Floats) -> Floats:
        values: Floats = table(np.log(np.clip(np.abs(k), least, most)))
        return values

    found = factors(waves)
    if cell:
        shares, rest = _aliases(waves, cell)
        found = rest[:, None] * factors(np.array([2 * np.pi * (_ALIASES + 1.5) / cell]))
        for j, share in shares.items():
            found += share[:, None] * factors(waves + 2 * np.pi * j / cell)
    n_x, n_y = ((weights / np.cosh(q) ** 2) @ found[:, :2]).tolist()
    uniform = float(stripe_factors([0.0], thickness, stripe_width)[2][0])
    n_z = -float((weights / np.sinh(q) ** 2) @ found[:, 2]) - uniform
    return WallFactors(n_x, n_y, n_z)


def _along() -> tuple[Floats, Floats]:
    """Waves q along the stripe with the weights of their integral."""
    return _gauss(np.concatenate([[0.0], np.geomspace(1e-3, _FARTHEST, 16)]))


def _aliases(waves: Floats, cell: float) -> tuple[dict[int, Floats], Floats]:
    """How much of a sampled wave is in each alias; farther ones share the rest, since N is nearly the same for them."""
    shares = {j: np.sinc(waves * cell / 2 / np.pi + j) ** 2 for j in range(-_ALIASES, _ALIASES + 1)}
    return shares, 1 - np.sum(list(shares.values()), axis=0)


@lru_cache(256)
def tilted_wall_factors(
    width: float, thickness: float, stripe_width: float, tilt: float, cell: float = 0.0
) -> TiltedFactors:
    """Demagnetising factors of a wall of Walker's profile whose line is tilted across the stripe.

    `width` is Delta in m along the wall's normal, `tilt` chi in rad from y to the wall's line: dx/dy = tan chi. The
    rest is as for `wall_factors`.
    """
    q, weights = _along()
    waves = 2 * q * np.cos(tilt) / (np.pi * width)
    uniform = float(stripe_factors([0.0], thickness, stripe_width)[2][0])
    found = np.zeros((4, waves.size))
    shares, rest = _aliases(waves, cell) if cell else ({0: np.ones_like(waves)}, np.zeros_like(waves))
    for j, share in shares.items():
        k = waves + 2 * np.pi * j / cell if cell else waves
        found += share * _sheared(k, waves * np.tan(tilt), thickness, stripe_width)
    if cell:
        farthest = np.array([2 * np.pi * (_ALIASES + 1.5) / cell])
        found += rest * _sheared(farthest, np.zeros(1), thickness, stripe_width)
    n_x, n_y, n_xy = (found[[0, 1, 3]] @ (weights / np.cosh(q) ** 2)).tolist()
    n_z = float((found[2] - uniform) @ (weights / np.sinh(q) ** 2)) - uniform
    return TiltedFactors(n_x=n_x, n_y=n_y, n_z=n_z, n_xy=n_xy)


def _sheared(waves: Floats, shift: Floats, thickness: float, stripe_width: float) -> Floats:
    """N_xx, N_yy, N_zz and N_xy of waves k whose kappa are shifted to kappa - shift, (4, waves)."""
    u, weights = _across()
    k = waves[:, None]
    both = []
    for sign in (1, -1):
        across = sign * 2 * u / stripe_width - shift[:, None]
        square = k**2 + across**2
        share = _share(square, thickness)
        both.append([each / square * share @ weights for each in (k**2, across**2, k * across)])
    n_x, n_y, n_xy = np.mean(both, axis=0)
    return np.stack([n_x, n_y, 1 - n_x - n_y, n_xy])
