r"""Rates of a junction whose current changes in time: the drive, electrical noise on it, and rates from Fokker-Planck.

A junction of two states is followed by the rates that its current has at each moment. That holds where the current
changes slowly beside the motion within a well, whose time is about :math:`1 / (\gamma_0 \alpha H_K)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt
from scipy.interpolate import BarycentricInterpolator, CubicSpline

from solitons.junctions.axial_fokker_planck import axial_fokker_planck
from solitons.junctions.macrospin import Macrospin
from solitons.junctions.sphere_fokker_planck import sphere_fokker_planck

__all__ = ["DriveShape", "NoisyRates", "PeriodicDrive", "TabulatedRates", "TwoStates", "fokker_planck_rates"]

Floats = npt.NDArray[np.float64]
DriveShape = Literal["sine", "square"]

_WIDEST = 6.0
"""Standard deviations to which noise is integrated: beyond it lie 2e-9 of all, which a high barrier weighs."""
_NOISE_NODES = 97
_CELLS = 400
_AXIAL_NODES = 41
_SPHERE_NODES = 7


class TwoStates(Protocol):
    """Anything with rates in 1/s into the upper state, and back, by the current density in A/m2."""

    def rates(self, current_density: Any) -> tuple[Any, Any]:
        """Rates up and down."""


@dataclass(frozen=True)
class PeriodicDrive:
    r"""A current density :math:`J_0 + J_1 s(2 \pi f t)`, s a sine or its sign.

    Parameters
    ----------
    amplitude : float
        J_1 in A/m2, 0 or above.
    frequency : float
        f in Hz.
    shape : {"sine", "square"}
    offset : float
        J_0 in A/m2.

    Raises
    ------
    ValueError
        If the frequency is not above 0, the amplitude is below 0, or the shape is no known one.

    Examples
    --------
    >>> PeriodicDrive(2e9, 1e6, "square").current([0.1e-6, 0.6e-6]).tolist()
    [2000000000.0, -2000000000.0]
    """

    amplitude: float
    frequency: float
    shape: DriveShape = "sine"
    offset: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.frequency < np.inf:
            raise ValueError(f"PeriodicDrive.frequency = {self.frequency} Hz must be above 0")
        if not 0 <= self.amplitude < np.inf or not np.isfinite(self.offset):
            raise ValueError(
                f"PeriodicDrive.amplitude = {self.amplitude} A/m2 must be 0 or above, and offset = {self.offset} finite"
            )
        if self.shape not in get_args(DriveShape):
            raise ValueError(f"PeriodicDrive.shape = {self.shape!r} must be 'sine' or 'square'")

    def current(self, time: npt.ArrayLike) -> Floats:
        """Current density in A/m2 at times in s."""
        sine = np.sin(2 * np.pi * self.frequency * np.asarray(time, dtype=np.float64))
        return np.asarray(self.offset + self.amplitude * (np.sign(sine) if self.shape == "square" else sine))

    @property
    def fundamental(self) -> float:
        """Amplitude in A/m2 of its first harmonic: 4 / pi of a square wave's."""
        return self.amplitude * (4 / np.pi if self.shape == "square" else 1.0)


@dataclass(frozen=True)
class NoisyRates:
    r"""Rates under a current with Gaussian noise that changes fast beside the dwells.

    .. math:: \bar\Gamma_\pm(J) = \langle \Gamma_\pm(J + \sigma g) \rangle, \qquad g \text{ normal, of variance } 1

    Noise that keeps each value for a time h, longer than the motion in a well, or the layer averages it, turns the
    state in each h with the mean probabilities :math:`P_\pm = \langle \Gamma_\pm / \Gamma\, (1 - e^{-\Gamma h})
    \rangle`, :math:`\Gamma = \Gamma_+ + \Gamma_-`, which correspond to the rates :math:`-\ln(1 - P_+ - P_-) / h \cdot
    P_\pm / (P_+ + P_-)`. For h = 0 they are the mean rates. For n = 2 such noise is as if the layer were hotter: with s
    = sigma / J_c the barrier is Delta / (1 + 2 Delta s^2), as long as hardly any noise goes beyond the critical
    current.

    `base` has the rates without the noise, `noise` is sigma in A/m2, and `lasting` is h in s, short beside the drive's
    period; both are 0 or above.
    """

    base: TwoStates
    noise: float
    lasting: float = 0.0

    def __post_init__(self) -> None:
        for name, unit in (("noise", "A/m2"), ("lasting", "s")):
            if not 0 <= getattr(self, name) < np.inf:
                raise ValueError(f"NoisyRates.{name} = {getattr(self, name)} {unit} must be 0 or above")

    def rates(self, current_density: Any) -> tuple[Any, Any]:
        """Rates in 1/s into the upper state, and back, averaged over the noise."""
        if self.noise == 0:
            return self.base.rates(current_density)
        deviations, weights = _normal_nodes()
        current = np.asarray(current_density, dtype=np.float64)[..., None] + self.noise * deviations
        up, down = self.base.rates(current)
        if self.lasting == 0:
            return up @ weights, down @ weights
        both = up + down
        turns = -np.expm1(-both * self.lasting) / both
        p_up, p_down = (up * turns) @ weights, (down * turns) @ weights
        rate = -np.log1p(-(p_up + p_down)) / self.lasting / (p_up + p_down)
        return rate * p_up, rate * p_down

    @property
    def reach(self) -> float:
        """A/m2 beyond the current up to which the base is asked."""
        return _WIDEST * self.noise


