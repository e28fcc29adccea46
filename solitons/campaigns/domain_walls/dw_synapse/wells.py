"""Places that hold a stripe's wall, as results have them."""

from __future__ import annotations

from collections.abc import Sequence

from solitons.campaigns.framework.results import ResultsPart
from solitons.figures import value_label

__all__ = ["PinningSite", "WrongWell", "depinning_of"]


class PinningSite(ResultsPart):
    """A place that holds the wall, from the landscape.

    Parameters
    ----------
    position : float
        In m.
    hold_left, hold_right : float or None
        Size of the field in A/m along z that frees it to the left and to the right; None where the landscape rises
        up to its end.
    barrier_left, barrier_right : float or None
        Energy in J that it takes to leave.
    hill_left, hill_right : float or None
        Where the well ends on either side, in m (`solitons.domain_walls.landscape.Site`).
    frees_left, frees_right : float or None
        Current density in A/m2 along +x, with its sign, of the weakest pulse that frees it to either side; None
        where none up to ten times the campaign's strongest does.
    """

    position: float
    hold_left: float | None
    hold_right: float | None
    barrier_left: float | None
    barrier_right: float | None
    hill_left: float | None = None
    hill_right: float | None = None
    frees_left: float | None
    frees_right: float | None


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


def depinning_of(sites: Sequence[PinningSite]) -> float | None:
    """Smallest amplitude in A/m2 of a pulse that takes the wall from every site to the next one, either way.

    From the outermost sites outwards there is no next one; a single site counts on its easier side. None without sites,
    or where a wall stays whatever pulse is tried.
    """
    ways = [each.frees_right for each in sites[:-1]] + [each.frees_left for each in sites[1:]]
    if len(sites) == 1:
        found = [abs(each) for each in (sites[0].frees_left, sites[0].frees_right) if each is not None]
        return min(found, default=None)
    currents = [abs(each) for each in ways if each is not None]
    return max(currents) if currents and len(currents) == len(ways) else None
