import math

import numpy as np
import pytest
from rows import rows
from scipy import stats

from solitons.spiking.events import EventRecording
from solitons.spiking.junction_array import JunctionArray, random_states
from solitons.spiking.layer import SpikingLayer, respond

CALM = {"refractory": 0.0, "inhibition": 0.0}


def _junctions(set_chance=0.0, reset_chance=0.0, antiparallel=0.5):
    return JunctionArray(1.0, antiparallel, set_chance, reset_chance, np.array([[1.0, 2.0], [3.0, 4.0]]))


def _states(*rows):
    return np.array(rows, dtype=np.uint8)[:, :, None]


@pytest.mark.slow
def test_a_potential_leaks_and_fires_at_the_event_that_the_sum_says():
    # Events every dt at a parallel junction: after n of them the potential is (1 - k^n) / (1 - k), k = exp(-dt / tau).
    kept = math.exp(-0.1)
    layer = SpikingLayer(neurons=1, threshold=5.0, leak=1.0, **CALM)
    recording = EventRecording(np.arange(40) * 0.1, np.zeros(40), 1)
    response = respond(layer, _junctions(), _states([1]), recording, learns=False)
    first = next(n for n in range(1, 40) if (1 - kept**n) / (1 - kept) >= 5.0)
    assert response.times.tolist() == pytest.approx([0.1 * (first * k - 1) for k in range(1, 40 // first + 1)])
    # Slower events never reach the threshold: 1 / (1 - k) is below it.
    slow = EventRecording(np.arange(40) * 0.3, np.zeros(40), 1)
    assert 1 / (1 - math.exp(-0.3)) < 5.0
    assert respond(layer, _junctions(), _states([1]), slow, learns=False).times.size == 0


def test_the_neuron_whose_junctions_fit_fires_and_silences_the_others():
    layer = SpikingLayer(neurons=2, threshold=1.9, leak=10.0, refractory=0.0, inhibition=0.25)
    recording = EventRecording(np.arange(6) * 0.1, [0, 1, 2, 3, 2, 3], 4)
    states = _states([1, 1, 0, 0], [0, 0, 1, 1])
    response = respond(layer, _junctions(antiparallel=0.0), states, recording, learns=False)
    # Neuron 1 is silent from 0.1 to 0.35 s, so that it misses the event at 0.2 and 0.3 s.
    assert response.neurons.tolist() == [0, 1]
    assert response.times.tolist() == pytest.approx([0.1, 0.5])


def test_a_refractory_neuron_leaves_its_place_to_another():
    layer = SpikingLayer(neurons=2, threshold=1.0, leak=10.0, refractory=0.15, inhibition=0.0)
    recording = EventRecording(np.arange(3) * 0.1, [0, 0, 0], 1)
    response = respond(layer, _junctions(antiparallel=1.0), _states([1], [1]), recording, learns=False)
    assert response.neurons.tolist() == [1, 0, 1]


def test_sure_pulses_write_what_was_active_and_cost_what_they_cost():
    layer = SpikingLayer(neurons=1, threshold=1.9, leak=10.0, window=0.15, **CALM)
    recording = EventRecording([0.0, 0.2, 0.3], [0, 1, 2], 4)
    junctions = _junctions(1.0, 1.0, antiparallel=1.0)
    response = respond(layer, junctions, _states([1, 0, 1, 1]), recording, learns=True)
    # It fires at 0.2 s, when input 0 was active too long ago, and not again.
    assert response.times.tolist() == [0.2]
    assert response.states[0, :, 0].tolist() == [0, 1, 0, 0]
    assert response.pulses.sent.tolist() == [[1, 0], [0, 3]]
    assert response.pulses.switched.tolist() == [1, 3]
    assert junctions.energy(response.pulses) == 1.0 + 3 * 4.0


def test_what_is_given_stays_as_it_is_and_learning_is_the_only_thing_that_writes():
    layer = SpikingLayer(neurons=2, threshold=1.0, raised=0.5, **CALM)
    recording = EventRecording(np.arange(9) * 0.1, np.arange(9) % 3, 3)
    states, raises = random_states(2, 3, 2, 1), np.zeros(2)
    before = states.copy()
    taught = respond(layer, _junctions(1.0, 1.0), states, recording, learns=True, raises=raises)
    assert np.array_equal(states, before)
    assert not raises.any()
    assert taught.raises.any()
    untaught = respond(layer, _junctions(1.0, 1.0), states, recording, learns=False)
    assert np.array_equal(untaught.states, before)
    assert untaught.pulses.total == 0


def test_a_chance_is_kept_by_many_junctions():
    # After n spikes with every input active, an antiparallel junction is parallel with 1 - (1 - p)^n.
    layer = SpikingLayer(neurons=1, threshold=1e-9, window=1.0, **CALM)
    inputs = 4000
    recording = EventRecording(np.zeros(inputs), np.arange(inputs), inputs)
    # All inputs are active once; then one event a spike.
    quiet = layer.model_copy(update={"threshold": 1e6})
    assert respond(quiet, _junctions(), random_states(1, inputs, 1, 0), recording, learns=True).times.size == 0
    five = EventRecording(
        np.concatenate([np.zeros(inputs), np.arange(1, 6) * 1e-3]), np.r_[np.arange(inputs), [0] * 5], inputs
    )
    layer = layer.model_copy(update={"threshold": inputs + 1.0, "leak": 1e9})
    once = respond(layer, _junctions(0.2, 0.0, antiparallel=1.0), _states([0] * inputs), five, learns=True, seed=3)
    assert once.times.size == 1
    assert stats.binomtest(int(once.states.sum()), inputs, 0.2).pvalue > 0.01
    assert once.pulses.switched[0] == once.states.sum()


def test_a_spike_raises_the_threshold_and_the_raise_is_forgotten():
    layer = SpikingLayer(neurons=1, threshold=1.0, raised=1.0, recovery=0.5, leak=1e-6, **CALM)
    # One event reaches 1: the first fires, and others only where the raise has vanished to rounding.
    recording = EventRecording([0.0, 0.1, 30.0], [0, 0, 0], 1)
    response = respond(layer, _junctions(), _states([1]), recording, learns=False)
    assert response.times.tolist() == [0.0]
    assert response.raises[0] == pytest.approx(math.exp(-60.0))


def test_thresholds_stay_where_nothing_tires():
    layer = SpikingLayer(neurons=1, threshold=1.0, raised=1.0, recovery=0.5, leak=1e-6, **CALM)
    recording = EventRecording([0.0, 0.1, 0.2], [0, 0, 0], 1)
    given = {"learns": False, "tires": False}
    response = respond(layer, _junctions(), _states([1]), recording, **given)
    assert response.times.tolist() == [0.0, 0.1, 0.2]
    raised = respond(layer, _junctions(), _states([1]), recording, raises=np.array([0.5]), **given)
    assert raised.times.size == 0
    assert raised.raises.tolist() == [0.5]


def test_states_of_another_layer_are_refused():
    with pytest.raises(ValueError, match=r"2 neurons and 3 inputs need \(2, 3, junctions\)"):
        respond(
            SpikingLayer(neurons=2), _junctions(), random_states(3, 3, 1, 0), EventRecording([], [], 3), learns=False
        )


@rows(
    ("fields", "words"),
    [
        ((1.0, 0.5, 1.2, 0.1, np.ones((2, 2))), "set_chance = 1.2"),
        ((1.0, 0.5, 0.1, np.array([0.1, -0.1]), np.ones((2, 2))), "reset_chance = -0.1"),
        ((1.0, -0.5, 0.1, 0.1, np.ones((2, 2))), "antiparallel has a value below 0"),
        ((1.0, 0.5, 0.1, 0.1, np.ones(2)), "shape"),
    ],
)
def test_junctions_that_cannot_be_are_refused(fields, words):
    with pytest.raises(ValueError, match=words):
        JunctionArray(*fields)
