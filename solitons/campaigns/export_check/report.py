"""The sections of the report of an export check."""

from __future__ import annotations

from collections.abc import Sequence

from solitons.campaigns.export_check.analysis import Checked
from solitons.campaigns.export_check.figures import intervals_figure, steps_figure
from solitons.campaigns.export_check.results import ExportResults, NeuronResults
from solitons.campaigns.export_check.settings import CheckedNeuron
from solitons.campaigns.framework.page import Section, bullets, figure, paragraph, table
from solitons.figures import value_label

__all__ = ["sections"]

_USED = 0.1
"""Of the neuron's own error: a time step that adds less does not matter."""


def sections(neurons: Sequence[CheckedNeuron], results: ExportResults, checked: Sequence[Checked]) -> list[Section]:
    """All sections."""
    found = [
        Section(
            "What was done",
            [
                paragraph(
                    "Each soliton neuron is driven by steady currents, and a leaky integrate-and-fire neuron is fitted "
                    "to the intervals between its spikes. That neuron is written to a NIR file and read back by the "
                    f"package nir {results.nir_version}. Then both are driven by currents that change at random. From "
                    "each spike of the soliton, the neuron that was read back predicts the next one."
                ),
                table(
                    [
                        "neuron",
                        "verdict",
                        "spikes compared",
                        "rms error (%) [95 % interval]",
                        "mean error (%) [95 % interval]",
                        "mean interval alone (%)",
                    ],
                    [
                        *(_row(each) for each in results.neurons),
                        *([each.name, "failed", "–", "–", "–", "–"] for each in results.not_compared),
                    ],
                ),
                paragraph(
                    "Errors are in per cent of the mean interval; their intervals are Student's t over streams of "
                    "spikes, which are independent. The last column is the error of predicting the mean interval "
                    "every time: what a neuron that does not know the current would reach."
                ),
            ],
        )
    ]
    shown = {each.results.name: each for each in checked}
    found += [_neuron(asked, shown[asked.name]) for asked in neurons if asked.name in shown]
    used = [each for each in checked if each.results.verdict != "failed"]
    if used:
        found.append(_steps(used))
    return found


def _row(each: NeuronResults) -> list[str]:
    if each.verdict == "failed":
        return [each.name, "failed", str(each.compared), "–", "–", "–"]
    low, high = (100 * end for end in each.rms_ci95)
    down, up = (100 * end for end in each.bias_ci95)
    return [
        each.name,
        each.verdict,
        f"{each.compared} ({each.missed} missed)",
        f"{100 * each.rms:.2f} [{low:.2f}, {high:.2f}]",
        f"{100 * each.bias:+.2f} [{down:+.2f}, {up:+.2f}]".replace("-", "−"),
        f"{100 * each.trivial:.1f}",
    ]


def _neuron(asked: CheckedNeuron, each: Checked) -> Section:
    results = each.results
    low, high = asked.drive
    parts = [
        paragraph(
            f"Currents of {value_label(low, 'A/m^2', digits=3)} to {value_label(high, 'A/m^2', digits=3)}, each held "
            f"for {value_label(asked.hold, 's', digits=3)}; the mean interval between spikes is "
            f"{value_label(results.mean_interval, 's', digits=3)}. The soliton is followed in steps of 10 ps, which "
            f"alone make an error of {results.resolution:.2%}."
        )
    ]
    if results.verdict == "failed":
        parts.append(paragraph("A leaky neuron cannot stand for it: its parameters and its errors are withheld."))
        return Section(results.name, parts)
    parts += [
        figure(
            intervals_figure(each),
            "Left: interval between spikes under a steady current, of the soliton (points) and of the leaky neuron "
            "that was fitted to them (line). Right: error of each predicted interval under changing currents that were "
            "not fitted; what is beyond the ends is counted in the last bars.",
        ),
        table(
            ["parameter", "value"],
            [
                ["τ", value_label(results.tau, "s", digits=4)],
                ["r", f"{results.r:.4g} m/(A/m²)".replace("-", "−")],
                ["leak potential", value_label(results.v_leak, "m", digits=3)],
                ["threshold", value_label(results.v_threshold, "m", digits=4)],
                ["error of the fitted intervals, rms", f"{results.steady_rms:.2%}"],
                [
                    "spikes when each goes its own way",
                    f"{results.leaky_spikes} of the leaky neuron, {results.soliton_spikes} of the soliton",
                ],
            ],
        ),
    ]
    if results.losses:
        parts += [paragraph("NIR cannot express all of it:"), bullets(results.losses)]
    return Section(results.name, parts)


def _steps(checked: Sequence[Checked]) -> Section:
    advice = []
    for each in checked:
        found = each.results
        small = [step for step in found.time_steps if step.exact < _USED * found.rms]
        if small:
            largest = max(small, key=lambda step: step.step)
            advice.append(
                f"{found.name}: up to {value_label(largest.step, 's', digits=2)}, a simulator's step adds less than a "
                "tenth of the error that the export has."
            )
        else:
            finest = found.time_steps[0]
            advice.append(
                f"{found.name}: even a step of {value_label(finest.step, 's', digits=2)} adds {finest.exact:.2%}, more "
                f"than a tenth of the error that the export has ({found.rms:.2%})."
            )
    return Section(
        "What a simulator's time step adds",
        [
            paragraph(
                "NIR is in continuous time, and simulators take steps. A neuron then fires at the end of a step, on "
                "average half a step late. With Euler steps the decay is wrong too. snnTorch 1.0 reads NIR with steps "
                "of 10⁻⁴ s whatever the neuron: for a neuron of nanoseconds, write the graph with a time factor."
            ),
            figure(
                steps_figure(checked),
                "Error of an interval by the time step alone, against the neuron in continuous time; horizontal lines "
                "are the error of the leaky neuron against the soliton, and of predicting the mean interval.",
            ),
            bullets(advice),
        ],
    )
