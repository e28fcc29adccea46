"""Results of a campaign of learning on devices."""

from __future__ import annotations

from pydantic import Field

from solitons.campaigns.arrays.array_devices import FoundDevice
from solitons.campaigns.arrays.array_drift import WeightDrift
from solitons.campaigns.arrays.array_energy import image_headline
from solitons.campaigns.arrays.scores_over_seeds import Score, VariedPoint
from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.energy import EnergyLedger
from solitons.figures import value_label

__all__ = ["CHANCE", "SMALL_STEPS", "SPREAD", "Cause", "DeviceLearning", "LearningOnDevicesResults", "SpikingResults"]

SMALL_STEPS = "learning on ideal devices in small steps"
"""What the list of faults begins with, before any fault of the device."""

CHANCE, SPREAD = "chance from pulse to pulse", "spread from device to device"
"""Faults that the fit of a device may not know."""


class Cause(ResultsPart):
    """One more fault of the device.

    Parameters
    ----------
    name : str
    score : Score
        Accuracy with it and all before it.
    cost : Score
        Score of floating point, or with the faults before, less the score with this fault, seed by seed.
    """

    name: str
    score: Score
    cost: Score


class SpikingResults(ResultsPart):
    """The same networks with fitted neurons as hidden units.

    Parameters
    ----------
    floating, learned : Score
        Accuracy with weights in floating point, and with those that were learned by the first rule.
    cost, floating_cost : Score
        Accuracy of the rectified units less that, seed by seed, of either.
    most_spikes : int
        Spikes of a unit, while an image is held.
    spikes : float
        Mean number of spikes of all units for one image, with the learned weights.
    threshold : float
        Strongest current density in A/m2 at which a unit is silent.
    beyond : list of str
        How the neuron's currents exceed the range of its model's fit, in words with both numbers.
    """

    floating: Score
    learned: Score
    cost: Score
    floating_cost: Score
    most_spikes: int
    spikes: float
    threshold: float
    beyond: list[str] = Field(default_factory=list)


class DeviceLearning(ResultsPart):
    """One device.

    Parameters
    ----------
    device : FoundDevice
    rules : dict of str to Score
        Accuracy learned by each rule, all faults and wires in it.
    loss : Score
        Loss of the first rule: floating point less it, seed by seed.
    causes : list of Cause
        Causes of the first rule's loss, one after another.
    quantised : Score
        Weights in floating point, rounded to as many levels as the device has.
    written, written_noisy : Score
        Trained in software and written with reading back, through the wires; and trained with noise.
    counted, counted_noisy : Score
        The same written by counted pulses.
    pulses : float
        A device, in learning by the first rule.
    most_pulses : float
        Largest number of pulses of a device, mean of the seeds.
    outside : float
        Share of the pulses outside of the fit.
    history : list of float
        Accuracy after each epoch, in the mean of the seeds.
    written_for : float
        Time in s that the mean device's pulses take one after another, in learning.
    drift : WeightDrift or None
        Effect of heat on the weights afterwards, if asked for and if the device's model is valid.
    spiking : SpikingResults or None
        With neurons as hidden units, where that was asked for and the model stands for the device.
    tiles : list of VariedPoint
        Written networks by the size of tiles, where that was asked for.
    """

    device: FoundDevice
    rules: dict[str, Score]
    loss: Score
    causes: list[Cause]
    quantised: Score
    written: Score
    written_noisy: Score
    counted: Score
    counted_noisy: Score
    pulses: float
    most_pulses: float
    outside: float
    history: list[float]
    written_for: float = 0.0
    drift: WeightDrift | None = None
    spiking: SpikingResults | None = None
    tiles: list[VariedPoint] = Field(default_factory=list)

    @property
    def learned(self) -> Score:
        """Accuracy learned by the first rule."""
        return next(iter(self.rules.values()))

    @property
    def largest_cause(self) -> Cause:
        """The cause between floating point and learned network that costs most."""
        return max(self.causes, key=lambda cause: cause.cost.mean)

    def knows(self, cause: Cause) -> bool:
        """Whether the fit knows the fault; one that it does not know costs nothing here, which is no finding."""
        return {CHANCE: self.device.chance_known, SPREAD: self.device.spread_known}.get(cause.name, True)


class LearningOnDevicesResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    floating : Score
        Accuracy in floating point.
    devices : list of DeviceLearning
    allowed : float
        Accuracy that a device may lose.
    energy : EnergyLedger
        Energy of a pulse, a read, an image and of learning, for every device with a valid model.
    """

    floating: Score
    devices: list[DeviceLearning]
    allowed: float
    energy: EnergyLedger = EnergyLedger()

    def headlines(self) -> list[Headline]:
        """Accuracy learned on each device first, then how long it lasts and its cost: five in all."""
        learned, further = [], []
        for each in self.devices:
            name = each.device.name
            if not each.device.stands:
                withheld = "withheld: the verdict states why"
                learned.append(Headline(value="–", name=f"learned on {name}", detail=withheld))
                continue
            worst, (low, high) = each.largest_cause, each.learned.ci95
            detail = (
                f"95 %: {100 * low:.1f} to {100 * high:.1f} %; in floating point {self.floating.mean:.1%}; most lost "
                f"to {worst.name}"
            )
            learned.append(Headline(value=f"{each.learned.mean:.1%}", name=f"learned on {name}", detail=detail))
            if each.drift is not None:
                at = value_label(each.drift.temperature, "K")
                detail = f"{each.drift.interval} at {at}, to a loss of {100 * self.allowed:g} points".strip()
                further.append(Headline(value=each.drift.lasts, name=f"weights last, {name}", detail=detail))
        known = [each.device.name for each in self.devices if each.device.stands and self.energy.rows]
        return [*learned, *further, *(image_headline(self.energy, name) for name in known)][:5]
