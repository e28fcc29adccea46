"""The settings of a search of words: match lines, the table, what is varied, and what the energy is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from geometries.description import Description
from geometries.quantities import (
    Area,
    Capacitance,
    CurrentDensity,
    Energy,
    Power,
    PureNumber,
    Resistance,
    Time,
    Voltage,
)

if TYPE_CHECKING:
    from solitons.crossbars.match_lines import MatchLine
    from solitons.junctions import StochasticBinarySynapse

__all__ = ["AdderRead", "MatchLines", "SearchTable", "StoredJunction", "Varied", "VolatileMemory"]

_ITERATIONS = 8
Spread = Annotated[PureNumber, Field(ge=0, le=0.3)]
Source = Annotated[str, Field(min_length=1)]


class StoredJunction(Description):
    """The junction of all cells, and the pulse that writes it.

    Parameters
    ----------
    name : str
        As the report has it.
    fitted_model : str
        A saved `StochasticBinarySynapse` of one junction: ``synapse.json`` of a campaign ``mtj_switching``, or
        ``junction``, which comes with the workbench.
    current : float or str
        Current density of the pulse in A/m2.
    width : float or str
        Width of the pulse in s.
    area : float or str, optional
        Area of the junction in m2, from which the energy of a write follows.
    spread : float, optional
        Standard deviation of the logarithm of its conductance; the fitted one's if left out.
    """

    name: Annotated[str, Field(min_length=1, max_length=40)]
    fitted_model: Annotated[str, Field(min_length=1)]
    current: Annotated[CurrentDensity, Field(gt=0)]
    width: Annotated[Time, Field(gt=0, le=1e-3)]
    area: Annotated[Area, Field(gt=0, le=1e-6)] | None = None
    spread: Spread | None = None

    def junction(self) -> StochasticBinarySynapse:
        """The fitted junction, of this spread where one is given; ValueError if it has not two states."""
        from solitons.junctions import StochasticBinarySynapse
        from solitons.models.loading import load_model_of

        remedy = (
            "a cell needs one junction of two states: give junction, or the synapse.json of a campaign mtj_switching"
        )
        found: StochasticBinarySynapse = load_model_of(
            "device.fitted_model", self.fitted_model, remedy, StochasticBinarySynapse
        )
        if found.count != 1:
            raise ValueError(
                f"device.fitted_model = {self.fitted_model!r} is {found.count} junctions in parallel; {remedy} with one"
            )
        return found

    @property
    def spread_known(self) -> bool:
        """Whether it is known how conductances differ."""
        return self.spread is not None or self.junction().unlike.known


class MatchLines(Description):
    """The circuit around the junctions; what is left out and has no default is not known.

    Parameters
    ----------
    capacitance : float or str
        Capacitance of the match line for each cell, in F.
    segment : float or str
        Resistance of the match line from cell to cell, in ohm.
    open, closed : float or str
        Resistances of an open and of a closed transistor in ohm.
    voltage : float or str
        To which a match line is charged, in V.
    time : float, str or "best"
        From the search to the comparison in s; "best" where match and mismatch differ most.
    offset : float or str
        Standard deviation of the comparator's offset in V.
    half_bias : float or str, optional
        Voltage over a junction at which its magnetoresistance is half, in V.
    search_line : float or str, optional
        Capacitance of a search line with the transistor's gate, for each cell, in F; with the voltage.
    search_voltage : float or str, optional
        Voltage that opens a transistor, in V.
    comparator : float or str, optional
        Energy of a comparison in J.
    source : str
        Source of the numbers; the report states it.
    """

    capacitance: Annotated[Capacitance, Field(gt=0, le=1e-9)]
    segment: Annotated[Resistance, Field(ge=0, le=1e6)] = 0.0
    open: Annotated[Resistance, Field(ge=0, le=1e9)]
    closed: Annotated[Resistance, Field(gt=0, le=1e12)]
    voltage: Annotated[Voltage, Field(gt=0, le=5)]
    time: Annotated[Time, Field(gt=0)] | Literal["best"] = "best"
    offset: Annotated[Voltage, Field(ge=0, le=1)] = 0.0
    half_bias: Annotated[Voltage, Field(gt=0, le=10)] | None = None
    search_line: Annotated[Capacitance, Field(ge=0, le=1e-9)] | None = None
    search_voltage: Annotated[Voltage, Field(gt=0, le=20)] | None = None
    comparator: Annotated[Energy, Field(ge=0, le=1e-6)] | None = None
    source: Source

    @model_validator(mode="after")
    def _belongs_together(self) -> MatchLines:
        if (self.search_line is None) != (self.search_voltage is None):
            raise ValueError("lines: search_line and search_voltage belong together; give both or neither")
        if self.closed < 10 * self.open:
            raise ValueError(
                f"lines: closed = {self.closed:.4g} ohm must be at least ten times open = {self.open:.4g} ohm, or no "
                "branch closes; give another transistor"
            )
        return self

    def line(self, parallel: float, tmr: float, spread: float, bits: int) -> MatchLine:
        """A match line of junctions of a conductance (S) and magnetoresistance without bias.

        The magnetoresistance is its mean over the decay, whose length depends on it: a fixed point.
        """
        from solitons.crossbars.match_cells import MatchCell, biased_antiparallel
        from solitons.crossbars.match_lines import MatchLine

        time = None if self.time == "best" else self.time
        antiparallel = parallel / (1 + tmr)
        for _ in range(_ITERATIONS):
            cell = MatchCell(parallel, antiparallel, spread, self.open, self.closed)
            line = MatchLine(cell, bits, self.capacitance, self.segment, self.voltage, self.offset, time)
            if self.half_bias is None:
                break
            exponent = line.conductances()[0] * line.sampling_time / (bits * self.capacitance)
            over = self.voltage / (1 + antiparallel * self.open)
            antiparallel = biased_antiparallel(parallel, tmr, self.half_bias, over, exponent)
        return line


def _word(text: str) -> str:
    if not set(text) <= set("01X"):
        raise ValueError(f"{text!r} is no word of 0, 1 and X; X matches either, and masks a searched bit")
    return text


Words = Annotated[
    tuple[Annotated[str, Field(min_length=2, max_length=256), AfterValidator(_word)], ...],
    Field(min_length=1, max_length=1024),
]


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
            raise ValueError(
                f"table: {wrong[0]!r} has {len(wrong[0])} bits and the first pattern {self.bits}; give one length"
            )
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
    bits: Annotated[tuple[Annotated[int, Field(ge=2, le=256)], ...], Field(max_length=20)] = ()
    tmr: Annotated[tuple[Annotated[PureNumber, Field(gt=0, le=20)], ...], Field(max_length=20)] = ()


class AdderRead(Description):
    """How a full adder of two look-up tables is read.

    Parameters
    ----------
    voltage : float or str
        Over a tree, in V.
    time : float or str
        In s.
    """

    voltage: Annotated[Voltage, Field(gt=0, le=5)]
    time: Annotated[Time, Field(gt=0, le=1e-3)]


class VolatileMemory(Description):
    """A volatile memory that takes the same for a search, and leaks between searches.

    Parameters
    ----------
    leakage : float or str
        Power of a bit in W.
    interval : float or str
        From one search to the next in s.
    source : str
        Source of the numbers; the report states it.
    """

    leakage: Annotated[Power, Field(gt=0, le=1)]
    interval: Annotated[Time, Field(gt=0)]
    source: Source
