"""The sections of a report of learning on devices."""

from __future__ import annotations

from solitons.campaigns.arrays.array_devices import wires_words
from solitons.campaigns.arrays.array_drift import lasting
from solitons.campaigns.arrays.learning_on_devices.faults import CHANCE, FINE, SPREAD
from solitons.campaigns.arrays.learning_on_devices.figures import (
    causes_figure,
    drift_figure,
    history_figure,
    tiles_figure,
)
from solitons.campaigns.arrays.learning_on_devices.results import (
    Cause,
    DeviceLearning,
    LearningOnDevicesResults,
    TilePoint,
)
from solitons.campaigns.arrays.learning_on_devices.settings import Learning
from solitons.campaigns.arrays.scores_over_seeds import Score, percent, points
from solitons.campaigns.energy.energy_report import energy_section
from solitons.campaigns.framework.page import Section, figure, paragraph, table
from solitons.energy.ledger import quantity_label
from solitons.figures import value_label
from solitons.networks.image_sets import IMAGE_WORDS

__all__ = ["learning_sections"]

_RULE_WORDS = {
    "accumulated": "whole steps of an accumulated change",
    "delta": "steps of each change, rounded by chance",
    "manhattan": "one pulse of the sign of a large change",
}

_ENERGY = (
    "A write pulse goes through one device, whose row is open and all others are closed, in the mean over the "
    "network's devices. Learning sends its pulses and reads each image once an epoch; the way back of errors through "
    "the arrays is not in it, and of digital circuits only what adds the numbers of tiles. An image is sent bit by "
    "bit, and every bit's currents are converted, column by column, by one converter an array or a tile. Open "
    "transistors are in series with their devices in the energy alone: accuracies take the devices' own conductances."
)


def learning_sections(results: LearningOnDevicesResults, learning: Learning) -> list[Section]:
    """Devices side by side, what their faults cost, and rules and writing compared."""
    names = [each.device.name for each in results.devices]
    wires = f"wires of {wires_words(results.segment, results.tile)}"
    devices = [
        [
            each.device.name,
            f"{value_label(each.device.lowest, 'S', 3)} to {value_label(each.device.highest, 'S', 3)}",
            f"{each.device.pulses_across:.3g}",
            "–" if each.device.table_error is None else f"{each.device.table_error:.1%}",
            f"{each.pulses:.3g}, {each.most_pulses:.0f}" if each.stands else "–",
            f"{each.outside:.1%}",
        ]
        for each in results.devices
    ]
    causes = [
        [cause.name, *(cell for each in results.devices for cell in _cause(each, each.causes[index]))]
        for index, cause in enumerate(results.devices[0].causes)
    ]
    rules = [
        [_RULE_WORDS[rule], *(_score(each, each.rules[rule]) for each in results.devices)]
        for rule in results.devices[0].rules
    ]
    written = [
        [words, *(_score(each, getattr(each, name)) for each in results.devices)]
        for words, name in (
            ("rounded to the device's levels, no device", "quantised"),
            ("written and read back", "written"),
            ("the same, trained with noise", "written_noisy"),
            ("written by counted pulses", "counted"),
            ("the same, trained with noise", "counted_noisy"),
        )
    ]
    return [
        Section(
            "The devices",
            [
                paragraph(
                    f"A perceptron with {learning.hidden} hidden units learns {IMAGE_WORDS[learning.images]}. Its "
                    "weights are differences of two devices, and every change of a weight is made by pulses, drawn "
                    "from a table of steps that was measured on the device's own model. "
                    f"In floating point it reads {percent(results.floating)} of the test images."
                ),
                table(
                    [
                        "device",
                        "conductances",
                        "range over the mean step",
                        "what the table gets wrong, over the range",
                        "pulses a device: mean, most",
                        "outside of the fit",
                    ],
                    devices,
                ),
                figure(history_figure(results), "Test images read right while the devices learn, all faults in."),
            ],
        ),
        Section(
            "What each fault costs",
            [
                paragraph(
                    f"Learning by {_RULE_WORDS[learning.rules[0]]}, with one fault of the device more in each line. "
                    f"The first devices are ideal and cross their range in {FINE} pulses; then in as many as the "
                    "device's own mean step takes; then with the device's own mean steps, which differ by place and "
                    "sign; then with chance, with unlike devices, and with wires. Costs are in points of accuracy "
                    "against the line before, the first one's against floating point, seed by seed, with 95 % "
                    "intervals. Faults are costed in this order; in another one their shares would differ."
                ),
                figure(causes_figure(results), "Accuracy with all faults up to each. Bars: 95 % intervals over seeds."),
                table(["fault", *(cell for name in names for cell in (name, "cost (points)"))], causes),
            ],
        ),
        Section(
            "Rules, and training in software",
            [
                table(["learned by", *names], rules),
                paragraph(
                    "Or the network is trained in software and its weights are written. Training with noise adds "
                    f"{learning.training_noise:.0%} of the largest weight while gradients are taken. All of them are "
                    f"read through {wires}."
                ),
                table(["trained in software", *names], written),
            ],
        ),
        *_tiles(results),
        *_drift(results),
        *_spiking(results),
        *([energy_section(results.energy, _ENERGY)] if results.energy.rows else []),
    ]


