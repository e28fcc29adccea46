"""Arrays whose bits are along the film's normal: couplings by symmetry, wires and gates in the model, two engines."""

import itertools

import numpy as np
import pytest

from analysis import logic_values
from geometries import MagnetArray, Material
from geometries.magnet_logic import (
    PERPENDICULAR,
    and_gate,
    full_adder,
    half_adder,
    majority_gate,
    nand_gate,
    netlist_values,
    nor_gate,
    or_gate,
    wire,
)
from geometries.magnet_logic.builders import inverter
from runs import RunSpec, simulate
from runs.protocols.magnet_logic.clocks import zone_clock
from solitons.magnet_logic import array_ising, array_macrospins, follow_protocol, ground_states

from .test_clocked import added

FILM = Material(name="Co/Pt", Ms=6e5, A=1.2e-11, Ku=2e5, alpha=0.1)


def test_the_three_inputs_pull_exactly_alike_and_a_clock_in_the_plane_pulls_to_no_side():
    gate = majority_gate((1, 1, 1), PERPENDICULAR)
    response = array_macrospins(gate, FILM).response
    pull = response[3, :3, 2, 2]
    assert pull == pytest.approx([pull[0]] * 3, rel=1e-9)
    others = ~np.eye(len(response), dtype=bool)
    np.testing.assert_allclose(response[others][:, 2, :2], 0, atol=1e-9 * abs(pull[0]))


@pytest.mark.parametrize("states", list(itertools.product((1, -1), repeat=3)))
def test_a_gate_gives_the_majority_in_all_rows(states):
    gate = majority_gate(states, PERPENDICULAR)
    majority = 1 if sum(states) > 0 else -1
    run = follow_protocol(gate, FILM, zone_clock(gate, 5e5))
    final = run.value.isel(member=0, step=-1)
    assert final.values.tolist() == [*states, -majority, majority]
    assert not run.value.isel(member=0, step=2).sel(magnet=["centre", "out"]).any()
    # The clock's result is the state of least energy that the held inputs leave.
    assert ground_states(array_ising(gate, FILM)).states.tolist()[0] == final.values.tolist()


@pytest.mark.parametrize("state", [1, -1])
def test_a_wire_inverts_from_magnet_to_magnet(state):
    chain = wire(6, state, zone_length=1, grid=PERPENDICULAR)
    run = follow_protocol(chain, FILM, zone_clock(chain, 5e5))
    assert run.value.isel(member=0, step=-1).values.tolist() == [state, -state] * 3


LOGIC = {
    "and": (and_gate, 2, lambda a, b: {"out": min(a, b)}),
    "nand": (nand_gate, 2, lambda a, b: {"out": -min(a, b)}),
    "or": (or_gate, 2, lambda a, b: {"out": max(a, b)}),
    "nor": (nor_gate, 2, lambda a, b: {"out": -max(a, b)}),
    "half_adder": (half_adder, 2, added),
    "full_adder": (full_adder, 3, added),
}


@pytest.mark.parametrize("name", LOGIC)
def test_gates_and_adders_are_right_in_every_row(name):
    build, count, expected = LOGIC[name]
    spins = array_macrospins(build((1,) * count, PERPENDICULAR), FILM)
    for row in itertools.product((1, -1), repeat=count):
        array = build(row, PERPENDICULAR)
        clock = zone_clock(array, 5e5, steps_up=1, steps_down=4)
        run = follow_protocol(array, FILM, clock, macrospins=spins, step_duration=5e-10)
        values = dict(zip(run.magnet.values, run.value.isel(member=0, step=-1).values.tolist(), strict=True))
        assert {key: values[key] for key in expected(*row)} == expected(*row), row
        assert values == netlist_values(array), row
        # Under the clock none has a value: what they had before is forgotten.
        assert not run.value.isel(member=0, step=1).sel(magnet=list(expected(*row))).any(), row


def test_a_soft_site_lowers_the_mean_anisotropy_by_its_share_of_the_cells():
    two = inverter(grid=PERPENDICULAR)
    x, y = float(two.placed_outlines().x[1]), float(two.placed_outlines().y[1])
    site = {"name": "site", "x": (x - 16e-9, x), "y": (y - 16e-9, y + 16e-9), "Ku": 1e5}
    soft = MagnetArray.model_validate(two.model_dump() | {"parts": [site]})
    changes = array_macrospins(soft, FILM).response - array_macrospins(two, FILM).response
    # Half of the second disc has 0.1 MJ/m3 less.
    expected = np.zeros_like(changes)
    expected[1, 1, 2, 2] = 2 * 0.5 * 1e5 / (4e-7 * np.pi * FILM.Ms)
    np.testing.assert_allclose(changes, expected, atol=1e-3)


def check_in_micromagnetics(engine, states):
    gate = majority_gate(states, PERPENDICULAR)
    clock = zone_clock(gate, 5e5, steps_up=1, steps_down=4)
    found = logic_values(simulate(RunSpec(device=gate, material=FILM, protocol=clock, engine=engine)), gate)
    majority = 1 if sum(states) > 0 else -1
    assert not found.value.isel(step=1).sel(magnet=["centre", "out"]).any()
    assert found.value.isel(step=-1).values.tolist() == [*states, -majority, majority]


# The mirror image in y exchanges a and c, and all moments may be reversed: these stand for all eight.
@pytest.mark.slow
@pytest.mark.parametrize("states", [(1, 1, 1), (1, 1, -1), (1, -1, 1)])
def test_a_gate_gives_the_majority_with_the_native_engine(states):
    check_in_micromagnetics("native", states)


@pytest.mark.slow
@pytest.mark.oommf
def test_a_gate_gives_the_majority_with_oommf():
    check_in_micromagnetics("oommf", (-1, 1, 1))
