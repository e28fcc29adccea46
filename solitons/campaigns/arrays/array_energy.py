"""Energy of networks in arrays: writing, reading, and an image, by parts of the circuit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import Capacitance, Resistance, Time, Voltage
from solitons.campaigns.framework.results import Headline
from solitons.energy import Converter, EnergyLedger, JunctionPath, MetalPath
from solitons.energy.converters import ADDITION, DIGITAL_TO_ANALOG, SAR_8_BIT
from solitons.energy.electric_paths import capacitor_energy, ohmic_energy
from solitons.energy.ledger import EnergyRow, Part, quantity_label
from solitons.figures import value_label

if TYPE_CHECKING:
    from solitons.campaigns.arrays.array_devices import ArrayDevice, FoundDevice
    from solitons.crossbars import Wires
    from solitons.crossbars.perceptron import Weights

__all__ = [
    "INFERENCE",
    "NO_CHANNEL",
    "NO_READ",
    "READ",
    "SOLVED_IMAGES",
    "WRITE",
    "ArrayEnergy",
    "LineRead",
    "ReadPower",
    "derived_row",
    "image_headline",
    "line_read",
    "network_energy",
    "network_rows",
    "pulse_rows",
    "read_power",
    "writing_rows",
]

WRITE, READ, INFERENCE = "write pulse", "read of a device", "inference"
Floats = npt.NDArray[np.float64]
SOLVED_IMAGES = 16
"""Images whose reading is solved exactly; their mean is taken."""


class ArrayEnergy(Description):
    """Settings for the energy of arrays beside devices and wires; what is left out is not known.

    Parameters
    ----------
    read_voltage : float or str, optional
        On a word line that is on, in V.
    read_time : float or str, optional
        For which it is on, in s.
    input_bits : int
        Bits of each input: an array is read once for each bit.
    line_capacitance : float or str, optional
        Capacitance of a segment of a line in F.
    gate_capacitance : float or str, optional
        Gate capacitance of a cell's transistor in F; with the voltage.
    gate_voltage : float or str, optional
        Voltage that opens it, in V.
    transistor_resistance : float or str, optional
        Resistance in ohm of the open transistor in series with a device; 0 for none. Energy takes it, accuracies of
        networks do not.
    to_digital : Converter
        At the end of the bit lines, one for an array or for each of its tiles.
    to_analog : Converter
        Converter of each word line, for a bit.
    adding : Converter
        Adder of the number of a tile's column to the number of the tile above, if arrays are cut into tiles.
    source : str
        Source of the numbers of read, lines and gates; the report states it.

    Raises
    ------
    pydantic.ValidationError
        If only one value of a pair is given, or numbers without their source.
    """

    read_voltage: Annotated[Voltage, Field(gt=0, le=5)] | None = None
    read_time: Annotated[Time, Field(gt=0, le=1e-3)] | None = None
    input_bits: Annotated[int, Field(ge=1, le=16)] = 5
    line_capacitance: Annotated[Capacitance, Field(ge=0, le=1e-9)] | None = None
    gate_capacitance: Annotated[Capacitance, Field(ge=0, le=1e-9)] | None = None
    gate_voltage: Annotated[Voltage, Field(gt=0, le=20)] | None = None
    transistor_resistance: Annotated[Resistance, Field(ge=0, le=1e9)] | None = None
    to_digital: Converter = SAR_8_BIT
    to_analog: Converter = DIGITAL_TO_ANALOG
    adding: Converter = ADDITION
    source: str = ""

    @model_validator(mode="after")
    def _belongs_together(self) -> ArrayEnergy:
        for one, other in (("read_voltage", "read_time"), ("gate_capacitance", "gate_voltage")):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                raise ValueError(f"energy: {one} and {other} belong together; give both or neither")
        given = (self.read_voltage, self.line_capacitance, self.gate_capacitance, self.transistor_resistance)
        if any(each is not None for each in given) and not self.source:
            raise ValueError("numbers are given without a source; say in energy.source where they come from")
        return self


@dataclass(frozen=True)
class LineRead:
    """A read of an array with all word lines on.

    Energy in J in its `devices`, and in segments and resistances of the ends (`wires`).
    """

    devices: float
    wires: float


@dataclass(frozen=True, eq=False)
class ReadPower:
    """Power in W of an array that is read, for each set of voltages.

    It heats devices, the open transistors in series with them (`channels`), the segments of lines, and the resistances
    of drivers and sensing ends (`ends`).
    """

    devices: Floats
    channels: Floats
    segments: Floats
    ends: Floats


NO_READ = "no reading is described; give energy.read_voltage and energy.read_time"
_NO_LINE = "the capacitance of a segment is not given; give energy.line_capacitance"
_NO_GATE = "the gates of the transistors are not described; give energy.gate_capacitance and energy.gate_voltage"
NO_CHANNEL = "the open transistor is not described; give energy.transistor_resistance, 0 for an array without"
_NO_PATH = "where the write current flows is not described; give device.write_path"


def line_read(conductance: Floats, wires: Wires, energy: ArrayEnergy) -> LineRead | None:
    """Energy of a read with all word lines on; None where no reading is described."""
    if energy.read_voltage is None or energy.read_time is None:
        return None
    power = read_power(conductance, np.full(conductance.shape[0], energy.read_voltage), wires, energy)
    return LineRead(float(power.devices) * energy.read_time, float(power.segments + power.ends) * energy.read_time)


def read_power(conductance: Floats, volts: Floats, wires: Wires, energy: ArrayEnergy) -> ReadPower:
    """Power of an array of devices behind open transistors, of all of its tiles together.

    Conductances (words, bits) in S, volts (..., words) on the word lines. Transistors that are not described are left
    out.
    """
    from solitons.crossbars import ResistorCrossbar, crossbar_power
    from solitons.crossbars.tiles import tiles_of

    channel = energy.transistor_resistance or 0.0
    whole = conductance / (1 + conductance * channel)
    devices = channels = segments = ends = np.zeros(volts.shape[:-1])
    for words, bits in tiles_of(whole.shape, wires):
        cells, applied = whole[words, bits], volts[..., words]
        found = ResistorCrossbar(cells, wires).solve(applied)
        current = cells * found.cell_voltage
        power = crossbar_power(found, wires, applied, cell_current=current)
        in_channels = channel * np.sum(current**2, axis=(-2, -1))
        devices, channels = devices + power.cells - in_channels, channels + in_channels
        segments, ends = segments + power.segments, ends + power.drivers + power.sense
    return ReadPower(devices, channels, segments, ends)


def pulse_rows(
    device: ArrayDevice, found: FoundDevice, shapes: Sequence[tuple[int, int]], wires: Wires, energy: ArrayEnergy
) -> list[EnergyRow]:
    """A write pulse of one device, and the read of one device, in the mean over all devices of several arrays.

    The current flows along the word line up to the device, through its write path, and along the bit line, all of them
    of its own tile; other cells are closed by their transistors, so that no current goes astray. `shapes` are (words,
    bits).
    """
    from solitons.crossbars.tiles import tiles_of

    tiles = [[each.stop - each.start for each in tile] for shape in shapes for tile in tiles_of(shape, wires)]
    words, bits = np.average(tiles, axis=0, weights=[float(words * bits) for words, bits in tiles]).tolist()
    way = _Way(
        segments=(bits + 1) / 2 * wires.word_segment + (words + 1) / 2 * wires.bit_segment,
        ends=wires.driver + wires.sense,
        words=words,
        bits=bits,
    )
    return [*_write_rows(device, found, way, energy), *_read_rows(found, way, energy)]


@dataclass(frozen=True)
class _Way:
    """The way to a device and back, in the mean over all devices.

    `segments` and `ends` are resistances in ohm; of its lines, the word line has as many segments and gates as there
    are bit lines, and the bit line as many segments as there are word lines.
    """

    segments: float
    ends: float
    words: float
    bits: float


def derived_row(
    device: str,
    operation: str,
    part: Part,
    name: str,
    source: str,
    joule: float | None,
    why: str = "",
    second: float | None = 0.0,
) -> EnergyRow:
    """A row of the description's numbers; `why` is given where one is missing."""
    return EnergyRow(
        device=device, operation=operation, part=part, name=name, joule=joule, second=second, origin="derived",
        source=source, missing=why if joule is None or second is None else "",
    )  # fmt: skip


