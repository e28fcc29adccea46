"""Compiled: thermal macrospins, one after another, by rotations.

A step is half a step of drift, a kick by heat, and half a step of drift (Strang's splitting; halves that meet are one).
Drift turns m about the mean of two angular velocities, at its beginning and at the predicted end:
Heun's scheme on the sphere, which keeps the length of m exactly. A kick does the same with the random field alone,
which converges to Stratonovich's solution. Apart, the kick keeps its size however far m precesses in a step; in one
step of Heun's with drift and heat together precession by phi averages it, and the layer is colder by phi^2 / 4.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from solitons.numerics.compiled.random_numbers import four_normals
from solitons.numerics.compiled.rotations import kicked, turned

__all__ = ["PARAMETERS", "WAVE", "follow", "velocity"]

PARAMETERS = (
    *("field_x", "field_y", "field_z", "a_xx", "a_yy", "a_zz", "a_xy", "a_xz", "a_yz"),
    *("axis_x", "axis_y", "axis_z", "field_per_volt", "polariser_x", "polariser_y", "polariser_z"),
    *("torque_field_per_current", "efficiency", "symmetric", "asymmetric", "secondary", "damping", "rate", "agitation"),
)
"""Columns of the parameters of `follow`, one row a trajectory; agitation is the random field's deviation in A/m."""
WAVE = (
    *("field_x", "field_y", "field_z", "quadrature_x", "quadrature_y", "quadrature_z", "current_density"),
    *("phase", "angular_frequency", "angular_chirp"),
)
"""Columns of the alternating drive: amplitudes of its cosine, of its sine, of the current's cosine, and its phase."""


@njit(cache=True, inline="always")
def _driven(wave, time, current):
    """Alternating field in A/m and the whole current density in A/m2, at a time in s."""
    angle = wave[7] + (wave[8] + 0.5 * wave[9] * time) * time
    cosine, sine = np.cos(angle), np.sin(angle)
    return (
        wave[0] * cosine + wave[3] * sine,
        wave[1] * cosine + wave[4] * sine,
        wave[2] * cosine + wave[5] * sine,
        current + wave[6] * cosine,
    )


@njit(cache=True, inline="always")
def velocity(x, y, z, p, torque, per_axis, fx, fy, fz):
    """Angular velocity of m over gamma0 / (1 + alpha^2), in A/m: a + m x c."""
    hx = p[0] + fx - (p[3] * x + p[6] * y + p[7] * z)
    hy = p[1] + fy - (p[6] * x + p[4] * y + p[8] * z)
    hz = p[2] + fz - (p[7] * x + p[8] * y + p[5] * z)
    along = per_axis * (x * p[9] + y * p[10] + z * p[11])
    hx += along * p[9]
    hy += along * p[10]
    hz += along * p[11]
    px, py, pz, alpha, secondary = p[13], p[14], p[15], p[21], p[20]
    epsilon = p[17] / (p[18] + p[19] * (x * px + y * py + z * pz))
    about = -(alpha * epsilon - secondary) * torque
    towards = (epsilon + alpha * secondary) * torque
    cx, cy, cz = alpha * hx + towards * px, alpha * hy + towards * py, alpha * hz + towards * pz
    return (
        hx + about * px + y * cz - z * cy,
        hy + about * py + z * cx - x * cz,
        hz + about * pz + x * cy - y * cx,
    )


@njit(cache=True, nogil=True, error_model="numpy")
def follow(
    begin, end, m, parameters, currents, voltages, waves, dt, steps, first_step, numbers, stream, key, kept, out
):
    """Follow the trajectories `begin` to `end`, each through all samples of its drive.

    `m` (trajectory, 3) is changed. `parameters` (trajectory or 1, 24), `currents` and `voltages` (trajectory or 1,
    sample) are held for `steps` steps of `dt` a sample; `waves` (trajectory or 1, 10), or none of 0 rows, alternate
    beside them, from the time of step 0 on. `numbers` (trajectory) are which random numbers each has.
    Where `kept`, m after each sample goes into `out` (trajectory, sample, 3).
    """
    samples = currents.shape[1]
    for trajectory in range(begin, end):
        p = parameters[trajectory if parameters.shape[0] > 1 else 0]
        current = currents[trajectory if currents.shape[0] > 1 else 0]
        voltage = voltages[trajectory if voltages.shape[0] > 1 else 0]
        alternates = waves.shape[0] > 0
        wave = waves[trajectory if waves.shape[0] > 1 else 0] if alternates else p
        fx, fy, fz = 0.0, 0.0, 0.0
        x, y, z = m[trajectory, 0], m[trajectory, 1], m[trajectory, 2]
        agitation, turn = p[23], p[22] * dt
        kick = turn * agitation
        number = np.uint64(numbers[trajectory])
        step = np.uint64(first_step)
        for sample in range(samples):
            torque, per_axis = p[16] * current[sample], p[12] * voltage[sample]
            part = 0.5 * turn
            time = step * dt
            if alternates:
                fx, fy, fz, density = _driven(wave, time, current[sample])
                torque = p[16] * density
            for left in range(steps, -1, -1):
                wx, wy, wz = velocity(x, y, z, p, torque, per_axis, fx, fy, fz)
                ex, ey, ez = turned(x, y, z, part * wx, part * wy, part * wz)
                if alternates:
                    time += dt if 0 < left < steps else 0.5 * dt
                    fx, fy, fz, density = _driven(wave, time, current[sample])
                    torque = p[16] * density
                ux, uy, uz = velocity(ex, ey, ez, p, torque, per_axis, fx, fy, fz)
                half = 0.5 * part
                x, y, z = turned(x, y, z, half * (wx + ux), half * (wy + uy), half * (wz + uz))
                part = turn if left > 1 else 0.5 * turn
                if left == 0:
                    break
                if agitation > 0.0:
                    hx, hy, hz, _ = four_normals(number, step, stream, key)
                    x, y, z = kicked(x, y, z, kick * hx, kick * hy, kick * hz, p[21])
                step += np.uint64(1)
            # What rounding does to the length in a long run.
            length = 1.0 / np.sqrt(x * x + y * y + z * z)
            x *= length
            y *= length
            z *= length
            if kept:
                out[trajectory, sample, 0] = x
                out[trajectory, sample, 1] = y
                out[trajectory, sample, 2] = z
        m[trajectory, 0], m[trajectory, 1], m[trajectory, 2] = x, y, z
