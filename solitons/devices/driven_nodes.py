r"""A device that a signal drives, read at many times in each step of the signal: a reservoir by time multiplexing.

Each input u_t is held for a step of M slots of the length theta. In slot k the current is

.. math:: J_{t k} = J_0 + A\, m_k u_t

with a mask m_k that is the same in all steps, and the device is read at the end of each slot: M nodes for each input
(L. Appeltant et al., Nat. Commun. 2, 468 (2011); with a spin-torque oscillator J. Torrejon et al., Nature 547, 428
(2017)). What it remembers from step to step is its own state alone: there is no delay line outside.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, Protocol

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax.flatten_util import ravel_pytree

__all__ = [
    "DrivenDevice",
    "Multiplexing",
    "as_real",
    "linearised",
    "masked_currents",
    "read_nodes",
    "read_slots",
    "steps_in",
    "time_constant",
]

Floats = npt.NDArray[np.float64]

_STILL = 1e-12
"""Change of a reading over its window, while a time is doubled, at which a device rests."""
_MOST_STEPS = 2**22


class DrivenDevice(Protocol):
    """A device whose state a current moves, and what is read of it: an equinox module."""

    @property
    def heat(self) -> bool:
        """Whether `step` takes a normal number of variance 1 as its noise."""

    @property
    def window(self) -> tuple[Any, Any]:
        """Between which two values a reading can be."""

    @property
    def longest_step(self) -> float:
        """In s: a step that is short enough; infinite where `step` is exact."""

    def reset(self) -> Any:
        """State before a signal."""

    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = None) -> Any:
        """Follow the state for a time (s) under a constant current density (A/m2)."""

    def read(self, state: Any) -> Any:
        """What is read of the state, one number."""


class Multiplexing(NamedTuple):
    """How a signal drives a device: J_0 and A in A/m2, the slot theta in s, the number M of nodes, the mask's mean."""

    bias: float
    amplitude: float
    slot: float
    nodes: int
    mask_mean: float = 0.0

    def mask(self, seed: int) -> Floats:
        """The mask, (nodes,): 1 or 2 c - 1 by chance with c the mean, as many of either as there can be.

        Examples
        --------
        >>> signs, ones = Multiplexing(0.0, 1e11, 1e-10, 4), Multiplexing(0.0, 1e11, 1e-10, 2, mask_mean=0.5)
        >>> signs.mask(seed=1).tolist(), ones.mask(seed=0).tolist()
        ([1.0, -1.0, 1.0, -1.0], [1.0, 0.0])
        """
        signs = np.where(np.arange(self.nodes) % 2 == 0, 1.0, 2 * self.mask_mean - 1)
        return np.random.default_rng(seed).permutation(signs)


def masked_currents(inputs: npt.ArrayLike, drive: Multiplexing, seed: int) -> Floats:
    """Current densities in A/m2 of all slots, (..., times * nodes), of inputs (..., times) and the mask of a seed.

    Examples
    --------
    >>> masked_currents([0.5, 1.0], Multiplexing(bias=1e11, amplitude=2e11, slot=1e-10, nodes=2), seed=2).tolist()
    [200000000000.0, 0.0, 300000000000.0, -100000000000.0]
    """
    given = np.asarray(inputs, dtype=np.float64)
    return drive.bias + drive.amplitude * (given[..., None] * drive.mask(seed)).reshape(*given.shape[:-1], -1)


def read_slots(device: DrivenDevice, current_density: npt.ArrayLike, slot: float, seed: int = 0) -> Floats:
    """What is read at the end of each slot, (series, slots), of current densities (series, slots) in A/m2.

    `slot` is in s, and `seed` that of heat, which each series has of its own.
    """
    density, steps = np.asarray(current_density, dtype=np.float64), steps_in(device, slot)
    with jax.enable_x64(True):
        keys = jax.random.split(jax.random.key(seed), len(density))
        return np.asarray(_read(device, as_real(device.reset()), jnp.asarray(density), keys, slot / steps, steps))


