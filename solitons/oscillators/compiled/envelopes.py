"""Compiled: amplitudes and phases of oscillators, one after another.

A step is a turn and a decay by the rates at its predicted middle, which are exact where the power is steady however
fast the phase turns, between two halves of what the injected signal and heat do (Strang's splitting).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from solitons.numerics.compiled.random_numbers import four_normals

__all__ = ["COLUMNS", "ORDER", "follow"]

ORDER = 4
"""Coefficients of frequency and damping in the power."""
COLUMNS = (
    *("frequency_0", "frequency_1", "frequency_2", "frequency_3"),
    *("damping_0", "damping_1", "damping_2", "damping_3"),
    *("pumped", "shift", "agitation", "injected", "injected_frequency", "injected_phase", "injected_torque"),
)
"""One row an oscillator: rates in 1/s and rad/s, agitation as D_0 T, injected field and torque times gamma in rad/s."""


@njit(cache=True, inline="always")
def _rates(p, row):
    """Decay and angular frequency at a power."""
    frequency = row[0] + p * (row[1] + p * (row[2] + p * row[3])) + row[9]
    decay = row[4] + p * (row[5] + p * (row[6] + p * row[7])) - row[8] * (1.0 - p)
    return decay, frequency


@njit(cache=True, inline="always")
def _drawn(c, turn, row):
    """What a field and a torque that turn do to c in a second: on the sphere, across and along the orbit."""
    p = min(c.real * c.real + c.imag * c.imag, 1.0 - 1e-9)
    size = np.sqrt(p)
    own = turn * np.conj(c / size if size > 1e-12 else 1.0 + 0.0j)
    field, torque = row[11], row[14]
    root, z = np.sqrt(1.0 - p), 1.0 - 2.0 * p
    across = root * (field * own.imag + torque * z * own.real)
    along = (torque * own.imag - field * z * own.real) / root
    return 0.5 * (turn * np.conj(own)) * (across + 1j * along)


@njit(cache=True, inline="always")
def _injected(c, time, row, dt):
    """Half a step of the signal, by the midpoint."""
    turn = np.exp(1j * (row[12] * time + row[13]))
    return c + dt * _drawn(c + 0.5 * dt * _drawn(c, turn, row), turn, row)


@njit(cache=True, inline="always")
def _kicked(c, size, one, two, three):
    """A kick by heat: the moment that c stands for is moved on the sphere, by `size` rad in each direction."""
    p = min(c.real * c.real + c.imag * c.imag, 1.0)
    across = 2.0 * np.sqrt(1.0 - p)
    x, y, z = across * c.real + size * one, across * c.imag + size * two, 1.0 - 2.0 * p + size * three
    length = np.sqrt(x * x + y * y + z * z)
    part = np.sqrt(x * x + y * y)
    moved = np.sqrt(max(0.5 * (1.0 - z / length), 0.0))
    return (x + 1j * y) * (moved / part) if part > 0.0 else 0.0 * c


@njit(cache=True, nogil=True, error_model="numpy")
def follow(begin, end, c, rows, samples, steps, dt, numbers, key, out):
    """Follow the oscillators `begin` to `end`: `c` (oscillator) is changed, `out` (oscillator, sample) is written."""
    for oscillator in range(begin, end):
        row = rows[oscillator if rows.shape[0] > 1 else 0]
        now = c[oscillator]
        number = np.uint64(numbers[oscillator])
        step = np.uint64(0)
        driven = row[11] != 0.0 or row[14] != 0.0
        for sample in range(samples):
            for _ in range(steps):
                time = float(step) * dt
                kick = np.sqrt(2.0 * row[10] * dt)
                if kick > 0.0:
                    one, two, three, _ = four_normals(number, step, np.uint64(0), key)
                    now = _kicked(now, kick, one, two, three)
                if driven:
                    now = _injected(now, time, row, 0.5 * dt)
                p = now.real * now.real + now.imag * now.imag
                decay, frequency = _rates(p, row)
                decay, frequency = _rates(min(p * np.exp(-decay * dt), 1.0), row)
                now *= np.exp(-decay * dt) * np.exp(1j * (frequency * dt))
                if driven:
                    now = _injected(now, time + dt, row, 0.5 * dt)
                if kick > 0.0:
                    one, two, three, _ = four_normals(number, step, np.uint64(1), key)
                    now = _kicked(now, kick, one, two, three)
                p = now.real * now.real + now.imag * now.imag
                if p > 1.0:
                    now /= np.sqrt(p)
                step += np.uint64(1)
            out[oscillator, sample] = now
        c[oscillator] = now
