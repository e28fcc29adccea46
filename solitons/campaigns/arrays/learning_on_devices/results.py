"""What a campaign of learning on devices found, in numbers."""

from __future__ import annotations

from pydantic import Field

from solitons.campaigns.arrays.array_devices import FoundDevice
from solitons.campaigns.arrays.array_drift import WeightDrift
from solitons.campaigns.arrays.array_energy import image_headline
from solitons.campaigns.arrays.scores_over_seeds import Score, percent, points
from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.energy import EnergyLedger
from solitons.figures import value_label

__all__ = ["Cause", "DeviceLearning", "LearningOnDevicesResults", "SpikingResults", "TilePoint"]


class Cause(ResultsPart):
    """One more fault of the device.

    Parameters
    ----------
    name : str
    score : Score
        Accuracy with it and all before it.
    cost : Score
        That of floating point or of the fault before less that with it, seed by seed.
    """

    name: str
    score: Score
    cost: Score


class TilePoint(ResultsPart):
    """Networks that were trained in software and written, in tiles of another size.

    Parameters
    ----------
    lines : int
        Most word lines, and most bit lines, of a tile.
    score : Score
        Accuracy, written and read back.
    joule : float or None
        Energy in J of reading an image, of the first seed; None where it is not known.
    """

    lines: int
    score: Score
    joule: float | None


class DeviceLearning(ResultsPart):
    """One device.

    Parameters
    ----------
    device : FoundDevice
    rules : dict of str to Score
        Accuracy learned by each rule, all faults and wires in it.
    loss : Score
        Of the first rule: floating point less it, seed by seed.
    causes : list of Cause
        Of the first rule, one after another.
    quantised : Score
        Weights in floating point, rounded to as many levels as the device has.
    written, written_noisy : Score
        Trained in software and written with reading back, through the wires; and trained with noise.
    counted, counted_noisy : Score
        The same written by counted pulses.
    pulses : float
        A device, in learning by the first rule.
    most_pulses : float
        Of the device that had most, in the mean of the seeds.
    outside : float
        Share of the pulses outside of the fit.
    history : list of float
        Accuracy after each epoch, in the mean of the seeds.
    written_for : float
        Time in s that the mean device's pulses take one after another, in learning.
    drift : WeightDrift or None
        What heat makes of the weights afterwards, where that was asked for and the model stands for the device.
    spiking : SpikingResults or None
        With neurons as hidden units, where that was asked for and the model stands for the device.
    tiles : list of TilePoint
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
    tiles: list[TilePoint] = Field(default_factory=list)

    @property
    def stands(self) -> bool:
        """Whether the device's model stands for it; if not, no number of its arrays is shown."""
        from solitons.campaigns.arrays.array_devices import stands_for_device

        return stands_for_device(self.device)

    @property
    def largest_cause(self) -> Cause:
        """Of all between floating point and what was learned, the one that costs most."""
        return max(self.causes, key=lambda cause: cause.cost.mean)


class SpikingResults(ResultsPart):
    """The same networks with fitted neurons as hidden units.

    Parameters
    ----------
    floating, learned : Score
        Accuracy with weights in floating point, and with those that were learned by the first rule.
    cost, floating_cost : Score
        Accuracy of the rectified units less that, seed by seed, of either.
    most_spikes : int
        Of a unit, while an image is held.
    spikes : float
        Of all units for one image, in the mean, with the learned weights.
    threshold : float
        Strongest current density in A/m2 at which a unit is silent.
    outside : bool
        Whether the neuron's currents lie outside what its model was fitted on.
    beyond : list of str
        In which way, in words with both numbers; empty where they lie inside.
    """

    floating: Score
    learned: Score
    cost: Score
    floating_cost: Score
    most_spikes: int
    spikes: float
    threshold: float
    outside: bool
    beyond: list[str] = Field(default_factory=list)


class LearningOnDevicesResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    floating : Score
        Accuracy in floating point.
    devices : list of DeviceLearning
    segment : float
        Of the wires in ohm.
    tile : int or None
        Most lines of a tile; None where arrays are not cut.
    seeds : int
    allowed : float
        Accuracy that a device may lose.
    energy : EnergyLedger
        Of a pulse, a read, an image and of learning, of every device whose model stands for it.
    """

    floating: Score
    devices: list[DeviceLearning]
    segment: float
    tile: int | None = None
    seeds: int
    allowed: float
    energy: EnergyLedger = EnergyLedger()

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first."""
        from solitons.campaigns.arrays.array_drift import lasting

        found = [
            Headline(
                value=percent(self.floating),
                name="digits read by the network in floating point",
                detail=f"{self.seeds} seeds, 95 % interval",
            )
        ]
        for each in self.devices:
            if not each.stands:
                withheld = "withheld: the verdict states why"
                found.append(Headline(value="–", name=f"learned on {each.device.name}", detail=withheld))
                continue
            worst = each.largest_cause
            found.append(
                Headline(
                    value=percent(each.rules[next(iter(each.rules))]),
                    name=f"learned on {each.device.name}",
                    detail=f"{points(each.loss)} points below floating point; largest single cost: "
                    f"{worst.name}, {points(worst.cost)}",
                )
            )
            if each.drift is not None:
                found.append(
                    Headline(
                        value=lasting(each.drift),
                        name=f"weights last, {each.device.name}",
                        detail=f"at {value_label(each.drift.temperature, 'K')}, until {100 * self.allowed:g} points of "
                        "accuracy are lost without a pulse",
                    )
                )
            if each.spiking is not None:
                found.append(
                    Headline(
                        value=percent(each.spiking.learned),
                        name=f"the same with spiking hidden units, {each.device.name}",
                        detail=f"{each.spiking.spikes:.0f} spikes an image; weights in floating point with the same "
                        f"units {percent(each.spiking.floating)}",
                    )
                )
            if self.energy.rows:
                found.append(image_headline(self.energy, each.device.name))
        return found
