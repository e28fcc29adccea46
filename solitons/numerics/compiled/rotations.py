"""Compiled: unit vectors turned by a finite angle, and kicked by heat."""

from __future__ import annotations

from numba import njit

__all__ = ["kicked", "turned"]


@njit(cache=True, inline="always")
def turned(x, y, z, wx, wy, wz):
    """M turned by the angle |w| about w: Cayley's transform of a vector as long as 2 tan(|w| / 2), by its series."""
    squared = wx * wx + wy * wy + wz * wz
    # Without it kicks are smaller by 5/6 of their variance, and rates by as much times the barrier.
    longer = 1.0 + squared * (1.0 / 12.0 + squared * (1.0 / 120.0 + squared * (17.0 / 20160.0)))
    wx *= longer
    wy *= longer
    wz *= longer
    # w x m and w x (w x m)
    ux, uy, uz = wy * z - wz * y, wz * x - wx * z, wx * y - wy * x
    vx, vy, vz = wy * uz - wz * uy, wz * ux - wx * uz, wx * uy - wy * ux
    share = 1.0 / (1.0 + 0.25 * longer * longer * squared)
    return x + share * (ux + 0.5 * vx), y + share * (uy + 0.5 * vy), z + share * (uz + 0.5 * vz)


@njit(cache=True, inline="always")
def kicked(x, y, z, hx, hy, hz, alpha):
    """A kick by the angle h + alpha m x h, with the mean of m x h before and after it."""
    wx, wy, wz = hx + alpha * (y * hz - z * hy), hy + alpha * (z * hx - x * hz), hz + alpha * (x * hy - y * hx)
    ex, ey, ez = turned(x, y, z, wx, wy, wz)
    ux, uy, uz = hx + alpha * (ey * hz - ez * hy), hy + alpha * (ez * hx - ex * hz), hz + alpha * (ex * hy - ey * hx)
    return turned(x, y, z, 0.5 * (wx + ux), 0.5 * (wy + uy), 0.5 * (wz + uz))
