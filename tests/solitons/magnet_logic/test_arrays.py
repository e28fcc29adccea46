"""Arrays as coupled macrospins: their couplings against other sums, and the gates that they make."""

import numpy as np
import pytest
from rows import rows

from analysis import truth_table
from geometries import Material, Pillar
from geometries.magnet_logic import PERPENDICULAR, REFERENCE, majority_gate, wire
from geometries.magnet_logic.builders import inverter
from runs.system.demagnetisation import cell_demagnetising_factors
from solitons.magnet_logic import array_macrospins, follow_ramps

PERMALLOY = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
CLOCK = 1.5  # of the anisotropy field: along the hard axes of all magnets


def clocked(array, fall, members=1, temperature=0.0):
    """The array after a clock along x that comes on in 2 ns, stays for 1 ns and falls in `fall` (s)."""
    magnets = array_macrospins(array, PERMALLOY, temperature)
    fields = np.repeat(array.held_fields()[None], 4, axis=0)
    fields[1:3, :, 0] += CLOCK * magnets.anisotropy_field(len(array.magnets) - 1)
    # A little towards the clock: exactly along the axis there is no torque at 0 K.
    start = [[each.state * each.axis[0] + 0.02, each.state * each.axis[1], 0] for each in array.magnets]
    run = follow_ramps(magnets, [start] * members, [2e-9, 1e-9, fall], fields, seed=1)
    return run.m.values[:, -1, :, 1]


def test_a_magnet_has_the_demagnetising_factors_of_its_cells():
    pillar = Pillar(
        length=92e-9, width=60e-9, thickness=20e-9, cell=(4e-9, 4e-9, 20e-9), fixed_layer="up",
        barrier={"resistance_area": "10 ohm um^2", "tmr": "100 %", "polarisation": 0.5},
    )  # fmt: skip
    along, across, out = cell_demagnetising_factors(pillar)
    own = array_macrospins(inverter(), PERMALLOY).response[0, 0] / PERMALLOY.Ms
    np.testing.assert_allclose(own, np.diag([across, along, out]), atol=2e-4)


PERPENDICULAR_FILM = Material(name="Co/Pt", Ms=6e5, A=1.2e-11, Ku=2e5, alpha=0.1)


@rows(
    ("grid", "film", "gap", "apart"),
    [(REFERENCE, PERMALLOY, 540e-9, 600e-9), (PERPENDICULAR, PERPENDICULAR_FILM, 208e-9, 240e-9)],
)
def test_far_magnets_couple_as_point_dipoles(grid, film, gap, apart):
    pair = wire(2, grid=grid.model_copy(update={"gap_beside": gap}))
    magnets = array_macrospins(pair.model_copy(update={"reach": None}), film)
    field = magnets.moment[0] / (4e-7 * np.pi) / (4 * np.pi * apart**3)
    np.testing.assert_allclose(magnets.response[0, 1], field * np.diag([-2, 1, 1]), rtol=0.03, atol=1e-3 * field)


def test_the_gates_three_inputs_pull_alike():
    gate = majority_gate((1, 1, 1))
    pull = array_macrospins(gate, PERMALLOY).response[3, :, 1, 1]
    assert pull[0] == pytest.approx(pull[2], rel=1e-6)
    assert pull[1] == pytest.approx(-pull[0], rel=0.01)


def test_without_a_clock_a_gate_does_not_compute():
    # The barrier between the states is ten times what a neighbour does: this is why there is a clock.
    gate = majority_gate((-1, 1, -1))
    magnets = array_macrospins(gate, PERMALLOY)
    start = [[0.02, each.state, 0] for each in gate.magnets]
    run = follow_ramps(magnets, [start], [5e-9], np.repeat(gate.held_fields()[None], 2, axis=0), seed=1)
    assert run.m.values[0, -1, 3, 1] > 0.9


@pytest.mark.slow
def test_at_room_temperature_a_faster_clock_fails_more_often_in_the_worst_row():
    # All three inputs pull the centre the same way; a and c, diagonal to the output, pull it against the centre.
    states, rates = (1, -1, 1), []
    for fall in (3e-10, 3e-9):
        final = clocked(majority_gate(states), fall, members=200, temperature=300.0)
        table = truth_table([final[:, 4]], [-1])
        rates.append((float(table.error_low[0]), float(table.error_high[0])))
    (fast_low, _), (_, slow_high) = rates
    assert slow_high < fast_low


def test_parts_of_another_magnetisation_are_refused():
    parts = [{"name": "half", "x": (0.0, 50e-9), "Ms": 4e5}]
    gate = type(inverter()).model_validate(inverter().model_dump() | {"parts": parts})
    with pytest.raises(ValueError, match="another Ms"):
        array_macrospins(gate, PERMALLOY)
