"""The commands of the standard problems: `problems list`, `problems run` and `problems compare`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cyclopts import App
from rich.markup import escape
from rich.table import Table

from solitons.commands.terminal import SafeConsole

if TYPE_CHECKING:
    import pandas as pd

    from solitons.problems.problem import Problem

__all__ = ["register"]

_APP = App(name="problems", help="Standard problems of devices that compute: list them, solve one, compare a solution.")


def register(app: App) -> None:
    """Add the commands to the `solitons` command."""
    app.command(_APP)


@_APP.command(name="list")
def list_problems() -> None:
    """List the standard problems, with what each asks."""
    from solitons.problems import load_problem, problem_names

    table = Table("problem", "question", box=None)
    for name in problem_names():
        table.add_row(name, escape(load_problem(name).question))
    console = _console()
    console.print(table)
    console.print("'solitons problems run PROBLEM' solves one; 'solitons problems compare PROBLEM FILE' checks yours.")


@_APP.command
def run(
    problem: str,
    *,
    engine: Literal["auto", "oommf", "native"] = "auto",
    cell: str | None = None,
    out: Path = Path("problems"),
) -> None:
    """Solve a standard problem by its ubermag script, and compare the solution with the references.

    Parameters
    ----------
    problem
        Name of the problem, as `solitons problems list` gives it.
    engine
        Engine that solves it; auto takes OOMMF if it is found, else native.
    cell
        Edge of the cells, such as "1 nm"; the references' if left out.
    out
        Folder for the solution (.csv), the script (.py) and the drawn comparison (.png).
    """
    from geometries.quantities import format_quantity, parse_quantity
    from runs import resolve
    from solitons.problems import load_problem, read_solution
    from solitons.problems.running import solve

    asked, taken = load_problem(problem), resolve(engine)
    edge = None if cell is None else parse_quantity(cell, "m")
    if edge is not None and not asked.cell:
        raise ValueError(f"problems run: cell = {cell!r}, and each cell of {problem!r} is a device; leave it out")
    console = _console()
    path = out / f"{problem}-{taken}{'' if cell is None else '-' + cell.replace(' ', '')}.csv"
    with console.status(f"{problem} by {taken}") as status:
        solve(asked, taken, path, cell=edge, said=lambda line: status.update(f"{problem} by {taken}: {escape(line)}"))
    script = out / f"{problem}.py"
    script.write_bytes((asked.folder / "script.py").read_bytes())
    by = "" if taken == "oommf" else " by '--calculator runs.native', of this workbench"
    console.print(
        f"Wrote {escape(str(path))}\nWrote {escape(str(script))}, which made it{by}; with OOMMF it needs ubermag alone"
    )
    if edge is not None and asked.cell and edge != asked.cell:
        console.print(f"[yellow]The references have cells of {format_quantity(asked.cell, 'm')}[/yellow]")
    _report(asked, read_solution(path, asked), path)


@_APP.command
def compare(problem: str, file: Path, /) -> None:
    """Compare a solution that any code wrote with the references of two engines, and draw the difference.

    Ends with exit code 1 if a column is farther from both references than its tolerance.

    Parameters
    ----------
    problem
        Name of the problem.
    file
        CSV file with the problem's columns; units are turned into the problem's.
    """
    from solitons.problems import load_problem, read_solution

    asked = load_problem(problem)
    _report(asked, read_solution(file, asked), file)


def _report(problem: Problem, table: pd.DataFrame, path: Path) -> None:
    from solitons.problems import compare as compare_tables
    from solitons.problems import draw_comparison

    found = compare_tables(problem, table)
    shown = Table("column", "reference", "largest difference", "allowed", "where", "", box=None)
    for each in found:
        trials = problem.reported[each.column].trials is not None
        worst, allowed = (f"{value:.3g}" for value in (each.worst, each.allowed))
        shown.add_row(
            escape(each.column),
            each.engine,
            f"p = {worst}" if trials else worst,
            f"p > {allowed}" if trials else allowed,
            escape(each.where),
            "[green]agrees[/green]" if each.agrees else "[red]differs[/red]",
        )
    console = _console()
    console.print(shown)
    picture = path.with_name(f"{path.stem}-compared.png")
    draw_comparison(problem, table, path.stem).savefig(picture, dpi=150)
    console.print(f"Wrote {escape(str(picture))}")
    differing = [column for column in problem.reported if not any(one.agrees for one in found if one.column == column)]
    for column in differing:
        allowed = escape(problem.reported[column].because)
        console.print(f"[red]{escape(column)}[/red] differs from both references. Why no more is allowed: {allowed}")
    if differing:
        sys.exit(1)


def _console() -> SafeConsole:
    return SafeConsole(highlight=False, soft_wrap=True)
