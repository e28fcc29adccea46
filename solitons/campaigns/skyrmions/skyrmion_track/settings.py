"""How a track's skyrmion is fitted."""

from __future__ import annotations

from solitons.campaigns.skyrmions.fitted_skyrmions.settings import ThieleFitSettings

__all__ = ["SkyrmionFitSettings"]


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
