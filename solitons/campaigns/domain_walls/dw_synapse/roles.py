"""Roles of a stripe's runs, besides swept ones."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.campaigns.framework.base import SweptPoint
from solitons.campaigns.framework.device_samples import Sample
from solitons.figures import value_label

__all__ = ["Excited", "Heated", "Held", "Pulsed", "StripeRole", "Way"]


@dataclass(frozen=True)
class Held:
    """A run in which a trap moves "right" or "left" and holds the wall at place after place: half of the landscape."""

    direction: str

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"wall held at places to the {self.direction}"


@dataclass(frozen=True)
class Way:
    """A way of least energy through all places that hold the wall, whose first guess `begins` at an edge or nowhere."""

    begins: str

    def __str__(self) -> str:
        """Say it as the report does."""
        how = "straight" if self.begins == "everywhere" else f"from its {self.begins} edge"
        return f"wall over the hills, {how}"


@dataclass(frozen=True)
class Heated:
    """A run with heat, which the heated model is compared with.

    `temperature` is in K; `seed` is the thermal field's.
    """

    temperature: float
    seed: int

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"at {value_label(self.temperature, 'K')}, seed {self.seed}"


@dataclass(frozen=True)
class Pulsed:
    """An ensemble with heat in which one pulse, of currents with a `sign`, takes the wall from a place.

    `temperature` is in K; `place` is its number, from 0 on, from left to right.
    """

    temperature: float
    place: int
    sign: int

    @property
    def seed(self) -> int:
        """Seed of its noise, another one for each of a device's."""
        return 2 * self.place + (self.sign > 0)

    def __str__(self) -> str:
        """Say it as the report does."""
        current = "J > 0" if self.sign > 0 else "J < 0"
        return f"one pulse from place {self.place + 1}, {current}, at {value_label(self.temperature, 'K')}"


@dataclass(frozen=True)
class Excited:
    """A run of the neuron: equal pulses of an amplitude in A/m2, then a rest in which the wall leaks back.

    With `reset`, the width in s of a pulse that resets it, that pulse comes before the rest, and all of it twice.
    """

    amplitude: float
    reset: float | None = None

    def __str__(self) -> str:
        """Say it as the report does."""
        by = "" if self.reset is None else f", reset by {value_label(self.reset, 's')}"
        return f"neuron under {value_label(self.amplitude, 'A/m^2')}{by}"


StripeRole = SweptPoint | Held | Way | Heated | Pulsed | Sample | Excited
"""Role of any run of a stripe's campaign."""
