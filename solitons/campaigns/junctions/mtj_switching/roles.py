"""Roles of a switching campaign's runs, besides swept ones."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.campaigns.framework.base import SweptPoint
from solitons.figures import value_label

__all__ = ["JunctionRole", "OtherJunction", "PulseCheck", "WayBack"]


@dataclass(frozen=True)
class PulseCheck:
    """Real pulses with edges, and a rest after them: does what is counted under the current stay when it ends.

    Current density in A/m2, width of the pulse at half height in s.
    """

    current: float
    width: float

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"check: a pulse of {value_label(self.current, 'A/m^2')}, {value_label(self.width, 's')} long, and rest"


@dataclass(frozen=True)
class WayBack:
    """The mirror image of a swept run: out of the other state, under the current (A/m2) of the other sign."""

    current: float

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"way back: {value_label(self.current, 'A/m^2')}"


@dataclass(frozen=True)
class OtherJunction:
    """A junction of the same drawing with another anisotropy, by `deviation` standard deviations; current in A/m2."""

    deviation: float
    current: float

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"a junction {self.deviation:+g} standard deviations off, {value_label(self.current, 'A/m^2')}"


JunctionRole = SweptPoint | PulseCheck | WayBack | OtherJunction
"""Role of any run of a junction's campaign."""
