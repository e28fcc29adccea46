"""The sections of the report of a gate."""

from __future__ import annotations

import math

from markupsafe import Markup

from geometries import MagnetArray, Material
from geometries.magnet_logic.builders import MagnetGrid
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
from solitons.campaigns.magnet_logic.nml_majority import figures
from solitons.campaigns.magnet_logic.nml_majority.results import CycleResult, EnsembleResult, MajorityResults, RowResult
from solitons.figures import number_label, value_label
from solitons.magnet_logic.mean_heats import found_difference

__all__ = ["errors", "gate_section", "heat", "macrospins", "missing"]

_SIGNALS = ("a", "b", "c")
_FACTORS = {
    "anisotropy": "anisotropy in the plane",
    "beside": "coupling beside each other",
    "end_to_end": "coupling end to end",
}


def gate_section(
    array: MagnetArray, grid: MagnetGrid, material: Material, clock: LogicClock, results: MajorityResults, shown: Shown
) -> Section:
    """What the gate is, and its truth table at 0 K."""
    size = " × ".join(value_label(each, "m") for each in (grid.length, grid.width, grid.thickness))
    head = ["inputs a b c", "expected", "output", "margin", "centre"]
    rows = [
        [
            row_label(each.row),
            SIGNS[each.expected],
            SIGNS[each.value],
            number_label(each.margin, ".3f"),
            number_label(each.centre, "+.3f"),
        ]
        for each in results.rows
    ]
    failed = results.verdict == "failed"
    bias = "the macrospins' tolerated bias is withheld: the verdict states why."
    if not failed:
        bias = (
            "tolerated bias: the largest uniform field along the axes, of either sign, with which the fitted "
            "macrospins still give the expected output at 0 K."
        )
        head += ["tolerated bias", "over the anisotropy field"]
        for row, each in zip(rows, results.rows, strict=True):
            row += [value_label(each.tolerated_bias, "A/m", 2), f"{each.tolerated_bias / results.anisotropy_field:.0%}"]
    return Section(
        "The gate and its truth table",
        [
            paragraph(
                f"Ellipses of {material.name} of {size} ({value_label(material.Ms, 'A/m')}, damping "
                f"{material.alpha:g}), {value_label(grid.gap_beside, 'm')} apart beside each other and "
                f"{value_label(grid.gap_above, 'm')} end to end. Inputs a and c are above and below the centre, which "
                "takes their side; b is beside it and is inverted. The centre takes the majority of a, not b and c, "
                "and the output, on its other side, the inverse of the centre. A bias of "
                f"{value_label(grid.field, 'A/m')} holds the inputs. The clock, {value_label(clock.field, 'A/m', 3)} "
                "along the hard axes of all magnets, takes the states away and falls; while it falls the stray fields "
                "decide."
            ),
            figure(array_figure(array, (4.6, 4.2)), "The gate before the clock: inputs orange, output green."),
            figure(
                rows_figure(shown, results.rows, 2.3),
                "The end of the clock at 0 K in micromagnetics, by inputs a, b, c. Blue points up, orange down; inputs "
                "are pale, the output has a thick edge.",
            ),
            paragraph(f"Margin: mean m of the output on its expected value, in micromagnetics; {bias}"),
            table(head, rows),
            paragraph(
                "With a held the same gate is another one: in the rows with a = − the centre is (NOT b) AND c, with "
                f"a = + it is (NOT b) OR c. {_held_gates(results.rows, failed)}"
            ),
        ],
    )


def _held_gates(rows: list[RowResult], failed: bool) -> str:
    words = []
    for name, held in (("AND", -1), ("OR", 1)):
        of_gate = [each for each in rows if each.row[0] == held]
        right = sum(each.right for each in of_gate)
        worst = max(of_gate, key=lambda each: each.thermal.rate)
        hot = f", {worst.thermal.rate:.2%} wrong with heat in its worst row, {row_label(worst.row)}"
        words.append(f"{name}: {right} of {len(of_gate)} rows right at 0 K{'' if failed else hot}")
    return "; ".join(words) + "."


