"""The steps of a protocol in time, and what each adds to the waveforms.

A step has a duration, and adds breakpoints and oscillations to what it drives: terminals,
the applied field or the temperature.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, Field, model_validator

from geometries.description import Description
from geometries.quantities import Angle, Current, CurrentDensity, Frequency, Temperature, Time
from runs.protocols.abstract import Vector
from runs.protocols.oscillation import Oscillation
from runs.protocols.times import tidy

__all__ = [
    "AlternatingCurrent",
    "AlternatingField",
    "AlternatingStripLine",
    "AtOnce",
    "CurrentPulses",
    "FieldPulses",
    "FieldRamp",
    "Placed",
    "Relax",
    "Rest",
    "Shape",
    "Step",
    "StripLinePulses",
    "TemperatureRamp",
    "TimedStep",
    "place",
]

FloatArray = npt.NDArray[np.float64]
Polarity = Literal["positive", "negative", "alternating"]
Duration = Annotated[Time, Field(gt=0)]


def _tidy_terminals(value: Any) -> Any:
    """One name in a list is the name, so that a run has one id however it was written."""
    if not isinstance(value, (list, tuple)):
        return value
    if not value:
        raise ValueError("terminal names none; leave it out where the device has one terminal")
    for index, name in enumerate(value):
        if name in value[:index]:
            raise ValueError(f"terminal has {name!r} twice; name each once")
    return value[0] if len(value) == 1 else tuple(value)


Terminals = Annotated[str | tuple[str, ...] | None, BeforeValidator(_tidy_terminals)]


class Shape(NamedTuple):
    """What a step adds to one waveform, in s from the start of the step."""

    points: tuple[tuple[float, float], ...] = ()
    oscillations: tuple[Oscillation, ...] = ()


class Placed(NamedTuple):
    """A step and when it starts, in s."""

    start: float
    step: TimedStep

    @property
    def end(self) -> float:
        """When it is over, in s."""
        return tidy(self.start + self.step.duration)


class _Step(Description):
    """What a step adds to the waveforms: nothing, but for what its own class says."""

    unit: ClassVar[str] = "A/m^2"

    @property
    def driven(self) -> tuple[str | None, ...]:
        """Names of the terminals that it drives; None for the device's only one."""
        return ()

    @property
    def occupies(self) -> tuple[str, ...]:
        """What no other step may change meanwhile, as errors name it."""
        return tuple("the terminal" if name is None else f"terminal {name!r}" for name in self.driven)

    def current_shape(self) -> Shape:
        """Give what it adds to the terminals that it drives, in `unit`."""
        return Shape()

    def field_shapes(self, present: FloatArray) -> tuple[Shape, Shape, Shape]:  # noqa: ARG002 - for fields
        """Give what it adds to the field along x, y and z in A/m, which is `present` before it."""
        return Shape(), Shape(), Shape()

    def temperature_shape(self, present: float) -> Shape:  # noqa: ARG002 - for ramps
        """Give what it adds to the temperature in K, which is `present` before it."""
        return Shape()

    def pulse_edges(self) -> list[tuple[float, float]]:
        """Give the starts and ends of its current pulses in s, from its own start."""
        return []


class Relax(_Step):
    """Let the magnetisation find its energy minimum before the clock starts.

    It has no duration and may only be the first step; `Protocol.static_field` is
    on while it relaxes, currents are off.
    """

    do: Literal["relax"] = "relax"

    @property
    def duration(self) -> float:
        """None, in s."""
        return 0.0


class Rest(_Step):
    """Wait without current; the field stays as the step before left it.

    Parameters
    ----------
    duration : float or str
        How long, in s.
    """

    do: Literal["rest"] = "rest"
    duration: Duration


class _Pulses(_Step):
    """A train of equal trapezoidal pulses.

    A pulse rises linearly for `rise`, stays up, and falls for `rise`, so that its
    area is amplitude x (width - rise): `width` is the time from the start of the
    rise to the end of the fall. The next pulse starts a `period` after the start
    of the one before.
    """

    width: Annotated[Time, Field(gt=0)]
    period: Annotated[Time, Field(gt=0)]
    rise: Annotated[Time, Field(ge=0)] = 0.0
    count: Annotated[int, Field(ge=1)] = 1
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

    def shape(self) -> tuple[FloatArray, FloatArray]:
        """Breakpoints of the train: times in s from its start, values from -1 to 1."""
        times: list[float] = []
        values: list[float] = []
        for index in range(self.count):
            sign = -1.0 if self.polarity == "negative" else 1.0
            if self.polarity == "alternating" and index % 2:
                sign = -1.0
            start = index * self.period
            times += [start, start + self.rise, start + self.width - self.rise, start + self.width]
            values += [0.0, sign, sign, 0.0]
        return np.array(times), np.array(values)

    def scaled(self, size: float, base: float = 0.0) -> Shape:
        """The train with pulses of a `size` on a `base`."""
        times, values = self.shape()
        return Shape(tuple(zip(times.tolist(), (base + size * values).tolist(), strict=True)))


