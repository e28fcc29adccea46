"""Steps of a protocol in time that are sines, with an envelope and a chirp."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.quantities import Angle, Current, CurrentDensity, Frequency, Time
from runs.protocols.abstract import Vector
from runs.protocols.abstract_step import AbstractStep, Duration, Shape, TerminalStep
from runs.waveforms.oscillation import Oscillation

__all__ = ["AlternatingCurrent", "AlternatingField", "AlternatingStripLine", "AlternatingTerminal"]

FloatArray = npt.NDArray[np.float64]


class _Alternates(AbstractStep):
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

    @property
    def breakpoints(self) -> float:
        """Four a period."""
        return 4 * max(self.frequency, self.final_frequency or 0.0) * self.duration

    def scaled(self, size: float) -> tuple[Oscillation, ...]:
        """The sine with an amplitude; none where it is 0."""
        if size == 0:
            return ()
        final = self.frequency if self.final_frequency is None else self.final_frequency
        return (Oscillation(0.0, self.duration, size, self.frequency, final, self.phase, self.ramp),)


class AlternatingTerminal(_Alternates, TerminalStep):
    """A sine at terminals."""


class AlternatingCurrent(AlternatingTerminal):
    """An alternating current: direct + amplitude x sin(phase + 2 pi frequency t), t from the start of the step.

    Parameters
    ----------
    amplitude : float or str
        Amplitude of the current density, in A/m2.
    direct : float or str
        Direct current density on which it swings, in A/m2 with its sign: on from the start to the end, ramps included.
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

    Examples
    --------
    >>> from runs import AlternatingCurrent
    >>> drive = AlternatingCurrent(amplitude="1e11 A/m^2", frequency="2 GHz", duration="5 ns")
    >>> drive.frequency
    2000000000.0
    """

    do: Literal["alternating current"] = "alternating current"
    amplitude: Annotated[CurrentDensity, Field(ge=0)]
    direct: CurrentDensity = 0.0

    def current_shape(self) -> Shape:
        """Give the direct current and the sine in A/m2."""
        held = ((0.0, 0.0), (0.0, self.direct), (self.duration, self.direct), (self.duration, 0.0))
        return Shape(held if self.direct else (), self.scaled(self.amplitude))


class AlternatingStripLine(AlternatingTerminal):
    """An alternating current in a strip line, which makes a field.

    Parameters
    ----------
    amplitude : float or str
        Amplitude of the current, in A.
    frequency, duration, phase, ramp, final_frequency, terminal
        As for `AlternatingCurrent`.

    Examples
    --------
    >>> antenna = AlternatingStripLine(amplitude="2 mA", frequency="5 GHz", duration="4 ns", terminal="antenna")
    >>> round(antenna.frequency * antenna.duration)  # periods
    20
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

    Examples
    --------
    >>> from runs import AlternatingField
    >>> drive = AlternatingField(amplitude=(0, "1 mT/mu0", 0), frequency="8 GHz", duration="2 ns")
    >>> drive.duration
    2e-09
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
