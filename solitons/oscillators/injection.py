r"""An oscillator under an injected field that turns: its locked states, the borders of locking, and the time to lock.

In the frame that turns with the field a locked oscillator is a fixed point of its power p and its lag
:math:`\psi = \phi_h - \phi`:

.. math:: 2 \Gamma(p) \sqrt{p} = \gamma h \sqrt{1 - p}\, \sin\psi, \qquad
    \omega(p) - \omega_h = \gamma h \frac{1 - 2 p}{2 \sqrt{p (1 - p)}} \cos\psi,

and it is one that lasts where both eigenvalues of the Jacobian fall. At the border of locking it ceases to exist, or to
last. For a weak field the half width of the range is that of Adler's equation with the nonlinearity,

.. math:: \Delta\omega = \sqrt{1 + \nu^2}\, \frac{F}{\sqrt{p_0}}, \qquad F = \frac{\gamma h}{2} \sqrt{1 - p_0},

which holds while p hardly changes: at 1 mT it may be off by a quarter, and nothing here uses it. Where the half width
exceeds :math:`\Gamma_p`, an oscillator that is not locked is captured in a narrower range than the one that it is
released from (`capture_range`; the other borders are those of release): a signal whose frequency is swept away is
followed farther than one that is switched on there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solitons.oscillators.auto_oscillator import AutoOscillator

__all__ = [
    "LockedState",
    "LockingRange",
    "capture_range",
    "locked_states",
    "locking_range",
    "time_to_lock",
    "weak_half_width",
]

Floats = npt.NDArray[np.float64]

_ROUND = np.linspace(0, 2 * np.pi, 4001)[:-1]
_PHASES, _HALVINGS = 16, 5


class LockedState(NamedTuple):
    """A fixed point under an injected field: power, lag behind the field in rad, and whether it lasts."""

    power: float
    lag: float
    stable: bool


class LockingRange(NamedTuple):
    """Lowest and highest frequency in Hz of a field that keeps the oscillator."""

    low: float
    high: float


def locked_states(
    oscillator: AutoOscillator, current_density: float, field: float, frequency: float
) -> list[LockedState]:
    """Find all fixed points under a field that turns with the moment.

    Parameters
    ----------
    oscillator : AutoOscillator
        The oscillator.
    current_density : float
        In A/m2.
    field : float
        Size of the field in A/m; half of the amplitude of one that alternates along a line.
    frequency : float
        In Hz.

    Returns
    -------
    list of LockedState
        By their power; none where the field does not lock it.

    Raises
    ------
    ValueError
        If the field is not above 0.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> states = locked_states(one, 3e11, 100.0, one.frequency_at(3e11))
    >>> [each.stable for each in states].count(True)
    1
    """
    found = []
    for loop in _loops(oscillator, current_density, field):
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


def _loops(oscillator: AutoOscillator, current_density: float, field: float) -> list[_Loop]:
    """Closed curves of fixed points: where the power asks for a sine of the lag, its cosine may have either sign."""
    if not field > 0:
        raise ValueError(f"injection: field = {field!r} A/m must be above 0; without a field nothing is locked")
    drive = float(oscillator.gyromagnetic_ratio) * field

    def sine(p: npt.ArrayLike) -> Floats:
        at = np.asarray(p, dtype=np.float64)
        return np.asarray(2 * oscillator.decay(at, current_density) * np.sqrt(at / (1 - at)) / drive)

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
    return [
        _round(oscillator, current_density, drive, sine, low, high)
        for low, high in zip(ends[::2], ends[1::2], strict=True)
    ]


def _edge(sine: Callable[[float], Floats], low: float, high: float, inside_low: bool) -> float:
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if (abs(float(sine(middle))) <= 1) == inside_low else (low, middle)
    return (low + high) / 2


def _round(
    oscillator: AutoOscillator,
    current_density: float,
    drive: float,
    sine: Callable[[Floats], Floats],
    low: float,
    high: float,
) -> _Loop:
    p = (low + high) / 2 - (high - low) / 2 * np.cos(_ROUND)
    s = np.clip(sine(p), -1, 1)
    c = np.where(np.pi > _ROUND, 1.0, -1.0) * np.sqrt(1 - s**2)
    q = np.sqrt(p * (1 - p))
    frequency = (oscillator.angular_frequency(p, current_density) - drive * (1 - 2 * p) / (2 * q) * c) / (2 * np.pi)
    by_power, decay_slope = oscillator.frequency_slope(p), oscillator.decay_slope(p, current_density)
    # The Jacobian of ln p and of the lag.
    growth, turned = -2 * p * decay_slope - drive * s / (2 * q), drive * np.sqrt((1 - p) / p) * c
    shifted, back = -p * by_power - drive * c * p / (4 * q**3), -drive * (1 - 2 * p) / (2 * q) * s
    stable = (growth + back < 0) & (growth * back - turned * shifted > 0)
    return _Loop(p, np.arctan2(s, c), frequency, stable)


def weak_half_width(oscillator: AutoOscillator, current_density: float, field: float) -> float:
    r"""Half width in Hz of the locking range for a weak field, :math:`\sqrt{1 + \nu^2} F / \sqrt{p_0}`.

    NaN where it does not oscillate.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> round(weak_half_width(one, 3e11, 8.0) / 1e6, 2)
    4.94
    """
    p = oscillator.power(current_density)
    if not p > 0:
        return math.nan
    force = float(oscillator.gyromagnetic_ratio) * field * math.sqrt(1 - p) / 2
    return math.hypot(1, oscillator.nonlinearity(current_density)) * force / math.sqrt(p) / (2 * math.pi)


def locking_range(oscillator: AutoOscillator, current_density: float, field: float) -> LockingRange:
    """Find the frequencies at which an injected field lets a locked oscillator go.

    They are the lowest and the highest frequency at which a fixed point beside the free orbit lasts.

    Parameters
    ----------
    oscillator : AutoOscillator
        The oscillator, under a current above its threshold.
    current_density : float
        In A/m2.
    field : float
        As for `locked_states`.

    Returns
    -------
    LockingRange
        Borders of release.

    Raises
    ------
    ValueError
        If it does not oscillate, or the field holds it far from its frequency.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> low, high = locking_range(one, 3e11, 8.0)
    >>> round((high - low) / 2e6, 2)
    4.94
    """
    p = oscillator.power(current_density)
    if not p > 0:
        raise ValueError(
            f"locking_range: at {current_density:.4g} A/m2 it does not oscillate; its threshold is "
            f"{oscillator.threshold:.4g} A/m2"
        )
    own = oscillator.frequency_at(current_density)
    loops = [each for each in _loops(oscillator, current_density, field) if each.power.min() < p < each.power.max()]
    kept = np.concatenate([each.frequency[each.stable] for each in loops])
    if not kept.size or not kept.min() < own < kept.max():
        raise ValueError(
            f"locking_range: a field of {field:.4g} A/m does not hold it at its own frequency of {own:.4g} Hz; that is "
            "no longer locking; use a weaker field"
        )
    if any(each.power.max() >= 0.999 * oscillator.highest_power for each in loops):
        raise ValueError(
            f"locking_range: a field of {field:.4g} A/m takes the power beyond {oscillator.highest_power:.3g}, the "
            "largest that the oscillator is known for; use a weaker field"
        )
    return LockingRange(float(kept.min()), float(kept.max()))


def time_to_lock(
    oscillator: AutoOscillator, current_density: float, field: float, frequency: float, *, longest: float
) -> float:
    """Give the median time over 16 phases of the field after which the lag stays within 0.1 rad of its end.

    Parameters
    ----------
    oscillator, current_density, field, frequency
        As for `locked_states`; it begins on its free orbit.
    longest : float
        Time in s after which it is looked at.

    Returns
    -------
    float
        In s; NaN where one of the phases does not end locked.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> took = time_to_lock(one, 3e11, 80.0, one.frequency_at(3e11), longest=1e-6)
    >>> 5e-9 < took < 100e-9
    True
    """
    from analysis import injection_locking
    from solitons.oscillators.following import follow_oscillators

    if not oscillator.power(current_density) > 0:
        raise ValueError(f"time_to_lock: at {current_density:.4g} A/m2 it does not oscillate; give a stronger current")
    start = np.full(_PHASES, math.sqrt(oscillator.power(current_density)), dtype=np.complex128)
    phases = 2 * np.pi * np.arange(_PHASES) / _PHASES
    run = follow_oscillators(
        oscillator, start, current_density, longest,
        field=field, field_frequency=frequency, field_phase=phases, samples=4000,
    )  # fmt: skip
    # In the turning frame: what a sample misses are whole turns of the field, which do not matter.
    slow = run * np.exp(-2j * np.pi * frequency * run["t"])
    turned = slow.copy(data=np.unwrap(np.angle(slow.values), axis=-1) + 2 * np.pi * frequency * run["t"].values)
    found = [injection_locking(each.drop_vars("oscillator", errors="ignore"), frequency) for each in turned]
    times = [each.time_to_lock for each in found]
    return float(np.median(times)) if all(each.locked for each in found) else math.nan


def capture_range(oscillator: AutoOscillator, current_density: float, field: float, *, longest: float) -> LockingRange:
    """Find the frequencies at which an injected field takes a free oscillator, whatever their phases are.

    Between its own frequency and the border of release, by bisection to 3 % of that, 16 phases each time.

    Parameters
    ----------
    oscillator, current_density, field
        As for `locking_range`.
    longest : float
        Time in s within which all phases have to lock.

    Returns
    -------
    LockingRange
        Borders of capture, within those of release; NaN on a side where not even its own frequency takes it.

    Raises
    ------
    ValueError
        As `locking_range`.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> taken, kept = capture_range(one, 3e11, 800.0, longest=3e-7), locking_range(one, 3e11, 800.0)
    >>> kept.low <= taken.low < taken.high <= kept.high
    True
    """
    own, ends = oscillator.frequency_at(current_density), []
    for border in locking_range(oscillator, current_density, field):
        taken, lost = own, border
        if math.isnan(time_to_lock(oscillator, current_density, field, own, longest=longest)):
            taken = lost = math.nan
        for _ in range(_HALVINGS if not math.isnan(taken) else 0):
            middle = (taken + lost) / 2
            locks = not math.isnan(time_to_lock(oscillator, current_density, field, middle, longest=longest))
            taken, lost = (middle, lost) if locks else (taken, middle)
        ends.append(taken)
    return LockingRange(*ends)
