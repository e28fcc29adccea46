"""Packages import their names when they are used: each must be there, and importing a package must be light."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from rows import rows

ROOT = Path(__file__).parents[1]
PACKAGES = ("geometries", "runs", "runs.reading", "analysis", "solitons", "solitons.spin_ice")


@rows("name", PACKAGES)
def test_every_name_is_there(name):
    package = importlib.import_module(name)
    stub = ast.parse((ROOT / name.replace(".", "/") / "__init__.pyi").read_text())
    (listed,) = (ast.literal_eval(node.value) for node in stub.body if isinstance(node, ast.Assign))
    assert sorted(listed) == sorted(package.__all__)
    for each in listed:
        assert getattr(package, each) is not None
    with pytest.raises(AttributeError):
        package.no_such_name  # noqa: B018


def test_importing_the_packages_imports_nothing_heavy():
    heavy = {"jax", "numba", "numpy", "xarray", "pint"}
    code = f"import {', '.join(PACKAGES)}, sys; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
