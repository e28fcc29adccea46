"""The campaign of a majority gate of nanomagnets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, final

from pydantic import model_validator
from typing_extensions import override

from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.page import Section
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.magnet_logic.logic_campaign import AbstractLogicCampaign, refuse_hours
from solitons.campaigns.magnet_logic.logic_results import row_label
from solitons.campaigns.magnet_logic.nml_majority.planned_runs import ROWS, gate, hot_frames, planned_runs
from solitons.campaigns.magnet_logic.nml_majority.results import MajorityResults
from solitons.campaigns.magnet_logic.nml_majority.settings import (
    CycleSettings,
    EnsembleSettings,
    HeldOutSettings,
)

if TYPE_CHECKING:
    from solitons.campaigns.magnet_logic.logic_report import Shown

__all__ = ["MajorityCampaign"]

_MOST_FRAMES = 1000
"""That a run with heat keeps: so many of all cells and members fill some GB."""


@final
class MajorityCampaign(AbstractLogicCampaign):
    """A majority gate of nanomagnets: its truth table, how often heat makes it wrong, and the heat of an operation.

    Parameters
    ----------
    name, title, engine, grid, material, temperature, clock, members, seed
        As in `AbstractLogicCampaign`. What has heat runs on 'native' where the engine has no ensembles.
    ensemble : EnsembleSettings, optional
        One row in micromagnetics with heat; none if left out.
    held_out : HeldOutSettings
        Arrays that are predicted.
    cycle : CycleSettings, optional
        Rows between which the gate is taken, for the heat of an operation; none if left out.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The gate's plan: A. Imre, G. Csaba, L. Ji, A. Orlov, G. H. Bernstein and W. Porod, Science 311, 205 (2006).",
        "Dissipation and the order of the fields: B. Lambson, D. Carlton and J. Bokor, Phys. Rev. Lett. 107, 010604 "
        "(2011).",
        "Stray fields of cells: A. J. Newell, W. Williams and D. J. Dunlop, J. Geophys. Res. 98, 9551 (1993).",
        "Thermal macrospins: W. F. Brown, Phys. Rev. 130, 1677 (1963).",
        "Intervals of rates: C. J. Clopper and E. S. Pearson, Biometrika 26, 404 (1934).",
        "Heat beyond the limit goes as one over the ramp time: D. A. Sivak and G. E. Crooks, Phys. Rev. Lett. 108, "
        "190602 (2012).",
    )
    results_class: ClassVar[type[MajorityResults]] = MajorityResults

    kind: Literal["nml_majority"] = "nml_majority"
    ensemble: EnsembleSettings | None = None
    held_out: HeldOutSettings = HeldOutSettings()
    cycle: CycleSettings | None = None

    @model_validator(mode="after")
    def _bits_in_the_plane(self) -> MajorityCampaign:
        if self.grid.perpendicular:
            raise ValueError(
                "grid.perpendicular = true, but rows, fits and heat of this campaign are of bits in the plane; leave "
                "it out, or run a perpendicular gate with geometries.magnet_logic.majority_gate"
            )
        return self

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[Any], ...]:
        return planned_runs(self, self.held_out, self.ensemble, engine)

    @override
    def check(self) -> None:
        from solitons.campaigns.magnet_logic.nml_majority.cycles import CYCLES, members_at
        from solitons.magnet_logic import array_macrospins

        frames = hot_frames(self.clock)
        if self.ensemble is not None and frames > _MOST_FRAMES:
            raise ValueError(
                f"clock.hold = {self.clock.hold:g} s of {self.clock.duration():g} s in all would take {frames:,} "
                f"frames of micromagnetics with heat, above {_MOST_FRAMES:,}, so that one is in the second half of the "
                "hold; hold the clock for longer, or let it fall and rest for shorter"
            )
        macrospins = array_macrospins(gate(ROWS[0], self.grid), self.material, self.temperature)
        step = macrospins.time_step(self.clock.field + self.grid.field)
        seconds = len(ROWS) * self.members * self.clock.duration()
        if self.cycle is not None:
            ramps = sum(len(cycle.corners) - 1 for cycle in CYCLES)
            seconds += ramps * sum(each * members_at(each, self.cycle) for each in self.cycle.every_ramp_time)
        refuse_hours(
            macrospins.magnets * seconds / step,
            f"members = {self.members}, with the clock's and the cycle's times",
            "use fewer members (also cycle.members) or faster ramps",
        )

    @override
    def analyse(self, runs: ComputedRuns[Any], stages: Stages) -> Findings[MajorityResults, Shown]:
        from solitons.campaigns.magnet_logic.nml_majority.analysis import analyse_gate

        return analyse_gate(self, self.cycle, runs, stages)

    @override
    def report(self, findings: Findings[MajorityResults, Shown]) -> Sequence[Section]:
        from solitons.campaigns.magnet_logic.nml_majority import report

        results = findings.results
        sections = [
            report.gate_section(
                gate((1, 1, 1), self.grid), self.grid, self.material, self.clock, results, findings.shown
            ),
            report.macrospins(results),
        ]
        if results.verdict != "failed":
            sections.append(report.errors(self.clock, results))
            if self.cycle is not None:
                words = row_label(self.cycle.first), row_label(self.cycle.second)
                sections.append(report.heat(results, words))
        return [*sections, report.missing()]
