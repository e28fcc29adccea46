import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import charge_correlation, spin_correlations, vertices

from .ice_states import PITCH, along, islands_of, square_ground_state, state_of

SQUARE, KAGOME = islands_of(8), islands_of(6, kind="kagome")


def test_shells_of_square_ice_in_its_ground_state():
    found = spin_correlations(square_ground_state(SQUARE), SQUARE, 1.01 * PITCH)
    np.testing.assert_allclose(found["distance"], PITCH * np.array([np.sqrt(0.5), 1, 1]))
    np.testing.assert_allclose(found["axis_cosine"], [0, 1, 1], atol=1e-9)
    # Neighbours at a vertex and islands side by side have their lower energy, islands in a row the higher.
    np.testing.assert_allclose(found["dipolar"], [1, 1, -1])
    np.testing.assert_allclose(found["moment_product"], [0, -1, -1], atol=1e-9)
    np.testing.assert_allclose(found["alignment"], [np.nan, -1, -1])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_nearest_neighbours_of_kagome_ice_follow_from_the_charges(seed):
    spin = state_of(np.random.default_rng(seed).choice([-1, 1], KAGOME.sizes["island"]))
    found = spin_correlations(spin, KAGOME, 2.1 * PITCH).isel(shell=0)
    # Inward spins of a vertex: q^2 = z + 2 (sum over its pairs), and moments at 120 degrees are alike if those are not.
    charge = vertices(spin, KAGOME)["charge"].values.astype(float)
    ends = KAGOME["coordination"].values
    pairs = np.sum(ends * (ends - 1) / 2)
    assert found["pairs"] == pairs
    expected = -np.sum((charge**2 - ends) / 2) / pairs
    assert found["alignment"] == pytest.approx(expected, abs=1e-12)
    assert found["dipolar"] == pytest.approx(expected, abs=1e-12)
    assert found["moment_product"] == pytest.approx(expected / 2, abs=1e-12)


def test_shells_of_kagome_ice_are_those_of_the_literature():
    # Around an island: 4 nearest, 4 second ones, and at twice the distance 2 side by side and 4 askew.
    large = islands_of(24, kind="kagome")
    found = spin_correlations(along(large, (1, 0.3)), large, 1.05 * 2 * PITCH)
    np.testing.assert_allclose(found["distance"] / found["distance"][0], [1, np.sqrt(3), 2, 2], rtol=1e-6)
    per_island = 2 * found["pairs"].values / large.sizes["island"]
    np.testing.assert_allclose(per_island, [4, 4, 2, 4], rtol=0.12)
    np.testing.assert_allclose(found["axis_cosine"], [0.5, 0.5, 1, 1])


def test_random_spins_are_not_correlated():
    rng = np.random.default_rng(7)
    spin = state_of(rng.choice([-1, 1], (300, SQUARE.sizes["island"])), ("sample", "island"))
    found = spin_correlations(spin, SQUARE, 2.3 * PITCH)
    assert found["dipolar"].dims == ("sample", "shell")
    counted = found["pairs"].values * 300
    coupled = ~np.isnan(found["dipolar"].values).all(axis=0)
    assert coupled.sum() >= 5
    assert np.abs(found["dipolar"].mean("sample").values * np.sqrt(counted))[coupled].max() < 4
    for z, islands in ((4, SQUARE), (3, KAGOME)):
        spin = state_of(rng.choice([-1, 1], (2000, islands.sizes["island"])), ("sample", "island"))
        charges = charge_correlation(spin, islands)
        assert charges.attrs["coordination"] == z
        assert charges["charge_product"].mean() == pytest.approx(-1, abs=0.03)
        assert (charges["charge_correlation"]).mean() == pytest.approx(-1 / z, abs=0.02)


def test_alternating_charges_are_wholly_anticorrelated():
    # Every kagome vertex of one kind has all heads in, of the other all out: charges of +-3.
    tail, head = KAGOME["island_vertex"].values.T
    up = np.zeros(KAGOME.sizes["vertex"], dtype=bool)
    colour = {int(KAGOME["island_vertex"].values.max()): True}
    for _ in range(len(up)):
        for one, other in zip(tail.tolist(), head.tolist(), strict=True):
            if one >= 0 and other >= 0:
                if one in colour:
                    colour[other] = not colour[one]
                elif other in colour:
                    colour[one] = not colour[other]
        if len(colour) == len(up):
            break
    for vertex, value in colour.items():
        up[vertex] = value
    spin = np.where((head >= 0) & up[head], 1, -1)
    spin = np.where(head < 0, np.where(up[tail], -1, 1), spin)
    found = charge_correlation(state_of(spin), KAGOME)
    assert found["charge_correlation"] == -1
    assert found["charge_product"] == -9
    assert np.isnan(charge_correlation(square_ground_state(SQUARE), SQUARE)["charge_correlation"])


def test_shells_survive_disorder_with_a_tolerance():
    ideal = islands_of(6)
    rough = islands_of(6, disorder={"seed": 2, "position": "1 nm"})
    state = square_ground_state(ideal)
    found = spin_correlations(state, rough, 1.1 * PITCH, tolerance=8e-9)
    assert found.sizes["shell"] == 3
    np.testing.assert_allclose(found["dipolar"], spin_correlations(state, ideal, 1.1 * PITCH)["dipolar"])


def test_blocks_of_states_change_nothing(monkeypatch):
    spin = state_of(np.random.default_rng(3).choice([-1, 1], (5, SQUARE.sizes["island"])), ("step", "island"))
    whole = spin_correlations(spin, SQUARE, PITCH)
    monkeypatch.setattr("analysis.spin_ice.correlations._NUMBERS", 1)
    assert whole.identical(spin_correlations(spin, SQUARE, PITCH))


@pytest.mark.parametrize(
    ("distance", "options", "said"),
    [(1e-9, {}, "no two islands are within max_distance"), (PITCH, {"tolerance": -1.0}, "tolerance is -1.0 m")],
)
def test_bad_input_is_said(distance, options, said):
    with pytest.raises(ValueError, match=said):
        spin_correlations(along(SQUARE, (1, 1)), SQUARE, distance, **options)


def test_a_lattice_of_edges_has_no_inner_charges():
    small = islands_of(2)
    state = state_of(np.ones(small.sizes["island"]))
    with pytest.raises(ValueError, match="no island joins two vertices at which 4 ends meet"):
        charge_correlation(state, small)
