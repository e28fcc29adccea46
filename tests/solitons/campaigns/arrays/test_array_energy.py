"""Energy of arrays against closed forms and sums."""

import numpy as np
import pytest

from solitons.campaigns.arrays.array_devices import ArrayDevice, FoundDevice
from solitons.campaigns.arrays.array_energy import (
    INFERENCE,
    READ,
    WRITE,
    ArrayEnergy,
    image_headline,
    line_read,
    network_rows,
    pulse_rows,
    writing_rows,
)
from solitons.campaigns.energy.energy_report import energy_values
from solitons.crossbars import Wires
from solitons.crossbars.weight_pairs import weights_of_pairs
from solitons.energy import Converter, EnergyLedger
from solitons.energy.converters import SAR_8_BIT

PULSE = {"amplitude": 0.2e12, "width": 1e-9, "rise": 0.15e-9, "period": 4e-9}
METAL = {
    "kind": "metal", "resistivity": 2e-7, "length": 300e-9, "width": 30e-9, "thickness": 5e-9, "source": "a test",
}  # fmt: skip
FOUND = FoundDevice(
    name="wall", lowest=1e-4, highest=3e-4, pulses_across=20.0, levels=None, table_error=0.01, spread_known=True,
    chance_known=True, verdict="trusted",
)  # fmt: skip
WIRES = Wires(2.0, 3.0, driver=40.0, sense=10.0)
READING = {"read_voltage": 0.1, "read_time": 5e-9, "line_capacitance": 1e-16, "source": "a test"}
ENERGY = ArrayEnergy(**READING, gate_capacitance=2e-16, gate_voltage=1.0, transistor_resistance=600.0)


def device(**changes):
    content = {"name": "wall", "fitted_model": "wall", "pulse": PULSE, "write_path": METAL}
    return ArrayDevice(**content | changes)


def ledger_of(which, energy=ENERGY, shapes=((10, 20), (4, 6))):
    return EnergyLedger(rows=tuple(pulse_rows(which, FOUND, shapes, WIRES, energy)))


def test_a_pulse_is_that_of_closed_forms():
    ledger = ledger_of(device(), shapes=((10, 20),))
    squared = 1e-9 - 4 * 0.15e-9 / 3
    current = 0.2e12 * 30e-9 * 5e-9
    assert ledger.joule("wall", WRITE, "device") == pytest.approx(2e-7 * 0.2e12**2 * 300e-9 * 30e-9 * 5e-9 * squared)
    # Mean over all cells of what lies before them on the word line and behind them on the bit line.
    segments = np.mean([2.0 * (bit + 1) + 3.0 * (10 - word) for word in range(10) for bit in range(20)])
    assert ledger.joule("wall", WRITE, "wire") == pytest.approx(current**2 * segments * squared)
    volts = current * (400.0 + segments + 50.0 + 600.0)
    driver = current**2 * (50.0 + 600.0) * squared + 30 * 1e-16 * volts**2 + 20 * 2e-16
    assert ledger.joule("wall", WRITE, "driver") == pytest.approx(driver)
    assert ledger.second("wall", WRITE) == 4e-9


def test_a_read_of_one_device_is_that_of_one_current():
    ledger = ledger_of(device(), shapes=((10, 20),))
    segments = np.mean([2.0 * (bit + 1) + 3.0 * (10 - word) for word in range(10) for bit in range(20)])
    # The voltage is over device, wires, ends and transistor.
    current = 0.1 / (1 / 2e-4 + segments + 50.0 + 600.0)
    assert ledger.joule("wall", READ, "device") == pytest.approx(current**2 / 2e-4 * 5e-9)
    assert ledger.joule("wall", READ, "wire") == pytest.approx(current**2 * segments * 5e-9)
    charging = 20 * 1e-16 * 0.1**2 + 20 * 2e-16
    assert ledger.joule("wall", READ, "driver") == pytest.approx(current**2 * (50.0 + 600.0) * 5e-9 + charging)
    assert ledger.joule("wall", READ, "converter") == SAR_8_BIT.energy == pytest.approx(2.58e-12, rel=2e-3)


def test_what_was_not_given_is_not_guessed():
    ledger = ledger_of(device(write_path=None), ArrayEnergy())
    for operation in (WRITE, READ):
        assert ledger.joule("wall", operation) is None
        assert all("give " in row.missing for row in ledger.of("wall", operation) if row.joule is None)
    assert "device.write_path" in ledger.of("wall", WRITE)[0].missing
    # The pulse's length is known all the same, that of a read is not.
    assert ledger.second("wall", WRITE) == 4e-9
    assert ledger.second("wall", READ) is None
    assert not [row.source for row in ledger.rows if row.source.endswith("; ")]
    shown = str(energy_values(ledger)["energy"]["rows"])
    assert "not known" in shown
    assert "device.write_path" in shown


