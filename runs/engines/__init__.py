"""Engines: what turns a `RunSpec` into m(t).

An engine is a module with two functions and a third that it may have (see `Engine`), and an entry point of the group
``runs.engines`` with its name, the workbench's own among them::

    [project.entry-points."runs.engines"]
    fast = "my_lab.fast_engine"

OOMMF, through oommfc, is the reference; `native` is the embedded default where there is no
OOMMF. Nothing ever falls from one to the other unasked: `resolve` answers ``auto`` once,
before anything runs, and the answer becomes part of the run's id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from runs.engine_errors import EngineFailedError, EngineNotFoundError, WallTimeError
from runs.engine_registry import EngineChoice, EngineName, check_engine, engine_names, load_engine

if TYPE_CHECKING:
    import xarray as xr

    from runs.spec import RunSpec

__all__ = [
    "DEFAULT_LIMITS",
    "Engine",
    "EngineChoice",
    "EngineFailedError",
    "EngineName",
    "EngineNotFoundError",
    "Limits",
    "WallTimeError",
    "caution",
    "check_engine",
    "engine_names",
    "get_engine",
    "resolve",
]


_LEAST_MEMORY = 250_000_000


@dataclass(frozen=True)
class Limits:
    """Resources of an attempt at a run; no part of the run's id.

    Parameters
    ----------
    threads : int
        How many threads OOMMF has. The native engine has those that JAX takes.
    wall_time : float, optional
        How many seconds an attempt may take, relaxation included; None for no limit.
    memory : int, optional
        How many bytes each process of OOMMF may have, and a worker process of a sweep; None for no limit.

    Raises
    ------
    ValueError
        If one is not positive.

    Examples
    --------
    >>> Limits(threads=2, wall_time=3600)
    Limits(threads=2, wall_time=3600, memory=None)
    """

    threads: int = 1
    wall_time: float | None = None
    memory: int | None = None

    def __post_init__(self) -> None:
        if isinstance(self.threads, bool) or not isinstance(self.threads, int) or self.threads < 1:
            raise ValueError(f"threads = {self.threads!r} must be a whole number of at least 1")
        if self.wall_time is not None and not self.wall_time > 0:
            raise ValueError(f"wall_time = {self.wall_time!r} s must be greater than 0, or None for no limit")
        if self.memory is not None and (isinstance(self.memory, bool) or self.memory < _LEAST_MEMORY):
            raise ValueError(
                f"memory = {self.memory!r} must be at least {_LEAST_MEMORY} bytes, which the programs take by "
                "themselves, or None for no limit"
            )


DEFAULT_LIMITS = Limits()
"""One thread, and no limit in time."""


class Engine(Protocol):
    """Interface of an engine module.

    One that sets ``RUNS_ENSEMBLES = True`` takes specs with an ensemble, and returns the Dataset of
    `runs.dataset.ensemble_dataset` for them; to others no such spec is given.

    It may offer ``check(spec)`` too, which a `RunSpec` calls when it is made: it raises
    ValueError for a spec that the engine cannot run, naming the field, what the engine
    takes and the remedy, so that nothing is written for it. And it may offer ``caution()``: what a user must know
    before a run here, empty for nothing; `runs.execute` warns of it once, and ``solitons doctor`` shows it.
    """

    @staticmethod
    def version() -> str:
        """Version of the engine; raises `EngineNotFoundError` where it cannot run."""

    @staticmethod
    def simulate(
        spec: RunSpec, directory: Path, progress: Callable[[float], None], limits: Limits = DEFAULT_LIMITS
    ) -> xr.Dataset:
        """Run `spec` with scratch space in `directory`.

        `progress` is called with the fraction of the drive that is done. Returns the
        run Dataset of `runs.dataset`. Raises `EngineFailedError`, and `WallTimeError`
        at the limit.
        """


def get_engine(name: str) -> Engine:
    """Import the engine of this name; a ValueError as `load_engine`."""
    return cast(Engine, load_engine(name))


def caution(name: str) -> str:
    """Return what a user must know before a run by this engine here; empty for nothing."""
    say = getattr(get_engine(name), "caution", None)
    return "" if say is None else str(say())


def resolve(name: str) -> str:
    """Answer ``auto``: OOMMF where it is found, else native. Another name must be able to run.

    Raises
    ------
    EngineNotFoundError
        If an engine that was asked for by name cannot run here.
    ValueError
        If there is no such engine.

    Examples
    --------
    >>> resolve("native")
    'native'
    """
    if name != "auto":
        get_engine(name).version()
        return name
    try:
        get_engine("oommf").version()
    except EngineNotFoundError:
        return "native"
    return "oommf"
