"""Common analysis of arrays of gates and netlists: rows at 0 K, and how often heat makes each wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import truth_table
from geometries import MagnetArray
from geometries.magnet_logic import netlist_values
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.magnet_logic import logic_figures
from solitons.campaigns.magnet_logic.logic_results import LogicResults, LogicRow, Row, WrongTrials, row_label

__all__ = ["counted", "gate_figures", "gate_values", "row_at_rest", "with_heat"]

Floats = npt.NDArray[np.float64]
Q = TypeVar("Q", bound=LogicRow)


def row_at_rest(
    row: Row, expected: Mapping[str, int], array: MagnetArray, predicted: xr.Dataset, seen: xr.Dataset | None
) -> LogicRow:
    """A row at 0 K, as macrospins predict it and as micromagnetics has it.

    Both are `logic_values` over `step` and `magnet`; the second step is the whole clock.
    """
    names, wanted = list(expected), list(expected.values())
    end = predicted.isel(step=-1)
    found = LogicRow(
        row=row,
        expected=dict(expected),
        model={name: int(end.value.sel(magnet=name)) for name in names},
        model_margin=float((end.projection.sel(magnet=names).values * wanted).min()),
        unlike=_unlike(array, names, end),
    )
    if seen is None:
        return found
    last, free = seen.isel(step=-1), [magnet.name for magnet in array.magnets if magnet.clocked]
    cleared = seen.projection.isel(step=2).sel(magnet=free)
    differences = last.projection.sel(magnet=free) - end.projection.sel(magnet=free)
    return found.model_copy(
        update={
            "seen": {name: int(last.value.sel(magnet=name)) for name in names},
            "margin": float((last.projection.sel(magnet=names).values * wanted).min()),
            "uncleared": float(np.abs(cleared.values).max()),
            "difference": float(np.abs(differences.values).max()),
            "unlike": _unlike(array, names, last),
        }
    )


def _unlike(array: MagnetArray, outputs: list[str], end: xr.Dataset) -> list[str]:
    """Magnets on the way to the outputs that are not what neighbours and zones say, where these say something."""
    derived = netlist_values(array)
    inner = [magnet.name for magnet in array.magnets if magnet.clocked and magnet.name not in outputs]
    return [name for name in inner if derived[name] and int(end.value.sel(magnet=name)) != derived[name]]


def counted(projections: Floats, expected: Mapping[str, int]) -> WrongTrials:
    """Count trials with a wrong or an undecided output.

    `projections` (trials, outputs) are the mean m of each output along its axis at the end.
    """
    right = np.clip(projections, -1, 1) * list(expected.values())
    table = truth_table(right.min(axis=1)[None], [1]).isel(row=0)
    return WrongTrials(
        trials=len(right),
        wrong=int(table["wrong"]),
        undecided=int(table["undecided"]),
        low=float(table["error_low"]),
        high=float(table["error_high"]),
        outputs={name: int((right[:, place] < 0.5).sum()) for place, name in enumerate(expected)},
    )


def with_heat(
    rows: Sequence[Q], follow: Callable[[Row, int], Floats], seeds: Sequence[int], members: int, stages: Stages
) -> list[Q]:
    """Rows with how often heat makes each wrong; as they are where one is wrong at 0 K already.

    `follow` takes a row and a seed, and gives projections as of `counted`.
    """
    if not all(each.right and each.model == each.expected for each in rows):
        return list(rows)
    return [
        each.model_copy(update={"thermal": counted(follow(each.row, seed), each.expected)})
        for each, seed in stages.over(f"Follow {members:,} arrays a row", list(zip(rows, seeds, strict=False)))
    ]


def gate_values(array: MagnetArray) -> dict[str, Any]:
    """Names in `magnet_logic/gate.md` beside campaign and results."""
    return {"array": array, "row_label": row_label, "signs": {1: "+", -1: "−", 0: "undecided"}}


def gate_figures(results: LogicResults[Any], shown: Sequence[logic_figures.ArrayAtRest]) -> dict[str, Any]:
    """The figures that it names; `shown` are the arrays at the end of the clock, by row."""
    return {
        "array": partial(logic_figures.array_figure, shown[0].array),
        "rows": partial(logic_figures.rows_figure, shown, results.rows),
        "errors": partial(logic_figures.error_figure, results),
    }