class _CurrentTrain(_Pulses):
    """A train of pulses of a current or of its density."""

    terminal: Terminals = None

    @property
    def driven(self) -> tuple[str | None, ...]:
        """Names of the terminals that it drives; None for the device's only one."""
        return self.terminal if isinstance(self.terminal, tuple) else (self.terminal,)

    def pulse_edges(self) -> list[tuple[float, float]]:
        """Give the starts and ends of its pulses in s, from its own start."""
        return [(index * self.period, index * self.period + self.width) for index in range(self.count)]


class CurrentPulses(_CurrentTrain):
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
        Which terminal of the device carries it; several carry the same density. Not
        needed where the device has one.
    """

    do: Literal["current pulses"] = "current pulses"
    amplitude: Annotated[CurrentDensity, Field(ge=0)]

    def current_shape(self) -> Shape:
        """Give the train in A/m2."""
        return self.scaled(self.amplitude)


class StripLinePulses(_CurrentTrain):
    """A train of current pulses in a strip line, which makes a field.

    Parameters
    ----------
    amplitude : float or str
        Current in A (not negative; the sign is the `polarity`'s), along +y where it is
        positive.
    width, period, rise, count, polarity, terminal
        As for `CurrentPulses`.
    """

    unit: ClassVar[str] = "A"

    do: Literal["strip line pulses"] = "strip line pulses"
    amplitude: Annotated[Current, Field(ge=0)]

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


class FieldRamp(_Step):
    """Sweep the field linearly to a value, and leave it there.

    Parameters
    ----------
    to : three of float or str
        Field strength H in A/m along x, y, z at the end, beside
        `Protocol.static_field`.
    duration : float or str
        Length of the sweep in s.
    """

    do: Literal["field ramp"] = "field ramp"
    to: Vector
    duration: Duration

    @property
    def occupies(self) -> tuple[str, ...]:
        """The applied field."""
        return ("the applied field",)

    def field_shapes(self, present: FloatArray) -> tuple[Shape, Shape, Shape]:
        """Give a straight line along x, y and z."""
        ends = zip(present.tolist(), self.to, strict=True)
        x, y, z = (Shape(((0.0, start), (self.duration, end))) for start, end in ends)
        return x, y, z


class TemperatureRamp(_Step):
    """Heat or cool linearly to a temperature, and stay there.

    The field stays as the step before left it. Heated so that its islands turn, and
    cooled slowly, a spin ice demagnetises.

    Parameters
    ----------
    to : float or str
        Temperature at the end, in K.
    duration : float or str
        Length of the ramp in s.
    """

    do: Literal["temperature ramp"] = "temperature ramp"
    to: Annotated[Temperature, Field(ge=0)]
    duration: Duration

    @property
    def occupies(self) -> tuple[str, ...]:
        """The temperature."""
        return ("the temperature",)

    def temperature_shape(self, present: float) -> Shape:
        """Give a straight line."""
        return Shape(((0.0, present), (self.duration, self.to)))


class _Alternates(_Step):
    """A sine of constant frequency, or a linear chirp, that may rise and fall."""

    frequency: Annotated[Frequency, Field(gt=0)]
    duration: Duration
    phase: Angle = 0.0
    ramp: Annotated[Time, Field(ge=0)] = 0.0
    final_frequency: Annotated[Frequency, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _check_ramp(self) -> _Alternates:
        if 2 * self.ramp > self.duration * (1 + 1e-12):
            raise ValueError(
                f"ramp = {self.ramp} s is more than half of duration = {self.duration} s, so that the drive never "
                "reaches its amplitude; shorten the ramp or lengthen the duration"
            )
        return self

    def scaled(self, size: float) -> tuple[Oscillation, ...]:
        """The sine with an amplitude; none where it is 0."""
        if size == 0:
            return ()
        final = self.frequency if self.final_frequency is None else self.final_frequency
        return (Oscillation(0.0, self.duration, size, self.frequency, final, self.phase, self.ramp),)


class _AlternatingTerminal(_Alternates):
    terminal: Terminals = None

    @property
    def driven(self) -> tuple[str | None, ...]:
        """Names of the terminals that it drives; None for the device's only one."""
        return self.terminal if isinstance(self.terminal, tuple) else (self.terminal,)


class AlternatingCurrent(_AlternatingTerminal):
    """An alternating current: amplitude x sin(phase + 2 pi frequency t), t from the start of the step.

    Parameters
    ----------
    amplitude : float or str
        Of the current density, in A/m2.
    frequency : float or str
        In Hz ("5 GHz").
    duration : float or str
        Length of the step in s.
    phase : float or str
        At the start, in rad ("90 deg").
    ramp : float or str
        Length of the linear rise of the envelope, and of its fall at the end, in s.
    final_frequency : float or str, optional
        Frequency at the end in Hz, to which it changes linearly (a chirp); `frequency`
        if left out.
    terminal : str or sequence of str, optional
        As for `CurrentPulses`.
    """

    do: Literal["alternating current"] = "alternating current"
    amplitude: Annotated[CurrentDensity, Field(ge=0)]

    def current_shape(self) -> Shape:
        """Give the sine in A/m2."""
        return Shape(oscillations=self.scaled(self.amplitude))


class AlternatingStripLine(_AlternatingTerminal):
    """An alternating current in a strip line, which makes a field.

    Parameters
    ----------
    amplitude : float or str
        Of the current, in A.
    frequency, duration, phase, ramp, final_frequency, terminal
        As for `AlternatingCurrent`.
    """

    unit: ClassVar[str] = "A"

    do: Literal["alternating strip line"] = "alternating strip line"
    amplitude: Annotated[Current, Field(ge=0)]

    def current_shape(self) -> Shape:
        """Give the sine in A."""
        return Shape(oscillations=self.scaled(self.amplitude))


class AlternatingField(_Alternates):
    """An alternating field, added to the field that the step before left.

    Parameters
    ----------
    amplitude : three of float or str
        Field strength H in A/m along x, y, z; all three swing together.
    frequency, duration, phase, ramp, final_frequency
        As for `AlternatingCurrent`.
    """

    do: Literal["alternating field"] = "alternating field"
    amplitude: Vector

    @property
    def occupies(self) -> tuple[str, ...]:
        """The applied field."""
        return ("the applied field",)

    def field_shapes(self, present: FloatArray) -> tuple[Shape, Shape, Shape]:  # noqa: ARG002 - it is left alone
        """Give the sine along x, y and z."""
        x, y, z = (Shape(oscillations=self.scaled(size)) for size in self.amplitude)
        return x, y, z


TimedStep = (
    Rest
    | CurrentPulses
    | StripLinePulses
    | FieldPulses
    | FieldRamp
    | TemperatureRamp
    | AlternatingCurrent
    | AlternatingStripLine
    | AlternatingField
)
Branch = Annotated[tuple[Annotated[TimedStep, Field(discriminator="do")], ...], Field(min_length=1)]


class AtOnce(Description):
    """Lists of steps that begin together, such as a pulse at one terminal and a wave at another.

    Parameters
    ----------
    branches : sequence of sequences of steps
        In a branch one step follows the other; the whole lasts as long as the longest
        branch. No two branches may drive the same terminal, the field or the temperature
        at the same time.
    """

    do: Literal["at once"] = "at once"
    branches: Annotated[tuple[Branch, ...], Field(min_length=2)]

    @property
    def duration(self) -> float:
        """Length of the longest branch in s."""
        return max(tidy(sum(step.duration for step in branch)) for branch in self.branches)


Step = Annotated[Relax | TimedStep | AtOnce, Field(discriminator="do")]


def place(steps: Sequence[Relax | TimedStep | AtOnce]) -> tuple[Placed, ...]:
    """Give every step that takes time its start; those of branches one by one, in the order in which they start."""
    return tuple(sorted(_in_order(steps, 0.0), key=lambda placed: placed.start))


def _in_order(steps: Sequence[Relax | TimedStep | AtOnce], start: float) -> Iterator[Placed]:
    for step in steps:
        if isinstance(step, AtOnce):
            yield from itertools.chain.from_iterable(_in_order(branch, start) for branch in step.branches)
        elif not isinstance(step, Relax):
            yield Placed(start, step)
        start = start + step.duration
