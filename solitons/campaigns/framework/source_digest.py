"""The source that results follow from: what a kind of campaign imports, and nothing else.

Results are stale when the code that made them changed, whichever version it has. A change in the models of
skyrmions does not touch the results of domain walls.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from geometries.plugins import plugins

__all__ = ["files_of_source", "source_digest"]

_OURS = ("geometries", "runs", "analysis", "solitons")
_HOME = Path(__file__).parents[3]
_WORKFLOW = "solitons.campaigns.framework.workflow"
# Who imports the first takes whatever the entry points of the second name.
_ANNOUNCED = {
    "analysis.observables": "analysis.observables",
    "solitons.models.loading": "solitons.models",
}
_IMPORT = re.compile(r"^[ ]*(?:from ([\w.]+) import (\([^)]*\)|[^\n]*)|import ([^\n#]+))", re.MULTILINE)
_SOURCE = {".py", ".md", ".jinja"}


def source_digest(classes: frozenset[type]) -> str:
    """SHA-256 of the source that classes, such as a kind's and its devices', import; of other packages all of it."""
    digest = hashlib.sha256()
    for path in _files(classes):
        # Code is imported once; a text is read whenever a report is made.
        content = _code(path) if path.suffix == ".py" else path.read_bytes()
        digest.update(path.name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


@cache
def _files(classes: frozenset[type]) -> tuple[Path, ...]:
    return tuple(files_of_source(classes))


@cache
def _code(path: Path) -> bytes:
    return path.read_bytes()


def files_of_source(classes: Iterable[type]) -> list[Path]:
    """Files with the source that classes import, in order; of packages other than the workbench all files."""
    found: dict[str, list[Path]] = {}
    modules = [each.__module__ for each in classes]
    # The analysis beside a class is found by its place.
    waiting = [_WORKFLOW, *modules, *(f"{name.rpartition('.')[0]}.analysis" for name in modules if "." in name)]
    while waiting:
        name = waiting.pop()
        name = name if name.partition(".")[0] in _OURS else name.partition(".")[0]
        if name in found:
            continue
        found[name] = list(_files_of(name))
        for path in found[name]:
            if path.suffix == ".py":
                waiting += _imported_in(path.read_text("utf-8"))
        waiting.append(name.rpartition(".")[0] or name)
        if group := _ANNOUNCED.get(name):
            waiting += [plugin.entry_point.module for plugin in plugins(group).values()]
    sources = {path for files in found.values() for path in files}
    reports = {
        each for folder in {path.parent for path in sources} for each in folder.glob("*.md") if each.name != "page.md"
    }
    templates = (Path(__file__).parent / "templates").iterdir()
    return sorted({*templates, *sources, *reports})


def _files_of(name: str) -> Iterator[Path]:
    """The file of a module of the workbench; of another package all files, also of one without an `__init__.py`."""
    if name.partition(".")[0] in _OURS:
        path = _file_of(name)
        yield from () if path is None else (path,)
        return
    found = sys.modules[name] if name in sys.modules else find_spec(name)
    folders = getattr(found, "__path__", None) or getattr(found, "submodule_search_locations", None) or ()
    for folder in folders:
        yield from (each for each in Path(folder).rglob("*") if each.suffix in _SOURCE)
    file = getattr(found, "__file__", None) or getattr(found, "origin", None)
    if file is not None and not folders:
        yield Path(file)


def _file_of(name: str) -> Path | None:
    """The file of a module of the workbench, which is looked for and not imported; None for a name in a module."""
    place = _HOME.joinpath(*name.split("."))
    return next((each for each in (place / "__init__.py", place.with_suffix(".py")) if each.is_file()), None)


def _imported_in(source: str) -> Iterator[str]:
    """The workbench's modules that a text imports, within functions too."""
    for module, names, whole in _IMPORT.findall(source):
        if whole:
            names = (each.split()[0] for each in whole.split(",") if each.strip())
            yield from (each for each in names if each.partition(".")[0] in _OURS)
        else:
            yield from _behind(module, re.findall(r"\w+", names))


def _behind(module: str, names: Iterable[str]) -> Iterator[str]:
    """A module, and for names of a package that are imported when they are used, the modules they stand for."""
    if module.partition(".")[0] not in _OURS:
        return
    yield module
    lazy = _lazy_names(module)
    for name in names:
        yield lazy.get(name, f"{module}.{name}")


@cache
def _lazy_names(package: str) -> dict[str, str]:
    path = _file_of(package)
    stub = path.with_suffix(".pyi") if path is not None and path.name == "__init__.py" else None
    if stub is None or not stub.is_file():
        return {}
    relative = re.findall(r"^from \.([\w.]*) import (\([^)]*\)|[^\n]*)", stub.read_text("utf-8"), re.MULTILINE)
    return {
        name: f"{package}.{module}" if module else f"{package}.{name}"
        for module, names in relative
        for name in re.findall(r"\w+", names)
    }
