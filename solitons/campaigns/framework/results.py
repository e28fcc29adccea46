"""Results of a campaign: numbers, data for a report's figures, and the content of `summary.json`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite, isnan
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import from_json, to_json
from typing_extensions import TypeVar

from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.verdict import Reason, VerdictName

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import FigureBase

__all__ = [
    "CampaignSummary",
    "Findings",
    "FiniteOrNone",
    "Headline",
    "Number",
    "Parameter",
    "Results",
    "ResultsPart",
    "Variant",
]


def _none_unless_finite(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value


FiniteOrNone = Annotated[float | None, BeforeValidator(_none_unless_finite)]
"""A number that may be unknown: NaN and infinity become None, and null in `summary.json`."""


class ResultsPart(BaseModel):
    """A part of results: frozen, and nothing in it that is not described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Parameter(ResultsPart):
    """A fitted parameter with its unit and 95 % confidence interval.

    Parameters
    ----------
    name, unit : str
        Name of the value, and its unit.
    value : float
        Best value.
    ci95 : (float, float) or None
        Its 95 % confidence interval; None where the data reject the model, so that none holds.
    ci95_by : dict of str to (float, float)
        The intervals that `ci95` is made of, by what they count, if there are several: the widest of `noise`, `runs`
        and `models`, and `material` in quadrature.
    """

    name: str
    unit: str
    value: float
    ci95: tuple[float, float] | None
    ci95_by: dict[str, tuple[float, float]] = {}

    @classmethod
    def of(cls, each: FittedParameter) -> Self:
        """A parameter of a fit."""
        ends = None if isnan(each.low) else (each.low, each.high)
        return cls(name=each.name, unit=each.unit, value=each.value, ci95=ends, ci95_by=each.by_cause)


@dataclass(frozen=True)
class Number:
    """A number of a kind's results that a design may aim at (`solitons.campaigns.design`).

    Parameters
    ----------
    name : str
        The attribute of the results; NaN where they do not have it.
    label, unit : str
        As figures name it, and its SI unit.
    """

    name: str
    label: str
    unit: str = ""
    from_energies: ClassVar[bool] = False


class Results(ResultsPart):
    """Results of one analysis, in numbers; a kind of campaign adds its own.

    Parameters
    ----------
    verdict : {"trusted", "limited", "failed"} or None
        Whether what was fitted may be used (`solitons.fits.verdict`); None where nothing is fitted.
    reasons : list of Reason
        Why it is not simply trusted, the heaviest first.
    notes : list of str
        Deviations from the request, such as a field that turns no island.
    """

    numbers: ClassVar[tuple[Number, ...]] = ()
    """What a design may aim at."""

    verdict: VerdictName | None = None
    reasons: list[Reason] = []
    notes: list[str] = []

    @abstractmethod
    def headlines(self) -> Iterable[Headline]:
        """The numbers that a reader sees first."""


class Headline(ResultsPart):
    """A number that a reader sees first: a tile of the report and a line in the terminal.

    Parameters
    ----------
    value : str
        The number, with its unit.
    name : str
        Name of the number: "wall position error".
    detail : str
        Value to compare with, or its interval.
    """

    value: str
    name: str
    detail: str = ""


R = TypeVar("R", bound=Results)


@dataclass(frozen=True, eq=False)
class Findings(Generic[R]):
    """Output of an analysis.

    Parameters
    ----------
    results : Results
        In numbers; goes to `summary.json`.
    values : mapping of str to object
        Values that `report.md` may name beside `campaign` and `results`; they are not kept.
    figures : mapping of str to callable
        Functions that draw the figures that `report.md` names.
    models : mapping of str to model
        Models to save, each as ``<name>.json``.
    tables : mapping of str to pandas.DataFrame
        Tables to write, each as ``<name>.csv``; those in the kind's `table_names`.
    """

    results: R
    values: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Callable[[], FigureBase]] = field(default_factory=dict)
    models: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)


class Variant(ResultsPart, Generic[R]):
    """The results at one value of whatever axes are swept over devices or materials.

    Parameters
    ----------
    at : dict of str to float
        Value of each such axis, in its SI unit; empty if there is none.
    results : Results
        Results found there.
    """

    at: dict[str, float]
    results: R


class CampaignSummary(ResultsPart, Generic[R]):
    """Content of `summary.json`.

    With one variant its results stand beside the other keys, with several they are in the
    list ``variants``.

    Parameters
    ----------
    campaign, kind, engine, engine_version : str
        Campaign and engine that ran; the engine is "model" for a campaign without micromagnetic runs.
    key : str
        Hash of everything that the results follow from: of the campaign, its run ids, the source
        code that analysed them, and what further files it names.
    runs, cached : int
        How many runs there are, and how many were computed before.
    run_ids : list of str
        Their ids.
    labels : dict of str to str
        Role of each run, such as its swept values, by its id.
    headlines : list of Headline
        The numbers that a reader sees first, for whoever reads the file without the kind.
    variants : list of Variant
        The results.
    """

    campaign: str
    kind: str
    engine: str
    engine_version: str
    key: str
    runs: int
    cached: int
    run_ids: list[str]
    labels: dict[str, str] = {}
    headlines: list[Headline] = []
    variants: list[Variant[R]]

    @property
    def results(self) -> R:
        """The results of a campaign whose axes are analysed together.

        An error if it sweeps devices or materials: `variants` has the results of each.
        """
        if len(self.variants) > 1:
            axes = ", ".join(self.variants[0].at)
            raise ValueError(
                f"campaign {self.campaign!r} has {len(self.variants)} variants over {axes}, each with results of its "
                "own; read summary.variants"
            )
        return self.variants[0].results

    def as_json(self) -> str:
        """The text of `summary.json`; numbers that are not finite become null."""
        content = self.model_dump(mode="json")
        variants = content.pop("variants")
        content |= {"variants": variants} if len(variants) > 1 else variants[0]["results"]
        return to_json(content, indent=2).decode() + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `as_json` wrote; the summary of another version is an error."""
        content = from_json(text)
        if not isinstance(content, dict):
            raise ValueError("summary.json holds no table")
        if "variants" not in content:
            common = {name: content.pop(name) for name in list(content) if name in cls.model_fields}
            content = common | {"variants": [{"at": {}, "results": content}]}
        return cls.model_validate(content)
