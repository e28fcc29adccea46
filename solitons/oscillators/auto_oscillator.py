r"""An oscillator as its amplitude and phase, with functions of the power that are fitted.

The canonical variable c of an orbit (`analysis.precession`) has the power :math:`p = |c|^2` and obeys (Slavin and
Tiberkevich)

.. math:: \dot c = \left[ i \omega(p, J) - \Gamma(p, J) \right] c + \frac{\gamma h}{2}\left(\ldots\right), \qquad
    \omega = \sum_k \omega_k p^k + \omega_J J, \qquad \Gamma = \sum_k \Gamma_k p^k - \sigma J (1 - p).

Above the threshold :math:`J_{th} = \Gamma_0 / \sigma` the power rests at p_0, where :math:`\Gamma` is 0. About it the
power returns with :math:`2 \Gamma_p`, and the phase depends on it by the nonlinearity :math:`\nu`:

.. math:: \Gamma_p = p_0 \frac{\partial \Gamma}{\partial p}, \qquad \nu = \frac{p_0}{\Gamma_p} \frac{d \omega}{d p}.

A moment with one axis of symmetry, :math:`p = (1 - \cos\theta) / 2`, obeys this exactly, with
:math:`\omega = \gamma (H + H_k (1 - 2 p))` and :math:`\Gamma = (1 - p) [\alpha \omega - \gamma a_J]`, where
:math:`\gamma = \gamma_0 / (1 + \alpha^2)`. The textbook's :math:`\Gamma_+ = \Gamma_G (1 + Q p)` is the same near
the threshold, to first order in p, and gives another p_0 far above it: nothing here is tested against that.

A field h that turns with the moment acts on the sphere as

.. math:: \dot p = \gamma h \sqrt{p (1 - p)} \sin(\phi_h - \phi), \qquad
    \dot\phi = - \gamma h \frac{1 - 2 p}{2 \sqrt{p (1 - p)}} \cos(\phi_h - \phi),

and heat as a white field, of the diffusion :math:`D_0 = \gamma \alpha k_B T / (2 \mu_0 M_s V)` in c (half of a moment's
rotational diffusion): dp has the variance :math:`4 D_0 p (1 - p) dt`, and the phase :math:`D_0 dt / (p (1 - p))`.

References
----------
A. Slavin and V. Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009); the line with heat: J.-V. Kim, V. Tiberkevich and
A. Slavin, Phys. Rev. Lett. 100, 017207 (2008) and arXiv:0806.4116. The functions of a moment are derived here.
"""

from __future__ import annotations

import math
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
from scipy import constants

from geometries.materials import GAMMA0
from solitons.fits.provenance import OscillatorProvenance
from solitons.junctions.macrospin import Macrospin
from solitons.numerics.parameters import namespace_of, real

__all__ = ["AutoOscillator", "diffusion_of", "of_macrospin"]

Floats = npt.NDArray[np.float64]

_POWERS = np.linspace(0.0, 1.0, 20_001)
_REVERSED = 1 - 1e-4


