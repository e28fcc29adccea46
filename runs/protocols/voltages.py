"""Steps of a protocol in time that put a voltage on a gate."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from geometries.quantities import Voltage
from runs.protocols.abstract_step import Shape
from runs.protocols.alternating import AlternatingTerminal
from runs.protocols.constant import ConstantTerminal
from runs.protocols.pulses import Size, TerminalPulses

__all__ = ["AlternatingVoltage", "ConstantVoltage", "VoltagePulses"]


class VoltagePulses(TerminalPulses):
    """A train of voltage pulses on a gate.

    Parameters
    ----------
    amplitude : float or str
        Voltage in V (not negative; the sign is the `polarity`'s).
    width, period, rise, count, polarity, terminal
        As for `CurrentPulses`.

    Examples
    --------
    >>> VoltagePulses(amplitude="1 V", width="0.5 ns", period="2 ns", count=4, polarity="alternating").duration
    8e-09
    """

    unit: ClassVar[str] = "V"

    do: Literal["voltage pulses"] = "voltage pulses"
    amplitude: Annotated[Voltage, Size]

    def current_shape(self) -> Shape:
        """Give the train in V."""
        return self.scaled(self.amplitude)


class ConstantVoltage(ConstantTerminal):
    """A voltage on a gate while the step lasts.

    Parameters
    ----------
    amplitude : float or str
        Voltage in V, with its sign.
    duration, rise, terminal
        As for `ConstantCurrent`.

    Examples
    --------
    >>> from runs import ConstantVoltage
    >>> ConstantVoltage(amplitude="0.5 V", duration="2 ns").amplitude
    0.5
    """

    unit: ClassVar[str] = "V"

    do: Literal["constant voltage"] = "constant voltage"
    amplitude: Voltage

    def current_shape(self) -> Shape:
        """Give the voltage in V."""
        return self.held(self.amplitude)


class AlternatingVoltage(AlternatingTerminal):
    """An alternating voltage on a gate.

    Parameters
    ----------
    amplitude : float or str
        Amplitude of the voltage, in V.
    frequency, duration, phase, ramp, final_frequency, terminal
        As for `AlternatingCurrent`.

    Examples
    --------
    >>> AlternatingVoltage(amplitude="0.2 V", frequency="1 GHz", duration="10 ns", ramp="1 ns").unit
    'V'
    """

    unit: ClassVar[str] = "V"

    do: Literal["alternating voltage"] = "alternating voltage"
    amplitude: Annotated[Voltage, Field(ge=0)]

    def current_shape(self) -> Shape:
        """Give the sine in V."""
        return Shape(oscillations=self.scaled(self.amplitude))
