"""OOMMF through oommfc: the reference engine.

oommfc writes the input, `runs.mif` checks it, and OOMMF runs it as one drive in a private directory, with a host
server and processes of its own that end with the run whatever happens (`runs.engines.oommf_process`). A run is
done when all of its output is there and finite (`runs.engines.oommf_output`). One that was interrupted after a
checkpoint goes on from it (`runs.engines.oommf_restart`).
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from importlib.metadata import version as distribution_version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from runs.dataset import run_dataset
from runs.engines import DEFAULT_LIMITS, EngineNotFoundError, Limits, oommf_isolation
from runs.engines.memory import check_run
from runs.engines.oommf_isolation import oommf_here
from runs.engines.oommf_limits import check
from runs.engines.oommf_output import threads_used
from runs.engines.oommf_process import OommfProcesses
from runs.engines.oommf_restart import CHECKPOINT_INTERVAL, Resumable, read_record
from runs.system import build_system

if TYPE_CHECKING:
    import xarray as xr

    from runs.engines.oommf_drive import Attempt
    from runs.spec import RunSpec

__all__ = ["caution", "check", "command", "simulate", "version"]


def command() -> tuple[str, ...]:
    """How OOMMF is started here: by ``OOMMFTCL``, else by ``oommf`` on the path; else an EngineNotFoundError."""
    script = os.environ.get("OOMMFTCL")
    if script:
        if not Path(script).is_file():
            raise EngineNotFoundError(f"OOMMFTCL names {script!r}, which is no file; {_REMEDY}")
        tclsh = shutil.which("tclsh")
        if tclsh is None:
            raise EngineNotFoundError(f"OOMMFTCL is set, but there is no 'tclsh' on the path; {_REMEDY}")
        return tclsh, script
    executable = shutil.which("oommf")
    if executable is None:
        raise EngineNotFoundError(
            f"engine 'oommf' is not installed: OOMMFTCL is not set and there is no 'oommf' on the path; {_REMEDY}"
        )
    return (executable,)


BYTES, BYTES_OF_FRAME = 900, 36
"""For a cell of the mesh, half of them OOMMF's; and in a frame: as it was read, and with the others."""
_REMEDY = (
    "install it with 'conda install -c conda-forge oommf', or set OOMMFTCL to the path of oommf.tcl, or use "
    "'--engine native'"
)


def version() -> str:
    """Version of OOMMF and of oommfc; an EngineNotFoundError if OOMMF is not there, or is there and refuses to run."""
    oommf = command()
    here = oommf_here(oommf)
    if not here.version:
        root = (
            "OOMMF does not run as root: use an ordinary account. "
            if hasattr(os, "geteuid") and os.geteuid() == 0
            else ""
        )
        raise EngineNotFoundError(f"{' '.join(oommf)} does not run: {here.said}. {root}Or use '--engine native'")
    return f"{here.version} (oommfc {distribution_version('oommfc')})"


def caution() -> str:
    """Return what a user of a shared machine must know before a run; empty where others are kept out of it."""
    return oommf_isolation.caution(command())


def simulate(
    spec: RunSpec, directory: Path, progress: Callable[[float], None], limits: Limits = DEFAULT_LIMITS
) -> xr.Dataset:
    """Relax the spec's system and run its whole protocol as one drive, in time or in field steps.

    In a directory that holds the checkpoint of an interrupted attempt at the same run by the same version of OOMMF it
    goes on from there. `progress.json` in the directory has how far it is. The Dataset (`runs.dataset`) has the
    attributes ``threads`` and ``resumed``, how many times it was gone on with, too. Errors are an EngineNotFoundError;
    a ModelLostError, where OOMMF would run another model than was asked for; a WallTimeError; and an EngineFailedError,
    where OOMMF failed, or its output is not complete and finite.
    """
    # It takes seconds to import, and the version needs no import.
    from runs.engines.oommf_drive import Attempt

    check_run(spec, BYTES, BYTES_OF_FRAME)
    directory, steps = directory.absolute(), spec.protocol.rest_fields
    kept = read_record(directory, spec.run_id, version())
    with OommfProcesses(command(), spec.run_id, limits.memory) as processes:
        attempt = Attempt(spec.run_id, directory, progress, limits, processes, time.monotonic())
        if steps is None:
            m, energy, kept = _in_time(attempt, spec, kept)
        else:
            m, energy, kept = _in_field_steps(attempt, spec, steps, kept)
    progress(1.0)
    provenance: dict[str, str | int] = {
        "engine": "oommf",
        "engine_version": kept.engine_version,
        "threads": threads_used(directory / "drive") or limits.threads,
        "resumed": kept.resumed,
    }
    return run_dataset(spec, m, energy, provenance)


Frames = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], Resumable]


def _in_time(attempt: Attempt, spec: RunSpec, kept: Resumable) -> Frames:
    import oommfc as oc

    from runs.engines.oommf_drive import OommfDrive, run_drive

    initial, start_energy = build_system(spec, drive=False), np.nan
    if spec.protocol.relaxes:
        # The way that a minimiser takes is part of its result where there are several minima: no checkpoints.
        relax = oc.MinDriver(stopping_mxHxm=spec.numerics.stopping_torque, checkpoint_interval=-1)
        m, table, kept = run_drive(attempt, OommfDrive("relax", initial, relax), kept)
        initial.m.array, start_energy = m[-1], float(table["E"][0])
    system = build_system(spec, drive=True, time_dependence="tcl")
    system.m.array = initial.m.array
    driver = oc.TimeDriver(checkpoint_interval=CHECKPOINT_INTERVAL / 60)
    m, table, kept = run_drive(
        attempt, OommfDrive("drive", system, driver, times=spec.protocol.frames().values[1:]), kept
    )
    return m, np.concatenate([[start_energy], table["E"].values]), kept


def _in_field_steps(attempt: Attempt, spec: RunSpec, fields: npt.NDArray[np.float64], kept: Resumable) -> Frames:
    import oommfc as oc

    from runs.engines.oommf_drive import OommfDrive, run_drive

    system = build_system(spec, drive=True, time_dependence="tcl")
    # Fletcher and Reeves' method, the default, took five times as many evaluations on a disordered ice of 24 islands.
    evolver = oc.CGEvolver(method="Polak-Ribiere")
    driver = oc.HysteresisDriver(evolver=evolver, stopping_mxHxm=spec.numerics.stopping_torque, checkpoint_interval=-1)
    m, table, kept = run_drive(attempt, OommfDrive("drive", system, driver, fields=fields), kept)
    return m[1:], table["E"].values, kept
