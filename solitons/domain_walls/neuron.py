"""The neuron that a domain wall makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from solitons.devices.neuron import AbstractNeuron
from solitons.devices.pulse_shape import trapezoid
from solitons.domain_walls.heat import agitation_strength
from solitons.domain_walls.simulation import runge_kutta_step
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.numerics.parameters import real

__all__ = ["DomainWallNeuron", "NeuronState"]


class NeuronState(NamedTuple):
    """State of a neuron between two spikes.

    q in m (the membrane potential), phi in rad, whether it fired in the last step, for how many s it will not listen
    yet, and chi in rad, 0 where the wall stands straight. Numbers or arrays.
    """

    position: Any
    angle: Any
    spike: Any
    waiting: Any = 0.0
    tilt: Any = 0.0


class DomainWallNeuron(AbstractNeuron):
    """A domain wall that integrates current, leaks back, and fires under a junction.

    The wall starts at `start`. Current pushes it by the collective-coordinate model;
    a constant field along the domains (a bias magnet, or a taper's slope as a field) pulls
    it back: the leak. When it passes `threshold`, where a junction sees the domain
    change, the neuron fires, and the wall goes back to `start`; for `refractory` it does not
    listen to its input meanwhile.

    With a `reset_current` the wall does not jump to its start: the equation of motion takes it where one pulse of that
    current leaves it, as in Fig. 8 of J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, 2024 (2016). Nothing
    stops it at the start then; a well has to hold it there. Where it is still past the threshold when it listens
    again, it fires again.

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
        circuit that resets it (`solitons.domain_walls.neuron_times.return_time`); 0 where it is not known.
    reset_current : float
        Current density in A/m2 of the pulse that resets it, with its sign; 0 where the wall jumps.
    reset_after, reset_width : float
        When that rectangular pulse begins after the spike, and its width, in s; the refractory time ends after it.
        Until it begins, the input still moves the wall.

    Raises
    ------
    ValueError
        If start and threshold are the same, the leak, the temperature or the refractory time is negative, there is a
        temperature and the wall does not have its moment per length, or a reset pulse does not end within the
        refractory time.

    Examples
    --------
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, damping_like_per_current=4e-8)
    >>> neuron = DomainWallNeuron(wall=wall, start=80e-9, threshold=300e-9, leak_field=1.6e3)
    >>> [round(float(end) * 1e9) for end in neuron.span]  # nm
    [80, 300]
    """

    wall: WallDynamics
    start: Any = eqx.field(converter=real)
    threshold: Any = eqx.field(converter=real)
    leak_field: Any = eqx.field(converter=real, default=0.0)
    rest_angle: Any = eqx.field(converter=real, default=0.0)
    temperature: Any = eqx.field(converter=real, default=0.0)
    refractory: Any = eqx.field(converter=real, default=0.0)
    reset_current: Any = eqx.field(converter=real, default=0.0)
    reset_after: Any = eqx.field(converter=real, default=0.0)
    reset_width: Any = eqx.field(converter=real, default=0.0)

    def __check_init__(self) -> None:
        numbers = (
            *(self.start, self.threshold, self.leak_field, self.temperature, self.refractory),
            *(self.wall.moment_per_length, self.reset_current, self.reset_after, self.reset_width),
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

        ends = self.reset_after + self.reset_width
        # A picosecond for rounding.
        bad = (self.reset_width <= 0) | (self.reset_after < 0) | (ends > self.refractory + 1e-12)
        if np.any((self.reset_current != 0) & bad):
            raise ValueError(
                f"DomainWallNeuron.reset_width = {self.reset_width} s, from {self.reset_after} s after the spike on, "
                f"must be above 0 and end within refractory = {self.refractory} s, in which it does not listen"
            )

    @property
    def span(self) -> tuple[Any, Any]:
        """Its start and its threshold, x in m."""
        return self.start, self.threshold

    def rest(self) -> NeuronState:
        """Wall at the start, at rest, not firing."""
        shape = np.shape(self.start)
        return NeuronState(self.start, self.rest_angle, np.zeros(shape, dtype=bool), np.zeros(shape), np.zeros(shape))

    @property
    def noises(self) -> int:
        """Two, and one for a wall that tilts."""
        return 2 if self.wall.tilting is None else 3

    def step(self, state: NeuronState, current_density: Any, dt: Any, noise: Any = None) -> NeuronState:
        """One Runge-Kutta step of the wall, unless it waits; then fire and reset if it passed the threshold."""
        shape = jnp.broadcast_shapes(jnp.shape(current_density), jnp.shape(state.position))
        deaf = state.waiting > 0.5 * dt
        pulsed = self.reset_current != 0
        since = self.refractory - state.waiting - self.reset_after + 0.5 * dt
        reset_pulse = self.reset_current * trapezoid(since, self.reset_width, 0.0, dt)
        # The pulse that made it fire goes on until the reset pulse begins.
        current = jnp.where(deaf & pulsed & (since > 0), reset_pulse, current_density)
        current = jnp.broadcast_to(current, (3, *shape))
        onwards = jnp.sign(self.threshold - self.start)
        # Below breakdown a field Hz moves the wall to -p sign(Hz): the up domain grows.
        along_z = jnp.asarray(onwards * self.wall.polarity * self.leak_field)
        none = jnp.zeros_like(along_z)
        field = jnp.broadcast_to(jnp.stack([none, none, along_z]), (3, 3, *along_z.shape))
        agitation: Any = None
        if noise is not None:
            size = jnp.sqrt(agitation_strength(self.wall, self.temperature) / dt)
            agitation = (size * noise[0], size * noise[1], 0.0 if self.wall.tilting is None else size * noise[2])
        position, angle, tilt = runge_kutta_step(
            self.wall, state.position, state.angle, dt, current, field, agitation, state.tilt
        )
        position = jnp.where(~pulsed & (deaf | (onwards * (position - self.start) < 0)), self.start, position)
        spike = (onwards * (position - self.threshold) >= 0) & ~(deaf & pulsed)
        waiting = jnp.where(spike, self.refractory, jnp.maximum(state.waiting - dt, 0.0))
        reset = (spike | deaf) & ~pulsed
        return NeuronState(
            jnp.where(spike & ~pulsed, self.start, position),
            jnp.where(reset, self.rest_angle, angle),
            spike,
            waiting,
            jnp.where(reset, 0.0, tilt),
        )

    def with_thresholds(self, thresholds: Any, gains: Any = 1.0) -> DomainWallNeuron:
        """Neurons with a threshold each, whose walls go further by their gain under the same current."""
        moved = {
            name: getattr(self.wall, name) * gains
            for name in ("drift_per_current", "damping_like_per_current", "field_like_per_current")
        }
        shape = np.shape(thresholds)
        start = np.broadcast_to(self.start, shape).copy()
        return replace(self, wall=replace(self.wall, **moved), threshold=thresholds, start=start)

    def heated(self, temperature: Any) -> DomainWallNeuron:
        """The same at another temperature in K."""
        return replace(self, temperature=temperature)
