r"""A perceptron whose hidden units are fitted neurons: each holds a current for one image, and its spikes are counted.

The sum a of a hidden unit becomes a current density that is held for a time T,

.. math:: J = J_0 + (J_1 - J_0)\,\frac{a}{a_{max}}, \qquad 0 \le J \le J_1,

with J_0 the strongest current at which the neuron does not fire in T, so that a unit with a sum below 0 is silent, as a
rectified one is. Each of its n(J) spikes adds its weights to the outputs, and

.. math:: h = a_{max}\, n(J) / n(J_1)

stands for the rectified sum: it has n(J_1) steps, and the neuron's own curve in the place of a straight line. Since the
current is constant, n(J) is known for all images once it is known for all currents. The largest output wins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.devices.neuron import AbstractNeuron, trace

__all__ = ["RateCurve", "rate_curve", "spiking_outputs"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RateCurve:
    """Spikes of a neuron in a `time` (s), by the size of the current density (A/m2) that is held, rising from 0.

    The neuron has to fire somewhere, and not without a current.
    """

    current: Floats
    count: npt.NDArray[np.int64]
    time: float

    def __post_init__(self) -> None:
        strongest = float(self.current[-1])
        if not self.count[-1] > 0:
            raise ValueError(
                f"RateCurve: under {strongest:.3g} A/m2 held for {self.time:.3g} s the neuron does not fire, so that "
                "it tells no sum from another; hold a stronger current, or for longer"
            )
        if self.count[0]:
            raise ValueError(
                f"RateCurve: without a current the neuron fires {self.count[0]} times in {self.time:.3g} s, so that "
                "it has no silent state; give it a leak"
            )

    @property
    def threshold(self) -> float:
        """Strongest of the currents up to which it is silent, in A/m2; stronger ones may silence it again."""
        return float(self.current[int(np.flatnonzero(self.count > 0)[0]) - 1])

    def currents(self, sums: Floats, largest: float) -> Floats:
        """Current densities in A/m2 that stand for sums of hidden units; 0 where nothing would come of it."""
        wanted = self.threshold + (self.current[-1] - self.threshold) * np.minimum(sums / largest, 1.0)
        return np.where(sums > 0, wanted, 0.0)

    def counts(self, current: Floats) -> npt.NDArray[np.int64]:
        """Spikes under currents in A/m2, as many as under the nearest weaker current that was followed."""
        at = np.clip(np.searchsorted(self.current, current, side="right") - 1, 0, self.current.size - 1)
        return self.count[at]


def rate_curve(neuron: AbstractNeuron, strongest: float, time: float, currents: int = 257) -> RateCurve:
    """Follow a neuron at 0 K under constant currents of the sign that excites, and count its spikes.

    `currents` current densities from 0 to `strongest` (A/m2) are held for `time` (s) each. The neuron has to be excited
    by one sign of the current, and to fire.
    """
    size = np.linspace(0.0, strongest, currents)
    both = np.stack([size, -size])
    _, _, spike = trace(neuron, both, width=time, rise=0.0, period=time, count=1)
    counts = np.asarray(spike.sum(axis=-1), dtype=np.int64)
    return RateCurve(size, counts[int(counts[1, -1] > counts[0, -1])], time)


def spiking_outputs(
    weights: tuple[Floats, Floats], images: Floats, curve: RateCurve, largest: float
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Outputs of a perceptron whose hidden units are neurons.

    `weights` are (inputs, hidden) and (hidden + 1, outputs): the last row of the second belongs to a line that is
    always on, as the last input of each image (images, inputs). `largest` is a_max, such as a high quantile of the sums
    above 0 of training images. Returns outputs (images, outputs), the current density in each neuron in A/m2 and its
    spikes, (images, hidden).
    """
    current = curve.currents(images @ weights[0], largest)
    spikes = curve.counts(current)
    hidden = largest * spikes / curve.count[-1]
    return np.hstack([hidden, np.ones((len(hidden), 1))]) @ weights[1], current, spikes
