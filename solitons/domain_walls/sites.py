"""Places that hold a wall, and the currents that free it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["PinningSite", "Site", "depinning_of"]


@dataclass(frozen=True)
class Site:
    """A place in m where a wall stays at rest.

    Holds are the largest pushes in A/m against a wall that is driven to a side, the sizes of the depinning fields; None
    where the landscape rises up to its end, so that there is no hill to leave over. Barriers are energies in J to
    leave. Hills are the highest places in m on the way to the next wells, between which a wall comes to rest here;
    where the landscape is level there, the first places with 95 % of the barrier, beyond which a wall is in no well.
    """

    position: float
    hold_left: float | None
    hold_right: float | None
    barrier_left: float | None
    barrier_right: float | None
    hill_left: float | None = None
    hill_right: float | None = None


@dataclass(frozen=True)
class PinningSite(Site):
    """A site with the current density in A/m2 along +x, with its sign, of the weakest pulse that frees a wall.

    To either side; None where none that was tried does.
    """

    frees_left: float | None = None
    frees_right: float | None = None


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
