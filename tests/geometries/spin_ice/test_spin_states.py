"""Initial spins: saturated, random and given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geometries.spin_ice.spin_states import GivenSpins, RandomSpins, SaturatedSpins


@given(st.floats(-10, 10), st.lists(st.floats(-10, 10), min_size=1))
def test_saturated_spins_are_along_the_field(direction, angles):
    angles = np.array(angles)
    spins = SaturatedSpins(angle=direction).spins(angles)
    assert spins.dtype == np.int8
    assert (spins * np.cos(angles - direction) > -1e-8).all()


def test_islands_across_the_field_point_to_their_heads():
    assert SaturatedSpins().spins(np.array([np.pi / 2, -np.pi / 2])).tolist() == [1, 1]


def test_random_spins_are_fair_and_the_seeds_own():
    spins = RandomSpins(seed=5).spins(np.zeros(10_000))
    assert abs(spins.astype(int).sum()) < 4 * 100
    np.testing.assert_array_equal(spins, RandomSpins(seed=5).spins(np.zeros(10_000)))
    assert (spins != RandomSpins(seed=6).spins(np.zeros(10_000))).any()


def test_given_spins_are_one_for_each_island(ice):
    values = [1, -1] * 12
    assert ice(initial_spins={"kind": "given", "values": values}).initial_spins.spins(np.zeros(24)).tolist() == values
    with pytest.raises(ValidationError, match=r"initial_spins\.values has 23 spins for 24 islands"):
        ice(initial_spins={"kind": "given", "values": values[1:]})
    with pytest.raises(ValidationError, match="1 or -1"):
        GivenSpins(values=[1, 0])
