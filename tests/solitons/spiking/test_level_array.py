"""A layer with synapses of several levels: what pairs do, by hand and by the closed form of a birth-death chain."""

import numpy as np
import pytest
from rows import rows

from solitons.spiking.events import EventRecording
from solitons.spiking.layer import SpikingLayer, respond
from solitons.spiking.level_array import LevelArray, random_levels

CALM = {"refractory": 0.0, "inhibition": 0.0}
STEPS = np.array([[[1], [2], [2]], [[0], [0], [1]]])


def test_an_active_input_goes_up_and_a_silent_one_down():
    layer = SpikingLayer(neurons=1, threshold=1.45, leak=10.0, window=0.15, **CALM)
    recording = EventRecording([0.0, 0.2, 0.3], [0, 1, 2], 4)
    array = LevelArray(np.array([0.0, 0.5, 1.0]), STEPS)
    response = respond(layer, array, np.array([[2, 1, 1, 1]], dtype=np.uint8), recording, learns=True)
    # 1 + 0.5 at 0.2 s: input 0 was active too long ago.
    assert response.times.tolist() == [0.2]
    assert response.states.tolist() == [[1, 2, 0, 0]]
    assert response.pulses.sent.tolist() == [[0, 1, 0], [0, 2, 1]]
    assert response.pulses.switched.tolist() == [1, 3]
    still = respond(layer, array, np.array([[2, 1, 1, 1]], dtype=np.uint8), recording, learns=False)
    assert still.states.tolist() == [[2, 1, 1, 1]]
    assert still.pulses.total == 0


def test_levels_are_visited_as_a_birth_death_chain_says():
    # One input fires at every spike of the neuron with the chance 0.6, and each pair moves with the chance 0.5: the
    # levels of that synapse have the weights (0.6 / 0.4)^n, whatever the chance of a move is.
    many = 20_000
    generator = np.random.default_rng(3)
    active = np.flatnonzero(generator.random(many) < 0.6)
    # Input 1 makes the neuron fire by three events each time, and stays at the top; input 0 adds next to nothing.
    three = np.arange(many)[:, None] + 0.5 + np.array([0.0, 1e-4, 2e-4])
    times = np.concatenate([active, three.ravel()])
    addresses = np.concatenate([np.zeros(active.size, dtype=int), np.ones(three.size, dtype=int)])
    order = np.argsort(times)
    moves = np.array([[[0, 1], [1, 2], [2, 2]], [[0, 0], [1, 0], [2, 1]]])
    array = LevelArray(np.array([0.99, 1.0, 1.01]), moves)
    layer = SpikingLayer(neurons=1, threshold=2.5, leak=0.1, window=0.6, **CALM)
    recording = EventRecording(times[order], addresses[order], 2)
    response = respond(layer, array, np.array([[1, 2]], dtype=np.uint8), recording, learns=True, seed=5)
    assert response.times.size == many
    visits = response.pulses.sent.sum(axis=0) - [0, 0, many]
    assert visits / many == pytest.approx(np.array([1.0, 1.5, 2.25]) / 4.75, abs=0.03)


@rows(
    "conductance, moves, message",
    [
        ([1.0, 0.5, 0.2], STEPS, "two or more rising conductances"),
        ([0.2, 1.0], STEPS, r"moves \(2, levels, draws\)"),
        ([0.1, 0.5, 1.0], STEPS + 1, "moves lead to levels 1 to 3; there are 0 to 2"),
    ],
)
def test_what_is_no_array_is_refused(conductance, moves, message):
    with pytest.raises(ValueError, match=message):
        LevelArray(np.array(conductance), moves)


def test_states_of_another_shape_are_refused():
    recording = EventRecording([0.0], [0], 4)
    with pytest.raises(ValueError, match=r"1 neurons and 4 inputs need \(1, 4\)"):
        respond(
            SpikingLayer(neurons=1), LevelArray(np.array([0.0, 0.5, 1.0]), STEPS), random_levels(1, 3, 3, 0), recording,
            learns=True,
        )  # fmt: skip
