r"""Thermal motion of a wall without a current, after any time: it diffuses in its landscape and hops over it.

Over times in which its angle comes to rest, a wall is a particle with the potential V, the force of its landscape being
-dV/dq = 2 mu_0 M_s S F(q), and the diffusion coefficient

.. math:: D(q) = \frac{k_B T}{2 \mu_0 M_s S}\, \frac{\gamma_0 \Delta}{\alpha}\, r(q)

r is 1 where the landscape is level or a well. At the top of a barrier with F' = k > 0 the wall does not creep down: its
angle gives way first, by the field h that holds it. There it leaves at lambda, the growing solution of the two
equations of motion,

.. math::

   \lambda^2 - \alpha (\Delta k - h)\, \lambda - (1 + \alpha^2)\, \Delta h k = 0, \qquad
   r = \frac{\alpha \lambda}{(1 + \alpha^2) \Delta k} \le 1

in units of gamma_0 / (1 + alpha^2), so that a hop over a high barrier has Langer's rate of the two coordinates, and a
level stretch the diffusion that `solitons.domain_walls.heat` has. That holds while a wall loses more than k T in one
oscillation in its well, which a damping of some per cent does. The wall's tilt is left out.

Places are sites, and the probability to go from one to the next keeps detailed balance exactly (Scharfetter and
Gummel's formula). The matrix of a short time is squared until the time is reached. All its numbers are sums of what is
not negative, so that a chance of 1e-12 has its digits, and a year costs as much as a microsecond.

Sources: J. S. Langer, Ann. Phys. 54, 258 (1969); D. L. Scharfetter and H. K. Gummel, IEEE Trans. Electron Devices 16,
64 (1969), for the formula as it is usually given; neither was read.
"""

from __future__ import annotations

import math
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import constants

from solitons.devices.drift import Drift, DriftUnknownError, checked_rest
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["attempt_rate", "hopping_matrix", "wall_drift"]

Floats = npt.NDArray[np.float64]

_SITES_A_WIDTH = 6.0
_MOST_SITES = 1500
_HELD = 3.0
"""k T that must keep the angle: a wall that heat turns moves as no particle with one mobility does."""
_ANGLES = 720
_TERMS = 24
_INTEGRAL = 400


def hopping_matrix(up: npt.ArrayLike, down: npt.ArrayLike, time: float) -> Floats:
    """Probabilities (sites, sites) to be at each site after a time in s, a row for each start; rows add up to 1.

    `up` and `down` (sites - 1,) are rates in 1/s from each site to the next one, and back.
    """
    forth, back = np.asarray(up, dtype=np.float64), np.asarray(down, dtype=np.float64)
    count = forth.size + 1
    leaves = np.zeros(count)
    leaves[:-1] += forth
    leaves[1:] += back
    fastest = max(float(leaves.max()), 1e-300)
    halvings = max(0, math.ceil(math.log2(max(fastest * time, 1e-300))))
    length = fastest * time / 2.0**halvings
    # One jump of the uniform clock; no number in it is negative.
    jump = np.diag(1 - leaves / fastest) + np.diag(forth / fastest, 1) + np.diag(back / fastest, -1)
    term, found = np.eye(count), np.eye(count)
    for order in range(1, _TERMS):
        term = term @ jump * (length / order)
        found += term
    found /= found.sum(axis=1, keepdims=True)
    for _ in range(halvings):
        found = found @ found
        found /= found.sum(axis=1, keepdims=True)
    return found


