"""Description of the tunnel junction that reads a device, as a user writes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from geometries.description import Description
from geometries.quantities import PureNumber, ResistanceArea

__all__ = ["JunctionReadOut"]


class JunctionReadOut(Description):
    """The tunnel junction that reads a device: what lies over its read-out window.

    Parameters
    ----------
    resistance_area : float or str
        Resistance-area product of the junction in the parallel state, in ohm m2.
    tmr : float
        Tunnel magnetoresistance ratio (R_AP - R_P) / R_P, such as 1.5.
    polariser : three of float
        Direction of the junction's fixed layer.

    Examples
    --------
    >>> from solitons.devices import JunctionReadOut
    >>> read_out = JunctionReadOut(resistance_area="10 ohm*um^2", tmr=1.5)
    >>> read_out.resistance_area
    1e-11
    """

    resistance_area: Annotated[ResistanceArea, Field(ge=1e-30)]
    tmr: Annotated[PureNumber, Field(ge=1e-6, le=1e6)]
    polariser: tuple[PureNumber, PureNumber, PureNumber] = (0.0, 0.0, 1.0)

    @field_validator("polariser")
    @classmethod
    def _points_somewhere(cls, value: tuple[float, float, float]) -> tuple[float, float, float]:
        if not any(value):
            raise ValueError("polariser = (0, 0, 0) has no direction; give one, such as [0, 0, 1]")
        return value