class AutoOscillator(eqx.Module):
    r"""A spin-torque oscillator as amplitude and phase.

    Parameters
    ----------
    frequency : array (K,)
        Coefficients :math:`\omega_k` of the angular frequency in the power, in rad/s.
    damping : array (L,)
        Coefficients :math:`\Gamma_k` in 1/s; the first is above 0 where the oscillator rests without current.
    pump : float
        :math:`\sigma` in 1/s per A/m2: growth that the current adds at p = 0, with its sign.
    frequency_per_current : float
        :math:`\omega_J` in rad/s per A/m2.
    diffusion : float
        D_0 over the temperature, in 1/(s K).
    gyromagnetic_ratio : float
        :math:`\gamma` in m/(A s), with which a turning field acts.
    highest_power : float
        The largest p that a fit has seen; beyond it nothing is predicted.
    provenance : OscillatorProvenance or None
        Where it comes from, if it is fitted.

    Raises
    ------
    ValueError
        If a number is not finite, or there are no coefficients.

    Examples
    --------
    >>> from solitons.oscillators import AutoOscillator
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> print(f"{one.threshold:.3g} A/m2, power {one.power(3e11):.3f}, {one.frequency_at(3e11) * 1e-9:.2f} GHz")
    2e+11 A/m2, power 0.143, 5.91 GHz
    """

    frequency: Any = eqx.field(converter=real)
    damping: Any = eqx.field(converter=real)
    pump: Any = eqx.field(converter=real)
    frequency_per_current: Any = eqx.field(converter=real, default=0.0)
    diffusion: Any = eqx.field(converter=real, default=0.0)
    gyromagnetic_ratio: Any = eqx.field(converter=real, default=GAMMA0)
    highest_power: Any = eqx.field(converter=real, default=1.0)
    provenance: OscillatorProvenance | None = eqx.field(static=True, default=None)

    def __check_init__(self) -> None:
        for name in ("frequency", "damping"):
            value = getattr(self, name)
            if value.ndim != 1 or not value.size or not np.isfinite(value).all():
                raise ValueError(f"AutoOscillator.{name} = {value} must be one or more finite numbers in a row")
        for name in ("pump", "frequency_per_current", "diffusion", "gyromagnetic_ratio", "highest_power"):
            if getattr(self, name).shape != () or not np.isfinite(getattr(self, name)):
                raise ValueError(f"AutoOscillator.{name} = {getattr(self, name)} must be one finite number")
        if self.pump == 0:
            raise ValueError("AutoOscillator.pump = 0 1/s per A/m2: no current would make it oscillate; give its size")
        if not 0 < self.highest_power <= 1 or self.diffusion < 0:
            raise ValueError(
                f"AutoOscillator: highest_power = {self.highest_power} must be above 0 and at most 1, and diffusion = "
                f"{self.diffusion} 1/(s K) 0 or above"
            )

    @property
    def threshold(self) -> float:
        """The current density in A/m2 above which it oscillates."""
        return float(self.damping[0] / self.pump)

    def angular_frequency(self, power: npt.ArrayLike, current_density: npt.ArrayLike) -> Floats:
        """In rad/s, of powers and current densities in A/m2."""
        shift = self.frequency_per_current * np.asarray(current_density, dtype=np.float64)
        return np.asarray(np.polynomial.polynomial.polyval(np.asarray(power, dtype=np.float64), self.frequency) + shift)

    def decay(self, power: Any, current_density: Any) -> Any:
        r""":math:`\Gamma` in 1/s, the rate at which the amplitude shrinks; below 0 it grows."""
        # JAX calls it in the step of a device.
        xp = namespace_of(power, current_density, self.damping)
        p = xp.asarray(power, dtype=np.float64)
        pumped = self.pump * xp.asarray(current_density, dtype=np.float64) * (1 - p)
        return xp.asarray(xp.polyval(xp.asarray(self.damping)[::-1], p) - pumped)

    def power(self, current_density: float) -> float:
        """The power at which it rests under a current: 0 below the threshold, NaN beyond `highest_power`.

        Parameters
        ----------
        current_density : float
            In A/m2.

        Returns
        -------
        float
            The smallest p with a stable orbit; at p = 1 the moment rests reversed, which is none.
        """
        p = _POWERS[min(float(self.highest_power) * (1 + 1e-9), _REVERSED) >= _POWERS]
        decay = self.decay(p, current_density)
        if decay[0] >= 0:
            return 0.0
        stable = np.flatnonzero((decay[:-1] < 0) & (decay[1:] >= 0))
        if not stable.size:
            return math.nan
        at = int(stable[0])
        low, high = float(p[at]), float(p[at + 1])
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if float(self.decay(middle, current_density)) < 0 else (low, middle)
        return (low + high) / 2

    def orbit_power(self, current_density: float) -> float:
        """The power of the orbit under a current; a ValueError where there is none."""
        p = self.power(current_density)
        if not p > 0:
            raise ValueError(
                f"AutoOscillator: at {current_density:.4g} A/m2 it does not oscillate: that is below its threshold of "
                f"{self.threshold:.4g} A/m2 or beyond the powers of its fit; give another current density"
            )
        return p

    def frequency_at(self, current_density: float) -> float:
        """The frequency in Hz of the orbit under a current; below the threshold of small oscillations."""
        return float(self.angular_frequency(self.power(current_density), current_density) / (2 * np.pi))

    def restoring_rate(self, current_density: float) -> float:
        r""":math:`\Gamma_p` in 1/s: the power returns with twice this rate."""
        p = self.power(current_density)
        return p * float(self.decay_slope(p, current_density))

    def decay_slope(self, power: npt.ArrayLike, current_density: float) -> Floats:
        r""":math:`\partial\Gamma / \partial p` in 1/s."""
        return np.asarray(_slope(self.damping, power) + self.pump * current_density)

    def frequency_slope(self, power: npt.ArrayLike) -> Floats:
        r""":math:`d\omega / dp` in rad/s."""
        return _slope(self.frequency, power)

    def nonlinearity(self, current_density: float) -> float:
        r""":math:`\nu`: shift of the angular frequency with the power, in units of the power's own rate."""
        p, rate = self.power(current_density), self.restoring_rate(current_density)
        return p * float(self.frequency_slope(p)) / rate if rate > 0 else math.nan

    def linewidth(self, current_density: float, temperature: float) -> float:
        r"""Full width at half of the height in Hz of the line with heat, in either regime.

        The phase's variance grows as that of white noise and of a frequency with a memory of
        :math:`\tau = 1 / (2 \Gamma_p)`,

        .. math:: \langle \Delta\phi^2 \rangle = 2 D_1 t + 2 s^2 \tau^2 (t / \tau - 1 + e^{-t/\tau}), \qquad
            D_1 = \frac{D_0}{2 p (1 - p)}, \quad s^2 = \left(\frac{d\omega}{dp}\right)^2 \frac{D_0 p (1 - p)}{\Gamma_p},

        and the line is the Fourier transform of :math:`e^{-\langle \Delta\phi^2 \rangle / 2}`. Where it is narrower
        than :math:`\Gamma_p` it is Lorentz's of the width
        :math:`D_0 [1 / (1 - p) + \nu^2 (1 - p)] / (2 \pi p)`, which grows as :math:`1 + \nu^2`; else Gauss's.

        Parameters
        ----------
        current_density : float
            In A/m2.
        temperature : float
            In K.

        Returns
        -------
        float
            NaN below the threshold and beyond `highest_power`.
        """
        p, rate = self.power(current_density), self.restoring_rate(current_density)
        if not (0 < p < 1 and rate > 0):
            return math.nan
        heat = float(self.diffusion) * temperature
        if heat == 0:
            return 0.0
        walk, memory = heat / (2 * p * (1 - p)), 1 / (2 * rate)
        wander = float(self.frequency_slope(p)) ** 2 * heat * p * (1 - p) / rate
        # The longest time that matters is that in which either kind of noise has turned the phase by many radians.
        longest = 30 / max(walk + min(wander * memory, math.sqrt(wander)), 1e-300)
        t = np.linspace(0, longest, 40_001)
        variance = 2 * walk * t + 2 * wander * memory**2 * (t / memory - 1 + np.exp(-t / memory))
        kept = np.exp(-variance / 2)

        def height(away: float) -> float:
            return float(np.trapezoid(kept * np.cos(2 * np.pi * away * t), t))

        low, high, half = 0.0, 1 / (np.pi * longest), height(0.0) / 2
        while height(high) > half:
            low, high = high, 2 * high
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if height(middle) > half else (low, middle)
        return low + high


