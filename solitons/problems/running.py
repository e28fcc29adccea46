"""Solve a standard problem by one of the two engines, with the problem's own script."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from runs.engines import get_engine
from solitons.problems.problem import ENGINES, Problem

__all__ = ["solve"]

_CALCULATORS = {"oommf": "oommfc", "native": "runs.native"}
_LOOK = 0.2


def solve(
    problem: Problem, engine: str, out: Path, *, cell: float | None = None, said: Callable[[str], None] = lambda _: None
) -> Path:
    """Run the script of a problem in a process of its own, and put its table where `out` names.

    Parameters
    ----------
    problem : Problem
    engine : {"oommf", "native"}
    out : Path
        CSV file to write.
    cell : float, optional
        Edge of the cells in m; the references' if left out.
    said : callable
        Gets the script's last line whenever it changes: "3 of 6 currents".

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    ValueError
        If there is no such engine here, or the script fails; the message has its last lines.
    """
    if engine not in ENGINES:
        raise ValueError(f"solve: engine = {engine!r}; give {' or '.join(map(repr, ENGINES))}")
    get_engine(engine)
    asked = problem.cell if cell is None else cell
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, str(problem.folder / "script.py"), "--calculator", _CALCULATORS[engine]]
        command += ["--cell", repr(asked), "--out", "result.csv"]
        # OOMMF's servers inherit the output and outlive the drive: a pipe would never end.
        with (folder / "output").open("w") as output:
            running = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            try:
                last = ""
                while running.poll() is None:
                    time.sleep(_LOOK)
                    lines = [
                        line for line in (folder / "output").read_text(errors="replace").splitlines() if " of " in line
                    ]
                    if lines and lines[-1] != last:
                        last = lines[-1]
                        said(last)
            finally:
                running.terminate()
                running.wait()
        if running.returncode:
            tail = " | ".join((folder / "output").read_text(errors="replace").splitlines()[-3:])
            raise ValueError(f"problem {problem.name!r}, engine {engine!r}: the script failed: {tail}")
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder / "result.csv", out)
    return out
