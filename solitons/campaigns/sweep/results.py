"""Results of a sweep: a row a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.campaigns.sweep.scales import in_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ColumnMeaning", "RunRow", "SeedStatistics", "SweepResults"]


_TILES, _WORDS = 5, 20
"""How many tiles there are, and how long the line below one is."""


class ColumnMeaning(ResultsPart):
    """A column of the table: a swept axis or an observable."""

    name: str
    label: str  # what a plot calls it
    unit: str  # SI; empty for a plain number
    description: str
    beside: str = ""  # of a closed form: the observable that it is the theory of


class RunRow(ResultsPart):
    """A run: its values on the axes, and its observables; None for what it does not have (`notes` has the reason)."""

    run_id: str
    at: dict[str, float]
    values: dict[str, FiniteOrNone]


class SeedStatistics(ResultsPart):
    """Mean and standard deviation of observables over the seeds, at one point of the other axes.

    None where no run, or for the deviation fewer than two, has the observable; `counts` has how many do.
    """

    at: dict[str, float]
    counts: dict[str, int]
    means: dict[str, FiniteOrNone]
    deviations: dict[str, FiniteOrNone]


class SweepResults(Results):
    """The table of a sweep."""

    axes: list[ColumnMeaning]
    observables: list[ColumnMeaning]
    rows: list[RunRow]
    over_seeds: list[SeedStatistics] = Field(default_factory=list)

    def frame(self) -> pd.DataFrame:
        """The table in SI: a column for every axis, then for every observable; NaN for what a run does not have."""
        import pandas as pd

        rows = [
            {**row.at, **{name: np.nan if each is None else each for name, each in row.values.items()}}
            for row in self.rows
        ]
        columns = [each.name for each in (*self.axes, *self.observables)]
        return pd.DataFrame(rows, columns=columns, dtype=np.float64)

    def table(self) -> pd.DataFrame:
        """Content of `observables.csv`: as `frame`, with units in the headings, and the runs' ids at the end."""
        headings = {each.name: _heading(each) for each in (*self.axes, *self.observables)}
        return self.frame().rename(columns=headings).assign(run_id=[row.run_id for row in self.rows])

    def at(self, row: Mapping[str, float] | pd.Series[float]) -> str:
        """Coordinates of a run on the axes, in words."""
        return ", ".join(f"{axis.label} = {in_words(row[axis.name], axis.unit)}" for axis in self.axes)

    def extremes(self, observable: ColumnMeaning, frame: pd.DataFrame) -> str:
        """Places of an observable's minimum and maximum in `frame`, as far as values distinguish the runs."""
        values = frame[observable.name].dropna()
        if values.empty:
            return "No run has it; the notes give the reason."
        if len(frame) == 1:
            return f"It is {in_words(values.max(), observable.unit)}."
        if values.min() == values.max():
            return f"It is {in_words(values.max(), observable.unit)} in all runs that have it."
        low, high = (
            f"{in_words(values[index], observable.unit)} ({self.at(frame.loc[index])})"
            for index in (values.idxmin(), values.idxmax())
        )
        return f"It goes from {low} to {high}."

    def headlines(self) -> list[Headline]:
        """The largest value of each of the first observables, and where it is."""
        frame = self.frame()
        return [self._headline(each, frame) for each in self.observables[:_TILES]]

    def _headline(self, observable: ColumnMeaning, frame: pd.DataFrame) -> Headline:
        values, name = frame[observable.name], observable.label
        if observable.beside in frame:
            return self._beside_theory(observable, frame)
        if not values.notna().any():
            return Headline(value="–", name=name, detail="in no run")
        low, high = (in_words(value, observable.unit) for value in (values.min(), values.max()))
        if values.min() == values.max():
            return Headline(value=high, name=name, detail="in all runs that have it" if len(self.rows) > 1 else "")
        first, last = (self.at(frame.loc[index]) for index in (values.idxmax(), values.idxmin()))
        ways = (f"largest, with {first}; smallest {low}, with {last}", f"largest, with {first}; smallest {low}")
        fits = (each for each in ways if len(each.split()) <= _WORDS)
        detail = next(fits, f"largest of all runs; smallest {low}")
        return Headline(value=high, name=name, detail=detail)

    def _beside_theory(self, theory: ColumnMeaning, frame: pd.DataFrame) -> Headline:
        both = frame[[theory.beside, theory.name]].dropna()
        if both.empty:
            return Headline(value="–", name=theory.label, detail="no run has both it and a measured value")
        off = both[theory.beside] - both[theory.name]
        scale = float(np.sqrt((both[theory.name] ** 2).mean()))
        share = float(np.sqrt((off**2).mean())) / scale if scale else np.inf
        size = in_words(float(np.sqrt((off**2).mean())), theory.unit)
        runs = f"{len(both)} of {len(frame)} runs, which have both"
        return Headline(value=f"{share:.1%}", name=theory.label, detail=f"runs differ from it, {size} rms, in {runs}")


def _heading(column: ColumnMeaning) -> str:
    return f"{column.name} ({column.unit})" if column.unit else column.name
