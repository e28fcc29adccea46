"""The settings of a search of words: the junction, the match lines, the table, what is varied, and the energy."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, model_validator

from geometries.description import Description
from geometries.quantities import Area, Capacitance, CurrentDensity, Energy, PureNumber, Resistance, Time, Voltage
from solitons.campaigns.energy.run_energy import ReadEnergy

if TYPE_CHECKING:
    from solitons.junctions import StochasticBinarySynapse

__all__ = ["MOST_BITS", "MatchLines", "SearchEnergy", "SearchTable", "StoredJunction", "Varied"]

MOST_BITS = 256
Spread = Annotated[PureNumber, Field(ge=0, le=0.3)]


class StoredJunction(Description):
    """The junction of all cells, and the pulse that writes it.

    Parameters
    ----------
    fitted_model : str
        A saved `StochasticBinarySynapse` of one junction: ``synapse.json`` of a campaign ``mtj_switching``, or
        ``junction``, which comes with the workbench.
    current, width : float or str
        Current density of the pulse in A/m2, and its width in s.
    spread : float, optional
        Standard deviation of the logarithm of its conductance; the fitted one's if left out.
    half_bias : float or str, optional
        Voltage over it at which its magnetoresistance is half, in V; not known if left out.
    """

    fitted_model: Annotated[str, Field(min_length=1)]
    current: Annotated[CurrentDensity, Field(gt=0)]
    width: Annotated[Time, Field(gt=0, le=1e-3)]
    spread: Spread | None = None
    half_bias: Annotated[Voltage, Field(gt=0, le=10)] | None = None

    @cached_property
    def junction(self) -> StochasticBinarySynapse:
        """The fitted junction; ValueError if the file holds another model, or several junctions in parallel."""
        from solitons.junctions import StochasticBinarySynapse
        from solitons.models.loading import load_model_of

        owner, remedy = "device.fitted_model", "a cell needs one junction: give junction, or one of mtj_switching"
        found: StochasticBinarySynapse = load_model_of(owner, self.fitted_model, remedy, StochasticBinarySynapse)
        if found.count != 1:
            raise ValueError(f"{owner} = {self.fitted_model!r} is {found.count} junctions in parallel; {remedy}")
        return found


class MatchLines(Description):
    """The circuit around the junctions.

    Parameters
    ----------
    capacitance, segment : float or str
        Capacitance in F and resistance in ohm of the match line for each cell.
    open, closed : float or str
        Resistances of an open and of a closed transistor in ohm.
    voltage, offset : float or str
        To which a match line is charged, and standard deviation of the comparator's offset, in V.
    source : str
        Source of the numbers; the report states it.
    """

    capacitance: Annotated[Capacitance, Field(gt=0, le=1e-9)]
    segment: Annotated[Resistance, Field(ge=0, le=1e6)] = 0.0
    open: Annotated[Resistance, Field(ge=0, le=1e9)]
    closed: Annotated[Resistance, Field(gt=0, le=1e12)]
    voltage: Annotated[Voltage, Field(gt=0, le=5)]
    offset: Annotated[Voltage, Field(ge=0, le=1)] = 0.0
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _closes(self) -> MatchLines:
        if self.closed < 10 * self.open:
            raise ValueError(
                f"lines: closed = {self.closed:.4g} ohm must be at least ten times open = {self.open:.4g} ohm, or no "
                "branch closes; give another transistor"
            )
        return self


def _word(text: str) -> str:
    if not set(text) <= set("01X"):
        raise ValueError(f"{text!r} is no word of 0, 1 and X; X matches either, and masks a searched bit")
    return text


Word = Annotated[str, Field(min_length=2, max_length=MOST_BITS), AfterValidator(_word)]
Words = Annotated[tuple[Word, ...], Field(min_length=1, max_length=1024)]


class SearchTable(Description):
    """Words that are stored and searched; the number of their bits is the match lines'.

    Parameters
    ----------
    patterns : sequence of str
        Stored words of 0, 1 and X.
    searches : sequence of str
        Searched words; X masks a bit.
    """

    patterns: Words
    searches: Words

    @model_validator(mode="after")
    def _alike_long(self) -> SearchTable:
        wrong = [each for each in (*self.patterns, *self.searches) if len(each) != self.bits]
        if wrong:
            text = f"{wrong[0]!r} has {len(wrong[0])} bits and the first pattern {self.bits}"
            raise ValueError(f"table: {text}; give one length")
        return self

    @property
    def bits(self) -> int:
        """Bits of a word."""
        return len(self.patterns[0])


class Varied(Description):
    """Axes to vary, one at a time.

    Parameters
    ----------
    spreads : sequence of float
        Standard deviations of the logarithm of a junction's conductance.
    bits : sequence of int
        Bits of a word.
    tmr : sequence of float
        Magnetoresistances without bias: 1.2 is 120 %.
    """

    spreads: Annotated[tuple[Spread, ...], Field(max_length=20)] = ()
    bits: Annotated[tuple[Annotated[int, Field(ge=2, le=MOST_BITS)], ...], Field(max_length=20)] = ()
    tmr: Annotated[tuple[Annotated[PureNumber, Field(gt=0, le=20)], ...], Field(max_length=20)] = ()


class SearchEnergy(ReadEnergy):
    """Settings for the energy; what is left out is not known.

    Parameters
    ----------
    area : float or str, optional
        Area of the junction in m2, from which the energy of a write follows.
    search_line, search_voltage : float or str, optional
        Capacitance in F of a search line with the transistor's gate, for each cell, and the voltage in V that opens it.
    comparator : float or str, optional
        Energy of a comparison in J.
    read_voltage, read_time, source
        As of `ReadEnergy`, over a tree of the full adder.
    """

    area: Annotated[Area, Field(gt=0, le=1e-6)] | None = None
    search_line: Annotated[Capacitance, Field(ge=0, le=1e-9)] | None = None
    search_voltage: Annotated[Voltage, Field(gt=0, le=20)] | None = None
    comparator: Annotated[Energy, Field(ge=0, le=1e-6)] | None = None

    @model_validator(mode="after")
    def _line_with_voltage(self) -> SearchEnergy:
        if (self.search_line is None) != (self.search_voltage is None):
            raise ValueError("energy: search_line and search_voltage belong together; give both or neither")
        return self
