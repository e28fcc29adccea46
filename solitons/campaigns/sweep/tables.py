"""The tables of a sweep's report, as head and rows of text: a prefix for each column."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from solitons.campaigns.framework.axes import Axis
from solitons.campaigns.framework.page import inline_code
from solitons.campaigns.sweep.results import SweepResults
from solitons.campaigns.sweep.scales import Scale, scale_of

__all__ = ["MOST_ROWS", "runs_table", "seeds_table", "swept_rows"]

MOST_ROWS = 200
"""Number of rows of a table."""

HeadAndRows = tuple[list[str], list[list[str]]]


def swept_rows(axes: Sequence[Axis]) -> list[list[str]]:
    """Table of the axes: heading, its fields, how many values it has, and from where to where."""
    return [
        [
            axis.heading,
            Markup(", ").join(inline_code(field) for field in axis.fields),
            str(len(axis.values)),
            _range([float(value) for value in axis.values], scale_of(axis.values, axis.unit)),
        ]
        for axis in axes
    ]


def seeds_table(results: SweepResults, others: Sequence[Axis]) -> HeadAndRows:
    """Mean and standard deviation over the seeds, at the points of the other axes."""
    along = [scale_of(axis.values, axis.unit) for axis in others]
    observables = results.observables
    of = [scale_of([row.values[each.name] or 0.0 for row in results.rows], each.unit) for each in observables]
    head = [scale.heading(axis.heading) for axis, scale in zip(others, along, strict=True)]
    head += [scale.heading(each.label) for each, scale in zip(observables, of, strict=True)]
    rows = []
    for each in results.over_seeds[:MOST_ROWS]:
        at = [scale.text(each.at[axis.name]) for axis, scale in zip(others, along, strict=True)]
        for one, scale in zip(observables, of, strict=True):
            at.append(_mean(each.means[one.name], each.deviations[one.name], each.counts[one.name], scale))
        rows.append(at)
    return head, rows


def runs_table(results: SweepResults, frame: pd.DataFrame) -> HeadAndRows:
    """The values and observables of all runs; `frame` is `results.frame()`."""
    columns = [*results.axes, *results.observables]
    scales = [scale_of(frame[each.name], each.unit) for each in columns]
    head = [scale.heading(each.label) for each, scale in zip(columns, scales, strict=True)]
    rows = []
    for number, row in enumerate(results.rows[:MOST_ROWS]):
        cells = [scale.text(frame[each.name].iat[number]) for each, scale in zip(columns, scales, strict=True)]
        rows.append([*cells, inline_code(row.run_id)])
    return [*head, "run"], rows


def _range(values: Sequence[float], scale: Scale) -> str:
    low, high = scale.text(min(values)), scale.text(max(values))
    unit = f"× {scale.unit}" if scale.unit.startswith("10") else scale.unit
    return f"{low if low == high else f'{low} to {high}'} {unit}".strip()


def _mean(mean: float | None, deviation: float | None, count: int, scale: Scale) -> str:
    if mean is None:
        return "–"
    spread = f" ± {scale.text(deviation)}" if deviation is not None else ""
    return f"{scale.text(mean)}{spread} ({count})"
