"""Engines are entry points: ours, and those of other packages."""

import tomllib
from pathlib import Path

import pytest
from announced import announce
from pydantic import ValidationError

from runs import execute, open_run, resolve
from runs.engines import Engine, check_engine, engine_names, get_engine

ROOT = Path(__file__).parents[2]

MIRROR = """
from mock_engine import simulate as rigid

def version():
    return "mirror 3"

def simulate(spec, directory, progress, limits):
    run = rigid(spec, directory, progress, limits)
    return run.assign_attrs(engine="mirror", engine_version=version())
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a package with an engine, as pip would, for as long as the test runs."""

    def add(name, source, package="my-lab"):
        site, module = tmp_path / f"site-{package}", f"{package.replace('-', '_')}_{name}"
        announce(site, package, {"runs.engines": {name: module}})
        (site / f"{module}.py").write_text(source)
        monkeypatch.syspath_prepend(site)

    return add


def test_the_workbench_offers_the_engines_that_do_physics():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert sorted(project["entry-points"]["runs.engines"]) == ["native", "oommf"]


def test_the_engine_of_another_package_runs_and_is_stored(install, make_spec, tmp_path):
    install("mirror", MIRROR)
    assert "mirror" in engine_names()
    assert resolve("mirror") == "mirror"
    spec = make_spec(engine="mirror")
    (report,) = execute([spec], tmp_path / "store")
    assert report.outcome == "computed"
    assert open_run(spec.run_id, tmp_path / "store").attrs["engine_version"] == "mirror 3"
    assert spec.run_id != make_spec().run_id


def test_an_engine_that_is_not_there_is_refused_with_those_that_are(make_spec):
    with pytest.raises(
        ValidationError, match=r"engine\s+.*'nativ' is no engine; did you mean 'native'\?.*native, oommf"
    ):
        make_spec(engine="nativ")
    with pytest.raises(ValueError, match="'nativ' is no engine"):
        resolve("nativ")
    with pytest.raises(ValueError, match="'auto' is no engine"):
        check_engine("auto")


def test_a_package_that_cannot_be_imported_is_named_and_stops_no_other(install, make_spec, tmp_path):
    install("torn", "import no_such_library\n")
    with pytest.raises(ValueError, match=r"'torn' .* package my-lab 1\.0.*no_such_library.*uninstall"):
        list(execute([make_spec(engine="torn")], tmp_path / "store"))
    assert not (tmp_path / "store").exists()
    (report,) = execute([make_spec()], tmp_path / "store")
    assert report.outcome == "computed"


def test_a_module_that_is_no_engine_is_refused(install):
    install("blank", "def version():\n    return '1'\n")
    with pytest.raises(
        ValueError, match=r"engine 'blank', my_lab_blank of the package my-lab 1\.0, has no function sim"
    ):
        get_engine("blank")


def test_an_engine_may_refuse_a_spec_that_it_cannot_run(install, make_spec):
    assert "check(spec)" in Engine.__doc__
    refusal = (
        "def check(spec):\n    if spec.protocol.temperature:\n        raise ValueError('protocol.temperature: use 0')\n"
    )
    install("cold", MIRROR + refusal)
    warm = make_spec().protocol.model_copy(update={"temperature": 300.0})
    assert make_spec(engine="cold").engine == "cold"
    with pytest.raises(ValidationError, match=r"protocol\.temperature: use 0"):
        make_spec(engine="cold", protocol=warm)
