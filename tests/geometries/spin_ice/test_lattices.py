"""Lattices of spin ice: numbers of islands, who meets whom, and the divergence theorem."""

import json
import pathlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from rows import rows
from scipy.spatial import cKDTree

from geometries.spin_ice.lattices import (
    BrickworkLattice,
    KagomeLattice,
    PinwheelLattice,
    SquareLattice,
    TridentLattice,
)

NM = 1e-9
MICROMETRE = 1e-6
SIZE = {"columns": st.integers(1, 6), "rows": st.integers(1, 6), "lattice_constant": st.just(200 * NM)}
BONDED = st.one_of(
    st.builds(SquareLattice, **SIZE, edges=st.sampled_from(["closed", "open"])),
    st.builds(KagomeLattice, **SIZE),
    st.builds(BrickworkLattice, **SIZE),
)
TURNED = st.one_of(
    st.builds(PinwheelLattice, **SIZE, edges=st.sampled_from(["diamond", "lucky-knot"])),
    st.builds(TridentLattice, **SIZE, separation=st.just(50 * NM)),
)


def coordination(sites):
    found = sites.island_vertex[sites.island_vertex >= 0]
    return np.bincount(found, minlength=len(sites.vertex_position))


def ends(sites):
    """Where islands that reached their vertices would end, shape (n, 2, 2): island, tail or head, x or y."""
    half = np.stack([np.cos(sites.angle), np.sin(sites.angle)], axis=1) * sites.distance[:, None] / 2
    return np.stack([sites.position - half, sites.position + half], axis=1)


@given(BONDED)
def test_ends_meet_where_they_are(lattice):
    sites = lattice.sites()
    places = ends(sites).reshape(-1, 2)
    together = cKDTree(places).query_ball_point(places, 1e-3 * NM, return_length=True)
    vertex = sites.island_vertex.ravel()
    np.testing.assert_array_equal(vertex >= 0, together > 1)
    np.testing.assert_allclose(sites.vertex_position[vertex[vertex >= 0]], places[vertex >= 0], atol=1e-3 * NM)
    np.testing.assert_array_equal(coordination(sites)[vertex[vertex >= 0]], together[together > 1])
    # Every vertex is there once.
    assert len(cKDTree(sites.vertex_position).query_pairs(NM)) == 0


@given(TURNED)
def test_an_islands_vertices_are_at_its_own_ends(lattice):
    sites = lattice.sites()
    tied = sites.island_vertex >= 0
    assert (coordination(sites) >= 2).all()
    axis = np.stack([np.cos(sites.angle), np.sin(sites.angle)], axis=1)
    for end, sign in ((0, -1), (1, 1)):
        island = np.flatnonzero(tied[:, end])
        away = sites.vertex_position[sites.island_vertex[island, end]] - sites.position[island]
        assert (sign * np.sum(away * axis[island], axis=1) > 0).all()


@given(BONDED | TURNED, st.integers(0, 2**31))
def test_the_total_charge_is_minus_that_of_the_loose_ends(lattice, seed):
    sites = lattice.sites()
    spins = np.random.default_rng(seed).choice([-1, 1], len(sites.angle))
    charge = np.zeros(len(sites.vertex_position))
    loose = 0
    for spin, (tail, head) in zip(spins, sites.island_vertex, strict=True):
        for vertex, sign in ((tail, -1), (head, 1)):
            if vertex < 0:
                loose += sign * spin
            else:
                charge[vertex] += sign * spin
    assert charge.sum() == -loose
    assert (np.abs(charge) <= coordination(sites)).all()
    assert ((charge - coordination(sites)) % 2 == 0).all()


