"""The reference gate in micromagnetics at 0 K: the majority in every row, after a clock that falls in field steps."""

import itertools

import pytest

from analysis import logic_values
from geometries import Material
from geometries.magnet_array import majority_gate
from runs import FieldSteps, RampTo, RunSpec, simulate

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
