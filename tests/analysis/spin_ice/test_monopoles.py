"""Monopoles and strings: histories by hand, then what every history must obey."""

import itertools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import dirac_strings, monopoles, vertices

from .ices import KAGOME, LATTICES, SQUARE, lattice, state


@pytest.fixture(scope="module")
def wide(ice, soft):
    """A square ice with rows of six vertices; island and vertex by their places in units of half the period."""
    islands = lattice(ice, soft, SQUARE | {"columns": 5, "rows": 4})
    island, vertex = (
        {tuple(place): number for number, place in enumerate(np.rint(positions.values / 90e-9).astype(int).tolist())}
        for positions in (
            islands.position - islands.vertex_position[0],
            islands.vertex_position - islands.vertex_position[0],
        )
    )
    return islands, island, vertex


def history(islands, flips, start=1):
    """States before and after flips, each a list of islands that flip at once."""
    spins = np.full((len(flips) + 1, islands.sizes["island"]), start)
    for frame, turned in enumerate(flips, start=1):
        spins[frame:, turned] *= -1
    return state(spins)


def visits_of(found, monopole):
    chosen = found.isel(visit=found.monopole.values == monopole)
    return list(zip(*(chosen[name].values.tolist() for name in ("vertex", "first_frame", "last_frame")), strict=True))


def inner(found):
    """Monopoles that are not there from the start, as the corners' are."""
    return np.flatnonzero(found.birth_at != "start").tolist()


def test_a_pair_is_born_goes_apart_and_leaves_by_the_edges(wide):
    islands, island, vertex = wide
    row = [island[x, 4] for x in (1, 3, 5, 7, 9)]
    found = monopoles(history(islands, [[row[2]], [row[3]], [], [row[1]], [row[0]], [row[4]]]), islands)
    minus, plus = inner(found)[:2]
    assert found.charge.values[[minus, plus]].tolist() == [-2, 2] or found.charge.values[[minus, plus]].tolist() == [
        2,
        -2,
    ]
    minus, plus = sorted((minus, plus), key=lambda monopole: int(found.charge[monopole]))
    # The flipped islands point to the left: the positive monopole goes there.
    assert visits_of(found, plus) == [(vertex[4, 4], 1, 3), (vertex[2, 4], 4, 4)]
    assert visits_of(found, minus) == [(vertex[6, 4], 1, 1), (vertex[8, 4], 2, 5)]
    assert found.birth_frame.values[[plus, minus]].tolist() == [1, 1]
    assert found.flips.values[[plus, minus]].tolist() == [1, 1]
    # At the edge three ends meet: the charge goes from +-1 to -+1, which is no monopole.
    assert found.exit_at.values[[plus, minus]].tolist() == ["vertex", "vertex"]
    assert found.exit_frame.values[[plus, minus]].tolist() == [5, 6]
    assert len(inner(found)) == 2
    np.testing.assert_allclose(found.position, islands.vertex_position.values[found.vertex.values])


def test_two_pairs_annihilate_in_the_middle(wide):
    islands, island, vertex = wide
    row = [island[x, 4] for x in (1, 3, 5, 7, 9)]
    found = monopoles(history(islands, [[row[1]], [row[3]], [row[2]]]), islands)
    first = inner(found)
    assert [str(found.birth_at[monopole].values) for monopole in first] == ["pair"] * 4
    ended = [monopole for monopole in first if found.exit_at[monopole] == "pair"]
    assert sorted(found.charge.values[ended].tolist()) == [-2, 2]
    assert {visits_of(found, monopole)[-1][0] for monopole in ended} == {vertex[4, 4], vertex[6, 4]}
    assert set(found.exit_frame.values[ended]) == {3}


def test_islands_that_flip_at_once_carry_a_monopole_along_their_chain(wide):
    islands, island, vertex = wide
    # From the middle of the row to its right, then up and to the right again.
    chain = [island[5, 4], island[6, 5], island[7, 6]]
    found = monopoles(history(islands, [[island[3, 4]], chain]), islands)
    minus = next(monopole for monopole in inner(found) if found.charge[monopole] == -2)
    assert visits_of(found, minus) == [(vertex[4, 4], 1, 1), (vertex[8, 6], 2, 2)]
    assert found.flips[minus] == 3


