r"""When a current makes a moment oscillate: the state in which it rests, and the current that makes it unstable.

The state at rest moves a little with the current. About it m obeys a linear equation in its two components across it,
with the eigenvalues :math:`\lambda = -\Gamma \pm i \omega`; the threshold is where :math:`\Gamma` is 0, and the moment
begins to turn at :math:`\omega / 2\pi`. In a layer with one axis of symmetry this is
:math:`a_J = \alpha (H + H_k)` with the torque's field :math:`a_J` (`Macrospin.critical_current`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solitons.junctions.macrospin import Macrospin

__all__ = [
    "SmallOscillation",
    "Threshold",
    "linear_motion",
    "rest_direction",
    "resting_under",
    "small_oscillation",
    "threshold",
]

Floats = npt.NDArray[np.float64]

_STEP = 1e-5
_CLOSE = 1e-10
_ITERATIONS = 60
_PARTS, _FOLLOWED = 400, 40
"""Currents at which the state at rest is followed, to find a threshold and to reach a current."""


class SmallOscillation(NamedTuple):
    """The motion about a state at rest: its direction, its rate of decay in 1/s and its frequency in Hz."""

    direction: Floats
    decay: float
    frequency: float


class Threshold(NamedTuple):
    """The current density in A/m2 at which a state at rest becomes unstable, and the frequency in Hz there."""

    current_density: float
    frequency: float
    direction: Floats


def rest_direction(spin: Macrospin, start: npt.ArrayLike) -> Floats:
    """Give the direction in which a moment comes to rest without current, from a direction near it.

    Raises
    ------
    ValueError
        If it finds no rest: the start is on a ridge of the energy.

    Examples
    --------
    >>> disc = Macrospin(volume=1e-24, thickness=1e-9, saturation=1e6, anisotropy=2e5, damping=0.02, temperature=0.0)
    >>> (rest_direction(disc, (0.1, 0, 1)).round(6) + 0.0).tolist()
    [0.0, 0.0, 1.0]
    """
    from solitons.junctions.ensemble import follow_macrospins

    eager = replace(spin, damping=np.asarray(1.0), temperature=np.asarray(0.0))
    scale = spin.gyromagnetic_ratio * (spin.hard_axis_field + float(np.linalg.norm(spin.field)))
    begin = np.asarray(start, dtype=np.float64).reshape(1, 3)
    run = follow_macrospins(eager, begin, 400 / scale, seed=0)
    found = _balanced(spin, run["m"].values[0, -1], 0.0)
    if found is None or small_oscillation(spin, found, 0.0).decay < 0:
        raise ValueError(
            f"rest_direction: the moment does not come to rest from {begin[0]}; begin nearer to an easy direction"
        )
    return found


def small_oscillation(spin: Macrospin, direction: npt.ArrayLike, current_density: float) -> SmallOscillation:
    """Give decay and frequency of small oscillations about a state at rest under a current.

    Parameters
    ----------
    spin : Macrospin
        The moment; its temperature does not matter.
    direction : three floats
        State at rest under the current.
    current_density : float
        In A/m2.

    Returns
    -------
    SmallOscillation
        A decay below 0 is growth.

    Examples
    --------
    >>> disc = Macrospin(volume=1e-24, thickness=1e-9, saturation=1e6, anisotropy=2e5, damping=0.02, temperature=0.0)
    >>> found = small_oscillation(disc, (0, 0, 1), 0.0)  # omega = gamma0 H_k / (1 + alpha^2), decay = alpha omega
    >>> round(found.frequency * 1e-9, 3), round(found.decay / (2 * np.pi * found.frequency), 4)
    (11.205, 0.02)
    """
    m = np.asarray(direction, dtype=np.float64)
    m = m / np.linalg.norm(m)
    values = np.linalg.eigvals(linear_motion(spin, m, current_density)[0])
    return SmallOscillation(m, -float(values.real.max()), float(np.abs(values.imag).max() / (2 * np.pi)))


def linear_motion(spin: Macrospin, m: Floats, current_density: float) -> tuple[Floats, Floats, tuple[Floats, Floats]]:
    """Give the linear equation of a moment about a direction.

    Returns
    -------
    tuple
        The Jacobian of dm/dt across m in 1/s, shape (2, 2); the derivative of dm/dt across m by the current density, in
        1/s per A/m2, shape (2,); and the two unit vectors across m.
    """
    u, v = _across(m)
    slopes = [
        (_rate(spin, _moved(m, by), current_density) - _rate(spin, _moved(m, -by), current_density)) / (2 * _STEP)
        for by in (_STEP * u, _STEP * v)
    ]
    # The torque is linear in the current.
    torque = _rate(spin, m, 1.0) - _rate(spin, m, 0.0)
    matrix = np.array([[slope @ u for slope in slopes], [slope @ v for slope in slopes]])
    return matrix, np.array([torque @ u, torque @ v]), (u, v)


def resting_under(spin: Macrospin, rest: Floats, current_density: float) -> Floats | None:
    """Follow a state at rest from no current to a current density in A/m2; None where it is lost on the way."""
    found: Floats | None = rest
    for share in np.linspace(0, 1, _FOLLOWED + 1)[1:]:
        found = _balanced(spin, found, float(share * current_density)) if found is not None else None
    return found


def threshold(spin: Macrospin, start: npt.ArrayLike, largest: float) -> Threshold | None:
    """Find the weakest current that makes a moment leave its state at rest.

    The state is followed as the current grows, from that without current on.

    Parameters
    ----------
    spin : Macrospin
        The moment; its temperature does not matter.
    start : three floats
        Direction near the state at rest.
    largest : float
        Current density in A/m2 up to which it is looked for, with the sign of the current.

    Returns
    -------
    Threshold or None
        None where the state stays stable, or turns with the current until it is gone without having oscillated.

    Raises
    ------
    ValueError
        If the moment comes to rest nowhere.

    Examples
    --------
    >>> disc = Macrospin(volume=1e-24, thickness=1e-9, saturation=1e6, anisotropy=2e5, damping=0.02, temperature=0.0)
    >>> found = threshold(disc, (0, 0, 1), -1e11)  # against the polariser
    >>> bool(np.isclose(found.current_density, disc.critical_current(state=1)))
    True
    """
    rest = rest_direction(spin, start)
    before = 0.0
    for current in np.linspace(0, largest, _PARTS + 1)[1:]:
        found = _balanced(spin, rest, float(current))
        if found is None or found @ rest < 0.5:
            return None
        if small_oscillation(spin, found, float(current)).decay < 0:
            return _between(spin, rest, before, float(current))
        rest, before = found, float(current)
    return None


def _between(spin: Macrospin, rest: Floats, stable: float, unstable: float) -> Threshold | None:
    """Bisect: which is fast enough, and needs no slope of a state that is followed."""
    for _ in range(_ITERATIONS):
        middle = (stable + unstable) / 2
        found = _balanced(spin, rest, middle)
        if found is None:
            return None
        rest, motion = found, small_oscillation(spin, found, middle)
        stable, unstable = (middle, unstable) if motion.decay > 0 else (stable, middle)
    return Threshold(unstable, motion.frequency, rest) if motion.frequency > 0 else None


def _rate(spin: Macrospin, m: Floats, current_density: float) -> Floats:
    """dm/dt in 1/s."""
    p, b = spin.polariser_direction, float(spin.torque_field(current_density))
    field = spin.field - spin.anisotropy_matrix @ m
    epsilon, secondary, alpha = float(spin.efficiency(m @ p)), spin.secondary, float(spin.damping)
    about = field - (alpha * epsilon - secondary) * b * p
    towards = alpha * field + (epsilon + alpha * secondary) * b * p
    rate = -float(spin.gyromagnetic_ratio) / (1 + alpha**2)
    return np.asarray(rate * (np.cross(m, about) + np.cross(m, np.cross(m, towards))))


def _across(m: Floats) -> tuple[Floats, Floats]:
    u = np.cross(m, np.eye(3)[np.abs(m).argmin()])
    u /= np.linalg.norm(u)
    return u, np.cross(m, u)


def _moved(m: Floats, by: Floats) -> Floats:
    moved = m + by
    return np.asarray(moved / np.linalg.norm(moved))


def _balanced(spin: Macrospin, near: Floats, current_density: float) -> Floats | None:
    """The state at rest near a direction, by Newton's method on the sphere; None where there is none."""
    m = near / np.linalg.norm(near)
    scale = float(spin.gyromagnetic_ratio) * (spin.hard_axis_field + float(np.linalg.norm(spin.field)))
    for _ in range(_ITERATIONS):
        rate = _rate(spin, m, current_density)
        if np.linalg.norm(rate) < _CLOSE * scale:
            return m
        matrix, _, (u, v) = linear_motion(spin, m, current_density)
        if abs(np.linalg.det(matrix)) < 1e-12 * scale**2:
            return None
        by = np.linalg.solve(matrix, [-rate @ u, -rate @ v])
        m = _moved(m, (by[0] * u + by[1] * v) * min(1.0, 0.2 / max(float(np.linalg.norm(by)), 1e-30)))
    return None
