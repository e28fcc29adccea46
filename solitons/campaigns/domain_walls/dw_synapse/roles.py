"""What a run of a stripe's campaign is for, besides those that are swept."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.figures import value_label

__all__ = ["Excited", "Heated", "Held"]


@dataclass(frozen=True)
class Held:
    """A run in which a trap holds the wall at place after place: half of the landscape.

    Parameters
    ----------
    direction : {"right", "left"}
        Where the trap goes.
    """

    direction: str

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"wall held at places to the {self.direction}"


@dataclass(frozen=True)
class Heated:
    """A run with heat, which the heated model is compared with.

    Parameters
    ----------
    temperature : float
        In K.
    seed : int
        Of the thermal field.
    """

    temperature: float
    seed: int

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"at {value_label(self.temperature, 'K')}, seed {self.seed}"


@dataclass(frozen=True)
class Excited:
    """A run of the neuron: a train of equal pulses, then a rest in which the wall leaks back.

    Parameters
    ----------
    amplitude : float
        Of the pulses, in A/m2.
    """

    amplitude: float

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"neuron under {value_label(self.amplitude, 'A/m^2')}"
