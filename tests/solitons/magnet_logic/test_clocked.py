"""Every wire, gate and adder of `geometries.magnet_logic` in every row, by the model at 0 K."""

import itertools
from functools import cache

import numpy as np
import pytest

from analysis.magnet_logic.fronts import front_speed, settling_times
from geometries import Magnet, MagnetArray, Material
from geometries.magnet_logic import (
    and_gate,
    full_adder,
    half_adder,
    majority_gate,
    nand_gate,
    nor_gate,
    or_gate,
    slanted_gate,
    wire,
)
from geometries.magnet_logic.builders import corner, fan_out, inverter
from geometries.magnet_logic.clock_lines import with_clock_lines
from geometries.magnet_logic.shift_registers import shift_register
from runs import FieldRamp, Protocol, Rest
from runs.protocols.magnet_logic.clocks import phase_clock, phase_pulses, zone_clock, zone_pulses
from solitons.magnet_logic import array_macrospins, follow_protocol
from solitons.magnet_logic.clocked import protocol_ramps

PERMALLOY = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
FIELD = 1.2e5  # A/m: one and a half times the anisotropy field
BITS = (1, -1)


def bit(*inputs):
    return 1 if sum(inputs) > 0 else -1


def added(*inputs):
    ones = inputs.count(1)
    return {"carry": 1 if ones > 1 else -1, "sum": 1 if ones % 2 else -1}


# name: how it is built of its inputs, how many they are, what its outputs must be
LOGIC = {
    "inverter": (lambda a: inverter(a), 1, lambda a: {"out": -a}),
    "wire_7": (lambda a: wire(7, a), 1, lambda a: {"out": a}),
    "wire_zones": (lambda a: wire(12, a, zone_length=3), 1, lambda a: {"out": -a}),
    "wire_y": (lambda a: wire(6, a, along="y"), 1, lambda a: {"out": a}),
    "corner_22": (lambda a: corner(2, 2, a), 1, lambda a: {"out": -a}),
    "corner_33": (lambda a: corner(3, 3, a), 1, lambda a: {"out": a}),
    "corner_35": (lambda a: corner(3, 5, a), 1, lambda a: {"out": a}),
    "corner_44": (lambda a: corner(4, 4, a), 1, lambda a: {"out": -a}),
    "fan_out": (lambda a: fan_out(a), 1, lambda a: {"out_1": -a, "out_2": -a}),
    "majority": (lambda *i: majority_gate(i), 3, lambda a, b, c: {"out": -bit(a, -b, c)}),
    "and": (lambda *i: and_gate(i), 2, lambda a, b: {"out": min(a, b)}),
    "or": (lambda *i: or_gate(i), 2, lambda a, b: {"out": max(a, b)}),
    "nand": (lambda *i: nand_gate(i), 2, lambda a, b: {"out": -min(a, b)}),
    "nor": (lambda *i: nor_gate(i), 2, lambda a, b: {"out": -max(a, b)}),
    "slanted_and": (lambda *i: slanted_gate(i, "and"), 2, lambda a, b: {"out": min(a, b)}),
    "slanted_or": (lambda *i: slanted_gate(i, "or"), 2, lambda a, b: {"out": max(a, b)}),
    "half_adder": (lambda *i: half_adder(i), 2, added),
    "full_adder": (lambda *i: full_adder(i), 3, added),
}


@cache
def spins(name):
    """Stray fields do not depend on the inputs."""
    build, count, _ = LOGIC[name]
    return array_macrospins(build(*[1] * count), PERMALLOY)


@pytest.mark.parametrize("name", LOGIC)
def test_logic_is_right_in_every_row_under_its_zones_clock(name):
    build, count, expected = LOGIC[name]
    for inputs in itertools.product(BITS, repeat=count):
        array = build(*inputs)
        run = follow_protocol(
            array, PERMALLOY, zone_clock(array, FIELD, steps_down=6), macrospins=spins(name), step_duration=1e-9
        )
        wanted = expected(*inputs)
        found = run.value.isel(member=0, step=-1).sel(magnet=list(wanted))
        assert dict(zip(wanted, found.values.tolist(), strict=True)) == wanted, inputs
        # Under the clock none has a value: what they had before is forgotten.
        assert not run.value.isel(member=0, step=2).sel(magnet=list(wanted)).any(), inputs


@pytest.mark.parametrize("name", ["corner_33", "full_adder"])
def test_one_zone_is_not_enough(name):
    build, count, expected = LOGIC[name]
    wrong = 0
    for inputs in itertools.product(BITS, repeat=count):
        array = build(*inputs)
        flat = array.model_copy(
            update={"magnets": tuple(each.model_copy(update={"zone": 0}) for each in array.magnets)}
        )
        run = follow_protocol(flat, PERMALLOY, zone_clock(flat, FIELD), macrospins=spins(name))
        wanted = expected(*inputs)
        wrong += run.value.isel(member=0, step=-1).sel(magnet=list(wanted)).values.tolist() != list(wanted.values())
    assert wrong == {"corner_33": 1, "full_adder": 2}[name]


