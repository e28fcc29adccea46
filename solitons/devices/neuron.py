"""Neurons: current in, spikes out. What every family's neuron offers, and what a circuit sees of it."""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import Any, Self

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.pulse_shape import steps_of, trapezoid
from solitons.numerics.parameters import with_numbers

__all__ = [
    "AbstractNeuron",
    "all_at_rest",
    "driven_step",
    "exciting_sign",
    "firing_times",
    "threshold_current",
    "trace",
]

Floats = npt.NDArray[np.float64]

CANDIDATES = 64
"""Currents that are tried at once; the threshold is known to the range over their square."""


class AbstractNeuron(eqx.Module):
    """Interface of neurons: a state that current moves until it fires.

    A state is a named tuple of arrays over the neurons; among them are `position`, how far the soliton is along x in
    m: the membrane potential, and `spike`, whether it fired in the last step. All methods are pure and work on arrays
    of states, element by element.

    Examples
    --------
    >>> from solitons.domain_walls import DomainWallNeuron, WallDynamics
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11)
    >>> neuron = DomainWallNeuron(wall, start=80e-9, threshold=120e-9)
    >>> later = neuron.with_thresholds(thresholds=np.array([120e-9, 125e-9]))  # two devices of one drawing
    >>> isinstance(neuron, AbstractNeuron), [round(float(end) * 1e9) for end in later.span[1]]  # nm
    (True, [120, 125])
    """

    def __repr__(self) -> str:
        return with_numbers(self)

    @property
    @abc.abstractmethod
    def span(self) -> tuple[Any, Any]:
        """Positions x in m after a reset and where it fires."""

    @abc.abstractmethod
    def rest(self) -> Any:
        """State after a reset."""

    @property
    @abc.abstractmethod
    def noises(self) -> int:
        """How many normal numbers of variance 1 heat makes its push of in a step."""

    @abc.abstractmethod
    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = None) -> Any:
        """Follow the state for a time `dt` (s) under a constant current density (A/m2).

        `noise` has `noises` normal numbers a neuron, (noises, ...); None is 0 K.
        """

    @abc.abstractmethod
    def with_thresholds(self, thresholds: Any, gains: Any = 1.0) -> Self:
        """Neurons with a threshold in m each, that move further by their gain under the same current."""

    @abc.abstractmethod
    def heated(self, temperature: Any) -> Self:
        """The same at another temperature in K."""