def _write_rows(device: ArrayDevice, found: FoundDevice, way: _Way, energy: ArrayEnergy) -> list[EnergyRow]:
    row = partial(derived_row, found.name, WRITE)
    pulse = device.pulse
    if pulse is None:
        why = "of measured conductances the pulse is not known; give a fitted_model with its pulse"
        return [row("device", "ohmic heat of the write path", "R I^2 t", None, why, second=None)]
    path, source = _path_of(device, found), "" if device.write_path is None else device.write_path.source
    current = None if path is None else path.current(pulse.amplitude)
    channel = energy.transistor_resistance

    def heat(resistance: float | None) -> float | None:
        if current is None or resistance is None:
            return None
        return ohmic_energy(resistance, current, pulse.width, pulse.rise)

    what, charging, charge = "R I^2 (w - 4r/3)", "charging both lines", None
    if path is not None and current is not None:
        what = f"R I^2 (w - 4r/3), R = {value_label(path.resistance, 'ohm', 3)}; {source}"
        volts = current * (path.resistance + way.segments + way.ends + (channel or 0.0))
        charging = f"charging both lines to {volts:.3g} V"
        if energy.line_capacitance is not None:
            charge = capacitor_energy((way.words + way.bits) * energy.line_capacitance, volts)
    no_channel, no_line = (_NO_PATH, _NO_PATH) if path is None else (NO_CHANNEL, _NO_LINE)
    own = None if path is None else heat(path.resistance)
    mean, ends = f"I^2 R t of {way.segments:.3g} ohm, mean cell", f"I^2 R t of {way.ends:.3g} ohm"
    return [
        row("device", "ohmic heat of the write path", what, own, _NO_PATH, pulse.period),
        row("wire", "segments to the device and back", mean, heat(way.segments), _NO_PATH),
        row("driver", "resistance of driver and sensing end", ends, heat(way.ends), _NO_PATH),
        row("driver", "channel of the open transistor", "I^2 R t", heat(channel), no_channel),
        row("driver", charging, _by(f"C V^2 of {way.words + way.bits:.3g} segments", energy), charge, no_line),
        row("driver", "gates of a row", *_gates(way.bits, energy)),
    ]


