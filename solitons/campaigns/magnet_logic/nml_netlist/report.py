"""The sections of the report of a netlist."""

from __future__ import annotations

from collections.abc import Mapping

from geometries import MagnetArray, Material
from solitons.campaigns.framework.page import Section, figure, paragraph, table
from solitons.campaigns.magnet_logic.logic_campaign import LogicClock
from solitons.campaigns.magnet_logic.logic_report import (
    SIGNS,
    Shown,
    array_figure,
    error_figure,
    rates_table,
    rows_figure,
)
from solitons.campaigns.magnet_logic.logic_results import row_label
from solitons.campaigns.magnet_logic.nml_netlist.results import NetlistResults
from solitons.figures import number_label, value_label

__all__ = ["array_section", "errors", "missing", "truth_table_section"]


def array_section(array: MagnetArray, material: Material, clock: LogicClock, results: NetlistResults) -> Section:
    """What is computed with."""
    rows = [[name, value] for name, value in array.family_rows()]
    rows += [
        ["material", f"{material.name}, Ms {value_label(material.Ms, 'A/m')}, damping {material.alpha:g}"],
        ["H_K of a magnet alone", value_label(results.anisotropy_field, "A/m", 3)],
        ["response of a magnet", value_label(results.response_time, "s", 2)],
        ["barrier of a magnet alone", f"{results.barrier:.0f} kT at {results.temperature:g} K"],
    ]
    zones = len(array.zones())
    return Section(
        "The array",
        [
            figure(array_figure(array), "The array before the clock, by role."),
            table(["", ""], rows),
            paragraph(
                f"The clock, {value_label(clock.field, 'A/m', 3)} along x on all magnets that are not held, takes "
                "their bits away. "
                + (f"It falls in one of {zones} zones after the other" if zones > 1 else "It falls on all at once")
                + "; while it falls the stray fields decide."
            ),
        ],
    )


def truth_table_section(results: NetlistResults, shown: Shown, wanted: Mapping[str, str]) -> Section:
    """Outputs of all rows at 0 K."""
    outputs = list(results.rows[0].expected)
    head = [f"inputs {' '.join(results.signals)}"]
    for name in outputs:
        head += [f"{name}, expected", "micromagnetics", "macrospins"]
    head += ["margin", "difference"]
    rows = []
    for each in results.rows:
        row = [row_label(each.row)]
        for name in outputs:
            seen = "not run" if each.seen is None else SIGNS[each.seen[name]]
            row += [SIGNS[each.expected[name]], seen, SIGNS[each.model[name]]]
        margin = each.model_margin if each.margin is None else each.margin
        difference = "" if each.difference is None else f"{each.difference:.3f}"
        rows.append([*row, number_label(margin, ".3f"), difference])
    said = "; ".join(f"{name} = {words}" for name, words in wanted.items())
    expected = f"Expected: {said}." if said else "Expected is what the signs of the neighbours and the zones say."
    return Section(
        "Truth table at 0 K",
        [
            paragraph(
                f"{expected} Margin: the smallest mean m of an output on its expected value, in micromagnetics where "
                "the row was run. Difference: the largest one between micromagnetics and macrospins, in the mean m of "
                "any magnet along its axis. Nothing is fitted: a macrospin has the stray field of its cells."
            ),
            table(head, rows),
            figure(
                rows_figure(shown, results.rows),
                "The end of the clock at 0 K. Blue is +, orange −, grey undecided; held magnets are pale, outputs have "
                "a thick edge.",
            ),
        ],
    )


def errors(clock: LogicClock, results: NetlistResults) -> Section:
    """How often heat makes each row wrong, and which magnet fails first."""
    outputs = list(results.rows[0].expected)
    hot = [each.thermal for each in results.rows if each.thermal is not None]
    further = {f"{name} fails": [each.outputs[name] for each in hot] for name in outputs}
    parts = [
        figure(
            error_figure(results.rows, results.signals, results.temperature),
            f"Share of trials with a wrong or undecided output at {results.temperature:g} K, with exact 95 % intervals "
            f"(Clopper and Pearson). The clock is held for {value_label(clock.hold, 's')}, falls in "
            f"{value_label(clock.fall, 's')} in each zone, and outputs are read after {value_label(clock.rest, 's')}.",
        ),
        rates_table(results.rows, results.signals, digits=3, further=further),
    ]
    worst = results.worst
    if worst is not None and results.first_failures:
        failures = [[each.magnet, f"{each.count}", value_label(each.time, "s", 2)] for each in results.first_failures]
        parts += [
            paragraph(
                f"Row {row_label(worst.row)}, which fails most often, once more with states on the way: "
                f"{results.watched_wrong} of {results.watched:,} trials are wrong. The magnet that takes a wrong bit "
                "first and keeps it, and the median time from when the clock begins to fall:"
            ),
            table(["fails first", "trials", "time"], failures),
        ]
    elif worst is not None and worst.thermal is not None:
        if worst.thermal.errors:
            words = (
                f"In {results.watched:,} more trials of row {row_label(worst.row)} with states on the way none is "
                "wrong, so that no magnet that fails first is known. Use more members, or a faster clock."
            )
        else:
            words = (
                f"No trial is wrong, so that no row is the worst one: each fails in less than {worst.thermal.high:.2g} "
                "(95 %). Let the clock fall faster to see which fails first."
            )
        parts.append(paragraph(words))
    return Section("How often heat makes it wrong", parts)


def missing() -> Section:
    """What is not shown."""
    return Section(
        "What this does not show",
        [
            paragraph(
                "Error rates are the macrospins'. All magnets of a size are alike: roughness and spread are left out. "
                "The clock acts on each zone alone, without the stray field of its lines on the next one; its own "
                "losses are left out."
            )
        ],
    )
