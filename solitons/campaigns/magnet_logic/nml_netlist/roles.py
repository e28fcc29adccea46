"""What the runs of a netlist's campaign are for."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.campaigns.magnet_logic.logic_results import row_label
from solitons.campaigns.magnet_logic.nml_netlist.settings import Row

__all__ = ["RowRun"]


@dataclass(frozen=True)
class RowRun:
    """The array with the inputs of one row, at 0 K."""

    row: Row

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"inputs {row_label(self.row)}"
