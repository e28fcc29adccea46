import numpy as np
import pytest

from solitons.reservoirs import memory_capacities, state_rank
from solitons.reservoirs.ranks import shared_end_streams
from solitons.spin_ice import drive_field, saturated_spins
from solitons.spin_ice.first_reversal import first_reversal_field
from solitons.spin_ice.input_encoding import pattern_cascades, series_states

from .conftest import lattice, square

ANGLE = np.radians(40)
DIRECTION = np.array([np.cos(ANGLE), np.sin(ANGLE)])


def first_field(model):
    """Against the saturated ice."""
    return first_reversal_field(model, saturated_spins(model, ANGLE), ANGLE + np.pi)


def test_a_lone_island_turns_first_in_its_switching_field(make_model):
    model = make_model(lattice([(0, 0)], np.array([0.0])), spread=0.0)
    expected = float(model.astroid.switching_field(ANGLE, 1.6e5))
    assert first_field(model) == pytest.approx(expected, rel=1e-8)


def test_written_islands_keep_what_was_written_and_patterns_leave_different_states(make_model):
    model = make_model(square(6), seed=5)
    generator = np.random.default_rng(0)
    inputs = generator.choice(model.islands, 9, replace=False)
    patterns = generator.choice([False, True], (20, 9))
    amplitude = 1.07 * first_field(model)
    found = pattern_cascades(model, patterns, inputs, angle=ANGLE, amplitude=amplitude, steps=6)
    saturated = saturated_spins(model, ANGLE)
    np.testing.assert_array_equal(found.spin[:, inputs] == saturated[inputs], ~patterns)
    others = np.setdiff1d(np.arange(model.islands), inputs)
    assert state_rank(found.spin.values[:, others]) > 5
    # What turned back does not count in the state: there are at least as many flips as islands that differ.
    assert np.all(found.flips >= np.sum(found.spin[:, others].values != saturated[others], axis=1))


def test_one_pattern_is_as_one_run(make_model):
    model = make_model(square(4), seed=2)
    inputs, pattern = [3, 17, 22], [True, False, True]
    start = saturated_spins(model, ANGLE)
    start[[3, 22]] *= -1
    field = np.append(np.arange(1, 5) / 4, 0)[:, None] * -7e4 * DIRECTION
    run = drive_field(model, start, field, held=inputs)
    found = pattern_cascades(model, [pattern], inputs, angle=ANGLE, amplitude=7e4, steps=4)
    np.testing.assert_array_equal(found.spin[0], run.spin)
    assert int(found.flips[0]) == run.sizes["flip"] > 0


def test_a_field_that_turns_every_island_leaves_no_memory_of_what_was_before(make_model):
    # So strong a field, away from the axes, decides every island by itself.
    model = make_model(square(4))
    states = series_states(model, [[0.3, -0.9, 0.1], [-0.8, 0.6, 0.1]], angle=np.radians(45), amplitude=1e6)
    np.testing.assert_array_equal(states.spin[0, -1], states.spin[1, -1])
    assert not np.array_equal(states.spin[0, 1], states.spin[1, 1])


def test_between_the_two_the_ice_remembers(make_model):
    model = make_model(square(6), spread=0.15)
    series = np.random.default_rng(3).uniform(-1, 1, (1, 1500))
    states = series_states(model, series, angle=ANGLE, amplitude=7e4).spin.values[0][:, ::2]
    found = memory_capacities(states, series[0], longest_delay=(5, 3), washout=20)
    assert float(found.capacity[found.oldest > 0].sum()) > 0.2
    apart = state_rank(series_states(model, series[0].reshape(150, 10), angle=ANGLE, amplitude=7e4).spin[:, -1, ::2])
    shared = shared_end_streams(150, 10, 6, seed=1)
    alike = state_rank(series_states(model, shared, angle=ANGLE, amplitude=7e4).spin[:, -1, ::2])
    assert alike < apart


def test_inputs_that_do_not_fit_are_refused(make_model):
    model = make_model(square(3))
    with pytest.raises(ValueError, match="2 input islands for patterns of the shape"):
        pattern_cascades(model, [[True, False, True]], [1, 2], angle=0, amplitude=1e4, steps=2)
    with pytest.raises(ValueError, match="an island of its own"):
        pattern_cascades(model, [[True, False]], [1, 1], angle=0, amplitude=1e4, steps=2)
    with pytest.raises(ValueError, match="inputs names island 24"):
        pattern_cascades(model, [[True]], [24], angle=0, amplitude=1e4, steps=2)
    with pytest.raises(ValueError, match="from -1 to 1"):
        series_states(model, [[0.0, 1.5]], angle=0, amplitude=1e4)
