"""Steps of a protocol in time that are trains of trapezoidal pulses."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, Field, model_validator

from geometries.description import Count
from geometries.quantities import Current, CurrentDensity, Time
from runs.protocols.abstract import Vector
from runs.protocols.abstract_step import AbstractStep, Duration, Shape, TerminalStep

__all__ = ["CurrentPulses", "FieldPulses", "Size", "StripLinePulses", "TerminalPulses"]

FloatArray = npt.NDArray[np.float64]
Polarity = Literal["positive", "negative", "alternating"]


def _check_size(value: float) -> float:
    if value < 0:
        raise ValueError(f"{value:g} is negative; give its size, {-value:g}, and polarity: negative")
    return value


Size = AfterValidator(_check_size)
"""Size of pulses whose sign is their polarity."""


class _Pulses(AbstractStep):
    """A train of equal trapezoidal pulses.

    A pulse rises linearly for `rise`, stays up, and falls for `rise`, so that its
    area is amplitude x (width - rise): `width` is the time from the start of the
    rise to the end of the fall. The next pulse starts a `period` after the start
    of the one before.
    """

    width: Duration
    period: Duration
    rise: Annotated[Time, Field(ge=0)] = 0.0
    count: Count = 1
    polarity: Polarity = "positive"

    @model_validator(mode="after")
    def _check_times(self) -> _Pulses:
        if self.width > self.period * (1 + 1e-12):
            raise ValueError(
                f"width = {self.width} s is longer than period = {self.period} s, so that pulses would "
                "overlap; shorten the width or lengthen the period"
            )
        if 2 * self.rise > self.width * (1 + 1e-12):
            raise ValueError(
                f"rise = {self.rise} s is more than half of width = {self.width} s, so that a pulse never "
                "reaches its amplitude; shorten the rise or lengthen the width"
            )
        return self

    @property
    def duration(self) -> float:
        """Length of the train in s, with the rest of the last period."""
        return self.count * self.period

    @property
    def sign(self) -> int:
        """1 or -1, of the first pulse."""
        return -1 if self.polarity == "negative" else 1

    @property
    def breakpoints(self) -> float:
        """Four a pulse."""
        return 4.0 * self.count

    def shape(self) -> tuple[FloatArray, FloatArray]:
        """Breakpoints of the train: times in s from its start, values from -1 to 1."""
        times: list[float] = []
        values: list[float] = []
        for index in range(self.count):
            sign = -1.0 if self.polarity == "alternating" and index % 2 else float(self.sign)
            start = index * self.period
            times += [start, start + self.rise, start + self.width - self.rise, start + self.width]
            values += [0.0, sign, sign, 0.0]
        return np.array(times), np.array(values)

    def scaled(self, size: float, base: float = 0.0) -> Shape:
        """The train with pulses of a `size` on a `base`."""
        times, values = self.shape()
        return Shape(tuple(zip(times.tolist(), (base + size * values).tolist(), strict=True)))


class TerminalPulses(_Pulses, TerminalStep):
    """A train of pulses at terminals: of a current, of its density or of a voltage."""

    def pulse_edges(self) -> list[tuple[float, float]]:
        """Give the starts and ends of its pulses in s, from its own start."""
        return [(index * self.period, index * self.period + self.width) for index in range(self.count)]


class CurrentPulses(TerminalPulses):
    """A train of current pulses.

    Parameters
    ----------
    amplitude : float or str
        Current density in A/m2 (not negative; the sign is the `polarity`'s). A
        positive current flows along the terminal's direction, +x if it has none.
    width, period, rise : float or str
        Whole length of a pulse, distance of the starts of two pulses, and length
        of the linear rise and of the fall, in s.
    count : int
        How many pulses.
    polarity : {"positive", "negative", "alternating"}
        Sign of the pulses; an alternating train starts positive.
    terminal : str or sequence of str, optional
        Terminal of the device that carries it; several carry the same density. Not
        needed where the device has one.

    Examples
    --------
    >>> from runs import CurrentPulses
    >>> train = CurrentPulses(amplitude="1e12 A/m^2", width="0.5 ns", period="1 ns", count=8, polarity="negative")
    >>> train.duration
    8e-09
    """

    do: Literal["current pulses"] = "current pulses"
    amplitude: Annotated[CurrentDensity, Size]

    def current_shape(self) -> Shape:
        """Give the train in A/m2."""
        return self.scaled(self.amplitude)


class StripLinePulses(TerminalPulses):
    """A train of current pulses in a strip line, which makes a field.

    Parameters
    ----------
    amplitude : float or str
        Current in A (not negative; the sign is the `polarity`'s), along +y where it is
        positive.
    width, period, rise, count, polarity, terminal
        As for `CurrentPulses`.

    Examples
    --------
    >>> pulses = StripLinePulses(amplitude="5 mA", width="1 ns", period="3 ns", count=4, terminal="clock_0")
    >>> pulses.duration
    1.2e-08
    """

    unit: ClassVar[str] = "A"

    do: Literal["strip line pulses"] = "strip line pulses"
    amplitude: Annotated[Current, Size]

    def current_shape(self) -> Shape:
        """Give the train in A."""
        return self.scaled(self.amplitude)


class FieldPulses(_Pulses):
    """A train of field pulses.

    Parameters
    ----------
    amplitude : three of float or str
        Field strength H in A/m along x, y, z ("10 mT/mu0"), added to the field
        that the step before left.
    width, period, rise, count, polarity
        As for `CurrentPulses`.

    Examples
    --------
    >>> from runs import FieldPulses
    >>> pulses = FieldPulses(amplitude=("5 mT/mu0", 0, 0), width="1 ns", period="2 ns", count=3)
    >>> [round(each) for each in pulses.amplitude]
    [3979, 0, 0]
    """

    do: Literal["field pulses"] = "field pulses"
    amplitude: Vector

    @property
    def occupies(self) -> tuple[str, ...]:
        """The applied field."""
        return ("the applied field",)

    def field_shapes(self, present: FloatArray) -> tuple[Shape, Shape, Shape]:
        """Give the train along x, y and z."""
        x, y, z = (self.scaled(size, base) for size, base in zip(self.amplitude, present.tolist(), strict=True))
        return x, y, z
