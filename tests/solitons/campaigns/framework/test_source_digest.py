"""Which source results follow from."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import solitons
from solitons import load_campaign
from solitons.campaigns.framework.source_digest import files_of_source

ROOT = Path(solitons.__file__).parents[1]

RUN = """
import json, sys
from solitons import load_campaign, run_campaign
from rich.console import Console

campaign = load_campaign(sys.argv[1])
run_campaign(campaign, sys.argv[2], engine="mock" if campaign.has_runs else None, console=Console(quiet=True))
modules = list(sys.modules.items())  # one that is lazy imports when it is asked
files = {name: getattr(module, "__file__", None) for name, module in modules}
print(json.dumps([file for name, file in files.items() if file and name.split(".")[0] in sys.argv[3].split()]))
"""


def source_of(name):
    campaign = load_campaign(name)
    devices = {type(spec.device) for spec in campaign.specs("native")} if campaign.has_runs else set()
    return {path.relative_to(ROOT).as_posix() for path in files_of_source({type(campaign), *devices})}


def test_walls_do_not_follow_from_skyrmions_and_arrays_follow_from_all_devices():
    walls = source_of("dw-synapse")
    assert "solitons/domain_walls/fit.py" in walls
    assert "geometries/domain_walls/device.py" in walls
    assert "analysis/domain_walls/walls.py" in walls
    assert "solitons/campaigns/framework/templates/page.html.jinja" in walls
    assert not any("/skyrmions/" in each or "/spin_ice/" in each for each in walls if each.startswith("solitons"))
    arrays = source_of("crossbar-limits")  # which load whatever model they are given
    assert {"solitons/domain_walls/synapse.py", "solitons/skyrmions/skyrmion_synapse.py"} <= arrays


def test_who_asks_for_the_source_imports_none_of_it():
    code = (
        "import sys; from solitons.campaigns.framework.kinds import campaign_kind\n"
        "from solitons.campaigns.framework.source_digest import files_of_source\n"
        "print(len(files_of_source({campaign_kind('crossbar_limits')})), 'jax' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    count, imported = ran.stdout.split()
    assert int(count) > 300
    assert imported == "False"


def test_a_package_without_an_init_belongs_to_its_source(tmp_path, monkeypatch):
    home = tmp_path / "plain_lab"
    home.mkdir()
    (home / "kind.py").write_text("class Kind:\n    pass\n")
    (home / "report.md").write_text("It is.")
    monkeypatch.syspath_prepend(tmp_path)
    kind = importlib.import_module("plain_lab.kind").Kind
    found = {path for path in files_of_source({kind}) if path.is_relative_to(tmp_path)}
    assert found == {home / "kind.py", home / "report.md"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sweep", "dw-synapse"])
def test_whatever_a_campaign_imports_belongs_to_its_source(name, tmp_path):
    """What looks into texts for imports misses none that happens."""
    ours = "geometries runs analysis solitons"
    command = [sys.executable, "-c", RUN, name, str(tmp_path / "store"), ours]
    with_mock = os.environ | {"PYTHONPATH": str(ROOT / "tests" / "plugins")}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=with_mock)
    assert ran.returncode == 0, ran.stderr
    imported = {Path(file).relative_to(ROOT).as_posix() for file in json.loads(ran.stdout.splitlines()[-1])}
    engines = ("runs/engines/", "runs/native/", "runs/system/", "runs/dataset.py")  # they are in the runs' ids
    assert {each for each in imported - source_of(name) if not each.startswith(engines)} == set()
