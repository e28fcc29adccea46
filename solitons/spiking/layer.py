r"""A layer of spiking neurons behind junctions or walls: they compete for what the inputs do, and learn it.

Every event of an input adds the conductance of its junctions to the potential of every neuron,

.. math:: v_n \leftarrow v_n e^{-\Delta t / \tau} + \frac{1}{J} \sum_j g_{nij},

relative to a parallel junction, so that a threshold is a number of events at parallel junctions. The neuron that is
furthest above its threshold fires; all potentials return to 0, it is silent for its refractory time and the others for
the inhibition's. Then it is taught: each of its junctions gets one pulse, a set pulse where the input was active
within the window before the spike, else a reset pulse. The pulses are all alike; that each switches its junction only
now and then is what makes learning gradual, with devices that have two states. Of synapses with several levels
(`solitons.spiking.level_array`) there is one at each crossing, and a pulse stands for a pair of spikes: the input's
before the neuron's, or the reverse. This simplified rule of spike-timing
dependent plasticity, and the task of cars on lanes, follow A. F. Vincent et al., IEEE Trans. Biomed. Circuits
Syst. 9, 166 (2015), as its abstract has them; times and thresholds here are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import Description
from geometries.quantities import Duration, PureNumber
from solitons.spiking.events import EventRecording
from solitons.spiking.junction_array import JunctionArray, PulseCounts
from solitons.spiking.level_array import LevelArray

__all__ = ["Response", "SpikingLayer", "respond"]


class SpikingLayer(Description):
    """Common parameters of a layer's neurons.

    Parameters
    ----------
    neurons : int
        How many compete.
    threshold : float
        In events at parallel junctions.
    leak : float
        Time in s in which a potential falls to 1/e.
    refractory : float
        Time in s for which a neuron is silent after its spike.
    inhibition : float
        Time in s for which the others are.
    window : float
        Time in s before a spike within which an input counts as active.
    raised : float
        By how much a spike raises the neuron's own threshold; 0 for neurons that do not tire.
    recovery : float
        Time in s in which such a raise falls to 1/e.
    """

    neurons: Annotated[int, Field(ge=1, le=10_000)] = 20
    threshold: Annotated[PureNumber, Field(gt=0)] = 28.0
    leak: Annotated[Duration, Field(gt=0)] = 0.3
    refractory: Annotated[Duration, Field(ge=0)] = 0.3
    inhibition: Annotated[Duration, Field(ge=0)] = 0.1
    window: Annotated[Duration, Field(gt=0)] = 0.4
    raised: Annotated[PureNumber, Field(ge=0)] = 0.0
    recovery: Annotated[Duration, Field(gt=0)] = 1.0


@dataclass(frozen=True)
class Response:
    """Response of a layer to a recording.

    `times` (s) and `neurons` are its spikes in their order; afterwards `states` are those of its synapses, and `raises`
    (neurons,) by how much each threshold is raised. `pulses` taught it; none if it did not learn.
    """

    times: npt.NDArray[np.float64]
    neurons: npt.NDArray[np.int64]
    states: npt.NDArray[np.uint8]
    raises: npt.NDArray[np.float64]
    pulses: PulseCounts


def respond(
    layer: SpikingLayer,
    synapses: JunctionArray | LevelArray,
    states: npt.NDArray[np.uint8],
    recording: EventRecording,
    *,
    learns: bool,
    tires: bool = True,
    seed: int = 0,
    raises: npt.NDArray[np.float64] | None = None,
) -> Response:
    """Let a layer see a recording; the arguments are not changed.

    `states` (neurons, inputs, ...) are of the `synapses`: of junctions (neurons, inputs, junctions), 1 where one is
    parallel, else 0. With `learns` the neuron that fires is taught; with `tires` spikes raise thresholds, and raises
    recover, else they stay as they are given. `raises` (neurons,) is 0 by default; `seed` is for what pulses switch.
    """
    if states.ndim != len(synapses.axes) or states.shape[:2] != (layer.neurons, recording.inputs):
        raise ValueError(
            f"respond: states have the shape {states.shape}; {layer.neurons} neurons and {recording.inputs} inputs "
            f"need ({', '.join((str(layer.neurons), str(recording.inputs), *synapses.axes[2:]))})"
        )
    states = np.ascontiguousarray(states, dtype=np.uint8).copy()
    raised = np.zeros(layer.neurons) if raises is None else np.array(raises, dtype=float)
    # A neuron that fires leaves all silent for a while, so that events set the largest number of spikes.
    times, neurons = np.zeros(recording.times.size), np.zeros(recording.times.size, dtype=np.int64)
    sent, switched = np.zeros((2, synapses.levels), dtype=np.int64), np.zeros(2, dtype=np.int64)
    follow, own = synapses.compiled(states.shape)
    numbers = (layer.threshold, layer.leak, layer.refractory, layer.inhibition, layer.raised, layer.recovery)
    spikes = follow(
        np.random.default_rng(seed),
        recording.times,
        recording.addresses,
        states,
        *own,
        raised,
        tuple(float(each) for each in numbers),
        layer.window,
        learns,
        tires,
        times,
        neurons,
        sent,
        switched,
    )
    return Response(times[:spikes], neurons[:spikes], states, raised, PulseCounts(sent, switched))
