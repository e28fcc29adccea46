"""What a synapse and a neuron are, whatever they are made of."""

from __future__ import annotations

import abc
from typing import Any, NamedTuple

from solitons.storage import StoredModel

__all__ = ["AbstractNeuron", "AbstractSynapse", "NeuronState", "WallState"]


class WallState(NamedTuple):
    """State of a device that is one domain wall.

    Parameters
    ----------
    position : float or array
        q in m.
    angle : float or array
        phi in rad.
    """

    position: Any
    angle: Any


class NeuronState(NamedTuple):
    """State of a neuron that is one domain wall.

    Parameters
    ----------
    position, angle : float or array
        q in m and phi in rad.
    spiked : bool or array
        Whether it fired in the last step.
    spikes : int or array
        How often it has fired so far.
    """

    position: Any
    angle: Any
    spiked: Any
    spikes: Any


class AbstractSynapse(StoredModel):
    """A conductance that pulses change.

    States are pytrees of numbers or of arrays over devices; `step` and
    `conductance` are pure and work under `jit` and `vmap`.
    """

    @abc.abstractmethod
    def initial_state(self) -> Any:
        """State of a new device, in the middle of its range."""

    @abc.abstractmethod
    def step(self, state: Any, input: Any, dt: Any) -> Any:
        """State after the input was on for a time.

        Parameters
        ----------
        state : pytree
            From `initial_state` or an earlier step.
        input : float or array
            Constant drive over the step: current density J along +x in A/m2.
        dt : float or array
            Length of the step in s.

        Returns
        -------
        pytree
            The new state.
        """

    @abc.abstractmethod
    def conductance(self, state: Any) -> Any:
        """Conductance in S."""

    @property
    @abc.abstractmethod
    def conductance_range(self) -> tuple[float, float]:
        """Lowest and highest conductance in S that pulses reach."""

    @property
    @abc.abstractmethod
    def potentiating_sign(self) -> int:
        """Sign of the current that raises the conductance: +1 or -1."""


class AbstractNeuron(StoredModel):
    """Something that integrates its input, leaks, and fires."""

    @abc.abstractmethod
    def initial_state(self) -> Any:
        """State of a neuron at rest that has not fired."""

    @abc.abstractmethod
    def step(self, state: Any, input: Any, dt: Any) -> Any:
        """State after the input was on for a time; arguments as for a synapse.

        A neuron fires at most once a step, so that `dt` has to be shorter than the
        time between two spikes.
        """

    @abc.abstractmethod
    def spiked(self, state: Any) -> Any:
        """Whether it fired in the last step."""

    @abc.abstractmethod
    def spikes(self, state: Any) -> Any:
        """How often it has fired."""

    @abc.abstractmethod
    def potential(self, state: Any) -> Any:
        """How far it is on the way to its next spike: 0 at rest, 1 where it fires."""
