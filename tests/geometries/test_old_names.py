"""Import paths of the version before."""

import importlib
import subprocess
import sys

import pytest

from geometries.old_names import OLD_NAMES


@pytest.mark.parametrize("old", sorted(OLD_NAMES))
def test_an_old_name_is_the_new_one(old, monkeypatch):
    monkeypatch.delitem(sys.modules, old, raising=False)
    new = importlib.import_module(OLD_NAMES[old])
    spec = new.__spec__
    with pytest.warns(FutureWarning, match=f"{old} is now {OLD_NAMES[old]}"):
        assert importlib.import_module(old) is new
    assert new.__spec__ is spec


def test_a_script_of_the_version_before_runs():
    script = "from solitons.walls import WallDynamics\nimport solitons.walls.synapse\nprint(WallDynamics)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "<class 'solitons.domain_walls.wall_dynamics.WallDynamics'>\n"
    assert "solitons.walls is now solitons.domain_walls" in ran.stderr


def test_what_never_was_is_not_found():
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("solitons.wall")


@pytest.mark.parametrize(
    ("package", "name", "module"),
    [
        ("geometries", "PinwheelLattice", "geometries.spin_ice.lattices"),
        ("geometries", "AnyTerminal", "geometries.terminals"),
        ("geometries.domain_walls", "Stripe", "geometries.domain_walls.device"),
        ("geometries.junctions", "Barrier", "geometries.junctions.barrier"),
        ("solitons.energy", "SAR_8_BIT", "solitons.energy.converters"),
    ],
)
def test_a_name_that_left_a_package_is_found_in_its_module(package, name, module):
    vars(importlib.import_module(package)).pop(name, None)
    with pytest.warns(FutureWarning, match=f"{name}: write from {module} import {name};") as told:
        found = getattr(importlib.import_module(package), name)
    assert found is getattr(importlib.import_module(module), name)
    assert len(told) == 1
    assert getattr(importlib.import_module(package), name) is found  # without another word


def test_what_no_module_defines_is_not_found():
    with pytest.raises(ImportError):
        from analysis import nothing_of_that_name
    with pytest.raises(ImportError):
        from geometries.domain_walls import nothing_of_that_name  # noqa: F401


def test_a_module_is_no_old_name_of_the_function_in_it():
    code = "from solitons.spin_ice import fitted_rotation\nprint(type(fitted_rotation).__name__)"
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "module\n"
