r"""Heat in the reduced wall: the random torques that make it wander, and their size.

Every cell of the magnet feels a random field whose strength the fluctuation-dissipation theorem
gives (Brown, Phys. Rev. 130, 1677 (1963)). Projected on the two soft modes of the wall, as every
other field is, it adds to h_phi and to h_z of `solitons.domain_walls.wall_dynamics` two independent white
noises with the variance

.. math::

   \langle h^2 \rangle = \frac{2 \alpha k_B T}{\gamma_0 \mu_0 M_s V\, \delta t}, \qquad V = 2 \Delta S

over a time step: the wall is shaken like a single spin as large as itself. A wall at rest in a
landscape then visits its places with Boltzmann's probability, a free one diffuses with
D = k_B T mu / (2 mu0 Ms S) where mu is its mobility in a field, and a pinned one leaves now and then.
What the projection leaves out is how heat softens the magnet itself, which `softening` adds: without it a landscape
of 0 K holds the wall too strongly. At currents that nearly always move a wall at 300 K, the places of the model's walls
then spread by more than a landscape's own (some stay behind), though the noise is right.

Sources: E. Martinez et al., Phys. Rev. B 75, 174409 (2007) for the wall with a thermal field;
M. E. Lucassen et al., Phys. Rev. B 79, 224411 (2009) for the projection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import constants

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.simulation import WallPath, integrate, warn_outside
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.drives.drive_steps import DriveSteps, drive_steps, of_few_lengths

__all__ = ["agitation_strength", "follow_hot_walls"]


def agitation_strength(dynamics: WallDynamics, temperature: Any) -> Any:
    """Spectral strength in A^2 s/m^2 of the noise on a wall at a temperature in K.

    Its variance is this over the length of a step. The wall has a `moment_per_length`.
    """
    moment = 2 * dynamics.width * dynamics.moment_per_length
    return 2 * dynamics.alpha * constants.k * temperature / (dynamics.gamma0 * constants.mu_0 * moment)


def check_heat(owner: str, dynamics: WallDynamics, temperature: float) -> None:
    """Refuse a temperature in K below 0, and a wall without its moment per length; `owner` is named."""
    if not (np.isfinite(temperature) and temperature >= 0):
        raise ValueError(f"{owner}: temperature = {temperature} K must be 0 or above")
    if not np.all(dynamics.moment_per_length > 0):
        raise ValueError(
            f"{owner}: dynamics.moment_per_length = {dynamics.moment_per_length} A m, so that it is not known "
            "how strongly heat shakes the wall; give Ms times the stripe's cross-section, as wall_from_material does"
        )


def follow_hot_walls(
    dynamics: WallDynamics,
    times: npt.ArrayLike,
    current_density: PiecewiseLinear | None = None,
    field: Sequence[PiecewiseLinear] | None = None,
    *,
    temperature: float,
    walls: int,
    seed: int,
    position: float,
    angle: float,
    max_step: float = 5e-12,
) -> WallPath:
    """Follow one wall at a temperature many times, each time with noise of its own.

    Parameters
    ----------
    dynamics : WallDynamics
        One wall.
    times, current_density, field
        As for `follow_wall`.
    temperature : float
        In K; 0 is without noise.
    walls : int
        How often it is followed.
    seed : int
        Seed of the noise.
    position, angle : float
        q in m and phi in rad at the first time.
    max_step : float
        Longest step in s.

    Returns
    -------
    WallPath
        float64 arrays (walls, samples).

    Raises
    ------
    ValueError
        If `dynamics` does not have its moment per length, the temperature is negative, or no wall is wanted.

    Warns
    -----
    OutsideFittedRange
        If the wall was fitted and the drive leaves the range of the fit.

    Examples
    --------
    A wall in a parabolic well spreads until its mean energy there is k T / 2:

    >>> from solitons.domain_walls.pinning import HarmonicPinning
    >>> well = HarmonicPinning(stiffness=2e11, centre=0.0)
    >>> keys = {"hard_axis_field": 2e4, "polarity": -1, "moment_per_length": 2e-11, "pinning": well}
    >>> wall = WallDynamics(alpha=0.3, width=6e-9, **keys)
    >>> path = follow_hot_walls(wall, [0.0, 10e-9], temperature=300.0, walls=2000, seed=1, position=0.0, angle=1.57)
    >>> expected = constants.k * 300 / (2 * constants.mu_0 * 2e-11 * 2e11)
    >>> bool(abs(np.mean(path.position[:, 1] ** 2) / expected - 1) < 0.1)
    True
    """
    check_heat("follow_hot_walls", dynamics, temperature)
    if walls < 1:
        raise ValueError(f"follow_hot_walls: walls = {walls}; follow at least one")
    drive = of_few_lengths(drive_steps(times, current_density, field, max_step=max_step))
    warn_outside(dynamics, times, [current_density], field)
    with jax.enable_x64(True):
        keys = jax.random.split(jax.random.key(seed), walls)
        path = _many(dynamics, drive, np.float64(position), np.float64(angle), np.float64(temperature), keys)
    return WallPath(*map(np.asarray, path))


@eqx.filter_jit
def _many(
    dynamics: WallDynamics, drive: DriveSteps, position: Any, angle: Any, temperature: Any, keys: Any
) -> WallPath:
    return jax.vmap(_follow, in_axes=(None, None, None, None, None, 0))(
        dynamics, drive, position, angle, temperature, keys
    )


def _follow(
    dynamics: WallDynamics, drive: DriveSteps, position: Any, angle: Any, temperature: Any, key: Any
) -> WallPath:
    steps = jnp.asarray(drive.step)
    # Steps of no length pad a batch, and must not divide by 0.
    size = jnp.sqrt(agitation_strength(dynamics, temperature) / jnp.where(steps > 0, steps, jnp.inf))
    # Constant within a step, the noise of a Stratonovich equation.
    shaken = size[:, None] * jax.random.normal(key, (steps.size, 2), dtype=float)
    turning = jnp.zeros_like(size)
    if dynamics.tilting is not None:
        turning = size * jax.random.normal(jax.random.fold_in(key, 1), (steps.size,), dtype=float)
    return integrate(dynamics, drive, position, angle, (shaken[:, 0], shaken[:, 1], turning))