def test_a_monopole_that_goes_between_two_like_ones_is_none_of_them(wide):
    islands, island, vertex = wide
    column = [island[4, y] for y in (3, 5)]
    # Four in at one vertex: two monopoles, which part again.
    crossing = [island[5, 4], island[4, 5]]
    found = monopoles(history(islands, [[crossing[0]], [crossing[1]], [column[0]]]), islands)
    assert int(vertices(history(islands, [crossing]), islands).charge[1, vertex[4, 4]]) == 4
    there = [
        monopole for monopole in inner(found) if vertex[4, 4] in [visit[0] for visit in visits_of(found, monopole)]
    ]
    assert len(there) == 2
    assert found.charge.values[there].tolist() == [2, 2]


def test_kagome_monopoles_are_those_beyond_the_saturated_state(ice, soft):
    islands = lattice(ice, soft, KAGOME | {"columns": 4, "rows": 4})
    saturated = np.where(np.cos(islands.angle.values - 0.1) > 0, 1, -1)
    # The zigzag of the second row of hexagons' lower sides.
    y = np.rint((islands.position.values[:, 1] - islands.vertex_position.values[0, 1]) / (340e-9 / np.sqrt(12)) * 2)
    rows = [np.flatnonzero(y == value) for value in np.unique(y)]
    zigzag = max(rows, key=lambda row: (row.size, -row[0]))
    zigzag = zigzag[np.argsort(islands.position.values[zigzag, 0])]
    middle = len(zigzag) // 2
    spins = [saturated]
    for turned in (middle, middle + 1, middle + 2, middle - 1):
        spins.append(spins[-1].copy())
        spins[-1][zigzag[turned]] *= -1
    found = monopoles(state(spins), islands, reference=state(saturated))
    assert found.sizes["monopole"] == 2
    assert sorted(found.flips.values.tolist()) == [1, 2]
    assert set(found.birth_at.values) == {"pair"}
    assert set(found.exit_at.values) == {""}
    string = dirac_strings(state(spins[-1]), state(saturated), islands)
    assert string["size"].values.tolist() == [4]
    assert set(np.flatnonzero(string.island_string >= 0)) == set(zigzag[middle - 1 : middle + 3])
    last = found.isel(visit=found.last_frame.values == 4)
    assert set(string.string_vertex.values.ravel()) == set(last.vertex.values)


@settings(max_examples=30)
@given(
    st.sampled_from(LATTICES), st.sampled_from([0.02, 0.2, 1.0]), st.booleans(), st.booleans(), st.integers(0, 2**31)
)
def test_the_monopoles_of_every_frame_are_its_charges(ice, soft, described, share, relative, lazy, seed):
    islands = lattice(ice, soft, described)
    generator, count = np.random.default_rng(seed), islands.sizes["island"]
    turned = np.where(generator.random((9, count)) < share, -1, 1)
    spin = state(np.cumprod(turned * generator.choice([-1, 1], size=count) ** (np.arange(9) == 0)[:, None], axis=0))
    reference = state(generator.choice([-1, 1], size=count)) if relative else None
    found = monopoles(spin.chunk(step=2) if lazy else spin, islands, reference=reference)
    seen = vertices(spin, islands)
    beyond = seen.monopole_charge if reference is None else seen.charge - vertices(reference, islands).charge
    total = np.zeros(beyond.shape, dtype=int)
    for visit in range(found.sizes["visit"]):
        monopole = int(found.monopole[visit])
        frames = slice(int(found.first_frame[visit]), int(found.last_frame[visit]) + 1)
        assert frames.start < frames.stop
        total[frames, int(found.vertex[visit])] += int(found.charge[monopole])
    np.testing.assert_array_equal(total, beyond)
    for monopole in range(found.sizes["monopole"]):
        stays = visits_of(found, monopole)
        assert stays[0][1] == found.birth_frame[monopole]
        assert all(before[2] + 1 == after[1] for before, after in itertools.pairwise(stays))
        assert stays[-1][2] + 1 == (found.exit_frame[monopole] if found.exit_at[monopole] != "" else 9)
    # Pairs come and go two by two, of opposite charge.
    for name in ("birth", "exit"):
        of_pairs = found.isel(monopole=found[f"{name}_at"].values == "pair")
        for frame in range(9):
            assert int(of_pairs.charge[(of_pairs[f"{name}_frame"] == frame).values].sum()) == 0
    if reference is not None:
        assert not (found.exit_at == "vertex").any()
        assert not (found.birth_at == "vertex").any()


