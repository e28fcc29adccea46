"""The sections of the report of an erasure."""

from __future__ import annotations

import math

from geometries import Material
from solitons.campaigns.framework.page import Section, figure, paragraph, symbol, table
from solitons.campaigns.magnet_logic.nml_erasure import figures
from solitons.campaigns.magnet_logic.nml_erasure.results import ErasureResults, OperationResults
from solitons.figures import number_label, value_label
from solitons.magnet_logic import CoupledMacrospins
from solitons.magnet_logic.mean_heats import found_difference

__all__ = ["bits", "heats", "protocol", "ramps"]

_EXACT = (
    "The exact value is a difference of free energies, from integrals of Boltzmann's factor over the sphere. "
    "Erasure of a bit that may be in either state lowers its entropy by k ln 2, and in the limit no entropy is "
    "produced. The same fields on a bit that is known cost as much heat, since the first ramp forgets what it "
    "was: k ln 2 is produced. With the bias first, towards the state that the bit is known to be in, and the "
    "whole path back, nothing is forgotten and nothing is produced."
)


def bits(material: Material, results: ErasureResults) -> Section:
    """The magnets, their barriers and whether they hold a bit."""
    rows = [
        [
            bit.magnet,
            f"{bit.barrier:.1f}",
            value_label(bit.anisotropy_field, "A/m", 3),
            value_label(bit.hard_field, "A/m", 3),
            value_label(bit.bias, "A/m", 3),
            value_label(bit.relaxation_time, "s", 2),
            f"{bit.lost} of {bit.held}",
            f"{bit.lost_interval[1]:.1%}",
        ]
        for bit in results.bits
    ]
    head = ["magnet", "barrier (kT)", symbol("H", "K"), "hard-axis field", "bias", "relaxes in", "bits lost", "at most"]
    return Section(
        "The bits",
        [
            paragraph(
                f"Each magnet is an ellipse of {material.name} ({value_label(material.Ms, 'A/m')}, damping "
                f"{material.alpha:g}) at {results.temperature:g} K that turns as one. Its bit is the sign of m along "
                "its long axis. Bits lost are those that change without any field in the time of the slowest "
                f"operation, {value_label(results.bits[0].hold_time, 's', 3)}, with the upper end of the exact 95 % "
                "interval."
            ),
            table(head, rows),
        ],
    )


def protocol(results: ErasureResults, bit: CoupledMacrospins) -> Section:
    """What the fields do."""
    drawn = figures.path_figure(results, bit)
    caption = (
        "Left: the path of the applied field, with the astroid (grey) inside which the magnet has two states. Right: "
        f"the energy of the magnet of {results.bits[0].magnet} in its plane at the corners of the path. Ramp 1 takes "
        "the barrier away, 2 makes one side lower, 3 brings the barrier back, 4 takes the bias away."
    )
    return Section("The operation", [figure(drawn, caption)])


def heats(results: ErasureResults) -> Section:
    """The heat of each operation, and its limit."""
    fitted = results.verdict != "failed"
    caption = (
        "Mean work of the applied field around its loop, −μ₀V∮M·dH, which is the heat that the bit gives away; bars "
        "are 95 % intervals. " + ("Lines: Q = Q∞ + c/τ." if fitted else "No line is drawn: the verdict states why.")
    )
    parts = [figure(figures.heat_figure(results), caption)]
    head = [
        "operation",
        "magnet",
        "Q∞ (kT)",
        "95 % interval",
        "exact",
        "c (kT ns)",
        "entropy produced (k)",
        "p of the line",
    ]
    rows = [
        [
            operation.name,
            bit.magnet,
            number_label(operation.limit, ".3f"),
            " to ".join(number_label(each, ".3f") for each in operation.ci95),
            f"{abs(operation.quasi_static):.3f}",
            number_label(operation.slope * 1e9, ".2f"),
            number_label(operation.entropy_produced, ".3f"),
            f"{operation.p_value:.2g}",
        ]
        for bit in results.bits
        for operation in bit.operations
    ]
    if fitted:
        parts.append(table(head, rows))
        if results.alike_p_value is not None:
            low, high = (each / math.log(2) for each in results.ci95)
            parts.append(
                paragraph(
                    f"All magnets together: {results.limit / math.log(2):.3f} kT ln 2, 95 %: {low:.3f} to {high:.3f}. "
                    f"That their limits differ by chance as much as they do has p = {results.alike_p_value:.2g}."
                )
            )
        parts.append(paragraph(_EXACT))
    return Section("Heat", parts)


def ramps(results: ErasureResults) -> Section:
    """Whether the two measures of the heat agree, and the work of each ramp; no numbers of a failed verdict."""
    title, first = "Two measures of the heat", results.bits[0]
    agree = all(reason.code != "heats_disagree" for reason in results.reasons)
    points = [point for bit in results.bits for operation in bit.operations for point in operation.points]
    measures = (
        "The second measure is the energy that damping takes out, γ₀αμ₀MₛV|m × H|²/(1 + α²), less what the "
        "random field gives back on average (Itô's formula), with the bit's change of energy taken off. It scatters "
        f"more. Over all magnets, operations and ramp times the two measures {'agree' if agree else 'do not agree'} "
        f"(p = {results.damping_p_value:.2g})."
    )
    power = (
        f"The standard error of a difference is {min(each.damping_error for each in points):.2g} to "
        f"{max(each.damping_error for each in points):.2g} kT. So the comparison finds a difference of "
        f"{found_difference(points):.2g} kT that all points share (p below 0.001 in nine of ten campaigns), and "
        f"hardly a smaller one; the limit by all magnets is {number_label(results.limit, '.2f')} kT."
    )
    if results.verdict == "failed":
        return Section(title, [paragraph(f"{measures} The heats are withheld: the verdict states why.")])
    head = [
        "operation",
        "ramp time",
        "bits",
        "work (kT)",
        "damping term (kT)",
        "difference / its error",
        "wrong",
        "at most",
    ]
    rows = [
        [
            operation.name,
            value_label(point.ramp_time, "s"),
            f"{point.members:,}",
            f"{number_label(point.heat, '.3f')} ± {point.heat_error:.3f}",
            f"{number_label(point.damping_heat, '.2f')} ± {point.damping_error:.2f}",
            number_label((point.damping_heat - point.heat) / point.damping_error, "+.1f"),
            str(point.wrong),
            f"{point.wrong_interval[1]:.2%}",
        ]
        for operation in first.operations
        for point in operation.points
    ]
    return Section(
        title,
        [
            paragraph(f"{measures} {power} Errors are standard errors. The table is of the magnet of {first.magnet}."),
            table(head, rows),
            paragraph("Work of each ramp with the slowest ramps, and in the quasi-static limit by free energies (kT):"),
            table(["operation", "ramp", "work", "quasi-static"], _ramp_rows(first.operations)),
        ],
    )


def _ramp_rows(operations: list[OperationResults]) -> list[list[str]]:
    return [
        [operation.name, str(number), number_label(work, ".3f"), number_label(exact, ".3f")]
        for operation in operations
        for number, (work, exact) in enumerate(
            zip(operation.ramp_work, operation.quasi_static_ramp_work, strict=True), 1
        )
    ]
