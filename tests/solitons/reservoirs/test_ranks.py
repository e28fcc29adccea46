import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solitons.reservoirs import state_rank
from solitons.reservoirs.ranks import separation_streams, shared_end_streams


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 5))
def test_the_rank_of_a_product_is_that_of_its_inner_dimension(streams, readouts, inner):
    generator = np.random.default_rng(streams + 100 * readouts + 1000 * inner)
    states = generator.standard_normal((streams, inner)) @ generator.standard_normal((inner, readouts))
    assert state_rank(states) == min(streams, readouts, inner)


def test_a_system_that_passes_its_inputs_on_tells_all_of_them_apart():
    inputs = separation_streams(30, 12, seed=1)
    assert state_rank(inputs) == 12
    assert state_rank(inputs[:7]) == 7


def test_a_system_that_forgets_all_but_the_last_inputs_generalises_perfectly():
    inputs = shared_end_streams(30, 12, 4, seed=1)
    assert state_rank(inputs[:, -4:]) == 1
    # One that keeps all has eight different inputs to tell streams apart by, and what they share.
    assert state_rank(inputs) == 9


def test_a_common_end_longer_than_the_stream_is_refused():
    with pytest.raises(ValueError, match="common = 13 must be between 1 and the length, 12"):
        shared_end_streams(3, 12, 13, seed=0)


def test_states_that_are_no_matrix_are_refused():
    with pytest.raises(ValueError, match=r"state_rank: states has the shape \(3,\)"):
        state_rank([1.0, 2.0, 3.0])
