"""Names of the version before, which are found for one version more and answered with the new one."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import lazy_loader

__all__ = ["OLD_NAMES", "lazy_names", "names_of_modules"]

OLD_NAMES = {
    "analysis.logic": "analysis.magnet_logic",
    "geometries.magnet_array": "geometries.magnet_logic",
    "geometries.pillar": "geometries.junctions",
    "geometries.skyrmion_track": "geometries.skyrmions",
    "geometries.stripe": "geometries.domain_walls",
    "solitons.campaigns.base": "solitons.campaigns.framework.base",
    "solitons.campaigns.page": "solitons.campaigns.framework.page",
    "solitons.campaigns.results": "solitons.campaigns.framework.results",
    "solitons.verdict": "solitons.fits.verdict",
    "solitons.walls": "solitons.domain_walls",
}
"""Packages and modules that pages named, by their old names."""

_Lazy = tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]


def lazy_names(package: str, file: str) -> _Lazy:
    """Attach the names of a package's stub, to be imported when they are first used, and `names_of_modules`."""
    attached, listed, names = lazy_loader.attach_stub(package, file)
    in_modules = names_of_modules(package, file)

    def found(name: str) -> Any:
        try:
            return attached(name)
        except AttributeError:
            return in_modules(name)

    return found, listed, names


def names_of_modules(package: str, file: str) -> Callable[[str], Any]:
    """Find names that a package no longer gives, but one of its modules, with a warning that names the module."""

    def found(name: str) -> Any:
        folder = Path(file).parent
        is_module = (folder / name).is_dir() or (folder / f"{name}.py").is_file()
        module = None if name.startswith("_") or is_module else _module_that_defines(package, folder, name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        new = f"write from {module} import {name}"
        warnings.warn(f"{package}.{name}: {new}; this goes with the next version", FutureWarning, stacklevel=2)
        value = getattr(import_module(module), name)
        setattr(sys.modules[package], name, value)  # an import asks twice
        return value

    return found


def _module_that_defines(package: str, folder: Path, name: str) -> str | None:
    definition = re.compile(rf"^(?:(?:def|class) {re.escape(name)}\b|{re.escape(name)}(?:: [^=\n]+)? = )", re.MULTILINE)
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text("utf-8")
        if f'"{name}"' in text and definition.search(text):  # in its __all__
            return ".".join((package, *path.relative_to(folder).with_suffix("").parts))
    return None


class _OldNames(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        package = ".".join(fullname.split(".")[:2])
        old = next((each for each in (fullname, package) if each in OLD_NAMES), None)
        if old is None:
            return None
        new = OLD_NAMES[old] + fullname[len(old) :]
        warnings.warn(f"{fullname} is now {new}; the old name goes with the next version", FutureWarning, stacklevel=2)
        return ModuleSpec(fullname, _Renamed(new))


class _Renamed(Loader):
    def __init__(self, new: str) -> None:
        self.new = new

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        del spec
        module = import_module(self.new)
        self.spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The import system has given the module the old name's spec.
        module.__spec__ = self.spec


sys.meta_path.append(_OldNames())
