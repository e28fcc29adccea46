"""An integrate-and-fire neuron made of a domain wall."""

from __future__ import annotations

import math
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from solitons.devices import AbstractNeuron, NeuronState
from solitons.parameters import real
from solitons.pinning import PinningSum, UniformPush
from solitons.synapse import advance_wall
from solitons.wall_dynamics import WallDynamics

__all__ = ["DomainWallNeuron"]


class DomainWallNeuron(AbstractNeuron):
    """A wall that a current drives from its rest position to a junction, where it fires.

    The wall's position is the membrane potential. It integrates the current as the
    wall's equation of motion says, leaks by a constant push towards rest (a taper,
    or a bias field), fires when it passes the junction, and is then set back to
    rest with its angle. Between the two it moves as its dynamics say, pinning
    included; it may go behind its rest position under an inhibiting input.

    Parameters
    ----------
    dynamics : WallDynamics
        The wall.
    rest_position, junction_position : float
        In m; the junction may lie on either side.
    leak_field : float
        Push back towards rest in A/m, not negative. A wall that precesses drifts
        back with alpha gamma0 Delta / (1 + alpha^2) times it.
    rest_angle : float
        phi in rad at rest and after each reset.
    substeps : int
        Runge-Kutta steps in one `step`.

    Examples
    --------
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1,
    ...                     drift_per_current=-1e-10)
    >>> neuron = DomainWallNeuron(wall, rest_position=100e-9, junction_position=200e-9)
    >>> with jax.enable_x64(True):
    ...     state = neuron.initial_state()
    ...     for _ in range(30):
    ...         state = neuron.step(state, -1e12, 0.1e-9)
    >>> int(neuron.spikes(state))
    2
    """

    dynamics: WallDynamics
    rest_position: Any = eqx.field(converter=real)
    junction_position: Any = eqx.field(converter=real)
    leak_field: Any = eqx.field(converter=real, default=0.0)
    rest_angle: Any = eqx.field(converter=real, default=math.pi / 2)
    substeps: int = eqx.field(static=True, default=10)

    def __check_init__(self) -> None:
        if isinstance(self.junction_position, np.ndarray) and np.any(
            self.junction_position == self.rest_position
        ):
            raise ValueError(
                f"DomainWallNeuron.junction_position = {self.junction_position} m is the rest position; move "
                "one of them"
            )
        if isinstance(self.leak_field, np.ndarray) and np.any(self.leak_field < 0):
            raise ValueError(
                f"DomainWallNeuron.leak_field = {self.leak_field} A/m must not be negative: it always pushes "
                "towards rest"
            )
        if self.substeps < 1:
            raise ValueError(f"DomainWallNeuron.substeps = {self.substeps} must be at least 1")

    @property
    def exciting_sign(self) -> int:
        """Sign of the current that drives the wall towards the junction: +1, -1, or 0."""
        ahead = np.sign(float(np.mean(self.junction_position - self.rest_position)))
        return int(ahead * self.dynamics.current_direction)

    def initial_state(self) -> NeuronState:
        """Wall at rest, no spike yet."""
        return NeuronState(self.rest_position, self.rest_angle, False, 0)

    def step(self, state: NeuronState, input: Any, dt: Any) -> NeuronState:
        """Integrate a constant current density, in A/m2, over dt, in s; fire and reset."""
        ahead = jnp.sign(self.junction_position - self.rest_position)
        leak = UniformPush(-ahead * self.leak_field)
        pinning = PinningSum((self.dynamics.pinning, leak))
        leaking = eqx.tree_at(lambda wall: wall.pinning, self.dynamics, pinning)
        position, angle = advance_wall(leaking, state.position, state.angle, input, dt, self.substeps)
        spiked = ahead * (position - self.junction_position) >= 0
        return NeuronState(
            jnp.where(spiked, self.rest_position, position),
            jnp.where(spiked, self.rest_angle, angle),
            spiked,
            state.spikes + spiked.astype(jnp.int32),
        )

    def spiked(self, state: NeuronState) -> Any:
        """Whether the wall passed the junction in the last step."""
        return state.spiked

    def spikes(self, state: NeuronState) -> Any:
        """How often the wall has passed the junction."""
        return state.spikes

    def potential(self, state: NeuronState) -> Any:
        """Part of the way to the junction that the wall has gone; negative behind rest."""
        return (state.position - self.rest_position) / (self.junction_position - self.rest_position)
