"""Builders of gates, adders and registers: names, signals, zones and input patterns."""

import itertools

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Magnet, MagnetArray, Material
from geometries.contract import broken_promises
from geometries.magnet_logic import (
    PERPENDICULAR,
    REFERENCE,
    SPIN_ORBIT,
    and_gate,
    free_array,
    full_adder,
    half_adder,
    majority_gate,
    nand_gate,
    netlist_values,
    nor_gate,
    or_gate,
    slanted_gate,
    wire,
    with_hard_inputs,
)
from geometries.magnet_logic.builders import corner, fan_out
from geometries.magnet_logic.shift_registers import shift_register

FILM = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.1)


BUILT = [and_gate((1, -1)), majority_gate((-1, 1, -1)), full_adder((1, -1, 1)), shift_register((1,)), corner(3, 3)]


@pytest.mark.parametrize("array", BUILT)
def test_built_arrays_keep_the_promises_of_a_device(array):
    assert broken_promises(array, FILM) == []


@rows("pattern", range(8))
def test_a_row_of_the_truth_table_is_a_field(pattern):
    digits = tuple(1 if pattern >> place & 1 else -1 for place in (2, 1, 0))
    swept = MagnetArray.model_validate(full_adder((1, 1, 1)).model_dump() | {"input_pattern": pattern})
    assert swept == full_adder(digits)
    assert swept.input_pattern is None


def test_fixed_magnets_are_no_variables():
    assert half_adder((1, -1)).signals == and_gate((1, -1)).signals == ("a", "b")
    held = {each.name: each.state for each in or_gate((1, 1)).magnets if each.role == "fixed"}
    assert held == {"held": -1}
    assert and_gate((1, 1)).held_fields()[1].tolist() == [0, 2.4e5, 0]


@rows(
    ("changes", "words"),
    [
        ({"input_pattern": 8}, "input_pattern = 8 is no row of the truth table; 3 signals .a, b, c. have rows from 0"),
        ({"input_pattern": -1}, "greater than or equal to 0"),
        ({"input_pattern": True}, "true is not allowed"),
    ],
)
def test_what_is_no_row_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        MagnetArray.model_validate(majority_gate((1, 1, 1)).model_dump() | changes)


def test_copies_of_a_signal_have_one_state():
    adder = full_adder((1, 1, 1))
    magnets = [each.model_dump() for each in adder.magnets]
    magnets[0]["state"] = -1
    with pytest.raises(ValidationError, match="inputs 'a_1' and 'a_2' have the signal 'a' and the states -1 and 1"):
        MagnetArray.model_validate(adder.model_dump() | {"magnets": magnets})


@rows(("slant", "angle"), [(2e-8, np.pi / 2), (-2e-8, np.pi / 2), (3e-8, np.pi / 6)])
def test_a_slanted_edge_cuts_a_triangle_off_the_end_that_the_axis_points_to(slant, angle):
    size = {"length": 8e-8, "width": 4e-8, "shape": "rectangle", "angle": angle}
    whole, cut = (
        MagnetArray(
            magnets=(Magnet(name="m", x=0, y=0, **size, slant=each),), thickness=1e-8, cell=(1e-9, 1e-9, 1e-8)
        ).mask()[:, :, 0]
        for each in (0.0, slant)
    )
    gone = np.argwhere(whole & ~cut)
    assert not (cut & ~whole).any()
    assert len(gone) == pytest.approx(abs(slant) * 4e-8 / 2 / 1e-18, rel=0.05)
    offset = gone.mean(axis=0) - np.argwhere(whole).mean(axis=0)
    along, left = offset @ (np.cos(angle), np.sin(angle)), offset @ (-np.sin(angle), np.cos(angle))
    assert along == pytest.approx(40 - abs(slant) * 1e9 / 3, abs=1)
    assert left == pytest.approx(np.sign(slant) * 20 / 3, abs=1)


def test_zones_are_in_order_and_leave_held_magnets_out():
    assert wire(6, zone_length=2).zones() == (("m1", "m2"), ("m3", "m4"), ("out",))
    assert fan_out().zones() == (("middle", "out_1", "out_2"),)
    assert corner(4, 3).zones() == (("h1",), ("h2",), ("h3",), ("v1", "out"))
    assert [len(zone) for zone in shift_register((1, -1)).zones()] == [2] * 6


UNLIKE = PERPENDICULAR.model_copy(update={"gap_beside": 24e-9})
UNDECIDED = r"NAND and NOR alike\) and undecided where they differ; use and_gate"


