r"""A step of a protocol in time that excites all frequencies up to a cutoff alike.

.. math:: a \, \frac{\sin 2 \pi f_c \tau}{2 \pi f_c \tau} \cos^2 \frac{\pi \tau}{T}

with :math:`\tau` from the middle of the step, T its duration: a sinc, whose spectrum is even up to the cutoff
:math:`f_c` and 0 beyond, under Hann's window, which lets it begin and end at 0 and rounds the edge of the spectrum over
2 / T to either side. It is straight lines through 16 points in each 1 / f_c, so that both engines have the same pulse:
its spectrum is lower by sinc^2(f / 16 f_c), 1.3 % at the cutoff, and what they add lies above 15 f_c.
"""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from geometries.quantities import Current, Frequency
from runs.protocols.abstract_step import Duration, Shape, TerminalStep

__all__ = ["StripLineSinc"]

_POINTS = 16
"""In 1 / f_c."""
_SHORTEST = 4
"""Least duration T, in 1 / f_c: the edge of the spectrum, 4 / T, is then as wide as the band."""


class StripLineSinc(TerminalStep):
    """A sinc pulse of the current in a strip line: an antenna that sends waves of all frequencies up to a cutoff.

    A packet about one frequency is an `AlternatingStripLine` whose `ramp` is half of its duration.

    Parameters
    ----------
    amplitude : float or str
        Height of the pulse, in A, with its sign.
    cutoff : float or str
        Highest frequency, in Hz.
    duration : float or str
        Length of the step in s, at least 4 / cutoff; the maximum is in its middle.
    terminal : str or sequence of str, optional
        As for `CurrentPulses`.

    Raises
    ------
    pydantic.ValidationError
        If it is shorter than 4 / cutoff, or a value is out of its range or of another dimension.

    Examples
    --------
    >>> from runs import Protocol, StripLineSinc
    >>> pulse = StripLineSinc(amplitude="1 mA", cutoff="20 GHz", duration="1 ns")
    >>> round(1e3 * float(Protocol(steps=[pulse]).current()(0.5e-9)), 6)  # mA
    1.0
    """

    unit: ClassVar[str] = "A"

    do: Literal["strip line sinc"] = "strip line sinc"
    amplitude: Current
    cutoff: Annotated[Frequency, Field(gt=0)]
    duration: Duration

    @model_validator(mode="after")
    def _is_long_enough(self) -> StripLineSinc:
        if self.cutoff * self.duration < _SHORTEST * (1 - 1e-9):
            raise ValueError(
                f"duration = {self.duration} s is {self.cutoff * self.duration:.3g} / cutoff, and the spectrum of so "
                f"short a pulse has no edge at the cutoff; choose {_SHORTEST / self.cutoff:.3g} s or more"
            )
        return self

    @property
    def breakpoints(self) -> float:
        """Sixteen in 1 / f_c."""
        return _POINTS * self.cutoff * self.duration

    def current_shape(self) -> Shape:
        """Give the pulse in A."""
        # An even number of intervals has a point on the maximum.
        since = np.linspace(-0.5, 0.5, 1 + 2 * math.ceil(self.breakpoints / 2))
        values = self.amplitude * np.sinc(2 * self.cutoff * self.duration * since) * np.cos(np.pi * since) ** 2
        values[[0, -1]] = 0.0
        return Shape(tuple(zip((self.duration * (0.5 + since)).tolist(), values.tolist(), strict=True)))
