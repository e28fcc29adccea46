r"""Spin waves along x in a thin film, uniform through its thickness: Kalinikos and Slavin's lowest mode.

A wave :math:`\delta m \, e^{i (k x - \omega t)}` about the direction m of rest feels, across m, the field
:math:`-A \, \delta m` with the stiffness

.. math:: A_{ij} = \left( H_i + \frac{2 A_{ex}}{\mu_0 M_s} k^2 + H_K (m \cdot u)^2 \right) \delta_{ij}
    - H_K u_i u_j + M_s N_{ij}(k), \qquad H_i = H - M_s (N_0 m_x^2 + (1 - N_0) m_z^2),

and turns, by Landau's, Lifshitz's and Gilbert's equation, at

.. math:: (1 + \alpha^2) \omega^2 + i \alpha \gamma_0 \omega \, \mathrm{tr} A - \gamma_0^2 \det A = 0,

:math:`\omega = \gamma_0 \sqrt{\det A}` without damping, with which an amplitude falls as
:math:`e^{-t / \tau}`, :math:`1 / \tau = \alpha \gamma_0 \mathrm{tr} A / 2 (1 + \alpha^2)`. A wave that a source sends
out falls by e over :math:`L = |v_g| \tau`, to first order in alpha. The magnetostatic tensor of a film of thickness d
is diagonal, and :math:`N_0 = (2 / \pi) \arctan (d / l)` is the demagnetising factor along x in the middle of a film
with edges l apart: from two strips of charge, or 1 less the factor of the two faces.

.. math:: N_{zz} = F(k) = \frac{1 - e^{-|k| d}}{|k| d}, \qquad N_{xx} = 1 - F, \qquad N_{yy} = 0.

With m along x, y and z these are backward volume, surface (Damon-Eshbach) and forward volume waves, and the formulas
of Kalinikos and Slavin for n = 0 and unpinned surfaces. That is the diagonal part of their theory: the profile is not
uniform in a thick film (arXiv:2109.10597). In 100 nm of YIG surface waves are 1 % lower at k d = 0.5, and 5 % at 1.4.

On a grid of cells h long :math:`k^2` of the exchange is :math:`(2 / h)^2 \sin^2 (k h / 2)`, and N is averaged over two
cells. The sum over cells is by Poisson's formula one over :math:`k_n = k + 2 \pi n / h`,

.. math:: N(k) \to \sum_n \left( \frac{\sin k_n h / 2}{k_n h / 2} \right)^2 N(k_n),

whose weights add up to 1: what a simulation with one layer of cells has, without any error of the mesh.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geometries.materials import MU0, Material

__all__ = ["FilmWaves"]

Floats = npt.NDArray[np.float64]

_IMAGES = 200
"""Neighbours of k on either side in the sum; what is left out is below 1e-6."""
_STEP = 1e-3
"""Step of the derivative for the group velocity, over a wavenumber of 1 / d."""


@dataclass(frozen=True)
class FilmWaves:
    """Spin waves along x in a thin film that is magnetised alike everywhere; a stripe's width is not counted.

    Parameters
    ----------
    material : Material
        Material of the film; its DMI is left out.
    thickness : float
        In m.
    magnetisation : tuple of three floats
        Direction of rest, normalised; along x, y or z the waves have names.
    field : float
        Strength H of the applied field along it, in A/m.
    length : float, optional
        Distance in m of the film's edges along x, whose field in the middle is counted; without edges if left out.
    cell : float, optional
        Length of a cell along x in m, for the waves on a grid of one layer of cells; a continuous film if left out.

    Raises
    ------
    ValueError
        If the film does not rest in that direction: a torque acts, or the state is unstable at k = 0.

    References
    ----------
    B. A. Kalinikos and A. N. Slavin, J. Phys. C 19, 7013 (1986).

    Examples
    --------
    >>> from geometries import get_material
    >>> surface = FilmWaves(get_material("permalloy"), 20e-9, (0, 1, 0), field=4e4)
    >>> round(float(surface.frequency(0.0)) * 1e-9, 2)  # Kittel's resonance, GHz
    6.45
    """

    material: Material
    thickness: float
    magnetisation: tuple[float, float, float]
    field: float
    length: float | None = None
    cell: float | None = None

    def __post_init__(self) -> None:
        length = float(np.linalg.norm(self.magnetisation))
        if not (length > 0 and self.thickness > 0 and (self.cell is None or self.cell > 0)):
            raise ValueError(
                f"FilmWaves: magnetisation = {self.magnetisation!r}, thickness = {self.thickness!r} m and cell = "
                f"{self.cell!r} m; give a vector with a length, and sizes above 0"
            )
        m, u, film = np.array(self.magnetisation) / length, np.array(self.material.easy_axis), self.material
        object.__setattr__(self, "magnetisation", tuple(m.tolist()))
        own = self._anisotropy_field * (m @ u) * u - film.Ms * self._factors_at_rest * m
        across = float(np.linalg.norm(own - (own @ m) * m))
        if across > 1e-6 * film.Ms:
            raise ValueError(
                f"FilmWaves: with its magnetisation along {self.magnetisation} and the field along it, the film feels "
                f"{across:.3g} A/m across, and does not rest; choose a direction in the plane or along z, and along or "
                "across the easy axis"
            )
        softest = float(np.linalg.eigvalsh(self._stiffness(np.zeros(1))[0])[0])
        if not softest > 0:
            raise ValueError(
                f"FilmWaves: field = {self.field:.4g} A/m does not hold the magnetisation along {self.magnetisation}: "
                f"it takes {self.field - softest:.4g} A/m or more"
            )

    @property
    def _factors_at_rest(self) -> Floats:
        edges = 0.0 if self.length is None else 2 / np.pi * np.arctan(self.thickness / self.length)
        return np.array([edges, 0.0, 1.0 - edges])

    @property
    def _anisotropy_field(self) -> float:
        return 2 * self.material.Ku / (MU0 * self.material.Ms)

    def demagnetising_factor(self, k: npt.ArrayLike) -> Floats:
        """Give N_zz at wavenumbers in rad/m; N_xx is 1 less it."""
        if self.cell is None:
            return self._factor(np.asarray(k, dtype=np.float64))
        each = np.asarray(k, dtype=np.float64)[..., None] + 2 * np.pi * np.arange(-_IMAGES, _IMAGES + 1) / self.cell
        total: Floats = (np.sinc(each * self.cell / (2 * np.pi)) ** 2 * self._factor(each)).sum(axis=-1)
        return total

    def _factor(self, k: Floats) -> Floats:
        kd = np.abs(k) * self.thickness
        return np.where(kd > 0, -np.expm1(-kd) / np.where(kd > 0, kd, 1.0), 1.0)

    def _stiffness(self, k: Floats) -> Floats:
        """A in A/m, (..., 2, 2), on two axes across m."""
        film, m = self.material, np.array(self.magnetisation)
        rate = k if self.cell is None else 2 / self.cell * np.sin(k * self.cell / 2)
        factor, u = self.demagnetising_factor(k), np.array(film.easy_axis)
        alike = self.field - film.Ms * self._factors_at_rest @ m**2 + self._anisotropy_field * (m @ u) ** 2
        alike = alike + 2 * film.A / (MU0 * film.Ms) * rate**2
        tensor = np.zeros((*k.shape, 3, 3))
        tensor[..., 0, 0], tensor[..., 2, 2] = film.Ms * (1 - factor), film.Ms * factor
        tensor += alike[..., None, None] * np.eye(3) - self._anisotropy_field * np.outer(u, u)
        axes = np.linalg.svd(m[None])[2][1:]
        return np.asarray(axes @ tensor @ axes.T)

    def frequency(self, k: npt.ArrayLike) -> Floats:
        """Give the frequency in Hz at wavenumbers in rad/m (any shape), with damping; NaN where it is unstable."""
        stiffness, alpha = self._stiffness(np.asarray(k, dtype=np.float64)), self.material.alpha
        trace = np.trace(stiffness, axis1=-2, axis2=-1)
        squared = (1 + alpha**2) * np.linalg.det(stiffness) - (alpha * trace / 2) ** 2
        omega: Floats = self.material.gamma0 * np.sqrt(np.where(squared > 0, squared, np.nan)) / (1 + alpha**2)
        return omega / (2 * np.pi)

    def decay_rate(self, k: npt.ArrayLike) -> Floats:
        """Give the rate 1 / tau in 1/s at which an amplitude falls in time."""
        film = self.material
        trace: Floats = np.trace(self._stiffness(np.asarray(k, dtype=np.float64)), axis1=-2, axis2=-1)
        return film.alpha * film.gamma0 * trace / 2 / (1 + film.alpha**2)

    def group_velocity(self, k: npt.ArrayLike) -> Floats:
        """Give d omega / d k in m/s, by a central difference; of backward waves it is against k."""
        each, step = np.asarray(k, dtype=np.float64), _STEP / self.thickness
        return 2 * np.pi * (self.frequency(each + step) - self.frequency(each - step)) / (2 * step)

    def attenuation_length(self, k: npt.ArrayLike) -> Floats:
        """Give the length L in m over which the amplitude of a steady wave falls by e."""
        return np.abs(self.group_velocity(k)) / self.decay_rate(k)
