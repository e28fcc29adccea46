"""Plug-ins of installed packages: entry points, read from their metadata.

A package declares in its ``pyproject.toml`` what it adds to a group::

    [project.entry-points."geometries.devices"]
    ring = "my_lab.ring:Ring"

The workbench's own devices, engines and campaigns are declared in the same way. Nothing is
imported before it is asked for, so that a package that cannot be imported does not stop
the others.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

__all__ = ["Plugin", "PluginError", "get_plugin", "plugins"]


class PluginError(ValueError):
    """An entry point cannot be used; the message names it, its package and the remedy."""


@dataclass(frozen=True)
class Plugin:
    """Something that a package adds to a group of entry points, not imported yet.

    It has more than one entry point if several packages claim the name.
    """

    group: str
    name: str
    entry_points: tuple[EntryPoint, ...]

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages that it comes from, with their versions."""
        return tuple(_package(point) for point in self.entry_points)

    @property
    def entry_point(self) -> EntryPoint:
        """Where it is; a PluginError if several packages claim the name."""
        if len(self.entry_points) > 1:
            raise PluginError(
                f"{self.name!r} in the group {self.group!r} is claimed by {' and by '.join(self.packages)}; uninstall "
                "all but one of them, or rename the entry point"
            )
        return self.entry_points[0]

    def load(self) -> Any:
        """Import the object; a PluginError if several packages claim the name, or the import fails."""
        point = self.entry_point
        try:
            return _loaded(point, tuple(sys.path))
        except Exception as error:
            raise PluginError(
                f"{self.name!r} in the group {self.group!r}, {point.value} of the package {self.packages[0]}, cannot "
                f"be imported: {type(error).__name__}: {error}; mend the package, or uninstall it"
            ) from error


@cache
def _loaded(point: EntryPoint, path: tuple[str, ...]) -> Any:  # noqa: ARG001 - as in `_read`
    return point.load()


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "an unnamed package"


def plugins(group: str, *, may_be_none: bool = False) -> Mapping[str, Plugin]:
    """List what the installed packages add to a group, without importing it.

    Parameters
    ----------
    group : str
        The group of the entry points, such as "geometries.devices".
    may_be_none : bool
        Whether the workbench itself has nothing in it.

    Returns
    -------
    mapping of str to Plugin
        By name, in alphabetical order.

    Raises
    ------
    PluginError
        If there is nothing in the group, not even the workbench's own: its metadata are
        missing or older than its source.

    Examples
    --------
    >>> plugins("console_scripts")["solitons"].load().__name__
    'main'
    """
    # What is importable is part of the question: a path that is added later is looked at again.
    found = _read(group, tuple(sys.path))
    if not found and not may_be_none:
        raise PluginError(
            f"no installed package has entry points in the group {group!r}, not even the workbench itself, so that its "
            "metadata are missing or older than its source; install it again, such as by `pip install -e .`"
        )
    return found


@cache
def _read(group: str, path: tuple[str, ...]) -> Mapping[str, Plugin]:  # noqa: ARG001 - the cache's key
    claims: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=group):
        claims.setdefault(point.name, []).append(point)
    return MappingProxyType({name: Plugin(group, name, tuple(claims[name])) for name in sorted(claims)})


def get_plugin(group: str, name: str, what: str) -> Plugin:
    """Find one plug-in of a group, not imported yet; `what` the members are is for the error: "kind of device".

    A PluginError if there is none of this name; it proposes one and lists them all.
    """
    known = plugins(group)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}? There" if near else "there"
        raise PluginError(
            f"{name!r} is no {what}; {hint} are {', '.join(known)}; for another, install the package that adds it"
        )
    return known[name]
