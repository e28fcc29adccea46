"""What the campaign of a netlist found, in numbers."""

from __future__ import annotations

from pydantic import Field

from solitons.campaigns.framework.results import Headline, ResultsPart
from solitons.campaigns.magnet_logic.logic_results import AbstractLogicResults, AbstractLogicRow, withheld
from solitons.campaigns.magnet_logic.wrong_trials import WrongTrials
from solitons.figures import number_label, value_label

__all__ = ["FirstFailure", "NetlistResults", "NetlistRow", "RowTrials"]


class RowTrials(WrongTrials):
    """How often a row was wrong: trials in which an output is, and others in which one is undecided.

    Parameters
    ----------
    outputs : dict of str to int
        In how many each output is wrong or undecided.
    """

    outputs: dict[str, int]


class NetlistRow(AbstractLogicRow):
    """A row of the truth table.

    Parameters
    ----------
    row : tuple of int
        The signals' bits.
    expected : dict of str to int
        Of each output.
    model : dict of str to int
        Of each output, by macrospins at 0 K.
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
    thermal : RowTrials, optional
        Of macrospins with heat; None where the model is wrong at 0 K already.
    """

    expected: dict[str, int]
    model: dict[str, int]
    model_margin: float
    seen: dict[str, int] | None = None
    margin: float | None = None
    uncleared: float | None = None
    difference: float | None = None
    unlike: list[str] = Field(default_factory=list)
    thermal: RowTrials | None = None

    @property
    def right(self) -> bool:
        """Whether all outputs are right at 0 K, in micromagnetics if it was run and in the model if not."""
        return (self.model if self.seen is None else self.seen) == self.expected


class FirstFailure(ResultsPart):
    """A magnet that fails first in some of the wrong trials of the worst row.

    Parameters
    ----------
    magnet : str
    count : int
        Of how many.
    time : float
        Median in s, from when the first zone begins to fall, from which on it is wrong.
    """

    magnet: str
    count: int
    time: float


class NetlistResults(AbstractLogicResults[NetlistRow]):
    """Everything that such a campaign found.

    Parameters
    ----------
    signals : list of str
        In the order of the rows' bits.
    temperature, barrier, anisotropy_field, rows
        As in `AbstractLogicResults`; the smallest barrier and largest H_K of the magnets that the clock acts on.
    response_time : float
        Slowest of these magnets, in s.
    longest_chain : list of str
        Of the magnets of a zone (`geometries.magnet_logic.netlist.longest_chain`).
    first_failures : list of FirstFailure
        In the row that heat makes wrong most often; the most frequent first.
    watched, watched_wrong : int
        Trials of that row in which they were looked for, and wrong ones among them.
    """

    signals: list[str]
    response_time: float
    longest_chain: list[str] = Field(default_factory=list)
    first_failures: list[FirstFailure]
    watched: int
    watched_wrong: int

    @property
    def run_rows(self) -> list[NetlistRow]:
        """Those that micromagnetics has."""
        return [each for each in self.rows if each.seen is not None]

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first."""
        run, total = self.run_rows, len(self.rows)
        seen = run or self.rows
        smallest = min((each.model_margin if each.margin is None else each.margin) for each in seen)
        where = "in micromagnetics" if run else "by macrospins"
        found = [
            Headline(
                value=f"{sum(each.right for each in seen)} of {len(seen)} rows",
                name=f"right at 0 K, {where}",
                detail=f"smallest margin {number_label(smallest, '.2f')}"
                + ("" if len(seen) == total else f"; {total} rows in all"),
            )
        ]
        worst = self.worst
        if self.verdict == "failed" or worst is None or worst.thermal is None:
            return [*found, withheld("error rates")]
        hot = worst.thermal
        if not hot.errors:
            return [
                *found,
                Headline(
                    value=f"< {hot.high:.2g}",
                    name=f"error rate at {self.temperature:g} K, every row",
                    detail=f"macrospins, none of {hot.trials:,} wrong in any row; 95 %",
                ),
            ]
        found.append(self._worst_headline(worst, hot, 3))
        if self.first_failures:
            first = self.first_failures[0]
            found.append(
                Headline(
                    value=first.magnet,
                    name="fails first most often, in that row",
                    detail=f"in {first.count} of {self.watched_wrong} wrong trials, "
                    f"{value_label(first.time, 's', 2)} after the clock begins to fall",
                )
            )
        return found
