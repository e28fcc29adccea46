import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows

from solitons.spin_ice import drive_batch, drive_field, spins_at

from .conftest import kagome, square


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_batch_is_as_many_runs(make_model, seed):
    model = make_model(square(3), seed=seed)
    generator = np.random.default_rng(seed)
    spins = generator.choice([-1, 1], (4, model.islands))
    field = generator.normal(0, 6e4, (4, 7, 2))
    held = generator.choice(model.islands, 3, replace=False)
    batch = drive_batch(model, spins, field, held=held, read_steps=[1, 4, 6])
    for sequence in range(4):
        run = drive_field(model, spins[sequence], field[sequence], held=held)
        np.testing.assert_array_equal(batch.spin[sequence], spins_at(run, [1, 4, 6]))
        np.testing.assert_array_equal(batch.flips[sequence], np.bincount(run.flip_step, minlength=7))


def test_one_start_or_one_protocol_serves_all(make_model):
    model = make_model(kagome(3, 3))
    up, fields = np.ones(model.islands), np.random.default_rng(1).normal(0, 6e4, (3, 5, 2))
    one_start = drive_batch(model, up, fields)
    assert one_start.spin.dims == ("sequence", "step", "island")
    assert one_start.step.values.tolist() == [4]
    starts = np.stack([up, -up])
    one_protocol = drive_batch(model, starts, fields[0])
    np.testing.assert_array_equal(one_protocol.spin[0], one_start.spin[0])
    xr.testing.assert_identical(drive_batch(model, up, fields[0]), one_protocol.isel(sequence=[0]))


@rows(
    ("spins", "field", "steps", "message"),
    [
        (np.zeros(24), np.zeros((2, 2)), None, r"\+1 or -1"),
        (np.ones((2, 24)), np.zeros((3, 2, 2)), None, "2 sequences and field of 3"),
        (np.ones(24), np.zeros((2, 3)), None, r"shape \(2, 3\)"),
        (np.ones(24), np.full((2, 2), np.nan), None, "finite"),
        (np.ones(24), np.zeros((2, 2)), [2], "between 0 and 1"),
    ],
)
def test_what_cannot_be_driven_is_refused(make_model, spins, field, steps, message):
    with pytest.raises(ValueError, match=message):
        drive_batch(make_model(square(3)), spins, field, read_steps=steps)
