"""The campaign of a design: devices that are tried one after the other, and the verification of the best."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, final

import numpy as np
from pydantic import Field, PrivateAttr, model_validator
from typing_extensions import override

from solitons.campaigns.design.devices import Asked, Floats, start_of, taken_by
from solitons.campaigns.design.results import DesignResults
from solitons.campaigns.design.roles import DesignRole, Tried, Verified
from solitons.campaigns.design.search import Known, Place, Step, best_of, proceed
from solitons.campaigns.design.settings import Aim, DesignRun, FreeField, Limit, SearchSettings
from solitons.campaigns.framework.base import AbstractCampaign, ComputedRuns, LabelledRun

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
        Device, material and numerics; the free fields' values in it are those from which the search begins.
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

    results_class: ClassVar[type[DesignResults]] = DesignResults
    table_names: ClassVar[tuple[str, ...]] = ("devices",)
    verdict_meanings: ClassVar[dict[str, str]] = {
        "trusted": "The device found is better than the start, keeps to all limits, and two engines verified it.",
        "limited": "The device found may be used where the reasons do not matter.",
        "failed": "No device was found that keeps to the limits.",
    }

    kind: Literal["design"] = "design"
    base: dict[str, Any]
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
        for each in self.verification:
            if each.of not in self.runs:
                raise ValueError(
                    f"verification of {each.observable!r}: there is no run {each.of!r}; give one of "
                    f"{', '.join(self.runs)}"
                )
        self.asked.check()
        for run in self.runs:  # both ends of every bound are devices
            for at in (0.0, 1.0):
                self.asked.spec(run, (at,) * len(self.free))
        start_of(self.free, self.asked)
        return self

    @cached_property
    def asked(self) -> Asked:
        """What the design asks for."""
        return Asked(self.base, self.runs, self.free, self.aim, self.limits)

    @cached_property
    def start(self) -> Place:
        """Where the search begins, as shares of the way between the bounds."""
        return start_of(self.free, self.asked)

    @property
    def known(self) -> dict[Place, Known]:
        """What the search knows."""
        size = abs(float(self._tables[self.start][0, 0])) or 1.0
        margin = self.search.accuracy / 4
        return {place: self.asked.known(table, size, margin) for place, table in self._tables.items()}

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
        return best_of(self.known)

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
        further = self.model_copy()
        places = self._next or (self.start,)
        further._tables = {
            **self._tables,
            **{
                place: self.asked.table(place, lambda spec: runs.store.open(taken_by(spec, runs.engine).run_id))
                for place in places
            },
        }
        first = further._tables[self.start][:, 0]
        if not np.isfinite(first).all():
            named = [self.aim.observable, *(each.observable for each in self.limits)]
            lacking = ", ".join(name for name, value in zip(named, first, strict=True) if not np.isfinite(value))
            raise ValueError(f"design: the device of the base has no {lacking}, and the search begins there; change it")
        settings = self.search
        step = proceed(further.known, accuracy=settings.accuracy, devices=settings.devices, seed=settings.seed)
        further._next = step.places
        further._step = None if step.places else step
        return further

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[DesignRole], ...]:
        places = [*self._tables, *((self._next or ()) if self._tables else (self.start,))]
        found: list[LabelledRun[DesignRole]] = []
        for number, place in enumerate(places, 1):
            for run in self.asked.searched:
                for seed in self.runs[run].seeds_of(unseen=False):
                    spec = taken_by(self.asked.spec(run, place, seed), engine)
                    found.append(LabelledRun(spec, Tried(number, run, seed)))
        return (*found, *(() if self._step is None else self._verifying(engine)))

    def _verifying(self, engine: str) -> list[LabelledRun[DesignRole]]:
        """Runs of the start and of the device found: by the native engine, and by the campaign's where it can."""
        found: list[LabelledRun[DesignRole]] = []
        seeded = [run for run in self.asked.searched if self.runs[run].seeds is not None]
        for device in ("start", "found"):
            place = self.start if device == "start" else self.found
            for run in dict.fromkeys([*seeded, *(each.of for each in self.verification)]):
                for seed in self.runs[run].seeds_of(unseen=True):
                    spec = self.asked.spec(run, place, seed)
                    for each in {
                        spec.engine: spec for spec in (taken_by(spec, "native"), taken_by(spec, engine))
                    }.values():
                        found.append(LabelledRun(each, Verified(device, run, each.engine, seed)))
        return found
