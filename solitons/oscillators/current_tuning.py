"""How a direct current tunes an oscillator: its frequency, and the range in which a signal holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.injection import weak_half_width

__all__ = ["CurrentTuning", "tuning_of"]

Floats = npt.NDArray[np.float64]

_POINTS = 33


@dataclass(frozen=True)
class CurrentTuning:
    """Frequency and half width of locking against the current density, straight between points.

    Parameters
    ----------
    currents, frequencies, half_widths : sequence of float
        Current densities in A/m2, rising; there the frequencies in Hz, rising or falling, and the half widths in Hz
        of the range in which a signal holds the oscillator. Frequencies that turn back are a ValueError.

    Examples
    --------
    >>> tuning = CurrentTuning((2e10, 6e10), (300e6, 340e6), (5e6, 5e6))
    >>> float(tuning.frequency(3e10)) * 1e-6, f"{tuning.current(330e6):.1e}", f"{tuning.current(1e9):.1e}"
    (310.0, '5.0e+10', '6.0e+10')
    """

    currents: Sequence[float]
    frequencies: Sequence[float]
    half_widths: Sequence[float]

    def __post_init__(self) -> None:
        slopes = np.sign(np.diff(self.frequencies))
        if not np.all(np.diff(self.currents) > 0):
            raise ValueError(f"CurrentTuning: the currents {self.currents} A/m2 must rise")
        if np.any(slopes != slopes[0]) or slopes[0] == 0:
            turned = self.currents[int(np.argmax(slopes != slopes[0]))]
            raise ValueError(
                f"CurrentTuning: the frequency turns back near {turned:.4g} A/m2, so that a frequency has several "
                "currents; take a range of currents in which it only rises or only falls"
            )

    def frequency(self, current: npt.ArrayLike) -> Floats:
        """Frequency in Hz under current densities in A/m2."""
        return np.asarray(np.interp(np.asarray(current, float), self.currents, self.frequencies))

    def half_width(self, current: npt.ArrayLike) -> Floats:
        """Half width in Hz under current densities in A/m2."""
        return np.asarray(np.interp(np.asarray(current, float), self.currents, self.half_widths))

    def current(self, frequency: npt.ArrayLike) -> Floats:
        """Current density in A/m2 for frequencies in Hz; the nearer end of the range beyond it."""
        order = slice(None) if self.frequencies[-1] > self.frequencies[0] else slice(None, None, -1)
        return np.asarray(np.interp(np.asarray(frequency, float), self.frequencies[order], self.currents[order]))


def tuning_of(oscillator: AutoOscillator, low: float, high: float, field: float) -> CurrentTuning:
    """Tuning of a fitted oscillator between two current densities in A/m2, by weak signals of a turning field in A/m.

    A ValueError if it does not oscillate everywhere between them, is driven beyond the powers of its fit, or its
    frequency turns back.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> tuning = tuning_of(one, 2.5e11, 4e11, 8.0)
    >>> abs(float(tuning.frequency(3e11)) - one.frequency_at(3e11)) < 1e6, float(tuning.half_width(3e11)).__round__(-4)
    (True, 4940000.0)
    """
    currents = np.linspace(low, high, _POINTS).tolist()
    if not all(oscillator.power(each) > 0 for each in currents):
        raise ValueError(
            f"tuning_of: between {low:.4g} and {high:.4g} A/m2 the oscillator is below its threshold of "
            f"{oscillator.threshold:.4g} A/m2 or beyond the powers of its fit; take other currents"
        )
    half_widths = [weak_half_width(oscillator, each, field) for each in currents]
    return CurrentTuning(currents, [oscillator.frequency_at(each) for each in currents], half_widths)
