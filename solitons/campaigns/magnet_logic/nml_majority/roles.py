"""What the runs of a gate's campaign are for, besides its rows at 0 K."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.campaigns.magnet_logic.logic_results import row_label
from solitons.campaigns.magnet_logic.nml_majority.settings import Row

__all__ = ["FittedPair", "HeldOutArray", "HotRow"]


@dataclass(frozen=True)
class FittedPair:
    """Two magnets in fields that turn one of them: what the macrospins are fitted to."""

    along: str
    drive: str

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"pair {'beside each other' if self.along == 'x' else 'end to end'}, {self.drive}"


@dataclass(frozen=True)
class HeldOutArray:
    """An array that the fit does not see."""

    name: str

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"held out: {self.name}"


@dataclass(frozen=True)
class HotRow:
    """One row with heat, many times."""

    row: Row

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"gate with heat, inputs {row_label(self.row)}"
