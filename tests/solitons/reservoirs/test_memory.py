import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from solitons.reservoirs import memory_capacities, system_memory
from solitons.reservoirs.memory import MemorySettings, memory_inputs

SETTINGS = MemorySettings(inputs=600, longest_delay=(5, 2), read_outs=4, streams=20, stream_length=8, common=4)


def test_each_sample_has_inputs_of_its_own_and_streams_end_alike_where_they_should():
    one, other = memory_inputs(SETTINGS), memory_inputs(SETTINGS, 1)
    assert one.apart.shape == one.alike_in_the_end.shape == (20, 8)
    assert one.series.shape == (600,)
    for name in ("apart", "alike_in_the_end", "series"):
        assert not np.intersect1d(getattr(one, name), getattr(other, name)).size
        np.testing.assert_array_equal(getattr(one, name), getattr(memory_inputs(SETTINGS), name))
    assert np.unique(one.alike_in_the_end[:, 4:], axis=0).shape == (1, 4)
    assert np.unique(one.alike_in_the_end[:, :4]).size == 80


def test_memory_is_of_the_past_and_the_total_of_the_present_too():
    given = memory_inputs(SETTINGS)
    # The input, the one before, and the square and the product of earlier ones.
    delayed = [np.roll(given.series, delay) for delay in range(3)]
    states = np.column_stack([delayed[0], delayed[1], delayed[2] ** 2, delayed[1] * delayed[2]])
    found = system_memory(SETTINGS, given, given.apart[:, -4:], given.alike_in_the_end[:, -4:], states)
    assert (found.kernel_rank, found.generalisation_rank) == (4, 1)
    assert found.linear_memory == pytest.approx(1)
    assert found.nonlinear_memory == pytest.approx(2)
    assert found.total_capacity == pytest.approx(4)
    capacities = memory_capacities(states, given.series, longest_delay=(5, 2), washout=50)
    assert found.total_capacity == pytest.approx(float(capacities.capacity.sum()))


@rows(
    ("changes", "message"),
    [
        ({"common": 10, "stream_length": 10}, "leave none to differ in"),
        ({"streams": 4}, "streams = 4 bound the rank of 4 read-outs"),
        ({"inputs": 60}, "washout = 50 takes 50, .*at least 66 inputs"),
        ({"longest_delay": [300, 590]}, r"longest_delay = \[300, 590\] takes 590, .*at least 606 inputs"),
    ],
)
def test_what_cannot_be_measured_is_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        MemorySettings(**SETTINGS.model_dump() | changes)
