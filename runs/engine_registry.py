"""Registry of installed engines: names that a spec checks without knowing what an engine does."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator

from geometries.plugins import PluginError, get_plugin, plugins

__all__ = ["EngineChoice", "EngineName", "check_engine", "engine_names", "ensemble_engine", "load_engine"]

_GROUP = "runs.engines"


def engine_names() -> tuple[str, ...]:
    """List the engines that are installed, in alphabetical order; whether they can run here is another question."""
    return tuple(plugins(_GROUP))


def check_engine(name: str) -> str:
    """Return the name of an engine; a ValueError, which lists those there are, if there is none of this name."""
    get_plugin(_GROUP, name, "engine")
    return name


def _check_choice(name: str) -> str:
    return name if name == "auto" else check_engine(name)


EngineName = Annotated[str, AfterValidator(check_engine)]
"""A field that names an engine."""
EngineChoice = Annotated[str, AfterValidator(_check_choice)]
"""A field that names an engine or is ``auto``."""


def load_engine(name: str) -> Any:
    """Import an engine's module, which offers what `runs.engines.Engine` lists.

    A ValueError if there is none, several packages claim the name, or its module cannot be imported or is no engine.
    """
    plugin = get_plugin(_GROUP, name, "engine")
    engine = plugin.load()
    missing = [function for function in ("version", "simulate") if not callable(getattr(engine, function, None))]
    if missing:
        raise PluginError(
            f"engine {name!r}, {plugin.entry_points[0].value} of the package {plugin.packages[0]}, has no function "
            f"{' and no function '.join(missing)}; see runs.engines.Engine for what an engine offers"
        )
    return engine


def ensemble_engine(name: str) -> str:
    """Name the engine that computes ensembles for an engine: itself if it takes them, else the native one."""
    return name if getattr(load_engine(name), "RUNS_ENSEMBLES", False) else "native"
