"""Relaxation of an undriven synapse: whether its conductance lasts, or goes on to change by itself.

A wall whose angle a pulse has turned keeps moving until the angle has turned back, which is called automotion (J.-Y.
Chauleau, R. Weil, A. Thiaville and J. Miltat, Phys. Rev. B 82, 214414 (2010), known by its abstract): in a smooth
stripe, without a field, alpha dq/dt = +-Delta dphi/dt, so that an angle that turns by dphi takes the wall along by
Delta dphi / alpha, which is ten widths for 1 rad at alpha = 0.1. A conductance that is read before does not last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.pulse_shape import steps_of
from solitons.devices.synapse import AbstractSynapse

__all__ = ["Rested", "come_to_rest"]

Floats = npt.NDArray[np.float64]

_LOOKS = 200


@dataclass(frozen=True, eq=False)
class Rested:
    """Devices that were left alone.

    Their states at the end, by how much their coordinate `moved` in m, and after how long in s it was there, to within
    the distance that was asked for; the time is infinite where a device still moves at the end.
    """

    state: Any
    moved: Floats
    time: Floats


@eqx.filter_jit
def _alone(synapse: AbstractSynapse, state: Any, steps: int, dt: Any) -> tuple[Any, Any]:
    still = jnp.zeros(jnp.shape(synapse.coordinate(state)))

    def look(now: Any, _: Any) -> tuple[Any, Any]:
        later = jax.lax.fori_loop(0, steps, lambda _, each: synapse.step(each, still, dt), now)
        return later, synapse.coordinate(later)

    found: tuple[Any, Any] = jax.lax.scan(look, state, None, length=_LOOKS)
    return found


def come_to_rest(synapse: AbstractSynapse, state: Any, *, near: float = 1e-9, longest: float = 1e-7) -> Rested:
    """Leave devices alone at 0 K, without a current, until they stay where they are.

    The state has one axis, the devices. They are at rest where they stay within `near` (m) of where they end; `longest`
    is how long they are followed in s, and a 200th of it is the resolution of `Rested.time`. A wall that precesses
    below its hard-axis field goes on: 0.5 rad off the easy angle, by 0.5 Delta / alpha.
    """
    steps, dt = steps_of(longest / _LOOKS)
    with jax.enable_x64(True):
        begin = jnp.asarray(synapse.coordinate(state))
        end, seen = _alone(synapse, synapse.repeated(state, begin.shape), steps, dt)
        path = np.concatenate([np.asarray(begin)[None], np.asarray(seen)])
    away = np.abs(path - path[-1]) > near
    # The first look from which on it stays near its end; a device that is away until late still moves.
    first = _LOOKS + 1 - np.argmax(away[::-1], axis=0)
    first = np.where(away.any(axis=0), first, 0)
    time = np.where(first > 0.9 * _LOOKS, np.inf, first * longest / _LOOKS)
    return Rested(state=jax.tree.map(np.asarray, end), moved=path[-1] - path[0], time=time)
