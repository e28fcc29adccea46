"""What is released: the wheel alone, in an environment of its own outside the checkout, runs a campaign."""

import importlib.util
import os
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ROOMS = ("geometries", "runs", "analysis", "solitons")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="needs hatchling, which builds the wheel"),
]

SHORT = {
    "name": "short",
    "kind": "sweep",
    "title": "One short run",
    "engine": "native",
    "base": {
        "material": {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.5},
        "device": {
            "kind": "stripe",
            "length": 64e-9,
            "width": 8e-9,
            "thickness": 1e-9,
            "cell": [4e-9, 4e-9, 1e-9],
            "walls": [{"position": 32e-9}],
        },
        "protocol": {"sampling_interval": 5e-12, "steps": [{"do": "rest", "duration": 2e-11}]},
    },
    "sweep": [{"name": "alpha", "label": "Damping", "fields": ["material.alpha"], "values": [0.5]}],
    "observables": ["wall_position"],
}


class Installed(NamedTuple):
    """An environment: where it is, where its packages are, what runs a command to its end, and what starts one."""

    folder: Path
    site: Path
    run: Callable[..., str]
    start: Callable[..., subprocess.Popen]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder that `make release` fills."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """An environment in which the wheel is, and what it depends on, but no checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True)
    # Dependencies are those of this environment. What lies there as *.pth, an editable checkout, is not followed.
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def run(*words):
        done = subprocess.run(
            [folder / "env" / "bin" / words[0], *words[1:]],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(*words):
        command = [folder / "env" / "bin" / words[0], *words[1:]]
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)

    return Installed(folder, site, run, start)


def test_the_wheel_has_all_that_is_no_python(built):
    (wheel,) = built.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    missing = [
        path
        for room in ROOMS
        for found in (ROOT / room).rglob("*")
        if found.is_file() and "__pycache__" not in found.parts and (path := str(found.relative_to(ROOT))) not in inside
    ]
    assert not missing
    assert {name.partition("/")[0] for name in inside if ".dist-info/" not in name} == set(ROOMS)


def test_the_sdist_has_what_tests_and_recipes_need(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    for path in (
        "pyproject.toml",
        "environment.yml",
        "meta.yaml",
        "LICENSE",
        "tests/test_release.py",
        "docs/report.png",
    ):
        assert path in inside


def test_the_wheel_alone_runs_a_campaign_shows_it_and_exports_a_device(installed):
    folder, site, run, start = installed
    assert str(site) in run("python", "-c", "import solitons; print(solitons.__file__)")
    assert "engine native" in run("solitons", "doctor")
    (folder / "short.yaml").write_text(yaml.safe_dump(SHORT))
    assert "report.html" in run("solitons", "run", "short.yaml")
    report = folder / "store" / "campaigns" / "short" / "native" / "report.html"
    assert "One short run" in report.read_text()

    (saved,) = (site / "solitons" / "models" / "saved_devices").glob("wall.json")
    assert "Wrote" in run("solitons", "export", saved, "--to", "csv")
    (table,) = (folder / "exported").rglob("*.csv")
    assert "conductance" in table.read_text()

    page = start("solitons", "watch", "--store", "store", "--port", "0")
    try:
        assert page.stdout.readline().startswith("Watching store")
        with urllib.request.urlopen(page.stdout.readline().strip()) as answer:
            assert b"<!doctype html" in answer.read().lower()
    finally:
        page.terminate()
        page.wait()