@given(BONDED, st.integers(0, 2**31), st.tuples(*[st.floats(-1, 1)] * 4))
def test_the_charge_in_any_rectangle_is_what_flows_through_its_border(lattice, seed, corners):
    """Divergence theorem: the charges come from the vertices' numbers, the flux from where the islands are."""
    sites = lattice.sites()
    spins = np.random.default_rng(seed).choice([-1, 1], len(sites.angle))
    # An odd offset keeps the border off the vertices.
    low, high = np.sort(np.array(corners).reshape(2, 2), axis=0) * 1000 * NM + 0.3183 * NM

    def inside(points):
        return np.all((points > low) & (points < high), axis=-1)

    charge = np.zeros(len(sites.vertex_position))
    for end, sign in ((0, -1), (1, 1)):
        tied = sites.island_vertex[:, end] >= 0
        np.add.at(charge, sites.island_vertex[tied, end], sign * spins[tied])
    flux = inside(ends(sites)) @ [-1, 1] * spins
    loose = sites.island_vertex < 0
    flux = flux - (inside(ends(sites)) & loose) @ [-1, 1] * spins
    assert charge[inside(sites.vertex_position)].sum() == flux.sum()


@rows(
    ("lattice", "bulk", "islands"),
    [
        (SquareLattice(columns=50, rows=50, lattice_constant=MICROMETRE), 4, 5100),
        (SquareLattice(columns=9, rows=8, lattice_constant=MICROMETRE, edges="open"), 4, 72),
        (PinwheelLattice(columns=9, rows=8, lattice_constant=MICROMETRE), 4, 2 * 72 + 17),
        (PinwheelLattice(columns=9, rows=8, lattice_constant=MICROMETRE, edges="lucky-knot"), 4, 72),
        (KagomeLattice(columns=9, rows=1, lattice_constant=MICROMETRE), 3, 9 * 5 + 1),
        # Hexagons in rows: each has 6 sides, less those shared within a row and between rows.
        (KagomeLattice(columns=9, rows=8, lattice_constant=MICROMETRE), 3, 6 * 72 - 8 * 8 - 7 * 17),
        (BrickworkLattice(columns=8, rows=8, lattice_constant=MICROMETRE), 3, 8 * 9 + 4 * 5 + 4 * 4),
        (TridentLattice(columns=9, rows=8, lattice_constant=MICROMETRE, separation=0.1 * MICROMETRE), 4, 3 * 72),
    ],
)
def test_bulk_vertices_have_the_lattices_coordination(lattice, bulk, islands):
    sites = lattice.sites()
    assert len(sites.position) == islands
    assert set(sites.kind) == set(lattice.kinds)
    reach = sites.position.max(axis=0), sites.position.min(axis=0)
    # A lattice constant away from the border every vertex is whole.
    middle = np.all(
        (sites.vertex_position < reach[0] - 0.99 * lattice.lattice_constant)
        & (sites.vertex_position > reach[1] + 0.99 * lattice.lattice_constant),
        axis=1,
    )
    assert middle.any() or lattice.rows == 1
    assert (coordination(sites)[middle] == bulk).all()
    assert coordination(sites).max() == bulk


def test_neighbours_are_as_far_apart_as_the_lattice_says():
    for lattice, distance in [
        (SquareLattice(columns=4, rows=4, lattice_constant=MICROMETRE), 1 / np.sqrt(2)),
        (SquareLattice(columns=4, rows=4, lattice_constant=MICROMETRE, edges="open"), 1 / np.sqrt(2)),
        (PinwheelLattice(columns=4, rows=4, lattice_constant=MICROMETRE), 1 / np.sqrt(2)),
        (KagomeLattice(columns=4, rows=4, lattice_constant=MICROMETRE), 1 / 2),
        (BrickworkLattice(columns=4, rows=4, lattice_constant=MICROMETRE), 1 / np.sqrt(2)),
        (TridentLattice(columns=4, rows=4, lattice_constant=MICROMETRE, separation=0.1 * MICROMETRE), 0.1),
    ]:
        nearest = cKDTree(lattice.sites().position).query(lattice.sites().position, k=2)[0][:, 1]
        np.testing.assert_allclose(nearest, distance * lattice.lattice_constant, rtol=1e-12)


