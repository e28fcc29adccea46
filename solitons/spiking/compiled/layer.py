"""Compiled: a layer of neurons that compete for events, and write their synapses when they fire."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["follow", "follow_levels"]


@njit(cache=True, nogil=True)
def _conductances(added, neuron, states, parallel, antiparallel):
    """Sum the junctions between each input and one neuron."""
    _, inputs, junctions = states.shape
    for i in range(inputs):
        total = 0.0
        for j in range(junctions):
            total += parallel[neuron, i, j] if states[neuron, i, j] == 1 else antiparallel[neuron, i, j]
        added[i, neuron] = total


@njit(cache=True, nogil=True)
def _write(generator, states, at_input, window, time, set_chances, reset_chances, pulses, switched):
    """Send every junction of one neuron a pulse: a set pulse where the input was active of late, else a reset pulse."""
    inputs, junctions = states.shape
    for i in range(inputs):
        active = time - at_input[i] <= window
        kind = 0 if active else 1
        for j in range(junctions):
            before = states[i, j]
            pulses[kind, before] += 1
            # A set pulse leaves a parallel junction parallel, a reset pulse an antiparallel one antiparallel.
            if before != kind:
                continue
            chance = set_chances[i, j] if active else reset_chances[i, j]
            if generator.random() < chance:
                states[i, j] = 1 - before
                switched[kind] += 1


@njit(cache=True, nogil=True)
def _next_spike(event, times, addresses, added, at_input, silent, potentials, raises, since, numbers, tires):
    """Follow the layer from an event on to its next spike: the event and the neuron, or the end and -1.

    `numbers` are threshold, leak, refractory time, inhibition, raise and recovery; `since` is when potentials were
    computed, and until when all neurons are silent. They, and what is of each input or neuron, are changed in place.
    """
    threshold, leak, refractory, inhibition, raised, recovery = numbers
    neurons = potentials.size
    for at in range(event, times.size):
        time = times[at]
        address = addresses[at]
        at_input[address] = time
        # A spike leaves all potentials at 0, and so they stay as long as all are silent.
        if time < since[1]:
            continue
        kept = np.exp(-(time - since[0]) / leak)
        row = added[address]
        for n in range(neurons):
            potentials[n] = kept * potentials[n] + (row[n] if time >= silent[n] else 0.0)
        if tires:
            recovered = np.exp(-(time - since[0]) / recovery)
            for n in range(neurons):
                raises[n] *= recovered
        since[0] = time
        fires = 0
        for n in range(neurons):
            fires += potentials[n] - threshold - raises[n] >= 0
        if fires == 0:
            continue
        winner = -1
        most = 0.0
        for n in range(neurons):
            above = potentials[n] - threshold - raises[n]
            if above >= most and time >= silent[n]:
                most = above
                winner = n
        if winner < 0:
            continue
        for n in range(neurons):
            potentials[n] = 0.0
            silent[n] = max(silent[n], time + (refractory if n == winner else inhibition))
        since[1] = silent.min()
        if tires:
            raises[winner] += raised
        return at, winner
    return times.size, -1


@njit(cache=True, nogil=True)
def _at_rest(times, inputs, neurons):
    """A layer before its first event, as `_next_spike` takes it: nothing was seen, and nobody is silent."""
    first = times[0] if times.size else 0.0
    since = np.array([first, -np.inf])
    return np.full(inputs, -np.inf), np.full(neurons, -np.inf), np.zeros(neurons), since


@njit(cache=True, nogil=True)
def follow(
    generator, times, addresses, states, parallel, antiparallel, set_chances, reset_chances, raises, numbers, window,
    learns, tires, spike_times, spike_neurons, pulses, switched,
):  # fmt: skip
    """Follow a layer with junctions through all events and return the number of spikes.

    `states` and `raises` are changed in place, spikes and pulses are written where there is room for one an event.
    """
    neurons, inputs, _ = states.shape
    # What an event adds, neurons next to each other in memory.
    added = np.zeros((inputs, neurons))
    for n in range(neurons):
        _conductances(added, n, states, parallel, antiparallel)
    at_input, silent, potentials, since = _at_rest(times, inputs, neurons)
    spikes, event = 0, 0
    while True:
        event, winner = _next_spike(
            event, times, addresses, added, at_input, silent, potentials, raises, since, numbers, tires
        )
        if winner < 0:
            return spikes
        spike_times[spikes] = times[event]
        spike_neurons[spikes] = winner
        spikes += 1
        if learns:
            _write(
                generator, states[winner], at_input, window, times[event], set_chances[winner], reset_chances[winner],
                pulses, switched,
            )  # fmt: skip
            _conductances(added, winner, states, parallel, antiparallel)
        event += 1


@njit(cache=True, nogil=True)
def follow_levels(
    generator, times, addresses, states, conductance, moves, raises, numbers, window, learns, tires, spike_times,
    spike_neurons, pulses, switched,
):  # fmt: skip
    """The same with one synapse of several levels at each crossing: `states` (neurons, inputs) are levels.

    `conductance` is (levels,); `moves` (2, levels, draws) has equally likely levels after a raising and a lowering one.
    """
    neurons, inputs = states.shape
    added = np.zeros((inputs, neurons))
    for n in range(neurons):
        for i in range(inputs):
            added[i, n] = conductance[states[n, i]]
    at_input, silent, potentials, since = _at_rest(times, inputs, neurons)
    spikes, event = 0, 0
    while True:
        event, winner = _next_spike(
            event, times, addresses, added, at_input, silent, potentials, raises, since, numbers, tires
        )
        if winner < 0:
            return spikes
        spike_times[spikes] = times[event]
        spike_neurons[spikes] = winner
        spikes += 1
        if learns:
            for i in range(inputs):
                kind = 0 if times[event] - at_input[i] <= window else 1
                before = states[winner, i]
                after = moves[kind, before, generator.integers(0, moves.shape[2])]
                pulses[kind, before] += 1
                switched[kind] += before != after
                states[winner, i] = after
                added[i, winner] = conductance[after]
        event += 1
