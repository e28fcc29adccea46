"""Interface of the steps of a protocol in time."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, BeforeValidator, Field

from geometries.description import Description
from geometries.quantities import Time
from runs.waveforms.oscillation import Oscillation

__all__ = ["AbstractStep", "Duration", "Shape", "TerminalStep", "Terminals"]

FloatArray = npt.NDArray[np.float64]


def _long_enough(time: float) -> float:
    if not time >= _SHORTEST:
        raise ValueError(
            f"{time:g} s is too short: nothing happens in less than {_SHORTEST:g} s; give a time of picoseconds "
            'or more, such as "50 ps"'
        )
    return time


_SHORTEST = 1e-18
Duration = Annotated[Time, Field(gt=0), AfterValidator(_long_enough)]
"""A time in s, long enough for something to happen."""


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
    """Contribution of a step to one waveform, in s from the start of the step."""

    points: tuple[tuple[float, float], ...] = ()
    oscillations: tuple[Oscillation, ...] = ()


class AbstractStep(Description):
    """Contributions of a step to the waveforms: none, unless its class adds some."""

    unit: ClassVar[str] = "A/m^2"

    @property
    def breakpoints(self) -> float:
        """How many breakpoints, and quarter periods of a sine, it adds to one waveform, or about as many."""
        return 2.0

    @property
    def driven(self) -> tuple[str | None, ...]:
        """Names of the terminals that it drives; None for the device's only one."""
        return ()

    @property
    def occupies(self) -> tuple[str, ...]:
        """Quantity that no other step may change meanwhile, as errors name it."""
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


class TerminalStep(AbstractStep):
    """A step that drives terminals."""

    terminal: Terminals = None

    @property
    def driven(self) -> tuple[str | None, ...]:
        """Names of the terminals that it drives; None for the device's only one."""
        return self.terminal if isinstance(self.terminal, tuple) else (self.terminal,)
