"""No module imports, by way of others, itself: not for types and not in a function either."""

import ast
from pathlib import Path

import numpy as np
import pytest
from rows import rows
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

ROOT = Path(__file__).parents[1]
PACKAGES = ("geometries", "runs", "analysis", "solitons")


def dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources():
    return {dotted(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}


def base_of(statement, module, is_package):
    """The module that a ``from`` statement names, relative ones included."""
    if not statement.level:
        return statement.module
    parts = module.split(".")
    up = statement.level - is_package
    return ".".join([*parts[: len(parts) - up], *([statement.module] if statement.module else [])])


def lazy_names(modules):
    """Where the names of packages that import them when they are used come from."""
    found = {}
    for module, path in modules.items():
        stub = path.with_suffix(".pyi")
        if path.name == "__init__.py" and stub.exists():
            for statement in ast.walk(ast.parse(stub.read_text())):
                if isinstance(statement, ast.ImportFrom):
                    base = base_of(statement, module, True)
                    found |= {(module, name.asname or name.name): (base, name.name) for name in statement.names}
    return found


def imports_of(module, path, modules, lazy):
    for statement in ast.walk(ast.parse(path.read_text())):
        if isinstance(statement, ast.Import):
            names = [name.name for name in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            base = base_of(statement, module, path.name == "__init__.py")
            names = []
            for name in statement.names:
                place, wanted = base, name.name
                while (place, wanted) in lazy:
                    place, wanted = lazy[place, wanted]
                names.append(f"{place}.{wanted}" if f"{place}.{wanted}" in modules else place)
        else:
            continue
        yield from (name for name in names if name in modules and name != module)


def circles(edges):
    """Sets of modules that all import each other, by way of others."""
    names = sorted({name for edge in edges for name in edge})
    number = {name: index for index, name in enumerate(names)}
    ends = np.array([[number[one], number[other]] for one, other in edges]).T
    graph = coo_array((np.ones(ends.shape[1]), tuple(ends)), shape=(len(names), len(names)))
    _, group = connected_components(graph, connection="strong")
    members = [[names[index] for index in np.flatnonzero(group == each)] for each in np.unique(group)]
    return [circle for circle in members if len(circle) > 1]


def test_a_circle_is_found():
    assert circles([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]) == [["a", "b", "c"]]


@pytest.fixture(scope="module")
def edges():
    modules = sources()
    lazy = lazy_names(modules)
    return [(module, other) for module, path in modules.items() for other in imports_of(module, path, modules, lazy)]


@pytest.mark.slow
def test_imports_are_found_wherever_they_are(edges):
    # In a function, through a lazy name, and for types only.
    assert ("geometries.domain_walls.device", "geometries.outlines.profile") in edges
    assert ("runs.spec", "geometries.devices") in edges
    assert ("geometries.drawing", "geometries.parts") in edges


@rows("package", PACKAGES)
def test_no_import_goes_in_a_circle(edges, package):
    within = [edge for edge in edges if all(name.split(".")[0] == package for name in edge)]
    assert circles(within) == []
