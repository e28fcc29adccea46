"""Positions of the skyrmions of many tracks, and one step later."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from solitons.skyrmions.simulation import agitation_size, runge_kutta_step
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["RowState", "advanced"]


class RowState(NamedTuple):
    """Positions of a device's skyrmions.

    Centres (..., skyrmions, 2) in m, the last one in the track for one that has left, and which of them are still
    there.
    """

    places: Any
    there: Any


def advanced(
    skyrmion: ThieleDynamics, state: RowState, current_density: Any, dt: Any, temperature: Any, noise: Any = None
) -> RowState:
    """Follow the skyrmions of many tracks for one step under constant currents, and take out those that leave.

    Current density (...) in A/m2, `dt` in s, temperature in K; `noise` (..., skyrmions, 2) are normal numbers of
    variance 1, none at 0 K.
    """
    current = jnp.asarray(current_density, dtype=float)

    def one(places: Any, there: Any, driven: Any, force: Any = 0.0) -> Any:
        return runge_kutta_step(skyrmion, places, dt, jnp.full(3, driven), force, there)

    if noise is None:
        places = jnp.vectorize(one, signature="(n,k),(n),()->(n,k)")(state.places, state.there, current)
    else:
        agitation = agitation_size(skyrmion, temperature, dt) * noise
        places = jnp.vectorize(one, signature="(n,k),(n),(),(n,k)->(n,k)")(
            state.places, state.there, current, agitation
        )
    there = state.there & skyrmion.force.inside(places)
    # One that has left stays where it was last seen, and pushes nobody.
    return RowState(jnp.where(there[..., None], places, state.places), there)
