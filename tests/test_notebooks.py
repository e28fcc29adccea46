"""Notebooks and run scripts are executed."""

import subprocess
import sys
from pathlib import Path

import jupytext
import nbclient
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path):
    notebook = jupytext.read(path)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs), "it shows no figure"


@pytest.mark.slow
def test_a_run_script_runs(tmp_path):
    script = ROOT / "examples" / "wall_by_hand.py"
    result = subprocess.run(
        [sys.executable, str(script), "--engine", "native", "--amplitudes", "4e11", "--store", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    moved = float(result.stdout.splitlines()[-1].split()[1])
    assert moved > 20


@pytest.mark.slow
def test_the_pulse_design_finds_its_pulse(tmp_path):
    script = ROOT / "examples" / "pulse_design.py"
    result = subprocess.run(
        [sys.executable, str(script), "--target", "110e-9"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "puts the wall at 110.00" in result.stdout.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_there_is_a_notebook():
    assert NOTEBOOKS
