"""Synapses: a current pulse in, a conductance out. What every family's synapse offers, and the ideal one."""

from __future__ import annotations

import abc
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.drift import Drift, checked_rest
from solitons.devices.junction import Junction
from solitons.devices.spreads import Spreads, normal_parts
from solitons.fits.provenance import Provenance
from solitons.numerics.parameters import namespace_of, real, with_numbers

if TYPE_CHECKING:
    from solitons.devices.pulse_shape import ProgrammingPulse

__all__ = [
    "AbstractPositionSynapse",
    "AbstractSynapse",
    "DrawnDevices",
    "LinearState",
    "LinearSynapse",
    "example_synapse",
]

Floats = npt.NDArray[np.float64]


class DrawnDevices(NamedTuple):
    """Devices of one drawing.

    The parameters of `synapse` have the devices as their first axis where they differ; `gains` of the current that
    reaches each and `scales` of its conductance are relative to the mean device.
    """

    synapse: Any
    gains: Floats
    scales: Floats


class AbstractSynapse(eqx.Module):
    """Interface of synapses: a state that current moves, and a conductance that shows it.

    A state is a tuple of arrays whose first axes index the devices. Its `coordinate`, a length in m, orders
    the states by conductance within the `window`: a wall's position, or the mean place of a row of skyrmions. All
    methods are pure and work on arrays of states, element by element. They describe the mean device; `spreads`
    describes how others, and other cycles, differ. A junction reads it, between the ends `left` and `right` in m.

    Examples
    --------
    >>> synapse = example_synapse()
    >>> isinstance(synapse, AbstractSynapse), [round(float(end) * 1e6) for end in synapse.conductances]  # uS
    (True, [100, 500])
    """

    junction: eqx.AbstractVar[Any]
    left: eqx.AbstractVar[Any]
    right: eqx.AbstractVar[Any]
    spreads: eqx.AbstractVar[Spreads]

    def __repr__(self) -> str:
        return with_numbers(self)

    @property
    @abc.abstractmethod
    def conductances(self) -> tuple[Any, Any]:
        """Lowest and highest conductance in S that may be asked for."""

    @property
    @abc.abstractmethod
    def window(self) -> tuple[Any, Any]:
        """Stretch of the coordinate in m over which the conductance changes."""

    @property
    @abc.abstractmethod
    def reach(self) -> tuple[Any, Any]:
        """Smallest and largest coordinate in m that the device's ends let its state have."""

    @property
    @abc.abstractmethod
    def provenance(self) -> Provenance | None:
        """Provenance of the model that moves the state; None if it was not fitted."""

    @abc.abstractmethod
    def reset(self) -> Any:
        """State of lowest conductance, from which programming starts."""

    @abc.abstractmethod
    def repeated(self, state: Any, shape: tuple[int, ...]) -> Any:
        """Give a state to as many devices, or states to the devices of a larger array, as NumPy broadcasts."""

    @abc.abstractmethod
    def noise(self, key: Any, shape: tuple[int, ...]) -> Any:
        """Normal numbers from which heat makes its push in one `step` of as many devices.

        None where `step` knows no heat: at 0 K, and where `spreads.cycle` has what heat does to a pulse.
        """

    @abc.abstractmethod
    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = None) -> Any:
        """Follow the state for a time `dt` (s) under a constant current density (A/m2), with heat if there is noise."""

    @abc.abstractmethod
    def coordinate(self, state: Any) -> Any:
        """Coordinate in m."""

    @abc.abstractmethod
    def read(self, state: Any) -> Any:
        """Coordinate in m that a reading of the conductance shows, as `coordinate_for` has it."""

    @abc.abstractmethod
    def at(self, state: Any, coordinate: Any) -> Any:
        """The state with another coordinate (m), and all else as it was."""

    @abc.abstractmethod
    def conductance(self, state: Any) -> Any:
        """Conductance in S."""

    @abc.abstractmethod
    def coordinate_for(self, conductance: Any) -> Any:
        """Coordinate in m at which a device as after `reset`, moved as a whole, has this conductance (S)."""

    @abc.abstractmethod
    def ideal(self, mobility: Any) -> LinearSynapse:
        """The ideal synapse of the same conductances, that moves by `mobility` (m3/(A s)) times the charge."""

    @abc.abstractmethod
    def drift(self, time: float, temperature: float) -> Drift:
        """Drift of the coordinates that a reading shows after a time (s) without current, at a temperature (K).

        Raises
        ------
        DriftUnknownError
            If the model does not say what heat does to a state at rest.
        ValueError
            If time or temperature is not above 0.
        """

    def wells(self) -> Floats:
        """Coordinates in m at which alone the state stays, (wells,); empty where it stays everywhere."""
        return np.empty(0)

    @property
    def spread_known(self) -> bool:
        """Whether it is known how devices differ."""
        return bool(self.spreads.between_devices)

    def drawn_devices(self, count: int, seed: int) -> DrawnDevices:
        """Draw devices by `spreads.gain`, so that a few represent the whole distribution.

        Parameters
        ----------
        count : int
            Devices.
        seed : int
            Seed of what is drawn.
        """
        del seed
        gains = np.maximum(0.0, 1 + float(self.spreads.gain) * normal_parts(count))
        return DrawnDevices(self, gains, np.ones(count))

    def ends_of_pulse(
        self, coordinate: Floats, amplitude: Floats, pulse: ProgrammingPulse, draws: int, seed: int
    ) -> Floats | None:
        """Coordinates (devices, places, draws) after one pulse of the longest width, by chance as the model has it.

        None where the model has no closed form of their distribution, and each has to be followed.

        Parameters
        ----------
        coordinate : array (places,)
            Before the pulse.
        amplitude : array (devices,)
            Current density of each device's pulse in A/m2, with its sign.
        pulse : ProgrammingPulse
            Its width, rise and period.
        draws : int
            Equally likely ends of each place.
        seed : int
            Seed of what is drawn.
        """
        del coordinate, amplitude, pulse, draws, seed
        return None

    def drift_speed_ci95(self, temperature: float) -> tuple[float, float] | None:
        """How many times faster or slower the device may drift than `drift` has it, by its fit; None if not known."""
        del temperature
        return None


