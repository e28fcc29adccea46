"""How a track's skyrmion is fitted."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries.description import Description

__all__ = ["SkyrmionFitSettings", "ThieleFitSettings"]


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


class SkyrmionFitSettings(ThieleFitSettings):
    """How Thiele's equation is fitted to a skyrmion in a track, and its expulsion checked.

    Parameters
    ----------
    held_out, seed
        As of `ThieleFitSettings`.
    check_expulsion : bool
        Whether the predicted expulsion current is checked by two more runs, with 5 % less and 5 % more.
    """

    check_expulsion: bool = True
