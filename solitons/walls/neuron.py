"""Neurons: current in, spikes out."""

from __future__ import annotations

import abc
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.parameters import real
from solitons.walls.heat import agitation_strength
from solitons.walls.pulse_shape import steps_of, trapezoid
from solitons.walls.simulation import runge_kutta_step
from solitons.walls.wall_dynamics import WallDynamics

__all__ = ["AbstractNeuron", "DomainWallNeuron", "NeuronState", "exciting_sign", "trace"]


class NeuronState(NamedTuple):
    """Where a neuron is between two spikes.

    Parameters
    ----------
    position : float or array
        q of its wall in m: the membrane potential.
    angle : float or array
        phi in rad.
    spike : bool or array
        Whether it fired in the last step.
    waiting : float or array
        For how long it will not listen yet, in s.
    """

    position: Any
    angle: Any
    spike: Any
    waiting: Any = 0.0


class AbstractNeuron(eqx.Module):
    """What every neuron offers: a state that current moves until it fires.

    All methods are pure and work on arrays of states, element by element.
    """

    @abc.abstractmethod
    def rest(self) -> NeuronState:
        """State after a reset."""

    @abc.abstractmethod
    def step(self, state: NeuronState, current_density: Any, dt: Any, noise: Any = None) -> NeuronState:
        """Follow the state for a time `dt` (s) under a constant current density (A/m2).

        `noise` has two normal numbers of variance 1 a neuron, from which heat makes its push; None is 0 K.
        """


