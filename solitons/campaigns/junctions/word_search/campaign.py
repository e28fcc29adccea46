"""The campaign of word search: a memory that is addressed by content, and logic in memory, of one fitted junction."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, final

import numpy as np
from pydantic import Field
from typing_extensions import override

from geometries.quantities import Duration, PureNumber, Temperature
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.junctions.word_search.results import WordSearchResults
from solitons.campaigns.junctions.word_search.settings import (
    AdderRead,
    MatchLines,
    SearchTable,
    StoredJunction,
    Varied,
    VolatileMemory,
)
from solitons.figures import value_label
from solitons.models.saving import model_file

if TYPE_CHECKING:
    from solitons.crossbars.match_lines import MatchLine

__all__ = ["WordSearchCampaign"]

_DISCHARGED = 0.01
"""Share of the voltage below which a line is discharged."""


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
    adder : AdderRead, optional
        How a full adder is read; none if left out.
    volatile : VolatileMemory, optional
        Volatile memory to compare with.
    allowed_error : float
        Chance that a search may have an error in one word or more.
    retention : float or str
        Time in s for which the words are to be kept.
    temperature : float or str
        At which they are kept, in K.
    seed : int
        Seed of all random numbers.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The cell: J. Li, R. K. Montoye, M. Ishii and L. Chang, IEEE J. Solid-State Circuits 49, 896 (2014).",
        "4.7 fJ a bit and search: R. Govindaraj and S. Ghosh, ACM J. Emerg. Technol. Comput. Syst. 13, 52 (2017), by "
        "its abstract.",
        "A search error of 3.9e-11: S. Narla, P. Kumar and A. Naeemi, IEEE Trans. Magn. 61, 3601525 (2025), by its "
        "abstract.",
        "89 % less energy: J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, 2024 (2016), section II-A, of "
        "their reference [69].",
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
    adder: AdderRead | None = None
    volatile: VolatileMemory | None = None
    allowed_error: Annotated[PureNumber, Field(ge=1e-10, le=0.1)] = 1e-6
    retention: Annotated[Duration, Field(gt=0)] = 1e5
    temperature: Annotated[Temperature, Field(gt=0, le=1000)] = 300.0
    seed: Annotated[int, Field(ge=0, lt=2**28)] = 0

    @override
    def input_files(self) -> tuple[Path, ...]:
        return (model_file(self.device.fitted_model),)

    def line(self, *, bits: int | None = None, spread: float | None = None, tmr: float | None = None) -> MatchLine:
        """The match line of a word, or of another length, spread or magnetoresistance."""
        junction = self.device.junction()
        low, high = (float(each) for each in junction.conductances)
        own = junction.unlike.relative[2] if self.device.spread is None else self.device.spread
        ratio = high / low - 1 if tmr is None else tmr
        return self.lines.line(high, ratio, own if spread is None else spread, bits or self.table.bits)

    @override
    def check(self) -> None:
        line = self.line()
        left, time = line.voltages[0] / self.lines.voltage, line.sampling_time
        if left < _DISCHARGED:
            longest = time * np.log(_DISCHARGED) / np.log(left)
            best = self.model_copy(update={"lines": self.lines.model_copy(update={"time": "best"})}).line()
            raise ValueError(
                f"lines.time = {value_label(time, 's', 3)} leaves {left:.2g} of the voltage on a line that matches, "
                f"and all lines are discharged; give at most {value_label(longest, 's', 2)}, best "
                f"{value_label(best.sampling_time, 's', 2)}"
            )
        if line.distance() < 1:
            shorter = takewhile(lambda bits: self.line(bits=bits).distance() >= 1, range(2, line.bits))
            most = max(shorter, default=None)
            remedy = "no word of 2 bits can: give a smaller spread or offset, or more magnetoresistance"
            raise ValueError(
                f"table: words of {line.bits} bits cannot be told apart in these lines: a match and one mismatch are "
                f"{line.distance():.2g} of the sum of their deviations apart, and 1 is the least; "
                + (remedy if most is None else f"give words of at most {most} bits, or a smaller spread or offset")
            )
