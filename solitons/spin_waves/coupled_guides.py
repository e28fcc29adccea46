r"""Parallel waveguides that couple by their stray fields: waves as one matrix, networks as products.

Amplitudes :math:`a_j` of waves of one frequency in guides along x, which all carry energy along +x, obey

.. math:: \frac{da}{dx} = i K a, \qquad K_{jj} = k_j + i / L_j, \qquad K_{jl} = C_{jl},

as power goes from guide to guide without loss. Two guides alike have a symmetric and an antisymmetric wave,
:math:`k_{s, a} = k \pm C`: all of the power is in the other guide after :math:`L_c = \pi / |k_s - k_a|`, and
:math:`\cos^2 (\pi x / 2 L_c)` of it in the first. Two that differ by :math:`2 \delta = k_1 - k_2` exchange at most
:math:`C^2 / (C^2 + \delta^2)`.

**From the material.** A wave that is uniform through the thickness d and across the width w has, as in
`FilmWaves`, stiffnesses a and b on two axes across m, :math:`\omega_0 = \gamma_0 \sqrt{a b}`. Its magnetostatic tensor is
that of a film at :math:`q = (k, q_y)`, :math:`P = 1 - (1 - e^{-|q| d}) / |q| d`, averaged over the profiles of two
guides whose middles are D apart,

.. math:: N_{ij} (k) = \frac{w}{\pi} \int_0^\infty dq_y \left( \frac{\sin q_y w / 2}{q_y w / 2} \right)^2 \cos (q_y D)
    \, F_{ij}, \qquad F_{xx} = \frac{k^2}{q^2} P, \quad F_{yy} = \frac{q_y^2}{q^2} P, \quad F_{zz} = 1 - P,

which at D = 0 is a guide's own, and at k = 0 along m the field at rest. To first order in the field of the neighbour

.. math:: C = -\frac{\gamma_0 M_s}{2 \sqrt{v_1 v_2}} \left( N_{aa} \left( \frac{b}{a} \right)^{1/2}
    + N_{bb} \left( \frac{a}{b} \right)^{1/2} \right),

v the group velocities; the roots are geometric means of both guides, the :math:`N_{ab}` cancel between guides alike.
Pinning at edges and the grid are left out: 3 % of C in guides of YIG of 75 nm, 15 nm apart.

A. V. Sadovnikov et al., Appl. Phys. Lett. 107, 202405 (2015), and Q. Wang et al., Sci. Adv. 4, e1701517 (2018), have
such couplers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from geometries.materials import MU0, Material
from solitons.spin_waves.guided_wave import fit_guided_wave

__all__ = ["coupled_guides", "fit_coupled_guides", "transmission"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_SCANNED = np.geomspace(1e5, 3e8, 400)
"""Wavenumbers in rad/m among which the wave of a frequency is looked for."""
_LOBES, _POINTS = 80, 4000
"""Lobes of a profile's spectrum over which is integrated, and points: what is left out falls as q^-3."""


def transmission(sections: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]]) -> Complexes:
    """Give the amplitudes at the end of a network for 1 at the beginning of each guide.

    Parameters
    ----------
    sections : sequence of (K, length)
        In the order along x: K in 1/m, (..., guides, guides), diagonal where guides do not couple, and the length in m
        (...). Leading axes go together, so that thousands of networks are one call.

    Returns
    -------
    numpy.ndarray
        Complex, (..., guides, guides): last axis the guide at the beginning. Times a wave's
        `GuidedWave.transmission(0)` it is what ports read for 1 A.

    Examples
    --------
    >>> pair = np.array([[3e7, 1e6], [1e6, 3e7]])
    >>> lengths = np.pi / 2e6 * np.array([0.5, 1.0])  # half of the coupling length, and all
    >>> np.abs(transmission([(pair, lengths)])[:, 1, 0] ** 2).round(3).tolist()
    [0.5, 1.0]
    """
    total: Complexes = np.eye(np.shape(sections[0][0])[-1], dtype=complex)
    for matrix, length in sections:
        each = np.asarray(matrix, dtype=complex) * np.asarray(length, dtype=float)[..., None, None]
        total = scipy.linalg.expm(1j * each) @ total
    return total


def fit_coupled_guides(driven: xr.DataArray, other: xr.DataArray, stretch: tuple[float, float]) -> Complexes:
    """Fit K of two guides alike to a run with an antenna on one: sum and difference are waves with k + C and k - C.

    Parameters
    ----------
    driven, other : xarray.DataArray
        Complex amplitudes along x of the wave in either guide, of `analysis.wave_at`.
    stretch : tuple of two floats
        Interval of x in m where both guides are, beyond the antenna and its own field.

    Returns
    -------
    numpy.ndarray
        K in 1/m, (2, 2).

    Raises
    ------
    ValueError
        As `fit_guided_wave`.

    Examples
    --------
    >>> x = np.arange(400) * 5e-9
    >>> first, second = transmission([([[3e7 + 1e5j, 1e6], [1e6, 3e7 + 1e5j]], x)])[:, :, 0].T
    >>> waves = [xr.DataArray(each, {"x": x}, ("x",), attrs={"frequency": 5e9}) for each in (first, second)]
    >>> np.abs(fit_coupled_guides(*waves, (1e-7, 1.9e-6))[0] * 1e-6).round(3).tolist()
    [30.0, 1.0]
    """
    both = (driven + other).assign_attrs(driven.attrs), (driven - other).assign_attrs(driven.attrs)
    waves = [fit_guided_wave(each, float(each["x"][0]), 1.0, stretch)[0] for each in both]
    even, odd = (complex(float(wave.wavenumber), float(wave.attenuation)) for wave in waves)
    return np.array([[even + odd, even - odd], [even - odd, even + odd]]) / 2


