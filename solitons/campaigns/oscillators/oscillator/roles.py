"""Roles of an oscillator's runs, besides swept ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from solitons.figures import value_label

__all__ = ["SIDES", "HeatedRun", "InjectionCheck", "Signal"]

Side = Literal["low", "high"]
SIDES: tuple[Side, Side] = ("low", "high")
"""Borders of a range, in its order."""


@dataclass(frozen=True)
class Signal:
    """A field (A/m) or a current density (A/m^2) that alternates."""

    amplitude: float
    unit: Literal["A/m", "A/m^2"]

    def __str__(self) -> str:
        """Write it as the report does."""
        return f"a {'field' if self.unit == 'A/m' else 'current'} of {value_label(self.amplitude, self.unit, 3)}"


@dataclass(frozen=True)
class InjectionCheck:
    """An injected signal whose frequency is swept to one near a predicted border of locking, and stays there.

    Or one that is `switched_on` there beside the free oscillator. The direct current is in A/m2, the frequency in Hz;
    `locks` is what the model predicts.
    """

    current: float
    signal: Signal
    side: Side
    frequency: float
    locks: bool
    switched_on: bool = False

    def __str__(self) -> str:
        """Write it as the report does."""
        locks = "locks" if self.locks else "does not take" if self.switched_on else "lets go"
        where = f"{value_label(self.current, 'A/m^2')}, {self.signal}"
        return f"check: {where} and {value_label(self.frequency, 'Hz', 5)} {locks}"


@dataclass(frozen=True)
class HeatedRun:
    """A run with heat under a direct current in A/m2: alone, or with a signal in the middle of what it locks (Hz)."""

    current: float
    signal: Signal | None = None
    frequency: float = 0.0

    def __str__(self) -> str:
        """Write it as the report does."""
        beside = f", {self.signal} and {value_label(self.frequency, 'Hz', 5)}" if self.signal else ""
        return f"heat: {value_label(self.current, 'A/m^2')}{beside}"
