"""Errors of a search, its energy, and the look-up tables of a full adder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from geometries import Barrier
from solitons.campaigns.energy.energy_report import energy_figure, energy_values
from solitons.campaigns.energy.run_energy import read_row
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.word_search import results as found
from solitons.campaigns.junctions.word_search.campaign import WordSearchCampaign
from solitons.campaigns.junctions.word_search.figures import errors_figure
from solitons.campaigns.junctions.word_search.judgement import about_search
from solitons.campaigns.junctions.word_search.results import ErrorPoint, Looked, TableError, Varying, WordSearchResults
from solitons.crossbars.lookup_tables import CARRY, SUM, row_error, tree_conductance, wrong_share
from solitons.crossbars.match_lines import MatchCell, MatchLine, matches, words_error
from solitons.energy import EnergyLedger
from solitons.energy.electric_paths import barrier_voltage, capacitor_energy
from solitons.energy.ledger import EnergyRow, Part
from solitons.figures import long_time
from solitons.fits.verdict import judge
from solitons.junctions.stored_bits import kept_for, write_error

__all__ = ["analyse"]

_DRAWN, _FEWEST, _TABLES = 1_200_000, 20, 20_000
"""Bits of all lines drawn at a point, how many lines have to be expected wrong, and tables drawn."""
_KEPT = 0.01
"""Chance that a word has a flipped junction at the end of the time for which it is kept."""


def analyse(campaign: WordSearchCampaign, runs: ComputedRuns[None], stages: Stages) -> Findings[WordSearchResults]:
    """Find the errors of a search over what is varied, search the table, and read the adder."""
    del runs  # there are none
    device, junction, line, words = campaign.device, campaign.device.junction, campaign.line(), campaign.words
    points = _points(campaign, stages)
    spreads = sorted({line.cell.spread, *campaign.varied.spreads})
    with stages("Longest word and adder", 1) as advance:
        most = campaign.longest(lambda each: words_error(each.errors[1], words) <= campaign.allowed_error)
        tables = [_table(campaign, spread, paired) for spread in spreads for paired in (False, True)]
        advance()
    ledger = EnergyLedger(rows=tuple(_energy(campaign, line)))
    low, high = (float(each) for each in junction.conductances)
    match, differs = (float(line.voltage_at(line.conductance(wrong))) for wrong in (0, 1))
    word = "0" * line.bits
    steady, other = (line.steady_conductance(line.cell.stored(each, word)) for each in (word, word[1:] + "1"))
    results = WordSearchResults(
        bits=line.bits, words=words, parallel=high, antiparallel=low, biased=line.cell.antiparallel,
        spread=line.cell.spread, spread_known=device.spread is not None or junction.unlike.known,
        bias_known=device.half_bias is not None, time=line.sampling_time, voltages=(match, differs),
        far_deficit=line.far_deficit, steady=(steady, other), points=points, most_bits=most,
        allowed_error=campaign.allowed_error,
        looked=[_looked(line, campaign.table.patterns, word) for word in campaign.table.searches], tables=tables,
        kept=kept_for(junction.rates, junction.unlike, 2 * line.bits, _KEPT, campaign.temperature),
        retention=campaign.retention, energy=ledger,
        write_error=write_error(junction.rates, junction.unlike, device.current, device.width),
    )  # fmt: skip
    fit = junction.provenance
    # A bit is written in both directions.
    outside = fit is not None and not (
        fit.both_ways
        and fit.current_density[0] <= device.current <= fit.current_density[1]
        and fit.time[0] <= device.width <= fit.time[1]
    )
    verdict = judge(about_search(results, getattr(fit, "verdict", None), outside))
    results = results.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})
    return Findings(
        results,
        values={"chance": found.error_label, "long_time": long_time, **energy_values(ledger)},
        figures={"errors": partial(errors_figure, results), "energy": partial(energy_figure, ledger)},
        tables={"points": pd.DataFrame([each.model_dump() for each in points]), "energy": ledger.table()},
    )


def _points(campaign: WordSearchCampaign, stages: Stages) -> list[ErrorPoint]:
    nominal, varied = campaign.line(), campaign.varied
    wanted: list[tuple[Varying, float, str, MatchLine]] = [
        ("nominal", float(nominal.bits), f"as described, {nominal.bits} bits", nominal),
        *(("spreads", each, f"spread {each:.1%}", campaign.line(spread=each)) for each in varied.spreads),
        *(("bits", float(each), f"{each} bits", campaign.line(bits=each)) for each in varied.bits),
        *(("tmr", each, f"TMR {each:.0%}", campaign.line(tmr=each)) for each in varied.tmr),
    ]
    points = []
    with stages("Errors", len(wanted)) as advance:
        for number, (of, value, label, line) in enumerate(wanted):
            (normal, exact, _), draws = line.errors, _DRAWN // line.bits
            enough = exact * draws >= _FEWEST
            points.append(ErrorPoint(
                of=of, value=value, label=label, normal=normal, exact=exact,
                counted=line.counted_error(draws, number) if enough else None,
                search=words_error(exact, campaign.words),
            ))  # fmt: skip
            advance()
    return points


def _looked(line: MatchLine, patterns: tuple[str, ...], word: str) -> Looked:
    longest = sorted(patterns, key=lambda pattern: pattern.count("X"))
    seen = [pattern for pattern, one in zip(longest, line.found(longest, word), strict=True) if one]
    return Looked(word=word, found=seen, expected=[pattern for pattern in longest if matches(pattern, word)])


def _barrier(campaign: WordSearchCampaign) -> Barrier:
    low, high = (float(each) for each in campaign.device.junction.conductances)
    area = campaign.energy.area or 1e-16  # a magnetoresistance needs none
    return Barrier(resistance_area=area / high, tmr=high / low - 1, half_bias=campaign.device.half_bias)


def _adder_cell(campaign: WordSearchCampaign, spread: float) -> MatchCell:
    """The cell of a table, its magnetoresistance at the voltage over a whole tree, which a junction has at most."""
    cell, volts = campaign.line(spread=spread).cell, campaign.energy.read_voltage or 0.0
    return replace(cell, antiparallel=cell.parallel / (1 + float(_barrier(campaign).tmr_at(volts))))


def _table(campaign: WordSearchCampaign, spread: float, paired: bool) -> TableError:
    cell = _adder_cell(campaign, spread)
    shares = [wrong_share(table, cell, paired, _TABLES, at) for at, table in enumerate((SUM, CARRY))]
    return TableError(spread=spread, paired=paired, closed_form=row_error(cell, paired), counted=sum(shares) / 2)


def _energy(campaign: WordSearchCampaign, line: MatchLine) -> Iterator[EnergyRow]:
    """Rows of a search, a bit of a word each, of a write of one junction, and of a read of the adder."""
    lines, device, energy = campaign.lines, campaign.device, campaign.energy

    def row(of: str, part: Part, name: str, how: str, joule: float | None, give: str, second: float = 0) -> EnergyRow:
        missing = "" if joule is not None else f"{name}: give {give}"
        return EnergyRow(device=found.DEVICE, operation=of, part=part, name=name, joule=joule, second=second,
                         origin="derived", source=how, missing=missing)  # fmt: skip

    end = float(line.voltage_at(line.conductance(line.bits / 2)))
    charge, how = lines.capacitance * lines.voltage * (lines.voltage - end), f"c V (V - v), v = {end:.3g} V"
    yield row(found.SEARCH, "wire", "match line charged again", how, charge, "", line.sampling_time)
    joule = None
    if energy.search_line is not None and energy.search_voltage is not None:
        joule = capacitor_energy(energy.search_line, energy.search_voltage)
    yield row(
        found.SEARCH, "driver", "one of two search lines", "C V^2", joule, "energy.search_line and search_voltage"
    )
    joule = None if energy.comparator is None else energy.comparator / line.bits
    yield row(found.SEARCH, "converter", "comparator", f"over {line.bits} bits", joule, "energy.comparator")
    joule = None
    if energy.area is not None:
        both = sum(barrier_voltage(_barrier(campaign), device.current, parallel=state) for state in (False, True))
        joule = device.current * energy.area * device.width * both / 2
    yield row(found.WRITE, "device", "mean of both ways", "J A w (V_P + V_AP) / 2", joule, "energy.area", device.width)
    cell = _adder_cell(campaign, 0.0)
    trees = [np.where(np.equal(table, on), cell.parallel, cell.antiparallel) for table in (SUM, CARRY) for on in (0, 1)]
    mean = float(np.mean([tree_conductance(trees, row, lines.open, lines.closed) for row in range(8)]))
    yield read_row(found.DEVICE, 4 * mean, energy).model_copy(update={"operation": found.ADD, "name": "four trees"})
