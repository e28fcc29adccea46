"""What campaigns of gates and of netlists find: rows of a truth table, and how often heat makes each wrong."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Self, TypeVar

from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.campaigns.magnet_logic.wrong_trials import WrongTrials
from solitons.figures import number_label
from solitons.fits.verdict import Verdict

__all__ = ["AbstractLogicResults", "AbstractLogicRow", "Bit", "RowRun", "row_label", "withheld"]

Bit = Literal[1, -1]


def row_label(row: Sequence[int]) -> str:
    """Inputs in a line: "+ − +"."""
    return " ".join("+" if bit > 0 else "−" for bit in row)


@dataclass(frozen=True)
class RowRun:
    """What a run is for: the array with the inputs of one row, at 0 K."""

    row: tuple[Bit, ...]
    words: str = "inputs"

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"{self.words} {row_label(self.row)}"


def withheld(name: str) -> Headline:
    """What stands in place of numbers after a failed verdict."""
    return Headline(value="withheld", name=name, detail="the verdict states why")


class AbstractLogicRow(ResultsPart):
    """A row of the truth table.

    Parameters
    ----------
    row : tuple of int
        The inputs' bits.
    thermal : WrongTrials, optional
        Of macrospins with heat; None where they were not followed.
    """

    row: tuple[Bit, ...]
    thermal: WrongTrials | None = None

    @property
    @abstractmethod
    def right(self) -> bool:
        """Whether all outputs are right at 0 K."""


Q = TypeVar("Q", bound=AbstractLogicRow)


class AbstractLogicResults(Results, Generic[Q]):
    """What both kinds find.

    Parameters
    ----------
    temperature : float
        In K.
    barrier : float
        Of a magnet alone without the clock, in k T.
    anisotropy_field : float
        Of a magnet, in A/m.
    rows : list of AbstractLogicRow
        All of the truth table.
    """

    temperature: float
    barrier: float
    anisotropy_field: float
    rows: list[Q]

    @property
    def worst(self) -> Q | None:
        """The row that heat makes wrong most often; None if none was followed with heat."""
        hot = [each for each in self.rows if each.thermal is not None]
        return max(hot, key=lambda each: each.thermal.rate if each.thermal else 0.0, default=None)

    def judged(self, verdict: Verdict) -> Self:
        """The same with a verdict."""
        return self.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})

    def _worst_headline(self, worst: AbstractLogicRow, hot: WrongTrials, digits: int) -> Headline:
        """Its error rate, with an interval of so many digits."""
        return Headline(
            value=number_label(hot.rate, ".2%"),
            name=f"wrong at {self.temperature:g} K in the worst row, {row_label(worst.row)}",
            detail=f"macrospins, {hot.errors:,} of {hot.trials:,}; 95 %: {hot.low:.{digits}%} to {hot.high:.{digits}%}",
        )
