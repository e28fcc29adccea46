"""The campaign of crossbar limits: a fitted device in arrays with real wires, without micromagnetic runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field, model_validator
from typing_extensions import override

from solitons.campaigns.arrays.array_devices import ArrayDevice, ArrayWires
from solitons.campaigns.arrays.array_energy import ArrayEnergy
from solitons.campaigns.arrays.crossbar_limits.results import CrossbarLimitsResults
from solitons.campaigns.arrays.crossbar_limits.settings import ChosenCells, Network, Varied
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.networks.image_sets import check_images

__all__ = ["CrossbarLimitsCampaign"]


@final
class CrossbarLimitsCampaign(AbstractCampaign[None, CrossbarLimitsResults]):
    """A perceptron in crossbars of a fitted device, and where wires, size, spread, levels and stuck devices break it.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    device : ArrayDevice
        Device in all cells.
    wires : ArrayWires
        Wires of all arrays.
    network : Network
        Network that reads digits.
    varied : Varied
        Axes to vary, one at a time.
    cells : ChosenCells
        How single cells are read and written.
    energy : ArrayEnergy
        Settings for the energy of operations.
    seeds : int
        Networks at each point, 5 or more: weights, images, devices and chance of their own.
    seed : int
        Seed of the first.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Nodal analysis of crossbars: D. Joksas and A. Mehonic, SoftwareX 12, 100617 (2020), badcrossbar, with which "
        "the solver agrees to 1e-9.",
        "A read margin of 10 % as the limit of an array, and selectors: J.-J. Huang, Y.-M. Tseng, C.-W. Hsu and T.-H. "
        "Hou, IEEE Electron Device Lett. 32, 1427 (2011), by its abstract.",
        "The transistor: M. Bucher, C. Lallement, C. Enz, F. Theodoloz and F. Krummenacher, The EPFL-EKV MOSFET model "
        "equations for simulation, version 2.6 (1997), by implementations of it.",
    )
    results_class: ClassVar[type[CrossbarLimitsResults]] = CrossbarLimitsResults
    table_names: ClassVar[tuple[str, ...]] = ("points", "energy")
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "All checks passed. The limits below hold for devices that behave as their fit does.",
        "limited": "The limits below hold, except where one of the following matters.",
        "failed": "The limits below do not apply to arrays of this device.",
    }

    kind: Literal["crossbar_limits"] = "crossbar_limits"
    device: ArrayDevice
    wires: ArrayWires = ArrayWires()
    network: Network = Network()
    varied: Varied
    cells: ChosenCells
    energy: ArrayEnergy = ArrayEnergy()
    seeds: Annotated[int, Field(ge=5, le=50)] = 5
    seed: Annotated[int, Field(ge=0, lt=2**28)] = 0

    @model_validator(mode="after")
    def _tiles_of_real_wires(self) -> CrossbarLimitsCampaign:
        if self.varied.tiles and self.wires.lines().ideal:
            raise ValueError(
                "varied.tiles: with wires.segment = 0, no driver and no sense, tiles of any size read alike; give "
                "wires.segment the resistance of a segment, or leave varied.tiles out"
            )
        return self

    @override
    def input_files(self) -> tuple[Path, ...]:
        return () if self.device.file is None else (self.device.file,)

    @override
    def check(self) -> None:
        self.device.synapse()
        check_images(self.network.images)