def trace(
    neuron: AbstractNeuron,
    amplitude: npt.ArrayLike,
    *,
    width: float,
    rise: float,
    period: float,
    count: int,
    seed: int | None = None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Drive neurons by equal pulses from rest, and record what they do.

    Parameters
    ----------
    neuron : AbstractNeuron
        One for all, or a batch that broadcasts against `amplitude`.
    amplitude : array
        Current density in A/m2, one a neuron, with its sign.
    width, rise, period : float
        Times of the pulses, in s.
    count : int
        Number of pulses.
    seed : int, optional
        Seed of the thermal noise; None follows the neurons at 0 K.

    Returns
    -------
    time : array (steps,)
        In s, after every step of 10 ps.
    position : array (..., steps)
        How far the solitons are, in m.
    spike : bool array (..., steps)
        True where a neuron fired.

    Examples
    --------
    Two strengths of a current that pushes a wall by spin-transfer torque; the stronger one makes it fire more often:

    >>> from solitons.domain_walls import DomainWallNeuron, WallDynamics
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11)
    >>> neuron = DomainWallNeuron(wall, start=80e-9, threshold=120e-9, leak_field=300)
    >>> pulses = {"width": 0.5e-9, "rise": 0.0, "period": 1e-9, "count": 4}
    >>> time, position, spike = trace(neuron, [-5e11, -1e12], **pulses)
    >>> position.shape, spike.sum(axis=-1).tolist()
    ((2, 400), [2, 3])
    """
    with jax.enable_x64(True):
        key = None if seed is None else jax.random.key(seed)
        position, spike = _trace(neuron, jnp.asarray(amplitude, dtype=float), width, rise, period, count, key)
    steps, dt = steps_of(period)
    time = (np.arange(steps * count, dtype=np.float64) + 1) * dt
    return time, np.moveaxis(np.asarray(position), 0, -1), np.moveaxis(np.asarray(spike), 0, -1)


def driven_step(
    neuron: AbstractNeuron, amplitude: Any, width: float, rise: float, period: float, key: Any = None
) -> Callable[[Any, Any], Any]:
    """Give the function that takes the neurons' state and the number of a step, and gives the state after it.

    The steps are those of `steps_of` a period; pulses and amplitude as of `trace`, in JAX. With a `key` heat has
    numbers of its own in every step.
    """
    steps, dt = steps_of(period)

    def advance(state: Any, index: Any) -> Any:
        level = trapezoid((index % steps + 0.5) * dt, width, rise, dt)
        noise = None
        if key is not None:
            noise = jax.random.normal(
                jax.random.fold_in(key, index), (neuron.noises, *jnp.shape(amplitude)), dtype=float
            )
        return neuron.step(state, amplitude * level, dt, noise)

    return advance


def all_at_rest(neuron: AbstractNeuron, shape: tuple[int, ...]) -> Any:
    """Give the state of as many neurons, each of which has been reset."""
    return jax.tree.map(lambda part: jnp.broadcast_to(jnp.asarray(part), shape), neuron.rest())


@eqx.filter_jit
def _trace(
    neuron: AbstractNeuron, amplitude: Any, width: float, rise: float, period: float, count: int, key: Any
) -> tuple[Any, Any]:
    advance = driven_step(neuron, amplitude, width, rise, period, key)

    def recorded(state: Any, index: Any) -> tuple[Any, tuple[Any, Any]]:
        after = advance(state, index)
        return after, (after.position, after.spike)

    steps = jnp.arange(steps_of(period)[0] * count)
    _, path = jax.lax.scan(recorded, all_at_rest(neuron, jnp.shape(amplitude)), steps)
    return path


def exciting_sign(neuron: AbstractNeuron, amplitude: float, *, width: float, rise: float, period: float) -> int:
    """Find the sign of the current, 1 or -1, that pushes a neuron towards its threshold.

    One pulse of each sign is sent from rest, whatever torque moves its soliton; an error where neither moves it there.
    """
    start, threshold = (np.asarray(end, dtype=np.float64) for end in neuron.span)
    onwards = np.sign(threshold - start)[..., np.newaxis]
    reach = {}
    for sign in (1, -1):
        current = np.full(np.shape(start), sign * amplitude)
        _, position, spike = trace(neuron, current, width=width, rise=rise, period=period, count=1)
        reach[sign] = np.inf if spike.any() else float(np.max(onwards * (position - start[..., np.newaxis])))
    best = max(reach, key=lambda sign: reach[sign])
    if not reach[best] > 0:
        raise ValueError(
            f"exciting_sign: a pulse of {amplitude:.3g} A/m2 and {width:.3g} s moves the neuron's soliton towards its "
            "threshold with neither sign; use a stronger or longer pulse, or less leak"
        )
    return best


def firing_times(
    neuron: AbstractNeuron, amplitude: npt.ArrayLike, *, width: float, rise: float, period: float, count: int
) -> Floats:
    """When a neuron at rest first fires under `count` equal pulses, by their amplitude (A/m2, with its sign).

    Times in s from the start of the first pulse, (currents,), infinite where it does not fire. Width, rise and period
    of the pulses are in s.
    """
    time, _, spike = trace(neuron, amplitude, width=width, rise=rise, period=period, count=count)
    fires = spike.any(axis=-1)
    return np.where(fires, time[spike.argmax(axis=-1)], np.inf)


def threshold_current(
    neuron: AbstractNeuron, largest: float, *, width: float, rise: float, period: float, count: int
) -> float | None:
    """The smallest amplitude whose pulses make a neuron fire before they end: below it the leak wins.

    Parameters
    ----------
    neuron : AbstractNeuron
        A single one.
    largest : float
        The strongest current that is tried, in A/m2, with the sign that excites.
    width, rise, period, count
        As in `firing_times`.

    Returns
    -------
    float or None
        In A/m2, above 0, to 1/4000 of `largest`; None where that does not make it fire.

    Examples
    --------
    >>> from solitons.domain_walls import DomainWallNeuron, WallDynamics
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11)
    >>> neuron = DomainWallNeuron(wall, start=80e-9, threshold=120e-9, leak_field=300)
    >>> weakest = threshold_current(neuron, -1e12, width=0.5e-9, rise=0.0, period=1e-9, count=4)
    >>> f"{weakest:.2e}"  # A/m^2; of more pulses a weaker one is enough, down to where the leak wins
    '8.25e+10'
    """
    low, high = 0.0, abs(largest)
    sign = np.sign(largest)
    for _ in range(2):
        tried = np.linspace(low, high, CANDIDATES + 1)[1:]
        fires = np.isfinite(firing_times(neuron, sign * tried, width=width, rise=rise, period=period, count=count))
        if not fires.any():
            return None
        first = int(fires.argmax())
        low, high = (tried[first - 1] if first else low), tried[first]
    return float(high)
