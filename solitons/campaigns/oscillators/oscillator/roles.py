"""Roles of an oscillator's runs, besides swept ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from solitons.figures import value_label

__all__ = ["InjectionCheck"]


@dataclass(frozen=True)
class InjectionCheck:
    """An injected field whose frequency is swept to one near a predicted border of locking, and stays there.

    Current density in A/m2, amplitude of the field in A/m, frequency and border in Hz, and whether the model says that
    it keeps the oscillator.
    """

    current: float
    field: float
    side: Literal["low", "high"]
    frequency: float
    border: float
    locks: bool

    def __str__(self) -> str:
        """Say it as the report does."""
        where = f"{value_label(self.current, 'A/m^2')}, {value_label(self.field, 'A/m', 3)}"
        return (
            f"check: {where}, a field of {value_label(self.frequency, 'Hz', 5)} {'locks' if self.locks else 'lets go'}"
        )
