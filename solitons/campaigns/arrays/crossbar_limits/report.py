"""The sections of a report of crossbar limits."""

from __future__ import annotations

from markupsafe import Markup

from solitons.campaigns.arrays.array_devices import ArrayDevice, wires_words
from solitons.campaigns.arrays.crossbar_limits.analysis import Shown
from solitons.campaigns.arrays.crossbar_limits.figures import (
    CELL_WORDS,
    SCHEME_WORDS,
    array_energy_figure,
    losses_figure,
    margins_figure,
    steps_figure,
    varied_figure,
)
from solitons.campaigns.arrays.crossbar_limits.results import AXIS_WORDS, CrossbarLimitsResults, break_words
from solitons.campaigns.arrays.crossbar_limits.settings import ChosenCells
from solitons.campaigns.arrays.scores_over_seeds import percent
from solitons.campaigns.energy.energy_report import energy_section
from solitons.campaigns.framework.page import Section, figure, paragraph, table
from solitons.figures import number_label, value_label
from solitons.networks.image_sets import IMAGE_WORDS

__all__ = ["limits_sections"]


_TILES = (
    " Tiles have at most so many word lines and so many bit lines, with drivers and converters of their own; the "
    "numbers of a column of tiles are added."
)


def limits_sections(
    results: CrossbarLimitsResults, shown: Shown, device: ArrayDevice, cells: ChosenCells
) -> list[Section]:
    """The device, what its network reads, where that breaks, and single cells; of a failed one the device alone."""
    if results.verdict == "failed":
        withheld = "Accuracies, limits of arrays and margins are withheld: the verdict states why."
        return [Section("The device", [*_device(results, shown, device), paragraph(withheld)])]
    return [
        Section("The device and its network", [*_device(results, shown, device), *_network(results)]),
        Section("Where accuracy breaks", _breaks(results)),
        Section("Wires and size", _losses(results)),
        Section("One cell among many", _cells(results, cells)),
        *([_energy(results)] if results.energy.rows else []),
    ]


def _device(results: CrossbarLimitsResults, shown: Shown, device: ArrayDevice) -> list[Markup]:
    found = results.device
    rows = [
        ("device", found.name),
        ("from", "measured conductances" if device.fitted_model is None else f"fitted model {device.fitted_model}"),
        ("conductances", f"{value_label(found.lowest, 'S', 3)} to {value_label(found.highest, 'S', 3)}"),
        ("pulses from one end to the other", f"{found.pulses_across:.3g}"),
        ("levels", "between any two there are others" if found.levels is None else f"{found.levels}"),
    ]
    if device.pulse is not None:
        rows.append(
            (
                "pulse",
                f"{value_label(device.pulse.amplitude, 'A/m^2', 3)}, {value_label(device.pulse.width, 's', 3)}, every "
                f"{value_label(device.pulse.period, 's', 3)}",
            )
        )
    if found.table_error is not None:
        rows.append(("what the table of steps gets wrong, over the range", f"{found.table_error:.1%}"))
    rows += [
        ("pulses outside of its fit", f"{results.outside:.1%}"),
        ("pulses a device, written and read back", f"{results.pulses:.3g}"),
    ]
    return [
        table(["quantity", "value"], rows),
        figure(
            steps_figure(shown.table),
            "What one pulse does to the conductance. Bands hold nine of ten pulses, over devices and chance.",
        ),
    ]


def _network(results: CrossbarLimitsResults) -> list[Markup]:
    found = results.device
    scores = [
        ("floating point", percent(results.floating)),
        (
            f"the same weights, rounded to {2 * found.distinct - 1} levels",
            percent(results.quantised),
        ),
        ("written and read back, ideal wires", percent(results.alone)),
        (f"the same through wires of {wires_words(results.segment, results.tile)}", percent(results.wired)),
        ("written by counted pulses, ideal wires", percent(results.counted)),
    ]
    return [
        paragraph(
            f"A perceptron with {results.hidden} hidden units is trained on {IMAGE_WORDS[results.images]} in floating "
            "point and written into two crossbars. Each weight is the difference of two devices; the largest weight of "
            "a layer takes the whole range of conductance. Every pulse is drawn from a table of steps that was "
            "measured on the device's own model, with its chance and its spread."
        ),
        table(["network", f"accuracy, {results.seeds} seeds, 95 % interval"], scores),
    ]


