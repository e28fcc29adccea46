"""Import paths of the version before, which are found for one version more and answered with the new one."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["OLD_NAMES"]

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
