"""Steps of a protocol in time that hold a current or a field at one value, or take a current along straight lines."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.quantities import Current, CurrentDensity, Time
from runs.protocols.abstract import Vector
from runs.protocols.abstract_step import AbstractStep, Duration, Shape, TerminalStep

__all__ = ["ConstantCurrent", "ConstantField", "ConstantStripLine", "ConstantTerminal", "CurrentLines"]

FloatArray = npt.NDArray[np.float64]


class _Constant(AbstractStep):
    """One value, with a linear rise before and a fall after it if there is a `rise`."""

    duration: Duration
    rise: Annotated[Time, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _check_rise(self) -> _Constant:
        if 2 * self.rise > self.duration * (1 + 1e-12):
            raise ValueError(
                f"rise = {self.rise} s is more than half of duration = {self.duration} s, so that the drive never "
                "reaches its amplitude; shorten the rise or lengthen the duration"
            )
        return self

    @property
    def breakpoints(self) -> float:
        """Those of one pulse."""
        return 4.0

    def held(self, size: float, base: float = 0.0) -> Shape:
        """The value of a `size` on a `base`."""
        times = (0.0, self.rise, max(self.rise, self.duration - self.rise), self.duration)
        return Shape(tuple(zip(times, (base, base + size, base + size, base), strict=True)))


class ConstantTerminal(_Constant, TerminalStep):
    """One value at terminals."""


class ConstantCurrent(ConstantTerminal):
    """A direct current.

    Parameters
    ----------
    amplitude : float or str
        Current density in A/m2, with its sign: a positive current flows along the terminal's
        direction, +x if it has none.
    duration : float or str
        Length of the step in s, the rise and the fall included.
    rise : float or str
        Length of the linear rise at the start and of the fall at the end, in s.
    terminal : str or sequence of str, optional
        As for `CurrentPulses`.

    Examples
    --------
    >>> from runs import Protocol
    >>> drive = Protocol(steps=[ConstantCurrent(amplitude="-2e11 A/m2", duration="1 ns", rise="0.1 ns")])
    >>> drive.current()([0.05e-9, 0.5e-9]).tolist()
    [-100000000000.0, -200000000000.0]
    """

    do: Literal["constant current"] = "constant current"
    amplitude: CurrentDensity

    def current_shape(self) -> Shape:
        """Give the current density in A/m2."""
        return self.held(self.amplitude)


class CurrentLines(TerminalStep):
    """A current that goes along straight lines from value to value, such as the sum of spikes that overlap.

    Parameters
    ----------
    points : sequence of (float or str, float or str)
        Times in s from the start of the step, rising from 0, and current densities in A/m2 with their sign. The step
        lasts until the last, after which the current is 0; two points at one time are a jump.
    terminal : str or sequence of str, optional
        As for `CurrentPulses`.

    Examples
    --------
    >>> from runs import Protocol
    >>> spike = CurrentLines(points=[(0, 0), ("0.1 ns", "8e11 A/m2"), ("0.3 ns", "-4e11 A/m2"), ("1 ns", 0)])
    >>> Protocol(steps=[spike]).current()([0.1e-9, 0.65e-9]).tolist()
    [800000000000.0, -200000000000.0]
    """

    do: Literal["current lines"] = "current lines"
    points: Annotated[tuple[tuple[Annotated[Time, Field(ge=0)], CurrentDensity], ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _check_points(self) -> CurrentLines:
        times = np.array([time for time, _ in self.points])
        if times[0] != 0 or times[-1] <= 0 or np.any(np.diff(times) < 0):
            raise ValueError(
                f"points begin at {times[0]:g} s and end at {times[-1]:g} s; their times must rise from 0, so sort them"
            )
        return self

    @property
    def duration(self) -> float:
        """Length of the step in s: the last point's time."""
        return self.points[-1][0]

    @property
    def breakpoints(self) -> float:
        """Its points."""
        return float(len(self.points))

    def current_shape(self) -> Shape:
        """Give the current density in A/m2."""
        return Shape(self.points if self.points[-1][1] == 0 else (*self.points, (self.duration, 0.0)))


class ConstantStripLine(ConstantTerminal):
    """A direct current in a strip line, which makes a field.

    Parameters
    ----------
    amplitude : float or str
        Current in A, along +y where it is positive.
    duration, rise, terminal
        As for `ConstantCurrent`.

    Examples
    --------
    >>> from runs import Protocol
    >>> held = ConstantStripLine(amplitude="5 mA", duration="3 ns", rise="0.2 ns", terminal="clock_0")
    >>> round(Protocol(steps=[held]).duration * 1e9, 3)
    3.0
    """

    unit: ClassVar[str] = "A"

    do: Literal["constant strip line"] = "constant strip line"
    amplitude: Current

    def current_shape(self) -> Shape:
        """Give the current in A."""
        return self.held(self.amplitude)


class ConstantField(_Constant):
    """A field that is on while the step lasts.

    For one that stays on, use a `FieldRamp` to it; for one that is on throughout, the
    relaxation included, use `Protocol.static_field`.

    Parameters
    ----------
    amplitude : three of float or str
        Field strength H in A/m along x, y, z ("10 mT/mu0"), added to the field that the
        step before left.
    duration, rise
        As for `ConstantCurrent`.

    Examples
    --------
    >>> from runs import ConstantField
    >>> step = ConstantField(amplitude=(0, 0, "10 mT/mu0"), duration="3 ns")
    >>> round(step.amplitude[2])
    7958
    """

    do: Literal["constant field"] = "constant field"
    amplitude: Vector

    @property
    def occupies(self) -> tuple[str, ...]:
        """The applied field."""
        return ("the applied field",)

    def field_shapes(self, present: FloatArray) -> tuple[Shape, Shape, Shape]:
        """Give the field along x, y and z."""
        x, y, z = (self.held(size, base) for size, base in zip(self.amplitude, present.tolist(), strict=True))
        return x, y, z
