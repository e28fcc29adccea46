"""Synapses: a domain wall under a tunnel junction, and an ideal one to compare with."""

from __future__ import annotations

import math
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from solitons.devices import AbstractSynapse, WallState
from solitons.parameters import real
from solitons.simulation import runge_kutta_step
from solitons.wall_dynamics import WallDynamics

__all__ = ["DomainWallSynapse", "LinearSynapse", "advance_wall"]


def advance_wall(
    dynamics: WallDynamics, position: Any, angle: Any, current_density: Any, dt: Any, substeps: int
) -> tuple[Any, Any]:
    """Drive a wall with a constant current for a time.

    Parameters
    ----------
    dynamics : WallDynamics
        The wall.
    position, angle : float or array
        q in m and phi in rad.
    current_density : float or array
        J along +x in A/m2.
    dt : float or array
        For how long, in s.
    substeps : int
        Runge-Kutta steps to take for it.

    Returns
    -------
    position, angle : array
        Afterwards, of the shape that the arguments broadcast to.
    """
    q, phi, current, step = jnp.broadcast_arrays(
        *(jnp.asarray(value, dtype=float) for value in (position, angle, current_density, dt))
    )
    currents = (current, current, current)
    none = (jnp.zeros(3),) * 3

    def body(_: Any, state: tuple[Any, Any]) -> tuple[Any, Any]:
        return runge_kutta_step(dynamics, *state, step / substeps, currents, none)

    after: tuple[Any, Any] = jax.lax.fori_loop(0, substeps, body, (q, phi))
    return after


def _log_cosh(x: Any) -> Any:
    # cosh overflows where the wall is far from a window's edge.
    return jnp.abs(x) + jnp.log1p(jnp.exp(-2 * jnp.abs(x))) - math.log(2)


