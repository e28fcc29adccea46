"""The campaign of a spin ice: runs of one and two islands, the lattice that is fitted to them, and its avalanches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, final

from pydantic import Field, PrivateAttr, model_validator
from typing_extensions import override

from solitons.campaigns.framework.base import AbstractSweptCampaign, ComputedRuns, LabelledRun
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.spin_ice.ice_avalanche.ramps import Ramp, field_in_words, lowered
from solitons.campaigns.spin_ice.ice_avalanche.results import IceAvalancheResults
from solitons.campaigns.spin_ice.ice_avalanche.runs import Role
from solitons.campaigns.spin_ice.ice_avalanche.settings import (
    FieldRange,
    LargeLattices,
    LatticeField,
    LatticeFitSettings,
    Seed,
)

if TYPE_CHECKING:
    from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
    from solitons.campaigns.spin_ice.ice_avalanche.ramp_search import KnownSoFar

__all__ = ["IceAvalancheCampaign"]


@final
class IceAvalancheCampaign(AbstractSweptCampaign[Role, IceAvalancheResults]):
    """A spin ice of two-state islands: fitted one by one and in pairs, then predicted as a whole.

    Parameters
    ----------
    name, title, engine, base, sweep
        As in `AbstractSweptCampaign`. The base is the lattice, its material, and the protocol of field
        steps that reverses it: ramps along one direction. Every axis makes variants.
    field : LatticeField, optional
        In place of the base's protocol: the direction of the field. Coarse runs then find the ramp.
    seeds : sequence of int
        Seeds of the lattice's disorder, a run each, in place of the base's. The fit sees none of them.
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
    field: LatticeField | None = None
    fit: LatticeFitSettings
    large: LargeLattices | None = None

    _beginning: KnownSoFar | None = PrivateAttr(default=None)

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
        from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import driven_lattice

        protocol = self.base.get("protocol")
        if (protocol is None) == (self.field is None):
            raise ValueError(
                "give either base.protocol, a ramp, or field, a direction along which the campaign finds its ramp, "
                f"not {'both' if self.field else 'neither'}"
            )
        if self.field is None:
            return driven_lattice(self.base, self.seeds)
        known = self._beginning and self._beginning.lattice_ramp
        ramp = known or FieldRange(start=1, end=2, field_steps=1)
        steps = Ramp((ramp,)).protocol(self.field.angle).model_dump(mode="json")
        return driven_lattice({**self.base, "protocol": steps}, self.seeds)

    @property
    @override
    def unsettled(self) -> bool:
        return not self.known.all

    @override
    def settled(self, runs: ComputedRuns[Role]) -> IceAvalancheCampaign:
        from solitons.campaigns.spin_ice.ice_avalanche.fitting import fit_islands
        from solitons.campaigns.spin_ice.ice_avalanche.lattice_ramp import predicted_range, turned_in_first_field

        known, lattice = self.known, self.lattice
        if known.search.pending:
            return self._with(replace(known, search=known.search.after(runs)))
        if known.fitted is None:
            fitted = fit_islands(runs, Stages(), lattice)
            ramp = None if self.field is None else predicted_range(lattice, fitted.fit, self.field.field_steps)
            return self._with(replace(known, fitted=fitted, lattice_ramp=ramp))
        first, _ = lattice.field_range
        if turned := turned_in_first_field(lattice, runs, first):
            if known.lattice_ramp is None:
                seed, count = next(iter(turned.items()))
                lower = predicted_range(lattice, known.fitted.fit, 10).start
                raise ValueError(
                    f"base.protocol: in the jump to its first field, {field_in_words(first)}, {count} islands of the "
                    f"lattice of seed {seed} turn; begin at {field_in_words(min(lower, 0.9 * first))}, or leave "
                    "protocol out and give field, and the campaign finds its ramp"
                )
            return self._with(replace(known, lattice_ramp=lowered(known.lattice_ramp)))
        return self._with(replace(known, all=True))

    @cached_property
    def known(self) -> KnownSoFar:
        """Knowledge of the ramps: at first, the first coarse runs."""
        from solitons.campaigns.spin_ice.ice_avalanche.ramp_search import KnownSoFar, RampSearch

        return self._beginning or KnownSoFar(RampSearch(self.lattice, self.fit).asking())

    def _with(self, known: KnownSoFar) -> IceAvalancheCampaign:
        further = self.model_copy()
        # What was computed from the ramps before.
        for name in ("lattice", "known"):
            further.__dict__.pop(name, None)
        further._beginning = known
        return further

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[Role], ...]:
        found: dict[str, LabelledRun[Role]] = {}
        for run in self._runs():
            spec = run.spec.for_engine(engine)
            found.setdefault(spec.run_id, LabelledRun(spec, run.role))
        return tuple(found.values())

    def _runs(self) -> Iterator[LabelledRun[Role]]:
        from solitons.campaigns.spin_ice.ice_avalanche.runs import first_fields, fit_runs, lattice_runs

        known = self.known
        yield from known.search.runs
        if known.search.pending:
            return
        for run in fit_runs(self.lattice, self.fit):
            yield LabelledRun(run.in_ramp(known.search.ramp(run.role)), run.role)
        if known.fitted is None:
            return
        yield from first_fields(self.lattice, self.lattice.field_range[0])
        if known.all:
            yield from lattice_runs(self.lattice)

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
