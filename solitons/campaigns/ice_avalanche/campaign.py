"""The campaign of a spin ice: runs of one and two islands, the lattice that is fitted to them, and its avalanches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field, model_validator
from typing_extensions import override

from solitons.campaigns.base import AbstractSweptCampaign, ComputedRuns, LabelledRun
from solitons.campaigns.ice_avalanche.analysis import Shown, analyse_lattice
from solitons.campaigns.ice_avalanche.driven_lattice import DrivenLattice, driven_lattice
from solitons.campaigns.ice_avalanche.report import avalanche_sections
from solitons.campaigns.ice_avalanche.results import IceAvalancheResults
from solitons.campaigns.ice_avalanche.runs import Role, lattice_runs
from solitons.campaigns.ice_avalanche.settings import LargeLattices, LatticeFitSettings, Seed
from solitons.campaigns.page import Section
from solitons.campaigns.results import Findings, Headline
from solitons.campaigns.stages import Stages

__all__ = ["IceAvalancheCampaign"]


@final
class IceAvalancheCampaign(AbstractSweptCampaign):
    """A spin ice of two-state islands: fitted one by one and in pairs, then predicted as a whole.

    Parameters
    ----------
    name, title, engine, base, sweep
        As in `AbstractSweptCampaign`. The base is the lattice, its material, and the protocol of field
        steps that reverses it: ramps along one direction. Every axis makes variants.
    seeds : sequence of int
        Of the lattice's disorder, a run each, in place of the base's. The fit sees none of them.
    fit : LatticeFitSettings
        The runs that it sees.
    large : LargeLattices, optional
        Large lattices, by the model alone.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, the base is nothing that the fit can answer for (`driven_lattice`), or
        a disordered quantity has less than two deviations.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The astroid and the order of the flips: J. H. Jensen et al., Phys. Rev. B 106, 064408 (2022).",
    )
    results_class: ClassVar[type[IceAvalancheResults]] = IceAvalancheResults

    kind: Literal["ice_avalanche"] = "ice_avalanche"
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)]
    fit: LatticeFitSettings
    large: LargeLattices | None = None

    @model_validator(mode="after")
    def _can_be_fitted(self) -> IceAvalancheCampaign:
        if any(field == "device.disorder.seed" for axis in self.sweep for field in axis.fields):
            raise ValueError("sweep has device.disorder.seed, which 'seeds' replaces; list 'seeds' instead")
        if self.sweep:
            return self  # each variant is looked at as a campaign of its own
        if clash := set(self.seeds) & set(self.fit.pair_seeds):
            raise ValueError(
                f"seeds and fit.pair_seeds share {sorted(clash)}; predict disorder that the fit has not seen"
            )
        if self.lattice.disordered and len(self.fit.deviations) < 2:
            raise ValueError(
                f"fit.deviations = {list(self.fit.deviations)}, but base.device.disorder changes "
                f"{self.lattice.disordered[0]}; give two at least, for its law and the law's error"
            )
        self.labelled_runs("native")
        return self

    @cached_property
    def lattice(self) -> DrivenLattice:
        """The lattice and the ramps that reverse it."""
        return driven_lattice(self.base, self.seeds)

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[Role], ...]:
        found: dict[str, LabelledRun[Role]] = {}
        for run in lattice_runs(self.lattice, self.fit):
            spec = run.spec.for_engine(engine)
            found.setdefault(spec.run_id, LabelledRun(spec, run.role))
        return tuple(found.values())

    @override
    def check(self) -> None:
        ice = self.lattice.ideal_device
        if self.large is not None and (ice.lattice.kind == "table" or ice.initial_spins.kind == "given"):
            raise ValueError(
                f"large: a lattice of kind {ice.lattice.kind!r} with initial spins {ice.initial_spins.kind!r} cannot "
                "be made larger; give a regular lattice and saturated spins, or leave 'large' out"
            )
        if self.large is not None and ice.lattice.kind != "table":
            self.large.check_couplings(ice.lattice.lattice_constant)

    @override
    def analyse(self, runs: ComputedRuns[Role], stages: Stages) -> Findings[IceAvalancheResults, Shown]:
        return analyse_lattice(runs, stages, self.lattice, self.large)

    @override
    def report(self, findings: Findings[IceAvalancheResults, Shown]) -> Sequence[Section]:
        return avalanche_sections(self.lattice, findings.results, findings.shown)

    @override
    def headlines(self, results: IceAvalancheResults) -> Sequence[Headline]:
        return list(results.headlines())
