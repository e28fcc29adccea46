"""One run in a line: `simulate` computes it, or finds it in a store, and opens it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from runs.engines import get_engine
from runs.execution import execute
from runs.spec import RunSpec
from runs.store import open_run

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["simulate"]


def simulate(
    spec: RunSpec,
    store: str | Path | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> xr.Dataset:
    """Run a spec and return what happened.

    Parameters
    ----------
    spec : RunSpec
        Run, and its engine.
    store : str or pathlib.Path, optional
        Store of the run; if the run is there already it is only opened. Without a
        store the run stays in memory.
    progress : callable
        Called with the fraction that is done.

    Returns
    -------
    xarray.Dataset
        ``m (t, x, y, z, vdims)`` and the table's columns over ``t``; lazy if it
        comes from a store.

    Raises
    ------
    EngineNotFoundError, EngineFailedError
        If the engine is not installed or fails.
    StoreNotWritableError
        If the store cannot be written.

    Examples
    --------
    A film of a few cells that a field pulls to x, on the native engine, without a store:

    >>> from geometries import Stripe
    >>> from runs import ConstantField, Protocol
    >>> stripe = Stripe(length="16 nm", width="8 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"))
    >>> film = {"name": "film", "Ms": "600 kA/m", "A": "12 pJ/m", "Ku": "0.5 MJ/m^3", "alpha": 0.5}
    >>> pull = Protocol(steps=[ConstantField(amplitude=("2 MA/m", 0, 0), duration="20 ps")], sampling_interval="10 ps")
    >>> run = simulate(RunSpec(device=stripe, material=film, protocol=pull, engine="native"))
    >>> dict(run.m.sizes), bool(run.m.sel(vdims="x").isel(t=-1).min() > 0.5)
    ({'t': 3, 'x': 4, 'y': 2, 'z': 1, 'vdims': 3}, True)
    """
    if store is None:
        directory = Path(tempfile.mkdtemp(prefix="solitons-"))
        run = get_engine(spec.engine).simulate(spec, directory, progress)
        shutil.rmtree(directory, ignore_errors=True)
        return run
    (report,) = execute([spec], store, progress=lambda _run, fraction: progress(fraction))
    if report.outcome == "failed":
        from runs.engines import EngineFailedError

        raise EngineFailedError(report.note)
    return open_run(spec.run_id, store)
