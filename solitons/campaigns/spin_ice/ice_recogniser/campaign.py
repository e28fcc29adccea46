"""The campaign of a spin ice that recognises patterns and remembers inputs: all of it in the reduced model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal, final

import numpy as np
from pydantic import model_validator
from typing_extensions import override

from geometries import Material, SpinIce
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.spin_ice.ice_recogniser.results import RecogniserResults
from solitons.campaigns.spin_ice.ice_recogniser.settings import IceMemory, IcePatterns, IceSwitching

__all__ = ["IceRecogniserCampaign"]

PIXELS = 64
"""Pixels of scikit-learn's digits."""


@final
class IceRecogniserCampaign(AbstractCampaign[None, RecogniserResults]):
    """A spin ice as a recogniser and as a memory.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    device : SpinIce
        The ice, with one driven port, whose islands are written, and read-out ports.
    material : Material
        Material of its islands.
    switching : IceSwitching
        The reduced model's parameters.
    patterns : IcePatterns
        The recogniser.
    memory : IceMemory
        The memory.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, the device has not one driven port of 64 islands or no read-out port,
        or fewer read-out islands than are asked for.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The order of the flips and the astroid: J. H. Jensen et al., Phys. Rev. B 106, 064408 (2022).",
        "Computing in spin ice: J. H. Jensen, E. Folven and G. Tufte, Proc. ALIFE 2018, 15; J. C. Gartside et al., "
        "Nature Nanotech. 17, 460 (2022).",
        "Ranks: R. Legenstein and W. Maass, Neural Networks 20, 323 (2007).",
        "Capacities: H. Jaeger, GMD Report 152 (2001); J. Dambre et al., Sci. Rep. 2, 514 (2012).",
        "The test of a difference: C. Nadeau and Y. Bengio, Machine Learning 52, 239 (2003).",
    )
    results_class: ClassVar[type[RecogniserResults]] = RecogniserResults

    kind: Literal["ice_recogniser"] = "ice_recogniser"
    device: SpinIce
    material: Material
    switching: IceSwitching
    patterns: IcePatterns
    memory: IceMemory

    @model_validator(mode="after")
    def _can_be_read(self) -> IceRecogniserCampaign:
        from solitons.campaigns.spin_ice.ice_recogniser.reduced_model import sites_by_role

        counts = [len(sites) for sites in sites_by_role(self.device, "driven")]
        if counts != [PIXELS]:
            raise ValueError(
                f"device.ports must have one driven port with {PIXELS} islands, one for each pixel; the driven ports "
                f"have {', '.join(map(str, counts)) or 'none'}"
            )
        available = sum(len(sites) for sites in sites_by_role(self.device, "readout"))
        if not available:
            raise ValueError("device.ports has no port with role 'readout', so that there is nothing to read; add one")
        wanted = max(self.memory.read_outs, *self.patterns.read_outs, 1)
        if wanted > available:
            raise ValueError(f"{wanted} read-outs are asked for; the device's read-out ports have {available} islands")
        return self

    @override
    def input_files(self) -> tuple[Path, ...]:
        fitted = self.switching.fitted_model
        return () if fitted is None else (Path(fitted),)

    @override
    def check(self) -> None:
        from solitons.campaigns.spin_ice.ice_recogniser.recognition import digits
        from solitons.campaigns.spin_ice.ice_recogniser.reduced_model import island_switching

        island_switching(self.device, self.material, self.switching)
        fewest = int(np.bincount(digits()[1]).min())
        if self.patterns.folds > fewest:
            raise ValueError(
                f"patterns.folds = {self.patterns.folds}, but one of the digits has {fewest} images, and each fold "
                f"needs one of every digit; give at most {fewest}"
            )
        seed, islands = self.switching.seed, self.device.islands(self.material).sizes["island"]
        _check_spread("switching.spread", self.switching.spread, islands, [seed])
        for spread in self.memory.spreads:
            _check_spread("memory.spreads", spread, islands, range(seed, seed + self.memory.samples))


def _check_spread(owner: str, spread: float, islands: int, seeds: Sequence[int]) -> None:
    from solitons.spin_ice.macrospins import normal_deviations

    lowest = min(float(normal_deviations(islands, seed).min()) for seed in seeds)
    if 1 + spread * lowest <= 0:
        # Rounded down, so that what is named is allowed.
        widest = np.floor(-1000 / lowest) / 1000
        raise ValueError(
            f"{owner} has {spread:g}, but of {islands} islands one is {-lowest:.3g} standard deviations below the "
            f"mean, so that its h_k is not above 0; with switching.seed = {seeds[0]} at most {widest:g} is allowed"
        )
