"""Places that hold a stripe's wall, as results have them."""

from __future__ import annotations

from solitons.campaigns.framework.results import ResultsPart
from solitons.figures import value_label

__all__ = ["PinningSite", "WrongWell", "depinning_of"]


class WrongWell(ResultsPart):
    """How often heat has a wall in another well than the same pulses without heat.

    Parameters
    ----------
    temperature : float
        In K.
    walls, wrong : int
        Half of the model's walls, and how many of them are elsewhere after the worst pulse.
    pulse : int
        Which one that is for the other half of the walls, from 1 on.
    share : float
        The chance.
    ci95 : (float, float)
        Its 95 % Wilson interval.
    runs, runs_wrong : int
        Runs at this temperature, and how many of them are elsewhere after that pulse.
    """

    temperature: float
    walls: int
    wrong: int
    pulse: int
    share: float
    ci95: tuple[float, float]
    runs: int
    runs_wrong: int

    def __str__(self) -> str:
        low, high = self.ci95
        return (
            f"{self.share:.1%} of walls in the wrong well after pulse {self.pulse} at "
            f"{value_label(self.temperature, 'K')} (95 %: {low:.1%} to {high:.1%})"
        )