def wall_drift(wall: WallDynamics, left: float, right: float, time: float, temperature: float) -> Drift:
    """Give what draws the positions of walls after a rest.

    The time is in s, the temperature in K; ends in m stop them. DriftUnknownError if the wall has no moment per length,
    heat turns its angle, or the time is shorter than its angle takes to come to rest; ValueError if time or temperature
    is not above 0.
    """
    checked_rest(time, temperature, "wall_drift")
    thermal, width, held = _steady_angle(wall, (left + right) / 2, temperature)
    settled = (1 + float(wall.alpha) ** 2) / (float(wall.gamma0) * float(wall.alpha) * held)
    if time < settled:
        raise DriftUnknownError(
            f"in {time:.2g} s the angle of its wall does not come to rest, which takes {settled:.2g} s; ask for longer "
            "times, or follow it with solitons.domain_walls.follow_hot_walls"
        )
    count = min(math.ceil((right - left) / (width / _SITES_A_WIDTH)) + 1, _MOST_SITES)
    sites = np.linspace(left, right, count)
    spacing = float(sites[1] - sites[0])
    rises, diffusion = _between(wall, sites, thermal, width, held)
    sizes = diffusion / spacing**2
    reached = np.cumsum(hopping_matrix(sizes * _bernoulli(rises), sizes * _bernoulli(-rises), time), axis=1)

    def drawn(coordinate: Floats, generator: np.random.Generator) -> Floats:
        start = np.asarray(coordinate, dtype=np.float64)
        site = np.clip((start - left) / spacing, 0, count - 1)
        first = np.minimum(np.floor(site + generator.random(start.shape)), count - 1).astype(np.intp)
        chance, last = generator.random(start.shape), np.empty(start.shape, dtype=np.intp)
        for each in np.unique(first):
            here = first == each
            last[here] = np.searchsorted(reached[each], chance[here])
        moved = sites[np.minimum(last, count - 1)] - sites[first]
        return np.asarray(np.clip(start + moved, left, right))

    return drawn


def attempt_rate(wall: WallDynamics, ends: tuple[float, float], over: tuple[float, float], temperature: float) -> float:
    r"""How often in 1/s a wall tries a hill: its rate is this times exp(-E / k T), E being the energy to the top.

    Kramers' integrals with the diffusion D(q) of this module, V being the energy over k T less that of the well in the
    first and that of the top in the second,

    .. math:: f = \left[\int_{ends} e^{-V} dq \int_{over} \frac{e^{V}}{D} dq\right]^{-1}

    which is Langer's prefactor of the two coordinates where well and top are parabolas. Another way over the same hill,
    such as that of a line that bends, has another E; its further coordinates have no part in f.

    Parameters
    ----------
    wall : WallDynamics
        In its landscape; with a moment per length.
    ends : (float, float)
        The hills in m on both sides of the well.
    over : (float, float)
        The well, and the lowest place behind the hill that is tried, in m.
    temperature : float
        In K.

    Raises
    ------
    DriftUnknownError
        If the wall has no moment per length, or heat turns its angle.

    Examples
    --------
    Between sines of 1 kA/m, 60 nm apart:

    >>> from solitons.domain_walls.pinning import PeriodicPinning
    >>> pinning = PeriodicPinning(strength=1e3, period=60e-9, site=0.0)
    >>> wall = WallDynamics(
    ...     alpha=0.3, width=6e-9, hard_axis_field=1e5, polarity=-1, moment_per_length=1e-9, pinning=pinning
    ... )
    >>> rate = attempt_rate(wall, (-30e-9, 30e-9), (0.0, 60e-9), 300.0)
    >>> parabolas = wall.gamma0 * wall.width / wall.alpha * 1e3 / 60e-9  # without the angle
    >>> bool(0.8 < rate / parabolas < 1.0)
    True
    """
    thermal, width, held = _steady_angle(wall, over[0], temperature)

    def integral(first: float, last: float, sign: int) -> float:
        sites = np.linspace(min(first, last), max(first, last), _INTEGRAL)
        rises, diffusion = _between(wall, sites, thermal, width, held)
        energy = np.concatenate([[0.0], np.cumsum(rises)])
        at = sign * (energy[1:] + energy[:-1]) / 2
        extreme = float((sign * energy).max())
        return float(np.sum(np.exp(at - extreme) / (diffusion if sign > 0 else 1.0)) * (sites[1] - sites[0]))

    return 1 / (integral(*ends, -1) * integral(*over, 1))


def _between(wall: WallDynamics, sites: Floats, thermal: float, width: float, held: float) -> tuple[Floats, Floats]:
    """Rises of the energy in k T from each site to the next, and the diffusion coefficient in m2/s between them."""
    spacing = float(sites[1] - sites[0])
    with jax.enable_x64(True):
        between = (sites[1:] + sites[:-1]) / 2
        push, before, after = (
            np.asarray(wall.pinning.push(jnp.asarray(between + shift)), dtype=np.float64)
            for shift in (0.0, -width / 2, width / 2)
        )
    rises = np.broadcast_to(-push * spacing / thermal, between.shape)
    slope = np.broadcast_to((after - before) / width, between.shape)
    alpha = float(wall.alpha)
    return rises, thermal * float(wall.gamma0) * width / alpha * _reduced(alpha, width * slope, held)


