"""The sections of a report of random bits."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from solitons.campaigns.framework.page import Section, figure, paragraph, table
from solitons.campaigns.junctions.random_bits.analysis import Shown
from solitons.campaigns.junctions.random_bits.figures import disturbed_figure, proportions_figure, spread_figure
from solitons.campaigns.junctions.random_bits.results import (
    DisturbedPoint,
    RandomBitsResults,
    StreamPoint,
    SuiteRow,
)
from solitons.figures import number_label, value_label

__all__ = ["bits_sections"]


def bits_sections(results: RandomBitsResults, shown: Shown) -> list[Section]:
    """What the junctions are, which tests their bits pass, and what disturbs them."""
    sections = [
        Section("The junctions and their bits", _junctions(results, shown)),
        Section("The fifteen tests", _tests(results)),
    ]
    if results.disturbed:
        sections.append(Section("What disturbs them", _disturbances(results, shown)))
    if results.spreads:
        sections.append(Section("Devices that differ", _spreads(results)))
    return sections


def _junctions(results: RandomBitsResults, shown: Shown) -> list[Markup]:
    rates = shown.source.rates
    reading = results.by == "reading"
    rows = [
        ("rates from", results.rates_from),
        ("barrier over k T", f"{float(rates.stability):.4g} at {value_label(float(rates.temperature), 'K')}"),
        ("attempt rate", f"{float(rates.attempt_rate):.3g} 1/s"),
        ("critical current", value_label(float(rates.critical_current), "A/m^2", 3)),
        ("bits by", "reading at a clock" if reading else "reset and a pulse"),
        ("time from one bit to the next", value_label(results.interval, "s", 4)),
        ("current", value_label(results.current, "A/m^2", 4)),
        (
            "flips from one reading to the next" if reading else "probability that a pulse switches",
            f"{results.expected_flips:.4g}",
        ),
        ("junctions in an XOR", f"{results.xored}"),
        ("bias of each junction", ", ".join(number_label(each, "+.2g") for each in results.raw_biases)),
        ("bias of the XOR, piling-up lemma", number_label(results.output_bias, "+.2g")),
        ("correlation of the XOR", number_label(results.output_correlation, ".2g")),
        ("bits in a second", value_label(1 / results.interval, "bit/s", 3)),
    ]
    if results.energy is not None:
        rows.append(("energy of a bit", value_label(results.energy, "J", 3)))
    return [
        paragraph(
            "These bits are a model's: two states with a rate each, and random numbers of the computer. What the tests "
            "show is what bias and memory do that the rates give the bits. A pass does not hold for a device whose "
            "noise is not that of the model: drift within a sequence, 1/f noise or pick-up are not in it."
        ),
        table(["quantity", "value"], rows),
    ]


def _tests(results: RandomBitsResults) -> list[Markup]:
    rows = []
    names = list(dict.fromkeys(row.name for row in results.output))
    for name in names:
        cells = [name.replace("_", " ")]
        for suite in (results.raw, results.output):
            several = [row for row in suite if row.name == name]
            cells += _suite_cells(several)
        rows.append(cells)
    first = results.output[0]
    below = sum(not row.in_range for row in results.output)
    return [
        paragraph(
            f"{results.sequences} sequences of {results.length:,} bits. A sequence passes a test with a P-value of "
            f"0.01 or more; of ideal bits {first.least:.1%} to {first.most:.0%} of so many pass (three standard "
            "deviations), and their P-values are spread evenly (P of that 0.0001 or more; from 55 sequences on). A "
            "test with several parts shows its worst. Of the 148 templates that cannot overlap themselves one is "
            f"looked for, 000000001. The XORed bits have {below} of {len(results.output)} parts "
            "below that range; of ideal bits about one in fifty is. So the "
            "verdict asks how unlikely a part is, not only whether it is below."
        ),
        figure(
            proportions_figure(results),
            "Share of the sequences that pass, a point for each part of a test; grey: range of ideal bits.",
        ),
        table(
            ["test", "one junction passes", "P of uniformity", "",
             f"{results.xored} XORed pass", "P of uniformity", ""],
            rows,
        ),
    ]  # fmt: skip


def _suite_cells(rows: Sequence[SuiteRow]) -> list[str]:
    worst = min(rows, key=lambda row: row.passed / row.sequences)
    uniform = [row.uniformity for row in rows if row.uniformity is not None]
    return [
        f"{worst.passed} of {worst.sequences}",
        number_label(min(uniform), ".2g") if uniform else "–",
        "pass" if all(row.passes for row in rows) else "fail",
    ]


def _disturbances(results: RandomBitsResults, shown: Shown) -> list[Markup]:
    limits = results.limits
    parts = [
        paragraph(
            f"In closed form, a bias of {limits['bias']:.2g} is found in half of all sequences of {results.length:,} "
            f"bits (the frequency test), and a correlation of {limits['correlation']:.2g} (the runs test). The XOR of "
            "k junctions with the bias e has the bias 2^(k−1) e^k, and one with the correlation r has r^k: each of "
            f"{results.xored} may have a bias of {limits['xored_bias']:.2g} or a correlation of "
            f"{limits['xored_correlation']:.2g}. Two readings a time t apart have the correlation exp(−(Γ₊ + Γ₋) t)."
        )
    ]
    if any(each.of in ("current error", "interval") for each in results.disturbed):
        parts.append(
            figure(
                disturbed_figure(results, shown),
                "Left: bias over the error of the current. Right: correlation over the clock. Lines: closed forms. "
                "Points: counted in one sequence; crosses where a test fails beyond doubt (P below 0.0001). Dotted: "
                "what is found in half of all sequences. A count below 0.0005 is chance.",
            )
        )
    heads = ["disturbance", "one junction: bias, in closed form", "correlation, in closed form", "fails",
             f"{results.xored} XORed: bias, in closed form", "correlation, in closed form", "fails"]  # fmt: skip
    parts.append(table(heads, [[_what(each), *_stream(each.raw), *_stream(each.xored)] for each in results.disturbed]))
    return parts


def _what(point: DisturbedPoint) -> str:
    if point.of == "current error":
        return f"current off by {number_label(point.value, '+.2%')}"
    return (
        value_label(point.value, "K") if point.of == "temperature" else f"clock of {point.value:g} times the interval"
    )


def _stream(point: StreamPoint) -> list[str]:
    names = [name.replace("_", " ") for name in point.failed]
    few = ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
    return [
        f"{number_label(point.counted_bias, '+.2g')}, {number_label(point.bias, '+.2g')}",
        f"{number_label(point.counted_correlation, '+.2g')}, {number_label(point.correlation, '.2g')}",
        few or "none",
    ]


def _spreads(results: RandomBitsResults) -> list[Markup]:
    return [
        figure(
            spread_figure(results),
            f"Share of devices with a bias below {results.limits['bias']:.2g}, in closed form; 4000 for each spread.",
        ),
    ]
