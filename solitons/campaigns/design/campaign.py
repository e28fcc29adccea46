"""The campaign of a design: devices that are tried one after the other, and the verification of the best."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, final

import numpy as np
from pydantic import Field, PrivateAttr, model_validator
from typing_extensions import override

from geometries.quantities import parse_quantity
from solitons.campaigns.design.devices import Asked, Floats, Made, Shown, engines_of, runs_of
from solitons.campaigns.design.results import DesignResults
from solitons.campaigns.design.roles import DesignRole, Tried, Verified
from solitons.campaigns.design.search import Known, Place, Step, best_of, proceed
from solitons.campaigns.design.settings import Aim, DesignRun, FreeField, Limit, SearchSettings
from solitons.campaigns.framework.base import AbstractCampaign, ComputedRuns, LabelledRun
from solitons.campaigns.framework.kinds import campaign_file

__all__ = ["DesignCampaign"]


@final
class DesignCampaign(AbstractCampaign[DesignRole, DesignResults]):
    """The device with the largest or smallest of an observable within limits, among those that free fields make.

    Each device that is tried follows from those before it, by gradients where the observables have them, else by
    CMA-ES. The best is verified, beside the start, in runs that the search has not seen: other runs, other seeds, and
    another engine where the campaign's is not the one that searched.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`. What the engine cannot run, as OOMMF no way of least energy, the native one does.
    base : mapping
        Device, material and numerics of runs with a protocol; the free fields' values in it are those from which the
        search begins.
    runs : mapping of str to DesignRun
        Runs that a device is put through, by names of your choice.
    free : sequence of FreeField
        What the search may change.
    aim : Aim
        What is to be as large or as small as can be.
    limits, verification : sequence of Limit
        What the search keeps to, and what is looked at in the end, before and after.
    search : SearchSettings
        How long to look.

    Raises
    ------
    pydantic.ValidationError
        If nothing is free, a name is unknown, a bound makes no valid run, or the base lies outside the bounds.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Cutting planes: J. E. Kelley, J. SIAM 8, 703 (1960).",
        "CMA-ES: N. Hansen and A. Ostermeier, Evol. Comput. 9, 159 (2001), by the package cmaes.",
    )
    results_class: ClassVar[type[DesignResults]] = DesignResults
    table_names: ClassVar[tuple[str, ...]] = ("devices",)
    verdict_meanings: ClassVar[dict[str, str]] = {
        "trusted": "The device found is better than the start, keeps to all limits, and two engines verified it.",
        "limited": "The device found may be used where the reasons do not matter.",
        "failed": "No device was found that keeps to the limits, or the one that was missed a check.",
    }

    kind: Literal["design"] = "design"
    base: dict[str, Any] = Field(default_factory=dict)
    runs: Annotated[dict[str, DesignRun], Field(min_length=1)]
    free: tuple[FreeField, ...]
    aim: Aim
    limits: tuple[Limit, ...] = ()
    verification: tuple[Limit, ...] = ()
    search: SearchSettings = SearchSettings()

    _tables: dict[Place, Floats] = PrivateAttr(default_factory=dict)
    """What each device that was tried has shown, in a campaign that is being settled; the start is the first."""
    _next: tuple[Place, ...] | None = PrivateAttr(default=None)
    _step: Step | None = PrivateAttr(default=None)
    """The last one, once the search is at its end."""

    @model_validator(mode="after")
    def _can_be_asked(self) -> DesignCampaign:
        if not self.free:
            raise ValueError("free: nothing is free, so there is nothing to design; name a field and its bounds")
        names = [each.name for each in self.free]
        fields = [path for each in self.free for path in each.fields]
        if len(set(names)) < len(names) or len(set(fields)) < len(fields):
            raise ValueError("free: a name or a field is there twice; let each field belong to one free field")
        self.asked.check()
        _ = self._enough
        return self

    @cached_property
    def asked(self) -> Asked:
        """What the design asks for."""
        return Asked(self.base, self.runs, self.free, self.aim, self.limits, self.verification)

    @property
    def _enough(self) -> float | None:
        wanted = self.search.enough
        try:
            return None if wanted is None else parse_quantity(wanted, self.asked.aim.unit)
        except ValueError as error:
            raise ValueError(f"search.enough: {error}") from error

    @property
    def start(self) -> Place:
        """Where the search begins, as shares of the way between the bounds."""
        return self.asked.start

    def known(self, margin: float) -> dict[Place, Known]:
        """What is known of the devices so far, beside limits that are tighter by a margin."""
        first = self._tables[self.start]
        return {place: self.asked.known(table, first, margin) for place, table in self._tables.items()}

    @property
    def tables(self) -> dict[Place, Floats]:
        """What each device that was tried has shown: aim and limits, and their slopes."""
        return dict(self._tables)

    @property
    def without_slopes(self) -> tuple[str, ...]:
        """What no gradient reaches, in words; then the search is CMA-ES."""
        slopes = self._tables[self.start][:, 1:]
        flat = [each.axis.heading for each, at in zip(self.free, slopes.T, strict=False) if np.isnan(at).all()]
        return self.asked.without_slopes or tuple(flat)

    @property
    def found(self) -> Place:
        """The best device."""
        return best_of(self.known(margin=0.0))

    @property
    def converged(self) -> bool:
        """Whether the search ended because it expects nothing better."""
        return self._step is not None and self._step.converged

    @property
    @override
    def unsettled(self) -> bool:
        return self._step is None

    @override
    def settled(self, runs: ComputedRuns[DesignRole]) -> DesignCampaign:
        further, shown = self.model_copy(), Shown(runs.store, runs.engine)
        tried = runs.stages.over("Devices", self._next or (self.start,))
        further._tables = {**self._tables, **{place: self.asked.table(place, shown) for place in tried}}
        first = further._tables[self.start][:, 0]
        for (number, of), value in zip(self.asked.numbers, first, strict=True):
            if not np.isfinite(value):
                why = f" ({shown.missing[number.name]})" if number.name in shown.missing else ""
                raise ValueError(
                    f"design: the device of the base has no {number.name!r} of run {of!r}{why}, and the search begins "
                    "there; change it"
                )
        settings, enough, size = self.search, self._enough, abs(float(first[0])) or 1.0
        step = proceed(
            further.known(0.0 if further.without_slopes else settings.accuracy / 4),
            accuracy=settings.accuracy,
            devices=settings.devices,
            seed=settings.seed,
            enough=np.inf if enough is None else self.aim.sign * enough / size,
            counts=[each.count for each in self.free],
        )
        further._next = step.places
        further._step = None if step.places else step
        return further

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[DesignRole], ...]:
        places = [*self._tables, *((self._next or ()) if self._tables else (self.start,))]
        found: list[LabelledRun[DesignRole]] = []
        for number, place in enumerate(places, 1):
            for name in self.asked.searched:
                for seed in self.runs[name].seeds_of(unseen=False):
                    for run in runs_of(self.asked.made(name, place, seed), engine):
                        found.append(LabelledRun(run.spec, Tried(number, name, seed, str(run.role))))
        for role in () if self._step is None else self.verified(engine):
            for run in runs_of(self.verified_device(role), role.engine):
                found.append(LabelledRun(run.spec, replace(role, part=str(run.role))))
        return tuple(found)

    def verified(self, engine: str) -> list[Verified]:
        """What is looked at in the end, of the start and of the device found."""
        return [
            Verified(device, name, by, seed)
            for device in ("start", "found")
            for name in dict.fromkeys(each.of for each in self.asked.checks)
            for seed in self.runs[name].seeds_of(unseen=True)
            for by in engines_of(self.verified_device(Verified(device, name, "", seed)), engine)
        ]

    def verified_device(self, role: Verified) -> Made:
        """The run or the campaign of a device that is verified."""
        return self.asked.made(role.run, self.start if role.device == "start" else self.found, role.seed)

    @override
    def check(self) -> None:
        for name in self.asked.campaigns:
            made = self.asked.made(name, self.start)
            assert isinstance(made, AbstractCampaign)
            made.check()

    @override
    def input_files(self) -> tuple[Path, ...]:
        return tuple(campaign_file(each.campaign) for each in self.runs.values() if each.campaign is not None)

    @override
    def inner_campaigns(self) -> tuple[AbstractCampaign[Any, Any], ...]:
        return tuple(self.asked.campaigns.values())
