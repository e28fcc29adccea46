r"""Nanomagnets that turn as wholes and act on each other by their stray fields.

.. math::

   E = \sum_i M_i \left[\tfrac12\, m_i \cdot \sum_j G_{ij} m_j - m_i \cdot H_i\right], \qquad M_i = \mu_0 M_s V_i

.. math::

   \frac{dm_i}{dt} = -\frac{\gamma_0}{1 + \alpha^2} \left[m_i \times (H^{eff}_i + h_i)
   + \alpha\, m_i \times (m_i \times (H^{eff}_i + h_i))\right], \qquad H^{eff}_i = H_i - \sum_j G_{ij} m_j

G has a magnet's shape and anisotropy in its blocks ii and the stray fields of the others in ij. Heat is a white field
h with, in each component and a step dt, the variance :math:`2 \alpha k_B T / (\gamma_0 M_i\, dt)` (W. F. Brown, Phys.
Rev. 130, 1677 (1963)), taken in the sense of Stratonovich.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
from scipy import constants

from geometries.materials import GAMMA0
from solitons.numerics.parameters import real

__all__ = ["CoupledMacrospins", "biaxial_magnet"]

Floats = npt.NDArray[np.float64]

_SYMMETRIC = 1e-6
_STEP_ANGLE = 0.1
"""rad that heat may turn m by in a step, in each direction."""


class CoupledMacrospins(eqx.Module):
    """Nanomagnets that turn as wholes, in each other's stray fields.

    Parameters
    ----------
    moment : array (magnets,)
        M = mu0 Ms V of each, in J per A/m.
    response : array (magnets, magnets, 3, 3)
        G in A/m: magnet j with the direction m_j puts the field -G_ij m_j on magnet i. M_i G_ij is
        symmetric, since it is the second derivative of an energy.
    damping : float
        alpha.
    temperature : float
        In K.
    gyromagnetic_ratio : float
        gamma0 in m/(A s).

    Raises
    ------
    ValueError
        If shapes do not agree, a number is out of range, or the response follows from no energy.

    Examples
    --------
    >>> pair = CoupledMacrospins(moment=[1e-24, 1e-24], damping=0.1, temperature=300.0,
    ...                          response=[[np.diag([0, 3e4, 4e5]), np.diag([9e3, -4e3, 4e3])],
    ...                                    [np.diag([9e3, -4e3, 4e3]), np.diag([0, 3e4, 4e5])]])
    >>> pair.magnets, bool(pair.energy([[1, 0, 0], [-1, 0, 0]]) < pair.energy([[1, 0, 0], [1, 0, 0]]))
    (2, True)
    """

    moment: Any = eqx.field(converter=real)
    response: Any = eqx.field(converter=real)
    damping: Any = eqx.field(converter=real)
    temperature: Any = eqx.field(converter=real)
    gyromagnetic_ratio: Any = eqx.field(converter=real, default=GAMMA0)

    def __check_init__(self) -> None:
        count = self.moment.size
        if self.moment.ndim != 1 or not count or not (np.isfinite(self.moment).all() and np.all(self.moment > 0)):
            raise ValueError(
                f"CoupledMacrospins.moment = {self.moment} must be a list of finite numbers above 0, one a magnet"
            )
        if self.response.shape != (count, count, 3, 3) or not np.isfinite(self.response).all():
            raise ValueError(
                f"CoupledMacrospins.response has the shape {self.response.shape}; {count} magnets need finite numbers "
                f"over ({count}, {count}, 3, 3)"
            )
        for name, unit in (("damping", ""), ("gyromagnetic_ratio", " m/(A s)")):
            value = getattr(self, name)
            if value.shape != () or not 0 < value < np.inf:
                raise ValueError(f"CoupledMacrospins.{name} = {value}{unit} must be one number above 0")
        if self.temperature.shape != () or not 0 <= self.temperature < np.inf:
            raise ValueError(f"CoupledMacrospins.temperature = {self.temperature} K must be one number, 0 or above")
        energy = self.moment[:, None, None, None] * self.response
        off = np.abs(energy - energy.transpose(1, 0, 3, 2)).max()
        if off > _SYMMETRIC * np.abs(energy).max():
            raise ValueError(
                f"CoupledMacrospins.response follows from no energy: moment[i] * response[i, j] differs from its "
                f"transpose by {off:.3g} J; what i does to j and j to i must agree"
            )

    @property
    def magnets(self) -> int:
        """How many."""
        return int(self.moment.size)

    @property
    def thermal_energy(self) -> float:
        """K T in J."""
        return float(constants.k * self.temperature)

    def energy(self, m: npt.ArrayLike, field: npt.ArrayLike = 0.0) -> Floats:
        """Energy in J of directions (..., magnets, 3) in a field in A/m that broadcasts to them."""
        at = np.asarray(m, dtype=np.float64)
        own = np.einsum("...ia,ijab,...jb->...i", at, self.response, at) / 2
        return np.asarray((own - np.sum(at * np.asarray(field, dtype=np.float64), axis=-1)) @ self.moment)

    def principal_fields(self, magnet: int = 0) -> tuple[Floats, Floats]:
        """Fields in A/m of a magnet alone along its easy, middle and hard axes, and these axes as columns."""
        values, axes = np.linalg.eigh(self.response[magnet, magnet])
        signs = np.sign(axes[np.abs(axes).argmax(axis=0), range(3)])
        return values, axes * signs

    def anisotropy_field(self, magnet: int = 0) -> float:
        """H_K in A/m: what is needed along the middle axis to hold a magnet alone there."""
        values, _ = self.principal_fields(magnet)
        return float(values[1] - values[0])

    def barrier(self, magnet: int = 0) -> float:
        """M H_K / 2 in J: the energy between the two states of a magnet alone."""
        return float(self.moment[magnet] * self.anisotropy_field(magnet) / 2)

    def relaxation_time(self, magnet: int = 0) -> float:
        """Time in s in which small oscillations in a state die away, 2 / (alpha gamma0 (H_K + H_hard))."""
        values, _ = self.principal_fields(magnet)
        stiffness = values[1] + values[2] - 2 * values[0]
        return float(2 * (1 + self.damping**2) / (self.damping * self.gyromagnetic_ratio * stiffness))

    def time_step(self, largest_field: float = 0.0, finest: float = 0.1) -> float:
        """Time step in s in which no moment turns by more than `finest` rad, nor heat by more than 0.1 rad.

        Parameters
        ----------
        largest_field : float
            Applied, in A/m.
        finest : float
            In rad.
        """
        every = range(self.magnets)
        values = np.linalg.eigvalsh(self.response[every, every])
        strength = np.linalg.norm(self.response, ord=2, axis=(2, 3))
        others = strength.sum(axis=1) - strength[every, every]
        largest = float((values[:, 2] - values[:, 0] + others).max()) + largest_field
        turning = finest * (1 + self.damping**2) / (self.gyromagnetic_ratio * largest)
        return float(min(turning, _STEP_ANGLE**2 / (2 * self.diffusion) if self.diffusion > 0 else np.inf))

    @property
    def diffusion(self) -> float:
        """Rotational diffusion in 1/s of the smallest magnet: gamma0 alpha k T / ((1 + alpha^2) M)."""
        rate = self.gyromagnetic_ratio * self.damping / (1 + self.damping**2)
        return float(rate * self.thermal_energy / self.moment.min())


def biaxial_magnet(
    volume: float,
    saturation: float,
    demagnetisation: npt.ArrayLike,
    *,
    damping: float,
    temperature: float,
    anisotropy: float = 0.0,
    gyromagnetic_ratio: float = GAMMA0,
) -> CoupledMacrospins:
    """One magnet with its shape's anisotropy, and a further easy axis along x if it is given.

    Parameters
    ----------
    volume : float
        In m3.
    saturation : float
        Ms in A/m.
    demagnetisation : array (3,)
        Factors along x, y and z (`geometries.demagnetising_factors`).
    damping, temperature : float
        alpha, and T in K.
    anisotropy : float
        K in J/m3 of an axis along x.
    gyromagnetic_ratio : float
        gamma0 in m/(A s).

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> bit = biaxial_magnet(3e-24, 8e5, (0.08, 0.14, 0.78), damping=0.1, temperature=300.0)
    >>> round(bit.barrier() / bit.thermal_energy, 1)
    17.5
    """
    for name, value in (("volume", volume), ("saturation", saturation)):
        if not 0 < value < np.inf:
            raise ValueError(f"biaxial_magnet: {name} = {value} must be above 0")
    factors = np.asarray(demagnetisation, dtype=np.float64)
    if factors.shape != (3,) or np.any(factors < 0) or factors.sum() > 1 + 1e-6:
        raise ValueError(f"biaxial_magnet: demagnetisation = {factors} must be three factors whose sum is 1")
    uniaxial = 2 * anisotropy / (constants.mu_0 * saturation)
    response = saturation * np.diag(factors) - np.diag([uniaxial, 0.0, 0.0])
    return CoupledMacrospins(
        moment=[constants.mu_0 * saturation * volume],
        response=response[None, None],
        damping=damping,
        temperature=temperature,
        gyromagnetic_ratio=gyromagnetic_ratio,
    )
