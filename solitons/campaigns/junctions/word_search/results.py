"""Results of a search of words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.energy import EnergyLedger
from solitons.energy.ledger import quantity_label
from solitons.figures import number_label

__all__ = ["ErrorPoint", "Looked", "TableError", "Varying", "WordSearchResults"]

PUBLISHED_ERROR, PUBLISHED_ENERGY = 3.9e-11, 4.7e-15
DEVICE, SEARCH, WRITE, ADD = "junctions", "search of a bit", "write of a junction", "read of a full adder"

Varying = Literal["nominal", "spreads", "bits", "tmr"]


class ErrorPoint(ResultsPart):
    """Error of a search at one value of what is varied.

    Parameters
    ----------
    of : {"nominal", "spreads", "bits", "tmr"}
    value : float
    label : str
        Both in words.
    normal, exact : float
        Error of a word with one mismatch, or none: of a normal law, and of the sum of lognormal conductances.
    counted : float or None
        Counted in drawn lines; None where too few would be wrong.
    search : float
        Chance that one of all words has an error.
    """

    of: Varying
    value: float
    label: str
    normal: float
    exact: float
    counted: float | None
    search: float


class TableError(ResultsPart):
    """Error of a row of a full adder's tables: without leakage in closed form, and counted with it over all rows.

    A row is one junction and a reference, or `paired`.
    """

    spread: float
    paired: bool
    closed_form: float
    counted: float


class Looked(ResultsPart):
    """A searched word, the stored ones that match, and those of a plain comparison; the longest prefix first."""

    word: str
    found: list[str]
    expected: list[str]


class WordSearchResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    bits, words : int
        Of the memory.
    parallel, antiparallel, biased : float
        Conductances of a junction in S; the last is antiparallel in the mean over the decay.
    spread : float
    spread_known, bias_known : bool
    time, voltages
        When lines are compared, in s, and voltages in V of a match and of one mismatch then.
    far_deficit : float
        Share by which the wire makes the farthest cell count less, which is left out.
    steady : tuple of float
        Conductances of both in S for a steady current from the line's end, the mismatch at the far one.
    points : list of ErrorPoint
        The memory as it is described, then what is varied.
    most_bits : int or None
        Bits of the longest word with no more than the allowed error; None where none has.
    allowed_error : float
    looked : list of Looked
    tables : list of TableError
    kept, retention : float
        Time in s for which a word is kept with a chance of 99 %, and the one that is asked for.
    write_error : float
    energy : EnergyLedger
    """

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
    far_deficit: float
    steady: tuple[float, float]
    points: list[ErrorPoint]
    most_bits: int | None
    allowed_error: float
    looked: list[Looked]
    tables: list[TableError]
    kept: float
    retention: float
    write_error: float
    energy: EnergyLedger

    @property
    def search_energy(self) -> float | None:
        """Energy in J of a bit of a word in a search; None where a part of it is not known."""
        return self.energy.joule(DEVICE, SEARCH)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        nominal, label = self.points[0], error_label
        name = f"chance that a search of {self.words:,} × {self.bits} bits has an error"
        detail = f"of a word {label(nominal.exact)}, by a normal law {label(nominal.normal)}"
        yield Headline(value=label(nominal.search), name=name, detail=detail)
        most, name = "none" if self.most_bits is None else f"{self.most_bits} bits", "longest word, to 256 bits"
        detail = f"allowed error {label(self.allowed_error)}, TMR {self.parallel / self.antiparallel - 1:.0%}"
        yield Headline(value=most, name=name, detail=f"{detail}, spread {self.spread:.1%}")
        detail = f"published {quantity_label(PUBLISHED_ENERGY, 'J')} in another cell"
        yield Headline(value=quantity_label(self.search_energy, "J"), name="energy of a search of a bit", detail=detail)
        one, pair = (each.closed_form for each in self.tables if each.spread == self.spread)
        detail = f"of one junction and a reference {label(one)}"
        yield Headline(value=label(pair), name="error of a row of the full adder, of pairs", detail=detail)


def error_label(chance: float) -> str:
    """A chance as reports have it; what no device shows is only that."""
    return "below 1e−30" if chance < 1e-30 else number_label(chance, ".2g")
