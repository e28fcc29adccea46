"""The campaign of memories in the phases of coupled oscillators: all of it in reduced models."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal, final

from typing_extensions import override

from solitons.campaigns.capacity.pattern_capacity import CapacitySettings, check_capacity
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.oscillators.oscillator_memory.results import PHASES, OscillatorMemoryResults
from solitons.campaigns.oscillators.oscillator_memory.settings import (
    CouplingSettings,
    OscillatorSettings,
    RecallSettings,
)

__all__ = ["OscillatorMemoryCampaign"]


@final
class OscillatorMemoryCampaign(AbstractCampaign[None, OscillatorMemoryResults]):
    """How many patterns phases recall, and what spread, time and energy real oscillators take to do so.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    capacity : CapacitySettings
        Equal oscillators without heat.
    oscillator : OscillatorSettings
        The oscillators: a fitted one or numbers, their spread and power.
    recall : RecallSettings
        Recalls with them.
    couplings : CouplingSettings or None
        Synapses that hold the couplings; None leaves them ideal.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Capacity: T. Aonishi, Phys. Rev. E 58, 4865 (1998).",
        "Stored patterns are unstable without a second harmonic: T. Nishikawa, Y.-C. Lai and F. C. Hoppensteadt, Phys. "
        "Rev. Lett. 92, 108101 (2004).",
        "Oscillators as phases: A. Slavin and V. Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009); a lag: H. Sakaguchi "
        "and Y. Kuramoto, Prog. Theor. Phys. 76, 576 (1986).",
        "A memory of spin-torque oscillators: N. Prasad, P. Mukim, A. Madhavan and M. D. Stiles, Neuromorph. Comput. "
        "Eng. 2, 034003 (2022), arXiv:2112.03358.",
    )
    results_class: ClassVar[type[OscillatorMemoryResults]] = OscillatorMemoryResults
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "All checks passed. The numbers hold for oscillators that phases alone describe.",
        "limited": "The numbers hold for oscillators that phases alone describe, except where one of the following "
        "matters.",
        "failed": "The memory does not work as described, or its capacity was not found.",
    }

    kind: Literal["oscillator_memory"] = "oscillator_memory"
    capacity: CapacitySettings
    oscillator: OscillatorSettings
    recall: RecallSettings
    couplings: CouplingSettings | None = None

    @override
    def input_files(self) -> tuple[Path, ...]:
        from solitons.models.saving import model_file

        named = (self.oscillator.model, None if self.couplings is None else self.couplings.synapse)
        return tuple(model_file(each) for each in named if each is not None)

    @override
    def check(self) -> None:
        from solitons.campaigns.oscillators.oscillator_memory.checks import check_recall
        from solitons.campaigns.oscillators.oscillator_memory.fitted_devices import levels_and_error, oscillator_of

        check_capacity(self.capacity, PHASES)
        check_recall(oscillator_of(self.oscillator), self.oscillator.spread, self.recall)
        if self.couplings is not None:
            levels_and_error(self.couplings)
