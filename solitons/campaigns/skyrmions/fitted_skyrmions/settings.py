"""How Thiele's equation is fitted in a campaign."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries.description import Description

__all__ = ["ThieleFitSettings"]


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
