"""The settings of an export check: which neurons, and how they are driven."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from geometries import Material
from geometries.description import Description
from geometries.quantities import Coordinate, CurrentDensity, FieldStrength, Length, Time

__all__ = ["FEWEST", "CheckedNeuron", "WallNeuron"]

FEWEST = 10_000
"""Spikes that are compared."""
_SHORTEST = 1e-12
_WEAKEST, _SOFTEST = 1.0, 1e-18
"""Smallest length in m, Ms in A/m and A in J/m: far below any magnet's, and large enough to divide by."""


class WallNeuron(Description):
    """A wall in a perpendicular stripe as a neuron, from material constants alone.

    Parameters
    ----------
    material : Material
        The easy axis must be z.
    thickness, width : float or str
        Size of the stripe in m.
    torque : {"zhang-li", "spin-orbit"}
        How the current acts.
    distance : float or str
        From the start to the threshold in m.
    leak_field : float or str
        Field in A/m that pulls the wall back.
    refractory : float or str
        Time in s for which it is deaf after a spike.
    """

    material: Material
    thickness: Annotated[Length, Field(ge=_SHORTEST, le=1e-6)]
    width: Annotated[Coordinate, Field(ge=_SHORTEST, le=1e-3)]
    torque: Literal["zhang-li", "spin-orbit"] = "zhang-li"
    distance: Annotated[Coordinate, Field(ge=_SHORTEST, le=1e-3)]
    leak_field: Annotated[FieldStrength, Field(ge=0)] = 0.0
    refractory: Annotated[Time, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _has_a_wall(self) -> WallNeuron:
        if self.material.Ms < _WEAKEST or self.material.A < _SOFTEST:
            raise ValueError(
                f"material: Ms = {self.material.Ms:g} A/m and A = {self.material.A:g} J/m make no wall; give at least "
                f"{_WEAKEST:g} A/m and {_SOFTEST:g} J/m"
            )
        return self


class CheckedNeuron(Description):
    """A neuron and the currents that drive it.

    Parameters
    ----------
    name : str
        In the report.
    wall : WallNeuron, optional
        A wall from material constants.
    model : path, optional
        A saved neuron of a campaign, in the place of it.
    drive : (float or str, float or str)
        Weakest and strongest |J| in A/m2.
    hold : float or str
        For how long each current is held in s; rounded to 10 ps.

    Raises
    ------
    pydantic.ValidationError
        If there is neither a wall nor a model, or both, or the drive does not rise.
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    wall: WallNeuron | None = None
    model: Path | None = None
    drive: tuple[Annotated[CurrentDensity, Field(gt=0)], Annotated[CurrentDensity, Field(gt=0)]]
    hold: Annotated[Time, Field(ge=10e-12)]

    @model_validator(mode="after")
    def _is_one_neuron(self) -> CheckedNeuron:
        if (self.wall is None) == (self.model is None):
            raise ValueError("give a wall or a model, the file of a saved neuron, and not both")
        if not self.drive[0] < self.drive[1]:
            raise ValueError(f"drive: {self.drive[1]:g} A/m^2 follows {self.drive[0]:g} A/m^2; write them rising")
        return self
