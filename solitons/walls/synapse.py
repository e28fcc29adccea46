"""Synapses: a current pulse in, a conductance out."""

from __future__ import annotations

import abc
from typing import Any, NamedTuple

import equinox as eqx
import jax.numpy as jnp

from solitons.parameters import real
from solitons.walls.junction import Junction
from solitons.walls.simulation import runge_kutta_step
from solitons.walls.spreads import Spreads
from solitons.walls.wall_dynamics import WallDynamics

__all__ = ["AbstractSynapse", "DomainWallSynapse", "LinearSynapse", "WallState"]


class WallState(NamedTuple):
    """Where a device's wall is.

    Parameters
    ----------
    position : float or array
        q in m.
    angle : float or array
        phi in rad.
    """

    position: Any
    angle: Any


class AbstractSynapse(eqx.Module):
    """What every synapse offers: a state that current moves, and a conductance that shows it.

    All methods are pure and work on arrays of states, element by element. They are those of the mean
    device; `spreads` says how others, and other cycles, differ.
    """

    junction: eqx.AbstractVar[Junction]
    left: eqx.AbstractVar[Any]
    right: eqx.AbstractVar[Any]
    spreads: eqx.AbstractVar[Spreads]

    @abc.abstractmethod
    def reset(self) -> WallState:
        """State of lowest conductance, from which programming starts."""

    @abc.abstractmethod
    def step(self, state: WallState, current_density: Any, dt: Any) -> WallState:
        """Follow the state for a time `dt` (s) under a constant current density (A/m2)."""

    @abc.abstractmethod
    def conductance(self, state: WallState) -> Any:
        """Conductance in S."""

    @abc.abstractmethod
    def position_for(self, conductance: Any) -> Any:
        """Position in m whose conductance (S) this is."""


class DomainWallSynapse(AbstractSynapse):
    """A domain wall between two pinned ends, under a tunnel junction.

    A pulse moves the wall by the collective-coordinate model, and the conductance
    follows the wall's position. Potentiation and depression differ, and pulses do
    not add up exactly, since the wall's angle remembers the pulses before; at the
    ends the wall is stopped and the conductance saturates.

    Parameters
    ----------
    wall : WallDynamics
        The wall, usually fitted.
    junction : Junction
        The read-out.
    left, right : float
        Where the pinned ends stop the wall, in m.
    rest_angle : float
        phi in rad of a wall at rest after a reset.
    spreads : Spreads
        From cycle to cycle, by heat, and from device to device.
    """

    wall: WallDynamics
    junction: Junction
    left: Any = eqx.field(converter=real)
    right: Any = eqx.field(converter=real)
    rest_angle: Any = eqx.field(converter=real, default=0.0)
    spreads: Spreads = eqx.field(default_factory=Spreads, kw_only=True)

    def reset(self) -> WallState:
        """Wall at the end of lowest conductance, at rest."""
        ends = (self.left, self.right)
        low = int(self.conductance(WallState(ends[0], 0.0)) > self.conductance(WallState(ends[1], 0.0)))
        return WallState(ends[low], self.rest_angle)

    def step(self, state: WallState, current_density: Any, dt: Any) -> WallState:
        """One Runge-Kutta step of the wall; `dt` of 10 ps is short enough for currents up to 1e13 A/m2."""
        current = jnp.stack([jnp.asarray(current_density)] * 3)
        field = jnp.zeros((3, 3, *jnp.shape(current_density)))
        position, angle, _ = runge_kutta_step(self.wall, state.position, state.angle, dt, current, field)
        return WallState(jnp.clip(position, self.left, self.right), angle)

    def conductance(self, state: WallState) -> Any:
        """Conductance in S of the junction with the wall where it is."""
        return self.junction.conductance(state.position, self.wall.polarity, self.wall.width)

    def position_for(self, conductance: Any) -> Any:
        """Wall position in m with this conductance."""
        return self.junction.position_for(conductance, self.wall.polarity)


class LinearSynapse(AbstractSynapse):
    """The ideal synapse: conductance moves in proportion to charge, and stops at two ends.

    Parameters
    ----------
    mobility : float
        Metres per second that a current density of 1 A/m2 moves the state, in
        m3/(A s); its sign is the direction along x.
    junction : Junction
        The read-out, taken with a perfectly sharp wall.
    polarity : float
        p of the domains, as in `WallDynamics`.
    left, right : float
        Ends of the range in m.
    spreads : Spreads
        None, unless they are given.
    """

    mobility: Any = eqx.field(converter=real)
    junction: Junction
    polarity: Any = eqx.field(converter=real)
    left: Any = eqx.field(converter=real)
    right: Any = eqx.field(converter=real)
    spreads: Spreads = eqx.field(default_factory=Spreads, kw_only=True)

    def reset(self) -> WallState:
        """End of lowest conductance."""
        ends = (self.left, self.right)
        low = int(self.conductance(WallState(ends[0], 0.0)) > self.conductance(WallState(ends[1], 0.0)))
        return WallState(ends[low], 0.0)

    def step(self, state: WallState, current_density: Any, dt: Any) -> WallState:
        """Move in proportion to the charge, up to an end."""
        moved = state.position + self.mobility * current_density * dt
        return WallState(jnp.clip(moved, self.left, self.right), state.angle)

    def conductance(self, state: WallState) -> Any:
        """Conductance in S, linear in the position under the junction."""
        inside = jnp.clip(state.position, self.junction.left, self.junction.right)
        share = (inside - self.junction.left) / (self.junction.right - self.junction.left)
        # The share of the junction that is up: the part left of an up-down wall.
        up = share if self.polarity < 0 else 1 - share
        aligned = (1 + self.junction.polariser * (2 * up - 1)) / 2
        return self.junction.antiparallel + (self.junction.parallel - self.junction.antiparallel) * aligned

    def position_for(self, conductance: Any) -> Any:
        """Position in m with this conductance."""
        return self.junction.position_for(conductance, self.polarity)
