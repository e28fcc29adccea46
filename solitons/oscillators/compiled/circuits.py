"""Compiled: moments whose resistances share one current, all followed together.

Each step is that of `solitons.junctions.compiled.llg` for every moment, with the currents by Kirchhoff's laws at its
beginning and again at the predicted end.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from solitons.junctions.compiled.llg import velocity
from solitons.numerics.compiled.random_numbers import four_normals
from solitons.numerics.compiled.rotations import kicked, turned

__all__ = ["currents_of", "follow"]


@njit(cache=True)
def currents_of(m, rows, conductances, source, load, series, currents):
    """Write the current in A through each pillar, for conductances (pillar, 2) in S: parallel and antiparallel."""
    count = m.shape[0]
    total = 0.0
    for at in range(count):
        cosine = m[at, 0] * rows[at, 13] + m[at, 1] * rows[at, 14] + m[at, 2] * rows[at, 15]
        conductance = 0.5 * (conductances[at, 0] * (1.0 + cosine) + conductances[at, 1] * (1.0 - cosine))
        currents[at] = conductance
        total += 1.0 / conductance if series else conductance
    if series:
        shared = source * load / (load + total)
        for at in range(count):
            currents[at] = shared
    else:
        voltage = source / (1.0 / load + total)
        for at in range(count):
            currents[at] *= voltage


@njit(cache=True, nogil=True, error_model="numpy")
def follow(m, rows, conductances, areas, source, load, series, samples, steps, dt, key, out, out_currents):
    """Follow `m` (pillar, 3) in place; `out` (pillar, sample, 3) and `out_currents` (pillar, sample) are written."""
    count = m.shape[0]
    currents, first, guess = np.empty(count), np.empty((count, 3)), np.empty((count, 3))
    step = np.uint64(0)
    for sample in range(samples):
        for _ in range(steps):
            currents_of(m, rows, conductances, source, load, series, currents)
            for at in range(count):
                p = rows[at]
                torque, turn = p[16] * currents[at] / areas[at], p[22] * dt
                x, y, z = m[at, 0], m[at, 1], m[at, 2]
                wx, wy, wz = velocity(x, y, z, p, torque, 0.0, 0.0, 0.0, 0.0)
                first[at, 0], first[at, 1], first[at, 2] = wx, wy, wz
                guess[at, 0], guess[at, 1], guess[at, 2] = turned(x, y, z, turn * wx, turn * wy, turn * wz)
            currents_of(guess, rows, conductances, source, load, series, currents)
            for at in range(count):
                p = rows[at]
                torque, half = p[16] * currents[at] / areas[at], 0.5 * p[22] * dt
                ux, uy, uz = velocity(guess[at, 0], guess[at, 1], guess[at, 2], p, torque, 0.0, 0.0, 0.0, 0.0)
                wx, wy, wz = first[at, 0] + ux, first[at, 1] + uy, first[at, 2] + uz
                x, y, z = turned(m[at, 0], m[at, 1], m[at, 2], half * wx, half * wy, half * wz)
                if p[23] > 0.0:
                    hx, hy, hz, _ = four_normals(np.uint64(at), step, np.uint64(0), key)
                    kick = p[22] * dt * p[23]
                    x, y, z = kicked(x, y, z, kick * hx, kick * hy, kick * hz, p[21])
                length = 1.0 / np.sqrt(x * x + y * y + z * z)
                m[at, 0], m[at, 1], m[at, 2] = x * length, y * length, z * length
            step += np.uint64(1)
        currents_of(m, rows, conductances, source, load, series, currents)
        for at in range(count):
            out_currents[at, sample] = currents[at]
            for part in range(3):
                out[at, sample, part] = m[at, part]
