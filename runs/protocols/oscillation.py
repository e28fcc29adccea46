r"""Alternating drives: sines that begin and end, with an envelope and a chirp.

.. math:: a \, e(\tau) \sin \phi(\tau), \qquad
    \phi(\tau) = \phi_0 + 2 \pi \left( f_0 \tau + \frac{f_1 - f_0}{2 T} \tau^2 \right)

with :math:`\tau` from the start of the oscillation, T its duration, and e an envelope that
rises and falls linearly. The frequency is :math:`f_0 + (f_1 - f_0) \tau / T`.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from runs.protocols.waveform import PiecewiseLinear, Waveform, tidy

__all__ = ["Alternating", "Oscillation"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Oscillation:
    """One sine, from its start to its end.

    Parameters
    ----------
    start, duration : float
        In s.
    amplitude : float
        In the unit of the drive.
    frequency, final_frequency : float
        At the start and at the end, in Hz; between them the frequency changes linearly.
    phase : float
        At the start, in rad.
    ramp : float
        Length of the linear rise of the envelope at the start and of its fall at the
        end, in s.

    Examples
    --------
    >>> sine = Oscillation(start=0.0, duration=1e-9, amplitude=2.0, frequency=1e9, final_frequency=1e9)
    >>> round(float(sine(0.25e-9)), 9)
    2.0
    """

    start: float
    duration: float
    amplitude: float
    frequency: float
    final_frequency: float
    phase: float = 0.0
    ramp: float = 0.0

    @property
    def end(self) -> float:
        """In s."""
        return tidy(self.start + self.duration)

    @property
    def chirp_rate(self) -> float:
        """Change of the frequency with time, in Hz/s."""
        return (self.final_frequency - self.frequency) / self.duration

    def phase_at(self, t: npt.ArrayLike) -> FloatArray:
        """Phase in rad at times in s."""
        since = np.asarray(t, dtype=np.float64) - self.start
        return self.phase + 2 * np.pi * (self.frequency * since + 0.5 * self.chirp_rate * since**2)

    def frequency_at(self, t: npt.ArrayLike) -> FloatArray:
        """Frequency in Hz at times in s."""
        return self.frequency + self.chirp_rate * (np.asarray(t, dtype=np.float64) - self.start)

    @property
    def envelope(self) -> PiecewiseLinear:
        """Amplitude that depends on time: straight lines, 0 before and after."""
        up = self.start + self.ramp
        # With ramps that meet in the middle, rounding must not put the fall before the rise.
        times = (self.start, up, max(up, self.end - self.ramp), self.end)
        return PiecewiseLinear(times, (0.0, self.amplitude, self.amplitude, 0.0))

    def __call__(self, t: npt.ArrayLike) -> FloatArray:
        """Values at the times `t` in s (any shape)."""
        values: FloatArray = self.envelope(t) * np.sin(self.phase_at(t))
        return values


@dataclass(frozen=True)
class Alternating(Waveform):
    """Straight lines with oscillations on top of them, one after the other.

    Parameters
    ----------
    lines : PiecewiseLinear
        What the oscillations are added to; it does not change while one of them lasts.
    oscillations : tuple of Oscillation
        In the order of time; at least one.

    Raises
    ------
    ValueError
        If there is none, or one begins before another ends.
    """

    lines: PiecewiseLinear
    oscillations: tuple[Oscillation, ...]

    def __post_init__(self) -> None:
        if not self.oscillations:
            raise ValueError("Alternating has no oscillation; use its lines, a PiecewiseLinear")
        for before, after in itertools.pairwise(self.oscillations):
            if after.start < before.end:
                raise ValueError(
                    f"an oscillation begins at {after.start} s, before another ends at {before.end} s; put one after "
                    "the other"
                )

    @override
    def __call__(self, t: npt.ArrayLike) -> FloatArray:
        """Values at the times `t` in s (any shape)."""
        total: FloatArray = self.lines(t) + sum(one(t) for one in self.oscillations)
        return total

    @override
    def __mul__(self, factor: float) -> Alternating:
        """Scale the values."""
        scaled = tuple(replace(one, amplitude=factor * one.amplitude) for one in self.oscillations)
        return Alternating(self.lines * factor, scaled)

    @property
    @override
    def peak(self) -> float:
        """Absolute value that is never exceeded."""
        reached = (abs(float(self.lines(one.start))) + abs(one.amplitude) for one in self.oscillations)
        return max(self.lines.peak, *reached)

    @override
    def straight_lines(self, owner: str) -> PiecewiseLinear:
        """Raise: a sine is no straight line."""
        raise ValueError(
            f"{owner} alternates ({_described(self.oscillations[0])}), which breakpoints cannot hold; use pulses and "
            "ramps here"
        )

    @property
    def envelope(self) -> PiecewiseLinear:
        """Amplitude of the sine at every time, as straight lines."""
        lines = [one.envelope for one in self.oscillations]
        times = tuple(itertools.chain.from_iterable(line.times for line in lines))
        return PiecewiseLinear(times, tuple(itertools.chain.from_iterable(line.values for line in lines)))

    def oscillation_at(self, t: float) -> Oscillation:
        """The oscillation that lasts at a time in s; between two, and before the first, the next; then the last."""
        return next((one for one in self.oscillations if t < one.end), self.oscillations[-1])

    @property
    def quarter_periods(self) -> FloatArray:
        """Times in s that cut every oscillation into equal parts no longer than a quarter of its shortest period."""
        parts = [
            np.linspace(one.start, one.end, 1 + math.ceil(4 * max(one.frequency, one.final_frequency) * one.duration))
            for one in self.oscillations
        ]
        return np.concatenate(parts)


def _described(one: Oscillation) -> str:
    chirp = "" if one.final_frequency == one.frequency else f" to {one.final_frequency:.4g} Hz"
    return f"{one.frequency:.4g} Hz{chirp} from {one.start:.4g} s on"