def test_square_edges_are_cut_along_sides_or_diagonals():
    closed = SquareLattice(columns=3, rows=2, lattice_constant=MICROMETRE).sites()
    np.testing.assert_allclose(np.unique(closed.angle), [0, np.pi / 2])
    np.testing.assert_array_equal(np.sort(coordination(closed)), [2] * 4 + [3] * 6 + [4] * 2)
    opened = SquareLattice(columns=3, rows=3, lattice_constant=MICROMETRE, edges="open").sites()
    np.testing.assert_allclose(np.unique(opened.angle), [np.pi / 4, 3 * np.pi / 4])
    assert (opened.island_vertex < 0).sum() == 2


def test_pinwheels_are_woven_of_islands_along_the_axes_or_diagonals():
    diamond = PinwheelLattice(columns=3, rows=3, lattice_constant=MICROMETRE).sites()
    np.testing.assert_allclose(np.abs(np.tan(diamond.angle)), 1)
    knot = PinwheelLattice(columns=3, rows=3, lattice_constant=MICROMETRE, edges="lucky-knot").sites()
    np.testing.assert_allclose(np.sin(2 * knot.angle), 0, atol=1e-12)
    np.testing.assert_allclose(np.ptp(knot.position, axis=0), 2e-6 / np.sqrt(2))


@rows(
    ("keys", "message"),
    [
        ({"columns": 0}, "columns\n.*greater than or equal to 1"),
        ({"lattice_constant": "0 nm"}, "not a size"),
        ({"edges": "diamond"}, "'closed' or 'open'"),
        ({"row": 3}, "did you mean 'rows'"),
    ],
)
def test_what_no_lattice_is(keys, message):
    with pytest.raises(ValidationError, match=message):
        SquareLattice(**{"columns": 3, "rows": 3, "lattice_constant": "180 nm"} | keys)


def test_a_kagome_lattice_says_how_far_its_vertices_are_apart():
    lattice = KagomeLattice(columns=2, rows=2, lattice_constant="500 nm")
    sites = lattice.sites()
    np.testing.assert_allclose(sites.distance, lattice.vertex_distance, rtol=1e-12)
    np.testing.assert_allclose(
        cKDTree(sites.vertex_position).query(sites.vertex_position, k=2)[0][:, 1], lattice.vertex_distance, rtol=1e-9
    )


@rows(("said", "meant"), [("290 nm", "502.295 nm"), (290e-9, "502.295 nm"), ("?", "sqrt.3. times as")])
def test_a_kagome_lattice_in_vertex_distances_is_answered_with_its_lattice_constant(said, meant):
    with pytest.raises(ValidationError, match=f"vertex_distance is no key.*give lattice_constant: .?{meant}"):
        KagomeLattice(columns=2, rows=2, vertex_distance=said)


@rows(
    ("name", "lattice"),
    [
        # flatspin's spacing is the distance of vertices, or of islands: where the array is cut diagonally, in kagome.
        ("square closed", SquareLattice(columns=5, rows=4, lattice_constant=MICROMETRE)),
        ("square open", SquareLattice(columns=5, rows=4, lattice_constant=np.sqrt(2) * MICROMETRE, edges="open")),
        ("pinwheel diamond", PinwheelLattice(columns=5, rows=4, lattice_constant=MICROMETRE)),
        (
            "pinwheel lucky-knot",
            PinwheelLattice(columns=5, rows=4, lattice_constant=np.sqrt(2) * MICROMETRE, edges="lucky-knot"),
        ),
        ("kagome", KagomeLattice(columns=5, rows=4, lattice_constant=2 * MICROMETRE)),
    ],
)
def test_islands_are_where_flatspin_has_them(name, lattice):
    with open(pathlib.Path(__file__).parent / "data" / "flatspin_lattices.json") as file:
        recorded = json.load(file)[name]
    sites, position = lattice.sites(), np.array(recorded["position"])
    placed = (sites.position - sites.position.min(axis=0)) / MICROMETRE
    distance, ours = cKDTree(placed).query(position - position.min(axis=0))
    np.testing.assert_allclose(distance, 0, atol=1e-8)
    np.testing.assert_array_equal(np.sort(ours), np.arange(len(sites.position)))
    # An axis and its opposite are one.
    np.testing.assert_allclose(np.sin(sites.angle[ours] - recorded["angle"]), 0, atol=1e-6)
