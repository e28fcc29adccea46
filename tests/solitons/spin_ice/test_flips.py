"""The flips of a model as the record that `analysis` reads."""

import numpy as np
import pytest

from analysis import avalanches
from solitons.spin_ice import drive_field, flip_record, spins_at

from .test_devices import islands
from .test_field_driven import loop


@pytest.mark.slow
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


def test_avalanches_of_a_loop(make_model):
    lattice = islands({"kind": "square"})
    model = make_model(lattice, cut_off=np.inf)
    record = flip_record(drive_field(model, np.ones(model.islands), loop(4e5, 35, 2000)))
    found = avalanches(record, lattice, sequential=True)
    assert found["size"].sum() == record.sizes["flip"]
    # Within a field step an island turns when its neighbours have; with no disorder at all they would go at once.
    assert found["size"].max() >= 3
    assert (found["duration"] == 0).all()
    assert (found["generations"] <= found["size"]).all()
    wider = avalanches(record, lattice, window=1, sequential=True)
    assert wider.sizes["avalanche"] < found.sizes["avalanche"]
