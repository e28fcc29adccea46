"""The plan of a reproduction: which campaign computes which claim of a publication."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, PositiveFloat, model_validator

from geometries import Description
from runs.strict_yaml import read_description

__all__ = ["Plan", "PlannedRow", "load_plan", "plan_names"]

_FOLDER = Path(__file__).parent


class PlannedRow(Description):
    """A claim of a publication, and the number of ours that stands beside it.

    Parameters
    ----------
    figure : int
        Figure of the publication.
    claim : str
        The claim, in one short sentence.
    published : str
        The published number with its source in brackets, or "no number in the review".
    campaign : str
        Name of the shipped campaign that computes it.
    headline : str
        Name of the headline of its summary, or how that name begins, where the rest depends on the results.
    """

    figure: Annotated[int, Field(ge=1)]
    claim: str
    published: str
    campaign: str
    headline: str


class Plan(Description):
    """What a reproduction computes, and in which order.

    Parameters
    ----------
    title, source : str
        The publication, and where it stands.
    minutes : dict of str to float
        Minutes that a campaign took with two cores in use, by the command on its page, often with `--jobs 2`; campaigns
        that nobody measured to the end are not in it.
    rows : tuple of PlannedRow
        The claims.
    """

    title: str
    source: str
    minutes: dict[str, PositiveFloat] = Field(default_factory=dict)
    rows: Annotated[tuple[PlannedRow, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check(self) -> Plan:
        if unused := [name for name in self.minutes if name not in self.campaigns]:
            raise ValueError(f"minutes: no row has the campaign {unused[0]!r}; add a row, or leave its minutes out")
        return self

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The campaigns, each once, in the order of the rows."""
        return tuple(dict.fromkeys(row.campaign for row in self.rows))


@cache
def plan_names() -> tuple[str, ...]:
    """Names of the plans that come with the workbench.

    Examples
    --------
    >>> from solitons.reproductions import plan_names
    >>> plan_names()
    ('grollier-2016',)
    """
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def load_plan(name: str) -> Plan:
    """Load a plan by its name.

    Raises
    ------
    ValueError
        If there is none of that name; the message lists them.

    Examples
    --------
    >>> from solitons.reproductions import load_plan
    >>> load_plan("grollier-2016").rows[0].figure
    1
    """
    if name not in plan_names():
        known = ", ".join(plan_names())
        raise ValueError(f"reproduce: there is no plan {name[:80]!r}; give one of {known}")
    return read_description(_FOLDER / f"{name}.yaml", Plan, "a plan")