def _steady_angle(wall: WallDynamics, position: float, temperature: float) -> tuple[float, float, float]:
    """Thermal energy as a field times a length in A, the width in m, and the field in A/m that holds the angle."""
    moment = float(wall.moment_per_length)
    if not moment > 0:
        raise DriftUnknownError(
            "its wall has no moment_per_length, so that it is not known how strongly heat shakes it; fit it again with "
            "this version, or give Ms times the stripe's cross-section"
        )
    thermal = constants.k * temperature / (2 * constants.mu_0 * moment)
    width, held, lowest = _about_angle(wall, position)
    if not lowest * width > _HELD * thermal:
        raise DriftUnknownError(
            f"{lowest * width / thermal:.2g} k T keep the angle of its wall at {temperature:g} K, fewer than "
            f"{_HELD:g}, so that heat turns it and no one mobility holds; follow it with "
            "solitons.domain_walls.follow_hot_walls"
        )
    return thermal, width, held


def _about_angle(wall: WallDynamics, position: float) -> tuple[float, float, float]:
    """Width in m at rest, field in A/m that holds the angle, and the lowest barrier of the angle over its energy."""
    alpha, gamma0 = float(wall.alpha), float(wall.gamma0)
    phases = 2 * np.pi * np.arange(_ANGLES) / _ANGLES
    with jax.enable_x64(True):
        per_field, held, torque = map(np.asarray, _responses(wall, np.float64(position), phases))
    torque = torque - torque.mean()
    energy = -np.cumsum((torque + np.roll(torque, 1)) / 2) * 2 * np.pi / _ANGLES
    rest = int(energy.argmin())
    width = abs(float(per_field[rest])) * (1 + alpha**2) / (gamma0 * alpha)
    # It may turn either way, and comes to rest at the next minimum: the first top that it passes on each side.
    round_about = np.append(np.roll(energy, -rest), energy[rest]) - energy[rest]
    return width, float(held[rest]), min(_first_top(round_about), _first_top(round_about[::-1]))


@eqx.filter_jit
def _responses(wall: WallDynamics, position: Any, phases: Any) -> tuple[Any, Any, Any]:
    """By the angle: velocity for a field along z, the field that holds the angle, and the torque on it in A/m."""

    def turned(phi: Any) -> Any:
        return wall.rates(position, phi, 0.0, jnp.zeros(3))[1] * (1 + wall.alpha**2) / (wall.gamma0 * wall.alpha)

    def velocity(along_z: Any, phi: Any) -> Any:
        return wall.rates(position, phi, 0.0, jnp.stack([0.0 * along_z, 0.0 * along_z, along_z]))[0]

    per_field = jax.vmap(jax.grad(velocity), in_axes=(None, 0))(jnp.zeros(()), phases)
    return per_field, -jax.vmap(jax.grad(turned))(phases), jax.vmap(turned)(phases)


def _first_top(energy: Floats) -> float:
    falls = np.flatnonzero(np.diff(energy) < 0)
    falls = falls[energy[falls] > 0]
    return float(energy[falls[0]]) if falls.size else float(energy.max())


def _reduced(alpha: float, steepness: Floats, held: float) -> Floats:
    """The r of a barrier of steepness Delta k in A/m; 1 where there is none."""
    k = np.maximum(steepness, 1e-9 * held)
    middle = alpha * (k - held) / 2
    product = (1 + alpha**2) * held * k
    # The root without a difference of nearly equal numbers.
    growth = product / (np.sqrt(middle**2 + product) - middle)
    return np.where(steepness > 0, np.minimum(alpha * growth / ((1 + alpha**2) * k), 1.0), 1.0)


def _bernoulli(x: Floats) -> Floats:
    """Bernoulli's function, x / (exp(x) - 1)."""
    near = np.abs(x) < 1e-6
    safe = np.where(near, 1.0, x)
    with np.errstate(over="ignore"):
        return np.where(near, 1 - x / 2, safe / np.expm1(safe))