def _read_rows(found: FoundDevice, way: _Way, energy: ArrayEnergy) -> list[EnergyRow]:
    row = partial(derived_row, found.name, READ)
    volts, time, converter = energy.read_voltage, energy.read_time, energy.to_digital
    own = drop = at_ends = in_channel = line = None
    no_channel = no_line = NO_READ
    what = "I^2 R t"
    if volts is not None and time is not None:
        no_channel, no_line = NO_CHANNEL, _NO_LINE
        # One current through all of them, which the voltage is over.
        device, channel = 1 / _middle(found), energy.transistor_resistance
        current = volts / (device + way.segments + way.ends + (channel or 0.0))
        what = f"I^2 R t, {value_label(current, 'A', 3)} through {value_label(device, 'ohm', 3)}"
        own, drop, at_ends = (current**2 * each * time for each in (device, way.segments, way.ends))
        in_channel = None if channel is None else current**2 * channel * time
        if energy.line_capacitance is not None:
            line = capacitor_energy(way.bits * energy.line_capacitance, volts)
    return [
        row("device", "heat of a device of middle conductance", what, own, NO_READ, time),
        row("wire", "segments to the device and back", f"I^2 R t of {way.segments:.3g} ohm", drop, NO_READ),
        row("driver", "resistance of driver and sensing end", f"I^2 R t of {way.ends:.3g} ohm", at_ends, NO_READ),
        row("driver", "charging its word line", _by(f"C V^2 of {way.bits:.3g} segments", energy), line, no_line),
        row("driver", "channel of the open transistor", "I^2 R t", in_channel, no_channel),
        row("driver", "gates of a row", *_gates(way.bits, energy)),
        EnergyRow(
            device=found.name, operation=READ, part="converter", name="analog to digital", joule=converter.energy,
            second=converter.time, origin="published", source=converter.source,
        ),
    ]  # fmt: skip


