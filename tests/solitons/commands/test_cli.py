"""The command as a person types it."""

import subprocess
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from rows import rows

from runs import Store
from runs.attempt import run_one
from runs.engines import get_engine
from solitons import load_campaign
from solitons.campaigns.framework.kinds import campaign_kinds, shipped_campaigns
from solitons.commands.cli import _in_words, app, main
from solitons.problems import load_problem


class Typed(NamedTuple):
    """What a command printed and how it ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def solitons(monkeypatch, capsys, tmp_path):
    """Type a command in a folder of its own, in this process: a new one takes seconds to import what it needs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("warnings.formatwarning", warnings.formatwarning)

    def type_in(*arguments):
        monkeypatch.setattr("solitons.commands.cli.app", lambda: app(list(arguments)))
        try:
            main()
            code = 0
        except SystemExit as leaving:
            code = leaving.code or 0
        return Typed(code, *capsys.readouterr())

    return type_in


@pytest.mark.slow
def test_a_process_of_its_own_says_the_same(tmp_path):
    code = "from solitons.commands.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code, "run", "mine.yaml"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert result.returncode == 2
    assert "no such file" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("campaign", "kept"), [("sweep", True), ("crossbar-limits", False)])
def test_an_interrupt_speaks_of_runs_where_there_are_runs(solitons, monkeypatch, campaign, kept):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("solitons.run_campaign", interrupted)
    found = solitons("run", campaign)
    assert found.returncode == 130
    assert found.stderr.startswith("Interrupted.")
    assert ("Finished runs are in the store" in found.stderr) == kept
    monkeypatch.setattr("solitons.commands.cli.store_commands.look_at", interrupted, raising=True)
    (Path.cwd() / "store").mkdir()
    assert solitons("status").stderr == "Interrupted.\n"


def test_a_solution_is_compared_with_the_references_of_a_standard_problem(solitons):
    problem = load_problem("waveguide-dispersion")
    table = problem.solution("oommf")
    table.to_csv("mine.csv", index=False)
    same = solitons("problems", "compare", problem.name, "mine.csv")
    assert (same.returncode, same.stdout.count("agrees"), Path("mine-compared.png").is_file()) == (0, 2, True)
    table["frequency (GHz)"] += 0.5
    table.to_csv("mine.csv", index=False)
    other = solitons("problems", "compare", problem.name, "mine.csv")
    assert (other.returncode, other.stdout.count("agrees")) == (1, 0)
    assert "frequency (GHz) differs from both references. Why no more is allowed: A run of 0.4 ns" in other.stdout
    assert "there is no standard problem 'wave'; there are" in solitons("problems", "compare", "wave", "m.csv").stderr
    assert "wall-depinning" in solitons("problems", "list").stdout
    refused = solitons("problems", "run", "junction-switching", "--engine", "native", "--cell", "5 nm").stderr
    assert "each cell of 'junction-switching' is a device; leave it out" in " ".join(refused.split())


def test_the_version_has_the_engines_versions(solitons):
    lines = solitons("--version").stdout.splitlines()
    assert lines[0] == f"soliton-workbench {version('soliton-workbench')}"
    assert f"engine native {get_engine('native').version()}" in lines


def test_the_shell_completes_the_commands(solitons, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    assert solitons("--install-completion").returncode == 0
    (script,) = (tmp_path / ".local").rglob("solitons")
    assert "campaigns" in script.read_text()


@pytest.fixture
def stored(make_spec, tmp_path):
    spec = make_spec()
    run_one(spec, Store(tmp_path / "store"))
    return spec


def test_list_and_show(solitons, stored, tmp_path):
    listing = solitons("list")
    assert listing.returncode == 0
    assert stored.run_id in listing.stdout
    shown = solitons("show", stored.run_id[:6])
    assert shown.returncode == 0, shown.stderr
    assert '"engine": "mock"' in shown.stdout
    assert "current_density" in shown.stdout


def test_doctor_says_what_can_run(solitons, tmp_path):
    result = solitons("doctor")
    assert result.returncode == 0, result.stderr
    assert "engine native" in result.stdout
    assert "auto" in result.stdout
    assert not (tmp_path / "store").exists(), "looking must not write"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "dw-synaps"], "did you mean 'dw-synapse'? Give one of associative-memory, crossbar-limits, design"),
        (["run", "mine.yaml"], "no such file"),
        (["new", "soup", "my.yaml"], "'soup' is no kind of campaign; there are associative_memory, crossbar_limits"),
        (["new", "dw_synapse", "my.json"], "does not end in .yaml"),
        (["new", "dw_synapse", "a b.yaml"], "becomes the campaign's name"),
        (["new", "dw_synapse", "bad.yaml"], "is there already"),
        (["new", "dw_synapse", "dw-synapse.yaml"], "choose another name"),
        (["new", "dw_synapse", f"{'x' * 81}.yaml"], "at most 80"),
        (["new", "dw_synapse", "bad.yaml/x.yaml"], "cannot be written"),
        (["run", "bad.yaml"], "did you mean 'name'"),
        (["show", "0123"], "solitons list"),
        (["run", "dw-synapse", "--jobs", "0", "--engine", "mock"], "jobs = 0"),
        (["run", "dw-synapse", "--engine", "mock", "--store", "bad.yaml/store"], "--store DIR"),
    ],
)
def test_mistakes_are_named_without_a_traceback_and_write_nothing(solitons, arguments, message, tmp_path):
    (tmp_path / "bad.yaml").write_text(yaml.safe_dump({"nmae": "x", "kind": "dw_synapse"}))
    result = solitons(*arguments)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_help_names_the_commands(solitons, tmp_path):
    result = solitons("--help")
    assert result.returncode == 0
    for command in ("run", "campaigns", "new", "status", "list", "show", "verify", "gc", "rm", "certificate", "doctor"):
        assert command in result.stdout


