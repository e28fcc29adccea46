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

    Examples
    --------
    A model that is off by 2 nm, on a range of 100 nm:

    >>> from solitons.devices import Junction, LinearSynapse
    >>> from solitons.domain_walls import DomainWallNeuron, WallDynamics
    >>> junction = Junction(left=0.0, right=100e-9, parallel=5e-4, antiparallel=1e-4)
    >>> synapse = LinearSynapse(mobility=-2e-10, junction=junction, polarity=-1, left=0.0, right=100e-9)
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, damping_like_per_current=4e-8)
    >>> neuron = DomainWallNeuron(wall=wall, start=10e-9, threshold=90e-9)
    >>> pair = DevicePair(synapse, neuron, error=2e-9, amplitude=(1e11, 4e11))
    >>> round(float(pair.error / (pair.synapse.right - pair.synapse.left)), 6)
    0.02
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
