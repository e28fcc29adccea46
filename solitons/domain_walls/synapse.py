"""The synapse that a domain wall makes."""

from __future__ import annotations

from typing import Any, NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.drift import Drift
from solitons.devices.junction import Junction
from solitons.devices.spreads import Spreads
from solitons.devices.synapse import AbstractPositionSynapse, LinearSynapse
from solitons.domain_walls.hopping import wall_drift
from solitons.domain_walls.landscape import ROOM_TEMPERATURE, wells_of
from solitons.domain_walls.simulation import runge_kutta_step
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.fits.provenance import Provenance
from solitons.numerics.parameters import real

__all__ = ["DomainWallSynapse", "WallState"]

Floats = npt.NDArray[np.float64]


class WallState(NamedTuple):
    """State of a device's wall: q in m, phi in rad, and chi in rad, 0 if it is straight. Numbers or arrays."""

    position: Any
    angle: Any
    tilt: Any = 0.0


class DomainWallSynapse(AbstractPositionSynapse):
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
        Positions where the pinned ends stop the wall, in m.
    rest_angle : float
        phi in rad of a wall at rest after a reset.
    spreads : Spreads
        From cycle to cycle, by heat, and from device to device.

    Examples
    --------
    >>> from solitons.devices import Junction
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, damping_like_per_current=4e-8)
    >>> junction = Junction(left=50e-9, right=350e-9, parallel=5e-4, antiparallel=2e-4)
    >>> synapse = DomainWallSynapse(wall=wall, junction=junction, left=40e-9, right=360e-9)
    >>> lowest, highest = synapse.conductances
    >>> round(float(lowest) * 1e6), round(float(highest) * 1e6)  # uS
    (200, 500)
    >>> round(float(synapse.coordinate_for(3.5e-4)) * 1e9)  # nm: half of the junction is up
    200
    """

    wall: WallDynamics
    junction: Junction
    left: Any = eqx.field(converter=real)
    right: Any = eqx.field(converter=real)
    rest_angle: Any = eqx.field(converter=real, default=0.0)
    spreads: Spreads = eqx.field(default_factory=Spreads, kw_only=True)

    @property
    def provenance(self) -> Provenance | None:
        """Provenance of the wall."""
        return self.wall.provenance

    def reset(self) -> WallState:
        """Wall at the end of lowest conductance, with the angle of a wall at rest.

        An end pushes a wall away, so that it goes on without a current until the landscape holds it;
        `solitons.devices.come_to_rest` gives the place.
        """
        ends = (self.left, self.right)
        low = int(self.conductance(WallState(ends[0], 0.0)) > self.conductance(WallState(ends[1], 0.0)))
        return WallState(ends[low], self.rest_angle)

    def noise(self, key: Any, shape: tuple[int, ...]) -> None:
        """None: what heat does to a pulse is in `spreads.cycle`, as micromagnetics or `follow_hot_walls` give it."""

    def step(self, state: WallState, current_density: Any, dt: Any, noise: Any = None) -> WallState:
        """One Runge-Kutta step of the wall; `dt` of 10 ps is short enough for currents up to 1e13 A/m2."""
        if noise is not None:
            raise ValueError(
                "DomainWallSynapse.step: noise is given, but what heat does is in spreads.cycle; leave it out"
            )
        current = jnp.stack([jnp.asarray(current_density)] * 3)
        field = jnp.zeros((3, 3))
        position, angle, tilt = runge_kutta_step(
            self.wall, state.position, state.angle, dt, current, field, tilt=state.tilt
        )
        return WallState(jnp.clip(position, self.left, self.right), angle, tilt)

    def conductance(self, state: WallState) -> Any:
        """Conductance in S of the junction with the wall where it is."""
        return self.junction.conductance(state.position, self.wall.polarity, self.wall.width)

    def coordinate_for(self, conductance: Any) -> Any:
        """Wall position in m with this conductance."""
        return self.junction.position_for(conductance, self.wall.polarity)

    def ideal(self, mobility: Any) -> LinearSynapse:
        """A linear synapse between the same ends, under the same junction."""
        return LinearSynapse(
            mobility=mobility, junction=self.junction, polarity=self.wall.polarity, left=self.left, right=self.right
        )

    def wells(self) -> Floats:
        """Places in m that hold the wall at 300 K, or at the temperature of its spreads where that is lower."""
        temperature = min(float(self.spreads.temperature) or ROOM_TEMPERATURE, ROOM_TEMPERATURE)
        return wells_of(self.wall, float(self.left), float(self.right), temperature)

    def drift(self, time: float, temperature: float) -> Drift:
        """Heat moves the wall in its landscape (`solitons.domain_walls.hopping`)."""
        return wall_drift(self.wall, float(self.left), float(self.right), time, temperature)
