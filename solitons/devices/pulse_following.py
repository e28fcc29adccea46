"""Devices that pulses are sent to one after another, followed by their model."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.coming_to_rest import come_to_rest
from solitons.devices.programming import apply_pulse
from solitons.devices.synapse import AbstractSynapse

__all__ = ["follow_pulses"]

Floats = npt.NDArray[np.float64]


def follow_pulses(
    synapse: AbstractSynapse,
    amplitudes: Floats,
    width: float,
    rise: float,
    period: float,
    *,
    start: float | None = None,
    devices: int,
    seed: int,
) -> tuple[Floats, Floats]:
    """Conductances in S and coordinates in m (devices, pulses + 1), from where devices rest, or from a conductance."""
    with jax.enable_x64(True):
        before = come_to_rest(synapse, synapse.repeated(synapse.reset(), (1,))).state
        if start is not None:
            before = synapse.at(before, jnp.reshape(synapse.coordinate_for(start), (1,)))
        first = synapse.repeated(before, (devices,))
        shape = jnp.asarray(width), float(rise), float(period)
        found = _follow(synapse, shape, first, jnp.asarray(amplitudes), devices, jax.random.key(seed))
        conductance, coordinate = (np.asarray(each).T for each in found)
    return conductance, coordinate


@eqx.filter_jit
def _follow(
    synapse: AbstractSynapse, pulse: tuple[Any, float, float], start: Any, amplitudes: Any, devices: int, key: Any
) -> tuple[Any, Any]:
    hot = synapse.noise(key, (1,)) is not None
    gains = synapse.spreads.gains(jax.random.fold_in(key, 1), (devices,))

    def one(state: Any, item: tuple[Any, Any]) -> tuple[Any, Any]:
        amplitude, cycle = item
        heat = jax.random.fold_in(cycle, 1) if hot else None
        after = apply_pulse(synapse, state, gains * amplitude, *pulse, heat)
        missed = synapse.coordinate(after) + synapse.spreads.misses(cycle, (devices,))
        after = synapse.at(after, jnp.clip(missed, *synapse.reach))
        return after, (synapse.conductance(after), synapse.coordinate(after))

    cycles = jax.random.split(jax.random.fold_in(key, 2), amplitudes.size)
    _, found = jax.lax.scan(one, start, (amplitudes, cycles))
    first = synapse.conductance(start), synapse.coordinate(start)
    conductance, coordinate = (
        jnp.concatenate([jnp.broadcast_to(before, (1, devices)), after])
        for before, after in zip(first, found, strict=True)
    )
    return conductance, coordinate