def diffusion_of(spin: Macrospin) -> float:
    """D_0 over the temperature in 1/(s K): half of the moment's rotational diffusion."""
    return float(spin.damping_rate * constants.k / (2 * spin.moment_energy))


def _slope(coefficients: Floats, power: npt.ArrayLike) -> Floats:
    derived = np.polynomial.polynomial.polyder(coefficients) if coefficients.size > 1 else np.zeros(1)
    return np.asarray(np.polynomial.polynomial.polyval(np.asarray(power, dtype=np.float64), derived))


def of_macrospin(spin: Macrospin) -> AutoOscillator:
    r"""Give the oscillator that a moment with one axis of symmetry is, without any fit.

    Field, anisotropy and polariser lie along one axis, and Slonczewski's Lambda is 1; p is counted from the field.

    Parameters
    ----------
    spin : Macrospin
        The moment.

    Returns
    -------
    AutoOscillator
        Exact for this moment: frequency, damping, pump, heat.

    Raises
    ------
    ValueError
        If it has no axis of symmetry, or Lambda is not 1.

    Examples
    --------
    >>> from solitons.junctions import Macrospin
    >>> free = Macrospin(volume=1e-24, thickness=2e-9, saturation=1e6, anisotropy=-2.5e5, damping=0.01, temperature=0.0,
    ...                  field=(0, 0, 8e5), polariser=(0, 0, -1), polarisation=0.5)
    >>> round(of_macrospin(free).frequency_at(0.0) * 1e-9, 2)  # gamma0 (H + H_k) / 2 pi
    14.16
    """
    values, axes = np.linalg.eigh(spin.anisotropy_matrix)
    alone = int(np.argmax(np.abs(values - np.median(values))))
    # A moment without anisotropy has the axis of its polariser.
    axis = axes[:, alone] if np.ptp(values) > 0 else spin.polariser_direction
    field = float(spin.field @ axis)
    axis = -axis if field < 0 else axis
    field = abs(field)
    along = float(spin.polariser_direction @ axis)
    scale = max(float(np.ptp(values)), field, 1e-300)
    across = float(np.linalg.norm(spin.field - field * axis))
    others = np.delete(values, alone)
    if abs(abs(along) - 1) > 1e-9 or across > 1e-9 * scale or float(np.ptp(others)) > 1e-9 * scale:
        raise ValueError("of_macrospin: the moment's field, anisotropy and polariser have no common axis of symmetry")
    if spin.asymmetry != 1:
        raise ValueError(
            f"of_macrospin: Lambda = {spin.asymmetry} makes the torque depend on the angle, and is taken as 1 here; "
            "fit an oscillator to runs instead"
        )
    hard = float(others.mean() - values[alone])  # H_k: above 0 along an easy axis
    alpha, gamma = float(spin.damping), float(spin.gyromagnetic_ratio / (1 + spin.damping**2))
    per_current = along * float(spin.torque_field(1.0) * spin.polarisation) / 2
    ratio = float(spin.field_like_ratio)
    # a = H - (alpha e - e') b p and c = alpha H + (e + alpha e') b p, with e' = r e.
    shift, drive = gamma * (ratio - alpha) * per_current, gamma * (1 + alpha * ratio) * per_current
    damping = alpha * gamma * np.array([field + hard, -(field + hard) - 2 * hard, 2 * hard])
    return AutoOscillator(
        frequency=gamma * np.array([field + hard, -2 * hard]),
        damping=damping,
        pump=-drive,
        frequency_per_current=shift,
        diffusion=diffusion_of(spin),
        gyromagnetic_ratio=gamma,
    )
