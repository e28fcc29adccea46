"""Compute the reference solutions of the standard problems anew, with both engines and in other cells.

    python benchmarks/problem_references.py [PROBLEM ...] [--engine oommf] [--meshes] [--pack]

Every table is written beside its problem's script. `--meshes` solves in the other cells with the native engine, which
agrees with OOMMF in the problem's own; `--pack` asks the reduced models and writes reference.nc and SHA256SUMS from
the tables that are there.
"""

import argparse
import hashlib
import tempfile
import time
from pathlib import Path

import pandas as pd

from solitons.problems import load_problem, problem_names
from solitons.problems.reference_file import as_dataset
from solitons.problems.running import solve

ENGINES = ("oommf", "native")


def solve_in(problem, engine, cell=None):
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        table = pd.read_csv(solve(problem, engine, Path(folder) / "table.csv", cell=cell))
    print(f"{problem.name}, {engine}, {cell or problem.cell:g} m: {time.perf_counter() - begin:.0f} s", flush=True)
    return table


def solve_in_meshes(problem):
    tables = []
    for cell in problem.meshes:
        table = solve_in(problem, "native", cell)
        table.insert(0, "cell (nm)", cell * 1e9)
        tables.append(table)
    if tables:
        pd.concat(tables).to_csv(problem.folder / "meshes.csv", index=False, float_format="%.9g")


def pack(problem):
    from solitons.problems.reduced import REDUCED

    answer = pd.DataFrame(REDUCED[problem.name]())
    answer.to_csv(problem.folder / "model.csv", index=False, float_format="%.6g")
    as_dataset(problem).to_netcdf(problem.folder / "reference.nc", engine="scipy")
    files = sorted(path for path in problem.folder.iterdir() if path.suffix in {".csv", ".nc", ".py"})
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (problem.folder / "SHA256SUMS").write_text(sums)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("problems", nargs="*", default=problem_names())
    parser.add_argument("--engine", action="append", choices=ENGINES, default=[])
    parser.add_argument("--meshes", action="store_true")
    parser.add_argument("--pack", action="store_true")
    given = parser.parse_args()
    for problem in map(load_problem, given.problems or problem_names()):
        for engine in given.engine:
            solve_in(problem, engine).to_csv(problem.folder / f"{engine}.csv", index=False, float_format="%.9g")
        if given.meshes:
            solve_in_meshes(problem)
        if given.pack:
            pack(problem)


if __name__ == "__main__":
    main()
