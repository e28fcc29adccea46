"""The campaign of a stripe: runs of a wall under current pulses, and the synapse and neuron that are fitted to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, final

from pydantic import model_validator
from typing_extensions import override

from solitons.campaigns.axes import points
from solitons.campaigns.base import AbstractSweptCampaign, ComputedRuns, SweptPoint
from solitons.campaigns.dw_synapse.analysis import Shown, analyse_wall
from solitons.campaigns.dw_synapse.checks import check_runs
from solitons.campaigns.dw_synapse.report import synapse_sections
from solitons.campaigns.dw_synapse.results import SynapseResults
from solitons.campaigns.dw_synapse.settings import DigitsSettings, WallFitSettings
from solitons.campaigns.page import Section
from solitons.campaigns.results import Findings, Headline
from solitons.campaigns.stages import Stages
from solitons.walls.junction import JunctionReadOut

__all__ = ["SynapseCampaign"]


@final
class SynapseCampaign(AbstractSweptCampaign):
    """Runs of a stripe's wall, and the synapse and neuron that are fitted to it.

    One model is fitted to all runs of one device and material; axes over these make variants.

    Parameters
    ----------
    name, title, engine, base, sweep
        As in `AbstractSweptCampaign`.
    extract : JunctionReadOut
        What is read off each run.
    fit : WallFitSettings
        How the model is fitted.
    digits : DigitsSettings, optional
        The network at the end; left out if None.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or a combination of swept values makes no valid run:
        the error names the axis, the value and the field.
    """

    results_class: ClassVar[type[SynapseResults]] = SynapseResults
    analysed_together: ClassVar[tuple[str, ...]] = ("protocol",)

    kind: Literal["dw_synapse"] = "dw_synapse"
    extract: JunctionReadOut
    fit: WallFitSettings
    digits: DigitsSettings | None = None

    @model_validator(mode="after")
    def _runs_can_be_held_out(self) -> SynapseCampaign:
        runs = len(list(points(self.sweep)))  # the base has made them once already
        if self.fit.held_out >= runs:
            raise ValueError(
                f"fit.held_out = {self.fit.held_out}, but the sweep has {runs} run(s); leave at least one to fit on"
            )
        return self

    @override
    def check(self) -> None:
        specs = [run.spec for run in self.labelled_runs("native")]
        check_runs(specs, self.extract, reads_digits=self.digits is not None)

    @override
    def analyse(self, runs: ComputedRuns[SweptPoint], stages: Stages) -> Findings[SynapseResults, Shown]:
        return analyse_wall(runs, stages, self.extract, self.fit, self.digits)

    @override
    def report(self, findings: Findings[SynapseResults, Shown]) -> Sequence[Section]:
        return synapse_sections(self.extract, findings.results, findings.shown)

    @override
    def headlines(self, results: SynapseResults) -> Sequence[Headline]:
        return results.headlines()
