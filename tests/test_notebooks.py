"""Notebooks and run scripts are executed."""

import runpy
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path):
    # They take seconds to import, in every worker.
    import jupytext
    import nbclient

    notebook = jupytext.read(path)
    client = nbclient.NotebookClient(
        notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs), "it shows no figure"


@pytest.fixture
def run_script(tmp_path, monkeypatch, capsys):
    """Run a script as Python would, but in this process: a new one takes seconds to import what it needs."""

    def run(name, *arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", [name, *arguments])
        runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")
        return capsys.readouterr().out.splitlines()

    return run


@pytest.mark.slow
def test_a_run_script_runs(run_script, tmp_path):
    printed = run_script("wall_by_hand.py", "--engine", "native", "--amplitudes", "4e11", "--store", str(tmp_path))
    moved = float(printed[-1].split()[1])
    assert moved > 20


@pytest.mark.slow
def test_gates_of_perpendicular_magnets_print_their_truth_tables(run_script):
    assert run_script("spin_orbit_gates.py")[-1] == "24 of 24 rows right"


@pytest.mark.slow
def test_the_pulse_design_finds_its_pulse(run_script, tmp_path):
    printed = run_script("pulse_design.py", "--target", "110e-9")
    assert "puts the wall at 110.00" in printed[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_places_that_last_have_a_barrier_a_time_a_current_and_errors(run_script, tmp_path):
    printed = run_script("places_that_last.py", "--widths", "40e-9", "--wells", "0.4e6", "--picture", "trade.png")
    width, _, _, _, barrier, *_ = printed[1].split()
    assert float(width) == 40
    # Half as wide as the flagship and seven tenths of its difference of anisotropies, (0.5 - 0.4) / (0.5 - 0.36).
    assert float(barrier) == pytest.approx(49.7 / 2 / 1.4, rel=0.1)
    assert [each.name for each in tmp_path.iterdir()] == ["trade.png"]


@pytest.mark.slow
def test_one_stack_is_four_devices(run_script, tmp_path):
    memory, memristor, stochastic, harmonic, _ = run_script("one_stack.py", "--picture", "stack.png")
    left = [float(each) for each in memory.split("leave ")[1].removesuffix(" mS").split(", ")]
    assert min(left[1::2]) / max(left[::2]) == pytest.approx(2.0, rel=0.03)  # TMR 100 %, of six pulses
    moved, closed = (float(each.split(" nm")[0].split()[-1]) for each in memristor.split("wall by ")[1].split("; "))
    assert moved == pytest.approx(closed, rel=0.03)
    counted, expected = (int(each.split()[0]) for each in stochastic.split("; ")[1:])
    assert abs(counted - expected) < 3 * np.sqrt(expected)
    seen, theory = (float(each.split()[-2]) for each in harmonic.replace(" by theory without heat", "").split("; "))
    assert seen == pytest.approx(theory, rel=0.1)
    assert [each.name for each in tmp_path.iterdir()] == ["stack.png"]


def test_there_is_a_notebook():
    assert NOTEBOOKS
