"""The campaign that takes neurons out of the workbench and back."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field, model_validator
from typing_extensions import override

from solitons.campaigns.export_check.results import ExportResults
from solitons.campaigns.export_check.settings import FEWEST, CheckedNeuron
from solitons.campaigns.framework.base import AbstractCampaign, ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages

__all__ = ["ExportCheckCampaign"]


@final
class ExportCheckCampaign(AbstractCampaign[None, ExportResults]):
    """Soliton neurons through NIR and back: what is left of the times of their spikes.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    neurons : sequence of CheckedNeuron
        Which, and how they are driven.
    spikes : int
        Spikes that are compared, at least, of each neuron.
    seed : int
        Seed of the currents.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or two neurons have one name.
    """

    references: ClassVar[tuple[str, ...]] = (
        "NIR: J. E. Pedersen et al., Nature Communications 15, 8122 (2024).",
        "Walls in collective coordinates: A. Thiaville et al., EPL 69, 990 (2005).",
    )
    results_class: ClassVar[type[ExportResults]] = ExportResults
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "the exported neurons fire when the solitons do.",
        "limited": "an exported neuron may replace its soliton, except where one of the following matters.",
        "failed": "a neuron cannot be exported, or NIR changes it.",
    }

    kind: Literal["export_check"] = "export_check"
    neurons: Annotated[tuple[CheckedNeuron, ...], Field(min_length=1, max_length=10)]
    spikes: Annotated[int, Field(ge=200, le=1_000_000)] = FEWEST
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0

    @model_validator(mode="after")
    def _has_different_names(self) -> ExportCheckCampaign:
        names = [each.name for each in self.neurons]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"neurons: {names.count(name)} are called {name!r}; give each a name of its own")
        return self

    @override
    def input_files(self) -> tuple[Path, ...]:
        return tuple(each.model for each in self.neurons if each.model is not None)

    @override
    def check(self) -> None:
        from solitons.campaigns.export_check.analysis import neuron_of

        if find_spec("nir") is None:
            raise ValueError(
                f"campaign {self.name!r} needs the package nir, which is not installed; say pip install "
                "'soliton-workbench[nir]'"
            )
        for each in self.neurons:
            neuron_of(each)

    @override
    def analyse(self, runs: ComputedRuns[None], stages: Stages) -> Findings[ExportResults]:
        from solitons.campaigns.export_check.analysis import analyse

        return analyse(self.neurons, self.spikes, self.seed, stages)
