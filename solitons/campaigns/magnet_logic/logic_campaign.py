"""Common settings of campaigns of gates and netlists."""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import Field

from geometries import MagnetArray
from geometries.description import Description
from geometries.magnet_logic import netlist_values
from geometries.magnet_logic.builders import MagnetGrid
from geometries.materials import MaterialField
from geometries.quantities import FieldStrength, Temperature
from runs.protocols.abstract_step import Duration
from solitons.campaigns.framework.base import AbstractCampaign, R, Role
from solitons.campaigns.magnet_logic.logic_results import Row

__all__ = ["AbstractLogicCampaign", "LogicClock", "refuse_hours", "trimmed"]

_MOST_STEPS = 2e10
"""Steps of all magnets: about an hour on two cores."""


class LogicClock(Description):
    """A field across the bits that takes all states away, and falls in one zone after the other.

    Parameters
    ----------
    field : float or str
        Its strength along x, in A/m.
    field_steps : int
        Steps of its fall in each zone at 0 K; the magnets are at rest in each step.
    hold, fall, rest : float or str
        With heat: for how long it is held, falls in each zone, and is off before the outputs are read, in s.
    """

    field: Annotated[FieldStrength, Field(gt=0)]
    field_steps: Annotated[int, Field(ge=4, le=200)] = 8
    hold: Duration = 300e-12
    fall: Duration
    rest: Duration = 500e-12

    def duration(self, zones: int = 1) -> float:
        """Duration of one operation with heat, in s."""
        return self.hold + zones * self.fall + self.rest


class AbstractLogicCampaign(AbstractCampaign[Role, R]):
    """An array of nanomagnets on a grid, a clock, and macrospins of it with heat.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`.
    grid : MagnetGrid
        Sizes and gaps of the magnets.
    material : Material or str
        Material of the magnets.
    temperature : float or str
        In K.
    clock : LogicClock
        The field that takes all states away, and falls.
    members : int
        Arrays of macrospins in each row.
    seed : int
        Seed of the macrospins' random numbers.
    """

    grid: MagnetGrid
    material: MaterialField
    temperature: Annotated[Temperature, Field(gt=0)] = 300.0
    clock: LogicClock
    members: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0

    @abstractmethod
    def array(self, row: Row | None = None) -> MagnetArray:
        """The array with the inputs of a row, or with any, without empty cells around it."""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All rows of the truth table."""
        return tuple(itertools.product((1, -1), repeat=len(self.array().signals)))

    @cached_property
    def arrays(self) -> Mapping[Row, MagnetArray]:
        """The arrays of all rows."""
        return {row: self.array(row) for row in self.rows}

    @cached_property
    def expected(self) -> Mapping[Row, Mapping[str, int]]:
        """Expected value of each output, in all rows."""
        return {row: self.expected_of(row) for row in self.rows}

    def expected_of(self, row: Row) -> dict[str, int]:
        """Expected value of each output in a row: by signs of the neighbours and the zones, unless a kind knows it."""
        values = netlist_values(self.arrays[row])
        return {each.name: values[each.name] for each in self.arrays[row].magnets if each.role == "output"}


def trimmed(array: MagnetArray) -> MagnetArray:
    """An array without empty cells around it."""
    return MagnetArray.model_validate(array.model_dump() | {"margin": 0.0})


def refuse_hours(steps: float, asked: str, remedy: str) -> None:
    """ValueError if macrospins would take more than about an hour; `asked` and `remedy` name fields."""
    if steps > _MOST_STEPS:
        raise ValueError(f"{asked}, are {steps:.2g} time steps of a magnet, above {_MOST_STEPS:.2g}; {remedy}")
