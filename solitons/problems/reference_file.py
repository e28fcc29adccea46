"""All reference solutions of a problem as one labelled Dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.problems.problem import ENGINES, Problem, bare_and_unit

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["as_dataset"]


def as_dataset(problem: Problem) -> xr.Dataset:
    """The solutions of both engines as one Dataset.

    Returns
    -------
    xarray.Dataset
        A variable (engine, row) for each column that is reported and a coordinate (row) for each key, with their units
        in `attrs`; the problem's title, question and tolerances are attributes too.

    Examples
    --------
    >>> from solitons.problems import load_problem
    >>> dict(as_dataset(load_problem("majority-gate")).sizes)
    {'engine': 2, 'row': 8}
    """
    import xarray as xr

    tables = [problem.solution(engine) for engine in ENGINES]
    found = xr.Dataset(coords={"engine": list(ENGINES)}, attrs={"title": problem.title, "question": problem.question})
    for column in problem.columns:
        name, unit = bare_and_unit(column)
        attrs = {"long_name": name, "units": unit or "1"}
        if column in problem.keys:
            found.coords[name.replace(" ", "_")] = ("row", tables[0][column].to_numpy(), attrs)
            continue
        if column in problem.reported:
            attrs |= {"tolerance": str(problem.reported[column].tolerance), "because": problem.reported[column].because}
        values = np.stack([table[column].to_numpy(float) for table in tables])
        found[name.replace(" ", "_")] = (("engine", "row"), values, attrs)
    return found
