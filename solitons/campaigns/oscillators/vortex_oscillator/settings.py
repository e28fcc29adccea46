"""Settings of a vortex oscillator: the kick out of the middle, and the batch of vortices that is followed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from geometries.description import Description
from geometries.quantities import FieldStrength, PureNumber, Temperature
from runs.protocols.abstract_step import Duration

__all__ = ["BatchSettings", "Kick", "OrbitRole"]


class Kick(Description):
    """A field in the plane before the current, which moves the core out of the middle, where no torque acts on it.

    Parameters
    ----------
    field : float or str
        Field strength along +x in A/m, such as "7 mT/mu0".
    duration : float or str
        In s; about a quarter of a turn.
    """

    field: Annotated[FieldStrength, Field(gt=0)] = 6e3
    duration: Duration = 0.5e-9


class BatchSettings(Description):
    """Many vortices that the fitted equation follows at once, as discs of one wafer with heat.

    Parameters
    ----------
    members : int
        How many.
    frequency_spread : float
        Relative standard deviation of their frequencies.
    temperature : float or str
        In K.
    seed : int
        Of the random numbers.
    """

    members: Annotated[int, Field(ge=100, le=100_000)] = 1000
    frequency_spread: Annotated[PureNumber, Field(ge=0, le=0.1)] = 0.01
    temperature: Annotated[Temperature, Field(ge=0)] = 300.0
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class OrbitRole(Description):
    """What a run is for: its current in A/m2, and whether the equation is fitted to it or judged by it."""

    current: float
    use: Literal["fitted", "judged"]

    def __str__(self) -> str:
        """Write it in words."""
        from solitons.figures import value_label

        return f"{value_label(self.current, 'A/m^2')}, {self.use}"
