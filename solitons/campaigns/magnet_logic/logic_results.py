"""Results of campaigns of gates and netlists: rows of a truth table, and how often heat makes each wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Literal, Self, TypeVar

from pydantic import Field

from solitons.campaigns.framework.results import Headline, Number, Results, ResultsPart
from solitons.figures import number_label, value_label
from solitons.fits.verdict import Verdict

__all__ = [
    "Bit",
    "EnsembleResult",
    "FirstFailure",
    "LogicResults",
    "LogicRow",
    "ModelLikelihood",
    "Row",
    "RowRun",
    "WrongTrials",
    "row_label",
]

Bit = Literal[1, -1]
Row = tuple[Bit, ...]


def row_label(row: Sequence[int]) -> str:
    """Inputs in a line: "+ − +"."""
    return " ".join("+" if bit > 0 else "−" for bit in row)


@dataclass(frozen=True)
class RowRun:
    """Role of a run: the array with the inputs of one row, at 0 K."""

    row: Row
    words: str = "inputs"

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"{self.words} {row_label(self.row)}"


class WrongTrials(ResultsPart):
    """How often a row was wrong: trials in which an output is, and others in which one is undecided.

    Parameters
    ----------
    trials, wrong, undecided : int
        Undecided ones are errors too, and not among `wrong`.
    low, high : float
        Clopper and Pearson's 95 % interval of the error rate.
    outputs : dict of str to int
        In how many each output is wrong or undecided.
    """

    trials: int
    wrong: int
    undecided: int
    low: float
    high: float
    outputs: dict[str, int]

    @property
    def errors(self) -> int:
        """Wrong and undecided ones."""
        return self.wrong + self.undecided

    @property
    def rate(self) -> float:
        """Their share."""
        return self.errors / self.trials


class LogicRow(ResultsPart):
    """A row of the truth table.

    Parameters
    ----------
    row : tuple of int
        The signals' bits.
    expected : dict of str to int
        Expected state of each output.
    model : dict of str to int
        State of each output, by macrospins at 0 K.
    model_margin : float
        Smallest projection of an output on its expected value there; below 0 where the row is wrong.
    seen : dict of str to int, optional
        The same in micromagnetics; None where the row was not run.
    margin : float, optional
        As `model_margin`.
    uncleared : float, optional
        Largest |m| along its axis of a magnet under the whole clock, in micromagnetics.
    difference : float, optional
        Largest difference between micromagnetics and macrospins in m of a magnet along its axis, at the end.
    unlike : list of str
        Magnets that are no outputs and are not at the end what their neighbours and zones say, in micromagnetics if the
        row was run and in the model if not.
    thermal : WrongTrials, optional
        Wrong trials of macrospins with heat; None if a row is wrong already at 0 K.
    """

    row: Row
    expected: dict[str, int]
    model: dict[str, int]
    model_margin: float
    seen: dict[str, int] | None = None
    margin: float | None = None
    uncleared: float | None = None
    difference: float | None = None
    unlike: list[str] = Field(default_factory=list)
    thermal: WrongTrials | None = None

    @property
    def right(self) -> bool:
        """Whether all outputs are right at 0 K, in micromagnetics if it was run and in the model if not."""
        return (self.model if self.seen is None else self.seen) == self.expected

    @property
    def best_margin(self) -> float:
        """The margin in micromagnetics if the row was run, and in the model if not."""
        return self.model_margin if self.margin is None else self.margin


class FirstFailure(ResultsPart):
    """A magnet that fails first in some of the wrong trials of the worst row.

    Parameters
    ----------
    magnet : str
    count : int
        Number of trials.
    time : float
        Median in s, from when the first zone begins to fall, from which on it is wrong.
    """

    magnet: str
    count: int
    time: float


class ModelLikelihood(ResultsPart):
    """A model's error rate beside what was counted in micromagnetics.

    Parameters
    ----------
    name : str
        Name of the macrospins.
    thermal : WrongTrials
        Theirs in the same row and clock.
    loss : float
        By how much the counts' log-likelihood is below the best rate's.
    p_value : float
        Probability of so unlike counts if both have one rate (Fisher's exact test).
    difference : (float, float, float)
        Micromagnetic less model rate, with the ends of an interval that holds at least 90 %.
    """

    name: str
    thermal: WrongTrials
    loss: float
    p_value: float
    difference: tuple[float, float, float]


class EnsembleResult(ResultsPart):
    """One row in micromagnetics with heat.

    Parameters
    ----------
    row : tuple of int
    thermal : WrongTrials
    length : float
        Mean |mean m| of a free magnet after heat and before the clock falls: spin waves shorten it.
    models : list of ModelLikelihood
        The macrospins of the error rates first.
    engine_seconds, model_seconds : float
        Wall time of one run and of one trajectory, each on this machine as it was.
    """

    row: Row
    thermal: WrongTrials
    length: float
    models: list[ModelLikelihood]
    engine_seconds: float
    model_seconds: float


Q = TypeVar("Q", bound=LogicRow)


class LogicResults(Results, Generic[Q]):
    """Common results of both kinds.

    Parameters
    ----------
    signals : list of str
        In the order of the rows' bits.
    temperature : float
        In K.
    barrier, anisotropy_field, response_time : float
        Values of a lone magnet without the clock, in k T, A/m and s.
    longest_chain : list of str
        Longest chain of magnets in a zone (`geometries.magnet_logic.netlist.longest_chain`).
    rows : list of LogicRow
        All of the truth table.
    first_failures : list of FirstFailure
        In the row that heat makes wrong most often; the most frequent first.
    watched, watched_wrong : int
        Trials of the row that were watched, and wrong ones among them.
    ensemble : EnsembleResult, optional
        One row in micromagnetics with heat; None where there was none.
    """

    numbers: ClassVar[tuple[Number, ...]] = (
        Number("worst_error", "error rate of the worst row"),
        Number("rows_right", "share of rows right at 0 K"),
        Number("smallest_margin", "smallest margin at 0 K"),
    )

    signals: list[str]
    temperature: float
    barrier: float
    anisotropy_field: float
    response_time: float
    longest_chain: list[str] = Field(default_factory=list)
    rows: list[Q]
    first_failures: list[FirstFailure] = Field(default_factory=list)
    watched: int = 0
    watched_wrong: int = 0
    ensemble: EnsembleResult | None = None

    @property
    def outputs(self) -> list[str]:
        """Their names."""
        return list(self.rows[0].expected)

    @property
    def run_rows(self) -> list[Q]:
        """Those that micromagnetics has."""
        return [each for each in self.rows if each.seen is not None]

    @property
    def hot_rows(self) -> list[tuple[Q, WrongTrials]]:
        """Those that were followed with heat, with how often each was wrong."""
        return [(each, each.thermal) for each in self.rows if each.thermal is not None]

    @property
    def worst(self) -> tuple[Q, WrongTrials] | None:
        """The row that heat makes wrong most often, and how often; None if none was followed with heat."""
        return max(self.hot_rows, key=lambda each: each[1].rate, default=None)

    @property
    def worst_error(self) -> float:
        """Share of wrong trials of that row; NaN where heat was not looked at in every row, as one is wrong without."""
        return self.worst[1].rate if self.worst is not None and len(self.hot_rows) == len(self.rows) else math.nan

    @property
    def _at_rest(self) -> list[Q]:
        """Rows at 0 K: those that micromagnetics has, or all by macrospins."""
        return self.run_rows or self.rows

    @property
    def rows_right(self) -> float:
        """Share of the rows that are right at 0 K, of those that micromagnetics has, or of all by macrospins."""
        return sum(each.right for each in self._at_rest) / len(self._at_rest)

    @property
    def smallest_margin(self) -> float:
        """Smallest margin of the same rows."""
        return min(each.best_margin for each in self._at_rest)

    def judged(self, verdict: Verdict) -> Self:
        """The same with a verdict."""
        return self.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        run, seen, total = self.run_rows, self._at_rest, len(self.rows)
        margin = f"smallest margin {number_label(self.smallest_margin, '.2f')}"
        yield Headline(
            value=f"{sum(each.right for each in seen)} of {len(seen)} rows",
            name=f"right at 0 K, {'in micromagnetics' if run else 'by macrospins'}",
            detail=margin if len(seen) == total else f"{margin}; {total} rows in all",
        )
        if self.verdict == "failed" or self.worst is None:
            yield Headline(value="withheld", name="error rates", detail="the verdict states why")
            return
        worst, hot = self.worst
        if not hot.errors:
            where, detail = (
                f"error rate at {self.temperature:g} K, every row",
                f"none of {hot.trials:,} wrong in any row",
            )
            yield Headline(value=f"< {hot.high:.2g}", name=where, detail=f"macrospins, {detail}; 95 %")
        else:
            yield Headline(
                value=number_label(hot.rate, ".2%"),
                name=f"wrong at {self.temperature:g} K in the worst row, {row_label(worst.row)}",
                detail=f"macrospins, {hot.errors:,} of {hot.trials:,}; 95 %: {hot.low:.3%} to {hot.high:.3%}",
            )
        if self.first_failures:
            first = self.first_failures[0]
            yield Headline(
                value=first.magnet,
                name="fails first most often, in that row",
                detail=f"in {first.count} of {self.watched_wrong} wrong trials, "
                f"{value_label(first.time, 's', 2)} after the clock begins to fall",
            )
        if self.ensemble is not None:
            counts, model = self.ensemble.thermal, self.ensemble.models[0]
            yield Headline(
                value=number_label(counts.rate, ".1%"),
                name=f"wrong in micromagnetics, row {row_label(self.ensemble.row)}",
                detail=f"{counts.errors} of {counts.trials}; 95 %: {counts.low:.1%} to {counts.high:.1%}; "
                f"macrospins {model.thermal.rate:.1%}, p = {model.p_value:.2g}",
            )
