"""Compare a solution of a standard problem, from any code, with the reference solutions."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from geometries.plain_files import LARGEST_TABLE, read_text
from geometries.plain_text import shortened
from geometries.quantities import parse_quantity
from solitons.figures import MEASURED, PREDICTED, bare, new_figure
from solitons.problems.problem import ENGINES, Problem, bare_and_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ColumnComparison", "compare", "draw_comparison", "read_solution"]

_NEAREST = 1e-3
_SIGNIFICANCE = 0.01
"""Of all rows together: how often counts of one probability are called different."""


@dataclass(frozen=True)
class ColumnComparison:
    """How far a column is from one engine's reference.

    `worst` is the largest difference in the column's unit (of counts, the smallest p of Fisher's test), at the row that
    `where` names; `allowed` is what may be; `agrees` whether it is so.
    """

    column: str
    engine: str
    worst: float
    where: str
    allowed: float
    agrees: bool


def read_solution(path: Path, problem: Problem) -> pd.DataFrame:
    """Read a solution from a CSV file, in the problem's units; columns may be in any order, and others are left out.

    Raises
    ------
    ValueError
        If a column is missing, has no unit or one of another dimension, or a cell is no number.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> from solitons.problems import load_problem, read_solution
    >>> problem = load_problem("majority-gate")
    >>> read_solution(problem.folder / "native.csv", problem).shape
    (8, 5)
    """
    owner = f"{path.name}, problem {problem.name!r}"
    try:
        table = pd.read_csv(io.StringIO(read_text(path, LARGEST_TABLE)), comment="#", skipinitialspace=True, dtype=str)
    except (ValueError, pd.errors.ParserError) as error:
        raise ValueError(f"{owner}: it is no CSV table ({error}); give a header and a row a line") from error
    found = {bare_and_unit(str(name))[0].casefold(): str(name) for name in table.columns}
    columns = {}
    for wanted in problem.columns:
        bare_name, unit = bare_and_unit(wanted)
        if bare_name.casefold() not in found:
            raise ValueError(
                f"{owner}: there is no column {wanted!r} among {shortened(', '.join(map(str, table.columns)))}; the "
                f"problem asks for {', '.join(problem.columns)}"
            )
        written = found[bare_name.casefold()]
        values = table[written].str.strip()
        if _is_text(problem, wanted):
            columns[wanted] = values
            continue
        numbers = pd.to_numeric(values, errors="coerce")
        wrong = numbers.isna() & values.notna() & (values.str.casefold() != "nan")
        if wrong.any():
            raise ValueError(
                f"{owner}: column {written!r} has {shortened(str(values[wrong].iloc[0]))!r}; give a number"
            )
        columns[wanted] = numbers * _factor(owner, written, unit)
    return pd.DataFrame(columns)


def _is_text(problem: Problem, column: str) -> bool:
    return not pd.api.types.is_numeric_dtype(problem.solution(ENGINES[0])[column])


def _factor(owner: str, written: str, wanted: str) -> float:
    """By what a column is multiplied to be in the wanted unit."""
    unit = bare_and_unit(written)[1]
    if not wanted and not unit:
        return 1.0
    if not unit or not wanted:
        asked = f"write it with one of the dimension of {wanted}" if wanted else "it is a plain number; leave it out"
        raise ValueError(f"{owner}: column {written!r} has the unit {unit or 'none'!r}; {asked}")
    try:
        return parse_quantity(f"1 {unit}", wanted)
    except ValueError as error:
        raise ValueError(f"{owner}: column {written!r} cannot be turned into {wanted}: {error}") from error


def _labels(problem: Problem, table: pd.DataFrame) -> list[str]:
    """What tells each row apart, in words."""

    def text(value: object) -> str:
        return f"{value:.6g}" if isinstance(value, (int, float)) else str(value)

    return [
        ", ".join(f"{name} = {text(value)}" for name, value in zip(problem.keys, row, strict=True))
        for row in table[list(problem.keys)].itertuples(index=False)
    ]


def in_order(problem: Problem, table: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """The rows of a solution in the order of the reference's, matched by their keys.

    Keys may differ by a thousandth of the smallest step between the reference's, as times that were added up do.
    Angles in degrees get the reference's branch. ValueError if a row is missing or there twice.
    """
    owner, labels = f"problem {problem.name!r}", _labels(problem, reference)
    numbers = [key for key in problem.keys if not _is_text(problem, key)]
    within = {
        key: _NEAREST * np.diff(np.unique(reference[key])).min(initial=np.abs(reference[key]).max()) for key in numbers
    }
    found = []
    for _, row in reference.iterrows():
        near = [(table[key] - row[key]).abs() <= within[key] for key in numbers]
        near += [table[key] == row[key] for key in problem.keys if key not in numbers]
        found.append(np.flatnonzero(np.logical_and.reduce(near)))
    missing = [label for label, rows in zip(labels, found, strict=True) if not len(rows)]
    if len(missing) == len(labels) and len(table):
        ranges = "; ".join(
            f"{key!r} goes from {table[key].min():.6g} to {table[key].max():.6g}, and the references' from "
            f"{reference[key].min():.6g} to {reference[key].max():.6g}"
            for key in numbers
        )
        asked = (
            f": {ranges}; if the units differ, write yours into the header" if ranges else f"; give {', '.join(labels)}"
        )
        raise ValueError(f"{owner}: no row is one of the references'{asked}")
    if missing:
        raise ValueError(f"{owner}: {len(missing)} of {len(labels)} rows are missing, the first one with {missing[0]}")
    if twice := [label for label, rows in zip(labels, found, strict=True) if len(rows) > 1]:
        raise ValueError(f"{owner}: there are two rows with {twice[0]}; leave one")
    ours = table.iloc[np.concatenate(found)].reset_index(drop=True)
    for column in problem.reported:
        if column in ours and column in reference and bare_and_unit(column)[1] == "deg":
            ours[column] -= 360 * ((ours[column] - reference[column]) / 360).round().fillna(0)
    return ours


def compare(problem: Problem, table: pd.DataFrame) -> list[ColumnComparison]:
    """Compare a solution with both reference solutions, column by column.

    Angles in degrees are compared modulo 360. A row in which only one of the two has a value (a skyrmion that is gone
    has no place) does not agree.

    Raises
    ------
    ValueError
        If rows are missing.

    Examples
    --------
    >>> from solitons.problems import compare, load_problem
    >>> problem = load_problem("wall-under-pulses")
    >>> all(each.agrees for each in compare(problem, problem.solution("native")))
    True
    """
    found = []
    for engine in ENGINES:
        reference = problem.solution(engine)
        ours, labels = in_order(problem, table, reference), _labels(problem, reference)
        for column, asked in problem.reported.items():
            one, other = ours[column].to_numpy(float), reference[column].to_numpy(float)
            if asked.trials is not None:
                trials = ours[asked.trials].to_numpy(float), reference[asked.trials].to_numpy(float)
                _check_counts(f"problem {problem.name!r}: column {column!r}", one, trials[0], labels)
                chances = [
                    fisher_exact([[a, n - a], [b, m - b]]).pvalue
                    for a, n, b, m in zip(one, trials[0], other, trials[1], strict=True)
                ]
                at, allowed = int(np.argmin(chances)), _SIGNIFICANCE / len(chances)
                worst, agrees = float(chances[at]), bool(chances[at] >= allowed)
            else:
                apart = np.where(np.isnan(one) & np.isnan(other), 0.0, np.abs(one - other))
                apart[np.isnan(apart)] = np.inf
                at, allowed = int(np.argmax(apart)), float(asked.tolerance)
                worst, agrees = float(apart[at]), bool(apart[at] <= allowed * (1 + 1e-9))
            found.append(ColumnComparison(column, engine, worst, labels[at], allowed, agrees))
    return found


def _check_counts(owner: str, counts: np.ndarray, trials: np.ndarray, labels: list[str]) -> None:
    """Refuse what is no number of successes among a number of trials."""
    with np.errstate(invalid="ignore"):
        wrong = ~((counts >= 0) & (counts <= trials) & (counts == np.round(counts)) & (trials == np.round(trials)))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ValueError(
            f"{owner} has {counts[at]:g} of {trials[at]:g} trials where {labels[at]}; give whole numbers, the first no "
            "larger than the second"
        )


def draw_comparison(problem: Problem, table: pd.DataFrame, name: str = "this solution") -> Figure:
    """Draw the columns of a solution over the references, and below how far it is from each, the tolerance as a band.

    Returns
    -------
    Figure
        A pair of axes for each column that is reported and there.

    Examples
    --------
    >>> from solitons.problems import draw_comparison, load_problem
    >>> problem = load_problem("wall-under-pulses")
    >>> len(draw_comparison(problem, problem.solution("native")).axes)
    4
    """
    reference = problem.solution(ENGINES[0])
    ours = in_order(problem, table, reference)
    reported = {column: asked for column, asked in problem.reported.items() if column in table}
    figure = new_figure(4.2 * len(reported), 4.8)
    axes = figure.subplots(2, len(reported), squeeze=False, sharex="col", height_ratios=(3, 2))
    over = None if problem.drawn is None else reference[problem.drawn]
    named = problem.drawn is not None and _is_text(problem, problem.drawn)
    places = np.arange(len(ours)) if over is None or named else over.to_numpy(float)
    for (column, asked), above, below in zip(reported.items(), axes[0], axes[1], strict=True):
        for engine, marker in zip(ENGINES, "ox", strict=True):
            there = problem.solution(engine)[column].to_numpy(float)
            above.plot(
                places,
                there,
                marker,
                color=MEASURED,
                fillstyle="none",
                markersize=5,
                markeredgewidth=1,
                label=f"reference, {engine}",
            )
            below.plot(
                places, ours[column] - there, marker, color=MEASURED, fillstyle="none", markersize=5, markeredgewidth=1
            )
        above.plot(places, ours[column], ".", color=PREDICTED, markersize=3, label=name)
        if asked.trials is None:
            below.axhspan(-float(asked.tolerance), float(asked.tolerance), color="0.9", zorder=0)
        below.axhline(0, color="0.6", linewidth=0.8)
        above.set_ylabel(column)
        below.set_ylabel("difference")
        below.set_xlabel(problem.drawn or f"row, by {', '.join(problem.keys)}")
        if named:
            below.set_xticks(places, list(map(str, over if over is not None else ())))
        bare(above, below)
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3, fontsize=8, frameon=False
    )
    return figure
