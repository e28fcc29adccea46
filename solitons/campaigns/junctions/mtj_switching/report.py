"""The sections of a switching campaign's report."""

from __future__ import annotations

from markupsafe import Markup

from solitons.campaigns.energy.energy_report import energy_section
from solitons.campaigns.framework.page import Section, device_table, figure, paragraph, parameter_table, symbol, table
from solitons.campaigns.junctions.mtj_switching.analysis import Shown
from solitons.campaigns.junctions.mtj_switching.figures import (
    probability_figure,
    residual_figure,
    traces_figure,
    write_error_figure,
)
from solitons.campaigns.junctions.mtj_switching.judgement import COHERENT
from solitons.campaigns.junctions.mtj_switching.results import MtjSwitchingResults, SwitchingPoint, UnlikeResult
from solitons.figures import number_label, power_label, value_label

__all__ = ["switching_sections"]

_NAMES = {
    "attempt_rate": Markup("attempt rate {}").format(symbol("f", "0")),
    "stability": "barrier over k T, Δ",
    "exponent": "exponent n",
    "critical_current": Markup("critical current {}").format(symbol("J", "c")),
}
_HOLDS = 0.2
_ENERGY = (
    "The strongest current that was counted, out of each state, for as long as it was held: its share of members that "
    "switch is part of the operation's name. Beside it, pulses of one moment that hardly ever fail, with sharp edges, "
    "and a reading. A pulse gives the barrier the voltage of the state that the layer is in; what damping turns into "
    "heat is in it. Compare the voltages, which stand in the rows, with what your barrier bears. Lines and drivers are "
    "no part of a pillar."
)
_TRIANGLES = ", triangles under a negative current"


def switching_sections(results: MtjSwitchingResults, shown: Shown) -> list[Section]:
    """What the pillar is, how often it switched, what was fitted, and how often pulses fail."""
    sections = [
        Section("The pillar", _pillar(results, shown)),
        Section("How often it switches", _switching(results, shown)),
        Section("The layer as one moment", _moment(results)),
    ]
    if results.parameters:
        sections.append(Section("What was fitted", _fit(results)))
    if results.unlike is not None:
        sections.append(Section("From junction to junction", _unlike(results.unlike)))
    if results.write_errors:
        sections.append(Section("Write errors", _errors(results)))
    if results.energy.rows:
        sections.append(energy_section(results.energy, _ENERGY))
    sections.append(Section("The counts", [_counts(results)]))
    return sections


def _pillar(results: MtjSwitchingResults, shown: Shown) -> list[Markup]:
    spec = shown.observed.runs[0].spec
    one = results.macrospin
    rows = [
        ("temperature", value_label(spec.in_time.temperature, "K")),
        ("members of each run", f"{spec.ensemble.members}" if spec.ensemble else ""),
        ("barrier, as one moment", f"{one.stability:.1f} k T cold, {one.warm_stability:.1f} k T warm"),
        (
            "critical current, as one moment",
            f"{value_label(one.critical_current, 'A/m^2', 3)} cold, "
            f"{value_label(one.warm_critical_current, 'A/m^2', 3)} warm",
        ),
    ]
    return [device_table(spec.device, spec.material, *rows)]


