"""The contract of a campaign: what one kind defines, and what the workflow does for all.

A campaign is data. YAML and Python say the same thing, a quantity may be written with its
unit, and nothing in a campaign file is ever run as code.

A kind is a folder with a class that is a final `AbstractCampaign`, a ``campaign.yaml`` to start
from, and an entry point of the group ``solitons.campaigns`` that has the kind's name. It states its
fields, its runs and what each is for, what it refuses before anything runs, how runs become
`Findings` (`analysis.py` beside it), and the text of its report (`report.md`); its results' class has their headlines.
The workflow (`run_campaign`) owns
the stages, saving, ``summary.json``, the page, provenance and the cache.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Self, cast

from markupsafe import Markup
from pydantic import AfterValidator, BeforeValidator, ValidationError, model_validator
from typing_extensions import TypeVar

from geometries.description import Description, plain_errors
from runs.engines import EngineChoice
from runs.spec import RunSpec
from runs.store import Store
from solitons.campaigns.framework.axes import Axis, check_axes, check_units_in, in_words, points, replaced, swept_specs
from solitons.campaigns.framework.page import VERDICTS
from solitons.campaigns.framework.report_template import fill_in
from solitons.campaigns.framework.results import Findings, Results
from solitons.campaigns.framework.stages import Stages
from solitons.figures import value_label

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "AbstractCampaign",
    "AbstractSweptCampaign",
    "ComputedRuns",
    "LabelledRun",
    "R",
    "Role",
    "SweptPoint",
    "Variants",
    "distinct_specs",
]

Role = TypeVar("Role", bound=Hashable, default=Any, covariant=True)
R = TypeVar("R", bound=Results, default=Any)
Variants = Sequence[tuple[dict[str, float], "AbstractCampaign"]]
"""Campaigns that are analysed one by one, with the swept values at which each is."""


@dataclass(frozen=True)
class LabelledRun(Generic[Role]):
    """A run and what it is for.

    Parameters
    ----------
    spec : RunSpec
        The run.
    role : hashable
        Role of the run, as the kind's own frozen data. ``str(role)`` names it in the report.
    """

    spec: RunSpec
    role: Role


@dataclass(frozen=True)
class SweptPoint:
    """The role of a run of a sweep: its values, in SI units, on the axes that are analysed together.

    A run that is not swept has no axes.
    """

    axes: tuple[Axis, ...] = ()
    values: tuple[float, ...] = ()

    @property
    def values_by_axis(self) -> dict[str, float]:
        """Its values by the axes' names."""
        return {axis.name: value for axis, value in zip(self.axes, self.values, strict=True)}

    def __str__(self) -> str:
        """Write the values in words, such as "0.9 × 10¹² A/m², 400 ps"; with names where the units leave them open."""
        units = [axis.unit for axis in self.axes]
        return ", ".join(
            value_label(value, axis.unit)
            if axis.unit and units.count(axis.unit) == 1
            else f"{axis.name.replace('_', ' ')} = {value_label(value, axis.unit)}"
            for axis, value in zip(self.axes, self.values, strict=True)
        )


@dataclass(frozen=True)
class ComputedRuns(Generic[Role]):
    """The runs of a campaign, all of them in the store.

    Parameters
    ----------
    labelled : tuple of LabelledRun
        Runs and their roles.
    store : Store
        Store of the runs.
    engine : str
        Engine that computed them; "model" for a campaign without runs.
    stages : Stages
        Shows what `AbstractCampaign.settled` does with them, where it takes long.
    """

    labelled: tuple[LabelledRun[Role], ...]
    store: Store
    engine: str
    stages: Stages = field(default_factory=Stages, kw_only=True)

    def open(self, run: LabelledRun[Role]) -> xr.Dataset:
        """Open a run, lazily."""
        return self.store.open(run.spec.run_id)

    @cached_property
    def engine_version(self) -> str:
        """Version of the engine that computed the first of its runs."""
        own = next((run for run in self.labelled if run.spec.engine == self.engine), self.labelled[0])
        return str(self.store.provenance(own.spec.run_id)["engine_version"])

    @cached_property
    def device_seconds(self) -> float:
        """Simulated seconds per second of wall time that the engine took, one run on one thread, over all runs."""
        records = [self.store.provenance(run.spec.run_id) for run in self.labelled]
        return float(
            sum(record["simulated_time"] for record in records) / sum(record["wall_time"] for record in records)
        )


