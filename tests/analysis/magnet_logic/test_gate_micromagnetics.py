"""Gates in micromagnetics at 0 K, after a clock that falls in field steps: the majority in every row, and adders."""

import itertools

import pytest

from analysis import logic_values
from geometries import Material
from geometries.magnet_logic import and_gate, full_adder, majority_gate
from geometries.magnet_logic.builders import corner, fan_out
from runs import FieldSteps, RampTo, RunSpec, simulate
from runs.protocols.magnet_logic.clocks import zone_clock

PERMALLOY = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
CLOCK = FieldSteps(steps=[RampTo(to="150 mT/mu0", field_steps=2), RampTo(to=0, field_steps=8)])


def check_row(states, engine):
    gate = majority_gate(states)
    run = simulate(RunSpec(device=gate, material=PERMALLOY, protocol=CLOCK, engine=engine))
    found = logic_values(run, gate)
    # Under the clock neither the centre nor the output has a value: what they had before is forgotten.
    assert found.value.sel(magnet=["centre", "out"]).isel(step=2).values.tolist() == [0, 0]
    a, b, c = states
    majority = 1 if a - b + c > 0 else -1
    assert found.value.isel(step=-1).values.tolist() == [a, b, c, majority, -majority]


# The plan's mirror image in x with all moments reversed takes (a, b, c) to (-c, -b, -a): these stand for all eight.
@pytest.mark.slow
@pytest.mark.parametrize("states", [(1, 1, 1), (1, 1, -1), (1, -1, 1), (-1, 1, 1)])
def test_the_gate_gives_the_majority_with_the_native_engine(states):
    check_row(states, "native")


@pytest.mark.slow
@pytest.mark.oommf
@pytest.mark.parametrize("states", list(itertools.product((1, -1), repeat=3)))
def test_the_gate_gives_the_majority_with_oommf(states):
    check_row(states, "oommf")


def check_zones(array, expected, engine):
    clock = zone_clock(array, 1.2e5, steps_up=2, steps_down=8)
    found = logic_values(simulate(RunSpec(device=array, material=PERMALLOY, protocol=clock, engine=engine)), array)
    assert not found.value.sel(magnet=list(expected)).isel(step=2).any()
    final = found.value.isel(step=-1).sel(magnet=list(expected))
    assert dict(zip(expected, final.values.tolist(), strict=True)) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (and_gate((1, 1)), {"out": 1}),
        (corner(3, 3, -1), {"out": -1}),
        (fan_out(1), {"out_1": -1, "out_2": -1}),
        (full_adder((-1, 1, 1)), {"sum": -1, "carry": 1}),
    ],
)
def test_gates_with_zones_work_with_the_native_engine(array, expected):
    check_zones(array, expected, "native")


# Of the rows that fail where all magnets are released at once.
@pytest.mark.slow
@pytest.mark.oommf
def test_the_adder_works_with_oommf():
    check_zones(full_adder((-1, 1, 1)), {"sum": -1, "carry": 1}, "oommf")
