r"""Parallel waveguides that couple by their stray fields: waves as one matrix, networks as products.

Amplitudes :math:`a_j` of waves of one frequency in guides along x, which all carry energy along +x, obey

.. math:: \frac{da}{dx} = i K a, \qquad K_{jj} = k_j + i / L_j, \qquad K_{jl} = C_{jl}.

Two guides alike have a symmetric and an antisymmetric wave, :math:`k \pm C`: after :math:`L_c = \pi / |k_s - k_a|` all
of the power is in the other guide, :math:`\cos^2 (\pi x / 2 L_c)` of it in the first at x. Guides that differ by
:math:`2 \delta = k_1 - k_2` exchange at most :math:`C^2 / (C^2 + \delta^2)`.

A wave that is uniform through the thickness d and over the width w has, as in `FilmWaves`, stiffnesses a and b on two
axes across m and :math:`\omega = \gamma_0 \sqrt{a b}`. Its magnetostatic tensor is that of a film at
:math:`q = (k, q_y)` over the profiles of two guides with their middles D apart (0 within one),

.. math:: N_{ij} (k) = \frac{w}{\pi} \int_0^\infty dq_y \left( \frac{\sin q_y w / 2}{q_y w / 2} \right)^2 \cos (q_y D)
    \, F_{ij}, \qquad F_{xx} = \frac{k^2 P}{q^2}, \quad F_{yy} = \frac{q_y^2 P}{q^2}, \quad F_{zz} = 1 - P,

:math:`P = 1 - (1 - e^{-q d}) / q d`, which at k = 0 gives the field at rest. To first order in the neighbour's field,

.. math:: C = -\frac{\gamma_0 M_s}{2 v} \left( N_{aa} \sqrt{b / a} + N_{bb} \sqrt{a / b} \right),

v the group velocity, with geometric means over both guides; :math:`N_{ab}` cancels. Pinning at edges is left out:
C is 4, 10 and 20 % too large in guides of 4, 7 and 10 exchange lengths.
A. V. Sadovnikov et al., Appl. Phys. Lett. 107, 202405 (2015), and Q. Wang et al., Sci. Adv. 4, e1701517 (2018), have
such couplers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import interpolate, linalg

from geometries.materials import MU0, Material
from solitons.spin_waves.guided_wave import fit_guided_wave

__all__ = ["coupling_matrix", "fit_coupling_matrix", "transmission"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_SCANNED, _LOBES, _POINTS = np.geomspace(1e5, 3e8, 400), 80, 4000
"""Wavenumbers in rad/m at which a wave is looked for; lobes of a profile over which is integrated, and points."""


def transmission(sections: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]]) -> Complexes:
    """Give the amplitudes in all guides at the end of a network, (..., end, beginning), for 1 in one at its beginning.

    Parameters
    ----------
    sections : sequence of (K, length)
        In order along x: K in 1/m (..., guides, guides), diagonal where guides do not couple, and lengths in m (...).
        Leading axes go together, so that thousands of networks are one call.

    Examples
    --------
    >>> pair = np.array([[3e7, 1e6], [1e6, 3e7]])
    >>> lengths = np.pi / 2e6 * np.array([0.5, 1.0])  # half of the coupling length, and all
    >>> np.abs(transmission([(pair, lengths)])[:, 1, 0] ** 2).round(3).tolist()
    [0.5, 1.0]
    """
    if not sections:
        raise ValueError("transmission: there are no sections; give K and a length of one or more")
    total: Complexes = np.eye(np.shape(sections[0][0])[-1], dtype=np.complex128)
    for matrix, length in sections:
        total = linalg.expm(1j * np.asarray(matrix) * np.asarray(length)[..., None, None]) @ total
    return total


def fit_coupling_matrix(driven: xr.DataArray, other: xr.DataArray, stretch: tuple[float, float]) -> Complexes:
    """Fit K (2, 2) in 1/m of two guides alike to a run with an antenna on one: sum and difference have k + C and k - C.

    Parameters
    ----------
    driven, other : xarray.DataArray
        Complex amplitudes along x of the wave in either guide, of `analysis.wave_at`.
    stretch : tuple of two floats
        Interval of x in m where both are, beyond the antenna's own field; a ValueError as of `fit_guided_wave`.

    Examples
    --------
    >>> x = np.arange(400) * 5e-9
    >>> first, second = transmission([([[3e7 + 1e5j, 1e6], [1e6, 3e7 + 1e5j]], x)])[:, :, 0].T
    >>> waves = [xr.DataArray(each, {"x": x}, ("x",), attrs={"frequency": 5e9}) for each in (first, second)]
    >>> np.abs(fit_coupling_matrix(*waves, (1e-7, 1.9e-6))[0] * 1e-6).round(3).tolist()
    [30.0, 1.0]
    """
    both = [each.assign_attrs(driven.attrs) for each in (driven + other, driven - other)]
    waves = [fit_guided_wave(each, float(each["x"][0]), 1.0, stretch)[0] for each in both]
    even, odd = (complex(float(wave.wavenumber), float(wave.attenuation)) for wave in waves)
    return np.array([[even + odd, even - odd], [even - odd, even + odd]], dtype=np.complex128) / 2


def coupling_matrix(
    frequency: float,
    materials: Sequence[Material],
    centres: Sequence[float],
    width: float,
    thickness: float,
    magnetisation: str,
    field: float,
) -> Complexes:
    """Give K (guides, guides) in 1/m in closed form.

    The field at rest is taken as even. It is along x; of guides that are magnetised across or out of the plane, edges
    make it uneven, and C is some 10 % off.

    Parameters
    ----------
    frequency, width, thickness, field : float
        In Hz; of each guide in m; applied along the magnetisation, in A/m.
    materials, centres : sequence of Material, sequence of float
        Of each guide, with an easy axis along x, y or z (a gate changes Ku of one); its middle along y in m.
    magnetisation : str
        "x", "y" or "z", along which the guides rest.

    Raises
    ------
    ValueError
        If a guide does not rest so, or has no wave of the frequency, guides overlap, or a number is out of range.

    Examples
    --------
    >>> yig = Material(name="YIG", Ms=1.4e5, A=3.7e-12, alpha=5e-4)
    >>> pair = coupling_matrix(3.74e9, [yig, yig], [0, 90e-9], 75e-9, 30e-9, "x", 16e3)
    >>> print(f"{pair[0, 0].real * 1e-6:.1f} rad/um, L_c = {np.pi / 2e-6 / pair[0, 1].real:.2f} um")
    30.6 rad/um, L_c = 1.09 um
    """
    gap = np.diff(np.sort(np.asarray(centres, dtype=np.float64))).min(initial=np.inf) - width
    sizes = f"width = {width:.4g} m, thickness = {thickness:.4g} m, frequency = {frequency:.4g} Hz"
    if len(materials) != len(centres) or magnetisation not in ("x", "y", "z"):
        raise ValueError(
            f"coupling_matrix: {len(materials)} materials, {len(centres)} centres, magnetisation = {magnetisation!r}; "
            "give a material and a centre for each guide, and one of 'x', 'y' and 'z'"
        )
    if not min(width, thickness, frequency) > 0 or not gap > -1e-6 * width:
        raise ValueError(
            f"coupling_matrix: {sizes} must be above 0, and the least gap between guides, {gap:.4g} m, not below it"
        )
    along = "xyz".index(magnetisation)
    across = [(along + 1) % 3, (along + 2) % 3]
    apart = np.abs(np.subtract.outer(centres, centres))
    own, found = _tensor(_SCANNED, width, thickness, 0.0)[:, across], []
    for film, distances in zip(materials, apart, strict=True):
        u = np.square(film.easy_axis)
        rest = sum(
            each.Ms * _tensor(np.zeros(1), width, thickness, distance)[0, along]
            for each, distance in zip(materials, distances, strict=True)
        )
        uniform = field - rest + 2 * film.Ku / (MU0 * film.Ms) * (u[along] - u[across])
        stiffness = uniform + 2 * film.A / (MU0 * film.Ms) * _SCANNED[:, None] ** 2 + film.Ms * own
        branch = interpolate.CubicSpline(_SCANNED, film.gamma0 * np.sqrt(np.clip(stiffness, 0, None).prod(axis=1)))
        roots = branch.solve(2 * np.pi * frequency, extrapolate=False)
        if not (stiffness.min() > 0 and roots.size):
            begin = branch(_SCANNED).min() / (2 * np.pi)
            raise ValueError(
                f"coupling_matrix: guide of {film.name!r}, Ku = {film.Ku:.4g} J/m3, has no wave of {frequency:.4g} "
                f"Hz: waves begin at {begin:.4g} Hz (0: it does not rest along m); change the frequency or the field"
            )
        k = roots.min()
        a, b = interpolate.CubicSpline(_SCANNED, stiffness)(k)
        slope = branch(k, 1)
        decay = film.alpha * film.gamma0 * (a + b) / 2 / abs(slope)
        found.append((np.copysign(k, slope) + 1j * decay, np.sqrt(b / a), film.gamma0 * film.Ms / abs(slope)))
    waves, shapes, strengths = np.array(found).T
    matrix = np.diag(waves)
    for i, j in zip(*np.triu_indices(len(found), 1), strict=True):
        a, b = _tensor(np.abs(waves[[i, j]].real.mean(keepdims=True)), width, thickness, apart[i, j])[0, across]
        shape, strength = (np.sqrt(each[i] * each[j]).real for each in (shapes, strengths))
        matrix[i, j] = matrix[j, i] = -strength / 2 * (a * shape + b / shape)
    return matrix


def _tensor(k: Floats, width: float, thickness: float, distance: float) -> Floats:
    """N_xx, N_yy and N_zz at wavenumbers in rad/m, (..., 3), of two guides, or of one where their distance is 0."""
    # Enough points for the oscillations of the cosine, which would else come again at 50 widths.
    points = int(_POINTS * max(1.0, distance / (10 * width)))
    step = 2 * np.pi * _LOBES / width / points
    across = (np.arange(points) + 0.5) * step
    q = np.hypot(k[:, None], across)
    out = -np.expm1(-q * thickness) / (q * thickness)
    weight = width / np.pi * step * np.sinc(across * width / (2 * np.pi)) ** 2 * np.cos(across * distance)
    xx, zz = (weight * (k[:, None] / q) ** 2 * (1 - out)).sum(axis=1), (weight * out).sum(axis=1)
    # The trace is 1 within a guide and 0 outside; N_yy itself falls too slowly to be integrated.
    return np.stack([xx, float(distance == 0) - xx - zz, zz], axis=-1)