def test_junctions_are_written_through_themselves():
    path = {"kind": "junction", "area": "300 nm^2", "source": "a test"}
    # Eight that were saved together, so that the description need not count them.
    eight = FOUND.model_copy(update={"junctions": 8})
    written = device(fitted_model="junction", write_path=path)
    ledger = EnergyLedger(rows=tuple(pulse_rows(written, eight, ((10, 20),), WIRES, ENERGY)))
    current = 0.2e12 * 300e-18 * 8
    # Eight in parallel conduct what the device does.
    assert ledger.joule("wall", WRITE, "device") == pytest.approx(current**2 / 2e-4 * (1e-9 - 0.2e-9))


def network():
    generator = np.random.default_rng(3)
    pairs = [(generator.uniform(1e-4, 3e-4, shape), generator.uniform(1e-4, 3e-4, shape)) for shape in ((9, 4), (5, 3))]
    weights = tuple(weights_of_pairs(*pair, 1.0, (1e-4, 3e-4), WIRES) for pair in pairs)
    images = np.hstack([generator.integers(0, 17, (6, 8)) / 16, np.ones((6, 1))])
    return pairs, weights, images


def test_an_image_costs_what_its_reads_do():
    pairs, weights, images = network()
    rows = network_rows("wall", pairs, weights, images, Wires(), ArrayEnergy(**READING, input_bits=1))
    ledger = EnergyLedger(rows=tuple(rows))
    # Without wires and with one bit: V^2 t times the conductances of the lines that are on.
    hidden = np.maximum(images @ weights[0], 0)
    hidden = np.hstack([hidden, np.ones((6, 1))]) / max(1.0, hidden.max())
    wanted = 0.0
    for (positive, negative), given in zip(pairs, (images, hidden), strict=True):
        on = np.rint(given)
        wanted += float((on @ (positive + negative)).sum(axis=1).mean()) * 0.1**2 * 5e-9
    assert ledger.joule("wall", INFERENCE, "device") == pytest.approx(wanted)
    assert ledger.joule("wall", INFERENCE, "wire") == 0.0
    assert ledger.joule("wall", INFERENCE) is None  # no gates are described
    assert ledger.joule("wall", INFERENCE, "converter") == pytest.approx(
        14 * SAR_8_BIT.energy + 14 * 4e-3 / 1024 * 5e-9
    )
    assert ledger.second("wall", INFERENCE) == pytest.approx(2 * 5e-9 + 14 * SAR_8_BIT.time)
    # Word lines are held for the time of a read, and what holds them takes its power for as long.
    longer = network_rows("wall", pairs, weights, images, Wires(), ArrayEnergy(**READING | {"read_time": 1e-7}))
    assert longer[-1].joule == pytest.approx(14 * 5 * 0.390625e-12)
    unknown = network_rows("wall", pairs, weights, images, Wires(), ArrayEnergy())[-1]
    assert unknown.joule is None
    assert "read_time" in unknown.missing
    # A slow driver of the word lines, once for each bit of each array.
    slow = Converter(energy=1e-13, time=3e-9, source="a test")
    energy = ArrayEnergy(**READING, input_bits=4, to_analog=slow)
    timed = EnergyLedger(rows=tuple(network_rows("wall", pairs, weights, images, Wires(), energy)))
    assert timed.second("wall", INFERENCE) == pytest.approx(8 * (5e-9 + 3e-9) + 56 * SAR_8_BIT.time)


def test_open_transistors_are_in_series_with_the_devices():
    pairs, weights, images = network()
    behind = ArrayEnergy(**READING, input_bits=1, transistor_resistance=600.0)
    ledger = EnergyLedger(rows=tuple(network_rows("wall", pairs, weights, images, Wires(), behind)))
    hidden = np.hstack([np.maximum(images @ weights[0], 0), np.ones((6, 1))])
    devices = channels = 0.0
    for pair, given in zip(pairs, (images, hidden / hidden.max()), strict=True):
        for one in pair:
            current = 0.1 * one / (1 + 600 * one)
            devices += float((np.rint(given) @ (current**2 / one)).sum(axis=1).mean()) * 5e-9
            channels += float((np.rint(given) @ (current**2 * 600)).sum(axis=1).mean()) * 5e-9
    assert ledger.joule("wall", INFERENCE, "device") == pytest.approx(devices)
    rows = {row.name: row for row in ledger.rows}
    assert rows["channels of the open transistors"].joule == pytest.approx(channels)
    bare = network_rows("wall", pairs, weights, images, Wires(), ArrayEnergy(**READING, input_bits=1))
    unknown = next(row for row in bare if row.name == "channels of the open transistors")
    assert unknown.joule is None
    assert "energy.transistor_resistance" in unknown.missing


