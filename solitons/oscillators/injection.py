r"""An oscillator under an injected signal that turns: its locked states, and the borders of locking.

The signal is a field h, a spin torque of the field a (of an alternating current through a polariser that has a part
across the axis: `signal_of_current`), or both. In the frame that turns with it a locked oscillator is a fixed point of
its power p and its lag :math:`\psi = \phi_h - \phi`:

.. math:: 2 \Gamma(p) \sqrt{p} &= \gamma \sqrt{1 - p}\, [h \sin\psi + a (1 - 2 p) \cos\psi], \\
    \omega(p) - \omega_h &= \frac{\gamma}{2 \sqrt{p (1 - p)}} [h (1 - 2 p) \cos\psi - a \sin\psi],

and it is one that lasts where both eigenvalues of the Jacobian fall. At the border of locking it ceases to exist, or to
last. For a weak signal the power follows the lag at once, and the half width of the range is

.. math:: \Delta\omega = \frac{\gamma}{2} \sqrt{\frac{1 - p_0}{p_0}}
    \left| \left( \nu h + \frac{a}{1 - p_0},\; q h - \nu (1 - 2 p_0) a \right) \right|,
    \qquad q = \frac{1 - 2 p_0}{1 - p_0}.

At small powers and for a field alone this is Adler's equation with the nonlinearity,
:math:`\sqrt{1 + \nu^2} F / \sqrt{p_0}` with :math:`F = \gamma h \sqrt{1 - p_0} / 2`. At 1 mT it may be off by a
quarter, and no border here uses it. The borders are those of release; those of capture may be nearer
(`solitons.oscillators.capture`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solitons.junctions.macrospin import Macrospin
from solitons.oscillators.auto_oscillator import AutoOscillator

__all__ = [
    "InjectedSignal",
    "LockedState",
    "LockingRange",
    "locked_states",
    "locking_range",
    "signal_of_current",
    "weak_half_width",
]

Floats = npt.NDArray[np.float64]

_ROUND = np.linspace(0, 2 * np.pi, 4001)[:-1]
_ALONG = 1e-6
"""Sine of the angle to the axis below which a polariser is along it."""


class LockedState(NamedTuple):
    """A fixed point under an injected field: power, lag behind the field in rad, and whether it lasts."""

    power: float
    lag: float
    stable: bool


class LockingRange(NamedTuple):
    """Lowest and highest frequency in Hz of a field that keeps the oscillator."""

    low: float
    high: float


class InjectedSignal(NamedTuple):
    """A signal that alternates along a line, as the part of it that turns with the moment: fields h and a in A/m."""

    field: float
    torque: float


def signal_of_current(spin: Macrospin, axis: npt.ArrayLike, current_density: float) -> InjectedSignal:
    r"""Give the signal that a current which alternates is to a moment that turns about an axis.

    The polariser's part across the axis, :math:`p_\perp`, makes a torque and a field with the frequency of the current,

    .. math:: a = (\epsilon + \alpha \epsilon')\, b\, p_\perp / 2, \qquad
        h = (\epsilon' - \alpha \epsilon)\, b\, p_\perp / 2,

    where the halves are of a line that is two turning parts; its part along the axis changes the growth twice in a
    period of the beat with the moment, and does nothing on the whole.

    Parameters
    ----------
    spin : Macrospin
        The moment, with Slonczewski's Lambda of 1.
    axis : three floats
        Unit vector about which it turns.
    current_density : float
        Amplitude in A/m2.

    Raises
    ------
    ValueError
        If Lambda is not 1, so that the torque depends on the angle, or the polariser is along the axis.

    Examples
    --------
    >>> from solitons.junctions import Macrospin
    >>> free = Macrospin(volume=1e-24, thickness=2e-9, saturation=1e6, anisotropy=-2.5e5, damping=0.01, temperature=0.0,
    ...                  polariser=(0.6, 0, -0.8), polarisation=0.5)
    >>> round(signal_of_current(free, (0, 0, 1), 1e10).torque)  # A/m
    196
    """
    if spin.asymmetry != 1:
        raise ValueError(
            f"an injected current: Slonczewski's Lambda is {float(spin.asymmetry):g}, so that the torque depends on "
            "the angle within a turn; give a Lambda of 1, or inject a field"
        )
    across = float(np.linalg.norm(np.cross(spin.polariser_direction, np.asarray(axis, dtype=np.float64))))
    if across < _ALONG:
        raise ValueError(
            "an injected current: the polariser is along the axis of the orbit, so that a current which alternates "
            "does not act on the phase; tilt the polariser, or inject a field"
        )
    alpha, direct, secondary = float(spin.damping), float(spin.efficiency(0.0)), spin.secondary
    half = float(spin.torque_field(current_density)) * across / 2
    return InjectedSignal((secondary - alpha * direct) * half, (direct + alpha * secondary) * half)


def locked_states(
    oscillator: AutoOscillator, current_density: float, field: float, frequency: float, *, torque: float = 0.0
) -> list[LockedState]:
    """Find all fixed points under a signal that turns with the moment.

    Parameters
    ----------
    oscillator : AutoOscillator
        The oscillator.
    current_density : float
        In A/m2.
    field : float
        Size of the field h in A/m; half of the amplitude of one that alternates along a line.
    frequency : float
        In Hz.
    torque : float
        Size of the torque's field a in A/m, in phase with h.

    Returns
    -------
    list of LockedState
        By their power; none where the field does not lock it.

    Raises
    ------
    ValueError
        If there is neither a field nor a torque.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> states = locked_states(one, 3e11, 100.0, one.frequency_at(3e11))
    >>> [each.stable for each in states].count(True)
    1
    """
    found = []
    for loop in _loops(oscillator, current_density, field, torque):
        away = loop.frequency - frequency
        for at in np.flatnonzero(away * np.roll(away, -1) <= 0):
            following = (at + 1) % len(away)
            share = away[at] / (away[at] - away[following]) if away[at] != away[following] else 0.0
            turn = math.remainder(float(loop.lag[following] - loop.lag[at]), 2 * math.pi)
            power = float(loop.power[at] + share * (loop.power[following] - loop.power[at]))
            lag = math.remainder(float(loop.lag[at]) + float(share) * turn, 2 * math.pi)
            found.append(LockedState(power, lag, bool(loop.stable[at] and loop.stable[following])))
    return sorted(found)


class _Loop(NamedTuple):
    """Fixed points at all frequencies (Hz), round a closed curve."""

    power: Floats
    lag: Floats
    frequency: Floats
    stable: npt.NDArray[np.bool_]


def _loops(oscillator: AutoOscillator, current_density: float, field: float, torque: float) -> list[_Loop]:
    """Closed curves of fixed points: where the power asks for a sine of the lag, its cosine may have either sign."""
    if not math.hypot(field, torque) > 0:
        raise ValueError(
            f"injection: field = {field!r} A/m and torque = {torque!r} A/m: one must be other than 0; without a signal "
            "nothing is locked"
        )
    gamma = float(oscillator.gyromagnetic_ratio)

    def sine(p: npt.ArrayLike) -> Floats:
        at = np.asarray(p, dtype=np.float64)
        drive = gamma * np.hypot(field, torque * (1 - 2 * at))
        # A torque alone does not act where the moment is across the axis.
        return np.asarray(
            2 * oscillator.decay(at, current_density) * np.sqrt(at / (1 - at)) / np.maximum(drive, 1e-300)
        )

    own = oscillator.power(current_density)
    beside = own * np.geomspace(1e-12, 0.5, 400) if own > 0 else np.empty(0)
    grid = np.concatenate(
        [np.geomspace(1e-12, 1e-3, 400), np.linspace(1e-3, 1 - 1e-6, 4000)[1:], own - beside, own + beside]
    )
    grid = np.unique(np.append(grid, own))
    grid = grid[(grid > 0) & (grid < min(1.0, float(oscillator.highest_power)))]
    inside = np.abs(sine(grid)) <= 1
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    ends = [_edge(sine, grid[at], grid[at + 1], bool(inside[at])) for at in edges]
    ends = ([grid[0]] if inside[0] else []) + ends + ([grid[-1]] if inside[-1] else [])
    found = []
    for low, high in zip(ends[::2], ends[1::2], strict=True):
        p = (low + high) / 2 - (high - low) / 2 * np.cos(_ROUND)
        s = np.clip(sine(p), -1, 1)
        turned = np.arctan2(s, np.where(np.pi > _ROUND, 1.0, -1.0) * np.sqrt(1 - s**2))
        found.append(
            _loop(oscillator, current_density, field, torque, p, turned - np.arctan2(torque * (1 - 2 * p), field))
        )
    return found


def _edge(sine: Callable[[float], Floats], low: float, high: float, inside_low: bool) -> float:
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if (abs(float(sine(middle))) <= 1) == inside_low else (low, middle)
    return (low + high) / 2


def _loop(
    oscillator: AutoOscillator, current_density: float, field: float, torque: float, p: Floats, lag: Floats
) -> _Loop:
    """Frequencies of fixed points of which power and lag are known, and whether they last."""
    gamma = float(oscillator.gyromagnetic_ratio)
    along, across = 1 - 2 * p, 2 * np.sqrt(p * (1 - p))
    by_field, by_torque = gamma * field / across, gamma * torque / across
    sine, cosine = np.sin(lag), np.cos(lag)
    pulled = by_field * along * cosine - by_torque * sine
    pushed = by_field * sine + by_torque * along * cosine
    frequency = (oscillator.angular_frequency(p, current_density) - pulled) / (2 * np.pi)
    # The Jacobian of ln p and of the lag.
    rest = 1 - p
    growth = -2 * p * oscillator.decay_slope(p, current_density) - pushed - 4 * p * rest * by_torque * cosine
    turned = 2 * rest * (by_field * cosine - by_torque * along * sine)
    shifted = -p * oscillator.frequency_slope(p) - along / (2 * rest) * pulled - 2 * p * by_field * cosine
    back = -by_field * along * sine - by_torque * cosine
    stable = (growth + back < 0) & (growth * back - turned * shifted > 0)
    return _Loop(p, lag, frequency, stable)


def weak_half_width(oscillator: AutoOscillator, current_density: float, field: float, *, torque: float = 0.0) -> float:
    """Half width in Hz of the locking range for a weak signal; NaN where it does not oscillate.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> round(weak_half_width(one, 3e11, 8.0) / 1e6, 2)
    4.94
    """
    p = oscillator.power(current_density)
    if not p > 0:
        return math.nan
    nu, z = oscillator.nonlinearity(current_density), 1 - 2 * p
    pulls = math.hypot(nu * field + torque / (1 - p), z / (1 - p) * field - nu * z * torque)
    return float(oscillator.gyromagnetic_ratio) * pulls * math.sqrt((1 - p) / p) / (4 * math.pi)


def locking_range(
    oscillator: AutoOscillator, current_density: float, field: float, *, torque: float = 0.0
) -> LockingRange:
    """Find the frequencies at which an injected signal lets a locked oscillator go.

    They are the lowest and the highest frequency at which a fixed point beside the free orbit lasts.

    Parameters
    ----------
    oscillator : AutoOscillator
        The oscillator, under a current above its threshold.
    current_density : float
        In A/m2.
    field, torque : float
        As for `locked_states`.

    Returns
    -------
    LockingRange
        Borders of release.

    Raises
    ------
    ValueError
        If it does not oscillate, or the signal holds it far from its frequency.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> low, high = locking_range(one, 3e11, 8.0)
    >>> round((high - low) / 2e6, 2)
    4.94
    """
    p = oscillator.orbit_power(current_density)
    own = oscillator.frequency_at(current_density)
    every = _loops(oscillator, current_density, field, torque)
    loops = [each for each in every if each.power.min() < p < each.power.max()]
    kept = np.concatenate([each.frequency[each.stable] for each in loops] or [np.empty(0)])
    size = math.hypot(field, torque)
    if not kept.size or not kept.min() < own < kept.max():
        raise ValueError(
            f"locking_range: a signal of {size:.4g} A/m does not hold it at its own frequency of {own:.4g} Hz; that is "
            "no longer locking; use a weaker one"
        )
    if any(each.power.max() >= 0.999 * oscillator.highest_power for each in loops):
        raise ValueError(
            f"locking_range: a signal of {size:.4g} A/m takes the power beyond {oscillator.highest_power:.3g}, the "
            "largest that the oscillator is known for; use a weaker one"
        )
    return LockingRange(float(kept.min()), float(kept.max()))
