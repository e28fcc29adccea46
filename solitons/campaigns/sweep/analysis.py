"""The runs of a sweep made into its table, run by run: their meshes may differ."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.observables import NotInThisRun, Observable, SeenRun, measured
from runs.spec import RunSpec
from solitons.campaigns.framework.axes import Axis
from solitons.campaigns.framework.base import ComputedRuns, SweptPoint
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.sweep.results import ColumnMeaning, RunRow, SeedStatistics, SweepResults

__all__ = ["Shown", "analyse_sweep", "found_in", "over_seeds", "seed_axes"]

_NAMED = 3  # runs that a note names


@dataclass(frozen=True, eq=False)
class Shown:
    """What the report draws from, beside the results: the first run, what is swept, and what is read off each run."""

    spec: RunSpec
    axes: tuple[Axis, ...]
    observables: tuple[Observable, ...]


def seed_axes(axes: Sequence[Axis]) -> list[Axis]:
    """Those of the axes that sweep nothing but chance: named "seed", or over a field "seed"."""
    return [axis for axis in axes if axis.name == "seed" or any(field.endswith(".seed") for field in axis.fields)]


def analyse_sweep(
    runs: ComputedRuns[SweptPoint], stages: Stages, axes: tuple[Axis, ...], observables: tuple[Observable, ...]
) -> Findings[SweepResults, Shown]:
    """Read the observables off every run of the sweep."""
    rows = []
    missing: dict[tuple[str, str], list[str]] = {}
    for run in stages.over("Observables", runs.labelled):
        seen = SeenRun(run.spec, runs.open(run))
        values = {}
        for each in observables:
            try:
                value, why = measured(each, seen), "it is no finite number in the run"
            except NotInThisRun as reason:
                value, why = math.nan, str(reason)
            if not math.isfinite(value):
                missing.setdefault((each.label, why), []).append(str(run.role))
            values[each.name] = value
        rows.append(RunRow(run_id=run.spec.run_id, at=run.role.values_by_axis, values=values))
    notes = [_note(what, why, where, len(rows)) for (what, why), where in missing.items()]
    return found_in(rows, runs.labelled[0].spec, axes, observables, notes)


def found_in(
    rows: list[RunRow],
    first: RunSpec,
    axes: tuple[Axis, ...],
    observables: tuple[Observable, ...],
    notes: Sequence[str] = (),
) -> Findings[SweepResults, Shown]:
    """The results that these rows make, and what the report draws from."""
    results = SweepResults(
        notes=list(notes),
        axes=[
            ColumnMeaning(
                name=axis.name,
                label=axis.heading,
                unit=axis.unit,
                description=f"{', '.join(axis.fields)} of the run",
            )
            for axis in axes
        ],
        observables=[
            ColumnMeaning(name=each.name, label=each.label, unit=each.unit, description=each.description)
            for each in observables
        ],
        rows=rows,
    )
    if seeds := seed_axes(axes):
        results = results.model_copy(update={"over_seeds": over_seeds(results.frame(), axes, seeds, observables)})
    return Findings(results, Shown(first, axes, observables), tables={"observables": results.table()})


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
    if not any(where):  # a sweep without axes has one run, which no value tells from others
        return f"No {what}: {why}."
    named = "; ".join(where[:_NAMED])
    more = f" and {len(where) - _NAMED} more" if len(where) > _NAMED else ""
    return f"No {what} in {len(where)} of {total} runs ({named}{more}): {why}."
