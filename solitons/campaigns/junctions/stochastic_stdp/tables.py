"""The table of everything that was compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from solitons.campaigns.junctions.stochastic_stdp.layers import Learned

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["points_table"]


def points_table(learned: Mapping[str, Learned]) -> pd.DataFrame:
    """Layers of each task over currents, spreads and junctions, a line each, in SI units."""
    import pandas as pd

    rows = []
    for task, each in learned.items():
        for swept in ("currents", "spreads", "junctions"):
            for point in getattr(each.results, swept):
                content = point.model_dump()
                low, high = content.pop("ci95")
                rows.append({"task": task, "compared": swept} | content | {"low": low, "high": high})
    columns = ["task", "compared", "current", "spread", "junctions", "chance", "score", "worst", "low", "high"]
    columns += ["pulse_energy", "learning_energy", "written", "parallel", "trouble"]
    return pd.DataFrame(rows, columns=columns)
