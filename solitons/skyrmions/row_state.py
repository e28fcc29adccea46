"""Where the skyrmions of many tracks are, and where they are one step later."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from solitons.skyrmions.simulation import agitation_size, runge_kutta_step
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["RowState", "advanced"]


class RowState(NamedTuple):
    """Where a device's skyrmions are.

    Parameters
    ----------
    places : array (..., skyrmions, 2)
        Centres in m; of one that has left the last one in the track.
    there : bool array (..., skyrmions)
        Which of them are still in the track.

    Examples
    --------
    >>> import numpy as np
    >>> row = RowState(places=np.array([[50e-9, 30e-9], [110e-9, 30e-9]]), there=np.array([True, False]))
    >>> int(row.there.sum())  # the second one has left
    1
    """

    places: Any
    there: Any


def advanced(
    skyrmion: ThieleDynamics, state: RowState, current_density: Any, dt: Any, temperature: Any, noise: Any = None
) -> RowState:
    """Follow the skyrmions of many tracks for one step under constant currents, and take out those that leave.

    Parameters
    ----------
    skyrmion : ThieleDynamics
        Of every track.
    state : RowState
        Places (..., skyrmions, 2).
    current_density : array (...)
        In A/m2.
    dt : float
        In s.
    temperature : float
        In K.
    noise : array (..., skyrmions, 2), optional
        Normal numbers of variance 1; none is 0 K.
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
