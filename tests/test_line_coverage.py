"""`make coverage` counts the lines that tests run, in programs that they start too, and names what they hardly run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    "__init__": "",
    # Half of `poor` is not run; `started` is run by a program that the first one starts, and ends at once.
    "begin": "import os, subprocess, sys\nimport runs.poor\nsubprocess.run([sys.executable, '-m', 'runs.started'])\n",
    "poor": "import sys\nif not sys.argv:\n    a = 1\n    b = 2\n    c = 3\n",
    "started": "import os\na = 1\nb = 2\nos._exit(0)\n",
    "kernel": "from numba import njit\n@njit\ndef f(x):\n    y = x\n    z = y\n    return z\n",
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coverage")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("runs", ".coverage"):
        (folder / name).mkdir()
    for name, text in MODULES.items():
        (folder / "runs" / f"{name}.py").write_text(text)
    # Of a session that is measured itself these programs know nothing.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}

    def run(*command):
        return subprocess.run(
            [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
        )

    measured = run("-m", "coverage", "run", "-m", "runs.begin")
    assert measured.returncode == 0, measured.stderr
    return run(str(ROOT / "tests" / "plugins" / "line_coverage.py"))


def test_a_module_of_which_little_is_run_is_named_and_fails(report):
    assert report.returncode == 1, report.stderr
    assert "runs/poor.py: the tests run 40 % of its lines" in report.stdout
    assert "started" not in report.stdout
    assert "begin" not in report.stdout


def test_what_numba_compiles_is_counted_by_itself(report):
    (line,) = (line for line in report.stdout.splitlines() if line.split()[0] == "runs")
    # begin 3 and poor 2 of 5, started 4; of kernel, which nobody imports, the import, and five lines by numba.
    assert line.split() == ["runs", "13", "4", "69.2", "5"]
