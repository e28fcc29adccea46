"""The flips of a model as the record that `analysis` reads."""

import numpy as np

from solitons.spin_ice import drive_field, flip_record, spins_at

from .test_devices import islands
from .test_field_driven import loop


def test_the_record_takes_the_start_to_every_state(make_model):
    lattice = islands({"kind": "square"})
    model = make_model(lattice, cut_off=np.inf)
    start, field = np.ones(model.islands), loop(4e5, 35, 60)
    run = drive_field(model, start, field)
    record = flip_record(run)
    assert record.sizes["flip"] >= 2 * model.islands
    states, state, done = spins_at(run, range(60)).values, start.copy(), 0
    for step in range(60):
        while done < record.sizes["flip"] and record["frame"][done] == step:
            island, direction = int(record["island"][done]), int(record["direction"][done])
            assert state[island] == -direction
            state[island] = direction
            done += 1
        np.testing.assert_array_equal(state, states[step])
