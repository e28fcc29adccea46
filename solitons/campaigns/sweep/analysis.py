"""The runs of a sweep made into its table, run by run: their meshes may differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.observables import NotInThisRun, Observable, SeenRun, measured, observables_named
from runs.spec import RunSpec
from solitons.campaigns.framework.axes import Axis
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun, SweptPoint
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.sweep.figures import drawn_values, observable_figure, plotted_axes, seed_axes
from solitons.campaigns.sweep.results import ColumnMeaning, RunRow, SeedStatistics, SweepResults
from solitons.campaigns.sweep.tables import MOST_ROWS, runs_table, seeds_table, swept_rows

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["analyse", "over_seeds", "read_off", "rehearse"]

_NAMED = 3  # runs that a note names


def analyse(
    runs: ComputedRuns[SweptPoint], stages: Stages, axes: Sequence[Axis], names: Sequence[str]
) -> Findings[SweepResults]:
    """Read the observables off every run of the sweep."""
    rows = []
    missing: dict[tuple[str, str], list[str]] = {}
    for run in stages.over("Observables", runs.labelled):
        values = {}
        for each, value, why in read_off(names, run.spec, runs.open(run)):
            if not math.isfinite(value):
                missing.setdefault((each.label, why), []).append(str(run.role))
            values[each.name] = value
        rows.append(RunRow(run_id=run.spec.run_id, at=run.role.values_by_axis, values=values))
    notes = [_note(*of, where, len(rows)) for of, where in missing.items()]
    return _findings(rows, runs.labelled[0].spec, axes, names, notes)


def rehearse(
    runs: Sequence[LabelledRun[SweptPoint]], axes: Sequence[Axis], names: Sequence[str]
) -> Findings[SweepResults]:
    """Findings with made-up numbers."""
    rows = [
        RunRow(run_id=str(number), at=run.role.values_by_axis, values=dict.fromkeys(names, float(number)))
        for number, run in enumerate(runs)
    ]
    return _findings(rows, runs[0].spec, axes, names)


def read_off(names: Sequence[str], spec: RunSpec, run: xr.Dataset) -> Iterator[tuple[Observable, float, str]]:
    """Observables of a run with their values; where one is no finite number, with why."""
    seen = SeenRun(spec, run)
    for each in observables_named(names):
        try:
            yield each, measured(each, seen), "it is no finite number in the run"
        except NotInThisRun as reason:
            yield each, math.nan, str(reason)


def _findings(
    rows: list[RunRow], first: RunSpec, axes: Sequence[Axis], names: Sequence[str], notes: Sequence[str] = ()
) -> Findings[SweepResults]:
    """The results that these rows make, and what the report draws from."""
    observables = observables_named(names)
    results = SweepResults(
        notes=list(notes),
        axes=[
            ColumnMeaning(
                name=axis.name, label=axis.heading, unit=axis.unit, description=f"{', '.join(axis.fields)} of the run"
            )
            for axis in axes
        ],
        observables=[
            ColumnMeaning(
                name=each.name, label=each.label, unit=each.unit, description=each.description, beside=each.beside
            )
            for each in observables
        ],
        rows=rows,
    )
    frame, seeds = results.frame(), seed_axes(axes)
    if seeds:
        results = results.model_copy(update={"over_seeds": over_seeds(frame, axes, seeds, observables)})
    shown = plotted_axes(axes)
    values = {
        "first": first,
        "swept": swept_rows(axes),
        "extremes": {each.name: results.extremes(each, frame) for each in results.observables},
        "missing": {each.name: int(frame[each.name].isna().sum()) for each in observables},
        "dots": any(axis not in shown for axis in seeds),
        "beside": {each.beside: each for each in observables if each.beside in names},
        "panels": len(drawn_values(shown[2])) if len(shown) > 2 else 0,
        "third": len(shown[2].values) if len(shown) > 2 else 0,
        "seeds": " and ".join(axis.heading for axis in seeds),
        "most_rows": MOST_ROWS,
        "over_seeds": seeds_table(results, [axis for axis in axes if axis not in seeds]) if seeds else ((), ()),
        "all_runs": runs_table(results, frame),
    }
    theories = {each.beside: each.name for each in observables if each.beside in names}
    drawn = {
        each.name: partial(observable_figure, frame, axes, each, theories.get(each.name))
        for each in observables
        if axes and each.beside not in names
    }
    return Findings(results, values=values, figures=drawn, tables={"observables": results.table()})


def over_seeds(
    frame: pd.DataFrame, axes: Sequence[Axis], seeds: Sequence[Axis], observables: Sequence[Observable]
) -> list[SeedStatistics]:
    """Mean and standard deviation over the seeds, at every point of the other axes."""
    others = [axis.name for axis in axes if axis not in seeds]
    # A frame cannot be grouped by nothing.
    groups = frame.groupby(others, sort=False) if others else [((), frame)]
    found = []
    for point, group in groups:
        at = dict(zip(others, map(float, np.atleast_1d(point)), strict=True))
        columns: Mapping[str, pd.Series[float]] = {each.name: group[each.name].dropna() for each in observables}
        found.append(
            SeedStatistics(
                at=at,
                counts={name: int(values.size) for name, values in columns.items()},
                means={name: float(values.mean()) for name, values in columns.items()},
                deviations={name: _deviation(values.to_numpy(np.float64)) for name, values in columns.items()},
            )
        )
    return found


def _deviation(values: npt.NDArray[np.float64]) -> float:
    """Standard deviation of a sample; 0 where values differ by rounding alone, NaN of fewer than two."""
    if values.size < 2:
        return math.nan
    same = np.ptp(values) <= 1e-12 * np.abs(values).max()
    return 0.0 if same else float(values.std(ddof=1))


def _note(what: str, why: str, where: Sequence[str], total: int) -> str:
    if not any(where):  # a sweep without axes has one run, without swept values
        return f"No {what}: {why}."
    named = "; ".join(where[:_NAMED])
    more = f" and {len(where) - _NAMED} more" if len(where) > _NAMED else ""
    return f"No {what} in {len(where)} of {total} runs ({named}{more}): {why}."
