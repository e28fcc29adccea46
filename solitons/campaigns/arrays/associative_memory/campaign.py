"""The campaign of associative memories: Hopfield networks in crossbars of a fitted device, without runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field
from typing_extensions import override

from solitons.campaigns.arrays.array_devices import ArrayDevice, ArrayWires
from solitons.campaigns.arrays.array_drift import ArrayDrift
from solitons.campaigns.arrays.array_energy import ArrayEnergy
from solitons.campaigns.arrays.associative_memory.results import THRESHOLDS, AssociativeMemoryResults
from solitons.campaigns.arrays.associative_memory.settings import (
    ChanceSettings,
    DigitSettings,
    Memory,
    VariedMemory,
)
from solitons.campaigns.capacity.pattern_capacity import CapacitySettings, check_capacity
from solitons.campaigns.framework.base import AbstractCampaign

__all__ = ["AssociativeMemoryCampaign"]


@final
class AssociativeMemoryCampaign(AbstractCampaign[None, AssociativeMemoryResults]):
    """How many patterns a Hopfield network recalls, and what devices, wires, time and heat cost it.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    capacity : CapacitySettings
        Ideal weights and threshold neurons.
    device : ArrayDevice
        Device of all weights, in pairs.
    wires : ArrayWires
        Wires of the crossbar.
    memory : Memory
        The network in the crossbar.
    varied : VariedMemory
        Axes to vary, one at a time.
    chance : ChanceSettings or None
        Junctions that flip by themselves as neurons.
    digits : DigitSettings or None
        Images as patterns.
    drift : ArrayDrift or None
        When the weights are read again.
    energy : ArrayEnergy
        Settings for the energy of a recall.
    seeds, seed : int
        Networks, 5 or more, and the seed of the first: patterns, starts, devices and chance of their own.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The network: J. J. Hopfield, Proc. Natl. Acad. Sci. USA 79, 2554 (1982); its capacity: D. J. Amit, H. "
        "Gutfreund and H. Sompolinsky, Phys. Rev. Lett. 55, 1530 (1985).",
        "Pseudo-inverse weights: L. Personnaz, I. Guyon and G. Dreyfus, J. Phys. Lett. 46, L359 (1985).",
        "Boltzmann machines: D. H. Ackley, G. E. Hinton and T. J. Sejnowski, Cognitive Science 9, 147 (1985); of "
        "junctions: K. Y. Camsari, R. Faria, B. M. Sutton and S. Datta, Phys. Rev. X 7, 031014 (2017).",
    )
    results_class: ClassVar[type[AssociativeMemoryResults]] = AssociativeMemoryResults
    table_names: ClassVar[tuple[str, ...]] = ("points", "energy")
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "All checks passed. The numbers hold for devices that behave as their fit does.",
        "limited": "The numbers hold, except where one of the following matters.",
        "failed": "The memory does not work as described, or its capacity was not found.",
    }

    kind: Literal["associative_memory"] = "associative_memory"
    capacity: CapacitySettings
    device: ArrayDevice
    wires: ArrayWires = ArrayWires()
    memory: Memory = Memory()
    varied: VariedMemory
    chance: ChanceSettings | None = None
    digits: DigitSettings | None = None
    drift: ArrayDrift | None = None
    energy: ArrayEnergy = ArrayEnergy()
    seeds: Annotated[int, Field(ge=5, le=50)] = 10
    seed: Annotated[int, Field(ge=0, lt=2**28)] = 0

    @override
    def input_files(self) -> tuple[Path, ...]:
        fitted = None if self.chance is None else self.chance.junction.fitted_model
        return tuple(each for each in (self.device.file, None if fitted is None else Path(fitted)) if each is not None)

    @override
    def check(self) -> None:
        from solitons.campaigns.arrays.associative_memory.checks import check_chance, check_memory

        check_capacity(self.capacity, THRESHOLDS)
        check_memory(self.memory, self.varied)
        if self.chance is not None:
            check_chance(self.chance)
        self.device.synapse()
