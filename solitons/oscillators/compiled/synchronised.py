"""Compiled: phases of a few oscillators that pull each other and are pulled by two signals, batch by batch."""

from __future__ import annotations

import numpy as np
from numba import njit

from solitons.numerics.compiled.random_numbers import four_normals

__all__ = ["advance"]


@njit(cache=True, inline="always")
def _velocities(phases, own, pulls, coupling, driven_cos, driven_sin, out):
    """Kuramoto's equation: each pulls all others alike, and signals, which nothing moves, have the sum driven."""
    count = phases.size
    field_cos, field_sin = 0.0, 0.0
    for i in range(count):
        out[i] = np.cos(phases[i])
        field_cos += out[i]
        field_sin += np.sin(phases[i])
    for i in range(count):
        c, s = out[i], np.sin(phases[i])
        # An oscillator does not pull itself: its own part of the sum is c s - s c = 0.
        along, across = coupling * field_cos + pulls[i] * driven_cos, coupling * field_sin + pulls[i] * driven_sin
        out[i] = own[i] + c * across - s * along


@njit(cache=True, nogil=True, error_model="numpy")
def advance(begin, end, own, pulls, coupling, signals, agitation, dt, waiting, steps, numbers, key, out):
    """Follow rows `begin` to `end`; `out` (row, oscillator) is by how many radians a phase advances after the waiting.

    own, pulls (oscillator), coupling and signals (row, signal) are in rad/s, agitation is the noise of a step in rad.
    A row starts at phases of its own number, all equally likely, and Heun's rule follows it.
    """
    count = own.size
    now, guess = np.empty(count), np.empty(count)
    slope, next_slope, kick = np.empty(count), np.empty(count), np.zeros(count)
    for row in range(begin, end):
        number = np.uint64(numbers[row])
        for i in range(count):
            # A normal number of many turns is an angle of any size.
            now[i] = 20.0 * four_normals(number, np.uint64(i), np.uint64(999), key)[0]
        driven_cos, driven_sin = float(signals.shape[1]), 0.0
        for step in range(waiting + steps):
            if step == waiting:
                out[row, :] = -now
            if agitation > 0.0:
                for i in range(0, count, 4):
                    drawn = four_normals(number, np.uint64(step), np.uint64(i // 4), key)
                    for k in range(min(4, count - i)):
                        kick[i + k] = agitation * drawn[k]
            _velocities(now, own, pulls, coupling, driven_cos, driven_sin, slope)
            for i in range(count):
                guess[i] = now[i] + dt * slope[i] + kick[i]
            driven_cos, driven_sin = 0.0, 0.0
            for k in range(signals.shape[1]):
                driven_cos += np.cos(signals[row, k] * ((step + 1) * dt))
                driven_sin += np.sin(signals[row, k] * ((step + 1) * dt))
            _velocities(guess, own, pulls, coupling, driven_cos, driven_sin, next_slope)
            for i in range(count):
                now[i] += 0.5 * dt * (slope[i] + next_slope[i]) + kick[i]
        out[row, :] += now