def network_rows(
    name: str,
    pairs: Sequence[tuple[Floats, Floats]],
    weights: Weights,
    images: Floats,
    wires: Wires,
    energy: ArrayEnergy,
) -> list[EnergyRow]:
    """One image read by a network of two arrays, in the mean over some images.

    Inputs are sent bit by bit, each bit on all word lines at once; every bit's currents are converted, by one converter
    an array or a tile of it, column by column. What the tiles of a column give is added. Each read is solved exactly,
    with the open transistors in series with the devices. `pairs` are conductances in S of the positive and the negative
    devices of each layer, `weights` are as they are read (the second array's inputs follow from them), and `images`
    (images, inputs) are from 0 to 1.
    """
    from solitons.crossbars.perceptron import forward
    from solitons.crossbars.tiles import tiles_of
    from solitons.crossbars.weight_pairs import side_by_side

    shown = images[:SOLVED_IMAGES]
    hidden = forward(weights, shown)[0]
    inputs = (shown, hidden / max(float(hidden.max()), 1e-30))
    bits, volts, time = energy.input_bits, energy.read_voltage, energy.read_time
    cells = channels = lines = ends = charge = 0.0
    columns = words = transistors = waits = additions = 0
    for (positive, negative), given in zip(pairs, inputs, strict=True):
        joined = side_by_side(positive, negative)
        tiles = tiles_of(joined.shape, wires)
        # Every tile drives its own word lines and converts its own bit lines.
        in_tiles = [bit_lines.stop - bit_lines.start for _, bit_lines in tiles]
        words += sum(word_lines.stop - word_lines.start for word_lines, _ in tiles)
        columns, waits, transistors = columns + sum(in_tiles), waits + max(in_tiles), transistors + joined.size
        additions += sum(in_tiles) - joined.shape[1]
        if volts is None or time is None:
            continue
        levels = np.rint(np.clip(given, 0, 1) * (2**bits - 1)).astype(int)
        on = volts * ((levels[:, None, :] >> np.arange(bits)[:, None]) & 1).astype(float)
        power = read_power(joined, on, wires, energy)
        cells, channels, lines, ends = (
            total + float(part.sum(axis=1).mean()) * time
            for total, part in (
                (cells, power.devices),
                (channels, power.channels),
                (lines, power.segments),
                (ends, power.ends),
            )
        )
        switched = float((on > 0).sum(axis=(1, 2)).mean()) * joined.shape[1]
        charge += capacitor_energy(switched * (energy.line_capacitance or 0.0), volts)
    reads = 2 * bits
    row = partial(derived_row, name, INFERENCE)
    known = volts is not None
    no_line, no_channel = (_NO_LINE, NO_CHANNEL) if known else (NO_READ, NO_READ)
    in_channels = channels if known and energy.transistor_resistance is not None else None
    mean = f"mean of {len(shown)} images, network solved"
    charging = charge if known and energy.line_capacitance is not None else None
    rows = [
        row(
            "device",
            f"{reads} reads of an array",
            mean,
            cells if known else None,
            NO_READ,
            reads * time if time else None,
        ),
        row("wire", "segments", mean, lines if known else None, NO_READ),
        row("driver", "resistances of drivers and sensing ends", mean, ends if known else None, NO_READ),
        row("driver", "channels of the open transistors", mean, in_channels, no_channel),
        row("driver", "charging word lines", _by("C V^2 of lines that are on", energy), charging, no_line),
        row("driver", "gates of all cells, once", *_gates(float(transistors), energy)),
    ]
    # One converter a tile takes its columns one by one; all word lines have theirs at once.
    converters = [
        (f"analog to digital, {bits * columns} conversions", energy.to_digital, bits * columns, bits * waits),
        (f"digital to analog, {bits * words} bits", energy.to_analog, bits * words, reads),
    ]
    if additions:
        adding = f"adding the numbers of tiles, {bits * additions} times"
        converters.append((adding, energy.adding, bits * additions, bits * waits))
    for what, converter, count, times in converters:
        # How long a line is held is the time of a read.
        held = time if converter.power else 0.0
        rows.append(
            EnergyRow(
                device=name, operation=INFERENCE, part="converter", name=what,
                joule=None if held is None else count * converter.energy_for(held), second=times * converter.time,
                origin="published", source=converter.source, missing=NO_READ if held is None else "",
            )
        )  # fmt: skip
    return rows