def _name_of_a_folder(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", name):
        raise ValueError(
            f"{name[:80]!r} cannot name a campaign and its folder; use at most 80 letters (A to Z), digits, _ and -, a "
            "letter or digit first, such as 'dw-synapse'"
        )
    return name


def distinct_specs(variants: Variants, engine: str) -> list[RunSpec]:
    """The distinct runs of variants, in order."""
    runs = (run.spec for _, variant in variants for run in variant.labelled_runs(engine))
    return list({spec.run_id: spec for spec in runs}.values())


class AbstractCampaign(Description, Generic[Role, R]):
    """Base class of all kinds of campaigns.

    A kind adds a literal field ``kind`` that is the name of its entry point, and the fields
    that it needs. Types that check it may name its roles and results, ``AbstractCampaign[Role, Results]``.

    Parameters
    ----------
    name : str
        Name of the campaign and of its folder in the store.
    title : str
        Description, in a line.
    engine : str
        The engine, by its name in `runs.engines`; ``auto`` takes OOMMF where it is found, else native.

    Examples
    --------
    >>> from solitons import load_campaign
    >>> campaign = load_campaign("dw-synapse")
    >>> campaign.title != "", campaign.has_runs, len(campaign.specs("native"))
    (True, True, 8)
    """

    references: ClassVar[tuple[str, ...]] = ()
    """References of a report beside the software: a line each."""

    results_class: ClassVar[type[Results]]
    """The class of the kind's results, by which `summary.json` is read; every kind sets its own."""

    table_names: ClassVar[tuple[str, ...]] = ()
    """Names of the tables that every analysis gives (`Findings.tables`): CSV files beside `summary.json`."""

    verdict_meanings: ClassVar[Mapping[str, str]] = VERDICTS
    """Meaning of each verdict for the kind's results, in a sentence."""

    name: Annotated[str, AfterValidator(_name_of_a_folder)]
    title: str = ""
    engine: EngineChoice = "auto"

    def labelled_runs(self, engine: str) -> tuple[LabelledRun[Role], ...]:
        """The micromagnetic runs and what each is for; none where the reduced model is all of it.

        Parameters
        ----------
        engine : str
            Computes them.
        """
        del engine
        return ()

    @property
    def unsettled(self) -> bool:
        """Whether further runs follow from what the present `labelled_runs` find; False unless a kind overrides it."""
        return False

    def settled(self, runs: ComputedRuns[Role]) -> Self:
        """The campaign with what its runs so far have found; asked for as long as it is `unsettled`.

        Its `labelled_runs` are the runs so far and more, or all of them. What follows from the runs follows from
        nothing else, so that the same campaign asks for the same runs everywhere.

        Parameters
        ----------
        runs : ComputedRuns
            All of its `labelled_runs`.

        Raises
        ------
        ValueError
            If they show that the campaign cannot be answered, with what to write.
        """
        del runs
        return self

    def specs(self, engine: str) -> list[RunSpec]:
        """The distinct runs of all variants, in order; of one that is `unsettled` the first of them."""
        return distinct_specs(self.variants(), engine)

    def run_labels(self, engine: str, variants: Variants | None = None) -> dict[str, str]:
        """Role of each run, in words, by its id; of settled variants if given."""
        labels: dict[str, str] = {}
        for at, variant in self.variants() if variants is None else variants:
            for run in variant.labelled_runs(engine):
                words = filter(None, (self.variant_in_words(at), str(run.role)))
                labels.setdefault(run.spec.run_id, "; ".join(words))
        return labels

    def variant_in_words(self, at: Mapping[str, float]) -> str:
        """Coordinates of a variant, with units, such as "anisotropy = 0.5 MJ/m³"."""
        units = {axis.name: axis.unit for axis in getattr(self, "sweep", ())}
        return ", ".join(f"{name.replace('_', ' ')} = {value_label(value, units[name])}" for name, value in at.items())

    @property
    def has_runs(self) -> bool:
        """Whether the kind has micromagnetic runs at all."""
        return type(self).labelled_runs is not AbstractCampaign.labelled_runs

    def check(self) -> None:
        """Refuse, before anything runs or is written, what the last stage could not answer.

        Raises
        ------
        ValueError
            Naming the field, its value and the remedy.
        """
        # A kind whose fields say everything has nothing more to look at.

    def input_files(self) -> tuple[Path, ...]:
        """Further files that the results follow from."""
        return ()

    def inner_campaigns(self) -> tuple[AbstractCampaign[Any, Any], ...]:
        """Campaigns whose results it uses: their source and their references are its own too."""
        return ()

    def variants(self) -> list[tuple[dict[str, float], Self]]:
        """The campaigns that are analysed one by one, with the swept values at which each is."""
        return [({}, self)]

    def analyse(self, runs: ComputedRuns[Role], stages: Stages) -> Findings[R]:
        """Make the runs into findings: by `analyse(campaign, runs, stages)` of the `analysis.py` beside the class.

        It is imported when it is called, so that reading a description brings no solver.

        Parameters
        ----------
        runs : ComputedRuns
            Runs of this variant.
        stages : Stages
            Shows what is being done: ``with stages("Fit"): ...``.
        """
        found: Findings[R] = import_module(self.analysis_module()).analyse(self, runs, stages)
        return found

    @classmethod
    def analysis_module(cls) -> str:
        """Name of the `analysis.py` beside the class; empty where there is none."""
        package = cls.__module__.rpartition(".")[0]
        there = cls._beside("analysis.py").is_file()
        return f"{package}.analysis" if package and there else ""

    @classmethod
    def _beside(cls, file: str) -> Path:
        # A class that is typed into a notebook has no file.
        return Path(getattr(sys.modules[cls.__module__], "__file__", None) or Path.cwd() / "notebook").with_name(file)

    def observed(self, spec: RunSpec, run: xr.Dataset) -> xr.Dataset:
        """Numbers that are read off one run, where the kind reads some off each; none by default.

        Parameters
        ----------
        spec : RunSpec
            The run's.
        run : xarray.Dataset
            It.
        """
        import xarray as xr

        del spec, run
        return xr.Dataset()

    def rehearsed(self) -> Markup:
        """The report as it looks with made-up numbers, drawn before the first run; empty by default."""
        return Markup()

    def report(self, findings: Findings[R]) -> Markup:
        """The kind's own part of the report: `report.md` beside its class, filled in (`framework.report_template`)."""
        values = {"campaign": self, "results": findings.results, **findings.values}
        return fill_in(self.report_file(), values, findings.figures)

    @classmethod
    def report_file(cls) -> Path:
        """The text of the report, beside the class."""
        return cls._beside("report.md")


def _as_data(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, RunSpec) else value


class AbstractSweptCampaign(AbstractCampaign[Role, R]):
    """A campaign whose runs come from a base run, with axes that are swept.

    Axes of fields that the kind analyses together (`analysed_together`) make runs of one analysis.
    All others, over device, material or whatever else, make variants: the kind sees each of
    them as a campaign of its own, and the report lays their headlines side by side.

    Parameters
    ----------
    base : RunSpec or mapping
        The run from which the others differ. Its own engine is replaced.
    sweep : sequence of Axis
        The swept parameters; runs are their outer product.

    Raises
    ------
    pydantic.ValidationError
        If two axes share a name or a field, or a variant is no valid campaign: the error names
        the axis, the value and the field.

    Examples
    --------
    >>> from solitons import load_campaign
    >>> campaign = load_campaign("dw-synapse")
    >>> [axis.name for axis in campaign.sweep], campaign.variant_axes  # all analysed together
    (['amplitude', 'width'], ())
    """

    analysed_together: ClassVar[tuple[str, ...]] = ()
    """Parts of a run, such as "protocol", whose swept values one analysis takes together."""

    base: Annotated[dict[str, Any], BeforeValidator(_as_data)]
    sweep: tuple[Axis, ...] = ()

    @model_validator(mode="after")
    def _variants_can_be_made(self) -> Self:
        check_axes(self.sweep)
        if self.variant_axes:
            check_units_in(self.base, self.sweep)
        self.variants()
        if not self.variant_axes and type(self).labelled_runs is AbstractSweptCampaign.labelled_runs:
            self.labelled_runs("native")
        return self

    @property
    def variant_axes(self) -> tuple[Axis, ...]:
        """Axes whose values are analysed one by one."""
        return tuple(axis for axis in self.sweep if not axis.is_of(*self.analysed_together))

    def variants(self) -> list[tuple[dict[str, float], Self]]:
        """The campaigns that are analysed one by one, with the swept values at which each is."""
        return self._variants if self.variant_axes else [({}, self)]

    @cached_property
    def _variants(self) -> list[tuple[dict[str, float], Self]]:
        axes = self.variant_axes
        together = [axis for axis in self.sweep if axis not in axes]
        found = []
        for point in points(axes):
            at = {axis.name: value for axis, value in zip(axes, point, strict=True)}
            content = {name: getattr(self, name) for name in type(self).model_fields}
            content |= {"base": replaced(self.base, axes, point), "sweep": together}
            try:
                found.append((at, type(self).model_validate(content)))
            except ValidationError as error:
                raise ValueError(f"with {in_words(axes, point)}: {plain_errors(error)}") from None
        return found

    def labelled_runs(self, engine: str) -> tuple[LabelledRun[Role], ...]:
        """The runs of the whole sweep; a kind that has others overrides it."""
        if engine not in self._runs_by_engine:
            known = next(iter(self._runs_by_engine.values()), None)
            self._runs_by_engine[engine] = (
                tuple(LabelledRun(run.spec.for_engine(engine), run.role) for run in known)
                if known is not None
                else tuple(
                    LabelledRun(spec, cast("Role", SweptPoint(self.sweep, point)))
                    for point, spec in swept_specs(self.base, self.sweep, engine).items()
                )
            )
        return self._runs_by_engine[engine]

    @cached_property
    def _runs_by_engine(self) -> dict[str, tuple[LabelledRun[Role], ...]]:
        return {}