class DomainWallSynapse(AbstractSynapse):
    """A wall under a tunnel junction: pulses move it, the junction reads where it is.

    The domains under the window [a, b] conduct in parallel:

        G = (G_P + G_AP) / 2 + (G_P - G_AP) / 2  r <m_z>
        <m_z> = p Delta / (b - a) [ln cosh((b - q) / Delta) - ln cosh((a - q) / Delta)]

    which is linear in q inside the window and saturates over a wall's width at its
    edges, since <m_z> is the mean of p tanh((x - q) / Delta).

    Parameters
    ----------
    dynamics : WallDynamics
        The wall.
    window_start, window_stop : float
        a and b in m.
    parallel_conductance, antiparallel_conductance : float
        G_P and G_AP of the whole junction in S.
    reference : float
        r: +1 where the fixed layer points to +z, -1 where to -z.
    initial_angle : float
        phi in rad of a wall at rest.
    substeps : int
        Runge-Kutta steps in one `step`; its dt over this should be some ps.

    Notes
    -----
    `step` works in whatever precision JAX is set to: call it inside
    `jax.enable_x64(True)`, as `program_open_loop` does.

    Examples
    --------
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1,
    ...                     drift_per_current=-1e-10)
    >>> synapse = DomainWallSynapse(wall, 100e-9, 400e-9, 2e-5, 1e-5)
    >>> with jax.enable_x64(True):
    ...     state = synapse.initial_state()
    ...     after = synapse.step(state, -1e12, 0.5e-9)
    ...     print(f"{1e6 * synapse.conductance(state):.2f} uS, {1e6 * synapse.conductance(after):.2f} uS")
    15.00 uS, 16.64 uS
    """

    dynamics: WallDynamics
    window_start: Any = eqx.field(converter=real)
    window_stop: Any = eqx.field(converter=real)
    parallel_conductance: Any = eqx.field(converter=real)
    antiparallel_conductance: Any = eqx.field(converter=real)
    reference: Any = eqx.field(converter=real, default=1.0)
    initial_angle: Any = eqx.field(converter=real, default=math.pi / 2)
    substeps: int = eqx.field(static=True, default=50)

    def __check_init__(self) -> None:
        if isinstance(self.window_stop, np.ndarray) and not np.all(self.window_stop > self.window_start):
            raise ValueError(
                f"DomainWallSynapse.window_stop = {self.window_stop} m must lie beyond window_start = "
                f"{self.window_start} m"
            )
        lowest = self.antiparallel_conductance
        if isinstance(lowest, np.ndarray) and not np.all((self.parallel_conductance > lowest) & (lowest >= 0)):
            raise ValueError(
                f"DomainWallSynapse.parallel_conductance = {self.parallel_conductance} S must exceed "
                f"antiparallel_conductance = {lowest} S, which must not be negative"
            )
        if self.substeps < 1:
            raise ValueError(f"DomainWallSynapse.substeps = {self.substeps} must be at least 1")

    def initial_state(self) -> WallState:
        """Wall at rest in the middle of the window."""
        return WallState((self.window_start + self.window_stop) / 2, self.initial_angle)

    def step(self, state: WallState, input: Any, dt: Any) -> WallState:
        """Drive the wall with a constant current density, in A/m2, for dt, in s."""
        return WallState(*advance_wall(self.dynamics, *state, input, dt, self.substeps))

    def conductance(self, state: WallState) -> Any:
        """Conductance in S; any shape of positions."""
        wall = self.dynamics
        ends = [_log_cosh((end - state.position) / wall.width) for end in (self.window_stop, self.window_start)]
        mean_mz = wall.polarity * wall.width / (self.window_stop - self.window_start) * (ends[0] - ends[1])
        middle = (self.parallel_conductance + self.antiparallel_conductance) / 2
        half = (self.parallel_conductance - self.antiparallel_conductance) / 2
        return middle + half * self.reference * mean_mz

    @property
    def conductance_range(self) -> tuple[float, float]:
        """Conductance in S with the wall on one and on the other edge of the window."""
        with jax.enable_x64(True):
            ends = [
                float(np.mean(self.conductance(WallState(edge, 0.0))))
                for edge in (self.window_start, self.window_stop)
            ]
        return min(ends), max(ends)

    @property
    def potentiating_sign(self) -> int:
        """Sign of the current that raises the conductance: +1 or -1.

        Raises
        ------
        ValueError
            If the current does not move this wall.
        """
        rises_with_position = -float(np.mean(self.dynamics.polarity * self.reference))
        sign = int(np.sign(rises_with_position * self.dynamics.current_direction))
        if sign == 0:
            raise ValueError(
                "DomainWallSynapse: a current does not move this wall; give its dynamics drift_per_current, "
                "or damping_like_per_current and dmi_field"
            )
        return sign


class LinearSynapse(AbstractSynapse):
    """The ideal synapse: its conductance changes by the charge that flowed.

    dG/dt = gain J, held between the lowest and the highest conductance. The state
    is the conductance in S.

    Parameters
    ----------
    lowest, highest : float
        Ends of the range in S.
    gain : float
        Change in S per A/m2 and s.

    Examples
    --------
    >>> synapse = LinearSynapse(lowest=1e-5, highest=2e-5, gain=1e-8)
    >>> round(1e6 * float(synapse.step(synapse.initial_state(), 1e11, 1e-9)), 3)
    16.0
    """

    lowest: Any = eqx.field(converter=real)
    highest: Any = eqx.field(converter=real)
    gain: Any = eqx.field(converter=real)

    def __check_init__(self) -> None:
        if isinstance(self.highest, np.ndarray) and not np.all(self.highest > self.lowest):
            raise ValueError(
                f"LinearSynapse.highest = {self.highest} S must exceed lowest = {self.lowest} S"
            )

    def initial_state(self) -> Any:
        """Conductance in S in the middle of the range."""
        return (self.lowest + self.highest) / 2

    def step(self, state: Any, input: Any, dt: Any) -> Any:
        """Add gain J dt to the conductance, within the range."""
        return jnp.clip(state + self.gain * input * dt, self.lowest, self.highest)

    def conductance(self, state: Any) -> Any:
        """Conductance in S: the state itself."""
        return state

    @property
    def conductance_range(self) -> tuple[float, float]:
        """Ends of the range in S."""
        return float(self.lowest), float(self.highest)

    @property
    def potentiating_sign(self) -> int:
        """Sign of the current that raises the conductance."""
        return 1 if float(self.gain) > 0 else -1
