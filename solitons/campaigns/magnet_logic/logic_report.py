"""Parts of the reports of gates and of netlists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from solitons.campaigns.framework.page import table
from solitons.campaigns.magnet_logic.logic_results import AbstractLogicRow, row_label

__all__ = ["SIGNS", "rates_table"]

SIGNS = {1: "+", -1: "−", 0: "undecided"}
"""A logic value in a table."""


def rates_table(
    rows: Sequence[AbstractLogicRow],
    signals: Sequence[str],
    *,
    digits: int,
    further: Mapping[str, Sequence[int]] | None = None,
) -> Markup:
    """How often each row that was followed with heat is wrong, and rates of so many digits.

    `further` are counts by the head of their column.
    """
    further = further or {}
    hot = [(each.row, each.thermal) for each in rows if each.thermal is not None]
    cells = [
        [
            row_label(row),
            f"{trials.wrong:,}",
            f"{trials.undecided:,}",
            *(f"{counts[place]:,}" for counts in further.values()),
            f"{trials.trials:,}",
            f"{trials.rate:.{digits}%}",
            f"{trials.low:.3%} to {trials.high:.3%}",
        ]
        for place, (row, trials) in enumerate(hot)
    ]
    head = [f"inputs {' '.join(signals)}", "wrong", "undecided", *further, "of", "error rate", "95 % interval"]
    return table(head, cells)
