"""Neighbours that the applied field turns: the response of a lattice."""

import json
from dataclasses import replace

import equinox as eqx
import numpy as np
import pytest

from solitons import load_model, save_model
from solitons.fits.provenance import IceProvenance
from solitons.spin_ice import drive_batch, drive_field

from .conftest import square

RAMP = np.linspace(0, 2e5, 60)[:, None] * np.array([-0.8, -0.6])


def test_a_response_of_part_of_the_field_is_more_of_that_field(make_model):
    """H + c H at every island is the applied field 1 + c times as strong."""
    model, start = make_model(square(4)), np.ones(40, dtype=int)
    stronger = replace(model, response=np.tile(0.3 * np.eye(2), (40, 1, 1)))
    found, expected = drive_field(stronger, start, RAMP / 1.3), drive_field(model, start, RAMP)
    assert found.sizes["flip"] == 40
    np.testing.assert_array_equal(found["flip_island"], expected["flip_island"])
    np.testing.assert_array_equal(found["flip_step"], expected["flip_step"])
    batch = drive_batch(stronger, start, RAMP / 1.3, read_steps=[30])
    np.testing.assert_array_equal(batch["spin"][0, 0], drive_batch(model, start, RAMP, read_steps=[30])["spin"][0, 0])


def test_a_response_of_one_island_moves_that_island_alone(make_model):
    model, start = make_model(square(2)), np.ones(12, dtype=int)
    response = np.zeros((12, 2, 2))
    response[7] = np.eye(2)
    field = RAMP[25:26]
    found = replace(model, response=response).field_at_islands(field[0])
    np.testing.assert_allclose(found[7], 2 * field[0])
    np.testing.assert_allclose(np.delete(found, 7, axis=0), np.tile(field[0], (11, 1)))
    assert drive_field(replace(model, response=response), start, field)["flip_island"].values[0] == 7


def test_a_fitted_lattice_is_saved_with_its_origin(make_model, tmp_path):
    origin = IceProvenance(
        trained_on=("a", "b"),
        engine="native",
        engine_version="1",
        errors={"astroid": 0.01},
        field_angle=0.5,
        length=220e-9,
        width=80e-9,
        thickness=20e-9,
    )
    for barrier in (None, 1e-18):
        plain = make_model(square(2), barrier=barrier)
        model = replace(plain, response=np.full((12, 2, 2), 0.01), provenance=origin)
        again = load_model(save_model(model, tmp_path / "ice.json"))
        assert eqx.tree_equal(model, again, typematch=True)
        assert again.provenance == origin


def test_a_file_from_before_has_no_response(make_model, tmp_path):
    path = save_model(make_model(square(2)), tmp_path / "ice.json")
    content = json.loads(path.read_text())
    for name in ("response", "provenance"):
        del content["model"][name]
    path.write_text(json.dumps(content))
    assert load_model(path).response is None


def test_a_response_of_another_shape_is_refused(make_model):
    with pytest.raises(ValueError, match=r"response has the shape \(3, 2, 2\)"):
        replace(make_model(square(2)), response=np.zeros((3, 2, 2)))