def test_a_warning_is_one_plain_line(solitons):
    solitons("--help")
    assert warnings.formatwarning("it is open", RuntimeWarning, "clusters.py", 7) == "Warning: it is open\n"


def test_a_certificate_is_made_once_and_says_what_to_do_with_it(solitons, tmp_path):
    made = solitons("certificate", "mine")
    assert made.returncode == 0
    assert f"export DASK_CONFIG={tmp_path / 'mine' / 'dask.yaml'}" in made.stdout
    assert "export DASK_TEMPORARY_DIRECTORY=" in made.stdout
    again = solitons("certificate", "mine")
    assert again.returncode == 2
    assert "is there already" in again.stderr


@pytest.mark.slow
def test_a_campaign_of_ones_own_runs_from_its_yaml(solitons, make_spec, tmp_path):
    content = {
        "name": "mine",
        "kind": "dw_synapse",
        "engine": "mock",
        "base": make_spec().model_dump(mode="json"),
        "sweep": [
            {
                "name": "amplitude",
                "unit": "A/m^2",
                "fields": ["protocol.steps.1.amplitude"],
                "values": [0.5e12, 1e12, 1.5e12],
            }
        ],
        "extract": {"resistance_area": "10 ohm*um^2", "tmr": 1.0},
        "fit": {"held_out": 1},
    }
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(content))
    result = solitons("run", "mine.yaml")
    assert result.returncode == 0, result.stderr
    assert "Engine: mock 1" in result.stdout
    folder = tmp_path / "store" / "campaigns" / "mine" / "mock"
    for name in ("summary.json", "report.html"):
        assert (folder / name).is_file()
        assert f"Wrote store/campaigns/mine/mock/{name}" in result.stdout
    assert "mine (mock): 3 of 3 runs" in solitons("status").stdout
    assert "mine (mock): 3 of 3 runs" in solitons("status", "mine.yaml").stdout


def test_the_campaigns_that_come_with_the_workbench_are_listed(solitons, tmp_path):
    result = solitons("campaigns")
    assert result.returncode == 0, result.stderr
    for name in (campaign.name for campaign in shipped_campaigns()):
        assert name in result.stdout


@pytest.mark.parametrize("kind", ["ice-recogniser", *sorted(campaign_kinds())])
def test_a_new_file_is_the_campaign_that_comes_with_its_kind(solitons, kind, tmp_path):
    result = solitons("new", kind, "mine.yaml")
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "Wrote mine.yaml"
    mine, shipped = load_campaign(tmp_path / "mine.yaml"), load_campaign(kind.replace("_", "-"))
    assert mine.name == "mine"
    assert mine.model_copy(update={"name": shipped.name}) == shipped
    said = (tmp_path / "mine.yaml").read_text()
    assert "# Keys:\n#   name: Name of the campaign" in said
    for field in type(mine).model_fields:
        assert field == "kind" or f"\n#   {field}" in said


@rows(
    ("code", "deliberate"),
    [
        ("import numpy as np; np.linalg.inv(np.zeros((2, 3)))", False),
        ("import xarray as xr; xr.Dataset()['mxx']", False),
        ("from geometries.quantities import parse_quantity; parse_quantity('1 furlong', 'kg')", True),
    ],
)
def test_an_error_of_a_library_keeps_its_traceback(code, deliberate):
    with pytest.raises((ValueError, KeyError)) as caught:
        exec(code, {})
    assert (_in_words(caught.value) is not None) == deliberate
