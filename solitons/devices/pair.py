"""The two devices of a network: a synapse for its weights, a neuron for its outputs, and their model's error."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.devices.neuron import AbstractNeuron
from solitons.devices.synapse import AbstractSynapse

__all__ = ["DevicePair"]


@dataclass(frozen=True, eq=False)
class DevicePair:
    """A synapse and a neuron of one family.

    Parameters
    ----------
    synapse : AbstractSynapse
        The mean one, with its spreads.
    neuron : AbstractNeuron
        The mean one, at 0 K.
    error : float
        Standard deviation in m of where a device is, from where its model predicts it to be at rest.
    amplitude : (float, float)
        Lowest and highest current density in A/m2 in which inputs are coded: the range for which the model holds.

    Raises
    ------
    ValueError
        If the error is negative or not finite, or the amplitudes are not in order: inputs are coded in the amplitude.
    """

    synapse: AbstractSynapse
    neuron: AbstractNeuron
    error: float
    amplitude: tuple[float, float]

    def __post_init__(self) -> None:
        if not 0 <= self.error < float("inf"):
            raise ValueError(f"DevicePair.error = {self.error} m must be a finite number, 0 or above")
        lowest, highest = self.amplitude
        if not 0 <= lowest < highest:
            raise ValueError(
                f"DevicePair.amplitude = ({lowest:.3g}, {highest:.3g}) A/m2 must rise from 0 or above, but inputs are "
                "coded in the amplitude; sweep it in the runs that are fitted"
            )