def coupled_guides(
    frequency: float,
    materials: Sequence[Material],
    centres: Sequence[float],
    width: float,
    thickness: float,
    magnetisation: Literal["x", "y", "z"],
    field: float,
) -> Complexes:
    """Give K of parallel guides in closed form.

    Parameters
    ----------
    frequency : float
        In Hz.
    materials : sequence of Material
        Of each guide, with an easy axis along x, y or z; a gate changes Ku of one.
    centres : sequence of float
        Their middles along y, in m.
    width, thickness : float
        Of each, in m.
    magnetisation : {"x", "y", "z"}
        Direction of rest.
    field : float
        Applied field along it, in A/m.

    Returns
    -------
    numpy.ndarray
        K in 1/m, (guides, guides).

    Raises
    ------
    ValueError
        If a guide has no wave of the frequency.

    Examples
    --------
    >>> yig = Material(name="YIG", Ms=1.4e5, A=3.7e-12, alpha=5e-4)
    >>> pair = coupled_guides(3.74e9, [yig, yig], [0, 90e-9], 75e-9, 30e-9, "x", 16e3)
    >>> print(f"{pair[0, 0].real * 1e-6:.1f} rad/um, L_c = {np.pi / 2e-6 / pair[0, 1].real:.2f} um")
    30.6 rad/um, L_c = 1.09 um
    """
    along = "xyz".index(magnetisation)
    across = [(along + 1) % 3, (along + 2) % 3]
    apart = np.abs(np.subtract.outer(centres, centres))
    at_rest = [sum(_tensor(np.zeros(1), width, thickness, each)[0, along] for each in row) for row in apart]
    own = _tensor(_SCANNED, width, thickness, 0.0)[:, across]
    found = [
        _wave(2 * np.pi * frequency, film, field - film.Ms * rest, (along, across), own, f"guide {index}")
        for index, (film, rest) in enumerate(zip(materials, at_rest, strict=True))
    ]
    matrix = np.diag([each.wavenumber for each in found])
    for j, l in zip(*np.triu_indices(len(found), 1), strict=True):
        one, other = found[j], found[l]
        middle = abs(one.wavenumber.real + other.wavenumber.real) / 2
        factors = _tensor(np.array([middle]), width, thickness, apart[j, l])[0, across]
        shape = np.sqrt(one.ellipse * other.ellipse)
        strength = np.sqrt(one.strength * other.strength)
        matrix[j, l] = matrix[l, j] = -strength / 2 * (factors[0] * shape + factors[1] / shape)
    return matrix


class _Wave(NamedTuple):
    """The wave of one guide: k + i / L in 1/m, (b / a)^(1/2), and gamma_0 M_s / v in 1/m."""

    wavenumber: complex
    ellipse: float
    strength: float


def _wave(
    omega: float, film: Material, inside: float, axes: tuple[int, list[int]], own: Floats, owner: str
) -> _Wave:
    """Find the longest wave; `inside` is the field at rest in A/m, `own` the guide's tensor at `_SCANNED`."""
    along, across = axes
    u = np.square(film.easy_axis)
    uniform = inside + 2 * film.Ku / (MU0 * film.Ms) * (u[along] - u[across])
    stiffness = uniform + 2 * film.A / (MU0 * film.Ms) * _SCANNED[:, None] ** 2 + film.Ms * own
    if not stiffness.min() > 0:
        raise ValueError(
            f"coupled_guides: {owner} of {film.name!r} does not rest along {'xyz'[along]}: its least stiffness is "
            f"{stiffness.min():.3g} A/m; raise the field by more than that"
        )
    branch = scipy.interpolate.CubicSpline(_SCANNED, film.gamma0 * np.sqrt(stiffness.prod(axis=1)))
    roots = branch.solve(omega, extrapolate=False)
    if not roots.size:
        least = float(branch(_SCANNED).min()) / (2 * np.pi)
        raise ValueError(
            f"coupled_guides: {owner} of {film.name!r} has no wave of {omega / (2 * np.pi):.4g} Hz: its waves begin at "
            f"{least:.4g} Hz; raise the frequency, or lower the field"
        )
    k = float(roots.min())
    a, b = scipy.interpolate.CubicSpline(_SCANNED, stiffness)(k)
    slope = float(branch(k, 1))
    decay = film.alpha * film.gamma0 * (a + b) / 2 / abs(slope)
    return _Wave(complex(np.copysign(k, slope), decay), float(np.sqrt(b / a)), film.gamma0 * film.Ms / abs(slope))


def _tensor(k: Floats, width: float, thickness: float, distance: float) -> Floats:
    """N_xx, N_yy and N_zz at wavenumbers in rad/m, (..., 3), of two guides, or of one where their distance is 0."""
    step = 2 * np.pi * _LOBES / width / _POINTS
    across = (np.arange(_POINTS) + 0.5) * step
    q = np.hypot(k[:, None], across)
    out = -np.expm1(-q * thickness) / (q * thickness)
    weight = width / np.pi * step * np.sinc(across * width / (2 * np.pi)) ** 2 * np.cos(across * distance)
    xx, zz = (weight * (k[:, None] / q) ** 2 * (1 - out)).sum(axis=1), (weight * out).sum(axis=1)
    # The trace is 1 within a guide and 0 outside; N_yy itself falls too slowly to be integrated.
    return np.stack([xx, float(distance == 0) - xx - zz, zz], axis=-1)
