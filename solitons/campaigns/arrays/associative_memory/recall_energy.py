"""Energy and time of a recall: all word lines are on, and one neuron after another is read."""

from __future__ import annotations

from functools import partial

import numpy as np

from solitons.campaigns.arrays.array_devices import FoundDevice
from solitons.campaigns.arrays.array_energy import NO_CHANNEL, NO_READ, derived_row, pulse_rows, read_power
from solitons.campaigns.arrays.associative_memory.campaign import AssociativeMemoryCampaign
from solitons.campaigns.arrays.associative_memory.networks import Network
from solitons.campaigns.arrays.associative_memory.results import RECALL
from solitons.crossbars.tiles import tiles_of
from solitons.crossbars.weight_pairs import WrittenPair, side_by_side
from solitons.energy.electric_paths import capacitor_energy
from solitons.energy.ledger import EnergyRow
from solitons.figures import value_label

__all__ = ["recall_rows"]

_SOLVED = 8
"""Starts whose reading is solved exactly; their mean is taken."""
_NO_LINE = "the capacitance of a segment is not given; give energy.line_capacitance"


def recall_rows(
    campaign: AssociativeMemoryCampaign, found: FoundDevice, network: Network, pair: WrittenPair, readings: float
) -> list[EnergyRow]:
    """A write pulse, a read, and a recall of so many readings of single neurons.

    The word lines hold the state, at plus or minus the read voltage, and all bit lines are at 0 V: the whole array
    conducts for the time of a read, while one neuron's two bit lines are sensed. The word line of that neuron goes to
    0 V and back. Every tile of a column is converted, and their numbers are added.
    """
    energy, wires = campaign.energy, campaign.wires.lines()
    row = partial(derived_row, found.name, RECALL)
    joined = side_by_side(*(each.conductance for each in pair.written))
    volts, time = energy.read_voltage, energy.read_time
    cells = channel = lines = ends = charge = second = None
    source = "one neuron after another"
    if volts is not None and time is not None:
        power = read_power(joined, volts * network.starts[:_SOLVED], wires, energy)
        second = readings * time
        source = f"V^2 G t, {readings:.0f} readings of {value_label(time, 's')}, exact solution of the array"
        cells, lines, ends = (float(np.mean(each)) * second for each in (power.devices, power.segments, power.ends))
        channel = None if energy.transistor_resistance is None else float(np.mean(power.channels)) * second
        if energy.line_capacitance is not None:
            # Once discharged and once charged in each reading, with either sign.
            charge = readings * capacitor_energy(joined.shape[1] * energy.line_capacitance, volts)
    in_column = sum(1 for _, bit_lines in tiles_of(joined.shape, wires) if bit_lines.start == 0)
    converted = [
        ("two bit lines of each neuron that is read; a sign would do", energy.to_digital, 2 * readings * in_column)
    ]
    if in_column > 1:
        converted.append(("adding the numbers of tiles", energy.adding, 2 * readings * (in_column - 1)))
    # How long a line is held is the time of a read.
    rows = [
        EnergyRow(
            device=found.name, operation=RECALL, part="converter", name=name,
            joule=None if converter.power and time is None else count * converter.energy_for(time or 0.0),
            second=2 * readings * converter.time, origin="published", source=converter.source,
            missing=NO_READ if converter.power and time is None else "",
        )
        for name, converter, count in converted
    ]  # fmt: skip
    return [
        *pulse_rows(campaign.device, found, [joined.shape], wires, energy),
        row("device", "heat of all devices", source, cells, NO_READ, second),
        row("wire", "segments of all lines", source, lines, NO_READ),
        row("driver", "resistances of drivers and sensing ends", source, ends, NO_READ),
        row("driver", "channels of the open transistors", source, channel, NO_READ if volts is None else NO_CHANNEL),
        row(
            "driver", "word line of the neuron that is read, to 0 V and back", "C V^2", charge,
            NO_READ if volts is None else _NO_LINE,
        ),
        *rows,
    ]  # fmt: skip
