"""How a track's skyrmion is fitted, and the runs that check its expulsion."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.campaigns.skyrmions.settings import ThieleFitSettings
from solitons.figures import value_label

__all__ = ["ExpulsionCheck", "SkyrmionFitSettings"]


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


@dataclass(frozen=True)
class ExpulsionCheck:
    """A run that checks the predicted expulsion current (A/m2), which the fit does not see.

    `stays` is what the model predicts.
    """

    current: float
    stays: bool

    def __str__(self) -> str:
        """Say it as the report does."""
        expected = "stay" if self.stays else "leave"
        return f"check: {value_label(self.current, 'A/m^2')}, the skyrmion should {expected}"
