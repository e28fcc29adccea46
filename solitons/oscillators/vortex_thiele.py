r"""Thiele's equation of a vortex core in a disc, with coefficients that depend on the orbit.

With the core at X from the disc's middle, s = \|X\| / R, polarity p and circulation C, under a current density J
through the plane whose polariser has a component along +z,

.. math::

    p\, G(s)\, \hat z \times \dot{\mathbf X} + D(s)\, \dot{\mathbf X} + [\kappa(s) - C J \kappa_J(s)]\, \mathbf X
    + J a_J(s)\, \hat z \times \mathbf X = 0

- G, the gyrovector: on a large orbit the texture bends, and G is what makes G(s) times the angular velocity the slope
  of the energy, dE / d(rho^2 / 2);
- D the damping, and a_J the force of the spin torque;
- kappa the stiffness of stray field and exchange, kappa_J that of the Oersted field (a positive current makes a
  clockwise field, see `geometries.ThroughPlane`).

Each is a series c0 + c1 s^2 + c2 s^4, of any length. In the complex plane X' / X = growth + i angular velocity, both
of s alone, so that a step turns exactly and may be longer than a turn where growth is slow.

Heat moves the core as a Brownian particle with the diffusion constant k T D / (G^2 + D^2) in each direction.

Sources: A. A. Thiele, Phys. Rev. Lett. 30, 230 (1973); coefficients over the orbit from runs: F. Abreu Araujo, C.
Chopin and S. de Wergifosse, arXiv:2206.13596. Others are with the closed forms (`vortex_coefficients`).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import constants

from solitons.fits.provenance import OscillatorProvenance
from solitons.numerics.parameters import namespace_of, real

__all__ = ["VortexThiele"]

FloatArray = npt.NDArray[np.float64]
_RADII = 4000
_LONGEST = 2.0
"""Angle in rad of the longest step of `radii`."""


class VortexThiele(eqx.Module):
    """A vortex core's equation, which stands in the module's docstring, and its motion.

    Parameters
    ----------
    disc_radius : float
        R in m.
    gyrovector, stiffness, oersted_stiffness, damping, torque : array (terms,)
        Series of G in J s/m2 (positive), kappa in N/m, kappa_J in N/m per A/m2 (0 without an Oersted field), D in
        J s/m2, and a_J in N/m per A/m2 (positive for a polariser along +z).
    polarity, circulation : float
        p and C, 1 or -1.
    reach : float
        Largest s up to which the series hold. Beyond it the core is lost: NaN.
    provenance : OscillatorProvenance, optional
        Provenance of the series, if they were fitted.

    Examples
    --------
    A vortex whose frequency and damping grow with its orbit, at 1.3 times its threshold:

    >>> disc = VortexThiele(1e-7, [3e-13], [9e-4, 3e-4], [9e-16], [2e-14, 1e-14], [4e-16])
    >>> radius, frequency = disc.orbit(1.3 * disc.threshold())
    >>> round(radius * 1e9), round(frequency / 1e9, 3)
    (55, 0.635)
    """

    disc_radius: Any = eqx.field(converter=real)
    gyrovector: Any = eqx.field(converter=real)
    stiffness: Any = eqx.field(converter=real)
    oersted_stiffness: Any = eqx.field(converter=real)
    damping: Any = eqx.field(converter=real)
    torque: Any = eqx.field(converter=real)
    polarity: Any = eqx.field(converter=real, default=1.0)
    circulation: Any = eqx.field(converter=real, default=1.0)
    reach: Any = eqx.field(converter=real, default=1.0)
    provenance: OscillatorProvenance | None = None

    def rates(self, radius: Any, current_density: Any) -> tuple[Any, Any]:
        """Growth rate of an orbit and angular velocity, both in 1/s, at a radius in m; counterclockwise is positive."""
        xp = namespace_of(radius, current_density, self.stiffness)
        square = (radius / self.disc_radius) ** 2
        gyrovector, stiffness, oersted, damping, torque = (
            xp.polyval(each[::-1], square)
            for each in (self.gyrovector, self.stiffness, self.oersted_stiffness, self.damping, self.torque)
        )
        stiffness = stiffness - self.circulation * current_density * oersted
        push, turn = current_density * torque, self.polarity * gyrovector
        norm = turn**2 + damping**2
        return -(stiffness * damping + turn * push) / norm, (turn * stiffness - push * damping) / norm

    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = 0.0) -> Any:
        """Move cores on by a time dt in s: of second order in the growth, and exact in the rotation.

        `state` (..., 2) are their places from the middle of their discs in m, `current_density` is in A/m2, broadcast
        to (...), and `noise` (..., 2) what heat displaces them by, in m. NaN where a core is farther out than `reach`.
        """
        xp = namespace_of(state, current_density, noise, self.stiffness)
        place = state[..., 0] + 1j * state[..., 1]
        half = xp.exp(self.rates(xp.abs(place), current_density)[0] * dt / 2)
        growth, turning = self.rates(xp.abs(place) * half, current_density)
        place = place * xp.exp((growth + 1j * turning) * dt)
        # The noise of a step has come at its middle: the cloud at rest has the right size at any step.
        moved = xp.stack([place.real, place.imag], axis=-1) + xp.exp(growth * dt / 2)[..., None] * noise
        return xp.where((xp.abs(place) > self.reach * self.disc_radius)[..., None], xp.nan, moved)

    def threshold(self) -> float:
        """Current density in A/m2 above which a core leaves the middle; it has the sign of the current that drives."""
        series = (self.gyrovector, self.stiffness, self.oersted_stiffness, self.damping, self.torque)
        g, stiffness, oersted, d, torque = (float(each[0]) for each in series)
        # Growth at s = 0 is linear in J.
        return -stiffness * d / (float(self.polarity) * g * torque - float(self.circulation) * oersted * d)

    def orbit(self, current_density: float) -> tuple[float, float]:
        """Radius in m and frequency in Hz of the orbit at which a core that starts in the middle ends.

        0 and the frequency of a small orbit where it comes back to the middle; NaN where no orbit holds it.
        """
        radii = np.linspace(0.0, float(self.reach), _RADII) * float(self.disc_radius)
        growth = self.rates(radii, current_density)[0]
        falls = np.flatnonzero((growth[:-1] > 0) & (growth[1:] <= 0))
        radius = 0.0 if growth[0] <= 0 else math.nan
        if growth[0] > 0 and falls.size:
            k = int(falls[0])
            share = growth[k] / (growth[k] - growth[k + 1])
            radius = float(radii[k] + share * (radii[k + 1] - radii[k]))
        return radius, abs(float(self.rates(radius, current_density)[1])) / (2 * np.pi)

    def radii(self, start: float, current_density: float, times: npt.ArrayLike) -> FloatArray:
        """Radii in m at times in s, from a radius in m at the first of them; NaN once the core is lost."""
        turning = abs(float(self.rates(start, current_density)[1]))
        state, found = np.array([start, 0.0]), [float(start)]
        for interval in np.diff(np.asarray(times, dtype=np.float64)):
            number = max(1, math.ceil(interval * turning / _LONGEST))
            for _ in range(number):
                state = self.step(state, current_density, interval / number)
            found.append(float(np.hypot(*state)))
        return np.array(found)

    def follow(
        self,
        state: npt.ArrayLike,
        current_density: npt.ArrayLike,
        dt: float,
        steps: int,
        *,
        temperature: float = 0.0,
        seed: int = 0,
        spread: float = 0.0,
    ) -> FloatArray:
        """Places (..., 2) in m of many cores after many steps of equal time, compiled; arguments as for `step`.

        `temperature` is in K, with the diffusion constant of the middle, `seed` is that of the random numbers, and
        `spread` the relative standard deviation of the cores' frequencies, as discs of one wafer have it.
        """
        diffusion = constants.k * temperature * self.damping[0] / (self.gyrovector[0] ** 2 + self.damping[0] ** 2)
        with jax.enable_x64(True):
            begin = jnp.asarray(state, dtype=jnp.float64)
            key, other = jax.random.split(jax.random.key(seed))
            # A disc with a higher frequency is a stiffer one.
            factors = 1 + spread * jax.random.normal(other, begin.shape[:-1])
            model = replace(self, stiffness=jnp.multiply.outer(jnp.asarray(self.stiffness), factors))
            current = jnp.asarray(current_density, dtype=jnp.float64)
            size = float((2 * diffusion * dt) ** 0.5)
            return np.asarray(_follow(model, begin, current, dt, size, key, steps, temperature > 0))


@eqx.filter_jit
def _follow(model: VortexThiele, state: Any, current: Any, dt: Any, size: Any, key: Any, steps: int, hot: bool) -> Any:
    def one(index: Any, places: Any) -> Any:
        noise = size * jax.random.normal(jax.random.fold_in(key, index), places.shape) if hot else 0.0
        return model.step(places, current, dt, noise)

    return jax.lax.fori_loop(0, steps, one, state)
