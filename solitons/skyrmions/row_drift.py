"""Thermal drift of a row of skyrmions without a current: Thiele's equation with heat, followed from every place.

Rows are followed from equally spaced places, each with several draws of heat, and what their conductance shows is kept,
sorted. A row of an array takes one of these quantiles by chance, straight between the two places beside it. A row
that heat has stretched, or that has lost a skyrmion, conducts as its skyrmions are placed: nothing is assumed of
the way in which it fails. Beyond `LONGEST` a row is not followed.
"""

from __future__ import annotations

import math
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.drift import Drift, DriftUnknownError, checked_rest
from solitons.devices.synapse import AbstractSynapse
from solitons.skyrmions.row_state import advanced
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["LONGEST", "rested_rows", "row_drift"]

Floats = npt.NDArray[np.float64]

LONGEST = 100e-9
"""s: some fifty times longer than rows that nothing pins keep a level at room temperature."""
_STEP = 10e-12
_PLACES = 33
_DRAWS = 48
_SEED = 0


def row_drift(synapse: AbstractSynapse, skyrmion: ThieleDynamics, time: float, temperature: float) -> Drift:
    """Give what draws the coordinates that rows show after a rest; `skyrmion` is how each of them moves.

    DriftUnknownError if the rest is longer than `LONGEST`, ValueError if time (s) or temperature (K) is not above 0.
    """
    checked_rest(time, temperature, "row_drift")
    if time > LONGEST:
        raise DriftUnknownError(
            f"rows of skyrmions are followed step by step, for at most {LONGEST:g} s; ask for shorter times, or of "
            "rows in wells for their retention, solitons.skyrmions.retention_time"
        )
    low, high = (float(each) for each in synapse.reach)
    reached = rested_rows(synapse, skyrmion, np.linspace(low, high, _PLACES), time, temperature, _DRAWS)

    def drawn(coordinate: Floats, generator: np.random.Generator) -> Floats:
        where = np.clip((np.asarray(coordinate, dtype=np.float64) - low) / (high - low), 0, 1) * (_PLACES - 1)
        below = np.minimum(where.astype(np.intp), _PLACES - 2)
        chance = generator.integers(0, _DRAWS, where.shape)
        share = where - below
        return np.asarray((1 - share) * reached[below, chance] + share * reached[below + 1, chance])

    return drawn


def rested_rows(
    synapse: AbstractSynapse, skyrmion: ThieleDynamics, places: Floats, time: float, temperature: float, draws: int
) -> Floats:
    """Follow rows from places (m) and sort the coordinates that they show after a time, (places, draws)."""
    steps = math.ceil(time / _STEP * (1 - 1e-9))
    shape = (places.size, draws)
    with jax.enable_x64(True):
        start = synapse.at(synapse.repeated(synapse.reset(), shape), np.broadcast_to(places[:, None], shape))
        state = _rested(skyrmion, start, time / steps, steps, np.float64(temperature), jax.random.key(_SEED))
        return np.sort(np.asarray(synapse.read(state)), axis=1)


@eqx.filter_jit
def _rested(skyrmion: ThieleDynamics, start: Any, dt: Any, steps: Any, temperature: Any, key: Any) -> Any:
    places, there = jnp.asarray(start.places, dtype=float), jnp.asarray(start.there)
    still = jnp.zeros(there.shape[:-1])

    def step(index: Any, state: Any) -> Any:
        noise = jax.random.normal(jax.random.fold_in(key, index), places.shape, dtype=float)
        return advanced(skyrmion, state, still, dt, temperature, noise)

    return jax.lax.fori_loop(0, jnp.asarray(steps), step, type(start)(places, there))
