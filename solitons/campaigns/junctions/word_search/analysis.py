"""Errors of a search, its energy, and the look-up tables of a full adder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.word_search import figures
from solitons.campaigns.junctions.word_search.campaign import WordSearchCampaign
from solitons.campaigns.junctions.word_search.judgement import about_search
from solitons.campaigns.junctions.word_search.results import (
    ADD,
    LONGEST,
    REVIEW_SAVING,
    SEARCH,
    WRITE,
    ErrorPoint,
    Looked,
    TableError,
    Varying,
    WordSearchResults,
    error_label,
)
from solitons.campaigns.junctions.word_search.settings import AdderRead
from solitons.crossbars import ResistorCrossbar, Wires
from solitons.crossbars.lookup_tables import CARRY, SUM, row_error, tree_conductance, wrong_shares
from solitons.crossbars.match_cells import MatchCell
from solitons.crossbars.match_lines import MatchLine, matches, words_error
from solitons.energy.electric_paths import JunctionPath, capacitor_energy
from solitons.energy.ledger import EnergyRow, Part
from solitons.figures import long_time
from solitons.fits.verdict import judge
from solitons.junctions import StochasticBinarySynapse
from solitons.junctions.stored_bits import kept_for, write_error

__all__ = ["analyse"]

_LABELS: dict[str, Callable[[float], str]] = {
    "nominal": lambda bits: f"as described, {bits:.0f} bits",
    "spreads": lambda spread: f"spread {spread:.1%}",
    "bits": lambda bits: f"{bits:.0f} bits",
    "tmr": lambda tmr: f"TMR {tmr:.0%}",
}
_DRAWN, _FEWEST = 1_200_000, 20
"""Bits of all lines drawn at a point, and how many lines have to be expected wrong."""
_TABLES = 20_000
_KEPT = 0.01
"""Chance that a word has a flipped junction at the end of the time for which it is kept."""


def analyse(campaign: WordSearchCampaign, runs: ComputedRuns[None], stages: Stages) -> Findings[WordSearchResults]:
    """Find the errors of a search over what is varied, search the table, and read the adder."""
    del runs  # there are none
    junction, line = campaign.device.junction(), campaign.line()
    varied = campaign.varied
    wanted: list[tuple[Varying, float, MatchLine]] = [("nominal", float(line.bits), line)]
    wanted += [("spreads", each, campaign.line(spread=each)) for each in varied.spreads]
    wanted += [("bits", float(each), campaign.line(bits=each)) for each in varied.bits]
    wanted += [("tmr", each, campaign.line(tmr=each)) for each in varied.tmr]
    points = []
    with stages("Errors", len(wanted)) as advance:
        for number, (of, value, each) in enumerate(wanted):
            points.append(_point(of, value, each, campaign.words, campaign.seed + number))
            advance()
    with stages("Longest word and adder", 2) as advance:
        most = _most_bits(campaign)
        advance()
        tables = _tables(campaign, junction, line.cell.spread)
        advance()
    generator = np.random.default_rng(campaign.seed)
    drawn = [line.cell.stored(*_random_words(line.bits, generator)) for _ in range(8)]
    energy = _energy(campaign, junction, line)
    search = [row.joule for row in energy if row.operation == SEARCH]
    saving, interval = _saving(campaign, None if None in search else sum(each or 0.0 for each in search))
    low, high = (float(each) for each in junction.conductances)
    results = WordSearchResults(
        name=campaign.device.name,
        bits=line.bits,
        words=campaign.words,
        parallel=high,
        antiparallel=low,
        biased=line.cell.antiparallel,
        spread=line.cell.spread,
        spread_known=campaign.device.spread_known,
        bias_known=campaign.lines.half_bias is not None,
        time=line.sampling_time,
        voltages=line.voltages,
        far_weight=float(line.weights(line.sampling_time)[-1]),
        steady=_steady(line),
        kirchhoff=max(_off_kirchhoff(line, each) for each in drawn),
        points=points,
        most_bits=most,
        allowed_error=campaign.allowed_error,
        looked=[_looked(line, campaign.table.patterns, word) for word in campaign.table.searches],
        tables=tables,
        kept=kept_for(junction.rates, junction.unlike, 2 * line.bits, _KEPT, campaign.temperature),
        retention=campaign.retention,
        write_error=write_error(junction.rates, junction.unlike, campaign.device.current, campaign.device.width),
        energy=energy,
        saving=saving,
        saving_interval=interval,
    )
    verdict = judge(about_search(results, getattr(junction.provenance, "verdict", None), _outside(campaign, junction)))
    results = results.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})
    return Findings(
        results,
        values={
            "chance": error_label,
            "labels": _LABELS,
            "kept": long_time(results.kept),
            "asked": long_time(results.retention),
        },
        figures={
            "errors": partial(figures.errors_figure, results),
            "discharge": partial(figures.discharge_figure, line, results),
        },
        tables={"points": pd.DataFrame([each.model_dump() for each in points]), "energy": results.ledger.table()},
    )


def _point(of: Varying, value: float, line: MatchLine, words: int, seed: int) -> ErrorPoint:
    found = line.error()
    draws = _DRAWN // line.bits
    counted = line.counted_error(draws, seed) if found.exact * draws >= _FEWEST else None
    return ErrorPoint(
        of=of, value=value, normal=found.normal, exact=found.exact, counted=counted,
        by_normal_threshold=found.by_normal_threshold, search=words_error(found.exact, words),
    )  # fmt: skip


def _most_bits(campaign: WordSearchCampaign) -> int | None:
    """Bits of the longest word whose search has the allowed error, up to 256."""

    def allowed(bits: int) -> bool:
        return words_error(campaign.line(bits=bits).error().exact, campaign.words) <= campaign.allowed_error

    if not allowed(2):
        return None
    low, high = 2, 4
    while high <= LONGEST and allowed(high):
        low, high = high, 2 * high
    high = min(high, LONGEST + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if allowed(middle) else (low, middle)
    return low


def _random_words(bits: int, generator: np.random.Generator) -> tuple[str, str]:
    stored, searched = ("".join(generator.choice(list("01X"), bits)) for _ in range(2))
    return stored, searched


def _steady(line: MatchLine) -> tuple[float, float]:
    cells = np.full(line.bits, line.ends[0])
    match = line.steady_conductance(cells)
    cells[-1] = line.ends[1]
    return match, line.steady_conductance(cells)


def _off_kirchhoff(line: MatchLine, cells: np.ndarray) -> float:
    """Relative deviation of a ladder's conductance from the crossbar's nodal equations for the same line."""
    nodal = ResistorCrossbar(cells[None], Wires(word_segment=line.segment)).solve([1.0]).word_current[0]
    return float(abs(line.steady_conductance(cells) / nodal - 1))


def _looked(line: MatchLine, patterns: tuple[str, ...], word: str) -> Looked:
    known: Callable[[str], int] = lambda pattern: pattern.count("X")  # noqa: E731
    found = [pattern for pattern, one in zip(patterns, line.found(list(patterns), word), strict=True) if one]
    expected = [pattern for pattern in patterns if matches(pattern, word)]
    return Looked(word=word, found=sorted(found, key=known), expected=sorted(expected, key=known))


def _adder_cell(
    campaign: WordSearchCampaign, read: AdderRead, junction: StochasticBinarySynapse, spread: float
) -> MatchCell:
    """The cell of a table, its magnetoresistance at the voltage over a whole tree, which a junction has at most."""
    antiparallel, parallel = (float(each) for each in junction.conductances)
    bias = campaign.lines.half_bias
    tmr = (parallel / antiparallel - 1) / (1.0 if bias is None else 1 + (read.voltage / bias) ** 2)
    return MatchCell(parallel, parallel / (1 + tmr), spread, campaign.lines.open, campaign.lines.closed)


def _tables(campaign: WordSearchCampaign, junction: StochasticBinarySynapse, own: float) -> list[TableError]:
    if campaign.adder is None:
        return []
    found = []
    for spread in sorted({own, *campaign.varied.spreads}):
        cell = _adder_cell(campaign, campaign.adder, junction, spread)
        for paired in (False, True):
            counted = [
                wrong_shares(table, cell, paired, _TABLES, campaign.seed + number)
                for number, table in enumerate((SUM, CARRY))
            ]
            found.append(
                TableError(
                    paired=paired, spread=spread, closed_form=row_error(cell, paired),
                    counted=np.concatenate(counted).tolist(),
                )
            )  # fmt: skip
    return found


def _outside(campaign: WordSearchCampaign, junction: StochasticBinarySynapse) -> bool:
    """Whether the writing pulse is outside of what the rates were fitted on."""
    fit = junction.provenance
    return fit is not None and not (
        fit.current_density[0] <= campaign.device.current <= fit.current_density[1]
        and fit.time[0] <= campaign.device.width <= fit.time[1]
    )


def _energy(campaign: WordSearchCampaign, junction: StochasticBinarySynapse, line: MatchLine) -> list[EnergyRow]:
    """Rows of a search, a bit of a word each, of a write of one junction, and of a read of the adder."""
    lines, device = campaign.lines, campaign.device

    def row(
        operation: str, part: Part, what: str, how: str, joule: float | None, why: str, second: float = 0.0
    ) -> EnergyRow:
        return EnergyRow(
            device=device.name, operation=operation, part=part, name=what, joule=joule, second=second, origin="derived",
            source=how, missing=why if joule is None else "",
        )  # fmt: skip

    end = line.end_voltage_of_random_words()
    driven = lines.search_line is None or lines.search_voltage is None
    rows = [
        row(SEARCH, "wire", "match line charged again", f"c V (V - v), v = {end:.3g} V in random words; {lines.source}",
            lines.capacitance * lines.voltage * (lines.voltage - end), "", line.sampling_time),
        row(SEARCH, "driver", "one of two search lines", f"C V^2; {lines.source}",
            None if driven else capacitor_energy(lines.search_line or 0.0, lines.search_voltage or 0.0),
            "the search lines are not described; give lines.search_line and lines.search_voltage"),
        row(SEARCH, "converter", "comparator", f"its energy over {line.bits} bits; {lines.source}",
            None if lines.comparator is None else lines.comparator / line.bits,
            "the comparator is not described; give lines.comparator"),
    ]  # fmt: skip
    middle = sum(float(each) for each in junction.conductances) / 2
    heat = None if device.area is None else JunctionPath(device.area, middle).heat(device.current, device.width)
    rows.append(
        row(WRITE, "device", "ohmic heat at the mean conductance", "R I^2 w", heat,
            "the area of the junction is not given; give device.area", device.width)
    )  # fmt: skip
    if campaign.adder is not None:
        read = campaign.adder
        cell = _adder_cell(campaign, read, junction, 0.0)
        trees = [np.where(np.array(table) == on, cell.parallel, cell.antiparallel)
                 for table in (SUM, CARRY) for on in (1, 0)]  # fmt: skip
        mean = np.mean([[tree_conductance(one, at, lines.open, lines.closed) for one in trees] for at in range(8)])
        rows.append(
            row(ADD, "device", "four trees of pairs, mean of all rows", f"V^2 G t; {lines.source}",
                float(4 * mean * read.voltage**2 * read.time), "", read.time)
        )  # fmt: skip
    return rows


def _saving(campaign: WordSearchCampaign, search: float | None) -> tuple[float | None, float | None]:
    """Share P T / (E + P T) that a memory without leakage saves, and the interval at which it is the review's."""
    if campaign.volatile is None or search is None:
        return None, None
    leaked = campaign.volatile.leakage * campaign.volatile.interval
    return leaked / (leaked + search), REVIEW_SAVING / (1 - REVIEW_SAVING) * search / campaign.volatile.leakage
