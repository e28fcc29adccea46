"""A matrix in tiles: against one array, closed forms, badcrossbar tile by tile, and by what is refused."""

import numpy as np
import pytest

from solitons.campaigns.arrays.array_energy import ArrayEnergy, pulse_rows, read_power
from solitons.crossbars import ResistorCrossbar, Wires
from solitons.crossbars.biasing import half_select_disturb, read_margin
from solitons.crossbars.resistor_network import effective_conductance, lost_current
from solitons.crossbars.tiles import tile_with, tiles_of

SHAPE = (10, 7)
CELLS = 1 / np.random.default_rng(0).uniform(5e3, 10e3, SHAPE)
LINES = {"word_segment": 20.0, "bit_segment": 30.0, "driver": 40.0, "sense": 10.0}


def test_one_tile_is_the_whole_array_to_the_last_digit():
    whole, wires = Wires(**LINES, tile=10), Wires(**LINES)
    np.testing.assert_array_equal(effective_conductance(CELLS, whole), effective_conductance(CELLS, wires))
    assert lost_current(CELLS, whole) == lost_current(CELLS, wires)
    assert read_margin(2e-4, 1e-4, SHAPE, whole, "half") == read_margin(2e-4, 1e-4, SHAPE, wires, "half")
    volts = np.random.default_rng(1).uniform(0, 1, (3, 10))
    one, other = (read_power(CELLS, volts, each, ArrayEnergy()) for each in (whole, wires))
    for part in ("devices", "channels", "segments", "ends"):
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part))


def test_a_tile_of_one_device_has_two_segments_and_its_ends_in_series():
    found = effective_conductance(CELLS, Wires(**LINES, tile=1))
    np.testing.assert_allclose(found, CELLS / (1 + 100.0 * CELLS), rtol=1e-12)


def test_shorter_lines_lose_less():
    lost = [lost_current(CELLS, Wires(**LINES, tile=tile)) for tile in (1, 2, 4, 10)]
    assert lost == sorted(lost)
    assert lost[0] == pytest.approx(1 - (CELLS / (1 + 100.0 * CELLS)).sum() / CELLS.sum(), rel=1e-9)


def test_every_tile_is_that_of_badcrossbar_and_their_currents_are_added():
    badcrossbar = pytest.importorskip(
        "badcrossbar", reason="make installs badcrossbar, pip alone does not", exc_type=ImportError
    )
    applied = np.random.default_rng(1).uniform(-1, 1, (3, 10))
    expected = np.zeros((3, 7))
    for first in (0, 4, 8):
        for left in (0, 4):
            rows, columns = slice(first, first + 4), slice(left, left + 4)
            expected[:, columns] += badcrossbar.compute(
                applied[:, rows].T, 1 / CELLS[rows, columns], r_i_word_line=20.0, r_i_bit_line=30.0
            ).currents.output
    found = applied @ effective_conductance(CELLS, Wires(20.0, 30.0, tile=4))
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_power_is_that_of_all_tiles():
    wires, volts = Wires(**LINES, tile=4), np.random.default_rng(1).uniform(0, 1, (2, 10))
    power = read_power(CELLS, volts, wires, ArrayEnergy(transistor_resistance=600.0, source="a test"))
    behind = CELLS / (1 + 600.0 * CELLS)
    delivered = sum(
        np.sum(volts[:, rows] * ResistorCrossbar(behind[rows, columns], wires).solve(volts[:, rows]).word_current, -1)
        for rows, columns in tiles_of(SHAPE, wires)
    )
    assert (power.devices + power.channels + power.segments + power.ends) == pytest.approx(delivered, rel=1e-12)


def test_a_cell_feels_its_own_tile_alone():
    wires = Wires(20.0, 30.0, tile=4)
    rows, columns = tile_with((9, 5), SHAPE, wires)
    assert (rows, columns) == (slice(8, 10), slice(4, 7))
    found = half_select_disturb(CELLS, wires, "half", 1.0, (9, 5))
    assert found == half_select_disturb(CELLS[8:, 4:], Wires(20.0, 30.0), "half", 1.0, (1, 1))
    margin = read_margin(2e-4, 1e-4, (64, 64), wires, "floating")
    assert margin == read_margin(2e-4, 1e-4, (4, 4), Wires(20.0, 30.0), "floating")


def test_the_way_of_a_write_pulse_is_that_in_its_tile():
    from solitons.campaigns.arrays.array_devices import ArrayDevice, FoundDevice

    found = FoundDevice(
        name="made up", lowest=1e-4, highest=2e-4, pulses_across=9.0, levels=None, table_error=None, spread_known=True,
        chance_known=True, verdict=None,
    )  # fmt: skip
    device = ArrayDevice(name="made up", up=[1e-4, 1.5e-4, 2e-4], down=[2e-4, 1.5e-4, 1e-4])
    energy = ArrayEnergy(read_voltage=0.1, read_time=1e-9, source="a test")
    cut, alone = (
        next(row for row in pulse_rows(device, found, shapes, wires, energy) if row.operation.startswith("read")
             and row.part == "wire").source
        for shapes, wires in (([(8, 6)], Wires(2.0, 3.0, tile=4)), ([(4, 4), (4, 4), (4, 2), (4, 2)], Wires(2.0, 3.0)))
    )  # fmt: skip
    # Of 2/3 of the devices (4 + 1) / 2 word segments, of the others (2 + 1) / 2; (4 + 1) / 2 bit segments.
    assert cut == alone == "I^2 R t of 11.8 ohm"


def test_lines_of_a_tile_may_be_counted_by_numpy():
    assert tiles_of((5, 2), Wires(tile=np.int64(4))) == tiles_of((5, 2), Wires(tile=4))


def test_what_makes_no_sense_is_refused():
    for tile in (0, -3, 2.5, True):
        with pytest.raises(ValueError, match=rf"Wires.tile = {tile} must be a whole number of lines, 1 or above"):
            Wires(tile=tile)
    with pytest.raises(ValueError, match="10 x 7 lines are several tiles of at most 4, and one is solved at a"):
        ResistorCrossbar(CELLS, Wires(1.0, 1.0, tile=4))
    with pytest.raises(ValueError, match=r"there is no cell \(10, 0\) in an array of 10 x 7"):
        half_select_disturb(CELLS, Wires(1.0, 1.0, tile=4), "half", 1.0, (10, 0))
    with pytest.raises(ValueError, match=r"4,194,304 cells are more than .*cut the matrix into several .*Wires.tile"):
        effective_conductance(np.broadcast_to(1e-3, (2048, 2048)), Wires(1.0, 1.0))
