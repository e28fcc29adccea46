"""Drive directories as oommfc writes them, so that micromagneticdata and other ubermag tools open them."""

import datetime
import importlib.metadata
import json
import math
import pathlib
import shutil
from typing import Any

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pandas as pd

UNITS = {
    "t": "s",
    "iteration": "",
    "E": "J",
    "mx": "",
    "my": "",
    "mz": "",
    "max_dmdt": "deg/ns",
    "max_mxHxm": "A/m",
    "evaluations": "",
}
"""Units of every column that a driver writes."""
ODT_NAMES = {
    "t": "TimeDriver::Simulation time",
    "iteration": "MinDriver::Iteration",
    "E": "RungeKuttaEvolve::Total energy",
    "mx": "{driver}::mx",
    "my": "{driver}::my",
    "mz": "{driver}::mz",
    "max_dmdt": "EulerEvolve:evolver:Max dm/dt",
    "max_mxHxm": "CGEvolve::Max mxHxm",
    "evaluations": "evaluations",
}
"""Column names for which ubermagtable knows the short ones."""
REPRESENTATIONS = ("bin8", "bin4", "txt")


def new_directory(system: mm.System, dirname: str, kind: str, append: bool) -> pathlib.Path:
    """Make `dirname/system.name/kind-N` with the next free N and set the system's number to it.

    Raises
    ------
    FileExistsError
        The system's directory exists and `append` is false.
    """
    base = pathlib.Path(dirname, system.name)
    if base.exists() and not append:
        raise FileExistsError(f"directory {base} already exists; pass append=True to add to it")
    taken = [int(path.name.rsplit("-", 1)[1]) for path in base.glob(f"{kind}-*")]
    number = max(taken, default=-1) + 1
    setattr(system, f"{kind}_number", number)
    directory = base / f"{kind}-{number}"
    directory.mkdir(parents=True)
    return directory


def check_representation(ovf_format: str) -> None:
    """Raise for an OVF format that cannot be written.

    Raises
    ------
    ValueError
        `ovf_format` is none of "bin8", "bin4" and "txt".
    """
    if ovf_format not in REPRESENTATIONS:
        raise ValueError(f"ovf_format={ovf_format!r} is not supported; use one of {', '.join(REPRESENTATIONS)}")


def write_information(
    directory: pathlib.Path, driver: str, number: int, start: datetime.datetime, arguments: dict[str, Any]
) -> None:
    """Write `info.json` before the run, without a result."""
    information = {
        "drive_number": number,
        "date": start.strftime("%Y-%m-%d"),
        "time": start.strftime("%H:%M:%S"),
        "start_time": start.isoformat(timespec="seconds"),
        "adapter": "runs.native",
        "adapter_version": importlib.metadata.version("soliton-workbench"),
        "driver": driver,
        **arguments,
    }
    (directory / "info.json").write_text(json.dumps(information), encoding="utf-8")


def finish_information(directory: pathlib.Path, start: datetime.datetime, success: bool) -> None:
    """Add to `info.json` when the run ended and whether it succeeded."""
    path = directory / "info.json"
    information = json.loads(path.read_text(encoding="utf-8"))
    end = datetime.datetime.now()
    hours, rest = divmod(math.ceil((end - start).total_seconds()), 3600)
    minutes, seconds = divmod(rest, 60)
    information["end_time"] = end.isoformat(timespec="seconds")
    information["elapsed_time"] = f"{hours:02}:{minutes:02}:{seconds:02}"
    information["success"] = success
    path.write_text(json.dumps(information), encoding="utf-8")


def write_frames(
    directory: pathlib.Path,
    system: mm.System,
    driver: str,
    frames: np.ndarray,
    table: pd.DataFrame,
    ovf_format: str,
) -> None:
    """Write magnetisation files (nt, nx, ny, nz, 3) and the `.odt` table, one row a frame."""
    saturation = system.m.norm.array
    for index, (frame, evaluations) in enumerate(zip(frames, table.iloc[:, -1], strict=True)):
        field = df.Field(system.m.mesh, nvdim=3, value=np.nan_to_num(frame) * saturation, unit=system.m.unit)
        name = f"{system.name}-Oxs_{driver}-Magnetization-{index:02d}-{int(evaluations):07d}.omf"
        field.to_file(str(directory / name), representation=ovf_format)
    write_table(directory / f"{system.name}.odt", driver, table)


def write_table(path: pathlib.Path, driver: str, table: pd.DataFrame) -> None:
    """Write a table in OOMMF's ODT 1.0 text format."""
    names = " ".join("{Oxs_" + ODT_NAMES[column].format(driver=driver) + "}" for column in table.columns)
    units = " ".join(UNITS[column] or "{}" for column in table.columns)
    lines = [
        "# ODT 1.0",
        "# Table Start",
        f"# Title: {path.stem}",
        f"# Columns: {names}",
        f"# Units: {units}",
    ]
    lines += [" ".join(f"{value:.17g}" for value in row) for row in table.to_numpy(dtype=float)]
    path.write_text("\n".join([*lines, "# Table End"]) + "\n", encoding="utf-8")


def delete(system: mm.System, /, silent: bool = False) -> None:
    """Delete a system's directory in the working directory, with every drive in it.

    Parameters
    ----------
    system : micromagneticmodel.System
    silent : bool
        Whether it is no error that there is none.

    Raises
    ------
    FileNotFoundError
        There is no such directory.
    """
    directory = pathlib.Path(system.name)
    if directory.exists():
        shutil.rmtree(directory)
        system.drive_number = 0
    elif not silent:
        raise FileNotFoundError(f"directory {directory} does not exist; pass silent=True to ignore that")
