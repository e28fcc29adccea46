"""Compiled: a layer of neurons that compete for events, and write their junctions when they fire."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["follow"]


@njit(cache=True)
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


@njit(cache=True)
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
    spike_times,
    spike_neurons,
    pulses,
    switched,
):
    """Follow the layer through all events and return the number of spikes.

    `states` and `raises` are changed in place, spikes and pulses are written where there is room for one an event.
    """
    neurons, inputs, junctions = states.shape
    at_input = np.full(inputs, -np.inf)
    silent = np.full(neurons, -np.inf)
    potentials = np.zeros(neurons)
    spikes = 0
    previous = times[0] if times.size else 0.0
    for event in range(times.size):
        time = times[event]
        address = addresses[event]
        at_input[address] = time
        kept = np.exp(-(time - previous) / leak)
        recovered = np.exp(-(time - previous) / recovery)
        previous = time
        winner = -1
        most = 0.0
        for n in range(neurons):
            raises[n] *= recovered
            potentials[n] *= kept
            if time < silent[n]:
                continue
            for j in range(junctions):
                parallel_now = states[n, address, j] == 1
                potentials[n] += parallel[n, address, j] if parallel_now else antiparallel[n, address, j]
            above = potentials[n] - threshold - raises[n]
            if above >= most:
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
    return spikes