@dataclass(frozen=True, eq=False)
class TabulatedRates:
    """Rates between tabulated currents, by interpolation of their logarithms.

    `low` and `high` are the range of current densities in A/m2; `logarithms` takes an array of currents to the
    logarithms of both rates, with a last axis of 2; `low_end` and `high_end` are critical currents, beyond which rates
    keep their values, and lie outside the range where it ends before.
    """

    low: float
    high: float
    logarithms: Callable[[Floats], Floats]
    low_end: float = -np.inf
    high_end: float = np.inf

    def rates(self, current_density: Any) -> tuple[Any, Any]:
        """Rates in 1/s into the upper state, and back; ValueError if a current (A/m2) is outside the table."""
        current = np.clip(np.asarray(current_density, dtype=np.float64), self.low_end, self.high_end)
        room = 1e-9 * (self.high - self.low)
        if np.any(current < self.low - room) or np.any(current > self.high + room):
            raise ValueError(
                f"current densities of {current.min():.4g} to {current.max():.4g} A/m2 are outside the tabulated "
                f"{self.low:.4g} to {self.high:.4g} A/m2; give fokker_planck_rates a larger `largest`"
            )
        both = np.exp(self.logarithms(current.ravel())).reshape((*current.shape, 2))
        return both[..., 0], both[..., 1]


def fokker_planck_rates(macrospin: Macrospin, largest: float) -> TabulatedRates:
    r"""Give the rates of a macrospin by the Fokker-Planck equation, at every current up to a size.

    The lowest eigenvalue is the sum of the rates, and the distribution at rest divides it:
    :math:`\Gamma_+ = \lambda p`, :math:`\Gamma_- = \lambda (1 - p)`, p the share with m . axis above 0. Unlike Neel and
    Arrhenius's, they are right for low barriers, as long as the slowest mode is the only slow one. Beyond a critical
    current, where no barrier is left, they are those at it.

    Parameters
    ----------
    macrospin : Macrospin
        At a temperature. One that is `axial` takes 0.2 s, another 3 to 15 s.
    largest : float
        In A/m2.

    Returns
    -------
    TabulatedRates

    Raises
    ------
    ValueError
        If `largest` is not above 0, or as `axial_fokker_planck`, `sphere_fokker_planck` and
        `Macrospin.critical_current`.

    Examples
    --------
    >>> from solitons.junctions import Macrospin
    >>> disc = Macrospin(volume=1e-25, thickness=1e-9, saturation=1e6, anisotropy=2e5, damping=0.1, temperature=300.0)
    >>> up, down = fokker_planck_rates(disc, 1e10).rates(0.0)
    >>> f"{up:.3g}", bool(abs(up / down - 1) < 1e-6)
    ('5.49e+07', True)
    """
    if not 0 < largest < np.inf:
        raise ValueError(f"fokker_planck_rates: largest = {largest} A/m2 must be above 0")
    ends = sorted(macrospin.critical_current(state) for state in (-1, 1))
    low, high = max(-largest, ends[0]), min(largest, ends[1])
    if macrospin.axial:
        current = np.linspace(low, high, _AXIAL_NODES)
        table = np.log([_axial(macrospin, each) for each in current])
        return TabulatedRates(low, high, CubicSpline(current, table), *ends)
    # Chebyshev's points: logarithms of rates are smooth, and each costs a large sparse matrix.
    current = (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (np.arange(_SPHERE_NODES) + 0.5) / _SPHERE_NODES)
    table = np.empty((_SPHERE_NODES, 2))
    mirrored = bool(abs(abs(macrospin.polariser_direction @ macrospin.axis) - 1) < 1e-9 and not np.any(macrospin.field))
    for index, each in enumerate(current):
        # A half turn about a principal axis takes one state and current to the others.
        known = mirrored and index > _SPHERE_NODES // 2
        table[index] = table[_SPHERE_NODES - 1 - index][::-1] if known else np.log(_on_sphere(macrospin, each))
    return TabulatedRates(low, high, BarycentricInterpolator(current, table), *ends)


@cache
def _normal_nodes() -> tuple[Floats, Floats]:
    """Standard deviations and weights of a normal distribution that is cut off."""
    nodes, weights = np.polynomial.legendre.leggauss(_NOISE_NODES)
    weights = weights * np.exp(-((_WIDEST * nodes) ** 2) / 2)
    return _WIDEST * nodes, weights / weights.sum()


def _axial(macrospin: Macrospin, current: float) -> tuple[float, float]:
    equation = axial_fokker_planck(macrospin, current, cells=_CELLS)
    rate, rest = equation.slowest_rate(), equation.equilibrium()
    return rate * float(rest[equation.z > 0].sum()), rate * float(rest[equation.z < 0].sum())


def _on_sphere(macrospin: Macrospin, current: float) -> tuple[float, float]:
    equation = sphere_fokker_planck(macrospin, current)
    rate, upper = equation.slowest()[0], float(equation.share_above(equation.equilibrium()))
    return rate * upper, rate * (1 - upper)