@pytest.mark.parametrize("name", ["wire_zones", "and", "full_adder"])
def test_lines_under_the_columns_do_the_same_in_time(name):
    build, count, expected = LOGIC[name]
    for inputs in itertools.product(BITS, repeat=count):
        array = with_clock_lines(build(*inputs))
        run = follow_protocol(
            array, PERMALLOY, zone_pulses(array, FIELD, ramp=4e-9, hold=1e-9, settle=1e-9), macrospins=spins(name)
        )
        wanted = expected(*inputs)
        assert run.value.isel(member=0, t=-1).sel(magnet=list(wanted)).values.tolist() == list(wanted.values()), inputs


@pytest.mark.parametrize("in_time", [False, True])
@pytest.mark.parametrize(("bits", "new"), [((1, -1, -1), -1), ((-1, 1, -1), 1)])
def test_a_shift_register_moves_its_bits_on(bits, new, in_time):
    array = with_clock_lines(shift_register(bits, new))
    clock = phase_pulses(array, FIELD, ramp=2e-9, cycles=2) if in_time else phase_clock(array, FIELD, cycles=2)
    run = follow_protocol(array, PERMALLOY, clock).isel(member=0, **{"t" if in_time else "step": -1})
    assert run.value.sel(magnet=["bit_1", "bit_2", "bit_3"]).values.tolist() == [new, new, bits[0]]


def test_a_protocol_becomes_the_means_of_its_fields_over_each_magnet():
    array = with_clock_lines(wire(5, -1, zone_length=2))
    durations, fields, spins = protocol_ramps(array, zone_pulses(array, FIELD, ramp=2e-9, hold=1e-9))
    np.testing.assert_allclose(durations, [2e-9, 1e-9, 2e-9, 2e-9], rtol=1e-9)
    assert not spins.any()
    names = [each.name for each in array.magnets]
    np.testing.assert_allclose(fields[:, names.index("m1"), 0], [0, FIELD, FIELD, 0, 0], atol=1e-6)
    np.testing.assert_allclose(fields[:, names.index("out"), 0], [0, FIELD, FIELD, FIELD, 0], atol=1e-6)
    np.testing.assert_allclose(fields[:, names.index("in")], np.tile([0, -2.4e5, 0], (5, 1)), atol=1e-6)


def test_what_macrospins_cannot_follow_is_refused():
    jump = Protocol(steps=[FieldRamp(to=(1e5, 0, 0), duration="1 ns"), Rest(duration="1 ns")])
    assert len(protocol_ramps(inverter(), jump).durations) == 2
    array = with_clock_lines(inverter())
    with pytest.raises(ValueError, match="jumps at 0 s"):
        protocol_ramps(array, zone_pulses(array, FIELD, ramp=0.0, hold=1e-9))


def test_a_block_at_the_end_leaves_one_front_which_comes_from_the_input():
    fall = Protocol(
        steps=[
            FieldRamp(to=(FIELD, 0, 0), duration="1 ns"),
            Rest(duration="2 ns"),
            FieldRamp(to=(0, 0, 0), duration="4 ns"),
            Rest(duration="1 ns"),
        ]
    )
    times = {}
    for end_block in (False, True):
        array = wire(10, end_block=end_block)
        run = follow_protocol(array, PERMALLOY, fall, longest_ramp=1e-11).isel(member=0)
        expected = {each.name: (-1) ** i for i, each in enumerate(array.magnets[:10])}
        times[end_block] = settling_times(run, expected)
    assert np.all(np.diff(times[True][1:]) > 0)
    assert times[False][9] < times[False][7]
    # Some tens of ps a magnet, from the third on: the input acts on the first alone.
    fit = front_speed(times[True][3:], np.arange(3, 10) * 76e-9)
    assert 4e-11 < float(fit.delay_per_magnet) < 1e-10


@pytest.mark.parametrize("slant", [2e-8, -2e-8])
def test_a_slanted_edge_turns_the_easy_axis_and_says_where_a_clock_leaves_the_magnet(slant):
    size = {"length": 92e-9, "width": 60e-9, "shape": "rectangle", "slant": slant}
    for state in BITS:
        magnet = Magnet(name="m", x=0, y=0, state=state, **size)
        array = MagnetArray(magnets=(magnet,), thickness=20e-9, cell=(4e-9, 4e-9, 20e-9))
        run = follow_protocol(array, PERMALLOY, zone_clock(array, FIELD))
        assert run.value.isel(member=0, step=-1, magnet=0) == np.sign(slant)
    _, axes = array_macrospins(array, PERMALLOY).principal_fields()
    assert np.degrees(np.arctan2(axes[0, 0], axes[1, 0])) == pytest.approx(np.sign(slant) * 12, abs=2)


def test_heat_is_that_of_the_protocol():
    array = inverter()
    still = Protocol(steps=[Rest(duration=2e-10)], sampling_interval=1e-10, temperature=300.0)
    hot = follow_protocol(array, PERMALLOY, still, members=20)
    asked = follow_protocol(
        array, PERMALLOY, still.model_copy(update={"temperature": 0.0}), temperature=300.0, members=20
    )
    assert float(hot.projection.isel(t=-1).std()) > 1e-5
    np.testing.assert_array_equal(hot.projection, asked.projection)
    with pytest.raises(ValueError, match="temperature = 10 K, but the protocol has 300 K"):
        follow_protocol(array, PERMALLOY, still, temperature=10.0)
    with pytest.raises(ValueError, match="but the protocol has 300 K"):
        follow_protocol(array, PERMALLOY, still, macrospins=array_macrospins(array, PERMALLOY))
