"""The campaign of learning on devices: pulses in the place of weights, without micromagnetic runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field, model_validator
from typing_extensions import override

from solitons.campaigns.arrays.array_devices import ArrayDevice, ArrayWires, TileLines
from solitons.campaigns.arrays.array_drift import ArrayDrift
from solitons.campaigns.arrays.array_energy import ArrayEnergy
from solitons.campaigns.arrays.learning_on_devices.results import LearningOnDevicesResults
from solitons.campaigns.arrays.learning_on_devices.settings import Learning, SpikingUnits
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.networks.image_sets import check_images

__all__ = ["LearningOnDevicesCampaign"]


@final
class LearningOnDevicesCampaign(AbstractCampaign[None, LearningOnDevicesResults]):
    """The same perceptron learned by pulses on several devices, side by side, and what each of their faults costs.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    devices : sequence of ArrayDevice
        Up to five.
    wires : ArrayWires
        Wires of all arrays.
    learning : Learning
        The network and the rules.
    spiking : SpikingUnits, optional
        Fitted neurons as the hidden units of the networks that have learned; left out if None.
    drift : ArrayDrift, optional
        When the networks are read again after they have learned; not again if None.
    tiles : sequence of int
        Most lines of tiles in which written networks are read as well: accuracy and energy by their size.
    energy : ArrayEnergy
        Settings for the energy of operations.
    seeds : int
        Networks of each kind, 5 or more: weights, images, devices and chance of their own.
    seed : int
        Seed of the first.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or two devices have one name.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Numbers beside an array that become pulses: S. R. Nandakumar et al., Front. Neurosci. 14, 406 (2020), by its "
        "abstract.",
        "What steps, their spread and asymmetry do to learning: S. Yu, Proc. IEEE 106, 260 (2018).",
    )
    results_class: ClassVar[type[LearningOnDevicesResults]] = LearningOnDevicesResults
    table_names: ClassVar[tuple[str, ...]] = ("causes", "tiles", "drift", "energy")
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "Networks on all of these devices learn to the accuracy that is asked for, and all checks passed.",
        "limited": "The numbers below hold, except where one of the following matters.",
        "failed": "A model does not describe its device; what would follow from it is withheld.",
    }

    kind: Literal["learning_on_devices"] = "learning_on_devices"
    devices: Annotated[tuple[ArrayDevice, ...], Field(min_length=1, max_length=5)]
    wires: ArrayWires = ArrayWires()
    learning: Learning = Learning()
    spiking: SpikingUnits | None = None
    drift: ArrayDrift | None = None
    tiles: Annotated[tuple[TileLines, ...], Field(max_length=10)] = ()
    energy: ArrayEnergy = ArrayEnergy()
    seeds: Annotated[int, Field(ge=5, le=50)] = 5
    seed: Annotated[int, Field(ge=0, lt=2**28)] = 0

    @model_validator(mode="after")
    def _names_differ(self) -> LearningOnDevicesCampaign:
        names = [device.name for device in self.devices]
        if len(set(names)) < len(names):
            raise ValueError(f"devices: two have one name, of {', '.join(names)}; give each its own")
        return self

    @override
    def input_files(self) -> tuple[Path, ...]:
        files = [device.file for device in self.devices if device.file is not None]
        return tuple(dict.fromkeys([*files, *([self.spiking.file] if self.spiking is not None else [])]))

    @override
    def check(self) -> None:
        from solitons.campaigns.arrays.learning_on_devices.spiking import neuron_in

        for device in self.devices:
            device.synapse()
        check_images(self.learning.images)
        if self.spiking is not None:
            neuron_in(self.spiking)
