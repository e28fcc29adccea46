"""environment.yml and pyproject.toml ask for the same packages; the packaging names what is there."""

import re
import tomllib
from pathlib import Path

import jinja2
import pytest
import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
# The conda package that has no display in it; the same code.
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
# Only conda has OOMMF; pip and python are conda's own; the build back end comes with pip's editable install.
CONDA_ONLY = {"python", "oommf", "pip"}


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def conda():
    entries = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    return dict(re.match(r"([\w.-]+)\s*(.*)", entry).groups() for entry in entries if isinstance(entry, str))


def requirements(lines):
    return dict(re.match(r"([\w.-]+)\s*(.*)", line).groups() for line in lines)


def test_the_two_agree_package_by_package(project, conda):
    groups = project["dependency-groups"]
    pip = requirements([*project["project"]["dependencies"], *groups["test"], *groups["lint"]])
    mine = {CONDA_NAMES.get(name, name): bound for name, bound in conda.items() if name not in CONDA_ONLY}
    assert mine == pip


def test_the_python_versions_agree(project, conda):
    assert conda["python"] == project["project"]["requires-python"]


def test_conda_brings_oommf(conda):
    assert "oommf" in conda


def test_the_recipe_asks_for_the_same_packages(project, conda):
    def load_file_data(name, from_recipe_dir):
        assert from_recipe_dir
        return tomllib.loads((ROOT / name).read_text())

    text = jinja2.Template((ROOT / "meta.yaml").read_text()).render(load_file_data=load_file_data, PYTHON="python")
    recipe = yaml.safe_load(text)
    tests = requirements([*project["dependency-groups"]["test"], *project["dependency-groups"]["lint"]])
    expected = {name: bound for name, bound in conda.items() if name not in {*tests, "pip"}}
    assert requirements(recipe["requirements"]["run"]) == expected
    assert str(recipe["package"]["version"]) == project["project"]["version"]


def test_every_dependency_is_locked(project):
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    groups = project["dependency-groups"]
    grouped = [line for group in groups.values() for line in group]
    asked = requirements([*project["project"]["dependencies"], *grouped])
    assert {name.lower() for name in asked} <= locked


def test_the_lock_is_within_the_bounds(project):
    # A package may be there in several versions, each for some Pythons.
    locked = re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    groups = project["dependency-groups"]
    asked = requirements([*project["project"]["dependencies"], *(line for group in groups.values() for line in group)])
    outside = [
        f"{name} {number}, but {asked[wanted]} is asked for"
        for wanted in asked
        for name, number in locked
        if name == wanted.lower() and number not in SpecifierSet(asked[wanted])
    ]
    assert not outside, f"'make lock' resolves again: {outside}"


def test_every_dependency_is_explained(project):
    design = (ROOT / "DESIGN.md").read_text()
    missing = [name for name in requirements(project["project"]["dependencies"]) if f"`{name}`" not in design]
    assert not missing, f"DESIGN.md does not say what these are for: {missing}"


def test_the_four_rooms_are_packaged(project):
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert packages == ["geometries", "runs", "analysis", "solitons"]
    assert all((ROOT / name / "__init__.py").is_file() for name in packages)


def test_the_recipe_for_conda_forge_asks_for_the_same(project):
    recipe = yaml.safe_load((ROOT / "recipe.yaml").read_text())
    run = requirements(recipe["requirements"]["run"])
    python, _ = run.pop("python"), run.pop("oommf")
    assert {CONDA_NAMES.get(name, name): bound for name, bound in run.items()} == requirements(
        project["project"]["dependencies"]
    )
    lowest = recipe["context"]["python_min"]
    assert python.replace("${{ python_min }}", lowest) == project["project"]["requires-python"]
    assert recipe["context"]["version"] == project["project"]["version"]
    assert recipe["build"]["python"]["entry_points"] == [f"solitons = {project['project']['scripts']['solitons']}"]
