r"""How an injected signal takes an oscillator, and how heat tears it away.

Where the half width of the range of locking exceeds the power's own rate :math:`\Gamma_p`, an oscillator that is not
locked is captured in a narrower range than the one that it is released from: a signal whose frequency is swept away is
followed farther than one that is switched on there. With heat no lock is for ever: the lag slips by whole turns, and
the mean time between slips takes the place of the borders.

References
----------
A. Slavin and V. Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009); slips: R. L. Stratonovich, Topics in the Theory of
Random Noise II (Gordon and Breach, 1967).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from analysis import injection_locking
from analysis.oscillators.injection import InjectionLocking, phase_slips
from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.following import follow_oscillators
from solitons.oscillators.injection import LockingRange, locking_range, weak_half_width

__all__ = ["SlipCount", "capture_range", "count_slips", "locked_from", "slips_of", "time_to_lock"]

_PHASES, _HALVINGS, _TIMES = 16, 5, 30
_SAMPLES = 20
"""Samples in the time in which the lag may turn by one."""


def locked_from(
    oscillator: AutoOscillator,
    current_density: float,
    field: float,
    frequency: float,
    *,
    longest: float | None = None,
    torque: float = 0.0,
) -> list[InjectionLocking]:
    """Judge whether a signal that is switched on locks the free oscillator, from each of 16 of its phases.

    Parameters
    ----------
    oscillator, current_density, field, frequency, torque
        As for `locked_states`; it begins on its free orbit, at phases of k / 16 of a turn.
    longest : float, optional
        Time in s after which it is looked at; 30 times that of the power and that of the lag if left out.
    """
    phases = 2 * np.pi * np.arange(_PHASES) / _PHASES
    if longest is None:
        oscillator.orbit_power(current_density)  # reports one that does not oscillate
        rate = 2 * math.pi * weak_half_width(oscillator, current_density, field, torque=torque)
        longest = _TIMES * (1 / rate + 1 / oscillator.restoring_rate(current_density))
    run = _driven(
        oscillator, current_density, field, frequency, longest, torque=torque, field_phase=phases, samples=4000
    )
    return [injection_locking(each.drop_vars("oscillator", errors="ignore"), frequency) for each in run]


def time_to_lock(found: Sequence[InjectionLocking]) -> float:
    """Median of the times in s after which the lag stays within 0.1 rad of its end; NaN where one does not lock.

    A weak signal of the half width f at its own frequency takes ln[1 / tan(0.05)] / (2 pi f) from a quarter of a turn
    away (Adler's equation). No signal locks it much faster than its power relaxes. The phases must be spread evenly
    over a turn, as those of `locked_from` are; ValueError if there are none.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> 5e-9 < time_to_lock(locked_from(one, 3e11, 80.0, one.frequency_at(3e11))) < 100e-9
    True
    """
    if not found:
        raise ValueError("time_to_lock: nothing was found; give what `locked_from` returns")
    return float(np.median([each.time_to_lock for each in found]))  # NaN of one is that of all


def _driven(
    oscillator: AutoOscillator,
    current_density: float,
    field: float,
    frequency: float,
    duration: float,
    *,
    members: int = _PHASES,
    **drive: Any,
) -> xr.DataArray:
    """Phases (oscillator, t) in rad of oscillators that begin on their free orbit under a signal."""
    start = np.full(members, math.sqrt(oscillator.orbit_power(current_density)), dtype=np.complex128)
    run = follow_oscillators(
        oscillator, start, current_density, duration, field=field, field_frequency=frequency, **drive
    )
    # In the turning frame: what a sample misses are whole turns of the signal, which do not matter.
    turning = 2 * np.pi * frequency * run["t"].values
    slow = np.angle(run.values * np.exp(-1j * turning))
    return run.copy(data=np.unwrap(slow, axis=-1) + turning)


@dataclass(frozen=True)
class SlipCount:
    """Slips of oscillators, and the time in s for which all of them together are watched."""

    count: int
    watched: float


def count_slips(
    oscillator: AutoOscillator,
    current_density: float,
    field: float,
    frequency: float,
    temperature: float,
    *,
    duration: float,
    torque: float = 0.0,
    members: int = 64,
    seed: int = 0,
) -> SlipCount:
    """Count the slips that heat makes of oscillators under a signal.

    A slip is a whole turn of the lag (`analysis.oscillators.injection.phase_slips`), forwards or backwards. An
    oscillator without a signal slips too, as its phase wanders: a signal locks it where slips are far fewer.

    Parameters
    ----------
    oscillator, current_density, frequency, field, torque
        As for `locked_states`; the field may be 0.
    temperature : float
        In K.
    duration : float
        Time in s for which each member is followed, from its free orbit on; the first tenth is not counted.
    members : int
        Number of oscillators.
    seed : int
        Of the random numbers.

    Raises
    ------
    ValueError
        If it does not oscillate.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3, diffusion=2e4)
    >>> free, held = (count_slips(one, 3e11, h, one.frequency_at(3e11), 300, duration=2e-7) for h in (0.0, 80.0))
    >>> held.count < free.count
    True
    """
    oscillator.orbit_power(current_density)  # reports one that does not oscillate
    turning = weak_half_width(oscillator, current_density, field, torque=torque)
    turning += oscillator.linewidth(current_density, temperature)
    phase = _driven(
        oscillator, current_density, field, frequency, duration, members=members, torque=torque,
        temperature=temperature, seed=seed, samples=max(100, math.ceil(_SAMPLES * duration * turning)),
    )  # fmt: skip
    return slips_of(phase.isel(t=slice(phase.sizes["t"] // 10, None)), frequency)


def slips_of(phases: xr.DataArray, frequency: float) -> SlipCount:
    """Count the slips in phases (oscillators, t) in rad beside a signal's frequency in Hz."""
    slips = sum(phase_slips(each.reset_coords(drop=True), frequency) for each in phases)
    return SlipCount(slips, len(phases) * float(phases["t"][-1] - phases["t"][0]))


def capture_range(
    oscillator: AutoOscillator,
    current_density: float,
    field: float,
    *,
    longest: float | None = None,
    torque: float = 0.0,
) -> LockingRange:
    """Find the frequencies at which an injected signal takes a free oscillator, whatever their phases are.

    Between its own frequency and the border of release, by bisection to 3 % of that, 16 phases each time.

    Parameters
    ----------
    oscillator, current_density, field, torque
        As for `locked_states`.
    longest : float, optional
        Time in s within which all phases have to lock; as for `locked_from` if left out.

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
    >>> taken, kept = capture_range(one, 3e11, 800.0), locking_range(one, 3e11, 800.0)
    >>> kept.low <= taken.low < taken.high <= kept.high
    True
    """

    def takes(frequency: float) -> bool:
        found = locked_from(oscillator, current_density, field, frequency, longest=longest, torque=torque)
        return all(each.locked for each in found)

    own, ends = oscillator.frequency_at(current_density), []
    borders = locking_range(oscillator, current_density, field, torque=torque)
    if not takes(own):
        return LockingRange(math.nan, math.nan)
    for border in borders:
        taken, lost = own, border
        for _ in range(_HALVINGS):
            middle = (taken + lost) / 2
            taken, lost = (middle, lost) if takes(middle) else (taken, middle)
        ends.append(taken)
    return LockingRange(*ends)
