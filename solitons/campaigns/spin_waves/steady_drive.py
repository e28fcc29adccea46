"""How antennas are driven until waves of one frequency are steady, and how often these are recorded."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from geometries.description import Description
from geometries.quantities import Current, Frequency, format_quantity
from runs.protocols.abstract_step import Duration

__all__ = ["SteadyDrive"]

_MOST = 40
"""Frames a period: more fill the memory, and are no better."""


class SteadyDrive(Description):
    """How antennas are driven: `frequency` in Hz, and the amplitude `current` in A of one that is driven alone.

    `settling` and `decision` are in s: from when on waves are steady, and how long they are then read; `ramp` in s is
    the rise and fall of the currents.
    """

    frequency: Annotated[Frequency, Field(gt=0)]
    current: Annotated[Current, Field(gt=0)]
    settling: Duration
    decision: Duration
    ramp: Duration = 5e-10

    def interval(self, samples: int) -> float:
        """Time in s from frame to frame: the longest of whole ps that divides all times, for `samples` a period."""
        common = math.gcd(*(round(each * 1e12) for each in (self.settling, self.decision, self.ramp)))
        longest = 1e12 / (samples * self.frequency)
        return max((each for each in range(1, common + 1) if common % each == 0 and each <= longest), default=1) * 1e-12

    def check_times(self, samples: int, periods: int) -> None:
        """Refuse times that are too short, or that no frames of whole picoseconds divide well."""
        for name in ("settling", "decision", "ramp"):
            value = getattr(self, name)
            if abs(value * 1e12 - round(value * 1e12)) > 1e-6:
                raise ValueError(f"drive.{name} = {value:.6g} s is no whole number of picoseconds; round it")
        settling, decision, ramp = (format_quantity(each, "s") for each in (self.settling, self.decision, self.ramp))
        driven = f"drive.frequency = {format_quantity(self.frequency, 'Hz')}"
        if self.decision * self.frequency < periods:
            read = f"drive.decision = {decision} is {self.decision * self.frequency:.2g} periods of {driven}"
            raise ValueError(f"{read}, and {periods} are needed; read it for longer")
        if self.ramp >= self.settling:
            raise ValueError(f"drive.settling = {settling} is over before the ramp of {ramp}; settle for longer")
        frames = 1 / (self.interval(samples) * self.frequency)
        if not samples * (1 - 1e-9) <= frames <= _MOST:
            raise ValueError(
                f"drive.settling = {settling}, decision = {decision} and ramp = {ramp} share {frames:.3g} frames a "
                f"period of {driven}, and {samples} to {_MOST} are needed; round the times, or choose a lower frequency"
            )
