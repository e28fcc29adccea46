"""Solving the standard problems by their scripts."""

import pandas as pd
import pytest

from solitons.problems import compare, load_problem, problem, read_solution
from solitons.problems.running import solve

DESCRIBED = "{title: t, question: q, keys: [a], drawn: a, reported: {b: {tolerance: 0.1, because: it is}}}"
SCRIPT = """
import sys, time
print("1 of 1 parts", flush=True)
time.sleep(float(sys.argv[4]))
open(sys.argv[6], "w").write("a,b\\n1," + sys.argv[4])
"""


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A problem whose script waits for as many seconds as its cells have metres."""
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "problem.yaml").write_text(DESCRIBED)
    (folder / "script.py").write_text(SCRIPT)
    monkeypatch.setattr(problem, "_FOLDER", tmp_path)
    return problem.Problem(name="toy", title="t", question="q", keys=("a",), drawn="a", reported={}, cell=0.5)


def test_a_script_runs_beside_this_process_and_its_table_is_moved_out(toy, tmp_path):
    said = []
    out = solve(toy, "native", tmp_path / "new" / "table.csv", said=said.append)
    assert pd.read_csv(out).b.item() == 0.5
    assert said == ["1 of 1 parts"]
    assert pd.read_csv(solve(toy, "native", out, cell=0.25)).b.item() == 0.25


def test_a_script_that_fails_leaves_nothing_and_is_quoted(toy, tmp_path):
    (toy.folder / "script.py").write_text("raise RuntimeError('no such magnet')")
    with pytest.raises(ValueError, match=r"problem 'toy', engine 'native': the script failed: .*no such magnet"):
        solve(toy, "native", tmp_path / "table.csv")
    assert not (tmp_path / "table.csv").exists()


def test_an_unknown_engine_is_refused(toy, tmp_path):
    with pytest.raises(ValueError, match="engine = 'mumax'; give 'oommf' or 'native'"):
        solve(toy, "mumax", tmp_path / "table.csv")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "engine"),
    [
        ("junction-switching", "native"),
        ("wall-depinning", "native"),
        ("waveguide-dispersion", "native"),
        pytest.param("oscillator-locking", "oommf", marks=pytest.mark.oommf),
        pytest.param("wall-under-pulses", "oommf", marks=pytest.mark.oommf),
    ],
)
def test_a_solution_computed_anew_agrees(name, engine, tmp_path):
    asked = load_problem(name)
    table = read_solution(solve(asked, engine, tmp_path / "table.csv"), asked)
    assert [each.column for each in compare(asked, table) if each.engine == engine and not each.agrees] == []