def macrospins(results: MajorityResults) -> Section:
    """The fitted macrospins, and what they predict; nothing of them where the verdict is that they failed."""
    title = "One moment a magnet: fitted to pairs, and predictions"
    if results.verdict == "failed":
        words = "Factors on anisotropy and couplings, predictions and error rates are withheld: the verdict states why."
        return Section(title, [paragraph(words)])
    factors = [
        [_FACTORS[each.name], f"{each.value:.3f}", " to ".join(f"{end:.3f}" for end in each.ci95 or ())]
        for each in results.factors
    ]
    predicted = [
        [
            each.name,
            *(_degrees(angle) for angle in (each.fitted, each.unfitted, each.uncoupled)),
            _yes(each.right),
        ]
        for each in results.held_out
    ]
    return Section(
        title,
        [
            paragraph(
                "Each magnet as one moment, in the stray fields of the cells of all others (Newell's tensor). Three "
                "factors on anisotropy and couplings are fitted to the torques in two pairs of magnets, in a clock "
                "that falls and in fields that turn; they are 1 where magnets are magnetised the same everywhere. "
                "Intervals come from leaving out each of the six runs. The torque that is left is "
                f"{results.residual:.2%} of the anisotropy field; {results.unfitted_residual:.2%} without the factors, "
                f"{results.uncoupled_residual:.2%} without couplings. In a run that is left out of the fit it is "
                f"{results.left_out_residuals[0]:.2%} and {results.left_out_residuals[1]:.2%} without couplings. The "
                "mean magnetisation of a magnet at rest is "
                f"{results.shortest:.3f} or longer."
            ),
            table(["factor on", "fitted", "95 % interval"], factors),
            paragraph(
                "Arrays that were not fitted, followed through the falling clock from their first state alone: root "
                "mean square angle between predicted and simulated moments."
            ),
            table(["array", "fitted", "unfitted", "without couplings", "ends right"], predicted),
            paragraph(
                f"A magnet alone has a barrier of {results.barrier:.0f} kT at {results.temperature:g} K and relaxes in "
                f"{value_label(results.relaxation_time, 's', 2)}."
            ),
        ],
    )


def _degrees(angle: float) -> str:
    found = math.degrees(angle)
    return f"{found:.0f}°" if found >= 10 else f"{found:.2g}°"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def errors(clock: LogicClock, results: MajorityResults) -> Section:
    """How often heat makes each row wrong, and micromagnetics beside it."""
    compared = results.ensemble
    places = [each.row for each in results.rows]
    beside = None if compared is None else (places.index(compared.row), compared.thermal)
    parts = [
        figure(
            error_figure(results.rows, _SIGNALS, results.temperature, beside=beside, height=3.8),
            f"Share of wrong and undecided outputs at {results.temperature:g} K, with exact 95 % intervals (Clopper "
            f"and Pearson). The clock is held for {value_label(clock.hold, 's')}, falls in "
            f"{value_label(clock.fall, 's')}, and the output is read after {value_label(clock.rest, 's')}.",
        ),
        rates_table(results.rows, _SIGNALS, digits=2),
        paragraph(
            "Half a turn of everything about the clock's axis makes row (a, b, c) the row (−c, −b, −a). That their "
            f"error rates differ by chance as much as they do has p = {results.rotation_p_value:.2g}."
        ),
    ]
    if compared is not None:
        parts += _comparison(compared)
    return Section("How often heat makes the gate wrong", parts)


def _comparison(ensemble: EnsembleResult) -> list[Markup]:
    seen = ensemble.thermal
    rows = [
        [
            each.name,
            f"{each.thermal.rate:.2%}",
            f"{each.loss:.2f}",
            f"{each.p_value:.2g}",
            " ".join(
                (
                    number_label(each.difference[0], "+.1%"),
                    f"({number_label(each.difference[1], '+.1%')} to {number_label(each.difference[2], '+.1%')})",
                )
            ),
        ]
        for each in ensemble.models
    ]
    ratio = ensemble.engine_seconds / ensemble.model_seconds
    return [
        paragraph(
            f"In micromagnetics with heat, inputs {row_label(ensemble.row)}, {seen.errors} of {seen.trials} outputs "
            f"are wrong: {seen.rate:.1%}, 95 %: {seen.low:.1%} to {seen.high:.1%}. Nothing is fitted to these runs but "
            f"the length in the last line: spin waves shorten a magnet's mean moment to {ensemble.length:.3f}. Loss "
            "is by how much the log-likelihood of these counts is below that of the best rate; above 1.92 a rate is "
            "outside the 95 % interval. The difference is micromagnetics less model."
        ),
        table(["model", "error rate", "loss", "p", "difference"], rows),
        paragraph(
            f"A run took {ensemble.engine_seconds:.2g} s and a trajectory of the macrospins "
            f"{1e3 * ensemble.model_seconds:.2g} ms of wall time here, a factor of {float(f'{ratio:.2g}'):,.0f}."
        ),
    ]


