r"""Two walls in one stripe, with a domain between them: how they push and turn each other, and when they meet.

Each wall has its position and angle as `solitons.domain_walls.wall_dynamics` has them, and nothing is fitted to how
they see each other. By exchange and anisotropy the tails of two walls a distance d apart, along phi_1 and phi_2, cost

.. math:: E_t = -16 S \sqrt{A K} \cos(\phi_1 - \phi_2)\, e^{-d / \Delta}, \qquad \sqrt{A K} = A / \Delta,

since the magnetisation half-way leans by twice the tail of one, 4 exp(-d / 2 Delta), or by none but with twice its
slope, and what pulls there is K sin^2 theta - A theta'^2. Walls whose magnetisation points alike (of opposite
chirality) attract and annihilate, those that point against each other (of the same chirality, as DMI makes them) repel
and stay. Their stray fields see each other through the same demagnetising factors as in
`solitons.domain_walls.stray_field`,

.. math::

   E_s = \frac{\mu_0 M_s^2 S}{\pi} \int_0^\infty \left[ \frac{\pi^2 \Delta^2}{\sinh^2 v} (N_{zz}(0) - N_{zz}(k))
       + \frac{\pi^2 \Delta^2}{\cosh^2 v} (N_{xx}(k) \cos\phi_1 \cos\phi_2 + N_{yy}(k) \sin\phi_1 \sin\phi_2) \right]
       \cos(k d)\, dk, \qquad v = \frac{\pi \Delta k}{2}

whose first term, of the domains, reaches far: walls repel by it. An end of the stripe is half such a wall without
width: pi Delta / sinh v is replaced by 1 / k. It pushes the wall next to it, as the other wall does: each
domain is kept by its neighbours' stray field.
The slopes of E by q and phi, over 2 mu0 Ms S, add p dE/dq to h_z and -dE/dphi / Delta to h_phi.

Where walls come nearer than pi Delta they overlap, and no sum of two walls is a state of the magnet: there the model
reports that they meet, and nothing beyond. Wall and end likewise.

Nothing of this is in a synapse: under a junction two walls make the conductance of the domain between them, which does
not order states by one coordinate. `solitons.domain_walls.pair_fit` fits a pair to runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import constants, integrate
from scipy.interpolate import CubicSpline

from geometries import Material
from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.stray_field import stripe_factors
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["PairInteraction", "PairPath", "follow_wall_pair", "pair_interaction", "pair_slopes"]

Floats = npt.NDArray[np.float64]

CONTACT = math.pi
"""Widths Delta between two walls, or a wall and an end, below which they are one thing."""
_WAVES = np.linspace(0.0, 9.0, 6001)[1:]  # v, beyond which a wall has no waves
_PLACES = 160


@dataclass(frozen=True, eq=False)
class PairInteraction:
    """Interaction of two walls and the ends of their stripe, over 2 mu0 Ms S.

    `tails` is 16 sqrt(A K) over 2 mu0 Ms, in A; Delta and the stripe's length are in m; the curves are energies in A
    over a distance in m: of the domains, of m_x and m_y at unit cosines and sines, and of a wall and an end.
    """

    tails: float
    width: float
    length: float
    domains: CubicSpline
    along: CubicSpline
    across: CubicSpline
    end: CubicSpline

    def energy(self, positions: Sequence[float] | Floats, angles: Sequence[float] | Floats) -> float:
        """E over 2 mu0 Ms S in A, of walls at two positions in m, from left to right, with two angles in rad."""
        (left, right), (one, other) = positions, angles
        distance = right - left
        energy = float(self.domains(distance)) - self.tails * math.cos(one - other) * math.exp(-distance / self.width)
        energy += float(self.along(distance)) * math.cos(one) * math.cos(other)
        energy += float(self.across(distance)) * math.sin(one) * math.sin(other)
        # The end beyond the other wall sees both, against each other.
        for wall, far in ((left, right), (self.length - right, self.length - left)):
            energy += float(self.end(wall)) - float(self.end(far))
        return energy

    def slopes(self, positions: Sequence[float] | Floats, angles: Sequence[float] | Floats) -> tuple[Floats, Floats]:
        """Derivatives of `energy` by the positions in A/m and by the angles in A."""
        by_place, by_angle = pair_slopes(self, positions, angles)
        return np.array(by_place), np.array(by_angle)


def pair_slopes(pair: Any, positions: Any, angles: Any, strength: Any = 1.0, xp: Any = np) -> tuple[Any, Any]:
    """Derivatives of `PairInteraction.energy` by the places (A/m) and by the angles (A).

    For numbers and for traced arrays (`xp` is numpy or jax.numpy). `pair` has the attributes of a `PairInteraction`,
    with curves that take a distance, and 1 for the slope. Positions in m and angles in rad from left to right;
    `strength` is a factor on the energy of two walls, not of a wall and an end.
    """
    (left, right), (one, other) = positions, angles
    d = right - left
    decay = pair.tails * xp.exp(-d / pair.width)
    x, y = pair.along(d), pair.across(d)
    by_distance = pair.domains(d, 1) + decay / pair.width * xp.cos(one - other)
    by_distance += pair.along(d, 1) * xp.cos(one) * xp.cos(other)
    by_distance += pair.across(d, 1) * xp.sin(one) * xp.sin(other)
    at_left, at_right = (pair.end(q, 1) + pair.end(pair.length - q, 1) for q in (left, right))
    turned = decay * xp.sin(one - other)
    by_one = turned - x * xp.sin(one) * xp.cos(other) + y * xp.cos(one) * xp.sin(other)
    by_other = -turned - x * xp.cos(one) * xp.sin(other) + y * xp.sin(one) * xp.cos(other)
    by_distance = strength * by_distance
    return (at_left - by_distance, by_distance - at_right), (strength * by_one, strength * by_other)


def pair_interaction(
    material: Material, *, width: float, length: float, thickness: float, stripe_width: float
) -> PairInteraction:
    """How two walls interact, from the material (A, Ms) and the stripe's sizes in m; `width` is Delta.

    ValueError if two walls do not have room in the stripe.
    """
    if not length > 3 * CONTACT * width:
        raise ValueError(
            f"pair_interaction: length = {length} m has no room for two walls with Delta = {width} m; give at least "
            f"{3 * CONTACT * width:.3g} m"
        )
    k = 2 * _WAVES / (np.pi * width)
    n_x, n_y, n_z = stripe_factors(k, thickness, stripe_width)
    gain = stripe_factors([0.0], thickness, stripe_width)[2] - n_z
    wall, transverse, face = np.pi * width / np.sinh(_WAVES), np.pi * width / np.cosh(_WAVES), 1 / k
    distance = np.linspace(width, length, _PLACES)
    waves = np.cos(np.outer(distance, k))

    def over(density: Floats) -> CubicSpline:
        # mu0 Ms^2 S / pi over 2 mu0 Ms S. The first wave stands for those below it.
        values = integrate.trapezoid(waves * density, k, axis=1) + waves[:, 0] * density[0] * k[0] / 2
        return CubicSpline(distance, material.Ms / (2 * np.pi) * values)

    return PairInteraction(
        tails=16 * material.A / width / (2 * constants.mu_0 * material.Ms),
        width=width,
        length=length,
        domains=over(wall**2 * gain),
        along=over(transverse**2 * n_x),
        across=over(transverse**2 * n_y),
        end=over(wall * face * gain),
    )


class PairPath(NamedTuple):
    """Paths of two walls.

    q in m and phi in rad from left to right, (2, samples), NaN once they have met, and when in s they met, or one of
    them an end; None if they did not.
    """

    position: Floats
    angle: Floats
    met: float | None


@eqx.filter_jit
def _rates(walls: WallDynamics, state: Any, current: Any, field: Any, added: Any) -> Any:
    def one(wall: WallDynamics, q: Any, phi: Any, more: Any) -> Any:
        return jnp.stack(wall.rates(q, phi, current, field, (more[0], more[1], 0.0))[:2])

    return jax.vmap(one)(walls, state[:2], state[2:], added).T.ravel()


def follow_wall_pair(
    wall: WallDynamics,
    interaction: PairInteraction,
    times: npt.ArrayLike,
    current_density: PiecewiseLinear | None = None,
    field: Sequence[PiecewiseLinear] | None = None,
    *,
    position: tuple[float, float],
    angle: tuple[float, float],
    max_step: float = 2e-11,
) -> PairPath:
    """Follow two walls through a drive.

    Parameters
    ----------
    wall : WallDynamics
        The left one; the right one has the same parameters and the opposite polarity. It stands straight and has a
        rigid width.
    interaction : PairInteraction
        From `pair_interaction`.
    times : array (samples,)
        In s; `position` is at the first.
    current_density : PiecewiseLinear, optional
        J(t) in A/m2.
    field : three PiecewiseLinear, optional
        Hx(t), Hy(t), Hz(t) in A/m.
    position, angle : two of float
        q in m and phi in rad at the first time, from left to right.
    max_step : float
        Longest step of the error-controlled method in s: no pulse is shorter.

    Returns
    -------
    PairPath

    Raises
    ------
    ValueError
        If the walls begin in contact or in the wrong order, or the wall tilts or breathes.
    RuntimeError
        If the equations cannot be followed to the last time.

    Examples
    --------
    >>> from geometries import Material
    >>> from solitons.domain_walls import follow_wall_pair, wall_from_material
    >>> from solitons.domain_walls.wall_pair import pair_interaction
    >>> film = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.3)
    >>> size = {"thickness": 1e-9, "stripe_width": 32e-9, "width": 6e-9}
    >>> pair = pair_interaction(film, length=320e-9, **size)
    >>> wall = wall_from_material(film, polarity=-1, **size)
    >>> path = follow_wall_pair(wall, pair, [0, 1e-9], position=(120e-9, 180e-9), angle=(1.57, 1.57))
    >>> path.position.shape
    (2, 2)
    """
    if wall.tilting is not None or np.any(wall.breathing.softness):
        raise ValueError("follow_wall_pair: the wall tilts or breathes; give one without tilting and breathing")
    gap = CONTACT * interaction.width

    def room(_: float, state: Floats) -> float:
        left, right = state[:2]
        return float(min(right - left, left, interaction.length - right)) - gap

    start = np.array([*position, *angle], dtype=np.float64)
    if not room(0.0, start) > 0:
        raise ValueError(
            f"follow_wall_pair: position = {position} m: walls and ends are to be further apart than {gap:.3g} m, the "
            "left one first"
        )
    times = np.asarray(times, dtype=np.float64)
    zero = PiecewiseLinear((0.0,), (0.0,))
    current, applied = current_density or zero, list(field or (zero, zero, zero))
    polarity = float(wall.polarity) * np.array([1.0, -1.0])

    def both(leaf: Floats) -> Floats:
        return np.stack([np.asarray(leaf)] * 2)

    with jax.enable_x64(True):
        walls = jax.tree.map(both, wall)
        walls = eqx.tree_at(lambda each: each.polarity, walls, polarity)

        def rates(t: float, state: Floats) -> Floats:
            by_place, by_angle = interaction.slopes(state[:2], state[2:])
            added = np.stack([-by_angle / interaction.width, polarity * by_place], axis=1)
            now = np.array([float(wave(t)) for wave in applied])
            return np.asarray(_rates(walls, state, np.float64(current(t)), now, added))

        room.terminal = True  # type: ignore[attr-defined]
        span = (times[0], times[-1])
        found = integrate.solve_ivp(
            rates, span, start, t_eval=times, events=room, rtol=1e-6, atol=1e-12, max_step=max_step
        )
    if found.status < 0:
        raise RuntimeError(
            f"follow_wall_pair: the walls could be followed through {found.t.size} of {times.size} times only "
            f"({found.message}); give a weaker drive"
        )
    path = np.full((4, times.size), np.nan)
    path[:, : found.t.size] = found.y
    met = float(found.t_events[0][0]) if found.t_events[0].size else None
    return PairPath(path[:2], path[2:], met)