@rows(
    ("build", "words"),
    [
        (lambda: corner(1, 3), "columns = 1 and rows = 3"),
        (lambda: shift_register(()), "no bits are given"),
        (lambda: wire(4, zone_length=0), "zone_length = 0"),
        (lambda: wire(1), "count = 1 must be 2 or more"),
        (lambda: wire(4, along="y", end_block=True), "leave it out"),
        (lambda: wire(3, end_block=True, grid=PERPENDICULAR), "'end' is a block, which holds the end of a wire by its"),
        # A slanted edge does nothing to an axis along the normal.
        *((lambda gate=gate: slanted_gate((1, 1), gate, grid=PERPENDICULAR), UNDECIDED) for gate in ("and", "or")),
        # With gaps of 24 and 8 nm the model has AND right in three of four rows, and the adder in two of eight.
        (lambda: nand_gate((1, 1), UNLIKE), r"56 nm apart along x and 40 nm along y; .* choose sizes and gaps with"),
        (lambda: half_adder((1, 1), UNLIKE), r"56 nm apart along x and 40 nm along y; .* choose sizes and gaps with"),
    ],
)
def test_what_cannot_be_built_is_refused(build, words):
    with pytest.raises(ValueError, match=words):
        build()


def test_an_end_block_lies_a_gap_behind_the_output_and_along_x():
    array = wire(3, end_block=True)
    out, block = array.magnets[-2:]
    assert (block.role, block.axis) == ("block", (1.0, 0.0))
    assert block.x - block.length / 2 - (out.x + out.width / 2) == pytest.approx(16e-9)
    assert array.zones() == wire(3).zones()


def bit(value):
    return 1 if value else -1


# name: how it is built, how many inputs it has, and its outputs by ordinary logic
FUNCTIONS = {
    "and": (and_gate, 2, lambda a, b: {"out": bit(a and b)}),
    "nand": (nand_gate, 2, lambda a, b: {"out": bit(not (a and b))}),
    "or": (or_gate, 2, lambda a, b: {"out": bit(a or b)}),
    "nor": (nor_gate, 2, lambda a, b: {"out": bit(not (a or b))}),
    "half_adder": (half_adder, 2, lambda a, b: {"carry": bit(a and b), "sum": bit(a != b)}),
    "full_adder": (full_adder, 3, lambda a, b, c: {"carry": bit(a + b + c > 1), "sum": bit((a + b + c) % 2)}),
}


@rows("grid", [REFERENCE, PERPENDICULAR], ids=["in plane", "perpendicular"])
@rows("name", FUNCTIONS)
def test_neighbours_and_zones_give_the_function_that_a_gate_is_named_after(name, grid):
    build, count, function = FUNCTIONS[name]
    for row in itertools.product((False, True), repeat=count):
        values = netlist_values(build(tuple(bit(each) for each in row), grid))
        assert {key: values[key] for key in function(*row)} == function(*row), row


def test_what_nothing_decides_has_no_value():
    """The in-plane plan of two inputs alone, as a slanted gate has it: where they differ nothing decides."""
    flat = slanted_gate((1, -1), "and")
    assert netlist_values(flat) == {"a": 1, "out": 0, "b": -1}
    assert netlist_values(slanted_gate((1, 1), "and"))["out"] == 1
    assert netlist_values(wire(4, end_block=True)) == {"in": 1, "m1": -1, "m2": 1, "out": -1}
    with pytest.raises(ValueError, match="zone 'm1' to 'out' has 19 magnets, and the states of up to 16 are compared"):
        netlist_values(wire(20))


def test_held_magnets_are_hardened_and_no_others():
    gate = with_hard_inputs(nand_gate((1, -1), SPIN_ORBIT), 4.5e5)
    covered = {part.name: np.unique(gate.cell_labels()[part.magnet_cells(gate)]).tolist() for part in gate.parts}
    assert covered == {"hard_a": [1], "hard_held": [2], "hard_b": [3]}
    alone = free_array([(0, 0), (9e-8, 0)], length=6e-8, thickness=1e-8, cell=(5e-9, 5e-9, 1e-8))
    with pytest.raises(ValueError, match="no magnet of the array is held"):
        with_hard_inputs(alone, 4.5e5)


def test_a_box_around_a_turned_input_may_not_cover_another_magnet():
    size = {"length": 80e-9, "width": 20e-9}
    turned = Magnet(name="in", x=0, y=0, angle=np.pi / 4, role="input", field=1e4, **size)
    beside = Magnet(name="out", x=30e-9, y=-30e-9, angle=np.pi / 4, role="output", **size)
    array = MagnetArray(magnets=(turned, beside), thickness=1e-8, cell=(5e-9, 5e-9, 1e-8))
    with pytest.raises(ValueError, match=r"the box around 'in' covers cells of 'out', 42\.43 nm from it"):
        with_hard_inputs(array, 4.5e5)
