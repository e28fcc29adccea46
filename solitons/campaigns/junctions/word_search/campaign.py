"""The campaign of word search: a memory that is addressed by content, and logic in memory, of one fitted junction."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, final

from pydantic import Field
from typing_extensions import override

from geometries.quantities import Duration, PureNumber, Temperature
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.junctions.word_search.results import WordSearchResults
from solitons.campaigns.junctions.word_search.settings import (
    MOST_BITS,
    MatchLines,
    SearchEnergy,
    SearchTable,
    StoredJunction,
    Varied,
)
from solitons.figures import value_label
from solitons.models.saving import model_file

if TYPE_CHECKING:
    from solitons.crossbars.match_lines import MatchLine

__all__ = ["WordSearchCampaign"]

_MOST_DEFICIT = 0.01
"""Share by which the farthest cell may count less: an error of 1e-9 would be 1.4 times as large."""


@final
class WordSearchCampaign(AbstractCampaign[None, WordSearchResults]):
    """Words searched in match lines of a fitted junction's pairs, their errors and energy, and a full adder of tables.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    device : StoredJunction
        The junction of all cells, and the pulse that writes it.
    lines : MatchLines
        The circuit of the match lines.
    table : SearchTable
        Words that are stored and searched.
    words : int
        Words of the memory, whose lines are compared at once.
    varied : Varied
        Axes to vary.
    energy : SearchEnergy
        What the energy depends on.
    allowed_error : float
        Chance that a search may have an error in one word or more.
    retention, temperature : float or str
        Time in s for which the words are to be kept, and the temperature in K.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The cell: J. Li, R. K. Montoye, M. Ishii and L. Chang, IEEE J. Solid-State Circuits 49, 896 (2014).",
        "4.7 fJ: R. Govindaraj and S. Ghosh, ACM J. Emerg. Technol. Comput. Syst. 13, 52 (2017), by its abstract.",
        "3.9e-11: S. Narla, P. Kumar and A. Naeemi, IEEE Trans. Magn., doi 10.1109/TMAG.2025.3601525, by its abstract.",
        "89 %: J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, 2024 (2016), II-A, of their reference [69].",
    )
    results_class: ClassVar[type[WordSearchResults]] = WordSearchResults
    table_names: ClassVar[tuple[str, ...]] = ("points", "energy")
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "All checks passed. The errors hold for junctions that behave as their fit does.",
        "limited": "The errors hold, except where one of the following matters.",
        "failed": "Words of this length cannot be searched in these lines.",
    }

    kind: Literal["word_search"] = "word_search"
    device: StoredJunction
    lines: MatchLines
    table: SearchTable
    words: Annotated[int, Field(ge=1, le=2**20)] = 64
    varied: Varied = Varied()
    energy: SearchEnergy = SearchEnergy()
    allowed_error: Annotated[PureNumber, Field(ge=1e-10, le=0.1)] = 1e-6
    retention: Annotated[Duration, Field(gt=0)] = 1e5
    temperature: Annotated[Temperature, Field(gt=0, le=1000)] = 300.0

    @override
    def input_files(self) -> tuple[Path, ...]:
        return (model_file(self.device.fitted_model),)

    def line(self, *, bits: int | None = None, spread: float | None = None, tmr: float | None = None) -> MatchLine:
        """The match line of a word, or of another length, spread or magnetoresistance."""
        from solitons.crossbars.match_lines import MatchCell, MatchLine

        junction, lines, own = self.device.junction, self.lines, self.device.spread
        low, high = (float(each) for each in junction.conductances)
        if spread is None:
            spread = junction.unlike.relative[2] if own is None else own
        cell = MatchCell(high, low if tmr is None else high / (1 + tmr), spread, lines.open, lines.closed)
        line = MatchLine(cell, bits or self.table.bits, lines.capacitance, lines.segment, lines.voltage, lines.offset)
        return line if self.device.half_bias is None else line.biased(self.device.half_bias)

    def longest(self, holds: Callable[[MatchLine], bool]) -> int | None:
        """Bits of the longest word, of 256 at most, whose line `holds` and whose cells count alike; None of none."""

        def fails(bits: int) -> bool:
            line = self.line(bits=bits)
            return line.far_deficit > _MOST_DEFICIT or not holds(line)

        fewer = bisect_left(range(2, MOST_BITS + 1), True, key=fails)
        return fewer + 1 if fewer else None

    @override
    def check(self) -> None:
        line = self.line(bits=max((self.table.bits, *self.varied.bits)))
        if line.far_deficit > _MOST_DEFICIT:
            raise ValueError(
                f"lines.segment = {self.lines.segment:.4g} ohm: in a discharge of "
                f"{value_label(line.sampling_time, 's', 2)} the farthest of {line.bits} cells counts "
                f"{line.far_deficit:.2g} less, and {_MOST_DEFICIT} is the most; give a lower one, or shorter words"
            )
