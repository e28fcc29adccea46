"""Pages of the standard problems: what stands beside each, and what its tables say, in numbers."""

import matplotlib
import numpy as np
import pandas as pd

from solitons.problems import draw_comparison
from solitons.problems.comparison import in_order
from solitons.problems.problem import ENGINES


def _apart(problem, one, other):
    """Largest difference of each column that both have, in words."""
    other = in_order(problem, other, one)
    found = []
    for column in problem.reported:
        if column not in one or column not in other:
            continue
        a, b = one[column].to_numpy(float), other[column].to_numpy(float)
        both = np.isfinite(a) & np.isfinite(b)
        alone = int(np.sum(np.isfinite(a) != np.isfinite(b)))
        text = f"{np.abs(a - b)[both].max():.2g}" if both.any() else "none to compare"
        found.append(f"{text}{f', {alone} rows in which only one has a value' if alone else ''}")
    return found


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def problem_page(problem, folder):
    """The page in Markdown; its figure is written beside it."""
    reference = problem.solution(ENGINES[0])
    compared = [["OOMMF and native, the same cells", *_apart(problem, reference, problem.solution("native"))]]
    if (problem.folder / "meshes.csv").exists():
        meshes = pd.read_csv(problem.folder / "meshes.csv")
        for cell, table in meshes.groupby("cell (nm)"):
            name = f"cells of {cell:g} nm and of {problem.cell * 1e9:g} nm, native"
            compared.append([name, *_apart(problem, problem.solution("native"), table)])
    if (problem.folder / "model.csv").exists():
        compared.append(["reduced model and OOMMF", *_apart(problem, reference, problem.solution("model"))])
    up = f"../../../solitons/problems/{problem.name}"
    shown, name = ("model", "reduced model") if (problem.folder / "model.csv").exists() else ("native", "native")
    # Importing discretisedfield has set a style of its own.
    with matplotlib.style.context("default"):
        draw_comparison(problem, problem.solution(shown), name).savefig(folder / f"{problem.name}.png", dpi=120)
    tolerances = [
        [column, each.tolerance if each.trials is None else "Fisher's test, 1 %", each.because]
        for column, each in problem.reported.items()
    ]
    return "\n\n".join(
        [
            f"# {problem.title}",
            problem.question,
            f"    solitons problems run {problem.name}\n    solitons problems compare {problem.name} mine.csv",
            (problem.folder / "page.md").read_text(encoding="utf-8").strip(),
            "## Tolerances",
            _table(["column", "tolerance", "why"], tolerances),
            "## What was found",
            f"Largest differences, in the column's unit:\n\n{_table(['compared', *problem.reported], compared)}",
            f"![Both references, the solution named in colour, and their differences]({problem.name}.png)",
            *_model(problem),
            "## Files",
            "The script needs ubermag alone: `python script.py --calculator oommfc`. All hashes are in `SHA256SUMS`.",
            "\n".join(f"- {{download}}`{name} <{up}/{name}>`" for name in _files(problem)),
        ]
    )


def _model(problem):
    from solitons.problems.reduced import REDUCED

    if problem.name not in REDUCED:
        return ["No reduced model of the workbench answers this problem without a fit."]
    return ["## Reduced model", " ".join((REDUCED[problem.name].__doc__ or "").split("\n\n")[0].split())]


def _files(problem):
    wanted = ("script.py", "oommf.csv", "native.csv", "meshes.csv", "model.csv", "reference.nc", "SHA256SUMS")
    return [name for name in wanted if (problem.folder / name).exists()]
