"""Settings of a shift register of walls: pulses, words, and runs that check the model."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries.description import Count, Description
from geometries.quantities import CurrentDensity, Temperature, Time
from solitons.figures import value_label

__all__ = ["CheckedRun", "PulseSettings", "WordSettings"]

NotNegative = Annotated[Temperature, Field(ge=0)]
Positive = Annotated[Time, Field(gt=0)]


class PulseSettings(Description):
    """Pulses of which each is to shift all walls by one well.

    Parameters
    ----------
    amplitudes : sequence of float or str
        Current densities in A/m2, rising in size, of one sign.
    widths : sequence of float or str
        In s, rise and fall included.
    rise, period : float or str
        In s: of either edge; from pulse to pulse, the rest included.
    """

    amplitudes: Annotated[tuple[CurrentDensity, ...], Field(min_length=2, max_length=50)]
    widths: Annotated[tuple[Positive, ...], Field(min_length=1, max_length=6)]
    rise: Annotated[Time, Field(ge=0)] = 0.0
    period: Positive


class WordSettings(Description):
    """Words of random bits that are shifted: a wall in the well of each 1.

    Parameters
    ----------
    first : int
        Number of the well of the first bit, from 0 at the left.
    spacing : int
        Wells from one bit to the next.
    bits, shifts : int
        Of each word.
    words, seed : int
        How many are followed for each pulse, and the seed of bits and heat.
    """

    first: Annotated[int, Field(ge=0)] = 0
    spacing: Count = 1
    bits: Annotated[int, Field(ge=1, le=32)]
    shifts: Annotated[int, Field(ge=1, le=100)]
    words: Annotated[int, Field(ge=10, le=10_000)] = 100
    seed: Annotated[int, Field(ge=0, lt=2**28)] = 0


class CheckedRun(Description):
    """A micromagnetic run of a word, at a point of the error map.

    Parameters
    ----------
    word : str
        Its bits, such as "1101"; quoted in YAML.
    amplitude, width : float or str
        One of the amplitudes in A/m2, and of the widths in s.
    temperature : float or str
        One of the temperatures in K.
    seed : int
        Seed of the heat.
    """

    word: str
    amplitude: CurrentDensity
    width: Positive
    temperature: NotNegative = 0.0
    seed: Annotated[int, Field(ge=0)] = 1

    @property
    def bits(self) -> list[bool]:
        """Whether there is a wall, for each bit."""
        return [bit == "1" for bit in self.word]

    def __str__(self) -> str:
        """Say it as the report does."""
        at, width = value_label(self.amplitude, "A/m^2", 3), value_label(self.width, "s", 3)
        return f"{self.word} by {at}, {width}, {self.temperature:g} K{f', seed {self.seed}' * bool(self.temperature)}"
