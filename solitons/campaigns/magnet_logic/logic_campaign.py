"""What campaigns of gates and of netlists ask for alike."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries import MaterialField
from geometries.magnet_logic import MagnetGrid
from geometries.quantities import Temperature
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.magnet_logic.clock import LogicClock

__all__ = ["AbstractLogicCampaign", "refuse_hours"]

_MOST_STEPS = 2e10
"""Steps of all magnets: about an hour on two cores."""


class AbstractLogicCampaign(AbstractCampaign):
    """An array of nanomagnets on a grid, a clock, and macrospins of it with heat.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`.
    grid : MagnetGrid
        Sizes and gaps of the magnets.
    material : Material or str
        What they are made of.
    temperature : float or str
        In K.
    clock : LogicClock
        The field that takes all states away, and falls.
    members : int
        Arrays of macrospins in each row.
    seed : int
        Of the macrospins' random numbers.
    """

    grid: MagnetGrid
    material: MaterialField
    temperature: Annotated[Temperature, Field(gt=0)] = 300.0
    clock: LogicClock
    members: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


def refuse_hours(steps: float, asked: str, remedy: str) -> None:
    """ValueError if macrospins take more time steps than some hour has; the words name fields and what to change."""
    if steps > _MOST_STEPS:
        raise ValueError(f"{asked}, are {steps:.2g} time steps of a magnet, above {_MOST_STEPS:.2g}; {remedy}")
