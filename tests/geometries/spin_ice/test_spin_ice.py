"""Spin ice as a device: its mask is the recorded one, its arrays fit its mesh, JSON in and out."""

import pathlib

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st

from geometries import SpinIce

RECORDED = pathlib.Path(__file__).parents[2] / "runs" / "native" / "data" / "oommf_square_ice.npz"
KAGOME = {"kind": "kagome", "columns": 2, "rows": 2, "lattice_constant": "340 nm"}


def test_the_mask_is_that_of_the_ice_recorded_with_oommf(ice):
    with np.load(RECORDED) as data:
        recorded = np.linalg.norm(data["start"], axis=-1) > 0
    np.testing.assert_array_equal(ice().mask()[:, :, 0], recorded)


def test_each_label_is_one_island_where_the_dataset_has_it(ice, soft):
    made = ice(lattice=KAGOME, margin=None)
    labels, islands = made.labels().values[:, :, 0], made.islands(soft)
    pieces, count = scipy.ndimage.label(labels > 0)
    assert count == islands.sizes["island"] == labels.max() == 19
    # One piece for each label, one label for each piece.
    assert len(np.unique(np.stack([pieces, labels])[:, labels > 0], axis=1).T) == count
    centres = (np.array(scipy.ndimage.center_of_mass(labels > 0, labels, np.arange(count) + 1)) + 0.5) * 5e-9
    np.testing.assert_allclose(centres, islands.position, atol=5e-9 / 4)
    cells = np.bincount(labels.ravel())[1:]
    np.testing.assert_allclose(cells * 5e-9**2 * 10e-9, islands.volume, rtol=0.05)


def test_the_rows_of_a_kagome_ice_say_the_distance_of_vertices(ice):
    assert dict(ice(lattice=KAGOME, margin=None).rows())["lattice"] == "2 x 2, 340 nm, vertices 196.3 nm apart"


def test_islands_start_along_their_axes(ice, soft):
    made = ice(initial_spins={"kind": "random", "seed": 4}, disorder={"angle": "3 deg", "seed": 1})
    m, labels, islands = made.initial_magnetisation(soft), made.labels().values, made.islands(soft)
    np.testing.assert_array_equal(np.isnan(m).any(axis=-1), labels == 0)
    spins = made.initial_spins.spins(islands.angle.values)
    assert set(spins) == {-1, 1}
    for island in range(24):
        mean = m[labels == island + 1].mean(axis=0)
        np.testing.assert_allclose(mean[:2], spins[island] * islands.axis[island], atol=1e-12)
        assert mean[2] == 0


def test_saturation_follows_each_islands_magnetisation(ice, soft):
    made = ice(disorder={"saturation_magnetisation": 0.05, "seed": 2})
    field, labels, islands = made.saturation_magnetisation(soft), made.labels().values, made.islands(soft)
    assert (field[labels == 0] == 0).all()
    for island in range(24):
        assert set(field[labels == island + 1]) == {float(islands.saturation_magnetisation[island])}
    assert islands.saturation_magnetisation.std() == pytest.approx(0.05 * 8e5, rel=0.4)
    assert set(ice().saturation_magnetisation(soft).ravel()) == {0.0, 8e5}


def test_held_ports_are_biased_along_their_state_and_nothing_else_is(ice, soft):
    ports = [
        {"name": "in", "role": "held", "sites": [3, 7], "field": "100 kA/m"},
        {"name": "out", "role": "readout", "sites": [5]},
    ]
    made = ice(ports=ports, initial_spins={"kind": "saturated", "angle": "225 deg"})
    bias, labels = made.bias_field(), made.labels().values
    held = np.isin(labels, [4, 8])
    np.testing.assert_allclose(bias[held], 1e5 * made.initial_magnetisation(soft)[held])
    assert not bias[~held].any()
    assert ice(ports=ports[1:]).bias_field() is None
    assert ice().bias_field() is None


def test_bridges_join_every_island_to_one_piece(ice, soft):
    apart, joined = ice(lattice=KAGOME, margin="60 nm"), ice(lattice=KAGOME, margin="60 nm", bridge={"width": "20 nm"})
    assert scipy.ndimage.label(apart.mask())[1] == 19
    assert scipy.ndimage.label(joined.mask())[1] == 1
    labels = joined.labels().values
    assert set(np.unique(labels)) == {-1, *range(20)}
    assert set(joined.saturation_magnetisation(soft)[labels == -1]) == {8e5}
    norm = np.linalg.norm(joined.initial_magnetisation(soft), axis=-1)
    np.testing.assert_allclose(norm[labels != 0], 1)
    assert np.isnan(norm[labels == 0]).all()


def test_the_box_stays_where_it_is_when_islands_go_or_move(ice, soft):
    ideal = ice()
    changed = ice(missing={"sites": [0, 1, 23]}, disorder={"position": "4 nm", "width": 0.05, "seed": 3})
    assert changed.shape == ideal.shape
    whole, islands = ideal.islands(soft), changed.islands(soft)
    moved = islands.position - whole.position.values[islands.site]
    assert 0 < np.abs(moved).max() < 20e-9
    np.testing.assert_array_equal(islands.vertex_position, whole.vertex_position)


LATTICES = st.sampled_from(
    [
        {"kind": "square", "columns": 2, "rows": 3, "lattice_constant": "180 nm", "edges": "open"},
        {"kind": "pinwheel", "columns": 2, "rows": 2, "lattice_constant": "260 nm", "rotation": "30 deg"},
        KAGOME,
        {"kind": "brickwork", "columns": 2, "rows": 2, "lattice_constant": "180 nm"},
        {"kind": "trident", "columns": 2, "rows": 2, "lattice_constant": "360 nm", "separation": "80 nm"},
        {"kind": "table", "islands": [{"x": 0, "y": 0, "angle": 1, "length": 1.2e-7, "width": 4e-8}]},
    ]
)


@settings(max_examples=20)
@given(
    LATTICES,
    st.sampled_from(["stadium", "ellipse", "rectangle"]),
    st.sampled_from([None, {"position": "2 nm", "width": 0.02, "seed": 5}]),
    st.sampled_from([{"kind": "random", "seed": 3}, {"kind": "saturated", "angle": "40 deg"}]),
)
def test_json_in_json_out(ice, lattice, shape, disorder, spins):
    island = {"length": "120 nm", "width": "40 nm", "shape": shape}
    if lattice["kind"] == "table":
        lattice, island = lattice | {"shape": shape}, None
    made = ice(lattice=lattice, island=island, disorder=disorder, initial_spins=spins)
    again = SpinIce.model_validate_json(made.model_dump_json())
    assert again == made
    np.testing.assert_array_equal(again.labels(), made.labels())