def _breaks(results: CrossbarLimitsResults) -> list[Markup]:
    rows = []
    for name in results.breaks:
        axis, _, how = name.partition(" ")
        words, unit = AXIS_WORDS[axis]
        some = [point for point in results.varied if point.axis == axis and point.verified == (not how)]
        values = [point.value for point in some]
        worst = min(some, key=lambda point: point.score.mean)
        rows.append(
            [
                words + (", counted pulses" if how else ""),
                f"{value_label(min(values), unit)} to {value_label(max(values), unit)}",
                break_words(results, name),
                f"{percent(worst.score)} at {value_label(worst.value, unit)}",
            ]
        )
    return [
        paragraph(
            f"One thing is varied at a time. Accuracy breaks where the mean over seeds lies more than "
            f"{100 * results.allowed:g} points below the same networks in floating point, straight between the points. "
            f"Levels are those of ideal linear devices, and are read from many to few; all else is the device itself, "
            f"whose own cost is {100 * (results.floating.mean - results.alone.mean):.1f} points. Hidden units are "
            f"compared at {value_label(results.segment, 'ohm')} a segment: more of them make a wider array, and are "
            "read upwards from where least is lost, since a small network loses more to each device."
            f"{_TILES if 'tiles' in results.breaks else ''}"
        ),
        figure(varied_figure(results), "Accuracy over what is varied. Bars: 95 % intervals over seeds."),
        table(["varied", "from … to", "breaks at", "worst of them"], rows),
    ]


def _losses(results: CrossbarLimitsResults) -> list[Markup]:
    return [
        paragraph(
            "The network of resistors is solved exactly. Cells lie anywhere in the device's range of conductance, and "
            "all word lines are at one voltage. In the network's own first array the wires take "
            f"{results.lost_through_wires:.1%} of what the weights would give."
        ),
        figure(losses_figure(results), f"Current lost to wires of {wires_words(results.segment, results.tile)}."),
    ]


def _energy(results: CrossbarLimitsResults) -> Section:
    words = (
        "A write pulse goes through one device, whose row is open and all others are closed, in the mean over the "
        "network's devices; behind each pulse the device is read. An image is sent bit by bit, and every bit's "
        "currents are converted, column by column, by one converter an array or a tile. Open transistors are in series "
        "with the devices in the energy alone: accuracies take the devices' own conductances. Of digital circuits only "
        "what adds the numbers of tiles is in it."
    )
    if not any(each.device_joule for each in results.losses):
        return energy_section(results.energy, words)
    drawn = figure(
        array_energy_figure(results),
        "Left: a read with all word lines on, over the lines of a square array of random cells. Others: "
        "reading an image, over what the wires, the network and the tiles have.",
    )
    return energy_section(results.energy, words, [drawn])


def _cells(results: CrossbarLimitsResults, cells: ChosenCells) -> list[Markup]:
    rows, largest = [], max(cells.lines)
    by_key = {f"{each.cells} {each.scheme}": each for each in results.disturbs}
    for key, most in results.most_lines.items():
        kind, scheme = key.split(" ")
        disturb = by_key.get(key)
        rows.append(
            [
                CELL_WORDS[kind],
                SCHEME_WORDS[scheme],
                f"{most} x {most}{' or more' if most == largest else ''}" if most else "none",
                number_label(disturb.chosen if disturb else None, ".0%"),
                number_label(disturb.share if disturb else None, ".2g"),
            ]
        )
    return [
        paragraph(
            f"The chosen cell is the one furthest from driver and sense, all others conduct as well as they can, and a "
            "load as large as the device's lower resistance turns the current into a voltage. The margin is the "
            "difference of that voltage between the device's two ends, over the applied "
            f"{value_label(cells.voltage, 'V')}. What is in series with a device (selector, transistor) takes its "
            "share of the voltage. Devices are Ohmic here: a tunnel junction's bias dependence is left out."
            + (
                ""
                if results.tile is None
                else f" An array of more than {results.tile} lines is cut into tiles, and a cell shares its lines with "
                "those of its own tile alone."
            )
        ),
        figure(margins_figure(results), "Read margin of the worst cell. Dashed: what is asked for."),
        table(
            [
                "cells",
                "other lines",
                f"largest array with {results.least_margin:.0%}",
                f"voltage on the written device, {largest} x {largest}",
                "worst other device's current / chosen one's",
            ],
            rows,
        ),
        paragraph(f"Selector: {cells.selector.source}. Transistor: {cells.transistor.source}."),
    ]
