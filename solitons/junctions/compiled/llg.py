"""Compiled: thermal macrospins, one after another, by rotations.

Each step turns m by Cayley's transform of the mean of two angular velocities, at its beginning and at the predicted
end, with the same random field in both: Heun's scheme on the sphere, which converges to Stratonovich's solution and
keeps the length of m exactly. Where the field is along an axis, precession about it does no work whatever the step,
which Heun's scheme in Cartesian components does not have: there precession pumps energy as (omega dt)^3.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from solitons.junctions.compiled.random_numbers import four_normals

__all__ = ["PARAMETERS", "follow"]

PARAMETERS = (
    *("field_x", "field_y", "field_z", "a_xx", "a_yy", "a_zz", "a_xy", "a_xz", "a_yz"),
    *("axis_x", "axis_y", "axis_z", "field_per_volt", "polariser_x", "polariser_y", "polariser_z"),
    *("torque_field_per_current", "efficiency", "symmetric", "asymmetric", "secondary", "damping", "rate", "agitation"),
)
"""Columns of the parameters of `follow`, one row a trajectory; agitation is the random field's deviation in A/m."""


@njit(cache=True, inline="always")
def _velocity(x, y, z, hx, hy, hz, p, torque, per_axis):
    """Angular velocity of m over gamma0 / (1 + alpha^2), in A/m: a + m x c."""
    hx -= p[3] * x + p[6] * y + p[7] * z
    hy -= p[6] * x + p[4] * y + p[8] * z
    hz -= p[7] * x + p[8] * y + p[5] * z
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


@njit(cache=True, inline="always")
def _turned(x, y, z, wx, wy, wz):
    """Cayley's transform: m turned by 2 arctan(|w| / 2) about w."""
    # w x m and w x (w x m)
    ux, uy, uz = wy * z - wz * y, wz * x - wx * z, wx * y - wy * x
    vx, vy, vz = wy * uz - wz * uy, wz * ux - wx * uz, wx * uy - wy * ux
    share = 1.0 / (1.0 + 0.25 * (wx * wx + wy * wy + wz * wz))
    return x + share * (ux + 0.5 * vx), y + share * (uy + 0.5 * vy), z + share * (uz + 0.5 * vz)


@njit(cache=True, nogil=True, error_model="numpy")
def follow(begin, end, m, parameters, currents, voltages, dt, steps, first_step, numbers, stream, key, kept, out):
    """Follow the trajectories `begin` to `end`, each through all samples of its drive.

    `m` (trajectory, 3) is changed. `parameters` (trajectory or 1, 24), `currents` and `voltages` (trajectory or 1,
    sample) are held for `steps` steps of `dt` a sample. `numbers` (trajectory) says which random numbers each has.
    Where `kept`, m after each sample goes into `out` (trajectory, sample, 3).
    """
    samples = currents.shape[1]
    for trajectory in range(begin, end):
        p = parameters[trajectory if parameters.shape[0] > 1 else 0]
        current = currents[trajectory if currents.shape[0] > 1 else 0]
        voltage = voltages[trajectory if voltages.shape[0] > 1 else 0]
        x, y, z = m[trajectory, 0], m[trajectory, 1], m[trajectory, 2]
        agitation, turn = p[23], p[22] * dt
        number = np.uint64(numbers[trajectory])
        step = np.uint64(first_step)
        for sample in range(samples):
            torque, per_axis = p[16] * current[sample], p[12] * voltage[sample]
            for _ in range(steps):
                hx, hy, hz = p[0], p[1], p[2]
                if agitation > 0.0:
                    one, two, three, _four = four_normals(number, step, stream, key)
                    hx += agitation * one
                    hy += agitation * two
                    hz += agitation * three
                step += np.uint64(1)
                wx, wy, wz = _velocity(x, y, z, hx, hy, hz, p, torque, per_axis)
                ex, ey, ez = _turned(x, y, z, turn * wx, turn * wy, turn * wz)
                ux, uy, uz = _velocity(ex, ey, ez, hx, hy, hz, p, torque, per_axis)
                half = 0.5 * turn
                x, y, z = _turned(x, y, z, half * (wx + ux), half * (wy + uy), half * (wz + uz))
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