class AbstractPositionSynapse(AbstractSynapse):
    """A synapse whose state is where something stands under one junction: its state has a `position` in m.

    The position is the coordinate, and what a reading shows. Two ends, `left` and `right` in m, stop it.
    """

    junction: eqx.AbstractVar[Junction]

    @property
    def conductances(self) -> tuple[Any, Any]:
        """Those of the junction in S."""
        return self.junction.antiparallel, self.junction.parallel

    @property
    def window(self) -> tuple[Any, Any]:
        """The junction's ends in m."""
        return self.junction.left, self.junction.right

    @property
    def reach(self) -> tuple[Any, Any]:
        """The two ends in m."""
        return self.left, self.right

    def repeated(self, state: Any, shape: tuple[int, ...]) -> Any:
        """The same state for all."""
        xp = namespace_of(*state)
        return type(state)(*(xp.broadcast_to(xp.asarray(part, dtype=float), shape) for part in state))

    def coordinate(self, state: Any) -> Any:
        """Its position in m."""
        return state.position

    def read(self, state: Any) -> Any:
        """Its position in m, in which the conductance is linear under the junction."""
        return state.position

    def at(self, state: Any, coordinate: Any) -> Any:
        """The same state elsewhere."""
        return state._replace(position=coordinate)


class LinearState(NamedTuple):
    """State of an ideal synapse: its position in m."""

    position: Any