def read_nodes(device: DrivenDevice, inputs: npt.ArrayLike, drive: Multiplexing, seed: int) -> Floats:
    """What is read of a driven device, (series, times, nodes), of inputs (series, times) between -1 and 1.

    `seed` is that of the mask and of heat.
    """
    found = read_slots(device, masked_currents(inputs, drive, seed), drive.slot, seed)
    return found.reshape(*np.shape(inputs), drive.nodes)


def steps_in(device: DrivenDevice, slot: float) -> int:
    """Steps of a device in a slot."""
    return max(1, math.ceil(slot / device.longest_step * (1 - 1e-9)))


def as_real(state: Any) -> Any:
    """A state in double precision."""
    return jax.tree.map(lambda value: jnp.asarray(value, dtype=jnp.float64), state)


@eqx.filter_jit
def _read(device: Any, begin: Any, density: Any, keys: Any, dt: Any, steps: int) -> Any:
    def in_slot(carried: Any, current: Any) -> tuple[Any, Any]:
        def one(_: Any, now: Any) -> Any:
            state, key = now
            if not device.heat:
                return device.step(state, current, dt), key
            key, drawn = jax.random.split(key)
            return device.step(state, current, dt, jax.random.normal(drawn, dtype=jnp.float64)), key

        after = jax.lax.fori_loop(0, steps, one, carried)
        return after, device.read(after[0])

    return jax.vmap(lambda series, key: jax.lax.scan(in_slot, (begin, key), series)[1])(density, keys)


def time_constant(device: DrivenDevice, bias: float, step: float) -> float:
    r"""Time in s in which a device forgets a small difference where it rests under a current density in A/m2, at 0 K.

    :math:`-\tau / \ln |\mu|` of the largest eigenvalue :math:`\mu` of the derivative of the device's motion over a
    `step` :math:`\tau` in s that is short enough at this current. Infinite where it keeps a difference for good.

    Raises
    ------
    ValueError
        If the device does not come to rest.
    """
    low, high = (float(end) for end in device.window)
    with jax.enable_x64(True):
        current, dt = jnp.float64(bias), jnp.float64(step)
        state, before, count = as_real(device.reset()), math.inf, jnp.int64(2)
        while True:
            state = _advanced(device, state, current, dt, count)
            now = float(device.read(state))
            if abs(now - before) <= _STILL * abs(high - low):
                break
            if not math.isfinite(now) or count > _MOST_STEPS:
                raise ValueError(
                    f"time_constant: under {bias:.4g} A/m2 the device does not come to rest in {count * step:.2g} s; "
                    "give a bias at which it does"
                )
            before, count = now, 2 * count
        matrix, moves = (np.asarray(each) for each in linearised(device, state, current, dt))
        largest = float(np.abs(np.linalg.eigvals(matrix[np.ix_(moves, moves)])).max(initial=0.0))
    # A difference that stays is one to rounding.
    return 0.0 if largest == 0 else math.inf if largest > 1 - 1e-9 else -step / math.log(largest)


@eqx.filter_jit
def _advanced(device: Any, state: Any, current: Any, dt: Any, count: Any) -> Any:
    return jax.lax.fori_loop(0, count, lambda _, now: device.step(now, current, dt), state)


@eqx.filter_jit
def linearised(device: DrivenDevice, state: Any, current: Any, dt: Any) -> tuple[Any, Any]:
    """Derivative of a step in the state, (parts, parts), and which parts anything moves at all.

    A part that the model does not use, as the tilt of a wall that has none, would keep any difference for good.
    """
    flat, unravel = ravel_pytree(state)
    # Places in m and angles in rad differ by many powers of ten; eigenvalues do not depend on the unit.
    unit = jnp.maximum(jnp.abs(flat), 1e-12)

    def stepped(v: Any, density: Any) -> Any:
        return ravel_pytree(device.step(unravel(flat + unit * v), density, dt))[0] / unit

    matrix = jax.jacfwd(stepped)(0 * flat, current)
    _, driven = jax.jvp(lambda density: stepped(0 * flat, density), (current,), (jnp.ones_like(current),))
    return matrix, (matrix != jnp.eye(flat.size)).any(axis=1) | (driven != 0)
