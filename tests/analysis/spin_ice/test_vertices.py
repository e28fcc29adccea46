"""Charges and types of vertices: sums by hand, all arrangements, random states, every lattice."""

import itertools

import dask
import numpy as np
import pytest
import scipy.stats
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import vertex_fractions, vertices

from .ices import KAGOME, LATTICES, SQUARE, lattice, state


@settings(max_examples=40)
@given(
    st.sampled_from(LATTICES),
    st.sampled_from([None, {"fraction": 0.3, "seed": 1}]),
    st.integers(0, 2**31),
)
def test_the_charge_of_all_vertices_is_minus_that_of_the_loose_ends(ice, soft, described, missing, seed):
    islands = lattice(ice, soft, described, missing=None if described["kind"] == "table" else missing)
    spins = np.random.default_rng(seed).choice([-1, 1], size=islands.sizes["island"])
    found = vertices(state(spins), islands)
    charge, loose = np.zeros(islands.sizes["vertex"], dtype=int), 0
    for spin, (tail, head) in zip(spins.tolist(), islands.island_vertex.values.tolist(), strict=True):
        for vertex, sign in ((tail, -1), (head, 1)):
            if vertex < 0:
                loose += sign * spin
            else:
                charge[vertex] += sign * spin
    np.testing.assert_array_equal(found.charge, charge)
    assert int(found.charge.sum()) == -loose
    # The ice rule's charge is 0 or +-1, and monopoles come in pairs of charges.
    rest = found.charge - found.monopole_charge
    np.testing.assert_array_equal(np.abs(rest), islands.coordination.values % 2)
    assert (found.monopole_charge % 2 == 0).all()
    assert (found.monopole_charge * found.charge >= 0).all()
    np.testing.assert_array_equal(found.type == 0, islands.coordination != 4)


def test_the_16_arrangements_of_a_vertex_are_of_wangs_types(ice, soft):
    islands = lattice(ice, soft, SQUARE)
    middle = int(np.argmax(islands.coordination.values))
    at = islands.island_vertex.values == middle
    arms = np.flatnonzero(at.any(axis=1))
    away = islands.position.values[arms] - islands.vertex_position.values[middle]
    sides = dict(
        zip(["east", "north", "west", "south"], np.argsort(np.arctan2(away[:, 1], away[:, 0]) % 6.28), strict=True)
    )
    count = {1: 0, 2: 0, 3: 0, 4: 0}
    for inward in itertools.product([-1, 1], repeat=4):
        spins = np.ones(12, dtype=int)
        spins[arms] = np.where(at[arms, 1], 1, -1) * inward
        found = vertices(state(spins), islands)
        kind = int(found.type[middle])
        count[kind] += 1
        assert int(found.charge[middle]) == sum(inward)
        assert (kind in (1, 2)) == (sum(inward) == 0)
        if kind < 3:
            assert (kind == 1) == (inward[sides["east"]] == inward[sides["west"]])
    assert count == {1: 2, 2: 4, 3: 8, 4: 2}


@pytest.mark.parametrize("described", [SQUARE, {"kind": "pinwheel", "lattice_constant": "260 nm"}])
def test_random_arrows_have_the_fractions_of_the_16_arrangements(ice, soft, described):
    islands = lattice(ice, soft, described | {"columns": 60, "rows": 60}, cell=("10 nm", "10 nm", "10 nm"))
    spins = np.random.default_rng(5).choice(np.array([-1, 1], dtype=np.int8), size=(20, islands.sizes["island"]))
    found = vertices(state(spins), islands)
    # A vertex and its neighbours share islands: those of one colour of the chessboard are independent.
    place = np.rint(islands.vertex_position.values / islands.lattice_constant).astype(int)
    black = (place.sum(axis=1) % 2 == 0) & (islands.coordination.values == 4)
    types = found.type.values[:, black].ravel()
    observed = np.bincount(types, minlength=5)[1:]
    expected = np.array([2, 4, 8, 2]) / 16 * types.size
    assert scipy.stats.chisquare(observed, expected).pvalue > 0.01
    fractions = vertex_fractions(found)
    assert fractions.type_fraction.dims == ("step", "type")
    np.testing.assert_allclose(fractions.type_fraction.mean("step"), [0.125, 0.25, 0.5, 0.125], atol=0.005)
    np.testing.assert_allclose(fractions.type_fraction.sum("type"), 1)
    of_four = fractions.charge_fraction.sel(coordination=4, charge=[-4, -2, 0, 2, 4]).mean("step")
    np.testing.assert_allclose(of_four, np.array([1, 4, 6, 4, 1]) / 16, atol=0.005)


def test_kagome_obeys_the_ice_rule_or_not(ice, soft):
    islands = lattice(ice, soft, KAGOME | {"columns": 30, "rows": 30}, cell=("10 nm", "10 nm", "10 nm"))
    random = np.random.default_rng(6).choice([-1, 1], size=islands.sizes["island"])
    # Saturated along x, where every vertex is one in, two out or the other way round.
    saturated = np.where(np.cos(islands.angle.values - 0.1) > 0, 1, -1)
    found = vertices(state([saturated, random]), islands)
    fractions = vertex_fractions(found).charge_fraction.sel(coordination=3)
    np.testing.assert_allclose(fractions.sel(charge=[-3, -1, 1, 3])[0], [0, 0.5, 0.5, 0], atol=0.01)
    np.testing.assert_allclose(fractions.sel(charge=[-3, -1, 1, 3])[1], np.array([1, 3, 3, 1]) / 8, atol=0.03)
    assert fractions.sel(charge=[-2, 0, 2]).sum() == 0
    three = (islands.coordination == 3).values
    np.testing.assert_array_equal(
        found.monopole_charge.values[:, three], np.trunc(found.charge.values[:, three] / 3).astype(int) * 2
    )


def test_a_lazy_state_stays_lazy(ice, soft):
    islands = lattice(ice, soft, SQUARE)
    spins = state(np.random.default_rng(3).choice([-1, 1], size=(6, 12)))
    with dask.config.set(scheduler=lambda *_, **__: pytest.fail("it was computed")):
        lazy = vertices(spins.chunk(step=2), islands)
        fractions = vertex_fractions(lazy)
    xr.testing.assert_identical(lazy.compute(), vertices(spins, islands))
    xr.testing.assert_allclose(fractions.compute(), vertex_fractions(vertices(spins, islands)))


def test_bad_input_is_named(ice, soft):
    islands = lattice(ice, soft, SQUARE)
    with pytest.raises(ValueError, match="spin has 11 islands, the lattice 12"):
        vertices(state(np.ones(11)), islands)
    with pytest.raises(ValueError, match="not 'axis'; add it with the dimensions"):
        vertices(state(np.ones(12)), islands.drop_vars("axis"))
    with pytest.raises(TypeError, match=r"spin is a ndarray; give an xarray.DataArray"):
        vertices(np.ones(12), islands)
    with pytest.raises(ValueError, match=r"vertices has .* but not 'type'"):
        vertex_fractions(vertices(state(np.ones(12)), islands).drop_vars("type"))
