"""The clock of gates and of netlists: a field that takes all states away and falls."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries.description import Description
from geometries.quantities import FieldStrength
from runs.protocols.abstract_step import Duration

__all__ = ["LogicClock"]


class LogicClock(Description):
    """A field across the bits that takes all states away, and falls in one zone after the other.

    Parameters
    ----------
    field : float or str
        Its strength along x, in A/m.
    field_steps : int
        Of its fall in each zone at 0 K, where the magnets are at rest in each.
    hold, fall, rest : float or str
        With heat: for how long it is held, falls in each zone, and is off before the outputs are read, in s.
    """

    field: Annotated[FieldStrength, Field(gt=0)]
    field_steps: Annotated[int, Field(ge=4, le=200)] = 8
    hold: Duration = 300e-12
    fall: Duration
    rest: Duration = 500e-12

    def duration(self, zones: int = 1) -> float:
        """Of one operation with heat, in s."""
        return self.hold + zones * self.fall + self.rest
