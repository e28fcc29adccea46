r"""A device that a signal drives, read at many times in each step of the signal: a reservoir by time multiplexing.

Each input u_t is held for a step of M slots of the length theta. In slot k the current is

.. math:: J_{t k} = J_0 + A\, m_k u_t

with a mask m_k that is the same in all steps, and the device is read at the end of each slot: M nodes for each input
(L. Appeltant et al., Nat. Commun. 2, 468 (2011); with a spin-torque oscillator J. Torrejon et al., Nature 547, 428
(2017)). What it remembers from step to step is its own state alone: there is no delay line outside.
"""

from __future__ import annotations

from typing import Any, Protocol

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

__all__ = ["DrivenDevice", "random_mask", "read_nodes"]

Floats = npt.NDArray[np.float64]


class DrivenDevice(Protocol):
    """A device whose state a current moves, and what is read of it: an equinox module."""

    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = None) -> Any:
        """Follow the state for a time (s) under a constant current density (A/m2)."""

    def read(self, state: Any) -> Any:
        """What is read of the state, one number."""


def random_mask(nodes: int, seed: int) -> Floats:
    """A mask of -1 and 1 by chance, (nodes,), as many of either as there can be."""
    return np.random.default_rng(seed).permutation(np.where(np.arange(nodes) % 2 == 0, 1.0, -1.0))


def read_nodes(
    device: DrivenDevice,
    start: Any,
    inputs: npt.ArrayLike,
    mask: npt.ArrayLike,
    *,
    bias: float,
    amplitude: float,
    slot: float,
    substeps: int,
) -> Floats:
    """States of a driven device, (series, times, nodes).

    Parameters
    ----------
    device : DrivenDevice
    start : tuple or number
        State of the device before the signal.
    inputs : array (series, times)
        Between -1 and 1.
    mask : array (nodes,)
    bias, amplitude : float
        J_0 and A in A/m2.
    slot : float
        In s.
    substeps : int
        Steps in time of each slot.
    """
    with jax.enable_x64(True):
        given = jnp.asarray(inputs, dtype=jnp.float64)
        masks = jnp.asarray(mask, dtype=jnp.float64)
        found = _nodes(device, jax.tree.map(_real, start), given, masks, jnp.float64(bias), jnp.float64(amplitude), slot / substeps, substeps)
        return np.asarray(found)


def _real(value: Any) -> Any:
    return jnp.asarray(value, dtype=jnp.float64)


@eqx.filter_jit
def _nodes(device: Any, start: Any, inputs: Any, mask: Any, bias: Any, amplitude: Any, dt: Any, substeps: int) -> Any:
    def in_slot(state: Any, density: Any) -> tuple[Any, Any]:
        after = jax.lax.fori_loop(0, substeps, lambda _, now: device.step(now, density, dt), state)
        return after, device.read(after)

    def one(series: Any) -> Any:
        density = bias + amplitude * (series[:, None] * mask).ravel()
        return jax.lax.scan(in_slot, start, density)[1].reshape(series.size, mask.size)

    return jax.vmap(one)(inputs)