def heat(results: MajorityResults, words: tuple[str, str]) -> Section:
    """The heat of a cycle in both orders."""
    rows = [
        [
            cycle.name,
            value_label(point.ramp_time, "s"),
            f"{point.members:,}",
            f"{point.heat:.2f} ± {1.96 * point.heat_error:.2f}",
            f"{point.damping_heat:.2f} ± {1.96 * point.damping_error:.2f}",
            f"{point.failed} of {point.members:,}",
        ]
        for cycle in results.cycles
        for point in cycle.points
    ]
    first, second = words
    clock_first, inputs_first = results.cycles
    parts = [
        paragraph(
            f"The gate is taken from inputs {first} to {second} and back, two operations whose outputs differ. With "
            "the clock first its magnets are without a state while the inputs change. With the inputs first they are "
            "left against their new neighbours, and fall out of that state when the clock rises. Inputs turn in a "
            "clock of their own in both orders."
        ),
        figure(
            figures.heat_figure(results),
            "Mean heat of the whole cycle by the work of all fields around their loop; bars are 95 % intervals. Left: "
            "all ramps, and the damping term where chance leaves it a sign (its bars are those of its difference from "
            "the work). Right: the slow ramps with the clock first. "
            + ("Line: Q = Q∞ + c/τ." if clock_first.on_a_line else "No line is drawn: the verdict states why."),
        ),
        table(["order", "ramp time", "gates", "work (kT)", "damping term (kT)", "wrong outputs"], rows),
        paragraph(
            f"That work and damping term differ by chance as much as they do has p = {results.damping_p_value:.2g}. "
            "The comparison finds a difference of "
            f"{found_difference(point for cycle in results.cycles for point in cycle.points):.2g} kT that all points "
            "share (p below 0.001 in nine of ten campaigns), and hardly a smaller one."
            if results.damping_p_value is not None
            else ""
        ),
    ]
    limit = f"{_limit(clock_first)} " if clock_first.on_a_line else ""
    parts.append(paragraph(f"{limit}{_no_limit(inputs_first)}"))
    return Section("Heat of an operation", parts)


def _limit(cycle: CycleResult) -> str:
    low, high = (number_label(each, ".2f") for each in cycle.ci95)
    return (
        f"{cycle.name.capitalize()}: the limit of slow ramps is {number_label(cycle.limit, '.2f')} kT, 95 %: {low} to "
        f"{high} (scatter about the line: p = {cycle.p_value:.2g}); {cycle.slope * 1e9:.2g} kT ns over the ramp time "
        "come on top. Its interval holds 0 where the operation is reversible in the limit."
    )


def _no_limit(cycle: CycleResult) -> str:
    slowest = cycle.points[-1]
    return (
        f"{cycle.name.capitalize()}: {slowest.heat:.1f} kT are left with ramps of "
        f"{value_label(slowest.ramp_time, 's')}. Heat helps the magnets over their barriers earlier in slower ramps, "
        "so that this falls slowly, and no line over 1/τ is drawn."
    )


def missing() -> Section:
    """What is not shown."""
    return Section(
        "What this does not show",
        [
            paragraph(
                "Heat in micromagnetics is in one row only; error rates of the others are the macrospins'. The heat of "
                "a cycle is the macrospins' too. Cells set a cut-off to the spin waves of heat, so that rates in "
                "micromagnetics depend on the cell somewhat. All magnets are alike: roughness and spread of sizes are "
                "left out. The clock is uniform and its own losses (currents in lines) are left out; they are far "
                "above what the magnets give away."
            )
        ],
    )
