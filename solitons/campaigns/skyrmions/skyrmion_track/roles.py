"""What a run of a track's campaign is for, besides those that are swept."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.figures import value_label

__all__ = ["ExpulsionCheck"]


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
