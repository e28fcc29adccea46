"""Compiled: a layer of neurons that compete for events, and write their junctions when they fire."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["follow"]


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
def follow(
    generator,
    times,
    addresses,
    states,
    parallel,
    antiparallel,
    set_chances,
    reset_chances,
    raises,
    threshold,
    leak,
    refractory,
    inhibition,
    window,
    raised,
    recovery,
    learns,
    tires,
    spike_times,
    spike_neurons,
    pulses,
    switched,
):
    """Follow the layer through all events and return the number of spikes.

    `states` and `raises` are changed in place, spikes and pulses are written where there is room for one an event.
    """
    neurons, inputs, _ = states.shape
    # What an event adds, neurons next to each other in memory.
    added = np.zeros((inputs, neurons))
    for n in range(neurons):
        _conductances(added, n, states, parallel, antiparallel)
    at_input = np.full(inputs, -np.inf)
    silent = np.full(neurons, -np.inf)
    potentials = np.zeros(neurons)
    all_silent = -np.inf
    spikes = 0
    previous = times[0] if times.size else 0.0
    for event in range(times.size):
        time = times[event]
        address = addresses[event]
        at_input[address] = time
        # A spike leaves all potentials at 0, and so they stay as long as all are silent.
        if time < all_silent:
            continue
        kept = np.exp(-(time - previous) / leak)
        row = added[address]
        for n in range(neurons):
            potentials[n] = kept * potentials[n] + (row[n] if time >= silent[n] else 0.0)
        if tires:
            recovered = np.exp(-(time - previous) / recovery)
            for n in range(neurons):
                raises[n] *= recovered
        previous = time
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
        spike_times[spikes] = time
        spike_neurons[spikes] = winner
        spikes += 1
        for n in range(neurons):
            potentials[n] = 0.0
            silent[n] = max(silent[n], time + (refractory if n == winner else inhibition))
        all_silent = silent.min()
        if tires:
            raises[winner] += raised
        if learns:
            _write(
                generator,
                states[winner],
                at_input,
                window,
                time,
                set_chances[winner],
                reset_chances[winner],
                pulses,
                switched,
            )
            _conductances(added, winner, states, parallel, antiparallel)
    return spikes
