r"""Rows of walls in one stripe, which a current shifts from place to place: a racetrack register, with heat.

Each wall moves in the landscape of one alone (`solitons.domain_walls.wall_dynamics`), with heat of its own, and feels
its next neighbours by the energy of a pair (`solitons.domain_walls.wall_pair`), whose slopes add to h_z and h_phi;
nothing of that is fitted. Polarities alternate. Walls that DMI makes of one chirality repel, and spin-orbit torques
move both kinds the same way. Left out are walls beyond the next, and how a neighbour's tilt is seen; the interaction is
that of 0 K. Walls nearer than pi Delta to each other, or to an end of the stripe, are lost.

A row is read by the place next to each wall. By a pulse a wall is *shifted* to the next place, *held* where it was,
shifted *twice* (or further), sent *back*, or *lost*.

Source for the device: S. S. P. Parkin, M. Hayashi and L. Thomas, Science 320, 190 (2008), not read; walls of one stripe
that pulses of current shift together are bits there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.heat import agitation_strength, check_heat
from solitons.domain_walls.pair_problem import row_rates, traced_interaction
from solitons.domain_walls.simulation import warn_outside
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.domain_walls.wall_pair import CONTACT, PairInteraction
from solitons.drives.drive_steps import DriveSteps, drive_steps, of_few_lengths
from solitons.numerics.runge_kutta import classical_step

__all__ = ["OUTCOMES", "follow_wall_rows", "random_words", "shift_labels", "shift_outcomes"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

OUTCOMES = ("shifted", "held", "twice", "back", "lost")
"""What a pulse does to a wall."""


def follow_wall_rows(
    wall: WallDynamics,
    interaction: PairInteraction,
    times: npt.ArrayLike,
    current_density: PiecewiseLinear,
    *,
    positions: npt.ArrayLike,
    angle: float,
    temperature: float = 0.0,
    seed: int = 0,
    max_step: float = 5e-12,
) -> Floats:
    """Follow rows of walls through a current.

    Parameters
    ----------
    wall : WallDynamics
        The leftmost one, in the landscape; the next has the opposite polarity, and so on.
    interaction : PairInteraction
        From `pair_interaction`; its ends are left out, since the landscape has them.
    times : array (samples,)
        In s; `positions` are at the first.
    current_density : PiecewiseLinear
        J(t) in A/m2, the same for all.
    positions : array (rows, walls)
        q in m from left to right; NaN, at the right, in rows with fewer walls.
    angle : float
        phi in rad of the leftmost at the first time; the next has pi more, and so on.
    temperature : float
        In K; with `moment_per_length` of the wall.
    seed : int
        Seed of the heat.
    max_step : float
        Longest step in s.

    Returns
    -------
    array (rows, walls, samples)
        q in m; NaN of a wall that is lost.

    Raises
    ------
    ValueError
        If `wall` does not have its moment per length, or the temperature is negative.

    Warns
    -----
    OutsideFittedRange
        If the wall was fitted and the current leaves the range of the fit.

    Examples
    --------
    Two walls without a current push each other away:

    >>> from geometries import Material
    >>> from solitons.domain_walls import wall_from_material
    >>> from solitons.domain_walls.wall_pair import pair_interaction
    >>> film = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.3, D=5e-4)
    >>> size = {"thickness": 2e-9, "stripe_width": 80e-9}
    >>> wall = wall_from_material(film, polarity=-1, **size)
    >>> pair = pair_interaction(film, width=float(wall.width), length=752e-9, **size)
    >>> still = PiecewiseLinear((0.0,), (0.0,))
    >>> path = follow_wall_rows(wall, pair, [0, 1e-9], still, positions=[[3e-7, 3.44e-7]], angle=0.0)
    >>> bool(np.diff(path[0, :, 1])[0] > 44e-9)
    True
    """
    check_heat("follow_wall_rows", wall, temperature)
    warn_outside(wall, times, [current_density], None)
    start = np.asarray(positions, dtype=np.float64)
    drive = of_few_lengths(drive_steps(times, current_density, None, max_step=max_step))
    with jax.enable_x64(True):
        pair = traced_interaction(interaction)
        pair = eqx.tree_at(lambda each: each.end.coefficients, pair, np.zeros_like(pair.end.coefficients))
        path = _follow(
            replace(wall, provenance=None), pair, drive, start, np.float64(angle), np.float64(temperature),
            jax.random.key(seed),
        )  # fmt: skip
    return np.moveaxis(np.asarray(path), 0, -1)


@eqx.filter_jit
def _follow(
    wall: WallDynamics, pair: Any, drive: DriveSteps, start: Any, angle: Any, temperature: Any, key: Any
) -> Any:
    even = jnp.arange(start.shape[1]) % 2
    signs = 1.0 - 2.0 * even
    row = replace(wall, polarity=wall.polarity * signs)
    gap, strength = CONTACT * pair.width, agitation_strength(wall, temperature)

    def alive(place: Any, there: Any) -> Any:
        """Which walls are at neither an end nor a neighbour."""
        there &= (place > gap) & (place < pair.length - gap)
        touch = there[:, 1:] & there[:, :-1] & (place[:, 1:] - place[:, :-1] < gap)
        return there & ~(jnp.pad(touch, ((0, 0), (1, 0))) | jnp.pad(touch, ((0, 0), (0, 1))))

    def advance(state: Any, now: tuple[Any, ...]) -> tuple[Any, Any]:
        (place, turn, tilt), there, key = state
        step, current, field = now
        key, here = jax.random.split(key)
        size = jnp.sqrt(strength / jnp.where(step > 0, step, jnp.inf))
        heat = size * jax.random.normal(here, (3, *place.shape), dtype=float)
        both = there[:, 1:] & there[:, :-1]

        def rates(at: tuple[Any, ...], moment: Any) -> tuple[Any, ...]:
            moved = row_rates(row, pair, both, at, current[moment], field[moment], heat)
            return tuple(jnp.where(there, each, 0.0) for each in moved)

        moved = classical_step(rates, (place, turn, tilt), step)
        there = alive(moved[0], there)
        return (moved, there, key), jnp.where(there, moved[0], jnp.nan)

    there = jnp.isfinite(start)
    # What is absent stands still far away.
    place = jnp.where(there, start, pair.length)
    begin = (place, jnp.broadcast_to(angle + jnp.pi * even, place.shape), jnp.zeros_like(place))
    steps = tuple(jnp.asarray(each) for each in (drive.step, drive.current_density, drive.field))
    _, path = jax.lax.scan(advance, (begin, there, key), steps)
    return jnp.concatenate([start[None], path])[jnp.asarray(drive.sample)]


def random_words(bits: int, words: int, seed: int) -> npt.NDArray[np.bool_]:
    """Words (words, bits) of random bits, each with at least one wall."""
    generator = np.random.default_rng(seed)
    found = generator.random((words, bits)) < 0.5
    empty = ~found.any(axis=1)
    found[empty, generator.integers(bits, size=int(empty.sum()))] = True
    return found


def shift_labels(places: npt.ArrayLike, onwards: int) -> Ints:
    """What every pulse did to every wall: the number among `OUTCOMES`, -1 where there was no wall before.

    `places` (..., walls, pulses + 1) are numbers of places, -1 of a wall that is lost; `onwards` is 1 where the pulses
    push to higher numbers, else -1.

    >>> shift_labels([3, 4, 4, 6, -1, -1], 1).tolist()
    [0, 1, 2, 4, -1]
    """
    at = np.asarray(places, dtype=np.intp)
    step = onwards * np.diff(at, axis=-1)
    cases = [at[..., :-1] < 0, at[..., 1:] < 0, step == 1, step == 0, step > 1]
    return np.select(cases, [-1, 4, 0, 1, 2], 3).astype(np.intp)


def shift_outcomes(places: npt.ArrayLike, onwards: int) -> Ints:
    """Count what pulses did, as in `shift_labels`: an integer for each of `OUTCOMES`."""
    labels = shift_labels(places, onwards)
    return np.bincount(labels[labels >= 0], minlength=len(OUTCOMES))
