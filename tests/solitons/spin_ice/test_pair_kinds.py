"""Kinds of pairs of islands: what the symmetries of a square ice in a diagonal field leave."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geometries import get_material
from solitons.spin_ice.pair_kinds import nearest_distance, ordered_pairs, pair_keys, pair_kinds

from .conftest import square_ice

SPACING = 200e-9


def square(columns=3, rows=3):
    return square_ice(columns, rows, SPACING).islands(get_material("permalloy"))


def test_a_diagonal_field_leaves_four_kinds_of_near_pairs():
    """Along the diagonal: across a corner along and across the field; in a row; side by side."""
    islands = square()
    kinds = pair_kinds(islands, np.ones(24), np.pi / 4, 1.01 * SPACING)
    np.testing.assert_allclose([kind.distance for kind in kinds], SPACING * np.array([0.5**0.5, 0.5**0.5, 1, 1]))
    keys = {kind.key for kind in kinds}
    target, source = ordered_pairs(islands, 1.01 * SPACING)
    found = pair_keys(islands, np.ones(24), np.pi / 4, target, source, nearest_distance(islands))
    assert {tuple(row) for row in found.tolist()} == keys


def test_off_the_diagonal_horizontal_and_vertical_islands_differ():
    islands = square()
    assert len(pair_kinds(islands, np.ones(24), np.radians(40), 1.01 * SPACING)) == 8


@given(st.floats(-np.pi, np.pi))
def test_kinds_do_not_change_when_field_and_moments_turn_around(angle):
    islands, (target, source) = square(2, 2), ordered_pairs(square(2, 2), 1.5 * SPACING)
    first = pair_keys(islands, np.ones(12), angle, target, source, SPACING)
    second = pair_keys(islands, -np.ones(12), angle + np.pi, target, source, SPACING)
    np.testing.assert_allclose(first, second, atol=1)


@given(st.floats(-np.pi, np.pi))
def test_a_pair_and_its_image_in_the_field_are_alike(angle):
    """Two islands, mirrored at the line of the field, and turned about their middle."""
    islands = square(2, 2)
    rng = np.random.default_rng(5)
    position, axis = rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
    along = np.array([np.cos(angle), np.sin(angle)])

    def pair(position, axis):
        two = islands.isel(island=[0, 1]).copy(deep=True)
        two["position"][:], two["axis"][:] = position, axis
        return pair_keys(two, np.ones(2), angle, np.array([0]), np.array([1]), 1.0)[0]

    def mirror(vectors):
        return 2 * (vectors @ along)[:, None] * along - vectors

    first = pair(position, axis)
    np.testing.assert_allclose(pair(mirror(position), mirror(axis)), first, atol=1)
    np.testing.assert_allclose(pair(-position, axis), first, atol=1)
    assert np.abs(pair(position[::-1], axis[::-1]) - first).max() > 1


def test_a_reach_without_pairs_is_refused():
    with pytest.raises(ValueError, match="shorter than the distance of any two islands"):
        pair_kinds(square(), np.ones(24), 0.3, 10e-9)