def writing_rows(
    operation: str, ledger: EnergyLedger, name: str, counts: dict[str, float], known_by: str
) -> list[EnergyRow]:
    """An operation that consists of others, such as writing a network: a row for each part of each, times its count.

    `counts` by operation come from `known_by`. Time adds up as of one device or array after the other.
    """
    rows = []
    for other, count in counts.items():
        several = ledger.of(name, other)
        for part in dict.fromkeys(row.part for row in several):
            joule = ledger.joule(name, other, part)
            seconds = [row.second for row in several if row.part == part]
            second = None if None in seconds else sum(each for each in seconds if each is not None)
            why = next((row.missing for row in several if row.part == part and row.missing), "")
            rows.append(
                EnergyRow(
                    device=name, operation=operation, part=part, name=f"{count:,.0f} times: {other}",
                    joule=None if joule is None else count * joule, second=None if second is None else count * second,
                    origin="derived", source=known_by, missing=why,
                )
            )  # fmt: skip
    return rows


def network_energy(
    device: ArrayDevice,
    found: FoundDevice,
    pairs: Sequence[tuple[Floats, Floats]],
    weights: Weights,
    images: Floats,
    wires: Wires,
    energy: ArrayEnergy,
    operation: str,
    counts: dict[str, float],
    known_by: str,
) -> list[EnergyRow]:
    """Energy of a pulse, a read, an image that a network reads, and of writing or learning the network.

    The last is the operation whose pulses and reads are counted (`writing_rows`); the others as in `network_rows`.
    """
    shapes = [(positive.shape[0], 2 * positive.shape[1]) for positive, _ in pairs]
    image = network_rows(found.name, pairs, weights, images, wires, energy)
    each = EnergyLedger(rows=(*pulse_rows(device, found, shapes, wires, energy), *image))
    return [*each.rows, *writing_rows(operation, each, found.name, counts, known_by)]


def image_headline(ledger: EnergyLedger, name: str) -> Headline:
    """The energy of an image, with a write pulse's beside it."""
    image, pulse = ledger.joule(name, INFERENCE), ledger.joule(name, WRITE, "device")
    array = ledger.joule(name, INFERENCE, "device")
    return Headline(
        value=quantity_label(image, "J"),
        name=f"energy of reading an image, {name}",
        detail=f"in the devices {quantity_label(array, 'J')}, converters "
        f"{quantity_label(ledger.joule(name, INFERENCE, 'converter'), 'J')}; a write pulse in the device "
        f"{quantity_label(pulse, 'J')}",
    )


def _path_of(device: ArrayDevice, found: FoundDevice) -> MetalPath | JunctionPath | None:
    count = found.junctions
    return None if device.write_path is None else device.write_path.path(_middle(found) / count, count)


def _middle(found: FoundDevice) -> float:
    return (found.lowest + found.highest) / 2


def _by(what: str, energy: ArrayEnergy) -> str:
    """How a number is known, with the source of the description's numbers where there are any."""
    return f"{what}; {energy.source}" if energy.source else what


def _gates(count: float, energy: ArrayEnergy) -> tuple[str, float | None, str]:
    if energy.gate_capacitance is None or energy.gate_voltage is None:
        return "C V^2", None, _NO_GATE
    joule = capacitor_energy(count * energy.gate_capacitance, energy.gate_voltage)
    return f"C V^2 of {count:.3g} gates; {energy.source}", joule, ""
