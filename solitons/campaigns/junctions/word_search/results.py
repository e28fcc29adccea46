"""Results of a search of words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.energy import EnergyLedger
from solitons.energy.ledger import EnergyRow, quantity_label
from solitons.figures import long_time, number_label

__all__ = ["ErrorPoint", "Looked", "TableError", "Varying", "WordSearchResults"]

PUBLISHED_ERROR, PUBLISHED_ENERGY, REVIEW_SAVING = 3.9e-11, 4.7e-15, 0.89
LONGEST = 256
"""Bits of the longest word that is looked for."""
SEARCH, WRITE, ADD = "search of a bit", "write of a junction", "read of a full adder"


Varying = Literal["nominal", "spreads", "bits", "tmr"]


class ErrorPoint(ResultsPart):
    """Error of a search at one value of what is varied.

    Parameters
    ----------
    of : {"nominal", "spreads", "bits", "tmr"}
    value : float
    normal, exact : float
        Error of a word with one mismatch, or none: of a normal law, and of the sum of lognormal conductances.
    counted : float or None
        Counted in drawn lines; None where too few would be wrong.
    by_normal_threshold : float
        The larger of both errors, exactly, with the threshold where the normal law has it.
    search : float
        Chance that one of all words has an error.
    """

    of: Varying
    value: float
    normal: float
    exact: float
    counted: float | None
    by_normal_threshold: float
    search: float


class TableError(ResultsPart):
    """Errors of the rows of a full adder's look-up tables.

    Parameters
    ----------
    paired : bool
        Whether a row is a pair of junctions, or one and a reference.
    spread : float
    closed_form : float
        Of a row, without leakage.
    counted : list of float
        By the rows of sum and carry, all that leaks included.
    """

    paired: bool
    spread: float
    closed_form: float
    counted: list[float]


class Looked(ResultsPart):
    """A searched word, the stored ones that match, and those of a plain comparison; the longest prefix first."""

    word: str
    found: list[str]
    expected: list[str]


class WordSearchResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    name : str
        Name of the device.
    bits, words : int
        Of the memory.
    parallel, antiparallel, biased : float
        Conductances of a junction in S; the last is antiparallel in the mean over the decay.
    spread : float
    spread_known, bias_known : bool
    time : float
        At which the lines are compared, in s.
    voltages : tuple of float
        Then, of a match and with one mismatch at the far end, in V.
    far_weight : float
        Weight of the far end's cell in the decay, 1 for ideal wires.
    steady : tuple of float
        Conductances of both in S as a current read from the end has them.
    kirchhoff : float
        Largest relative deviation of steady conductances from the nodal equations.
    points : list of ErrorPoint
    most_bits : int or None
        Bits of the longest word with no more than the allowed error; None where none has.
    allowed_error : float
    looked : list of Looked
    tables : list of TableError
    kept, retention : float
        Time in s for which a word is kept with a chance of 99 %, and the one that is asked for.
    write_error : float
    energy : list of EnergyRow
    saving, saving_interval : float or None
        Share of energy saved beside the volatile memory, and the interval in s at which it is 89 %.
    """

    name: str
    bits: int
    words: int
    parallel: float
    antiparallel: float
    biased: float
    spread: float
    spread_known: bool
    bias_known: bool
    time: float
    voltages: tuple[float, float]
    far_weight: float
    steady: tuple[float, float]
    kirchhoff: float
    points: list[ErrorPoint]
    most_bits: int | None
    allowed_error: float
    looked: list[Looked]
    tables: list[TableError]
    kept: float
    retention: float
    write_error: float
    energy: list[EnergyRow]
    saving: FiniteOrNone
    saving_interval: FiniteOrNone

    @property
    def nominal(self) -> ErrorPoint:
        """The memory as it is described."""
        return next(each for each in self.points if each.of == "nominal")

    @property
    def ledger(self) -> EnergyLedger:
        """The energies, with their sums."""
        return EnergyLedger(rows=tuple(self.energy))

    @property
    def search_energy(self) -> float | None:
        """Energy in J of a bit of a word in a search; None where a part of it is not known."""
        return self.ledger.joule(self.name, SEARCH)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        nominal = self.nominal
        yield Headline(
            value=error_label(nominal.search),
            name=f"chance that a search of {self.words:,} × {self.bits} bits has an error",
            detail=f"of a word {error_label(nominal.exact)}, by a normal law {error_label(nominal.normal)}; allowed "
            f"{error_label(self.allowed_error)}",
        )
        yield Headline(
            value="none"
            if self.most_bits is None
            else f"{self.most_bits} bits{' or more' * (self.most_bits == LONGEST)}",
            name="longest word within the allowed error",
            detail=f"TMR {self.parallel / self.antiparallel - 1:.0%}, spread {self.spread:.1%}",
        )
        yield Headline(
            value=quantity_label(self.search_energy, "J"),
            name="energy of a search, a bit of a word",
            detail=f"published {quantity_label(PUBLISHED_ENERGY, 'J')} in another cell",
        )
        own = [each for each in self.tables if each.spread == self.spread]
        for one, pair in zip(own[::2], own[1::2], strict=True):
            yield Headline(
                value=error_label(pair.closed_form),
                name="error of a row of the full adder, of pairs",
                detail=f"of one junction and a reference {error_label(one.closed_form)}",
            )
        yield Headline(
            value=long_time(self.kept),
            name="time for which a word is kept",
            detail=f"with a chance of 99 %; asked {long_time(self.retention)}",
        )


def error_label(chance: float) -> str:
    """A chance as reports have it; what no device shows is only that.

    Examples
    --------
    >>> error_label(0.031), error_label(2e-7), error_label(0.0)
    ('0.031', '2e−07', 'below 1e−30')
    """
    if chance < 1e-30:
        return "below 1e−30"
    return number_label(chance, ".2g")