class LinearSynapse(AbstractPositionSynapse):
    """The ideal synapse: conductance moves in proportion to charge, and stops at two ends.

    Parameters
    ----------
    mobility : float
        Metres per second that a current density of 1 A/m2 moves the state, in
        m3/(A s); its sign is the direction along x.
    junction : Junction
        The read-out, taken with a perfectly sharp wall.
    polarity : float
        -1 for a reversed area that is left of the position, as of an up-down wall; 1 for the other side.
    left, right : float
        Ends of the range in m.
    spreads : Spreads
        None, unless they are given.

    Examples
    --------
    >>> from solitons.devices import Junction
    >>> from solitons.devices.synapse import LinearState
    >>> junction = Junction(left=0.0, right=100e-9, parallel=5e-4, antiparallel=1e-4)
    >>> synapse = LinearSynapse(mobility=-2e-10, junction=junction, polarity=-1, left=0.0, right=100e-9)
    >>> moved = synapse.step(LinearState(0.0), -1e11, 2e-9)  # 20 m/s against the current for 2 ns
    >>> round(float(moved.position) * 1e9, 3), round(float(synapse.conductance(moved)) * 1e6, 3)  # nm and uS
    (40.0, 260.0)
    """

    mobility: Any = eqx.field(converter=real)
    junction: Junction
    polarity: Any = eqx.field(converter=real)
    left: Any = eqx.field(converter=real)
    right: Any = eqx.field(converter=real)
    spreads: Spreads = eqx.field(default_factory=Spreads, kw_only=True)

    @property
    def provenance(self) -> Provenance | None:
        """None: it is no model of a device."""
        return None

    def reset(self) -> LinearState:
        """End of lowest conductance."""
        ends = (self.left, self.right)
        low = int(self.conductance(LinearState(ends[0])) > self.conductance(LinearState(ends[1])))
        return LinearState(ends[low])

    def noise(self, key: Any, shape: tuple[int, ...]) -> None:
        """None: heat does not move it."""

    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = None) -> Any:
        """Move in proportion to the charge, up to an end."""
        if noise is not None:
            raise ValueError(
                "LinearSynapse.step: noise is given, but heat does not move the ideal synapse; leave it out"
            )
        moved = state.position + self.mobility * current_density * dt
        return state._replace(position=jnp.clip(moved, self.left, self.right))

    def conductance(self, state: Any) -> Any:
        """Conductance in S, linear in the position under the junction."""
        ends = self.junction.left, self.junction.right
        inside = namespace_of(state.position, *ends).clip(state.position, *ends)
        share = (inside - self.junction.left) / (self.junction.right - self.junction.left)
        # The share of the junction that is up: the part left of an up-down wall.
        up = namespace_of(share, self.polarity).where(self.polarity < 0, share, 1 - share)
        aligned = (1 + self.junction.polariser * (2 * up - 1)) / 2
        return self.junction.antiparallel + (self.junction.parallel - self.junction.antiparallel) * aligned

    def coordinate_for(self, conductance: Any) -> Any:
        """Position in m with this conductance."""
        return self.junction.position_for(conductance, self.polarity)

    def ideal(self, mobility: Any) -> LinearSynapse:
        """Itself, with another mobility."""
        return replace(self, mobility=mobility)

    def drift(self, time: float, temperature: float) -> Drift:
        """Nothing: heat does not move it."""
        checked_rest(time, temperature, "LinearSynapse.drift")

        def still(coordinate: Any, generator: Any) -> Any:
            del generator
            return coordinate

        return still


def example_synapse(spreads: Spreads | None = None) -> LinearSynapse:
    """An ideal synapse with round numbers, to try things on: 100 nm from 100 to 500 uS, 100 m/s at 1e12 A/m2.

    Examples
    --------
    >>> [round(float(end) * 1e6) for end in example_synapse().conductances]  # uS
    [100, 500]
    """
    junction = Junction(left=0.0, right=100e-9, parallel=5e-4, antiparallel=1e-4)
    return LinearSynapse(
        mobility=-1e-10, junction=junction, polarity=-1, left=0.0, right=100e-9, spreads=spreads or Spreads()
    )