def test_more_bits_and_wires_cost_more():
    pairs, weights, images = network()

    def spent(wires, bits):
        rows = network_rows("wall", pairs, weights, images, wires, ArrayEnergy(**READING, input_bits=bits))
        return EnergyLedger(rows=tuple(rows))

    assert spent(WIRES, 5).joule("wall", INFERENCE, "wire") > 0
    assert spent(WIRES, 5).joule("wall", INFERENCE, "device") < spent(Wires(), 5).joule("wall", INFERENCE, "device")
    assert spent(WIRES, 5).joule("wall", INFERENCE, "converter") == pytest.approx(
        5 * spent(WIRES, 1).joule("wall", INFERENCE, "converter")
    )


def test_a_read_of_all_lines():
    conductance = np.random.default_rng(1).uniform(1e-4, 3e-4, (6, 5))
    read = line_read(conductance, Wires(), ArrayEnergy(**READING))
    assert read.devices == pytest.approx(conductance.sum() * 0.1**2 * 5e-9)
    assert read.wires == pytest.approx(0.0, abs=1e-25)
    assert line_read(conductance, WIRES, ENERGY).wires > 0
    assert line_read(conductance, WIRES, ArrayEnergy()) is None


def test_an_operation_of_others_is_their_sum():
    ledger = ledger_of(device())
    rows = writing_rows("writing", ledger, "wall", {WRITE: 1000.0, READ: 500.0}, "counted")
    found = EnergyLedger(rows=(*ledger.rows, *rows))
    assert found.joule("wall", "writing") == pytest.approx(
        1000 * found.joule("wall", WRITE) + 500 * found.joule("wall", READ)
    )
    assert found.second("wall", "writing") == pytest.approx(
        1000 * found.second("wall", WRITE) + 500 * found.second("wall", READ)
    )
    unknown = ledger_of(device(write_path=None))
    rows = writing_rows("writing", unknown, "wall", {WRITE: 10.0}, "counted")
    assert all(row.missing for row in rows if row.joule is None)
    assert EnergyLedger(rows=tuple(rows)).joule("wall", "writing") is None


def test_the_headline_names_what_is_known():
    pairs, weights, images = network()
    rows = (*ledger_of(device()).rows, *network_rows("wall", pairs, weights, images, WIRES, ENERGY))
    found = image_headline(EnergyLedger(rows=rows), "wall")
    assert found.value.endswith("J")
    assert "converters" in found.detail


def test_every_tile_has_converters_of_its_own_and_their_numbers_are_added():
    generator = np.random.default_rng(0)
    pairs = [tuple(generator.uniform(1e-4, 2e-4, shape) for _ in range(2)) for shape in ((10, 3), (4, 10))]
    weights = tuple(positive - negative for positive, negative in pairs)
    images, energy = generator.uniform(0, 1, (3, 10)), ArrayEnergy(**READING, input_bits=4)

    def rows(tile):
        found = network_rows("wall", pairs, weights, images, Wires(1.0, 1.0, tile=tile), energy)
        return {row.name: row for row in found if row.part == "converter"}

    whole, cut = rows(None), rows(4)
    assert list(whole) == ["analog to digital, 104 conversions", "digital to analog, 56 bits"]
    # 10 x 6 devices are 3 x 2 tiles, 4 x 20 are 1 x 5: 3 * 6 + 20 columns, 2 * 10 + 5 * 4 word lines, 2 * 6 additions.
    assert list(cut) == [
        "analog to digital, 152 conversions", "digital to analog, 160 bits", "adding the numbers of tiles, 48 times"
    ]  # fmt: skip
    adding = cut["adding the numbers of tiles, 48 times"]
    assert adding.joule == pytest.approx(48 * 0.2e-3 / (8 * 1.2e9))
    assert "ISCA 2016" in adding.source
    # Tiles convert side by side: of 4 columns each, instead of 6 and 20.
    ends = (
        each["analog to digital, " + count].second
        for each, count in ((whole, "104 conversions"), (cut, "152 conversions"))
    )
    assert [second * 1.2e9 for second in ends] == pytest.approx([104, 32])
