"""The campaign of a majority gate of nanomagnets."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from pydantic import model_validator
from typing_extensions import override

from geometries import MagnetArray
from geometries.magnet_logic import majority_gate
from solitons.campaigns.framework.base import LabelledRun
from solitons.campaigns.magnet_logic.logic_campaign import AbstractLogicCampaign, refuse_hours, trimmed
from solitons.campaigns.magnet_logic.logic_results import Row
from solitons.campaigns.magnet_logic.nml_majority.planned_runs import GateRole, hot_frames, planned_runs
from solitons.campaigns.magnet_logic.nml_majority.results import MajorityResults
from solitons.campaigns.magnet_logic.nml_majority.settings import (
    CycleSettings,
    EnsembleSettings,
    HeldOutSettings,
)

__all__ = ["MajorityCampaign"]

_MOST_FRAMES = 1000
"""Frames that a run with heat keeps: so many of all cells and members fill some GB."""


@final
class MajorityCampaign(AbstractLogicCampaign[GateRole, MajorityResults]):
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
    def array(self, row: Row | None = None) -> MagnetArray:
        a, b, c = row or (1, 1, 1)
        return trimmed(majority_gate((a, b, c), self.grid))

    @override
    def expected_of(self, row: Row) -> dict[str, int]:
        a, b, c = row
        return {"out": -1 if a - b + c > 0 else 1}

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[GateRole], ...]:
        return planned_runs(self, self.held_out, self.ensemble, engine)

    @override
    def check(self) -> None:
        from solitons.campaigns.magnet_logic.nml_majority.cycles import CYCLES, gates_at
        from solitons.magnet_logic import array_macrospins

        frames = hot_frames(self.clock)
        if self.ensemble is not None and frames > _MOST_FRAMES:
            raise ValueError(
                f"clock.hold = {self.clock.hold:g} s of {self.clock.duration():g} s in all would take {frames:,} "
                f"frames of micromagnetics with heat, above {_MOST_FRAMES:,}, so that one is in the second half of the "
                "hold; hold the clock for longer, or let it fall and rest for shorter"
            )
        macrospins = array_macrospins(self.array(), self.material, self.temperature)
        step = macrospins.time_step(self.clock.field + self.grid.field)
        seconds = len(self.rows) * self.members * self.clock.duration()
        if self.cycle is not None:
            ramps = sum(len(cycle.corners) - 1 for cycle in CYCLES)
            seconds += ramps * sum(each * gates_at(each, self.cycle) for each in self.cycle.every_ramp_time)
        refuse_hours(
            macrospins.magnets * seconds / step,
            f"members = {self.members}, with the clock's and the cycle's times",
            "use fewer members (also cycle.members) or faster ramps",
        )
