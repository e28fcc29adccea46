"""The steps of a protocol in time: rests, ramps, what happens at once, and when each begins.

A step has a duration, and adds breakpoints and oscillations to what it drives: terminals,
the applied field or the temperature.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field, SerializeAsAny

from geometries.description import Description, told_apart_by
from geometries.quantities import Temperature
from runs.protocols.abstract import Vector
from runs.protocols.abstract_step import AbstractStep, Duration, Shape
from runs.protocols.alternating import AlternatingCurrent, AlternatingField, AlternatingStripLine
from runs.protocols.constant import ConstantCurrent, ConstantField, ConstantStripLine, CurrentLines
from runs.protocols.pulses import CurrentPulses, FieldPulses, StripLinePulses
from runs.protocols.sinc_pulse import StripLineSinc
from runs.protocols.voltages import AlternatingVoltage, ConstantVoltage, VoltagePulses
from runs.waveforms.times import tidy

__all__ = ["AtOnce", "FieldRamp", "Placed", "Relax", "Rest", "Step", "TemperatureRamp", "TimedStep", "place"]

FloatArray = npt.NDArray[np.float64]


class Relax(AbstractStep):
    """Let the magnetisation find its energy minimum before the clock starts.

    It has no duration and may only be the first step; `Protocol.static_field` is
    on while it relaxes, currents are off.

    Examples
    --------
    >>> from runs import Protocol, Relax, Rest
    >>> Protocol(steps=[Relax(), Rest(duration="1 ns")], sampling_interval="0.1 ns").duration
    1e-09
    """

    do: Literal["relax"] = "relax"

    @property
    def duration(self) -> float:
        """None, in s."""
        return 0.0


class Rest(AbstractStep):
    """Wait without current; the field stays as the step before left it.

    Parameters
    ----------
    duration : float or str
        How long, in s.

    Examples
    --------
    >>> from runs import Rest
    >>> Rest(duration="2 ns").duration
    2e-09
    """

    do: Literal["rest"] = "rest"
    duration: Duration


class FieldRamp(AbstractStep):
    """Sweep the field linearly to a value, and leave it there.

    Parameters
    ----------
    to : three of float or str
        Field strength H in A/m along x, y, z at the end, beside
        `Protocol.static_field`.
    duration : float or str
        Length of the sweep in s.

    Examples
    --------
    >>> from runs import FieldRamp
    >>> ramp = FieldRamp(to=(0, 0, "50 mT/mu0"), duration="10 ns")
    >>> round(ramp.to[2])
    39789
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


class TemperatureRamp(AbstractStep):
    """Heat or cool linearly to a temperature, and stay there.

    The field stays as the step before left it. Heated so that its islands turn, and
    cooled slowly, a spin ice demagnetises.

    Parameters
    ----------
    to : float or str
        Temperature at the end, in K.
    duration : float or str
        Length of the ramp in s.

    Examples
    --------
    >>> from runs import TemperatureRamp
    >>> TemperatureRamp(to="400 K", duration="5 ns").to
    400.0
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


class Placed(NamedTuple):
    """A step and when it starts, in s."""

    start: float
    step: TimedStep

    @property
    def end(self) -> float:
        """When it is over, in s."""
        return tidy(self.start + self.step.duration)


TimedStep = (
    Rest
    | CurrentPulses
    | StripLinePulses
    | FieldPulses
    | FieldRamp
    | TemperatureRamp
    | ConstantCurrent
    | CurrentLines
    | ConstantStripLine
    | ConstantField
    | AlternatingCurrent
    | AlternatingStripLine
    | AlternatingField
    | StripLineSinc
    | VoltagePulses
    | ConstantVoltage
    | AlternatingVoltage
)
_OPEN = told_apart_by("do", "runs.steps")
Branch = Annotated[
    tuple[Annotated[SerializeAsAny[TimedStep], Field(discriminator="do"), _OPEN], ...], Field(min_length=1)
]


class AtOnce(Description):
    """Lists of steps that begin together, such as a pulse at one terminal and a wave at another.

    Parameters
    ----------
    branches : sequence of sequences of steps
        In a branch one step follows the other; the whole lasts as long as the longest
        branch. No two branches may drive the same terminal, the field or the temperature
        at the same time.

    Examples
    --------
    >>> from runs import ConstantField, CurrentPulses, Rest
    >>> assisted = AtOnce(
    ...     branches=[
    ...         [ConstantField(amplitude=(0, 0, "10 mT/mu0"), duration="4 ns")],
    ...         [Rest(duration="1 ns"), CurrentPulses(amplitude="5e11 A/m^2", width="1 ns", period="1 ns")],
    ...     ]
    ... )
    >>> assisted.duration
    4e-09
    """

    do: Literal["at once"] = "at once"
    branches: Annotated[tuple[Branch, ...], Field(min_length=2)]

    @property
    def duration(self) -> float:
        """Length of the longest branch in s."""
        return max(tidy(sum(step.duration for step in branch)) for branch in self.branches)


Step = Annotated[SerializeAsAny[Relax | TimedStep | AtOnce], Field(discriminator="do"), _OPEN]
"""A step of a protocol in time: one of these, or an `AbstractStep` that a package announces."""


def place(steps: Sequence[Relax | TimedStep | AtOnce]) -> tuple[Placed, ...]:
    """Give every step that takes time its start; steps of branches one by one, ordered by start."""
    return tuple(sorted(_in_order(steps, 0.0), key=lambda placed: placed.start))


def _in_order(steps: Sequence[Relax | TimedStep | AtOnce], start: float) -> Iterator[Placed]:
    for step in steps:
        if isinstance(step, AtOnce):
            yield from itertools.chain.from_iterable(_in_order(branch, start) for branch in step.branches)
        elif not isinstance(step, Relax):
            yield Placed(start, step)
        start = start + step.duration