def _tiles(results: LearningOnDevicesResults) -> list[Section]:
    shown = [each for each in results.devices if each.tiles]
    if not shown:
        return []
    own = (
        "is not cut into tiles"
        if results.tile is None
        else f"has tiles of at most {results.tile} x {results.tile} devices"
    )
    rows = [
        [f"{point.lines}", *(cell for each in shown for cell in _tile(each.tiles[index]))]
        for index, point in enumerate(shown[0].tiles)
    ]
    return [
        Section(
            "How large a tile may be",
            [
                paragraph(
                    "A tile has at most so many word lines and so many bit lines, with drivers and converters of its "
                    "own; the numbers of a column of tiles are added. Shorter lines lose less of the current, and more "
                    "tiles take more conversions. The networks that were trained in software are written, read back, "
                    "and read in tiles of every size; they did not learn with the wires. All else in this report "
                    f"{own}."
                ),
                figure(
                    tiles_figure(results),
                    "Accuracy of the written networks, and the energy of reading an image, over the size of tiles. "
                    "Bars: 95 % intervals over seeds.",
                ),
                table(
                    ["lines of a tile", *(cell for each in shown for cell in (each.device.name, "energy of an image"))],
                    rows,
                ),
            ],
        )
    ]


def _tile(point: TilePoint) -> tuple[str, str]:
    return percent(point.score), quantity_label(point.joule, "J")


def _drift(results: LearningOnDevicesResults) -> list[Section]:
    shown = [(each, each.drift) for each in results.devices if each.drift is not None]
    if not shown:
        return []
    rows = [
        [
            each.device.name,
            value_label(found.temperature, "K"),
            percent(found.start),
            lasting(found),
            value_label(each.written_for, "s", 2) if each.written_for else "–",
            found.missing or "–",
        ]
        for each, found in shown
    ]
    parts = [
        paragraph(
            "The networks that have learned are read again after a rest, in which no pulse is sent. "
            "Heat moves every device by the model that was fitted to it: a wall in its landscape, the skyrmions of a "
            "row, the junctions of a group by their rates. Each device has a draw of its own. Weights last until "
            f"{100 * results.allowed:g} points of accuracy are lost, straight between the points in the logarithm of "
            "time; the interval is that of the device's fit, where it has one. A fit without one has no interval here."
        ),
    ]
    if any(found.known for _, found in shown):
        parts.append(
            figure(
                drift_figure(results),
                "Accuracy against the time since the last pulse. Bars: 95 % intervals over seeds. Dotted: right after "
                "learning. Bands: 95 % interval of the time at which the weights are lost, by the fit.",
            )
        )
    heads = ["device", "temperature", "right after learning", "weights last", "pulses of a device take", "not known"]
    return [Section("How long weights last", [*parts, table(heads, rows)])]


def _spiking(results: LearningOnDevicesResults) -> list[Section]:
    shown = [(each, each.spiking) for each in results.devices if each.spiking is not None]
    if not shown:
        return []
    example = shown[0][1]
    outside = (
        f" The currents lie outside of what the neuron was fitted on: {'; '.join(example.beyond)}. Its error there is "
        "not known."
        if example.outside
        else ""
    )
    rows = [["floating point", percent(results.floating), percent(example.floating), points(example.floating_cost)]]
    for each, found in shown:
        rectified = _score(each, each.rules[next(iter(each.rules))])
        rows.append([each.device.name, rectified, percent(found.learned), points(found.cost)])
    return [
        Section(
            "Spiking hidden units",
            [
                paragraph(
                    "The same weights, with a fitted wall in the place of each rectified unit: its sum becomes a "
                    "current that is held while the image is shown, its spikes are counted, and each adds its weights "
                    f"to the outputs. A unit is silent up to {value_label(example.threshold, 'A/m^2', 3)} and fires at "
                    f"most {example.most_spikes} times; an image makes {example.spikes:.0f} spikes. Nothing is trained "
                    f"anew, so that the cost is that of few spikes and of the neuron's own curve.{outside}"
                ),
                table(["weights", "rectified units", "spiking units", "cost (points)"], rows),
            ],
        )
    ]


def _score(each: DeviceLearning, score: Score) -> str:
    return percent(score) if each.stands else "–"


def _cause(each: DeviceLearning, cause: Cause) -> tuple[str, str]:
    if not each.stands:
        return "–", "–"
    # What the fit does not know costs nothing here, which is no finding.
    known = {CHANCE: each.device.chance_known, SPREAD: each.device.spread_known}.get(cause.name, True)
    return percent(cause.score), points(cause.cost) if known else "not known"
