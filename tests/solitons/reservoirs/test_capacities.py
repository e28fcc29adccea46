"""Systems whose capacities are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows
from scipy import signal, stats

from solitons.reservoirs import memory_capacities

TIMES = 4000


@pytest.fixture(scope="module")
def inputs():
    return np.random.default_rng(2).uniform(-1, 1, TIMES)


def register(inputs, delays):
    return np.stack([np.roll(inputs, delay) for delay in delays], axis=1)


def of_degree(found, degree):
    return float(found.capacity[found.degree == degree].sum())


def test_a_shift_register_remembers_as_many_inputs_as_it_is_long(inputs):
    found = memory_capacities(register(inputs, range(1, 8)), inputs, longest_delay=(12, 6, 4), washout=20)
    np.testing.assert_allclose(found.capacity[found.degree == 1], [0] + 7 * [1] + 5 * [0], rtol=0, atol=1e-9)
    assert of_degree(found, 2) == of_degree(found, 3) == 0
    assert found.attrs["rank"] == 7


def test_what_a_state_holds_is_found_where_it_is(inputs):
    last, before = np.roll(inputs, 1), np.roll(inputs, 3)
    states = np.stack([3 * last**2, last * before, 5 * before**3 - 3 * before, inputs], axis=1)
    found = memory_capacities(states, inputs, longest_delay=(5, 5, 5), washout=10)
    held = found.target[found.capacity > 0.5].values.tolist()
    assert held == ["1@0", "2@1", "1@1 1@3", "3@3"]
    np.testing.assert_allclose(found.capacity.sel(target=held), 1, rtol=0, atol=1e-9)


def test_a_leaky_integrator_forgets_as_theory_says(inputs):
    # x(t) = a x(t - 1) + u(t): one state variable, whose capacity for delay k is (1 - a^2) a^(2 k).
    states = signal.lfilter([1], [1, -0.6], inputs)[:, None]
    found = memory_capacities(states, inputs, longest_delay=(6,), washout=50)
    expected = (1 - 0.36) * 0.36 ** np.arange(7)
    # Standard error of a share of variance near 1/2 from 4000 samples: about 0.011.
    np.testing.assert_allclose(found.capacity, np.where(expected > found.attrs["threshold"], expected, 0), atol=0.035)


def test_a_frozen_system_remembers_nothing(inputs):
    states = np.tile(np.array([1.0, -1.0, 0.1]), (TIMES, 1))
    found = memory_capacities(states, inputs, longest_delay=(8, 4))
    assert found.attrs["rank"] == 0
    assert float(found.capacity.sum()) == 0


def test_states_that_know_nothing_of_the_inputs_get_no_capacity(inputs):
    states = np.random.default_rng(9).choice([-1.0, 1.0], (TIMES, 100))
    found = memory_capacities(states, inputs, longest_delay=(20, 10, 5))
    assert float(found.capacity.sum()) == 0
    # Without the threshold they would have a sum of several: p / (T - 1) for each target.
    measured = found.measured.values
    spread = stats.beta.std(50, (found.attrs["samples"] - 101) / 2) / np.sqrt(measured.size)
    assert measured.mean() == pytest.approx(100 / (found.attrs["samples"] - 1), abs=5 * spread)
    assert measured.sum() > 2


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 12))
def test_capacities_are_bounded_by_the_number_of_state_variables(seed, readouts):
    generator = np.random.default_rng(seed)
    inputs = generator.uniform(-1, 1, 2500)
    past = register(inputs, range(4))
    states = np.tanh(past @ generator.normal(0, 2, (4, readouts)) + generator.normal(0, 1, readouts))
    found = memory_capacities(states, inputs, longest_delay=(4, 4, 4), washout=10)
    # The targets are orthogonal in the mean, and nearly so in 2,500 samples.
    assert 0 < float(found.capacity.sum()) <= readouts * 1.1


@pytest.mark.slow
@rows(
    ("changes", "message"),
    [
        ({"inputs": np.zeros(10)}, "inputs"),
        ({"inputs": np.full(100, 2.0)}, "beyond -1 to 1"),
        ({"longest_delay": (3, -1)}, "delays of 0 or more"),
        ({"longest_delay": (60,)}, "at least twice as many"),
        ({"longest_delay": (3, 400)}, "of 100 times the washout and the longest delay take 400; give more"),
        ({"washout": 99}, "of 100 times the washout and the longest delay take 99; give more"),
    ],
)
def test_what_has_no_capacities_is_refused(changes, message):
    states = np.random.default_rng(0).standard_normal((100, 30))
    with pytest.raises(ValueError, match=message):
        memory_capacities(states, **({"inputs": np.zeros(100), "longest_delay": (3,)} | changes))
