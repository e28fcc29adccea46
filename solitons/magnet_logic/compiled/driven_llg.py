"""Compiled: coupled thermal macrospins in fields and spin torques that ramp, with the work and the heat of each ramp.

A step is a kick by heat between drifts at a constant field (Strang's splitting; halves that meet are one). The field
changes at the kick, half before and half after it, while m stands still, so that work is -M m . dH exactly and the
first law holds in each step. All moments of a trajectory drift together: their fields are summed first.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from solitons.numerics.compiled.random_numbers import four_normals
from solitons.numerics.compiled.rotations import kicked, turned

__all__ = ["follow"]


@njit(cache=True, inline="always")
def _fields(m, applied, response, effective, own):
    """Effective field of every moment in A/m, flat, and m . G m of each with its own block of the response."""
    for i in range(own.size):
        hx, hy, hz = applied[3 * i], applied[3 * i + 1], applied[3 * i + 2]
        for j in range(own.size):
            x, y, z = m[3 * j], m[3 * j + 1], m[3 * j + 2]
            gx = response[i, j, 0] * x + response[i, j, 1] * y + response[i, j, 2] * z
            gy = response[i, j, 3] * x + response[i, j, 4] * y + response[i, j, 5] * z
            gz = response[i, j, 6] * x + response[i, j, 7] * y + response[i, j, 8] * z
            hx -= gx
            hy -= gy
            hz -= gz
            if i == j:
                own[i] = x * gx + y * gy + z * gz
        effective[3 * i], effective[3 * i + 1], effective[3 * i + 2] = hx, hy, hz


@njit(cache=True, inline="always")
def _add_spin_torque(m, spin, effective):
    """Add the field m x p of a damping-like torque, p = H_DL sigma in A/m."""
    for i in range(0, m.size, 3):
        effective[i] += m[i + 1] * spin[i + 2] - m[i + 2] * spin[i + 1]
        effective[i + 1] += m[i + 2] * spin[i] - m[i] * spin[i + 2]
        effective[i + 2] += m[i] * spin[i + 1] - m[i + 1] * spin[i]


@njit(cache=True, inline="always")
def _torque(x, y, z, hx, hy, hz, alpha):
    """Angular velocity over gamma0 / (1 + alpha^2), H + alpha m x H, with |m x H|^2 and m . H."""
    cx, cy, cz = y * hz - z * hy, z * hx - x * hz, x * hy - y * hx
    squared, along = cx * cx + cy * cy + cz * cz, x * hx + y * hy + z * hz
    return hx + alpha * cx, hy + alpha * cy, hz + alpha * cz, squared, along


@njit(cache=True, nogil=True, error_model="numpy")
def follow(
    begin, end, m, moments, response, fields, spins, durations, steps, alpha, gamma, thermal, seed, out, work, heat
):  # fmt: skip
    """Follow the trajectories `begin` to `end` through all ramps.

    `m` (trajectory, 3 magnets) is changed. `moments` (magnet) in J per A/m; `response` (magnet, magnet, 9) has the
    field in A/m that -m makes; `fields` (ramp + 1, 3 magnets) in A/m at the ends of the ramps; `spins`, of the same
    shape or of no rows, the damping-like field along the spins; `durations` and `steps` (ramp). `thermal` is k T in J.
    After each ramp m goes into `out` (trajectory, ramp, 3 magnets); `work` and `heat` (trajectory, ramp) in J are what
    the field did and what damping gave to the heat bath; the latter does not apply to a ramp with spin torques.
    """
    size, ramps, magnets = m.shape[1], durations.size, moments.size
    rate = gamma / (1.0 + alpha * alpha)
    applied, change, effective, later = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    spin, spin_change, driven = np.zeros(size), np.zeros(size), spins.shape[0] > 0
    predicted, omega, at = np.empty(size), np.empty(size), np.empty(size)
    own, own_later, trace, kick = np.empty(magnets), np.empty(magnets), np.empty(magnets), np.empty(magnets)
    for k in range(magnets):
        trace[k] = response[k, k, 0] + response[k, k, 4] + response[k, k, 8]
    for trajectory in range(begin, end):
        at[:] = m[trajectory]
        number = np.uint64(trajectory)
        count = np.uint64(0)
        for ramp in range(ramps):
            dt = durations[ramp] / steps[ramp]
            turn = rate * dt
            for i in range(size):
                applied[i] = fields[ramp, i]
                change[i] = (fields[ramp + 1, i] - fields[ramp, i]) / steps[ramp]
                if driven:
                    spin[i] = spins[ramp, i]
                    spin_change[i] = (spins[ramp + 1, i] - spins[ramp, i]) / steps[ramp]
            for k in range(magnets):
                # 2 alpha k T / (gamma0 M dt) is the variance of the random field.
                kick[k] = turn * np.sqrt(2.0 * alpha * thermal / (gamma * moments[k] * dt))
            done, given = 0.0, 0.0
            part = 0.5 * turn
            for left in range(steps[ramp], -1, -1):
                half = 0.5 * part
                _fields(at, applied, response, effective, own)
                if driven:
                    _add_spin_torque(at, spin, effective)
                for k in range(magnets):
                    i = 3 * k
                    x, y, z = at[i], at[i + 1], at[i + 2]
                    ax, ay, az, loss, along = _torque(x, y, z, effective[i], effective[i + 1], effective[i + 2], alpha)
                    # What heat gives back on average is the energy's Laplacian on the sphere of each moment.
                    given += half * (moments[k] * loss - thermal * (trace[k] - own[k] + 2.0 * along))
                    px, py, pz = turned(x, y, z, part * ax, part * ay, part * az)
                    omega[i], omega[i + 1], omega[i + 2] = ax, ay, az
                    predicted[i], predicted[i + 1], predicted[i + 2] = px, py, pz
                _fields(predicted, applied, response, later, own_later)
                if driven:
                    _add_spin_torque(predicted, spin, later)
                for k in range(magnets):
                    i = 3 * k
                    ax, ay, az, loss, along = _torque(
                        predicted[i], predicted[i + 1], predicted[i + 2], later[i], later[i + 1], later[i + 2], alpha
                    )
                    given += half * (moments[k] * loss - thermal * (trace[k] - own_later[k] + 2.0 * along))
                    x, y, z = turned(
                        at[i], at[i + 1], at[i + 2],
                        half * (omega[i] + ax), half * (omega[i + 1] + ay), half * (omega[i + 2] + az),
                    )  # fmt: skip
                    if left == 0:
                        at[i], at[i + 1], at[i + 2] = x, y, z
                        continue
                    done_here = x * change[i] + y * change[i + 1] + z * change[i + 2]
                    if thermal > 0.0:
                        a, b, c, _ = four_normals(number, count, np.uint64(k), seed)
                        x, y, z = kicked(x, y, z, kick[k] * a, kick[k] * b, kick[k] * c, alpha)
                    done_here += x * change[i] + y * change[i + 1] + z * change[i + 2]
                    done -= 0.5 * moments[k] * done_here
                    at[i], at[i + 1], at[i + 2] = x, y, z
                for i in range(size):
                    applied[i] += change[i]
                    spin[i] += spin_change[i]
                count += np.uint64(1)
                part = turn if left > 1 else 0.5 * turn
            # What rounding does to the length in a long run, and to the field.
            for k in range(magnets):
                i = 3 * k
                length = 1.0 / np.sqrt(at[i] ** 2 + at[i + 1] ** 2 + at[i + 2] ** 2)
                at[i], at[i + 1], at[i + 2] = length * at[i], length * at[i + 1], length * at[i + 2]
            out[trajectory, ramp, :] = at
            work[trajectory, ramp] = done
            heat[trajectory, ramp] = alpha * given
        m[trajectory] = at
