r"""Alternating drives: sines that begin and end, with an envelope and a chirp.

.. math:: a \, e(\tau) \sin \phi(\tau), \qquad
    \phi(\tau) = \phi_0 + 2 \pi \left( f_0 \tau + \frac{f_1 - f_0}{2 T} \tau^2 \right)

with :math:`\tau` from the start of the oscillation, T its duration, and e an envelope that
rises and falls linearly. The frequency is :math:`f_0 + (f_1 - f_0) \tau / T`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from runs.waveforms.times import tidy

__all__ = ["Oscillation"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Oscillation:
    """One sine, from its start to its end, in s, with an amplitude in the unit of the drive.

    `frequency` and `final_frequency` are at the start and at the end, in Hz; between them the frequency changes
    linearly. `phase` is that at the start in rad, and `ramp` the length in s of the linear rise of the envelope at the
    start and of its fall at the end.
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
    def envelope(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Breakpoints of the amplitude, times in s and values: straight lines, 0 before and after."""
        up = self.start + self.ramp
        # With ramps that meet in the middle, rounding must not put the fall before the rise.
        times = (self.start, up, max(up, self.end - self.ramp), self.end)
        return times, (0.0, self.amplitude, self.amplitude, 0.0)

    def __call__(self, t: npt.ArrayLike) -> FloatArray:
        """Values at the times `t` in s (any shape)."""
        values: FloatArray = np.interp(np.asarray(t, dtype=np.float64), *self.envelope) * np.sin(self.phase_at(t))
        return values