@pytest.mark.slow
@settings(max_examples=60)
@given(st.sampled_from(LATTICES), st.integers(0, 2**31))
def test_one_flip_moves_a_monopole_from_one_end_of_its_island_to_the_other(ice, soft, described, seed):
    islands = lattice(ice, soft, described)
    order = np.random.default_rng(seed).integers(islands.sizes["island"], size=30).tolist()
    found = monopoles(history(islands, [[island] for island in order]), islands)
    ends = islands.island_vertex.values
    for monopole in range(found.sizes["monopole"]):
        stays = visits_of(found, monopole)
        assert found.flips[monopole] == len(stays) - 1
        for before, after in itertools.pairwise(stays):
            assert {before[0], after[0]} == set(ends[order[after[1] - 1]])


@settings(max_examples=60)
@given(st.sampled_from(LATTICES), st.sampled_from([0.1, 0.5, 1.0]), st.integers(0, 2**31))
def test_strings_are_chains_that_carry_the_change_of_charge(ice, soft, described, share, seed):
    islands = lattice(ice, soft, described)
    generator, count = np.random.default_rng(seed), islands.sizes["island"]
    reference = generator.choice([-1, 1], size=count)
    spin = np.where(generator.random(count) < share, -reference, reference)
    found = dirac_strings(state(spin), state(reference), islands)
    np.testing.assert_array_equal(found.island_string >= 0, spin != reference)
    change = (vertices(state(spin), islands).charge - vertices(state(reference), islands).charge).values
    carried = np.zeros(islands.sizes["vertex"] + 1, dtype=int)
    np.add.at(carried, found.string_vertex.sel(end="tail").values, -2)
    np.add.at(carried, found.string_vertex.sel(end="head").values, 2)
    np.testing.assert_array_equal(carried[:-1], change)
    # No string begins where another ends.
    tails, heads = (set(found.string_vertex.sel(end=end).values) - {-1} for end in ("tail", "head"))
    assert not tails & heads
    ends = np.where(spin[:, None] > 0, islands.island_vertex, islands.island_vertex[:, ::-1])
    for string in range(found.sizes["string"]):
        of_string = ends[found.island_string.values == string]
        assert len(of_string) == found["size"][string]
        vertex, visits = np.unique(of_string[of_string >= 0], return_counts=True)
        odd = {int(each) for each, number in zip(vertex, visits, strict=True) if number % 2}
        assert odd == set(found.string_vertex.values[string]) - {-1}
        assert bool(found.closed[string]) == (not odd and not (of_string < 0).any())


def test_strings_that_cross_go_straight_on(wide):
    islands, island, vertex = wide
    along = [island[x, 4] for x in (1, 3, 5, 7)]
    up = [island[4, y] for y in (3, 5)]
    spin = np.ones(islands.sizes["island"], dtype=int)
    spin[along + up] = -1
    found = dirac_strings(state(spin), state(np.ones_like(spin)), islands)
    strings = found.island_string.values
    assert len(set(strings[along])) == len(set(strings[up])) == 1
    assert sorted(found["size"].values.tolist()) == [2, 4]
    right = found.isel(string=strings[along[0]])
    assert right.string_vertex.values.tolist() == [vertex[8, 4], vertex[0, 4]]
    # On the edge an end is where three meet: no monopole there.
    assert right.monopole_charge.values.tolist() == [-2, 0]


def test_a_loop_is_closed(wide):
    islands, island, _ = wide
    loop = [island[place] for place in ((3, 2), (4, 3), (3, 4), (2, 3))]
    reference = np.ones(islands.sizes["island"], dtype=int)
    reference[loop[2:]] = -1
    spin = reference.copy()
    spin[loop] *= -1
    found = dirac_strings(state(spin), state(reference), islands)
    assert found["size"].values.tolist() == [4]
    assert found.closed.values.tolist() == [True]
    assert found.string_vertex.values.tolist() == [[-1, -1]]
    assert monopoles(state([reference, spin]), islands).exit_at.values.tolist() == [""] * int(
        (np.abs(vertices(state(spin), islands).monopole_charge) // 2).sum()
    )


def test_bad_input_is_named(wide):
    islands, _, _ = wide
    spins = np.ones((2, islands.sizes["island"]), dtype=int)
    with pytest.raises(ValueError, match="monopoles are followed over"):
        monopoles(state(spins[0]), islands)
    with pytest.raises(ValueError, match="reference has 3 islands, the lattice 49"):
        monopoles(state(spins), islands, reference=state([1, 1, 1]))
    with pytest.raises(ValueError, match="strings are those of one state: select a frame"):
        dirac_strings(state(spins), state(spins[0]), islands)
    with pytest.raises(ValueError, match="spin has the values"):
        monopoles(xr.zeros_like(state(spins)), islands)
