"""How Thiele's equation is fitted in a campaign, and the runs under a constant current that a fit sees as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from geometries.description import Description
from solitons.figures import value_label

__all__ = ["ThieleFitSettings", "TrainingRun"]


class ThieleFitSettings(Description):
    """How Thiele's equation is fitted.

    Parameters
    ----------
    held_out : int
        How many runs in which all skyrmions stay the fit does not see; it predicts them afterwards. The one with the
        strongest current is never among them.
    seed : int
        Seed that chooses them.
    """

    held_out: Annotated[int, Field(ge=1)] = 2
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0


@dataclass(frozen=True)
class TrainingRun:
    """A run under a constant current density (A/m2), which the fit always sees."""

    current: float

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"training: a constant current of {value_label(self.current, 'A/m^2')}"