class DomainWallNeuron(AbstractNeuron):
    """A domain wall that integrates current, leaks back, and fires under a junction.

    The wall starts at `start`. Current pushes it by the collective-coordinate model;
    a constant field along z (a bias magnet, or a taper's slope said as a field) pulls
    it back: the leak. When it passes `threshold`, where a junction sees the domain
    change, the neuron fires, and the wall goes back to `start`; for `refractory` it does not
    listen to its input meanwhile.

    Parameters
    ----------
    wall : WallDynamics
        The wall, usually fitted.
    start : float
        Position after a reset in m; a pinned end stops the wall from going behind it.
    threshold : float
        Position in m where it fires; on the side to which the exciting current pushes.
    leak_field : float
        Strength in A/m of the field that pulls the wall back to `start`, not below 0.
        It wins over weak currents only: below breakdown the wall returns at
        gamma0 Delta leak_field / alpha.
    rest_angle : float
        phi in rad after a reset.
    temperature : float
        In K, of whoever gives `step` its noise.
    refractory : float
        Time in s from a spike until it listens again: what the leak needs to bring the wall back, or the
        circuit that resets it (`solitons.walls.neuron_times.return_time`); 0 where it is not known.

    Raises
    ------
    ValueError
        If start and threshold are the same, the leak, the temperature or the refractory time is negative, or
        there is a temperature and the wall does not have its moment per length.
    """

    wall: WallDynamics
    start: Any = eqx.field(converter=real)
    threshold: Any = eqx.field(converter=real)
    leak_field: Any = eqx.field(converter=real, default=0.0)
    rest_angle: Any = eqx.field(converter=real, default=0.0)
    temperature: Any = eqx.field(converter=real, default=0.0)
    refractory: Any = eqx.field(converter=real, default=0.0)

    def __check_init__(self) -> None:
        numbers = (
            *(self.start, self.threshold, self.leak_field, self.temperature, self.refractory),
            self.wall.moment_per_length,
        )
        if not all(isinstance(number, np.ndarray) for number in numbers):
            return  # traced parameters have no value to look at
        if np.any(self.start == self.threshold):
            raise ValueError(
                f"DomainWallNeuron.threshold = {self.threshold} m is its start, so that it would fire for ever; put "
                "it where the current drives the wall"
            )
        if np.any(self.leak_field < 0):
            raise ValueError(f"DomainWallNeuron.leak_field = {self.leak_field} A/m must not be below 0")
        if np.any(self.temperature < 0):
            raise ValueError(f"DomainWallNeuron.temperature = {self.temperature} K must not be below 0")
        if np.any(self.refractory < 0):
            raise ValueError(f"DomainWallNeuron.refractory = {self.refractory} s must not be below 0")
        if np.any(self.temperature > 0) and not np.all(self.wall.moment_per_length > 0):
            raise ValueError(
                f"DomainWallNeuron.temperature = {self.temperature} K, but its wall has no moment_per_length, so that "
                "it is not known how strongly heat shakes it; give Ms times the stripe's cross-section, as "
                "wall_from_material does"
            )

    def rest(self) -> NeuronState:
        """Wall at the start, at rest, not firing."""
        shape = np.shape(self.start)
        return NeuronState(self.start, self.rest_angle, np.zeros(shape, dtype=bool), np.zeros(shape))

    def step(self, state: NeuronState, current_density: Any, dt: Any, noise: Any = None) -> NeuronState:
        """One Runge-Kutta step of the wall, unless it waits; then fire and reset if it passed the threshold."""
        shape = jnp.broadcast_shapes(jnp.shape(current_density), jnp.shape(state.position))
        current = jnp.broadcast_to(jnp.asarray(current_density), (3, *shape))
        onwards = jnp.sign(self.threshold - self.start)
        # Below breakdown a field Hz moves the wall to -p sign(Hz): the up domain grows.
        along_z = jnp.broadcast_to(onwards * self.wall.polarity * self.leak_field, shape)
        field = jnp.broadcast_to(jnp.stack([jnp.zeros(shape), jnp.zeros(shape), along_z]), (3, 3, *shape))
        agitation: Any = (0.0, 0.0, 0.0)
        if noise is not None:
            size = jnp.sqrt(agitation_strength(self.wall, self.temperature) / dt)
            agitation = (size * noise[0], size * noise[1], 0.0)
        position, angle, _ = runge_kutta_step(self.wall, state.position, state.angle, dt, current, field, agitation)
        deaf = state.waiting > 0.5 * dt
        position = jnp.where(deaf | (onwards * (position - self.start) < 0), self.start, position)
        spike = onwards * (position - self.threshold) >= 0
        waiting = jnp.where(spike, self.refractory, jnp.maximum(state.waiting - dt, 0.0))
        reset = spike | deaf
        return NeuronState(
            jnp.where(spike, self.start, position), jnp.where(reset, self.rest_angle, angle), spike, waiting
        )


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
        Of the pulses, in s.
    count : int
        Number of pulses.
    seed : int, optional
        Of the noise of heat; None follows the neurons at 0 K.

    Returns
    -------
    time : array (steps,)
        In s, after every step of 10 ps.
    position : array (..., steps)
        Of the walls, in m.
    spike : bool array (..., steps)
        Where a neuron fired.
    """
    with jax.enable_x64(True):
        key = None if seed is None else jax.random.key(seed)
        position, spike = _trace(neuron, jnp.asarray(amplitude, dtype=float), width, rise, period, count, key)
    steps, dt = steps_of(period)
    time = (np.arange(steps * count, dtype=np.float64) + 1) * dt
    return time, np.moveaxis(np.asarray(position), 0, -1), np.moveaxis(np.asarray(spike), 0, -1)


@eqx.filter_jit
def _trace(
    neuron: AbstractNeuron, amplitude: Any, width: float, rise: float, period: float, count: int, key: Any
) -> tuple[Any, Any]:
    steps, dt = steps_of(period)

    def advance(state: NeuronState, index: Any) -> tuple[NeuronState, tuple[Any, Any]]:
        level = trapezoid((index % steps + 0.5) * dt, width, rise, dt)
        noise = None
        if key is not None:
            noise = jax.random.normal(jax.random.fold_in(key, index), (2, *jnp.shape(amplitude)), dtype=float)
        after = NeuronState(*neuron.step(state, amplitude * level, dt, noise))
        return after, (after.position, after.spike)

    rest = NeuronState(*(jnp.broadcast_to(jnp.asarray(part), jnp.shape(amplitude)) for part in neuron.rest()))
    _, recorded = jax.lax.scan(advance, rest, jnp.arange(steps * count))
    return recorded


def exciting_sign(neuron: DomainWallNeuron, amplitude: float, *, width: float, rise: float, period: float) -> int:
    """Find the sign of the current that pushes a neuron's wall towards its threshold.

    One pulse of each sign is sent from rest, whatever torque moves the wall.

    Returns
    -------
    int
        1 or -1.

    Raises
    ------
    ValueError
        If neither sign moves the wall towards the threshold.
    """
    start = np.asarray(neuron.start, dtype=np.float64)
    onwards = np.sign(np.asarray(neuron.threshold) - start)[..., np.newaxis]
    reach = {}
    for sign in (1, -1):
        current = np.full(np.shape(start), sign * amplitude)
        _, position, spike = trace(neuron, current, width=width, rise=rise, period=period, count=1)
        reach[sign] = np.inf if spike.any() else float(np.max(onwards * (position - start[..., np.newaxis])))
    best = max(reach, key=lambda sign: reach[sign])
    if not reach[best] > 0:
        raise ValueError(
            f"exciting_sign: a pulse of {amplitude:.3g} A/m2 and {width:.3g} s moves the neuron's wall towards its "
            "threshold with neither sign; use a stronger or longer pulse, or less leak"
        )
    return best