def _switching(results: MtjSwitchingResults, shown: Shown) -> list[Markup]:
    run = shown.observed.runs[len(shown.observed.runs) // 2]
    both = any(point.current < 0 for point in results.points)
    parts = [
        figure(
            traces_figure(shown),
            f"A dozen members under {value_label(run.current, 'A/m^2')} (grey: while it flows). A member counts as "
            "switched where its mean magnetisation has crossed the dashed line.",
        ),
        figure(
            probability_figure(results),
            "Switching probability over how long the current flows, and over the current. Points with exact 95 % "
            f"intervals: counted{_TRIANGLES if both else ''}. Lines: fitted rates. Dashed and dotted: the layer as one "
            f"moment, by {results.macrospin.method}, with nothing fitted to how often it switches.",
        ),
        paragraph(
            "One run under a constant current gives all widths: the state at a time is that in which a pulse which "
            "ends there leaves the layer. So counts at several widths are of the same members. The fit takes what is "
            "independent: of the members still in the first state, how many left it from one width to the next."
        ),
    ]
    pulse = results.pulse
    if pulse is not None:
        undecided = f", {pulse.undecided} in neither state" if pulse.undecided else ""
        alike = "as far as chance allows to see" if pulse.chance >= 0.05 else "though chance makes that seldom"
        parts.append(
            paragraph(
                f"A pulse with edges checks that: {value_label(pulse.current, 'A/m^2')} for "
                f"{value_label(pulse.width, 's')} and a rest leave {pulse.switched} of {pulse.members} switched"
                f"{undecided}, {pulse.switched / pulse.members:.0%} (95 %: {pulse.low:.0%} to {pulse.high:.0%}); under "
                f"the constant current {pulse.under_current:.0%} are at that time. The two agree {alike} (so unlike "
                f"counts have a probability of {pulse.chance:.2g} if they are of one)."
            )
        )
    return parts


def _moment(results: MtjSwitchingResults) -> list[Markup]:
    one = results.macrospin
    parts = [
        paragraph(
            "Shape, anisotropy, damping and torque of the cells make one moment, of which nothing is fitted to how "
            f"often the layer switches. Heat's spin waves shorten the mean magnetisation to {one.length:.3f} of Ms, "
            f"measured in the runs, and the anisotropy with its third power: the barrier falls from "
            f"{one.stability:.1f} to {one.warm_stability:.1f} k T, the critical current with the second power."
        )
    ]
    if one.ratio is not None:
        low, high = one.ratio_ci95
        cold = "" if one.cold_ratio is None else f" Without the spin waves it is {one.cold_ratio:.3g}."
        parts.append(
            paragraph(
                f"Of the members that were there to switch, {one.ratio:.2f} times as many did as this warm moment "
                f"predicts (95 %: {low:.2f} to {high:.2f}).{cold}"
            )
        )
    if one.coherence is not None:
        parts.append(
            paragraph(
                f"While a member reverses, its mean magnetisation is {one.coherence:.0%} as long as in a state: "
                + ("it turns as a whole." if one.coherence >= COHERENT else "it does not turn as a whole.")
            )
        )
    if "write errors" in results.withheld:
        parts.append(paragraph(f"Write errors by one moment are withheld: {results.withheld['write errors']}."))
    return parts


def _fit(results: MtjSwitchingResults) -> list[Markup]:
    beside: dict[str, float | str] = {
        "stability": results.macrospin.warm_stability,
        "critical_current": results.macrospin.warm_critical_current,
    }
    said = "" if results.exponent is None else results.exponent.statement
    return [
        parameter_table(results.parameters, _NAMES, {"as one moment, warm": beside}),
        paragraph(
            f"{said} The critical current is {results.critical_current_from}. A higher "
            "barrier with a higher attempt rate fits the counts nearly as well: the runs determine well the switching "
            "rate that the two give together. Data drawn from the fitted rates would fit worse with a probability of "
            f"{number_label(results.goodness, '.2g')}."
        ),
        *_ways(results),
        figure(
            residual_figure(results),
            "Counted less fitted probabilities with the exact 95 % intervals of what was counted; open: not seen by "
            "the fit. Points of one current are of the same members, so that they stray together. "
            "Where fewer than fitted switch at the shortest widths, it is the time that the layer takes to follow.",
        ),
    ]


def _ways(results: MtjSwitchingResults) -> list[Markup]:
    if not results.ways:
        return []
    rows = [
        [
            "towards the fixed layer" if way.upwards else "away from it",
            f"{way.switches}",
            f"{way.expected:.4g}",
            f"{way.ratio:.2f} [{way.ratio_ci95[0]:.2f}, {way.ratio_ci95[1]:.2f}]",
        ]
        for way in results.ways
    ]
    return [
        paragraph(
            "Both signs of the current were held, each out of the state that it leaves, and one model is fitted to "
            "all: a pulse of either sign is within the fit."
        ),
        table(["way", "members that switched", "expected by the rates", "ratio, 95 %"], rows),
    ]


def _unlike(found: UnlikeResult) -> list[Markup]:
    parts = [
        paragraph(
            f"Junctions of one wafer differ by {found.critical_current:.1%} in their critical current density and by "
            f"{found.diameter:.1%} in their diameter (standard deviations; {found.source}). By the closed forms of the "
            f"pillar that is {found.stability:.1%} in the barrier and {found.conductance:.1%} in the conductance: a "
            "larger anisotropy raises barrier and critical current alike, a larger diameter the barrier and the "
            "conductance. The synapse has all of it."
        )
    ]
    if found.others:
        rows = [
            [
                f"{each.deviation:+g}",
                value_label(each.anisotropy, "J/m^3", 4),
                value_label(each.current, "A/m^2"),
                f"{each.switches}",
                f"{each.expected:.1f}",
                f"{each.unscaled:.1f}",
                f"{each.ratio:.2f} [{each.ratio_ci95[0]:.2f}, {each.ratio_ci95[1]:.2f}]",
            ]
            for each in found.others
        ]
        heads = ["standard deviations", "anisotropy", "current density", "switched", "expected of it",
                 "of the mean one", "ratio, 95 %"]  # fmt: skip
        parts += [
            paragraph(
                "Junctions with another anisotropy, in ensembles that no fit saw, beside the fitted rates with barrier "
                "and critical current scaled to them. Diameters are not checked: the steps between possible ones are "
                "as large as cells."
            ),
            table(heads, rows),
        ]
    return parts


def _errors(results: MtjSwitchingResults) -> list[Markup]:
    assert results.lowest is not None  # where there are write errors
    rows = []
    for each in results.write_errors:
        holds = [width for width, closed, exact in zip(each.widths, each.closed_form, each.exact, strict=False)
                 if abs(closed / exact - 1) <= _HOLDS]  # fmt: skip
        rows.append(
            [
                f"{each.overdrive:g}",
                value_label(each.current, "A/m^2", 3),
                "–" if each.width_for_lowest is None else value_label(each.width_for_lowest, "s", 3),
                "–" if each.closed_form_ratio is None else f"{each.closed_form_ratio:.2f} times the exact error",
                f"{value_label(min(holds), 's', 2)} to {value_label(max(holds), 's', 2)}" if holds else "nowhere",
            ]
        )
    return [
        paragraph(
            "Above the critical current a pulse writes almost surely, and no ensemble is large enough to see it fail. "
            "These are errors of the warm moment, which the runs test below the critical current only."
        ),
        figure(
            write_error_figure(results),
            "Write errors over the width of a pulse with sharp edges. Line: exact. Points: ensembles that are steered "
            "towards failing. Broad, dotted: Butler's closed form, where it is within 20 % and where it is not. "
            "A point is missing where none of the steered macrospins failed.",
        ),
        table(
            ["over critical", "current density", f"width for {power_label(results.lowest)}", "closed form there",
             "closed form within 20 %"],
            rows,
        ),
    ]  # fmt: skip


def _counts(results: MtjSwitchingResults) -> Markup:
    heads = ["current density", "width", "in the fit", "switched", "probability", "95 % interval", "fitted rates",
             "one moment, warm", "cold"]  # fmt: skip
    return table(heads, [_cells(point) for point in results.points])


def _cells(point: SwitchingPoint) -> list[str]:
    return [
        value_label(point.current, "A/m^2"),
        value_label(point.width, "s", 4),
        {"fitted": "yes", "longer": "no, longer", "held out": "no, held out"}[point.use],
        f"{point.switched} of {point.members}",
        number_label(point.probability, ".3f"),
        f"{point.low:.3f} to {point.high:.3f}",
        number_label(point.model, ".3f"),
        number_label(point.warm, ".3f"),
        number_label(point.cold, ".3f"),
    ]
