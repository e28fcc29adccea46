"""What a standard problem asks for: its columns, their tolerances, and its reference solutions."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import yaml
from pydantic import Field, model_validator

from geometries import Description

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENGINES", "Problem", "Reported", "load_problem", "problem_names"]

_FOLDER = Path(__file__).parent
ENGINES = ("oommf", "native")


class Reported(Description):
    """A column that a solution reports, and how far it may be from the references.

    Parameters
    ----------
    tolerance : float or "interval"
        Largest difference in the column's unit; or, for a count of trials, "interval": the two counts could be of one
        probability (Fisher's exact test, at 1 % for all rows together).
    because : str
        Why so much.
    trials : str, optional
        The column with the number of trials, for a count.
    """

    tolerance: Literal["interval"] | float = Field(union_mode="left_to_right")
    because: str
    trials: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Reported:
        if (self.tolerance == "interval") != (self.trials is not None):
            raise ValueError("Reported: a count has the tolerance 'interval' and a column of trials, others neither")
        return self


class Problem(Description):
    """A standard problem.

    Parameters
    ----------
    name, title, question : str
        Its folder's name, its title, and what it asks in a sentence.
    keys : tuple of str
        Columns that tell rows apart, such as "time (ns)".
    reported : dict of str to Reported
        Columns that are compared, with their units: "position (nm)".
    cell : float
        Edge of the references' cells in m; 0 where each cell is a device of its own.
    meshes : tuple of float
        Edges in m of other cells that were tried.
    drawn : str, optional
        The key that the figure is drawn over; the rows' numbers if left out.
    """

    name: str
    title: str
    question: str
    keys: tuple[str, ...]
    reported: dict[str, Reported]
    cell: float = 0.0
    meshes: tuple[float, ...] = ()
    drawn: str | None = None

    @property
    def folder(self) -> Path:
        """Where the script and the references lie."""
        return _FOLDER / self.name

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of a solution."""
        trials = dict.fromkeys(each.trials for each in self.reported.values() if each.trials)
        return (*self.keys, *self.reported, *trials)

    def solution(self, name: str) -> pd.DataFrame:
        """A solution that comes with the problem: that of an engine, of other "meshes", or of the "model"."""
        import pandas as pd

        return pd.read_csv(self.folder / f"{name}.csv")


def bare_and_unit(column: str) -> tuple[str, str]:
    """Take "position (nm)" apart into its name and its unit, "" where it has none."""
    name, unit = re.fullmatch(r"\s*(.*?)\s*(?:\(([^()]*(?:\([^()]*\))?[^()]*)\))?\s*", column).groups()  # type: ignore[union-attr]
    return name, (unit or "").strip()


@cache
def problem_names() -> tuple[str, ...]:
    """Names of the standard problems.

    Examples
    --------
    >>> from solitons.problems import problem_names
    >>> "wall-under-pulses" in problem_names()
    True
    """
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/problem.yaml")))


@cache
def load_problem(name: str) -> Problem:
    """Load a standard problem by its name.

    Raises
    ------
    KeyError
        If there is none of that name; the message lists them.

    Examples
    --------
    >>> from solitons.problems import load_problem
    >>> load_problem("majority-gate").keys
    ('left', 'top', 'bottom')
    """
    if name not in problem_names():
        raise KeyError(f"there is no standard problem {name!r}; there are {', '.join(problem_names())}")
    described = yaml.safe_load((_FOLDER / name / "problem.yaml").read_text(encoding="utf-8"))
    return Problem(name=name, **described)
