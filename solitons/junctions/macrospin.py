r"""A junction's free layer as one macrospin: its energy, its torques, and when it becomes unstable.

.. math::

   \frac{dm}{dt} = -\frac{\gamma_0}{1 + \alpha^2}\left[m \times a + m \times (m \times c)\right], \qquad
   a = H - (\alpha\epsilon - \epsilon')\, b\, p, \qquad c = \alpha H + (\epsilon + \alpha\epsilon')\, b\, p

.. math::

   H = H_{ext} - M_s N m + \frac{2 (K + \xi U)}{\mu_0 M_s} (u \cdot m)\, u + h, \qquad
   b = \frac{\hbar J}{\mu_0 e t M_s}, \qquad
   \epsilon = \frac{P \Lambda^2}{\Lambda^2 + 1 + (\Lambda^2 - 1)\, m \cdot p}

with the definitions of the micromagnetic engines (`runs.native.terms.slonczewski`): a positive current density turns m
towards the polariser p, and :math:`\epsilon' = r P / 2` with r the field-like ratio. A voltage U changes the
anisotropy. Heat is a white field h with, in each component and a step dt, the variance
:math:`2 \alpha k_B T / (\gamma_0 \mu_0 M_s V\, dt)` (W. F. Brown, Phys. Rev. 130, 1677 (1963)).

It is right where the layer turns as a whole: in larger layers a wall enters, and the barrier is lower.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
from scipy import constants

from geometries.materials import GAMMA0
from solitons.numerics.parameters import real

__all__ = ["Macrospin"]

Floats = npt.NDArray[np.float64]

_AXIAL = 1e-9


class Macrospin(eqx.Module):
    """The free layer of a tunnel junction that turns as a whole.

    Parameters
    ----------
    volume, thickness : float
        Volume and thickness of the free layer in m3 and m; the current passes through the thickness.
    saturation : float
        Ms in A/m.
    anisotropy : float
        K in J/m3, along `easy_axis`; below 0 it is a hard axis.
    demagnetisation : array (3,)
        Factors N along x, y, z.
    damping : float
        alpha.
    temperature : float
        In K.
    field : array (3,)
        Applied field in A/m.
    polariser : array (3,)
        Magnetisation of the fixed layer; normalised.
    polarisation : float
        P of the current, above 0 and at most 1.
    asymmetry : float
        Slonczewski's Lambda, at least 1.
    field_like_ratio : float
        Field-like over damping-like torque at Lambda = 1.
    easy_axis : array (3,)
        Easy axis of `anisotropy`; normalised.
    anisotropy_per_voltage : float
        xi in J/(m3 V): what a voltage adds to `anisotropy`.
    gyromagnetic_ratio : float
        gamma0 in m/(A s).

    Raises
    ------
    ValueError
        If a number is out of its range, or an axis has no length.

    Examples
    --------
    >>> from solitons.junctions import Macrospin
    >>> disc = Macrospin(volume=1.5e-24, thickness=1.2e-9, saturation=1e6, anisotropy=7e5, damping=0.02,
    ...                  temperature=300.0, demagnetisation=(0.05, 0.05, 0.9))
    >>> round(disc.stability, 1), disc.axial
    (60.1, True)
    """

    volume: Any = eqx.field(converter=real)
    thickness: Any = eqx.field(converter=real)
    saturation: Any = eqx.field(converter=real)
    anisotropy: Any = eqx.field(converter=real)
    damping: Any = eqx.field(converter=real)
    temperature: Any = eqx.field(converter=real)
    demagnetisation: Any = eqx.field(converter=real, default=(0.0, 0.0, 0.0))
    field: Any = eqx.field(converter=real, default=(0.0, 0.0, 0.0))
    polariser: Any = eqx.field(converter=real, default=(0.0, 0.0, 1.0))
    polarisation: Any = eqx.field(converter=real, default=0.6)
    asymmetry: Any = eqx.field(converter=real, default=1.0)
    field_like_ratio: Any = eqx.field(converter=real, default=0.0)
    easy_axis: Any = eqx.field(converter=real, default=(0.0, 0.0, 1.0))
    anisotropy_per_voltage: Any = eqx.field(converter=real, default=0.0)
    gyromagnetic_ratio: Any = eqx.field(converter=real, default=GAMMA0)

    def __check_init__(self) -> None:
        for name, unit in (
            ("volume", "m3"),
            ("thickness", "m"),
            ("saturation", "A/m"),
            ("damping", ""),
            ("gyromagnetic_ratio", "m/(A s)"),
        ):
            value = getattr(self, name)
            if value.shape != () or not 0 < value < np.inf:
                raise ValueError(f"Macrospin.{name} = {value} {unit} must be one number above 0".replace("  ", " "))
        for name in ("anisotropy", "temperature", "field_like_ratio", "anisotropy_per_voltage"):
            value = getattr(self, name)
            if value.shape != () or not np.isfinite(value):
                raise ValueError(f"Macrospin.{name} = {value} must be one finite number")
        if self.temperature < 0:
            raise ValueError(f"Macrospin.temperature = {self.temperature} K must be 0 or above")
        if self.polarisation.shape != () or not 0 < self.polarisation <= 1:
            raise ValueError(
                f"Macrospin.polarisation = {self.polarisation} must be above 0 and at most 1: it is the share of the "
                "current's spins that point along the polariser, less the share against it; give 0.6, not 60"
            )
        if self.asymmetry.shape != () or not self.asymmetry >= 1:
            raise ValueError(f"Macrospin.asymmetry = {self.asymmetry} (Slonczewski's Lambda) must be 1 or above")
        for name in ("demagnetisation", "field", "polariser", "easy_axis"):
            value = getattr(self, name)
            if value.shape != (3,) or not np.isfinite(value).all():
                raise ValueError(f"Macrospin.{name} = {value} must have three finite components")
        for name in ("polariser", "easy_axis"):
            if not np.any(getattr(self, name)):
                raise ValueError(f"Macrospin.{name} = (0, 0, 0) has no direction; give one, such as (0, 0, 1)")
        factors = self.demagnetisation
        if np.any(factors < 0) or factors.sum() > 1 + 1e-6:
            raise ValueError(
                f"Macrospin.demagnetisation = {factors}: factors are 0 or above, and their sum is 1 (0 leaves them out)"
            )

    @property
    def polariser_direction(self) -> Floats:
        """Unit vector p."""
        return np.asarray(self.polariser / np.linalg.norm(self.polariser))

    @property
    def anisotropy_matrix(self) -> Floats:
        """A in A/m, so that the field of anisotropy and shape is -A m, (3, 3)."""
        along = self.easy_axis / np.linalg.norm(self.easy_axis)
        uniaxial = 2 * self.anisotropy / (constants.mu_0 * self.saturation) * np.outer(along, along)
        return np.asarray(self.saturation * np.diag(self.demagnetisation) - uniaxial)

    @property
    def principal(self) -> tuple[Floats, Floats]:
        """Fields in A/m along the principal axes, lowest first, and the axes as columns: easy, middle, hard."""
        values, axes = np.linalg.eigh(self.anisotropy_matrix)
        # Each axis points to where its largest component is positive.
        signs = np.sign(axes[np.abs(axes).argmax(axis=0), range(3)])
        return values, axes * signs

    @property
    def axis(self) -> Floats:
        """Unit vector along the easy axis: the states are near plus and minus it."""
        return np.asarray(self.principal[1][:, 0])

    @property
    def anisotropy_field(self) -> float:
        """H_K in A/m: what is needed along the middle axis to hold m there."""
        values = self.principal[0]
        return float(values[1] - values[0])

    @property
    def hard_axis_field(self) -> float:
        """In A/m: what is needed along the hardest axis to hold m there; H_K where both are alike."""
        values = self.principal[0]
        return float(values[2] - values[0])

    @property
    def thermal_energy(self) -> float:
        """K T in J."""
        return float(constants.k * self.temperature)

    @property
    def moment_energy(self) -> float:
        """mu0 Ms V in J per A/m."""
        return float(constants.mu_0 * self.saturation * self.volume)

    @property
    def barrier(self) -> float:
        """mu0 Ms V H_K / 2 in J: the energy between the two states without field and current."""
        return self.moment_energy * self.anisotropy_field / 2

    @property
    def stability(self) -> float:
        """The barrier over k T; infinite at 0 K."""
        return self.barrier / self.thermal_energy if self.thermal_energy > 0 else float("inf")

    @property
    def axial(self) -> bool:
        """Whether easy axis, field and polariser share one axis of symmetry."""
        values, _ = self.principal
        axis = self.axis
        scale = values[2] - values[0]
        across = np.linalg.norm(np.cross(self.field, axis))
        return bool(
            values[2] - values[1] <= _AXIAL * scale
            and across <= _AXIAL * scale
            and np.linalg.norm(np.cross(self.polariser_direction, axis)) <= _AXIAL
        )

    def energy(self, m: npt.ArrayLike) -> Floats:
        """Energy in J of directions (..., 3), without the current."""
        at = np.asarray(m, dtype=np.float64)
        quadratic = np.einsum("...i,ij,...j->...", at, self.anisotropy_matrix, at) / 2
        return np.asarray(self.moment_energy * (quadratic - at @ self.field))

    def torque_field(self, current_density: npt.ArrayLike) -> Floats:
        """The field b in A/m of a current density in A/m2."""
        per_current = constants.hbar / (constants.mu_0 * constants.e * self.thickness * self.saturation)
        return np.asarray(per_current * np.asarray(current_density, dtype=np.float64))

    def efficiency(self, cosine: npt.ArrayLike) -> Floats:
        """The epsilon of the torque where m . p is `cosine`."""
        squared = float(self.asymmetry) ** 2
        return np.asarray(self.polarisation * squared / (squared + 1 + (squared - 1) * np.asarray(cosine)))

    @property
    def secondary(self) -> float:
        """The epsilon' of the field-like torque."""
        return float(self.field_like_ratio * self.polarisation / 2)

    def critical_current(self, state: int = -1) -> float:
        """The current density in A/m2 above which a state is unstable, without heat.

        With the sign that destabilises it. In a biaxial layer it is where the damping of small oscillations changes
        sign, H_K + H_hard in the place of 2 H_K (J. Z. Sun, Phys. Rev. B 62, 570 (2000)). The state is taken to be on
        the easy axis: what a field across it changes is left out.

        Parameters
        ----------
        state : {-1, 1}
            Against or along `axis`.

        Raises
        ------
        ValueError
            If the polariser is across the easy axis, or the applied field alone makes the state unstable.
        """
        if state not in (-1, 1):
            raise ValueError(f"critical_current: state = {state} must be 1 or -1")
        along = float(self.polariser_direction @ self.axis)
        if abs(along) < _AXIAL:
            raise ValueError(
                "critical_current: the polariser is across the easy axis, so that no current favours a state; give it "
                "a part along the axis"
            )
        helping = state * float(self.field @ self.axis)
        restoring = (self.anisotropy_field + self.hard_axis_field) / 2 + helping
        if self.anisotropy_field + helping <= 0:
            raise ValueError(
                f"critical_current: the field of {float(self.field @ self.axis):.4g} A/m along the easy axis alone "
                f"makes the state {state:+d} unstable; use a weaker one"
            )
        # A current towards the polariser takes m from where it points against it.
        per_current = float(self.torque_field(1.0)) * along
        epsilon = float(self.efficiency(state * along)) + float(self.damping) * self.secondary
        return -state * float(self.damping) * restoring / (epsilon * per_current)

    def time_step(self, finest: float = 0.1, *, current_density: float = 0.0, voltage: float = 0.0) -> float:
        """Time step in s in which m turns by `finest` rad in the largest field that it meets.

        This is from anisotropy and applied field together, or from the current's torque where that is larger: a strong
        current through a layer of much damping.

        With 0.1, probabilities of switching are off by less than an ensemble of 20,000 shows, and rates over a
        barrier by less than 0.1 % of the barrier over k T (the tests show it). Heat turns m by no more than 0.1 rad
        in a step.
        """
        added = 2 * float(abs(self.anisotropy_per_voltage * voltage)) / (constants.mu_0 * float(self.saturation))
        strongest = float(np.max(self.efficiency(np.array([-1.0, 1.0])))) + abs(self.secondary)
        largest = max(
            self.hard_axis_field + added + float(np.linalg.norm(self.field)),
            strongest * float(abs(self.torque_field(current_density))),
        )
        if not largest > 0 and not self.temperature > 0:
            raise ValueError(
                "Macrospin.time_step: without anisotropy, shape, field, current and heat nothing turns m; give a step"
            )
        precession = finest * (1 + self.damping**2) / (self.gyromagnetic_ratio * largest) if largest > 0 else np.inf
        return float(min(precession, _STEP_ANGLE**2 / (2 * self.diffusion) if self.temperature > 0 else np.inf))

    @property
    def damping_rate(self) -> float:
        """Rate of m towards a field, over the field, in m/(A s): gamma0 alpha / (1 + alpha^2)."""
        return float(self.gyromagnetic_ratio * self.damping / (1 + self.damping**2))

    @property
    def relaxation_rate(self) -> float:
        """Rate at which small oscillations in a state die out, in 1/s: the damping rate times (H_K + H_hard) / 2."""
        return self.damping_rate * (self.anisotropy_field + self.hard_axis_field) / 2

    @property
    def diffusion(self) -> float:
        """Rotational diffusion D in 1/s: gamma0 alpha k T / ((1 + alpha^2) mu0 Ms V)."""
        return float(self.damping_rate * self.thermal_energy / self.moment_energy)


_STEP_ANGLE = 0.1
"""rad that heat may turn m by in a step, in each direction."""
